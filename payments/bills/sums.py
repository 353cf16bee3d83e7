"""What the requests of bills, and of bundles of them, say of themselves: derived from documents, never added to."""

from collections.abc import Collection

from django.db.models import Sum

from payments.bills import shares
from payments.models import PaymentRequest, Settlement

State = PaymentRequest.State
SAVED = ["asked_dong", "credited_dong", "excess_dong", "state"]


def refresh(bill_ids: Collection[int]) -> None:
    """Write anew what these bills' requests ask, what came and their states; then the same of every bundle that holds
    one of them. Needs an open transaction and the locked requests of the bills.

    A bundle is locked only by who holds one of its parts, and always after them (its id is higher): docs/locking.md.
    """
    items = shares.dues(bill_ids)
    requests = list(PaymentRequest.objects.filter(bill_id__in=bill_ids).order_by("id"))
    excess = _excess(requests)
    for request in requests:
        assert request.bill_id is not None
        of_bill = items[request.bill_id]
        request.asked_dong = sum(item.asked_dong for item in of_bill)
        request.credited_dong = sum(item.paid_dong for item in of_bill)
        request.excess_dong = excess.get(request.pk, 0)
        if request.state != State.CANCELLED:
            request.state = state_of(request)
    PaymentRequest.objects.bulk_update(requests, SAVED, batch_size=200)
    refresh_bundles([request.pk for request in requests])


def refresh_bundles(part_ids: Collection[int]) -> None:
    """Bring the bundles that hold one of these (locked) requests up to what their parts say now."""
    holding = PaymentRequest.objects.filter(parts__part_id__in=part_ids).values("pk")
    locked = PaymentRequest.objects.select_for_update(no_key=True).filter(pk__in=holding).order_by("id")
    bundles = list(locked)
    if not bundles:
        return
    excess = _excess(bundles)
    parts = PaymentRequest.objects.filter(bundled_in__bundle__in=bundles).values_list("bundled_in__bundle", "pk")
    rows = {row.pk: row for row in PaymentRequest.objects.filter(pk__in={pk for _bundle, pk in parts})}
    of_bundle: dict[int, list[PaymentRequest]] = {bundle.pk: [] for bundle in bundles}
    for bundle_id, pk in parts:
        if bundle_id in of_bundle:
            of_bundle[bundle_id].append(rows[pk])
    for bundle in bundles:
        derive(bundle, of_bundle[bundle.pk], excess_dong=excess.get(bundle.pk, 0))
    PaymentRequest.objects.bulk_update(bundles, SAVED, batch_size=200)


def derive(bundle: PaymentRequest, parts: Collection[PaymentRequest], *, excess_dong: int) -> None:
    """Set a bundle's sums and state from its parts': what of it is no longer due counts as credited, however it was
    paid. One all of whose parts were cancelled is cancelled. Pure."""
    due = sum(part.due_dong for part in parts)
    bundle.credited_dong = bundle.asked_dong - min(bundle.asked_dong, due)
    bundle.excess_dong = excess_dong
    all_cancelled = all(part.state == State.CANCELLED for part in parts)
    bundle.state = State.CANCELLED if all_cancelled else state_of(bundle)


def state_of(request: PaymentRequest) -> PaymentRequest.State:
    """What a request that is not closed is, by its sums. Pure."""
    if request.credited_dong < request.asked_dong:
        return State.PART if request.credited_dong else State.WAITING
    return State.OVER if request.excess_dong else State.PAID


def _excess(requests: Collection[PaymentRequest]) -> dict[int, int]:
    live = Settlement.objects.filter(payment_request__in=requests, undone_at=None, excess_dong__gt=0).order_by()
    return dict(live.values_list("payment_request_id").annotate(Sum("excess_dong")))
