"""Words for what a biller charges: percentages and steps."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from base.money import figures, grouped
from storefront.forms.biller_fees import percent as as_percent

register = template.Library()


@register.filter
def percent(bp: int) -> str:
    """750 → ``7,5 %``."""
    return f"{as_percent(bp)}\u00a0%"


@register.filter
def in_steps(steps: Sequence[Sequence[int | None]], unit: str) -> list[str]:
    """``[[10, 6000], [None, 9000]]`` → ``0–10 m³: 6.000 ₫``, ``trên 10 m³: 9.000 ₫``, one line a step."""
    lines, below = [], 0
    for upto, price in steps:
        said = {"below": grouped(below), "upto": grouped(upto or 0), "unit": unit, "price": figures(price or 0)}
        if upto is None:
            lines.append((_("trên %(below)s %(unit)s: %(price)s") if below else _("mỗi %(unit)s: %(price)s")) % said)
        else:
            lines.append(_("%(below)s–%(upto)s %(unit)s: %(price)s") % said)
            below = upto
    return lines
