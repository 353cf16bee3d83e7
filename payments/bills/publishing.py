"""A run becomes bills with codes, all at once or not at all; and a run that nobody paid is taken back."""

import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.codes import new_code
from base.many_rows import insert_rows, next_ids
from base.money import MAX_TRANSFER_DONG
from base.refusals import Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import User
from payments import bundles, deeds
from payments.bills import carrying, drawing_up, shares, sums
from payments.bills.checking import NotDraft
from payments.bills.drawing_up import DrawnUp, NewBill
from payments.bills.runs import locked_run
from payments.fresh_codes import fresh_codes
from payments.models import (
    Bill,
    BillLine,
    BillRun,
    CashReceipt,
    CreditUse,
    FeeItem,
    ItemShare,
    PaymentRequest,
    Reading,
    RunItem,
    Settlement,
)

State = BillRun.State
Asked = PaymentRequest.State


class NotPublished(Refused):
    code = "NOT_PUBLISHED"
    sentence = _("Đợt thu này chưa phát hành. Bản nháp thì xóa đi được.")


class SomebodyPaid(Refused):
    code = "SOMEBODY_PAID"
    sentence = _("Đã có người trả tiền cho đợt thu này, không hủy được. Hãy điều chỉnh từng phiếu.")


@again_when_locked_out
def publish(*, run_id: int, leave_out_unread: bool = False, actor: User, key: str, at: datetime) -> BillRun:
    """Make the bills of a draft, each with lines, a request and a code; a bill of 0 đồng is paid at once.

    What is owed to a payer is used for what his account has open, oldest due day first. Where the run carries arrears
    one more request stands for the new bill and the older open ones of the same account, into the same bank account.
    Rates are frozen in the run. About thirty queries for any number of bills; nothing is sent.

    Publishing again, by whichever key, returns the run. Raises NotFound; NotDraft for a cancelled run; whatever stands
    in the way (runs.check lists all of it): NoBasis, AboveCeiling, NoRate, ItemEnded, NoReading unless
    ``leave_out_unread``, TooMuchAtOnce, NothingToBill, NoBankAccount, DuePassed; KeyReused.
    """

    def do() -> str:
        run = locked_run(run_id, deed="publish_bills", actor=actor, at=at)
        if run.state == State.CANCELLED:
            raise NotDraft()
        if run.state == State.DRAFT:
            _lock_what_it_reads(run)
            drawn = drawing_up.draw_up(run, leave_out_unread=leave_out_unread, at=at)
            if drawn.hinders:
                raise drawn.hinders[0].refusal
            _freeze_rates(run, drawn)
            _write(run, drawn.bills, actor=actor, at=at)
            _use_credit_and_bundle(run, actor=actor, at=at)
            run.state, run.published_at, run.published_by = State.PUBLISHED, at, actor
            run.save(update_fields=["state", "published_at", "published_by"])
        return str(run.pk)

    with transaction.atomic():
        meaning = [run_id, leave_out_unread]
        done, _replayed = done_once(verb="bill_run_publish", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return BillRun.objects.select_related("organization", "bank_account").get(pk=int(done))


@again_when_locked_out
def cancel(*, run_id: int, reason: str, actor: User, at: datetime) -> BillRun:
    """Take a published run back while nobody paid anything: its bills and codes take no money any more, bundles that
    hold them ask for the rest. Credit that publishing used is owed again. Its readings can be billed anew.

    Cancelling again changes nothing. Raises NotFound, ReasonMissing, NotPublished, SomebodyPaid; GivenBackSince.
    """
    why = deeds.checked_reason(reason)
    with transaction.atomic():
        run = locked_run(run_id, deed="publish_bills", actor=actor, at=at)
        if run.state == State.DRAFT:
            raise NotPublished()
        if run.state == State.CANCELLED:
            return run
        requests = PaymentRequest.objects.filter(bill__run=run)
        locked = requests.select_for_update(of=("self",), no_key=True).order_by("id")
        ids = list(locked.values_list("pk", flat=True))
        _check_nobody_paid(run)
        used = CreditUse.objects.filter(payment_request__bill__run=run, undone_at=None).order_by("id")
        for credit_use_id in list(used.values_list("pk", flat=True)):
            carrying.undo(credit_use_id=credit_use_id, actor=actor, at=at)
        Bill.objects.filter(run=run).update(cancelled_at=at)
        requests.update(state=Asked.CANCELLED)
        sums.refresh_bundles(ids)
        run.state, run.cancelled_at, run.cancelled_by, run.cancel_reason = State.CANCELLED, at, actor, why
        run.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
        return run


def _lock_what_it_reads(run: BillRun) -> None:
    """Items by id: two runs with the same item are published one after the other, so that nobody pays twice what is
    paid once. Then the month's readings, so that none is replaced while a bill is made of it."""
    items = FeeItem.objects.select_for_update(of=("self",), no_key=True).filter(run_items__run=run).order_by("id")
    if FeeItem.Measure.METERED in {item.measure for item in items}:
        of_month = Reading.objects.filter(account__organization=run.organization_id, month=run.month, is_live=True)
        list(of_month.select_for_update(of=("self",), no_key=True).order_by("id").values_list("pk"))


def _freeze_rates(run: BillRun, drawn: DrawnUp) -> None:
    items = list(run.items.all())
    for item in items:
        item.rate = drawn.rates[item.fee_item_id]
    RunItem.objects.bulk_update(items, ["rate"])


def _write(run: BillRun, new: Sequence[NewBill], *, actor: User, at: datetime) -> None:
    """Rows of bills, lines and requests. Codes are dealt out at random: none tells of its neighbour in the class."""
    codes = fresh_codes(len(new), draw=new_code)
    secrets.SystemRandom().shuffle(codes)
    ids = next_ids(Bill, len(new))
    accounts = [(bill_id, bill.account) for bill_id, bill in zip(ids, new, strict=True)]
    insert_rows(
        Bill, ("id", "organization", "run", "account", "account_name", "section", "due_on", "created_at"),
        (
            (bill_id, run.organization_id, run.pk, account.pk, account.name, account.section, run.due_on, at)
            for bill_id, account in accounts
        ),
    )  # fmt: skip
    insert_rows(BillLine, _LINE, _line_rows(ids, new, actor=actor, at=at))
    insert_rows(
        PaymentRequest,
        ("organization", "bill", "is_bundle", "account", "bank_account", "code", "asked_dong", "credited_dong",
         "excess_dong", "state", "created_at"),
        (
            (run.organization_id, bill_id, False, bill.account.pk, run.bank_account_id, code, bill.total_dong, 0, 0,
             str(Asked.WAITING if bill.total_dong else Asked.PAID), at)
            for bill_id, bill, code in zip(ids, new, codes, strict=True)
        ),
    )  # fmt: skip


_LINE = (
    "bill", "fee_item", "position", "kind", "name", "quantity", "unit_price_dong", "full_dong", "reduction_dong",
    "reduction_name", "amount_dong", "reading", "reason", "at", "actor",
)  # fmt: skip


def _line_rows(
    bill_ids: Sequence[int], new: Sequence[NewBill], *, actor: User, at: datetime
) -> Iterator[tuple[Any, ...]]:
    kind = str(BillLine.Kind.CHARGE)
    for bill_id, bill in zip(bill_ids, new, strict=True):
        for item, charge, reading in bill.lines:
            yield (
                bill_id, item.pk, item.position, kind, item.name, charge.quantity, charge.unit_price_dong,
                charge.full_dong, charge.reduction_dong, charge.reduction_name, charge.amount_dong,
                reading.pk if reading else None, "", at, actor.pk,
            )  # fmt: skip


def _use_credit_and_bundle(run: BillRun, *, actor: User, at: datetime) -> None:
    """Older open requests are locked before the accounts whose credit is used (docs/locking.md)."""
    billed = Bill.objects.filter(run=run).order_by().values("account")
    open_ = PaymentRequest.objects.takes_money().filter(organization=run.organization_id, account__in=billed)
    open_ = open_.filter(bill__isnull=False).select_related("bill").order_by("id")
    requests = list(open_.select_for_update(of=("self",), no_key=True))
    for request in requests:
        request.organization = run.organization
    new = [request for request in requests if _is_of(request, run)]
    if carrying.apply(new, actor=actor, at=at):
        requests = list(open_)  # it also paid for older ones
    if not run.carries_arrears:
        return
    by_account: defaultdict[int | None, list[PaymentRequest]] = defaultdict(list)
    for request in requests:
        if request.bank_account_id == run.bank_account_id and request.due_dong:
            by_account[request.account_id].append(request)
    groups = [group for group in by_account.values() if _stand_together(group, run)]
    if groups:
        bundles.make_many(groups=groups, at=at)


def _stand_together(group: Sequence[PaymentRequest], run: BillRun) -> bool:
    """Something new and something old, which one transfer can carry and one bundle can hold."""
    new = sum(_is_of(request, run) for request in group)
    total = sum(request.due_dong for request in group)
    return 0 < new < len(group) <= bundles.MOST and total <= MAX_TRANSFER_DONG


def _is_of(request: PaymentRequest, run: BillRun) -> bool:
    return request.bill is not None and request.bill.run_id == run.pk


def _check_nobody_paid(run: BillRun) -> None:
    """Credit that was used in the moment of publishing is nobody's payment: it is taken back with the run."""
    assert run.published_at is not None
    paid = ItemShare.objects.filter(shares.LIVE, bill__run=run).exclude(credit_use__at=run.published_at)
    came = Settlement.objects.filter(payment_request__bill__run=run, undone_at=None)  # an excess has no share
    cash = CashReceipt.objects.filter(payment_request__bill__run=run, undone_at=None)
    if paid.exists() or came.exists() or cash.exists():
        raise SomebodyPaid()
