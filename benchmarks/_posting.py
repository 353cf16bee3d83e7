"""``python benchmarks/_posting.py SECONDS``: entries as fast as they go into the empty database of DATABASE_URL.

Prints as JSON how many a second ``ledger.post`` made, and how many the same statements made by plain SQL.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from base.periods import vietnam_day
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Move
from cooperatives.models import LedgerAccount, Posting
from tests import people

ACCOUNTS, WARM_UP = 200, 50

Post = Callable[[int], None]


def main(seconds: float) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    home = people.organization("so-cai", "HTX Sổ Cái", at=now)
    hot = Acct(Kind.BANK, "bank:1")

    def post(number: int) -> None:
        other = Acct(Kind.UNMATCHED_ARRIVALS, f"transaction:{number % ACCOUNTS}")
        with transaction.atomic():
            ledger.post(
                organization=home, key=f"arrived:{number}", event=Event.ARRIVED, meaning={"transaction": number},
                moves=[Move(hot, other, 1_000)], booked_on=vietnam_day(now), at=now,
            )  # fmt: skip

    for number in range(WARM_UP + ACCOUNTS):  # the accounts are opened here, and counted in neither
        post(number)
    posted = _a_second(post, start=WARM_UP + ACCOUNTS, seconds=seconds)
    plain = _a_second(_by_hand(), start=0, seconds=seconds)
    sums = Posting.objects.aggregate(total=Sum("amount_dong"))["total"]
    [bank] = LedgerAccount.objects.filter(kind=Kind.BANK)
    assert (bank.debits, bank.credits) == (sums, 0), "the hot account holds what was posted"
    print(json.dumps({"through_django": posted, "plain_sql": plain}))


def _a_second(post: Post, *, start: int, seconds: float) -> float:
    number, began = start, time.perf_counter()
    while time.perf_counter() - began < seconds:
        post(number)
        number += 1
    return (number - start) / (time.perf_counter() - began)


def _by_hand() -> Post:
    """The least that books an entry: its row and its posting; the triggers move the balances as before."""
    [template] = ledger.Entry.objects.order_by("-id")[:1]
    first = template.postings.get()
    columns = [field.column for field in template._meta.concrete_fields if not field.primary_key]
    values = [getattr(template, field.attname) for field in template._meta.concrete_fields if not field.primary_key]
    key_at = columns.index("key")
    marks = ", ".join(["%s"] * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    entry = f"INSERT INTO cooperatives_entry ({names}) VALUES ({marks}) RETURNING id"
    posting = "INSERT INTO cooperatives_posting (entry_id, debit_id, credit_id, amount_dong) VALUES (%s, %s, %s, %s)"

    def post(number: int) -> None:
        values[key_at] = f"plain:{number}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(entry, values)
            [entry_id] = cursor.fetchone()
            cursor.execute(posting, [entry_id, first.debit_id, first.credit_id, 1_000])

    return post


if __name__ == "__main__":
    main(float(sys.argv[1]))
