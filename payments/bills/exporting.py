"""What a biller takes away as a sheet: the bills of a run, and every đồng that came for them. For staff only."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from base.names import section_key, sort_key
from payments.bills import shares
from payments.bills.sheets import Cell, Table
from payments.models import Bill, BillLine, BillRun, FeeItem, ItemShare

PORTION = 1000


def bills_table(run: BillRun, *, today: date) -> Table:
    """A row a bill, by class and given name; a column for each item with what is asked for it.

    Whole đồng as numbers. Cancelled bills are there too, with nothing due. The same queries for each thousand bills.
    """
    items = list(FeeItem.objects.filter(bill_lines__bill__run=run).distinct().in_billers_order())
    head = [
        _("Lớp, thôn"), _("Họ và tên"), _("Mã số"), _("Mã chuyển khoản"), _("Hạn trả"), _("Phải thu (đồng)"),
        _("Đã trả (đồng)"), _("Còn phải trả (đồng)"), _("Tình trạng"), *[item.name for item in items],
    ]  # fmt: skip
    return Table(name=_("Khoản thu"), head=head, rows=_bills(run, [item.pk for item in items], today))


def payments_table(run: BillRun) -> Table:
    """A row for each item of a bill and each document that paid it, or gave it back (below zero), in their order."""
    head = [
        _("Ngày giờ"), _("Cách trả"), _("Chứng từ"), _("Mã chuyển khoản"), _("Lớp, thôn"), _("Họ và tên"), _("Mã số"),
        _("Mục thu"), _("Số tiền (đồng)"),
    ]  # fmt: skip
    return Table(name=_("Tiền đã nhận"), head=head, rows=_payments(run))


def _bills(run: BillRun, item_ids: list[int], today: date) -> Iterator[list[Cell]]:
    named = Bill.objects.filter(run=run).order_by().values_list("section", "account_name", "pk")
    ordered = sorted(named, key=lambda row: (section_key(row[0]), row[0], sort_key(row[1]), row[2]))
    for start in range(0, len(ordered), PORTION):
        wanted = [pk for _section, _name, pk in ordered[start : start + PORTION]]
        found = Bill.objects.select_related("account", "request").in_bulk(wanted)
        asked: defaultdict[int, dict[int, int]] = defaultdict(dict)
        lines = BillLine.objects.filter(bill__in=wanted).order_by().values_list("bill_id", "fee_item_id")
        for bill_id, item_id, dong in lines.annotate(Sum("amount_dong")):
            asked[bill_id][item_id] = dong
        for pk in wanted:
            bill = found[pk]
            request = bill.request
            yield [
                bill.section, bill.account_name, bill.account.number, request.code, bill.due_on, request.asked_dong,
                request.credited_dong, request.due_dong, _state(bill, today),
                *[asked[pk].get(item_id) for item_id in item_ids],
            ]  # fmt: skip


def _state(bill: Bill, today: date) -> str:
    if bill.request.takes_money and bill.due_on < today:
        return _("quá hạn, mới trả một phần") if bill.request.credited_dong else _("quá hạn")
    return str(bill.request.get_state_display())


def _payments(run: BillRun) -> Iterator[list[Cell]]:
    live = ItemShare.objects.filter(bill__run=run).filter(shares.LIVE | Q(shares.BACK))
    loaded = live.select_related(
        "bill__account", "bill__request", "fee_item", "settlement__transaction", "cash_receipt", "credit_use",
        "given_back",
    ).order_by("pk")  # fmt: skip
    for share in loaded.iterator(chunk_size=PORTION):
        bill = share.bill
        yield [
            *_document(share), bill.request.code, bill.section, bill.account_name, bill.account.number,
            share.fee_item.name, -share.amount_dong if share.given_back_id else share.amount_dong,
        ]  # fmt: skip


def _document(share: ItemShare) -> list[Cell]:
    """When, which way, and the number by which it is found again."""
    if share.settlement is not None:
        line = share.settlement.transaction
        return [line.happened_at, _("chuyển khoản"), line.reference or str(line.pk)]
    if share.cash_receipt is not None:
        return [share.cash_receipt.at, _("tiền mặt"), f"{share.cash_receipt.number:06d}"]
    if share.credit_use is not None:
        return [share.credit_use.at, _("trừ tiền đã trả thừa"), str(share.credit_use.pk)]
    assert share.given_back is not None
    return [share.given_back.at, _("điều chỉnh giảm"), str(share.given_back.pk)]
