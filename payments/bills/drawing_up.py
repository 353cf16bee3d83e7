"""Who is billed what in a run, and what stands in its way: reckoned anew from the rows each time, nothing written.

``runs.check`` shows it and ``publishing.publish`` writes it down, so a check promises what publishing does. A fixed
number of queries, however many accounts there are. Which rate, exemption and day count: charging.py.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG, figures
from base.periods import first_day, vietnam_day
from base.refusals import Refused
from cooperatives.models import Organization
from payments.bills import charging, rates
from payments.bills.charging import Charge, Reduction
from payments.models import (
    Agreement,
    BillingAccount,
    BillLine,
    BillRun,
    Exemption,
    ExemptShare,
    FeeItem,
    FeeRate,
    Reading,
    RunCount,
    RunItem,
)
from payments.models.accounts import BillingAccountQuerySet

Measure, Period = FeeItem.Measure, FeeItem.Period


class NoRate(Refused):
    code = "NO_RATE"
    sentence = _("%(item)s: chưa có mức thu cho tháng %(month)s.")


class ItemEnded(Refused):
    code = "ITEM_ENDED"
    sentence = _("%(item)s: khoản này đã ngừng thu.")


class NoReading(Refused):
    code = "NO_READING"
    sentence = _("%(name)s (%(number)s): chưa có chỉ số đồng hồ tháng %(month)s.")


class TooMuchAtOnce(Refused):
    code = "TOO_MUCH_AT_ONCE"
    sentence = _("%(name)s (%(number)s): tổng %(total)s quá %(most)s, ngân hàng không cho chuyển một lần.")


class NothingToBill(Refused):
    code = "NOTHING_TO_BILL"
    sentence = _("Đợt thu này chưa có phiếu nào: hãy xem lại khoản thu, lớp (thôn) và số lượng.")


class NoBankAccount(Refused):
    code = "NO_BANK_ACCOUNT"
    sentence = _("Chưa có tài khoản ngân hàng đang dùng để nhận tiền.")


class DuePassed(Refused):
    code = "DUE_PASSED"
    sentence = _("Hạn nộp đã qua. Hãy chọn ngày từ hôm nay trở đi.")


class BilledBefore(Refused):
    """Only said, never in the way: some billers collect in two rounds."""

    code = "BILLED_BEFORE"
    sentence = _("%(item)s: %(accounts)s người, hộ đã được thu khoản này trong cùng kỳ.")


class Hinder(NamedTuple):
    """Why a run cannot be published (or, in ``warnings``, what to look at first)."""

    code: str
    sentence: str
    item: FeeItem | None
    account: BillingAccount | None
    refusal: Refused


class LeftOut(NamedTuple):
    """An account of the run's sections that gets no bill."""

    account: BillingAccount
    code: str
    why: str


class Line(NamedTuple):
    item: FeeItem
    charge: Charge
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class NewBill:
    account: BillingAccount
    lines: list[Line]

    @property
    def total_dong(self) -> int:
        return sum(line.charge.amount_dong for line in self.lines)


@dataclass(slots=True)
class DrawnUp:
    """What a run comes to. ``rates`` by fee item: those that count."""

    bills: list[NewBill] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    hinders: list[Hinder] = field(default_factory=list)
    warnings: list[Hinder] = field(default_factory=list)
    rates: dict[int, FeeRate] = field(default_factory=dict)

    def hinder(self, refusal: Refused, *, item: FeeItem | None = None, account: BillingAccount | None = None) -> None:
        self.hinders.append(Hinder(refusal.code, refusal.message, item, account, refusal))


def accounts_of(run: BillRun) -> BillingAccountQuerySet:
    """Who may be billed by ``run``: of its sections, with the biller on at least one day of its month."""
    first, last = first_day(run.month), charging.last_day(run.month)
    theirs = BillingAccount.objects.filter(organization=run.organization_id, since__lte=last)
    theirs = theirs.filter(Q(until=None) | Q(until__gte=first))
    return theirs.filter(section__in=run.sections) if run.sections else theirs


def draw_up(run: BillRun, *, leave_out_unread: bool = False, at: datetime) -> DrawnUp:
    """The bills of ``run`` in order of class and name, and what hinders it. ``leave_out_unread``: an account whose
    meter was not read gets no bill instead of stopping all. Needs ``run`` with its organization and bank account."""
    drawn, today, first = DrawnUp(), vietnam_day(at), first_day(run.month)
    wanted = list(run.items.select_related("fee_item").order_by("fee_item__position", "fee_item_id"))
    items = [one.fee_item for one in wanted]
    drawn.rates = rates.in_force_of(items, on=first)
    for item in items:
        _look_at_item(drawn, item, run.month)
    if not run.bank_account.is_active:
        drawn.hinder(NoBankAccount(field="bank_account_id"))
    if run.due_on < today:
        drawn.hinder(DuePassed(field="due_on"))
    facts = Facts.of(run, items)
    priced = [one for one in wanted if one.fee_item_id in drawn.rates]
    for account in accounts_of(run).by_name():
        lines, unread = _lines_of(account, priced, drawn.rates, facts)
        if unread and not leave_out_unread:
            drawn.hinder(unread, account=account)
        if unread:
            drawn.left_out.append(LeftOut(account, unread.code, str(_("chưa có chỉ số đồng hồ"))))
        elif lines:
            drawn.bills.append(NewBill(account, lines))
        elif facts.has_left(account):
            drawn.left_out.append(LeftOut(account, "LEFT", str(_("đã thôi, không còn gì phải thu"))))
        else:
            drawn.left_out.append(LeftOut(account, "NOTHING", str(_("không có khoản nào phải thu"))))
    for bill in drawn.bills:
        if bill.total_dong > MAX_TRANSFER_DONG:
            too_much = TooMuchAtOnce(
                name=bill.account.name, number=bill.account.number, total=figures(bill.total_dong),
                most=figures(MAX_TRANSFER_DONG),
            )  # fmt: skip
            drawn.hinder(too_much, account=bill.account)
    if not drawn.bills and not drawn.hinders:
        drawn.hinder(NothingToBill())
    _warn_of_repeats(drawn, facts)
    return drawn


