"""The doors of a biller's desk: runs, bills, fee items, statements."""

from django.urls import path

from storefront.views.biller import fees, home

urlpatterns = [
    path("biller/", home.home, name="biller"),
    path("biller/fees/", fees.fees, name="biller-fees"),
    path("biller/fees/new/", fees.fee_new, name="biller-fee-new"),
    path("biller/fees/<int:item_id>/", fees.fee, name="biller-fee"),
    path("biller/fees/<int:item_id>/change/", fees.fee_change, name="biller-fee-change"),
    path("biller/fees/<int:item_id>/rate/", fees.rate_set, name="biller-rate"),
    path("biller/fees/<int:item_id>/end/", fees.fee_end, name="biller-fee-end"),
    path("biller/fees/<int:item_id>/move/", fees.fee_move, name="biller-fee-move"),
    path("biller/groups/", fees.group, name="biller-group"),
    path("biller/settings/", fees.decided, name="biller-decided"),
]
