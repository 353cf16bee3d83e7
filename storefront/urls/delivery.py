"""The desk's doors to delivery: what carrying costs, and what is decided about it."""

from django.urls import path

from storefront.views.desk import confirming, delivery

urlpatterns = [
    path("desk/delivery/", delivery.delivery, name="desk-delivery"),
    path("desk/delivery/from/", delivery.origin, name="desk-delivery-from"),
    path("desk/delivery/rates/new/", delivery.rate_new, name="desk-rate-new"),
    path("desk/delivery/rates/<int:rate_id>/", delivery.rate, name="desk-rate"),
    path("desk/delivery/rates/<int:rate_id>/stop/", delivery.rate_stop, name="desk-rate-stop"),
    path("desk/delivery/terms/", delivery.terms, name="desk-delivery-terms"),
    path("desk/delivery/first-orders/", delivery.first_orders, name="desk-first-orders"),
    path("desk/orders/<str:number>/confirm/", confirming.confirm, name="desk-order-confirm"),
]
