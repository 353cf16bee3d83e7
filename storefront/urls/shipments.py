"""The doors of parcels: making one out, what becomes of it, and the carriers that fetch them."""

from django.urls import path

from storefront.views import parcel_received
from storefront.views.desk import (
    carriers,
    making_good,
    shipment_deeds,
    shipment_endings,
    shipment_new,
    shipments,
)

urlpatterns = [
    path("o/<str:token>/received/", parcel_received.received, name="order-received"),
    path("desk/orders/<str:number>/ship/", shipment_new.new, name="desk-order-ship"),
    path("desk/shipments/", shipments.shipments, name="desk-shipments"),
    path("desk/shipments/<int:shipment_id>/", shipments.shipment, name="desk-shipment"),
    path("desk/shipments/<int:shipment_id>/photo.jpg", shipments.photo, name="desk-shipment-photo"),
    path("desk/shipments/<int:shipment_id>/send/", shipment_deeds.send, name="desk-shipment-send"),
    path("desk/shipments/<int:shipment_id>/delivered/", shipment_deeds.delivered, name="desk-shipment-delivered"),
    path("desk/shipments/<int:shipment_id>/failed/", shipment_deeds.failed, name="desk-shipment-failed"),
    path("desk/shipments/<int:shipment_id>/coming-back/", shipment_deeds.coming_back, name="desk-shipment-coming-back"),
    path("desk/shipments/<int:shipment_id>/back/", shipment_deeds.back, name="desk-shipment-back"),
    path("desk/shipments/<int:shipment_id>/lost/", shipment_deeds.lost, name="desk-shipment-lost"),
    path("desk/shipments/<int:shipment_id>/found/", shipment_endings.found_again_here, name="desk-shipment-found"),
    path(
        "desk/shipments/<int:shipment_id>/carriage/", shipment_endings.correct_carriage, name="desk-shipment-carriage"
    ),
    path("desk/orders/<str:number>/goodwill/", making_good.goodwill, name="desk-order-goodwill"),
    path("desk/made-good/<int:made_good_id>/undo/", making_good.undo, name="desk-made-good-undo"),
    path("desk/shipments/<int:shipment_id>/correct/", shipment_deeds.correct, name="desk-shipment-correct"),
    path("desk/shipments/<int:shipment_id>/cancel/", shipment_deeds.cancel, name="desk-shipment-cancel"),
    path("desk/shipments/<int:shipment_id>/book/", shipment_deeds.book_again, name="desk-shipment-book"),
    path("desk/shipments/<int:shipment_id>/look/", shipment_deeds.look, name="desk-shipment-look"),
    path("desk/shipments/<int:shipment_id>/seen/", shipment_deeds.seen, name="desk-shipment-seen"),
    path("desk/shipments/<int:shipment_id>/asked/", shipment_deeds.asked, name="desk-shipment-asked"),
    path("desk/carriers/", carriers.carriers, name="desk-carriers"),
    path("desk/carriers/<int:connection_id>/change/", carriers.change, name="desk-carrier-change"),
    path("desk/carriers/<int:connection_id>/try/", carriers.try_out, name="desk-carrier-try"),
    path("desk/carriers/<int:connection_id>/stop/", carriers.stop, name="desk-carrier-stop"),
]
