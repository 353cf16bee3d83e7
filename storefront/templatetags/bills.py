"""How much less a group pays, as people say it."""

from django import template

register = template.Library()


@register.filter
def percent(basis_points: int) -> str:
    """5000 → ``50 %``; 1250 → ``12,5 %``."""
    whole, rest = divmod(basis_points, 100)
    decimals = f",{rest:02d}".rstrip("0").rstrip(",")
    return f"{whole}{decimals} %"
