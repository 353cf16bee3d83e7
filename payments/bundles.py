"""One QR for several bills of one biller: a request that stands for others and holds no money of its own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from base.codes import is_well_formed, new_code
from base.money import MAX_TRANSFER_DONG, figures
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from payments.bills import shares
from payments.fresh_codes import fresh_codes
from payments.models import BundlePart, PaymentRequest

MOST = 40
"""Bills of one household at one biller; more is no household."""


class NotTogether(Refused):
    code = "NOT_TOGETHER"
    sentence = _("Các khoản này của hai nơi thu hoặc hai tài khoản khác nhau, không trả chung một lần được.")


class NothingDue(Refused):
    code = "NOTHING_DUE"
    sentence = _("Các khoản đã chọn đều không còn phải trả.")


class TooManyTogether(Refused):
    code = "TOO_MANY_TOGETHER"
    sentence = _("Chọn nhiều nhất 40 khoản một lần.")


class TooMuchTogether(Refused):
    code = "TOO_MUCH_TOGETHER"
    sentence = _("Cộng lại quá %(most)s, ngân hàng không cho chuyển một lần. Hãy chọn ít khoản hơn.")


@again_when_locked_out
def make(*, codes: Sequence[str], at: datetime) -> PaymentRequest:
    """One request for what is still due on the bills with these codes; repeating it gives the same one.

    Codes of bills that are paid or cancelled are left out; one that is left alone is itself the answer. Raises
    NotFound for a code that is no bill's, TooManyTogether, NotTogether, NothingDue, TooMuchTogether.
    """
    wanted = sorted({code for code in codes if is_well_formed(code)})
    if not wanted or len(wanted) < len(set(codes)):
        raise NotFound()
    if len(wanted) > MOST:
        raise TooManyTogether(field="codes")
    with transaction.atomic():
        locked = PaymentRequest.objects.select_for_update(of=("self",), no_key=True)
        rows = list(locked.select_related("bill", "organization").filter(code__in=wanted).order_by("id"))
        if len(rows) < len(wanted) or any(row.bill is None for row in rows):
            raise NotFound()
        if len({(row.organization_id, row.bank_account_id) for row in rows}) > 1:
            raise NotTogether(field="codes")
        parts = [row for row in rows if row.takes_money and row.due_dong]
        if not parts:
            raise NothingDue(field="codes")
        if sum(part.due_dong for part in parts) > MAX_TRANSFER_DONG:
            raise TooMuchTogether(field="codes", most=figures(MAX_TRANSFER_DONG))
        if len(parts) == 1:
            return parts[0]
        return _same(parts) or make_many(groups=[parts], at=at)[0]


def make_many(*, groups: Sequence[Sequence[PaymentRequest]], at: datetime) -> list[PaymentRequest]:
    """One bundle for each group of open requests of bills of one biller and bank account, in order.

    Needs an open transaction and the locked requests, each with its ``bill`` loaded. A handful of queries for any
    number of groups.
    """
    codes = iter(fresh_codes(len(groups), draw=new_code))
    ordered = [sorted(group, key=_paying_order) for group in groups]
    bundles = PaymentRequest.objects.bulk_create(
        [
            PaymentRequest(
                organization_id=group[0].organization_id, is_bundle=True, account_id=group[0].account_id,
                bank_account_id=group[0].bank_account_id, code=next(codes), created_at=at,
                asked_dong=sum(part.due_dong for part in group),
            )
            for group in ordered
        ],
        batch_size=500,
    )  # fmt: skip
    BundlePart.objects.bulk_create(
        [
            BundlePart(bundle=bundle, part=part)
            for bundle, group in zip(bundles, ordered, strict=True)
            for part in group
        ],
        batch_size=500,
    )
    return bundles


def parts_of(bundle: PaymentRequest) -> list[PaymentRequest]:
    """Its requests with their bills, in paying order: oldest due day first, then by code."""
    parts = PaymentRequest.objects.filter(bundled_in__bundle=bundle).select_related("account", "bill__run")
    return sorted(parts, key=_paying_order)


def bills_of(request: PaymentRequest, *, standing: bool = False) -> list[int]:
    """The bills of ``request`` in paying order; none for an order's. ``standing``: of a bundle only those that were not
    cancelled since: money goes to them alone."""
    if request.bill_id is not None:
        return [request.bill_id]
    if not request.is_bundle:
        return []
    held = PaymentRequest.objects.filter(bundled_in__bundle=request)
    if standing:
        held = held.exclude(state=PaymentRequest.State.CANCELLED)
    ids = held.values_list("bill_id", flat=True)
    return shares.in_paying_order([bill_id for bill_id in ids if bill_id is not None])


def _paying_order(request: PaymentRequest) -> tuple[object, str]:
    assert request.bill is not None
    return request.bill.due_on, request.code


def _same(parts: Sequence[PaymentRequest]) -> PaymentRequest | None:
    """The open bundle of just these parts that asks just what is due, where somebody made it before."""
    due = sum(part.due_dong for part in parts)
    ids = {part.pk for part in parts}
    like = PaymentRequest.objects.takes_money().filter(parts__part=parts[0], asked_dong=due, credited_dong=0)
    of_size = like.annotate(size=Count("parts")).order_by("-id")
    for bundle in PaymentRequest.objects.filter(pk__in=[row.pk for row in of_size]).order_by("-id"):
        if set(bundle.parts.values_list("part_id", flat=True)) == ids:
            return bundle
    return None
