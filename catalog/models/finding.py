"""What goods are found by: the words of each product, and the words that a cooperative counts as the same."""

from __future__ import annotations

from django.db import models

from catalog.models.goods import Product
from cooperatives.models import Organization, User


class SearchWord(models.Model):
    """One form of one word that a product is found by, written by catalog/search whenever the product changes.

    ``term`` is a form and a word (``fold:chach``); ``place`` says where in the product it stands.
    """

    class Place(models.IntegerChoices):
        NAME = 1
        ELSEWHERE = 2

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="search_words")
    term = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField(choices=Place)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "term"], name="search_word_once")]
        # Holds all that a search reads, so that the table itself is not visited.
        indexes = [models.Index(fields=["term", "product", "place"], name="search_word_by_term")]


class SynonymSet(models.Model):
    """Words that a cooperative says mean the same for its own goods ("cá trạch, cá chạch, con nhếch")."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="synonym_sets")
    words = models.CharField(max_length=300, help_text="Words or short phrases between commas.")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "words"], name="synonym_set_once")]


class SearchChange(models.Model):
    """A product whose words an outside engine has yet to learn. Written with the change itself, taken by the worker."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="search_change")
    changed_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)


class SearchMark(models.Model):
    """What the search remembers of itself: by which rules the words were written, which index is the live one."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.CharField(max_length=200)
    written_at = models.DateTimeField()
