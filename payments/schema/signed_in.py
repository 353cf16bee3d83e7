"""Who is at the door of a mutation that nobody but staff may ask for."""

from typing import Any

from graphene import ResolveInfo

from base.graphql import viewer_of
from base.refusals import NotFound


def signed_in(info: ResolveInfo) -> Any:
    """The viewer. Raises NotFound for a guest: nobody learns what there is."""
    viewer = viewer_of(info)
    if not viewer.is_authenticated:
        raise NotFound()
    return viewer
