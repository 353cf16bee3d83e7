"""What is with carriers, neighbours and drivers: collected of buyers, and not yet brought."""

from collections.abc import Collection as Several
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Sum

from cooperatives.chart import Kind
from cooperatives.models import LedgerAccount, Organization
from orders.models import Shipment
from payments.models import Collection, MadeGood, Remittance, RemittanceLine, RemittanceShare
from payments.remittance_split import Said, Share

State = Shipment.State
SHORT = Q(kind=MadeGood.Kind.SHORT, undone_at=None)
LISTED = ~Q(remittance__state=Remittance.State.CANCELLED)


def carrier_name(shipment: Shipment) -> str:
    """Who has its money: the carrier's name, else the neighbour or driver who took it along, else the way it went."""
    if shipment.connection is not None:
        return str(shipment.connection.get_carrier_display())
    return shipment.bearer_name or str(shipment.get_way_display())


@dataclass(frozen=True, slots=True)
class Carried:
    """The sums of one parcel, whole đồng. ``listed_dong``: what lists that stand say was collected of it."""

    collected_dong: int = 0
    short_dong: int = 0
    listed_dong: int = 0

    @property
    def free_dong(self) -> int:
        """Collected, not written off, and in no list yet."""
        return max(self.collected_dong - self.short_dong - self.listed_dong, 0)


def carried(shipment_ids: Several[int]) -> dict[int, Carried]:
    """By parcel, in three queries."""
    collected = Collection.objects.filter(shipment__in=shipment_ids, undone_at=None)
    short = MadeGood.objects.filter(SHORT, shipment__in=shipment_ids)
    listed = RemittanceLine.objects.filter(LISTED, shipment__in=shipment_ids)
    sums = [
        dict(rows.order_by().values_list("shipment").annotate(Sum(column)))
        for rows, column in ((collected, "amount_dong"), (short, "amount_dong"), (listed, "said_dong"))
    ]
    return {pk: Carried(*(one.get(pk, 0) for one in sums)) for pk in shipment_ids}


def still_there(organization: Organization, shipment_ids: Iterable[int]) -> dict[int, int]:
    """What is with the carrier of each parcel by the books; parcels of which nothing ever was are left out."""
    subjects = {f"shipment:{pk}": pk for pk in shipment_ids}
    accounts = LedgerAccount.objects.filter(organization=organization, kind=Kind.WITH_CARRIER, subject__in=subjects)
    return {subjects[account.subject]: account.balance_dong for account in accounts}


def lines_of(remittance: Remittance) -> list[Said]:
    """What its list says, in its order."""
    lines = remittance.lines.order_by("pk").values_list("shipment_id", "said_dong", "fee_dong")
    return [Said(*line) for line in lines]


def taken_of(remittance: Remittance) -> dict[int, Share]:
    """What its payments that stand have cleared, by parcel."""
    live = RemittanceShare.objects.filter(payment__remittance=remittance, payment__undone_at=None)
    sums = live.order_by().values_list("shipment").annotate(Sum("net_dong"), Sum("fee_dong"))
    return {pk: Share(pk, net, fee) for pk, net, fee in sums}
