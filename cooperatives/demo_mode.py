"""Whether the demo (its sign-in cards, its drawn DEMO mark, its simulator) is on."""

from typing import Any

from django.conf import settings
from django.db.models import Q

from base.prepared import prepared_ids
from cooperatives.models import Organization, User


def demo_is_on() -> bool:
    """DEMO decides where it is set; otherwise on only while no real organization exists."""
    if settings.DEMO is not None:
        return bool(settings.DEMO)
    return not _a_real_one()


@prepared_ids
def _a_real_one() -> Any:
    return Organization.objects.real().values_list("pk")[:1]


def end_demo() -> list[int]:
    """Close the demo's shops and sign-ins, whose password everybody knows: a real organization has come.

    Its rows stay, as all rows do. Needs no permission: called where an organization is opened. Returns the ids of the
    shops that were open until now, for whoever knows what is remembered of them.
    """
    closing = list(Organization.objects.filter(is_demo=True, is_open=True).values_list("pk", flat=True))
    of_demo = Q(roles__organization__is_demo=True) | Q(memberships__organization__is_demo=True)
    of_real = Q(roles__organization__is_demo=False) | Q(memberships__organization__is_demo=False)
    real = User.objects.filter(of_real).values("pk")
    demo = User.objects.filter(of_demo).exclude(pk__in=real).values("pk")
    User.objects.filter(pk__in=demo).update(is_active=False)
    Organization.objects.filter(pk__in=closing).update(is_open=False)
    return closing
