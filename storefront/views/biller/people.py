"""Who works for a biller: the people with their roles since when, somebody new, a role given or ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.refusals import NotFound, Refused
from base.text import given_name_key
from cooperatives import enrolling, joining
from cooperatives.models import RoleGrant, User
from cooperatives.permissions import DEEDS
from payments import cash_days
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_people import GiveForm, PersonForm
from storefront.forms.desk import refusal_of
from storefront.role_words import role_words
from storefront.views.biller.pages import page


@dataclass(frozen=True, slots=True)
class Held:
    """A role with its word. ``ended_on`` is the day from which it no longer counted; None while it does.
    ``leaves_box``: when it ends, the person could no longer hand over what lies in the box herself."""

    grant: RoleGrant
    word: str
    ended_on: date | None
    leaves_box: bool = False


@dataclass(slots=True)
class Worker:
    """Somebody with roles here: those in force, and those that ended and were not given again.
    ``box_dong`` is the cash in hand, đồng."""

    person: User
    box_dong: int
    now: list[Held] = field(default_factory=list)
    before: list[Held] = field(default_factory=list)


@require_safe
@at_biller("grant_roles")
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _people_page(request, desk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("grant_roles")
def person_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody who was never here, with a role from today on."""
    words = role_words(desk.organization)
    form = PersonForm(request.POST or None, roles=list(words.items()))
    if form.carries_out(
        lambda: enrolling.enrol_worker(
            organization=desk.organization, actor=desk.user, at=desk.at,
            **{name: form.cleaned_data[name] for name in ("name", "phone", "password", "role", "key")},
        )
    ):  # fmt: skip
        return _given(request, desk, form.done)
    return page(request, desk, "people/new.html", {"form": form}, tab="people", status=422 if form.errors else 200)


@require_POST
@at_biller("grant_roles")
def give(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A role from today on for somebody who works here or did: a second one, or one that was ended by mistake."""
    form = _give_form(desk, _workers(desk), request.POST)
    if form.carries_out(
        lambda: joining.grant_role(
            person=User.objects.get(pk=form.cleaned_data["person"]), organization=desk.organization,
            role=form.cleaned_data["role"], since=desk.today, actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        return _given(request, desk, form.done)
    return _people_page(request, desk, give_form=form)


@require_POST
@at_biller("grant_roles")
def end(request: HttpRequest, desk: Desk, grant_id: int) -> HttpResponse:
    """The role ends at once; cash that is still in her box stays hers by the books and is shown until it is brought."""
    grant = RoleGrant.objects.filter(organization=desk.organization, pk=grant_id).select_related("user").first()
    if grant is None:
        raise NotFound()
    refused = refusal_of(lambda: joining.end_role(grant_id=grant.pk, actor=desk.user, at=desk.at))
    if refused is not None:
        return _people_page(request, desk, refused=refused)
    said = {"name": grant.user.name, "role": role_words(desk.organization)[grant.role]}
    messages.success(request, _("%(name)s thôi việc “%(role)s” từ bây giờ. Nhầm thì giao lại ở dưới.") % said)
    if grant.user == desk.user and grant.role in DEEDS["grant_roles"]:  # this page is no longer hers
        return see("biller" if desk.roles - {grant.role} else "home")
    return see("biller-people")


def _given(request: HttpRequest, desk: Desk, grant: RoleGrant) -> HttpResponse:
    said = {"name": grant.user.name, "role": role_words(desk.organization)[grant.role]}
    messages.success(request, _("%(name)s làm việc “%(role)s” từ hôm nay.") % said)
    return see("biller-people")


def _people_page(
    request: HttpRequest, desk: Desk, *, give_form: GiveForm | None = None, refused: Refused | None = None
) -> HttpResponse:
    workers = _workers(desk)
    context = {
        "workers": [one for one in workers if one.now], "left": [one for one in workers if one.before],
        "form": give_form or _give_form(desk, workers), "wants_give": give_form is not None, "refused": refused,
    }  # fmt: skip
    return page(request, desk, "people/list.html", context, tab="people", status=422 if give_form or refused else 200)


def _give_form(desk: Desk, workers: Sequence[Worker], data: object = None) -> GiveForm:
    persons = [(one.person.pk, one.person.name) for one in workers]
    return GiveForm(data, persons=persons, roles=list(role_words(desk.organization).items()))


def _workers(desk: Desk) -> list[Worker]:
    """Everybody who ever held a role here, sorted as names are in Vietnamese. Six queries, however many."""
    words, today = role_words(desk.organization), desk.today
    boxes = {one.keeper.pk: one.dong for one in cash_days.boxes(desk.organization, on=today)}
    grants = RoleGrant.objects.filter(organization=desk.organization).select_related("user").order_by("since", "pk")
    latest = {(one.user_id, one.role): one for one in grants}  # of one role several times the last one speaks
    keeps: dict[int, int] = {}
    for user_id, role in (pair for pair, one in latest.items() if not _is_over(one, today)):
        keeps[user_id] = keeps.get(user_id, 0) + (role in DEEDS["receive_cash"])
    found: dict[int, Worker] = {}
    for role, word in words.items():
        for one in (one for one in latest.values() if one.role == role):
            worker = found.setdefault(one.user_id, Worker(one.user, boxes.get(one.user_id, 0)))
            if one.until is not None and _is_over(one, today):
                worker.before.append(Held(one, word, one.until + timedelta(days=1)))
            else:
                alone = role in DEEDS["receive_cash"] and keeps[one.user_id] == 1
                worker.now.append(Held(one, word, None, leaves_box=alone and worker.box_dong > 0))
    return sorted(found.values(), key=lambda worker: given_name_key(worker.person.name))


def _is_over(grant: RoleGrant, today: date) -> bool:
    return grant.until is not None and grant.until < today
