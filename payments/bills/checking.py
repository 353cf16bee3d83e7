"""What a draft comes to before it is published: totals, who pays less, who owes from before, what stands in the way."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.bills import drawing_up
from payments.bills.drawing_up import DrawnUp, Hinder, LeftOut
from payments.models import BillRun, FeeItem, PaymentRequest


class NotDraft(Refused):
    code = "NOT_DRAFT"
    sentence = _("Đợt thu này đã phát hành hoặc đã hủy, không sửa được nữa.")


class SectionTotal(NamedTuple):
    section: str
    bills: int
    dong: int


class ItemTotal(NamedTuple):
    item: FeeItem
    bills: int
    full_dong: int
    reduced_dong: int
    dong: int


class ExemptTotal(NamedTuple):
    """Who pays less for an item: how many of the group, and how much less together."""

    group: str
    item: FeeItem
    accounts: int
    dong: int


class Arrears(NamedTuple):
    """Of the accounts that are billed: how many still owe older bills, and how much."""

    accounts: int
    dong: int


@dataclass(frozen=True, slots=True)
class Check:
    """What a draft comes to if it is published now. ``hinders`` stop it, ``warnings`` do not. Sums in whole đồng."""

    bills: int
    total_dong: int
    by_section: list[SectionTotal]
    by_item: list[ItemTotal]
    exempt: list[ExemptTotal]
    arrears: Arrears
    left_out: list[LeftOut]
    hinders: list[Hinder]
    warnings: list[Hinder]


def check(run: BillRun, *, leave_out_unread: bool = False, at: datetime) -> Check:
    """What ``run`` comes to if it is published ``at`` this moment, and what stands in the way. Writes nothing; a fixed
    number of queries. Raises NotDraft."""
    if run.state != BillRun.State.DRAFT:
        raise NotDraft()
    drawn = drawing_up.draw_up(run, leave_out_unread=leave_out_unread, at=at)
    sections, items = dict[str, list[int]](), dict[int, ItemTotal]()
    exempt: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for bill in drawn.bills:
        sections.setdefault(bill.account.section, []).append(bill.total_dong)
        for item, charge, _reading in bill.lines:
            so_far = items.get(item.pk, ItemTotal(item, 0, 0, 0, 0))
            items[item.pk] = ItemTotal(
                item, so_far.bills + 1, so_far.full_dong + charge.full_dong,
                so_far.reduced_dong + charge.reduction_dong, so_far.dong + charge.amount_dong,
            )  # fmt: skip
            if charge.reduction_dong:
                exempt[charge.reduction_name, item.pk].append(charge.reduction_dong)
    return Check(
        bills=len(drawn.bills), total_dong=sum(bill.total_dong for bill in drawn.bills),
        by_section=[SectionTotal(section, len(sums), sum(sums)) for section, sums in sections.items()],
        by_item=sorted(items.values(), key=lambda total: (total.item.position, total.item.pk)),
        exempt=[
            ExemptTotal(group, items[item_id].item, len(less), sum(less))
            for (group, item_id), less in sorted(exempt.items())
        ],
        arrears=_arrears(run, drawn), left_out=drawn.left_out, hinders=drawn.hinders, warnings=drawn.warnings,
    )  # fmt: skip


def _arrears(run: BillRun, drawn: DrawnUp) -> Arrears:
    billed = {bill.account.pk for bill in drawn.bills}
    owing = PaymentRequest.objects.takes_money().filter(bill__isnull=False, organization=run.organization_id)
    left = owing.order_by().values_list("account_id").annotate(due=Sum(F("asked_dong") - F("credited_dong")))
    due = [dong for account_id, dong in left if account_id in billed and dong]
    return Arrears(len(due), sum(due))
