"""What members are to bring: what they promised, day by day, and how much of it is ordered. And telling them.

Orders take what lies here first, then what is promised, the earliest day first: the same way in which they are packed.
Nobody has to answer for an order to stand (docs/market-days.md); an empty list is said too, so that nobody waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.measures import shown_quantity
from catalog.models import Lot, LotQuerySet, Product, Variant
from cooperatives import outbox
from cooperatives.models import Member, Message, Organization
from orders.cycle_words import clock_words, day_words
from orders.models import Cycle, Order, OrderLine


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised lot with its variant, product and member; ``ordered`` measures of it are in orders."""

    lot: Lot
    ordered: int

    @property
    def member(self) -> Member | None:
        return self.lot.member

    @property
    def variant(self) -> Variant:
        return self.lot.variant

    @property
    def day(self) -> date:
        assert self.lot.expected_on is not None
        return self.lot.expected_on

    @property
    def promised_shown(self) -> str:
        return shown_quantity(self.variant, self.lot.left)

    @property
    def ordered_shown(self) -> str:
        return shown_quantity(self.variant, self.ordered)


def promised(organization: Organization) -> list[Promise]:
    """Every lot that is still to come, the earliest day first. Four queries."""
    rows = Lot.objects.promised().filter(variant__product__organization=organization)
    lots = list(rows.select_related("variant__product", "member__user").order_by("expected_on", "pk"))
    variants = {lot.variant_id for lot in lots}
    return shared_out(lots, still_needed=_still_needed(variants))


def visible_lots(viewer: Any, *, organization: Organization) -> LotQuerySet:
    """What is still to come: all of it for staff, her own for a member, nothing for others."""
    return Lot.objects.promised().visible_to(viewer).filter(variant__product__organization=organization)


def shared_out(lots: Iterable[Lot], *, still_needed: dict[int, int]) -> list[Promise]:
    """Pure: ``still_needed`` measures by variant go to the lots in their order; no lot gives more than it holds."""
    left = dict(still_needed)
    found = []
    for lot in lots:
        part = min(lot.left, left.get(lot.variant_id, 0))
        left[lot.variant_id] = left.get(lot.variant_id, 0) - part
        found.append(Promise(lot, part))
    return found


def days_of(promises: Sequence[Promise]) -> list[tuple[date, list[Promise]]]:
    """Day by day, those of one member after the other."""
    by_day = sorted(promises, key=lambda one: (one.day, one.lot.member_id or 0, one.lot.pk))
    return [(day, list(of_day)) for day, of_day in groupby(by_day, key=lambda one: one.day)]


def of_cycle(cycle: Cycle) -> dict[Member, list[Promise]]:
    """Whoever is told about this market day and what each is to bring: those who promised something until its day, and
    the makers of its goods, who may have an empty list."""
    own = set(cycle.products.values_list("pk", flat=True))
    makers = Product.objects.published().filter(organization=cycle.organization, maker__left_on=None)
    makers = makers.filter(pk__in=own) if own else makers
    lists: dict[Member, list[Promise]] = {
        member: [] for member in Member.objects.filter(products__in=makers).select_related("user").distinct()
    }
    for one in promised(cycle.organization):
        if one.member is None or one.day > cycle.pickup_day or (own and one.variant.product_id not in own):
            continue
        lists.setdefault(one.member, []).append(one)
    return dict(sorted(lists.items(), key=lambda row: row[0].number))


def tell_members(cycle: Cycle, *, at: datetime) -> int:
    """Put each member's list into the outbox, but those who have been told the very same; returns how many.

    Needs an open transaction that holds the market day. A dropped one says that nothing is to be brought.
    """
    assert connection.in_atomic_block, "members are told inside the transaction that settles it"
    told = 0
    for member, promises in of_cycle(cycle).items():
        text = text_for(cycle, member, promises)
        about = f"cycle:{cycle.pk}:member:{member.pk}"
        last = Message.objects.filter(about=about, kind=Message.Kind.BRING_LIST).order_by("-pk").first()
        if last is None or last.text != text:
            _drop(last)
            outbox.tell(
                organization=cycle.organization, kind=Message.Kind.BRING_LIST, name=member.user.name,
                phone=member.user.phone or "", text=text, about=about, at=at,
            )  # fmt: skip
            told += 1
    Cycle.objects.filter(pk=cycle.pk).update(lists_sent_at=at)
    cycle.lists_sent_at = at
    return told


def told_of(cycle: Cycle) -> dict[int, Message]:
    """The last list of each member, by member id."""
    prefix = f"cycle:{cycle.pk}:member:"
    rows = Message.objects.filter(
        organization_id=cycle.organization_id, kind=Message.Kind.BRING_LIST, about__startswith=prefix
    )
    return {int(row.about.removeprefix(prefix)): row for row in rows.order_by("pk")}


def text_for(cycle: Cycle, member: Member, promises: Sequence[Promise]) -> str:
    """The list in a message, in Vietnamese whoever closed the market day."""
    with translation.override("vi"):
        head = f"{cycle.organization.name}: {cycle.name}, {day_words(cycle.pickup_day)}"
        if cycle.state in (Cycle.State.FAILED, Cycle.State.CANCELLED):
            return _("%(head)s không họp. Không cần mang hàng.") % {"head": head}
        wanted = [one for one in promises if one.ordered]
        if not wanted:
            return _("%(head)s: không có đơn nào cần hàng của %(name)s. Không cần mang gì.") % {
                "head": head, "name": member.user.name,
            }  # fmt: skip
        goods = "; ".join(f"{one.ordered_shown} {one.variant}{_early(one, cycle)}" for one in wanted)
        link = f"{settings.SITE_URL}/member/calendar/"
        return _("%(head)s. %(name)s mang %(goods)s%(before)s. Xem lịch: %(link)s") % {
            "head": head, "name": member.user.name, "goods": goods, "before": _before(cycle), "link": link,
        }  # fmt: skip


def _early(one: Promise, cycle: Cycle) -> str:
    """“, hẹn thứ Sáu 27/11” where the goods are to be there before the market day."""
    return _(" (hẹn %(day)s)") % {"day": day_words(one.day)} if one.day != cycle.pickup_day else ""


def _before(cycle: Cycle) -> str:
    stop = cycle.pickups.first()
    return _(", trước %(time)s") % {"time": clock_words(stop.from_at)} if stop is not None else ""


def _drop(last: Message | None) -> None:
    """A list that nobody has read out yet, and that is no longer so."""
    if last is not None:
        Message.objects.filter(pk=last.pk, state=Message.State.WAITING).update(state=Message.State.DROPPED)


def _still_needed(variant_ids: Iterable[int]) -> dict[int, int]:
    """Measures by variant in open orders beyond what lies here."""
    ids = set(variant_ids)
    open_orders = [Order.State.PLACED, Order.State.PACKED]
    lines = OrderLine.objects.filter(variant__in=ids, order__state__in=open_orders).order_by()
    wanted = dict(lines.values_list("variant_id").annotate(Sum("quantity")))
    here = Lot.objects.here().filter(variant__in=ids).order_by().values_list("variant_id")
    for variant_id, left, gone in here.annotate(Sum("left"), Sum("missing")):
        wanted[variant_id] = max(wanted.get(variant_id, 0) - (left - gone), 0)
    return wanted
