"""Households and parents: finding bills, paying them, receipts; the public price list."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
