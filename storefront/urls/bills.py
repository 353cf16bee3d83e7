"""Households and parents: finding bills, paying them, receipts; the public price list."""

from django.urls import path

from storefront.views.bills import household, looking_up, prices

urlpatterns = [
    path("bills/", looking_up.look_up, name="bills"),
    path("bills/forget/", looking_up.forget, name="bills-forget"),
    path("bills/of/<slug:slug>/", prices.prices, name="bills-prices"),
    path("bills/one/<str:code>/", household.one, name="bills-one"),
    path("bills/h/<str:token>/", household.household, name="bills-household"),
    path("bills/h/<str:token>/pay/", household.pay, name="bills-pay"),
    path("bills/h/<str:token>/add/", household.add, name="bills-add"),
    path("bills/h/<str:token>/remove/", household.remove, name="bills-remove"),
    path("bills/h/<str:token>/receipt/<int:bill_id>/", household.receipt, name="bills-receipt"),
]
