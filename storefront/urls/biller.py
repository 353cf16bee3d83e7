"""The doors of a biller's desk: runs, bills, fee items, statements."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