def _look_at_item(drawn: DrawnUp, item: FeeItem, month: str) -> None:
    rate = drawn.rates.get(item.pk)
    hindrance = NoRate(item=item.name, month=month) if rate is None else rates.hindrance(rate, item)
    if hindrance is not None:
        drawn.hinder(hindrance, item=item)
    if not item.is_active:
        drawn.hinder(ItemEnded(item=item.name), item=item)


@dataclass(slots=True)
class Facts:
    """What the rows say of everybody, looked up once."""

    month: str
    counts: dict[tuple[int, int], int]
    readings: dict[int, Reading]
    agreed: set[tuple[int, int]]
    exemptions: dict[int, list[Exemption]]
    shares: dict[tuple[int, int], Reduction]
    billed: set[tuple[int, int]]

    @classmethod
    def of(cls, run: BillRun, items: Sequence[FeeItem]) -> "Facts":
        first, last = first_day(run.month), charging.last_day(run.month)
        counts = RunCount.objects.filter(run=run).values_list("account_id", "fee_item_id", "quantity")
        readings = Reading.objects.filter(account__organization=run.organization_id, month=run.month, is_live=True)
        is_metered = any(item.measure == Measure.METERED for item in items)
        shares = ExemptShare.objects.filter(fee_item__in=items).select_related("group")
        exemptions = defaultdict[int, list[Exemption]](list)
        for one in Exemption.objects.filter(group__shares__fee_item__in=items).distinct():
            exemptions[one.account_id].append(one)
        agreements = Agreement.objects.filter(fee_item__in=items, since__lte=last)
        agreements = agreements.filter(Q(until=None) | Q(until__gte=first))
        return cls(
            month=run.month,
            counts={(account_id, fee_item_id): quantity for account_id, fee_item_id, quantity in counts},
            readings={one.account_id: one for one in readings} if is_metered else {},
            agreed=set(agreements.values_list("account_id", "fee_item_id")),
            exemptions=exemptions,
            shares={(one.group_id, one.fee_item_id): Reduction(one.reduction_bp, one.group.name) for one in shares},
            billed=_billed_in_period(run.organization, items, run.month),
        )

    def has_left(self, account: BillingAccount) -> bool:
        """Before the month was over."""
        return account.until is not None and account.until < charging.last_day(self.month)

    def reduction(self, account: BillingAccount, item: FeeItem, *, on: date) -> Reduction:
        theirs = [
            self.shares[one.group_id, item.pk]
            for one in self.exemptions.get(account.pk, ())
            if (one.group_id, item.pk) in self.shares and charging.is_live(one.since, one.until, on=on)
        ]
        return charging.largest(theirs)


def _lines_of(
    account: BillingAccount, wanted: Sequence[RunItem], rates_of: dict[int, FeeRate], facts: Facts
) -> tuple[list[Line], NoReading | None]:
    lines = []
    for one in wanted:
        item, reading, day = one.fee_item, None, first_day(facts.month)
        own = facts.counts.get((account.pk, item.pk))
        if own == 0 or not concerns(account, item, facts):
            continue
        if item.measure == Measure.METERED:
            reading = facts.readings.get(account.pk)
            if reading is None:
                if facts.has_left(account):
                    continue
                return [], NoReading(name=account.name, number=account.number, month=facts.month)
            quantity, day = reading.used, reading.read_on
        elif own is not None:
            quantity = own
        else:
            quantity = 0 if facts.has_left(account) else one.quantity
            if not quantity:
                continue
        rate = rates_of[item.pk]
        reduction = facts.reduction(account, item, on=day)
        charge = charging.charge(quantity=quantity, price_dong=rate.price_dong, steps=rate.steps, reduction=reduction)
        lines.append(Line(item, charge, reading))
    return lines, None


def concerns(account: BillingAccount, item: FeeItem, facts: Facts) -> bool:
    """Whether ``item`` can be billed to ``account`` at all."""
    if item.measure == Measure.METERED and account.kind != BillingAccount.Kind.METER:
        return False
    if not item.compulsory and (account.pk, item.pk) not in facts.agreed:
        return False
    return item.period != Period.ONCE or (account.pk, item.pk) not in facts.billed


def _billed_in_period(organization: Organization, items: Collection[FeeItem], month: str) -> set[tuple[int, int]]:
    """(account, item) pairs that a standing bill of the item's own period holds; of an item ``once``, any bill."""
    same = Q(pk__in=[])
    school = organization.kind == Organization.Kind.SCHOOL
    for item in items:
        months = charging.months_of_period(item.period, month, school=school)
        within = Q() if months is None else Q(bill__run__month__range=months)
        same |= Q(fee_item=item) & within
    lines = BillLine.objects.filter(same, kind=BillLine.Kind.CHARGE, bill__cancelled_at=None)
    return set(lines.values_list("bill__account_id", "fee_item_id"))


def _warn_of_repeats(drawn: DrawnUp, facts: Facts) -> None:
    again: defaultdict[int, list[Line]] = defaultdict(list)
    for bill in drawn.bills:
        for line in bill.lines:
            if (bill.account.pk, line.item.pk) in facts.billed:
                again[line.item.pk].append(line)
    for lines in again.values():
        item = lines[0].item
        said = BilledBefore(item=item.name, accounts=len(lines))
        drawn.warnings.append(Hinder(said.code, said.message, item, None, said))
