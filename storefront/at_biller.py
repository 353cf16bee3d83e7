"""Who stands at a biller's desk: as at every desk, for an organization that bills."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from cooperatives.models import RoleGrant
from storefront.at_desk import CHOSEN, Desk, at_desk

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]


def at_biller(deed: str = "see_bills") -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A view for those who may do ``deed`` at an organization that bills; a 404 for everybody else.

    Where the chosen organization does not bill and another one of hers does, it is that one, and stays it: the pages of
    money that stand in its ways are then of the same organization.
    """

    def wrapped(view: View[P]) -> Callable[..., HttpResponse]:
        @at_desk()
        @wraps(view)
        def seen(request: HttpRequest, desk: Desk, *args: Any, **kwargs: Any) -> HttpResponse:
            here = _where_bills(desk)
            if here is None or not here.may[deed]:
                raise Http404
            if here.organization != desk.organization:
                request.session[CHOSEN] = here.organization.slug
            return view(request, here, *args, **kwargs)

        return seen

    return wrapped


def _where_bills(desk: Desk) -> Desk | None:
    if desk.organization.bills:
        return desk
    other = next((one for one in desk.others if one.bills), None)
    if other is None:
        return None
    grants = RoleGrant.objects.filter(user=desk.user, organization=other).live(on=desk.today)
    others = tuple(one for one in (desk.organization, *desk.others) if one != other)
    return replace(desk, organization=other, roles=frozenset(grants.values_list("role", flat=True)), others=others)
