"""Who may do what in which organization. Answers by role; a stranger gets "not found" at the door."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from base.refusals import NotFound
from cooperatives.models import Organization, RoleGrant

Role = RoleGrant.Role

# What each role may do. A verb's door asks by the name of the deed.
DEEDS: dict[str, frozenset[str]] = {
    "see_desk": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "list_goods": frozenset({Role.MANAGER, Role.CLERK}),
    "receive_lots": frozenset({Role.MANAGER, Role.CLERK}),
    "pack_orders": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "hand_over_orders": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "cancel_orders": frozenset({Role.MANAGER, Role.TREASURER}),
    "receive_cash": frozenset({Role.TREASURER, Role.CLERK}),
    "see_money": frozenset({Role.MANAGER, Role.TREASURER}),
    "open_books": frozenset({Role.MANAGER, Role.TREASURER}),
    "settle_money": frozenset({Role.TREASURER}),
    "import_statements": frozenset({Role.TREASURER}),
    "record_baselines": frozenset({Role.MANAGER, Role.TREASURER}),
    "enrol_members": frozenset({Role.MANAGER}),
    "grant_roles": frozenset({Role.MANAGER}),
    "see_bills": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "keep_bills": frozenset({Role.MANAGER, Role.TREASURER}),
    "publish_bills": frozenset({Role.MANAGER, Role.TREASURER}),
    "read_meters": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "certify_goods": frozenset({Role.MANAGER, Role.TREASURER}),
    "keep_portraits": frozenset({Role.MANAGER, Role.TREASURER}),
    "answer_reviews": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "hide_reviews": frozenset({Role.MANAGER}),
    "answer_complaints": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "decide_complaints": frozenset({Role.MANAGER, Role.TREASURER}),
    "decide_terms": frozenset({Role.MANAGER, Role.TREASURER}),
    "keep_cycles": frozenset({Role.MANAGER, Role.CLERK}),
    "keep_delivery": frozenset({Role.MANAGER, Role.TREASURER}),
    "ship_orders": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "return_goods": frozenset({Role.MANAGER, Role.TREASURER}),
    "confirm_orders": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
    "say_messages": frozenset({Role.MANAGER, Role.TREASURER, Role.CLERK}),
}


def roles_of(user: Any, *, organization: Organization, on: date) -> frozenset[str]:
    """Live roles of ``user`` in ``organization`` on a day; empty for strangers and guests."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    return frozenset(
        RoleGrant.objects.filter(user=user, organization=organization).live(on=on).values_list("role", flat=True)
    )


def may(user: Any, deed: str, *, organization: Organization, on: date) -> bool:
    """Whether ``user`` may do ``deed`` there and then."""
    return bool(DEEDS[deed] & roles_of(user, organization=organization, on=on))


def require(user: Any, deed: str, *, organization: Organization, on: date) -> None:
    """Raises NotFound unless ``user`` may: a stranger learns nothing, not even that it exists."""
    if not may(user, deed, organization=organization, on=on):
        raise NotFound()


def organizations_where(user: Any, deed: str, *, on: date) -> "QuerySet[Organization]":
    """Organizations in which ``user`` may do ``deed``."""
    if not getattr(user, "is_authenticated", False):
        return Organization.objects.none()
    granted = RoleGrant.objects.filter(user=user, role__in=DEEDS[deed]).live(on=on)
    return Organization.objects.filter(pk__in=granted.values("organization_id"))
