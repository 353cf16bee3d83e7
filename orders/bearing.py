"""Members' part of carrying a parcel that did not reach its buyer, as the organization has decided."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from base.periods import vietnam_day
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct
from cooperatives.models import Organization, User
from orders import postings
from orders.models import Allocation, DeliveryBorne, Shipment
from orders.netting import unnet

BornBy = Organization.BornBy


def members_part_dong(cost_dong: int, *, borne_by: str) -> int:
    """Of what carrying cost: all of it, half (the odd đồng is the cooperative's), nothing. Pure."""
    if borne_by == BornBy.MEMBERS:
        return cost_dong
    return cost_dong // 2 if borne_by == BornBy.SHARED else 0


def split(dong: int, gross_by_owner: Mapping[int | None, int]) -> dict[int | None, int]:
    """``dong`` by gross, largest remainder, ties to the lower number; None stands for the cooperative's own goods, and
    comes last. Pure; the parts add up to ``dong``."""
    whole = sum(gross_by_owner.values())
    if not whole:
        return {}
    owners = sorted(gross_by_owner, key=lambda owner: (owner is None, owner or 0))
    parts = {owner: dong * gross_by_owner[owner] // whole for owner in owners}
    most_left = sorted(owners, key=lambda owner: -(dong * gross_by_owner[owner] % whole))
    for owner in most_left[: dong - sum(parts.values())]:
        parts[owner] += 1
    return parts


def parts_of(allocations: Iterable[Allocation], dong: int) -> dict[int, int]:
    """What each member bears of ``dong``; nothing of 0. Pure: ``allocations`` come with their lots."""
    gross: dict[int | None, int] = {}
    for allocation in allocations:
        gross[allocation.lot.member_id] = gross.get(allocation.lot.member_id, 0) + allocation.gross_dong
    return {owner: part for owner, part in split(dong, gross).items() if owner is not None and part}


def take_back(borne: Iterable[DeliveryBorne], organization: Organization, *, at: datetime, actor: User | None) -> None:
    """Exact mirrors of what members bore; what was netted of it since stands anew first. Needs the locked parcel."""
    borne = list(borne)
    debt = {one.member_id: one.owed_dong for one in borne}
    unnet(organization=organization, credit={}, debt=debt, at=at, actor=actor)
    for one in borne:
        assert one.entry is not None
        ledger.reverse(entry=one.entry, at=at, booked_on=vietnam_day(at), actor=actor)
        one.undone_at, one.undone_by = at, actor
        one.save(update_fields=["undone_at", "undone_by"])


def bear(
    shipment: Shipment, allocations: Iterable[Allocation], *, dong: int, at: datetime, actor: User | None
) -> list[DeliveryBorne]:
    """Book what each member bears of ``dong``: out of her credit, and what is beyond it she owes. Own goods bear their
    part too, which books nothing. Needs an open transaction, the locked order and parcel; ``allocations`` with lots.
    """
    parts = parts_of(allocations, dong)
    if not parts:
        return []
    both = {Acct(kind, f"member:{pk}") for pk in parts for kind in (Kind.OWED_TO_MEMBERS, Kind.OWED_BY_MEMBERS)}
    held = ledger.held_dong(organization=shipment.organization, accounts={*both, Acct(Kind.SHIPPING_CHARGED)})
    made = []
    for member_id, part in parts.items():
        credit = held[Acct(Kind.OWED_TO_MEMBERS, f"member:{member_id}")]
        borne = DeliveryBorne.objects.create(
            shipment=shipment, member_id=member_id, amount_dong=part, owed_dong=part - min(credit, part), at=at,
            actor=actor,
        )  # fmt: skip
        borne.entry = ledger.post(
            organization=shipment.organization, key=f"delivery_borne:{borne.pk}", event=Event.DELIVERY_BORNE,
            meaning={"shipment": shipment.pk, "member": member_id, "amount": part, "owed": borne.owed_dong},
            moves=postings.delivery_borne(borne), booked_on=vietnam_day(at), at=at, actor=actor,
        )  # fmt: skip
        borne.save(update_fields=["entry"])
        made.append(borne)
    return made
