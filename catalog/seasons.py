"""Seasons: the months in which goods are at their best. Goods of the whole year have none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import versions
from catalog.models import Product
from cooperatives.models import User
from cooperatives.permissions import require


class BadSeason(Refused):
    """One month without the other, or no month of the calendar."""

    code = "BAD_SEASON"
    sentence = _("Mùa vụ cần cả tháng đầu và tháng cuối, từ 1 đến 12. Hàng có quanh năm thì để trống cả hai.")


@again_when_locked_out
def set_season(*, product_id: int, first: int | None, last: int | None, actor: User | None, at: datetime) -> Product:
    """Say from which month to which (1 to 12, both included) the goods are in season; None and None: the whole year.

    ``last`` before ``first`` runs over the new year. Saying the same again changes nothing. Opens its own transaction;
    locks the product. Raises NotFound (a stranger too), BadSeason.
    """
    with transaction.atomic():
        product = Product.objects.select_related("organization").filter(pk=product_id).first()
        if product is None:
            raise NotFound()
        if actor is not None:
            require(actor, "list_goods", organization=product.organization, on=vietnam_day(at))
        if (first is None) != (last is None):
            raise BadSeason(field="first_month" if first is None else "last_month")
        for name, month in (("first_month", first), ("last_month", last)):
            if month is not None and (type(month) is not int or not 1 <= month <= 12):
                raise BadSeason(field=name)
        locked = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product_id)
        if (locked.season_from, locked.season_to) != (first, last):
            locked.season_from, locked.season_to = first, last
            locked.save(update_fields=["season_from", "season_to"])
            versions.moved([product.organization_id])
        return Product.objects.preloaded().get(pk=product_id)
