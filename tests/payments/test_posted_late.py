"""Lines that a bank posts a day later than its call told them, exported more than once."""

from datetime import datetime, timedelta

import pytest

from base.periods import VIETNAM_OFFSET
from payments import importing, inbox
from payments.models import BankTransaction
from payments.providers.arrival import Arrival
from tests.payments.statements.files import HEADER, as_csv
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("source", ["sepay:live", "sms"])
@pytest.mark.parametrize("reference", ["FT1", ""])
def test_what_is_posted_the_next_day_and_exported_in_two_formats_is_one_line(
    world: World, source: str, reference: str
) -> None:
    at = datetime(2026, 3, 15, 23, 50, tzinfo=VIETNAM_OFFSET)
    memo, number = "tien hang ngay 1503 L1", world.bank_account.number
    told = Arrival(
        source_id="7", account=number, dong=75_000, direction="in", memo=memo, happened_at=at, reference="FT1"
    )
    inbox.write_down(
        arrival=told, organization=world.organization, bank_account=world.bank_account, source=source, at=at
    )
    for balance in ([75_000], []):
        row = ["16/03/2026", reference, "", 75_000, *balance, memo]
        importing.import_statement(
            bank_account_id=world.bank_account.pk, name="sao kê.csv", actor=world.treasurer, at=at + timedelta(days=2),
            data=as_csv([HEADER if balance else [name for name in HEADER if name != "Số dư"], row]),
        )  # fmt: skip
    assert BankTransaction.objects.count() == 1
