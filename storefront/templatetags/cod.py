"""How the desk says for how long a carrier has had money."""

from django import template
from django.utils.translation import gettext as _

from payments.cod_differences import AGES, Holder

register = template.Library()


@register.filter
def ages(holder: Holder) -> list[tuple[str, int]]:
    """(how long ago, đồng) of what was collected, without those of 0."""
    labels = [_("đến %(days)s ngày") % {"days": most} for most in AGES]
    labels.append(_("hơn %(days)s ngày") % {"days": AGES[-1]})
    return [(label, dong) for label, dong in zip(labels, holder.by_age, strict=True) if dong]
