"""Bills against the money that came for them: each item, each request, each bundle, each document's shares
(docs/books.md §3)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from cooperatives.chart import Kind
from cooperatives.verifying import Finding
from payments.audit_sums import CHUNK, Documents, Sums, compare, due_state, sum_by
from payments.bills.shares import BACK, LIVE
from payments.models import Bill, BillLine, BundlePart, CashReceipt, CreditUse, GivenBack, PaymentRequest, Settlement

State = PaymentRequest.State
Row = tuple[int, int | None, int, int, int, str]
"""Of a request: id, bill, asked, credited, excess, state."""


def bills(have: Documents) -> Finding:
    """What each item of each bill is paid, added up three ways: its shares, its request, its item's turnover."""
    found = Finding()
    if not have.has_bills:
        compare(found, "turnover of", have.balances[Kind.BILL_ITEMS], {})
        return found
    asked, paid = _items(found, have)
    due: Sums = Counter()
    excess = sum_by(have.settlements.filter(payment_request__order=None), "payment_request_id", "excess_dong")
    due_of_parts = _requests(found, have, asked, paid, excess, due)
    _bundles(found, have, excess, due, due_of_parts)
    _documents(found, have)
    turnover = sum_by(have.shares.filter(LIVE), "fee_item_id", "amount_dong", prefix="fee_item:")
    turnover.subtract(sum_by(have.shares.filter(BACK), "fee_item_id", "amount_dong", prefix="fee_item:"))
    compare(found, "turnover of", have.balances[Kind.BILL_ITEMS], turnover)
    return found


def _items(found: Finding, have: Documents) -> tuple[Sums, Sums]:
    """By bill, what its items ask and what they are paid. No item is paid more than it asks, none less than nothing."""
    asked, paid = Sums(), Sums()
    of_items: dict[tuple[int, int], list[int]] = {}
    lines = BillLine.objects.filter(bill__organization=have.organization).order_by().values_list("bill", "fee_item")
    for bill_id, item_id, dong in lines.annotate(Sum("amount_dong")).iterator(chunk_size=CHUNK):
        of_items[bill_id, item_id] = [dong, 0]
        asked[bill_id] += dong
    for rows, sign in ((have.shares.filter(LIVE), 1), (have.shares.filter(BACK), -1)):
        grouped = rows.order_by().values_list("bill", "fee_item").annotate(Sum("amount_dong"))
        for bill_id, item_id, dong in grouped.iterator(chunk_size=CHUNK):
            of_items.setdefault((bill_id, item_id), [0, 0])[1] += sign * dong
            paid[bill_id] += sign * dong
    for (bill_id, item_id), (item_asked, item_paid) in of_items.items():
        if not 0 <= item_paid <= item_asked:
            off = max(item_paid - item_asked, -item_paid)
            found.add(f"bill {bill_id}: item {item_id} asks {item_asked} đồng and is paid {item_paid}", off)
    return asked, paid


def _requests(
    found: Finding, have: Documents, asked: Sums, paid: Sums, excess: Sums, due: Sums
) -> dict[int, tuple[int | None, bool]]:
    """Each bill has a request that says what its lines and shares say. Fills ``due`` by request; returns by request
    its bill and whether it is cancelled."""
    bills = dict(Bill.objects.filter(organization=have.organization).values_list("pk", "cancelled_at"))
    seen: dict[int, tuple[int | None, bool]] = {}
    for pk, bill_id, said_asked, credited, said_excess, said_state in _rows(have, bill__isnull=False):
        is_cancelled = bills.pop(bill_id or 0, None) is not None
        seen[pk] = (bill_id, is_cancelled)
        should = (asked[bill_id], paid[bill_id], excess[pk])
        if (said_asked, credited, said_excess) != should:
            off = abs(said_asked - should[0]) + abs(credited - should[1]) + abs(said_excess - should[2])
            found.add(f"request {pk}: says {(said_asked, credited, said_excess)} đồng, its documents {should}", off)
        state = State.CANCELLED if is_cancelled else due_state(*should)
        if said_state != state:
            found.add(f"request {pk}: {said_state}, its documents make it {state}", 0)
        if is_cancelled and should[1]:
            found.add(f"bill {bill_id} is cancelled and was paid {should[1]} đồng", should[1])
        due[pk] = 0 if is_cancelled else should[0] - should[1]
    for bill_id in bills:
        found.add(f"bill {bill_id} has no request", asked[bill_id])
    return seen


