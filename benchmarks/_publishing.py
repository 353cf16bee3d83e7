"""``python benchmarks/_publishing.py BILLS``: a run of so many bills, published into the empty database of
DATABASE_URL, checked before and cancelled after. Prints as JSON how long each took, and the bare rows beside it."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, models, transaction

from base.codes import new_code
from base.periods import VIETNAM_OFFSET
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Booking, Move
from cooperatives.models import Organization
from payments.bills import catalogue, publishing, runs
from payments.bills.runs import Count, ItemWanted
from payments.fresh_codes import fresh_codes
from payments.models import (
    Bill,
    BillingAccount,
    BillLine,
    BillRun,
    BundlePart,
    CreditUse,
    Exemption,
    PaymentRequest,
    Reading,
)
from tests import billers, people

NOW = datetime(2026, 10, 28, 9, 0, tzinfo=VIETNAM_OFFSET)
SECTIONS = 50
T = TypeVar("T")


def main(bills: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    owner = people.organization("nuoc-sach", "Trường nội trú có nước sạch", at=NOW)
    Organization.objects.filter(pk=owner.pk).update(bills=True)
    people.bank_account(owner, number="0011000555555", at=NOW)
    manager = people.user("Đỗ Thị Mai", "+84912000005")
    people.grant(manager, owner, "manager")
    meals = billers.fee_item(owner, "Tiền ăn", price_dong=30_000, measure="counted", unit_name="suất")
    boarding = billers.fee_item(owner, "Ở nội trú", price_dong=150_000)
    water = billers.fee_item(
        owner, "Nước sạch", price_dong=0, measure="metered", steps=[[10, 6_000], [20, 7_500], [None, 9_000]],
        unit_name="m³",
    )  # fmt: skip
    accounts = _accounts(owner, bills)
    group = catalogue.group_set(
        organization_id=owner.pk, name="Hộ cận nghèo", legal_basis="QĐ 12", shares={meals.pk: 5_000, water.pk: 2_500},
        actor=manager, key="group", at=NOW,
    )  # fmt: skip
    Exemption.objects.bulk_create(
        Exemption(account=account, group=group, since=date(2026, 1, 1), recorded_at=NOW) for account in accounts[::10]
    )

    def draft(month: str, sections: list[str]) -> BillRun:
        run = runs.create(
            organization_id=owner.pk, name=f"Tháng {month}", month=month, due_on=date(2026, 11, 15), sections=sections,
            items=[ItemWanted(meals.pk, 20), ItemWanted(boarding.pk), ItemWanted(water.pk)], actor=manager,
            key=f"run:{month}", at=NOW,
        )  # fmt: skip
        counts = [Count(account.pk, meals.pk, 15 + place % 9) for place, account in enumerate(accounts)]
        return runs.set_counts(run_id=run.pk, counts=counts, actor=manager, at=NOW)

    def publish(run: BillRun) -> None:
        publishing.publish(run_id=run.pk, actor=manager, key=f"publish:{run.pk}", at=NOW)

    publish(draft("2026-09", [f"Xóm {place}" for place in range(SECTIONS // 10)]))
    _owe(owner, [account for account in accounts if account.section == "Xóm 9"], at=NOW)
    run = draft("2026-10", [])
    check_s, check = _timed(lambda: runs.check(BillRun.objects.get(pk=run.pk), at=NOW))
    assert (check.bills, check.hinders) == (bills, [])
    publish_s, _ = _timed(lambda: publish(run))
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = BillLine.objects.filter(bill__run=run)
    asked = PaymentRequest.objects.filter(bill__run=run).aggregate(dong=models.Sum("asked_dong"))["dong"]
    assert (lines.count(), asked) == (3 * bills, check.total_dong), "published as it was checked"
    told = {"bundles": BundlePart.objects.values("bundle").distinct().count(), "credits": CreditUse.objects.count()}
    floor_s = _floor(run, draft("2026-12", []))
    cancel_s, _ = _timed(lambda: publishing.cancel(run_id=run.pk, reason="đo thử", actor=manager, at=NOW))
    figures = {"publish_s": publish_s, "check_s": check_s, "floor_s": floor_s, "cancel_s": cancel_s, "bills": bills}
    print(json.dumps({**told, **figures, "lines": 3 * bills, "peak_mib": peak_mib}))


def _accounts(owner: Organization, bills: int) -> list[BillingAccount]:
    """One meter and one child each, read in September and in October."""
    accounts = BillingAccount.objects.bulk_create(
        [
            BillingAccount(
                organization=owner, kind="meter", number=f"DH{place:05d}", name=f"Nguyễn Văn {place}", created_at=NOW,
                name_key=f"{place:05d}", section=f"Xóm {place % SECTIONS}", section_key=f"{place % SECTIONS:03d}",
                since=date(2026, 1, 1),
            )
            for place in range(bills)
        ],
        batch_size=500,
    )  # fmt: skip
    for month, old in (("2026-09", 100), ("2026-10", 200)):
        Reading.objects.bulk_create(
            [
                Reading(
                    account=account, month=month, read_on=date(2026, 10, 1), old_value=old, new_value=old + place % 35,
                    used=place % 35, recorded_at=NOW,
                )
                for place, account in enumerate(accounts)
            ],
            batch_size=500,
        )  # fmt: skip
    return accounts


def _owe(owner: Organization, accounts: list[BillingAccount], *, at: datetime) -> None:
    """40,000 đồng from before are owed to each of them."""
    for start in range(0, len(accounts), 100):
        bookings = [
            Booking(
                key=f"opened:{account.pk}", event=Event.OPENED, meaning={"account": account.pk}, booked_on=at.date(),
                moves=[Move(Acct(Kind.OPENING, ""), Acct(Kind.OWED_TO_PAYERS, f"account:{account.pk}"), 40_000)],
            )
            for account in accounts[start : start + 100]
        ]  # fmt: skip
        with transaction.atomic():
            ledger.post_many(organization=owner, bookings=bookings, at=at)


def _floor(published: BillRun, empty: BillRun) -> float:
    """The same rows for another run, by bare ``executemany`` into the same tables; rolled back."""
    bills, lines, requests = (
        (model, [field for field in model._meta.concrete_fields if field.column != "id" or model is Bill])
        for model in (Bill, BillLine, PaymentRequest)
    )
    shift = Bill.objects.order_by("-pk").values_list("pk", flat=True)[0]
    rows = {
        Bill: _rows(bills, Bill.objects.filter(run=published), id=lambda pk: pk + shift, run_id=lambda _: empty.pk),
        BillLine: _rows(lines, BillLine.objects.filter(bill__run=published), bill_id=lambda pk: pk + shift),
    }
    asked = PaymentRequest.objects.filter(bill__run=published)
    codes = iter(fresh_codes(asked.count(), draw=new_code))
    changes: dict[str, Callable] = {"bill_id": lambda pk: pk + shift, "code": lambda _: next(codes)}
    rows[PaymentRequest] = _rows(requests, asked, **changes)
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for model, fields in (bills, lines, requests):
            names = ", ".join(f'"{field.column}"' for field in fields)
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", rows[model])
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    return spent


def _rows(table: tuple, those: models.QuerySet, **changes: Callable) -> list[list[object]]:
    _model, fields = table
    made = []
    for values in those.values_list(*[field.attname for field in fields]):
        row = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
        for name, change in changes.items():
            place = next(place for place, field in enumerate(fields) if field.attname == name)
            row[place] = change(row[place])
        made.append(row)
    return made


def _timed(do: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = do()
    return time.perf_counter() - began, result


if __name__ == "__main__":
    main(int(sys.argv[1]))
