"""One parcel's money that several want to list, bring, drop or write off at one moment. PROVE=1: 200 rounds of each."""

from collections import Counter

import pytest
from django.utils import timezone

from cooperatives import ledger
from cooperatives.chart import Kind
from orders.models import Shipment
from payments import delivering, remitting
from payments.cod_differences import difference_list
from payments.models import BankTransaction, Remittance
from payments.remittance_reading import Row
from tests.payments.cod_world import on_their_way
from tests.race.conftest import ROUNDS
from tests.race.test_payments import call, later_books

__all__ = ["later_books"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.usefixtures("plenty")]

DONG = 73_421


def delivered(world):
    """One parcel for each round, its money with the coach."""
    ids = on_their_way(world, bags=[1] * (ROUNDS + 1), bearers=["Nhà xe"] * (ROUNDS + 1))
    for pk in ids:
        delivering.delivered(shipment_id=pk, actor=world.clerk, at=timezone.now())
    return [Shipment.objects.get(pk=pk).tracking for pk in ids]


def total(world, kind):
    return ledger.total_dong(organization=world.organization, kind=kind)


def test_two_take_the_same_parcel_into_a_list(world, race, rounds):
    parcels = delivered(world)
    for number in rounds("one parcel, eight lists"):
        wish = {"deed": "make_list", "organization": world.organization.pk, "parcel": parcels[number], "dong": DONG}
        answers = race([wish | {"actor": world.treasurer.pk, "key": f"{number}-{one}"} for one in range(8)])
        assert Counter(answers) == {DONG: 1, "REMITTANCE_ROWS": 7}
        assert Remittance.objects.count() == number


def test_a_line_settles_itself_while_others_take_cash_write_off_or_drop_the_list(world, feed, race, rounds):
    parcels = delivered(world)
    for number in rounds("one list: bank, cash, writing off, dropping"):
        remittance = remitting.make(
            organization_id=world.organization.pk, carrier_name="Nhà xe", rows=[Row(1, parcels[number], DONG, 0)],
            actor=world.treasurer, key=f"list {number}", at=timezone.now(),
        )  # fmt: skip
        before = total(world, Kind.CASH), total(world, Kind.WITH_CARRIER)
        mine = {"remittance": remittance.pk, "actor": world.treasurer.pk}
        paid, again, cash, off, dropped = race(
            [
                call(feed, remittance.code, DONG, number),
                call(feed, remittance.code, DONG, number),
                mine | {"deed": "bring_cash", "dong": DONG, "key": f"c{number}"},
                mine | {"deed": "write_off_list", "key": f"w{number}"},
                mine | {"deed": "drop_list"},
            ]
        )
        assert [paid, again] == ["200", "200"]
        remittance.refresh_from_db()
        by_bank = BankTransaction.objects.get(memo=remittance.code).state == "SETTLED"
        in_cash = total(world, Kind.CASH) - before[0]
        if remittance.state == "cancelled":
            assert (by_bank, in_cash, off, dropped) == (False, 0, "REMITTANCE_NOTHING_MISSING", "cancelled")
            assert total(world, Kind.WITH_CARRIER) == before[1]
        else:
            assert (remittance.state, total(world, Kind.WITH_CARRIER)) == ("done", before[1] - DONG)
            assert remittance.received_dong == (DONG if by_bank or in_cash else 0)
            assert (by_bank, in_cash) in {(True, 0), (False, DONG), (False, 0)}
            assert (cash == DONG) == bool(in_cash)
            assert dropped == "REMITTANCE_HAS_MONEY"
        assert difference_list(world.organization).unnamed_dong == 0
