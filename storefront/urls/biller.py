"""The doors of a biller's desk: runs, bills, fee items, statements."""

from django.urls import path

from storefront.views.biller import home

urlpatterns = [
    path("biller/", home.home, name="biller"),
]
