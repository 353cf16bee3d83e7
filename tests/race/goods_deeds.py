"""What a racer can be told to do with what buyers read of goods: reviews, stars, faces (tests/race/racer.py)."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from base.periods import vietnam_day
from catalog import certifying, portraits
from cooperatives.models import User
from orders import reviewing


def review(*, token: str, slug: str, stars: int, key: str) -> int:
    """The stars that stand then."""
    return reviewing.review(
        token=token, product_slug=slug, stars=stars, text="", shown_name="", key=key, at=timezone.now()
    ).stars


def certify(*, product: int, decision: str, actor: int, key: str) -> int:
    treasurer = User.objects.get(pk=actor)
    return certifying.record_certificate(
        product_id=product, stars=4, decision=decision, issuer="UBND tỉnh", issued_on=date(2026, 1, 5),
        expires_on=date(2029, 1, 5), actor=treasurer, key=key, at=timezone.now(),
    ).stars  # fmt: skip


def show_face(*, member: int, actor: int, key: str) -> str:
    out = BytesIO()
    Image.new("RGB", (160, 160), "tan").save(out, "PNG")
    portraits.record_portrait(
        member_id=member, data=out.getvalue(), wording=portraits.WORDING, consented_on=vietnam_day(timezone.now()),
        witness="", actor=User.objects.get(pk=actor), key=key, at=timezone.now(),
    )  # fmt: skip
    return "shown"


def hide_face(*, member: int, actor: int) -> str:
    portraits.withdraw_portrait(member_id=member, actor=User.objects.get(pk=actor), at=timezone.now())
    return "hidden"


GOODS_DEEDS: dict[str, Callable[..., Any]] = {
    "review": review, "certify": certify, "show_face": show_face, "hide_face": hide_face,
}  # fmt: skip
