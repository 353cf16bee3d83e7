"""Goods by weight are weighed again when they are packed: the line says what really lies in the bag.

Price and fee rate stay as frozen. Lighter: the buyer pays less, or is owed the difference. Heavier by no more than the
organization's threshold: the seller bears it; by more: the buyer is asked for the difference (docs/books.md §6).
The request always asks for ``order.total_dong − order.borne_dong``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG, figures, line_total_dong
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import stock
from catalog.measures import MOST_MEASURES, shown_quantity
from catalog.models import Variant
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.doing_once import done_once
from cooperatives.models import Message, User
from cooperatives.permissions import require
from orders import cycling
from orders.fulfilling import NotPackable, NotPaidYet
from orders.messages import tell_buyer
from orders.models import Order, OrderLine, Weighing
from orders.placing import TooDear
from payments import crediting, owing, postings, refunds
from payments.models import PaymentRequest, Release

LEAST_TASK_DONG = 1_000
"""A difference of less stays owed, and nobody is sent to the bank for it."""

WEIGHED = "WEIGHED"
"""Why a purse was lightened (Release.reason): weighed, not ended."""


class NotByWeight(Refused):
    """The line is sold by the piece, or is of another order."""

    code = "NOT_BY_WEIGHT"
    sentence = _("Mặt hàng này không bán theo cân, không cần cân lại.")


class BadWeight(Refused):
    """Less than half or more than twice what was ordered: a slip of the finger."""

    code = "BAD_WEIGHT"
    sentence = _("“%(name)s” đặt %(ordered)s: số cân phải từ một nửa đến gấp đôi. Hãy cân và gõ lại.")


@again_when_locked_out
def weigh(*, order_id: int, grams: Mapping[int, int], actor: User, key: str | None, at: datetime) -> Order:
    """Write down what the lines (by id) of an order weigh, and that it is packed; repeat-safe by ``key``.

    A line that is not named keeps its weight. Weighing again counts from what was ordered, not from the last weight.
    Opens its own transaction; locks the done-once row, request, order, variants. Raises NotFound (a stranger too),
    NotByWeight, BadWeight, CycleUndecided, NotPaidYet, NotPackable, SoldOut (less is left than it weighs more),
    TooDear, KeyReused, BadKey.
    """
    seen = Order.objects.select_related("organization").filter(pk=order_id).first()
    if seen is None:
        raise NotFound()
    require(actor, "pack_orders", organization=seen.organization, on=vietnam_day(at))

    def do() -> str:
        asked = seen.payment_requests.order_by("pk").values_list("pk", flat=True).first()
        assert asked is not None, "every order asks for its money"
        request = crediting.locked_request(asked)
        _weigh(request, grams, actor=actor, at=at)
        return f"order:{order_id}"

    with transaction.atomic():
        meaning = [order_id, sorted(grams.items())]
        done_once(verb="order_weigh", actor=actor, key=key, meaning=meaning, at=at, do=do)
    return Order.objects.preloaded().get(pk=order_id)


def _weigh(request: PaymentRequest, grams: Mapping[int, int], *, actor: User, at: datetime) -> None:
    order = request.order
    assert order is not None
    if not order.is_open:
        raise NotPackable(number=order.number, state=order.get_state_display())
    cycling.check_decided(order)
    if order.state == Order.State.PLACED and not order.can_be_packed:
        raise NotPaidYet(number=order.number)
    lines = {line.pk: line for line in order.lines.select_related("variant__product").order_by("variant_id")}
    ordered = {pk: _ordered(line) for pk, line in lines.items()}
    for line_id, now in grams.items():
        _check(lines.get(line_id), ordered.get(line_id), now)
    changed = {pk: line for pk, line in lines.items() if grams.get(pk, line.quantity) != line.quantity}
    was = {pk: (line.quantity, line.total_dong) for pk, line in lines.items()}
    agreed = _agreed(lines.values(), ordered)  # a line that weighs what it weighed is not looked at by a newer rule
    if changed:
        stock.reweigh(changes={line.variant_id: grams[pk] - line.quantity for pk, line in changed.items()})
        for pk, line in changed.items():
            line.quantity = grams[pk]
            line.total_dong = line_total_dong(price_dong=line.price_dong, quantity=line.quantity, unit=line.unit)
    before_dong = order.total_dong - order.borne_dong
    order.borne_dong = sum(
        _borne(order, line, *ordered[pk]) if pk in changed else agreed[pk] for pk, line in lines.items()
    )
    order.goods_dong = sum(line.total_dong for line in lines.values())
    order.total_dong = order.goods_dong + order.shipping_dong
    order.deposit_dong = min(order.deposit_dong, order.total_dong)
    if order.total_dong > MAX_TRANSFER_DONG and order.pay_by == Order.PayBy.TRANSFER:
        raise TooDear(most=figures(MAX_TRANSFER_DONG))
    for pk in grams:
        lines[pk].weighed_at = at
    OrderLine.objects.bulk_update(lines.values(), ["quantity", "total_dong", "weighed_at"])
    order.save(update_fields=["goods_dong", "total_dong", "borne_dong", "deposit_dong"])
    Weighing.objects.bulk_create(
        Weighing(
            line=line, was_quantity=was[pk][0], now_quantity=line.quantity, was_total_dong=was[pk][1],
            now_total_dong=line.total_dong, borne_dong=order.borne_dong, at=at, actor=actor,
        )
        for pk, line in lines.items()
        if pk in grams
    )  # fmt: skip
    if order.state == Order.State.PLACED:
        order.mark_packed(at=at, by=actor)
        if order.total_dong - order.borne_dong == before_dong:
            tell_buyer(order=order, kind=Message.Kind.ORDER_READY, at=at)
    if order.total_dong - order.borne_dong != before_dong:
        _ask_anew(request, actor=actor, at=at)


def _ordered(line: OrderLine) -> tuple[int, int]:
    """(measures, đồng) that the buyer ordered: what the line said before it was first weighed."""
    first = line.weighings.order_by("pk").values_list("was_quantity", "was_total_dong").first()
    return first or (line.quantity, line.total_dong)


def _check(line: OrderLine | None, ordered: tuple[int, int] | None, now: int) -> None:
    if line is None or ordered is None or line.variant.sold_by != Variant.SoldBy.WEIGHT:
        raise NotByWeight(field="grams")
    least, most = -(-ordered[0] // 2), min(2 * ordered[0], MOST_MEASURES)
    if type(now) is not int or not least <= now <= most:
        name = f"{line.product_name}, {line.variant_name}"
        raise BadWeight(field="grams", name=name, ordered=shown_quantity(line.variant, ordered[0]))


def _borne(order: Order, line: OrderLine, ordered_quantity: int, ordered_dong: int) -> int:
    """What the seller bears of a line heavier than was ordered: all of it up to the threshold, or nothing."""
    more = line.quantity - ordered_quantity
    if more <= 0 or more * 10_000 > ordered_quantity * order.organization.heavier_asked_above_bp:
        return 0
    return line.total_dong - ordered_dong


def _agreed(lines: Iterable[OrderLine], ordered: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """What the seller bears of each line as it was weighed last, by the threshold of that day.

    A weighing tells the order's sum alone. Of the lines that it changed, those were borne that grew least, for one
    threshold held for all of them: as many of them as make up the sum.
    """
    borne = dict.fromkeys(ordered, 0)
    rows = Weighing.objects.filter(line__in=list(lines)).order_by("pk")
    for _moment, together in groupby(rows, key=lambda row: (row.at, row.borne_dong)):
        weighed = [row for row in together if row.now_quantity != row.was_quantity]
        borne.update((row.line_id, 0) for row in weighed)
        left = weighed[0].borne_dong - sum(borne.values()) if weighed else 0
        for row in sorted(weighed, key=lambda row: row.now_quantity / ordered[row.line_id][0]):
            more = max(row.now_total_dong - ordered[row.line_id][1], 0)
            if 0 < more <= left:
                borne[row.line_id] = more
                left -= more
    return borne


def _ask_anew(request: PaymentRequest, *, actor: User, at: datetime) -> None:
    """The request asks what the order costs the buyer now; what was given beyond that is owed to her."""
    order = request.order
    assert order is not None
    asks = order.total_dong - order.borne_dong
    request.credited_dong += _take_back_debts(order, actor=actor, at=at)
    over = max(request.credited_dong - asks, 0)
    if over:
        _owe(order, over, actor=actor, at=at)
        request.credited_dong -= over
    request.asked_dong = asks
    request.save(update_fields=["asked_dong", "credited_dong"])
    crediting.refresh_states(request=request, at=at)
    tell_buyer(order=order, kind=Message.Kind.WEIGHT_CHANGED, at=at, due_dong=request.due_dong, excess_dong=over)


def _take_back_debts(order: Order, *, actor: User, at: datetime) -> int:
    """What an earlier weight left owed to the buyer and is owed still goes back into the purse: she may owe it now."""
    taken = 0
    for release in Release.objects.filter(order=order, reason=WEIGHED, undone_at=None).select_related("entry"):
        if release.amount_dong > owing.debt_dong(organization=order.organization, order_id=order.pk):
            continue  # ordered out, or used: it stays given back
        assert release.entry is not None
        ledger.reverse(entry=release.entry, at=at, booked_on=vietnam_day(at), actor=actor)
        release.undone_at, release.undone_by = at, actor
        release.save(update_fields=["undone_at", "undone_by"])
        taken += release.amount_dong
    if taken:
        refunds.drop_what_is_not_owed(
            organization=order.organization, order_id=order.pk, transaction_id=None, actor=actor, at=at
        )
    return taken


def _owe(order: Order, dong: int, *, actor: User, at: datetime) -> None:
    subject = f"order:{order.pk}"
    owes = ledger.balance_dong(organization=order.organization, kind=Kind.OWED_BY_BUYERS, subject=subject)
    release = Release.objects.create(order=order, amount_dong=dong, at=at, actor=actor, reason=WEIGHED)
    release.entry = ledger.post(
        organization=order.organization, key=f"released:{release.pk}", event=Event.RELEASED,
        meaning={"order": order.pk, "amount": dong}, moves=postings.released(release, owed_by_buyers_dong=owes),
        booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    release.save(update_fields=["entry"])
    if dong - min(owes, dong) >= LEAST_TASK_DONG:
        refunds.write(
            organization=order.organization, order_id=order.pk, amount_dong=dong - min(owes, dong),
            reason=str(_("cân lại khi gói, nhẹ hơn lúc đặt")), actor=actor, at=at,
        )  # fmt: skip
