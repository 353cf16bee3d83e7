"""What a biller prints and takes away: slips, lists, cards, sheets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
