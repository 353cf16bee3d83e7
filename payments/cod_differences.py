"""Where each đồng of cash on delivery is: come, kept by carriers, written off, or with whom and since when.

Of the parcels that went out since a day, and of every older one whose money is not here yet:
to collect = collected + on its way + not collected (came back, lost, paid another way), and
collected = come + kept + written off + with carriers, the last named parcel by parcel.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM, vietnam_day
from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount, Organization
from orders.models import Shipment
from payments import with_carrier
from payments.models import (
    BankTransaction,
    Collection,
    MadeGood,
    Remittance,
    RemittanceLine,
    RemittanceShare,
)

State = Shipment.State


class What(StrEnum):
    UNLISTED = "unlisted"
    SAID_LESS = "said_less"
    NOT_ARRIVED = "not_arrived"
    OVER = "over"
    WRITTEN_OFF = "written_off"
    FEE = "fee"
    CAME_BACK = "came_back"
    LOST = "lost"
    PAID_OTHERWISE = "paid_otherwise"
    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"


NAMES: dict[What, Any] = {
    What.UNLISTED: _("đã thu, chưa có trong bảng kê nào"),
    What.SAID_LESS: _("bảng kê ghi thu ít hơn sổ"),
    What.NOT_ARRIVED: _("có trong bảng kê, tiền chưa về"),
    What.OVER: _("tiền về nhiều hơn bảng kê, chờ xem"),
    What.WRITTEN_OFF: _("ghi mất, hợp tác xã chịu"),
    What.FEE: _("cước giữ lại"),
    What.CAME_BACK: _("kiện về lại, không thu"),
    What.LOST: _("kiện mất, hỏng, không thu"),
    What.PAID_OTHERWISE: _("người mua trả cách khác"),
    What.ON_ITS_WAY: _("kiện đang đi, chưa thu"),
    What.ARRIVED: _("đã về"),
}
WITH_CARRIER = (What.UNLISTED, What.SAID_LESS, What.NOT_ARRIVED)
OPEN = (*WITH_CARRIER, What.OVER)
"""What somebody has still to do something about."""


@dataclass(frozen=True, slots=True)
class Row:
    """So many đồng of one parcel. ``of_others_dong``: of a fee, what was kept for other parcels of the same list.
    ``line``: the bank's line that has something over; it is of no parcel."""

    what: What
    dong: int
    carrier: str
    since: date | None
    shipment: Shipment | None = None
    remittance: Remittance | None = None
    line: BankTransaction | None = None
    of_others_dong: int = 0

    @property
    def name(self) -> str:
        return str(NAMES[self.what])

    def days(self, today: date) -> int:
        return (today - self.since).days if self.since else 0


@dataclass(slots=True)
class Differences:
    """``to_collect_dong`` of parcels that were to bring money; the sum of each kind of row in ``sums``."""

    rows: list[Row] = field(default_factory=list)
    to_collect_dong: int = 0
    collected_dong: int = 0
    with_carrier_dong: int = 0
    """By the books: what the rows must name in full."""

    @property
    def sums(self) -> Counter[What]:
        found = Counter[What]()
        for row in self.rows:
            found[row.what] += row.dong
        return found

    @property
    def unnamed_dong(self) -> int:
        """Đồng that no row names: always 0."""
        sums = self.sums
        not_collected = sums[What.CAME_BACK] + sums[What.LOST] + sums[What.PAID_OTHERWISE] + sums[What.ON_ITS_WAY]
        held = sum(sums[what] for what in WITH_CARRIER)
        went = sums[What.ARRIVED] + sums[What.FEE] + sums[What.WRITTEN_OFF]
        return (
            abs(self.to_collect_dong - self.collected_dong - not_collected)
            + abs(self.collected_dong - went - held)
            + abs(self.with_carrier_dong - held)
        )

    @property
    def open_rows(self) -> list[Row]:
        return [row for row in self.rows if row.what in OPEN]


class _Listed(NamedTuple):
    line: RemittanceLine
    net_dong: int
    fee_dong: int


def difference_list(organization: Organization, *, since: date | None = None, carrier: str = "") -> Differences:
    """Every đồng of the parcels that left since ``since`` (Việt Nam's day; None: ever), and of those whose money is
    still with a carrier. ``carrier``: only what that one has (with_carrier.carrier_name). In eight queries."""
    held = _held(organization)
    found = Differences()
    shipments = [
        one for one in _shipments(organization, since, held) if not carrier or with_carrier.carrier_name(one) == carrier
    ]  # fmt: skip
    ids = [one.pk for one in shipments]
    collected = {one.shipment_id: one for one in Collection.objects.filter(shipment__in=ids, undone_at=None)}
    short: defaultdict[int, list[MadeGood]] = defaultdict(list)
    for made in MadeGood.objects.filter(with_carrier.SHORT, shipment__in=ids).order_by("pk"):
        assert made.shipment_id is not None
        short[made.shipment_id].append(made)
    listed = _listed(ids)
    for shipment in shipments:
        own = collected.get(shipment.pk)
        found.to_collect_dong += shipment.collect_dong
        found.collected_dong += own.amount_dong if own else 0
        found.with_carrier_dong += held.get(shipment.pk, 0)
        found.rows += _of_money(shipment, own, held.get(shipment.pk, 0), short[shipment.pk], listed[shipment.pk])
        found.rows += _not_collected(shipment, own)
    found.rows += _over(organization, carrier)
    order = list(What)
    found.rows.sort(key=lambda row: (order.index(row.what), row.since or date.max, row.carrier))
    return found


