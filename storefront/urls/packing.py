"""Doors of packing, labels, and of the page behind a label."""

from django.urls import path

from storefront.views import lots
from storefront.views.desk import packing

urlpatterns = [
    path("lo/<str:trace>/", lots.lot, name="lot"),
    path("desk/packing/", packing.packing, name="desk-packing"),
    path("desk/packing/fetch.pdf", packing.sheet, {"which": "fetch"}, name="desk-packing-fetch"),
    path("desk/packing/pack.pdf", packing.sheet, {"which": "pack"}, name="desk-packing-pack"),
    path("desk/orders/<str:number>/weigh/", packing.weigh, name="desk-order-weigh"),
    path("desk/labels/", packing.label_lots, name="desk-labels"),
    path("desk/labels/<int:lot_id>/label.pdf", packing.lot_labels, name="desk-lot-labels"),
    path("desk/goods/<int:product_id>/label/", packing.label, name="desk-label"),
]
