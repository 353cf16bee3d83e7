"""A biller's accounts and households, and taking in the lists that it has."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
