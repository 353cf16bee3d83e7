"""Who stands at the desk, for which organization, and what she may do there. A stranger gets "not found"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from base.periods import vietnam_day
from base.refusals import NotFound
from cooperatives.models import Organization, RoleGrant, User
from cooperatives.permissions import DEEDS
from storefront import standing

P = ParamSpec("P")

CHOSEN = "desk_organization"


@dataclass(frozen=True)
class Desk:
    """``others``: further organizations where the same person works. ``at`` is the moment of the request."""

    user: User
    organization: Organization
    roles: frozenset[str]
    others: tuple[Organization, ...]
    at: datetime

    @property
    def today(self) -> date:
        return vietnam_day(self.at)

    @property
    def may(self) -> dict[str, bool]:
        """Deed → whether she may: for templates (``desk.may.settle_money``). The verbs ask again themselves."""
        return {deed: bool(roles & self.roles) for deed, roles in DEEDS.items()}


def desk_of(request: HttpRequest) -> Desk:
    """The desk where the signed-in person works; the chosen one where she works at several. Raises Http404.

    One query: her live roles with their organizations.
    """
    if not isinstance(request.user, User):
        raise Http404
    at = timezone.now()
    grants = RoleGrant.objects.filter(user=request.user).live(on=vietnam_day(at)).select_related("organization")
    roles: dict[Organization, set[str]] = {}
    for grant in grants.order_by("organization_id"):
        if grant.role in DEEDS["see_desk"]:
            roles.setdefault(grant.organization, set()).add(grant.role)
    if not roles:
        raise Http404
    wanted = request.session.get(CHOSEN)
    here = next((one for one in roles if one.slug == wanted), next(iter(roles)))
    others = tuple(one for one in roles if one != here)
    return Desk(user=request.user, organization=here, roles=frozenset(roles[here]), others=others, at=at)


def at_desk(
    deed: str = "see_desk",
) -> Callable[[Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A view for those who may do ``deed``: gets the Desk, is never cached, and is a 404 for everybody else.

    A guest who opens a page is asked to sign in first; that says nothing about whether the page exists.
    """

    def wrapped(view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @wraps(view)
        def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated and request.method in {"GET", "HEAD"}:
                return sign_in_first(request)
            desk = desk_of(request)
            if not desk.may[deed]:
                raise Http404
            try:
                return view(request, desk, *args, **kwargs)
            except NotFound as refused:  # the verb's own answer to a stranger, or to what is gone
                raise Http404 from refused
            finally:
                if request.method == "POST":  # her own deed is judged at once, not half a minute later
                    standing.forget(desk.organization)

        return seen

    return wrapped


def sign_in_first(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in page, and back here afterwards."""
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")


def see(name: str, *args: Any, query: dict[str, str] | None = None, part: str = "") -> HttpResponseRedirect:
    """See other: after a form has been posted, so that reloading does not post it again."""
    address = reverse(name, args=args) + (f"?{urlencode(query)}" if query else "") + (f"#{part}" if part else "")
    return HttpResponseRedirect(address, status=303)
