"""What was weighed again, and what members were asked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from cooperatives.models import Member, User
from cooperatives.models.people import staffed_by
from orders.models.lines import OrderLine


class Weighing(models.Model):
    """Goods by weight, weighed when they were packed: what the line said before and says since. Never changed."""

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="weighings")
    was_quantity = models.PositiveBigIntegerField(help_text="Measures: grams.")
    now_quantity = models.PositiveBigIntegerField()
    was_total_dong = models.BigIntegerField()
    now_total_dong = models.BigIntegerField()
    borne_dong = models.BigIntegerField(help_text="Of the order, what its seller bears since; it may fall again.")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(was_quantity__gte=1, now_quantity__gte=1, was_total_dong__gte=1, now_total_dong__gte=1)
                & Q(borne_dong__gte=0),
                name="weighing_positive",
            )
        ]


class StockQuestionQuerySet(models.QuerySet["StockQuestion"]):
    def visible_to(self, viewer: Any) -> StockQuestionQuerySet:
        """Staff of the organization, and the member who was asked."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(Q(member__organization__in=staffed_by(viewer)) | Q(member__user=viewer))

    def open(self) -> StockQuestionQuerySet:
        return self.filter(answer="")


class StockQuestion(models.Model):
    """“Còn hàng?”, asked of a member about goods that somebody has ordered. No order waits for the answer: after four
    hours of silence a helper is asked to call, after a day somebody of the cooperative decides."""

    class Answer(models.TextChoices):
        YES = "yes", _("còn hàng")
        LESS = "less", _("còn ít hơn")
        NO = "no", _("hết hàng")
        DECIDED = "decided", _("hợp tác xã quyết định")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="stock_questions")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_questions")
    asked_at = models.DateTimeField()
    call_from = models.DateTimeField(help_text="When silence becomes a call to make.")
    decide_from = models.DateTimeField(help_text="When silence becomes something to decide.")
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    left = models.PositiveBigIntegerField(null=True, help_text="Measures that are there, where she said so.")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Herself, or who called her."
    )
    note = models.CharField(max_length=200, blank=True)

    objects = StockQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "variant"], condition=Q(answer=""), name="stock_question_one_open"
            )
        ]
        indexes = [models.Index(fields=["answer", "call_from"], name="stock_question_waiting")]
