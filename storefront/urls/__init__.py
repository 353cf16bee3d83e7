"""The street's doors: buyers first, then everybody who works here."""

from django.urls import URLPattern, URLResolver

from storefront.urls import buyer, desk

urlpatterns: list[URLPattern | URLResolver] = [*buyer.urlpatterns, *desk.urlpatterns]
