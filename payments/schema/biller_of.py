"""Which organization a member of its staff names."""

from typing import Any

from base.refusals import NotFound
from cooperatives.models import Organization
from cooperatives.models.people import staffed_by


def workplace_of(viewer: Any, slug: str) -> Organization:
    """The organization with this slug, of those where ``viewer`` is staff; what she may do there is the verb's to say.

    Raises NotFound for every other, whether it exists or not.
    """
    found = Organization.objects.filter(slug=slug, pk__in=staffed_by(viewer)).first()
    if found is None:
        raise NotFound()
    return found


def biller_of(viewer: Any, slug: str) -> Organization:
    """The same, where it bills."""
    found = workplace_of(viewer, slug)
    if not found.bills:
        raise NotFound()
    return found
