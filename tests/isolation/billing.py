"""What one side bills: pupils and a meter, a household, runs in each state, cash in boxes and on its way."""

from datetime import datetime, timedelta

from django.utils import timezone
from graphql_relay import to_global_id

from base.periods import month_of, vietnam_day
from cooperatives.models import Organization, RoleGrant, User
from payments import cash, cash_boxes, cash_out, inbox, settlement
from payments.bills import accounts, catalogue, households, publishing, rates, readings, runs
from payments.models import Bill, BillingAccount, BillRun, FeeItem
from payments.providers.arrival import Arrival
from tests import people

ITEM_DONG = 50_000


class _Billing:
    def __init__(self, letter: str, home: Organization, *, staff: dict[str, User], at: datetime) -> None:
        self.letter, self.home, self.staff, self.at, self.done = letter, home, staff, at, 0
        self.today = vietnam_day(at)
        self.month = month_of(self.today)

    @property
    def told(self) -> dict[str, object]:
        """Who, when, and a key of its own."""
        self.done += 1
        return {"actor": self.staff["manager"], "key": f"{self.letter}-{self.done}", "at": self.at}

    def item(self, name: str, **more: object) -> FeeItem:
        given = {"period": "month", "measure": "flat", "compulsory": True} | more
        item = catalogue.item_create(organization_id=self.home.pk, name=name, **given, **self.told)
        rates.rate_set(
            fee_item_id=item.pk, since=people.OPENED_ON, price_dong=ITEM_DONG, legal_basis="Biên bản họp", **self.told
        )
        return item

    def account(self, number: str, name: str, **more: object) -> BillingAccount:
        given = {"kind": "pupil", "section": "3A", "since": people.OPENED_ON} | more
        return accounts.add(organization_id=self.home.pk, number=number, name=name, **given, **self.told)

    def run(self, name: str, *items: FeeItem, published: bool = True) -> BillRun:
        run = runs.create(
            organization_id=self.home.pk, name=name, month=self.month, due_on=self.today + timedelta(days=20),
            items=[runs.ItemWanted(item.pk) for item in items], **self.told,
        )  # fmt: skip
        return publishing.publish(run_id=run.pk, **self.told) if published else run


def make_billing(
    letter: str, home: Organization, *, staff: dict[str, User], keeper_phone: str, at: datetime
) -> dict[str, str]:
    """The names of all of it. The given names prove who holds a bill, so both sides have one of their own."""
    Organization.objects.filter(pk=home.pk).update(bills=True)
    home.refresh_from_db()
    made = _Billing(letter, home, staff=staff, at=at)
    lunch, club = made.item("Ăn trưa"), made.item("Câu lạc bộ", compulsory=False)
    water = made.item("Nước", measure="metered", unit_name="m³")
    group = catalogue.group_set(
        organization_id=home.pk, name=f"Diện Giấu {letter}", legal_basis="", shares={lunch.pk: 5000}, **made.told
    )
    parent = households.make(organization_id=home.pk, name=f"Mẹ Giấu {letter}", phone="", place="", **made.told)
    given_name = f"Quỳnh{letter}"
    child = made.account(f"HS-{letter}", f"Bé Giấu {letter} {given_name}", household_id=parent.pk)
    paid_too_much = made.account(f"HT-{letter}", f"Em Giấu {letter}", household_id=parent.pk)
    meter = made.account(f"DH-{letter}", f"Nhà Giấu {letter}", kind="meter", section="Xóm 1")
    reading = readings.record(
        account_id=meter.pk, month=made.month, read_on=made.today, old_value=0, new_value=9, **made.told
    )
    of_lunch, of_water = made.run("Đợt một", lunch), made.run("Đợt nước", water)
    unpaid, draft = made.run("Đợt hai", lunch), made.run("Đợt ba", lunch, published=False)
    bill, other = (Bill.objects.get(run=run, account=child) for run in (of_lunch, unpaid))
    credited = Bill.objects.get(run=of_lunch, account=paid_too_much)
    _pays(home, credited.request.code, 2 * ITEM_DONG, at=at)
    Organization.objects.filter(pk=home.pk).update(carries_credit=True)

    keeper = people.user(f"người thu {letter}", keeper_phone)
    people.grant(keeper, home, RoleGrant.Role.CLERK)
    now = timezone.now()
    clerk, treasurer = staff["clerk"], staff["treasurer"]
    of_meter = Bill.objects.get(run=of_water, account=meter)
    receipt = cash.receive(code=of_meter.request.code, amount_dong=100_000, actor=clerk, key="thu một", at=now)
    cash.receive(code=of_meter.request.code, amount_dong=100_000, actor=clerk, key="thu hai", at=now)
    cash.receive(code=of_meter.request.code, amount_dong=100_000, actor=treasurer, key="thu ba", at=now)
    voucher = cash_out.pay_cost(
        organization_id=home.pk, kind="carriage", amount_dong=5_000, to_name="Anh Tài", reason="cước một kiện",
        actor=clerk, key="chi một", at=now,
    )  # fmt: skip
    handover = cash_boxes.offer(
        organization_id=home.pk, to_keeper_id=treasurer.pk, amount_dong=20_000, actor=clerk, key="đưa", at=now
    )
    return {
        "fee_item": to_global_id("FeeItem", lunch.pk), "voluntary_item": to_global_id("FeeItem", club.pk),
        "exempt_group": to_global_id("ExemptGroup", group.pk),
        "billing_account": to_global_id("BillingAccount", child.pk),
        "credited_account": to_global_id("BillingAccount", paid_too_much.pk),
        "meter": to_global_id("BillingAccount", meter.pk), "household": to_global_id("Household", parent.pk),
        "household_token": parent.token, "draft_run": to_global_id("BillRun", draft.pk),
        "unpaid_run": to_global_id("BillRun", unpaid.pk), "bill": to_global_id("Bill", bill.pk),
        "open_bill": to_global_id("Bill", Bill.objects.get(run=unpaid, account=paid_too_much).pk),
        "bill_code": bill.request.code, "other_bill_code": other.request.code, "given_name": given_name,
        "reading": to_global_id("Reading", reading.pk), "cash_receipt": to_global_id("CashReceipt", receipt.pk),
        "cash_voucher": to_global_id("CashVoucher", voucher.pk),
        "handover": to_global_id("CashHandover", handover.pk), "keeper": to_global_id("CashKeeper", keeper.pk),
    }  # fmt: skip


def _pays(home: Organization, code: str, dong: int, *, at: datetime) -> None:
    account = home.bank_accounts.get()
    arrived = Arrival(
        source_id=f"{code} {dong}", account=account.number, dong=dong, direction="in", memo=code, happened_at=at,
        raw=code,
    )  # fmt: skip
    written = inbox.write_down(arrival=arrived, organization=home, bank_account=account, source="sepay:live", at=at)
    assert written.transaction is not None
    settlement.settle(transaction_id=written.transaction.pk, at=at)
