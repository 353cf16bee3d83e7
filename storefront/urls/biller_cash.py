"""A biller's cash boxes: taking, printing, counting, handing over."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
