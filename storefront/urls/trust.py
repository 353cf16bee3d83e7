"""The doors of trust: checking a poster, complaining and being answered, what is promised, opening a bank app."""

from django.urls import path

from storefront.views import checking, complaints, paying_ways, policies
from storefront.views.desk import complaints as desk_complaints
from storefront.views.desk import terms as desk_terms

urlpatterns = [
    path("check/", checking.check, name="check"),
    path("complaints/", complaints.new, name="complaints"),
    path("complaints/<str:token>/", complaints.complaint, name="complaint"),
    path("complaints/<str:token>/say/", complaints.say, name="complaint-say"),
    path("policies/", policies.index, name="policies"),
    path("policies/<str:which>/", policies.policy, name="policy"),
    path("pay/<str:code>/app/", paying_ways.app, name="pay-app"),
    path("o/<str:token>/pay-by/", paying_ways.pay_by, name="order-pay-by"),
    path("desk/complaints/", desk_complaints.complaints, name="desk-complaints"),
    path("desk/complaints/<str:number>/", desk_complaints.complaint, name="desk-complaint"),
    path("desk/complaints/<str:number>/answer/", desk_complaints.answer, name="desk-complaint-answer"),
    path("desk/complaints/<str:number>/close/", desk_complaints.close, name="desk-complaint-close"),
    path("desk/terms/", desk_terms.terms, name="desk-terms"),
    path("desk/terms/promises/", desk_terms.promise, name="desk-promises"),
    path("desk/terms/bank-links/", desk_terms.bank_links, name="desk-bank-links"),
]
