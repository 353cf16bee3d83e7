"""Two hundred parcels on delivery: losses, returns, partial and merged lists. Every đồng has a name at the end."""

from collections.abc import Callable, Sequence

import pytest

from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Organization
from orders.models import Order, Shipment
from payments import delivering, making_good, remittance_cash, remittance_lines, remitting, triage, undoing
from payments.cod_differences import What, difference_list, holders
from payments.models import BankTransaction, Remittance
from payments.remittance_reading import Row
from payments.triage import Part
from tests.payments.cod_world import on_their_way
from tests.payments.conftest import is_clean
from tests.people import World

pytestmark = pytest.mark.django_db

PRICE = 73_421
COACH, POST, NEIGHBOUR = "Nhà xe Hải Âu", "Bưu cục Yên Mô", "Anh Tư"
FEE = 21_500


class Story:
    """Parcel ``n`` holds ``n % 4 + 1`` bags; 0–99 with the coach, 100–159 with the post, 160–199 with a neighbour."""

    def __init__(self, world: World, comes: Callable[..., BankTransaction]) -> None:
        self.world, self.comes = world, comes
        bearers = [COACH] * 100 + [POST] * 60 + [NEIGHBOUR] * 40
        self.ids = on_their_way(world, bags=[n % 4 + 1 for n in range(200)], bearers=bearers, price_dong=PRICE)

    def dong(self, parcels: Sequence[int]) -> int:
        return sum(PRICE * (n % 4 + 1) for n in parcels)

    def delivered(self, parcels: Sequence[int]) -> None:
        for n in parcels:
            delivering.delivered(shipment_id=self.ids[n], actor=self.world.clerk, at=self.world.now)

    def listed(
        self, carrier: str, parcels: Sequence[int], *, fee: int = FEE, back: Sequence[int] = (), less: int = 0,
        reference: str = "",
    ) -> Remittance:  # fmt: skip
        """``back``: parcels that came back and cost as much again; ``less``: so much less said of the first."""
        rows = [Row(n + 1, f"XK{n:05d}", self.dong([n]), fee) for n in parcels]
        if less:
            rows[0] = Row(rows[0].number, rows[0].parcel, (rows[0].said_dong or 0) - less, fee)
        rows += [Row(n + 1, f"XK{n:05d}", 0, 2 * fee) for n in back]
        return remitting.make(
            organization_id=self.world.organization.pk, carrier_name=carrier, rows=rows, reference=reference,
            actor=self.world.treasurer, key=f"{carrier}:{parcels[0]}", at=self.world.now,
        )  # fmt: skip

    def assign(self, line: BankTransaction, *parts: Part) -> BankTransaction:
        return triage.assign(
            transaction_id=line.pk, parts=parts, reason="Xem bảng kê", actor=self.world.treasurer, key=None,
            at=self.world.now,
        )  # fmt: skip


def total(organization: Organization, kind: Kind) -> int:
    return ledger.total_dong(organization=organization, kind=kind)


