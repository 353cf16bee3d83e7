"""How long photos of parcels are kept, and letting them go (docs/retention.md).

A photo shows how a parcel left, and the label with somebody's name and phone: it is kept while anybody may still ask
about the parcel, and not longer. The row keeps everything else.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount
from orders import parcel_photos
from orders.models import Complaint, Shipment, ShipmentQuerySet
from payments.models import Refund, Remittance, RemittanceLine

log = logging.getLogger(__name__)

KEPT = timedelta(days=183)
"""From the end of the parcel: half a year, for which the post takes complaints about what it lost (not confirmed)."""
AT_ONCE = 500


def let_go(*, at: datetime, most: int = 10_000) -> int:
    """Delete the photos that nobody needs any more; returns how many. Once a day, by the worker.

    First the file, then its name in the row: whatever a crash leaves between them is found again the next day. A file
    that no row names (a crash between it and its row) goes at the same age. Takes no lock: of a parcel that is over,
    nothing changes the photo.
    """
    gone, last = 0, 0
    while gone < most:
        due = list(settled(before=at - KEPT).filter(pk__gt=last).order_by("pk").values_list("pk", "photo")[:AT_ONCE])
        if not due:
            break
        last = due[-1][0]
        for shipment_id, name in due:
            if _dropped(name):
                gone += Shipment.objects.filter(pk=shipment_id, photo=name).update(photo="")
    return gone + _let_strays_go(before=at - KEPT)


def settled(*, before: datetime) -> ShipmentQuerySet:
    """Parcels with a photo that ended ``before``, and of which nothing is open: no complaint by their buyer, nothing
    that somebody has to look at, no money of theirs with a carrier, no list or refund that is not done, no debt."""
    over = Shipment.objects.exclude(photo="").exclude(state__in=Shipment.LIVE).filter(ended_at__lt=before, trouble="")
    hers = Q(order=OuterRef("order")) | Q(organization=OuterRef("organization"), phone=OuterRef("order__buyer_phone"))
    listed = RemittanceLine.objects.filter(
        shipment=OuterRef("pk"), remittance__state__in=[Remittance.State.WAITING, Remittance.State.PART]
    )
    return over.exclude(
        Exists(Complaint.objects.filter(hers, closed_at=None))
        | Exists(listed)
        | Exists(Refund.objects.open().filter(order=OuterRef("order")))
        | Exists(_open_account([Kind.WITH_CARRIER], "shipment:", "pk"))
        | Exists(_open_account([Kind.OWED_TO_PAYERS, Kind.OWED_BY_BUYERS], "order:", "order_id"))
    )


def _open_account(kinds: list[Kind], prefix: str, names: str) -> QuerySet[LedgerAccount]:
    """The account of a parcel, or of its order, on which something still stands."""
    subject = Concat(Value(prefix), Cast(OuterRef(names), CharField()))
    accounts = LedgerAccount.objects.filter(organization=OuterRef("organization"), kind__in=kinds, subject=subject)
    return accounts.exclude(debits=F("credits"))


def _let_strays_go(*, before: datetime) -> int:
    names = parcel_photos.written(before=before)
    gone = 0
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        kept = set(Shipment.objects.filter(photo__in=some).values_list("photo", flat=True))
        gone += sum(_dropped(name) for name in some if name not in kept)
    return gone


def _dropped(name: str) -> bool:
    try:
        parcel_photos.drop(name)
    except OSError:
        log.exception("the photo of a parcel could not be deleted; again tomorrow")
        return False
    return True