def _bundles(
    found: Finding, have: Documents, excess: Sums, due: Sums, parts: dict[int, tuple[int | None, bool]]
) -> None:
    """A bundle asks no more of anybody than its parts do: what of them is no longer due counts as credited."""
    of_bundle: dict[int, list[int]] = {}
    held = BundlePart.objects.filter(bundle__organization=have.organization).order_by("pk")
    for bundle_id, part_id in held.values_list("bundle_id", "part_id").iterator(chunk_size=CHUNK):
        of_bundle.setdefault(bundle_id, []).append(part_id)
    for pk, _bill, asked, credited, said_excess, said_state in _rows(have, is_bundle=True):
        own = of_bundle.get(pk, [])
        if len(own) < 2 or any(part not in parts for part in own):
            found.add(f"bundle {pk}: holds {own}, which are not bills of this organization", asked)
            continue
        should = asked - min(asked, sum(due[part] for part in own))
        if (credited, said_excess) != (should, excess[pk]):
            off = abs(credited - should) + abs(said_excess - excess[pk])
            found.add(f"bundle {pk}: says {credited} + {said_excess} đồng, its bills {should} + {excess[pk]}", off)
        all_cancelled = all(parts[part][1] for part in own)
        state = State.CANCELLED if all_cancelled else due_state(asked, should, excess[pk])
        if said_state != state:
            found.add(f"bundle {pk}: {said_state}, its bills make it {state}", 0)
    elsewhere = BundlePart.objects.filter(bundle__organization=have.organization).exclude(
        part__bank_account=F("bundle__bank_account")
    )
    for pk in elsewhere.values_list("bundle_id", flat=True).distinct():
        found.add(f"bundle {pk}: a bill of it is to be paid into another account", 0)


def _rows(have: Documents, **which: bool) -> Iterator[Row]:
    rows = PaymentRequest.objects.filter(organization=have.organization, **which)
    columns = ("pk", "bill_id", "asked_dong", "credited_dong", "excess_dong", "state")
    return rows.values_list(*columns).iterator(chunk_size=CHUNK)


def _documents(found: Finding, have: Documents) -> None:
    """The shares of each document add up to what it credited, and are of the bills that it was for; undone ones too."""
    own = have.organization
    for name, documents, column in (
        ("settlement", Settlement.objects.filter(payment_request__organization=own), "credited_dong"),
        ("cash receipt", CashReceipt.objects.filter(payment_request__organization=own), "credited_dong"),
        ("credit use", CreditUse.objects.filter(payment_request__organization=own), "amount_dong"),
        ("giving back", GivenBack.objects.filter(bill__organization=own), "amount_dong"),
    ):
        some: QuerySet[Any] = documents
        if name in ("settlement", "cash receipt"):
            some = some.filter(payment_request__order=None)
        shared = some.annotate(shared=Coalesce(Sum("shares__amount_dong"), 0)).exclude(shared=F(column)).order_by("pk")
        for pk, dong, its_shares in shared.values_list("pk", column, "shared"):
            found.add(f"{name} {pk}: {dong} đồng, its shares {its_shares}", dong - its_shares)
    for document in ("settlement", "cash_receipt", "credit_use"):
        request = f"{document}__payment_request"
        bundled: Any = BundlePart.objects.filter(bundle=OuterRef(request), part__bill=OuterRef("bill"))
        of_document = have.shares.filter(**{f"{document}__isnull": False})
        astray = of_document.exclude(Q(**{f"{request}__bill": F("bill")})).exclude(Exists(bundled))
        _say_astray(found, document, astray)
    _say_astray(found, "given_back", have.shares.filter(given_back__isnull=False).exclude(given_back__bill=F("bill")))
    strangers = have.credit_uses.exclude(payment_request__account=F("account"))
    for pk, dong in strangers.values_list("pk", "amount_dong"):
        found.add(f"credit use {pk}: of one account, for a bill of another", dong)


def _say_astray(found: Finding, document: str, astray: QuerySet[Any]) -> None:
    for pk, bill_id, dong in astray.order_by("pk").values_list(f"{document}_id", "bill_id", "amount_dong"):
        found.add(f"{document} {pk}: {dong} đồng for bill {bill_id}, which it was not paid for", dong)