def _held(organization: Organization) -> dict[int, int]:
    accounts = LedgerAccount.objects.filter(organization=organization, kind=Kind.WITH_CARRIER).exclude(
        debits=F("credits")
    )
    return {int(one.subject.removeprefix("shipment:")): one.balance_dong for one in accounts}


def _shipments(organization: Organization, since: date | None, held: dict[int, int]) -> Sequence[Shipment]:
    went = Q(handed_over_at__isnull=False)
    if since is not None:
        went &= Q(handed_over_at__gte=datetime.combine(since, time.min, VIETNAM))
    money = Q(collect_dong__gt=0) | Q(remittance_lines__isnull=False)
    rows = Shipment.objects.filter(Q(pk__in=held) | (went & money), organization=organization).distinct()
    return list(rows.select_related("order", "connection").order_by("pk"))


def _listed(ids: Sequence[int]) -> defaultdict[int, list[_Listed]]:
    """By parcel: what each list that stands says of it, and what of that was cleared."""
    cleared: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    shares = RemittanceShare.objects.filter(shipment__in=ids, payment__undone_at=None)
    for list_id, parcel, net, fee in shares.values_list(
        "payment__remittance", "shipment", "net_dong", "fee_dong"
    ):  # fmt: skip
        cleared[list_id, parcel][0] += net
        cleared[list_id, parcel][1] += fee
    lines = RemittanceLine.objects.filter(with_carrier.LISTED, shipment__in=ids).select_related("remittance")
    by_parcel: defaultdict[int, list[_Listed]] = defaultdict(list)
    for line in lines.order_by("pk"):
        by_parcel[line.shipment_id].append(_Listed(line, *cleared[line.remittance_id, line.shipment_id]))
    return by_parcel


def _of_money(
    shipment: Shipment, own: Collection | None, held: int, short: Sequence[MadeGood], listed: Sequence[_Listed]
) -> list[Row]:
    carrier = with_carrier.carrier_name(shipment)
    since = vietnam_day(own.at) if own else None
    rows = []
    for line, net, fee in listed:
        remittance = line.remittance
        row = partial(Row, carrier=carrier, shipment=shipment, remittance=remittance)
        if net:
            rows.append(row(What.ARRIVED, net, since=remittance.made_on))
        if fee:
            rows.append(row(What.FEE, fee, since=remittance.made_on, of_others_dong=max(fee - line.fee_dong, 0)))
        waits = min(max(line.said_dong - net - fee, 0), held)
        if waits:
            held -= waits
            rows.append(row(What.NOT_ARRIVED, waits, since=since))
    if held:
        what = What.SAID_LESS if listed else What.UNLISTED
        last = listed[-1].line.remittance if listed else None
        rows.append(Row(what, held, carrier, since, shipment, last))
    rows += [Row(What.WRITTEN_OFF, made.amount_dong, carrier, vietnam_day(made.at), shipment) for made in short]
    return rows


def _not_collected(shipment: Shipment, own: Collection | None) -> list[Row]:
    missing = shipment.collect_dong - (own.amount_dong if own else 0)
    if not missing:
        return []
    what = {
        State.RETURNED: What.CAME_BACK, State.LOST: What.LOST, State.DAMAGED: What.LOST,
        State.DELIVERED: What.PAID_OTHERWISE,
    }.get(State(shipment.state), What.ON_ITS_WAY)  # fmt: skip
    when = shipment.ended_at or shipment.handed_over_at
    return [
        Row(what, missing, with_carrier.carrier_name(shipment), vietnam_day(when) if when else None, shipment)
    ]  # fmt: skip


def _over(organization: Organization, carrier: str) -> list[Row]:
    """Lines of the bank that brought a list's money and more."""
    lines = BankTransaction.objects.filter(
        organization=organization, state=BankTransaction.State.PART_SETTLED, remitted__undone_at=None,
        remitted__isnull=False,
    ).distinct()  # fmt: skip
    rows = []
    for line in lines.prefetch_related("remitted__remittance").order_by("pk"):
        remittance = next(one.remittance for one in line.remitted.all() if one.is_live)
        if not carrier or remittance.carrier_name == carrier:
            rows.append(
                Row(
                    What.OVER, line.unused_dong, remittance.carrier_name, line.day, remittance=remittance, line=line
                )
            )  # fmt: skip
    return rows


@dataclass(frozen=True, slots=True)
class Holder:
    """What one carrier, neighbour or driver has: by how long ago it was collected."""

    name: str
    dong: int
    unlisted_dong: int
    parcels: int
    oldest_days: int
    by_age: tuple[int, ...]
    """Đồng of up to 7 days, up to 14, up to 30, and older."""


AGES = (7, 14, 30)


def holders(found: Differences, *, today: date) -> list[Holder]:
    """Who has how much, who has had it longest first. Pure."""
    by_name: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found.rows:
        if row.what in WITH_CARRIER:
            by_name[row.carrier].append(row)
    holders = []
    for name, rows in by_name.items():
        ages = [0] * (len(AGES) + 1)
        for row in rows:
            ages[sum(row.days(today) > most for most in AGES)] += row.dong
        holders.append(
            Holder(
                name=name, dong=sum(row.dong for row in rows),
                unlisted_dong=sum(row.dong for row in rows if row.what is What.UNLISTED),
                parcels=len({row.shipment.pk for row in rows if row.shipment}),
                oldest_days=max(row.days(today) for row in rows), by_age=tuple(ages),
            )
        )  # fmt: skip
    return sorted(holders, key=lambda one: (-one.oldest_days, one.name))
