"""“Nghỉ bán đến ngày”: goods, or a whole shop, that are not sold until a day, which ends the rest by itself.

The day is the last one of the rest. Orders that are placed already stand.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from catalog.models import Product
from cooperatives.models import Member, Organization, User
from cooperatives.permissions import require

LONGEST = timedelta(days=366)


class BadRest(Refused):
    """A rest that is over already, or lasts longer than a year."""

    code = "BAD_REST"
    sentence = _("Ngày nghỉ cuối phải từ hôm nay đến một năm tới. Để trống là bán lại ngay.")


class Resting(Refused):
    """Nothing of it is sold until the day after ``until``."""

    code = "RESTING"
    sentence = _("“%(name)s” nghỉ bán đến hết ngày %(until)s. Hãy bỏ ra khỏi giỏ, hoặc đặt sau ngày ấy.")


@again_when_locked_out
def rest_product(*, product_id: int, until: date | None, actor: User, at: datetime) -> Product:
    """Sell no more of it up to and including ``until``; None sells again at once. Said again, nothing changes.

    Staff who list goods may, and the member who makes it. Opens its own transaction; locks the product, the shop's
    version. Raises NotFound (a stranger too), BadRest.
    """
    with transaction.atomic():
        product = Product.objects.select_related("organization", "maker").filter(pk=product_id).first()
        if product is None:
            raise NotFound()
        if not is_maker(product, actor):
            require(actor, "list_goods", organization=product.organization, on=vietnam_day(at))
        _check(until, at=at)
        locked = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product_id)
        if locked.rests_until != until:
            locked.rests_until = until
            locked.save(update_fields=["rests_until"])
            versions.moved([product.organization_id])
        return Product.objects.preloaded().get(pk=product_id)


@again_when_locked_out
def rest_shop(*, organization_id: int, until: date | None, actor: User, at: datetime) -> Organization:
    """The same for everything that a cooperative sells. Locks the organization, the shop's version. Raises NotFound (a
    stranger too), BadRest."""
    with transaction.atomic():
        try:
            organization = Organization.objects.held(organization_id)
        except Organization.DoesNotExist:
            raise NotFound() from None
        require(actor, "decide_terms", organization=organization, on=vietnam_day(at))
        _check(until, at=at)
        if organization.rests_until != until:
            organization.rests_until = until
            organization.save(update_fields=["rests_until"])
            versions.moved([organization.pk])
        return organization


def rests_until(product: Product, *, on: date) -> date | None:
    """The last day of the rest that it is in on that day, its shop's or its own; None while it is sold. Pure; needs the
    product's organization."""
    days = [day for day in (product.rests_until, product.organization.rests_until) if day is not None and day >= on]
    return max(days, default=None)


def refuse(products: Iterable[Product], *, on: date) -> None:
    """Raises Resting for the first of ``products`` that is not sold on that day."""
    for product in products:
        until = rests_until(product, on=on)
        if until is not None:
            raise Resting(field="lines", name=product.name, until=f"{until:%d/%m/%Y}")


def is_maker(product: Product, actor: User) -> bool:
    """Whether she makes it, and is still a member. Needs the product's maker."""
    maker: Member | None = product.maker
    return maker is not None and maker.user_id == actor.pk and maker.left_on is None


def _check(until: date | None, *, at: datetime) -> None:
    today = vietnam_day(at)
    if until is not None and not today <= until <= today + LONGEST:
        raise BadRest(field="until")