def test_every_dong_of_two_hundred_parcels_has_a_name(world: World, comes: Callable[..., BankTransaction]) -> None:
    story = Story(world, comes)
    staff = {"actor": world.clerk, "at": world.now}
    books = {"actor": world.treasurer, "at": world.now}

    # The coach: 0–79 delivered, 80–89 came back, 90–93 lost, 94–95 damaged, 96–99 still on their way.
    story.delivered(range(80))
    for n in range(80, 90):
        delivering.back(shipment_id=story.ids[n], why="Khách không nhận", **staff)
    for n in range(90, 96):
        delivering.lost(shipment_id=story.ids[n], damaged=n >= 94, why="Nhà xe báo", **books)
    # Its first list comes in two parts, named by our code; the parcels that came back cost 43,000 each.
    first = story.listed(COACH, range(30), back=range(80, 86))
    half = comes(f"HAI AU {first.code}", 1_000_000)
    rest = first.net_dong - 1_000_000
    assert first.net_dong == story.dong(range(30)) - 30 * FEE - 6 * 2 * FEE
    comes(f"{first.code} not", rest)
    # The first part had been given to it by mistake, is taken back, and given again.
    undoing.undo(remittance_payment_id=half.remitted.get().pk, **books)
    assert story.assign(half, Part(first.code, 1_000_000)).state == "SETTLED"
    # Two more lists come in one transfer that names neither: one tap.
    merged = [story.listed(COACH, range(30, 45)), story.listed(COACH, range(45, 60), back=range(86, 88))]
    line = comes("Hai Au tra tien thu ho", sum(one.net_dong for one in merged))
    best = [one for one in remittance_lines.proposals(line) if one.best]
    assert [{part.code for part in one.parts} for one in best] == [{one.code for one in merged}]
    assert story.assign(line, *(Part(part.code, part.dong) for part in best[0].parts)).state == "SETTLED"
    # One list waits with nothing come (60–69); 70–79 are in no list.
    waiting = story.listed(COACH, range(60, 70))

    # The post: 100–149 delivered, 150–154 came back, 155–159 on their way. Its own number and the exact sum settle.
    story.delivered(range(100, 150))
    for n in range(150, 155):
        delivering.back(shipment_id=story.ids[n], why="Không liên lạc được", **staff)
    by_number = story.listed(POST, range(100, 130), reference="BK-2026-03-0017")
    assert comes("VNPOST TT COD BK2026030017", by_number.net_dong).state == "SETTLED"
    # The next says 9,000 less of its first parcel, and brings 7,000 more than it says.
    short = story.listed(POST, range(130, 140), less=9_000)
    line = story.assign(comes("VNPOST COD", short.net_dong + 7_000), Part(short.code, short.net_dong))
    assert (line.state, line.unused_dong) == ("PART_SETTLED", 7_000)
    # Of the parcel that stands in no list it says it has lost 5,000 of the money.
    making_good.short(shipment_id=story.ids[140], amount_dong=5_000, reason="Bưu cục báo thiếu", key="s", **books)

    # The neighbour: all delivered, keeps 5,000 a parcel, brings cash twice; 60,000 never come, and are written off.
    story.delivered(range(160, 200))
    cash = story.listed(NEIGHBOUR, range(160, 200), fee=5_000)
    in_cash = {"remittance_id": cash.pk, "actor": world.clerk, "at": world.now}
    remittance_cash.receive(amount_dong=4_000_000, key="c1", **in_cash)
    remittance_cash.receive(amount_dong=cash.net_dong - 4_060_000, key="c2", **in_cash)
    remitting.write_off(remittance_id=cash.pk, reason="Rơi mất dọc đường", key="w", **books)

    found = difference_list(world.organization)
    named = {what: {story.ids.index(row.shipment.pk) for row in found.rows if row.what is what and row.shipment}
             for what in What}  # fmt: skip
    assert named[What.UNLISTED] == {*range(70, 80), *range(140, 150)}
    assert named[What.NOT_ARRIVED] == {*range(60, 70)}
    assert named[What.SAID_LESS] == {130}
    assert named[What.CAME_BACK] == {*range(80, 90), *range(150, 155)}
    assert named[What.LOST] == set(range(90, 96))
    assert named[What.ON_ITS_WAY] == {*range(96, 100), *range(155, 160)}
    assert {row.remittance.pk for row in found.rows if row.what is What.NOT_ARRIVED and row.remittance} == {waiting.pk}
    sums, here = found.sums, world.organization
    # 60,000 of money and the 5,000 that the neighbour keeps for the one parcel of which not all came.
    lost_dong = 60_000 + 5_000 + 5_000
    assert sums[What.WRITTEN_OFF] == lost_dong
    assert sums[What.OVER] == 7_000
    assert sums[What.SAID_LESS] == 9_000
    assert sums[What.UNLISTED] == story.dong(range(70, 80)) + story.dong(range(140, 150)) - 5_000
    assert sums[What.NOT_ARRIVED] == story.dong(range(60, 70))
    assert sums[What.FEE] == (30 + 12 + 15 + 15 + 4 + 30 + 10) * FEE + 39 * 5_000 == total(here, Kind.SHIPPING_COST)
    assert found.with_carrier_dong == total(here, Kind.WITH_CARRIER)
    paid = Kind.UNMATCHED_ARRIVALS, Kind.BANK, Kind.CASH
    arrived = total(here, paid[1]) + total(here, paid[2]) - total(here, paid[0])
    assert sums[What.ARRIVED] == arrived
    members_lost = sum(one.amount_dong for one in here.made_good.filter(kind="lost"))
    assert total(here, Kind.LOSSES) == lost_dong + members_lost
    assert found.unnamed_dong == 0
    assert found.to_collect_dong == story.dong(range(200))

    # Who has how much; what each has adds up to the whole.
    have = {one.name: one for one in holders(found, today=world.now.date())}
    assert set(have) == {COACH, POST}
    assert sum(one.dong for one in have.values()) == found.with_carrier_dong
    paid_orders = Order.objects.filter(organization=here, payment=Order.Payment.PAID)
    assert paid_orders.count() == 60 + 39 + 40  # what was said less of one parcel keeps its order waiting
    assert Shipment.objects.filter(state=Shipment.State.DELIVERED, order__payment="COVERED").count() == 31
    assert is_clean(world.organization, at=world.now)
