"""A keeper's box: handing cash over, counting it, the sheet of a day; and all boxes, for those who see money."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.money import figures, grouped
from cooperatives.models import User
from payments import cash_boxes, cash_days
from payments.models import BankTransaction, CashHandover
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_cash import AcceptForm, CountForm, OfferForm, RefuseForm
from storefront.forms.desk import DeskForm, day_from
from storefront.views.biller.pages import page

MOST_LINES = 20
MOST_HANDOVERS = 10


@require_safe
@at_biller("receive_cash")
def box(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What she holds, what waits for her count or somebody else's, and how to hand over."""
    return _box_page(request, desk)


@require_POST
@at_biller("receive_cash")
def offer(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = OfferForm(request.POST, keepers=_others(desk))
    if form.carries_out(
        lambda: cash_boxes.offer(
            organization_id=desk.organization.pk, to_keeper_id=form.cleaned_data["to_keeper_id"],
            amount_dong=form.cleaned_data["amount_dong"], note=form.cleaned_data["note"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        said = {"amount": figures(form.done.amount_dong), "name": form.done.to_keeper.name}
        messages.success(
            request, _("Đã ghi: giao %(amount)s cho %(name)s. Tiền chuyển két khi bên nhận đếm xong.") % said
        )
        return see("biller-cash-box")
    return _box_page(request, desk, offer_form=form)


@require_POST
@at_biller("receive_cash")
def accept(request: HttpRequest, desk: Desk, handover_id: int) -> HttpResponse:
    form = AcceptForm(request.POST)
    return _decided(
        request, desk, handover_id, form, _("Đã nhận %(amount)s vào két."),
        lambda: cash_boxes.accept(
            handover_id=handover_id, counted_dong=form.cleaned_data["counted_dong"], actor=desk.user, at=desk.at
        ),
    )  # fmt: skip


@require_POST
@at_biller("receive_cash")
def refuse(request: HttpRequest, desk: Desk, handover_id: int) -> HttpResponse:
    form = RefuseForm(request.POST)
    return _decided(
        request, desk, handover_id, form, _("Đã ghi là không nhận %(amount)s; tiền vẫn ở két người giao."),
        lambda: cash_boxes.refuse(
            handover_id=handover_id, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at
        ),
    )  # fmt: skip


@require_POST
@at_biller("receive_cash")
def withdraw(request: HttpRequest, desk: Desk, handover_id: int) -> HttpResponse:
    form = DeskForm(request.POST)
    return _decided(
        request, desk, handover_id, form, _("Đã rút lại lần giao %(amount)s."),
        lambda: cash_boxes.withdraw(handover_id=handover_id, actor=desk.user, at=desk.at),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_biller("receive_cash")
def count(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Close the box for the day: count first, then see the books' sum."""
    form = CountForm(request.POST) if request.method == "POST" else CountForm()
    if form.is_bound and form.carries_out(
        lambda: cash_boxes.count(
            organization_id=desk.organization.pk, counted_dong=form.cleaned_data["counted_dong"],
            note=form.cleaned_data["note"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        return see("biller-cash-day", desk.user.pk, form.done.day.isoformat())
    return page(request, desk, "cash/count.html", {"form": form}, tab="cash", status=422 if form.errors else 200)


@require_safe
@at_biller()
def day(request: HttpRequest, desk: Desk, keeper_id: int, iso: str) -> HttpResponse:
    """The sheet of one keeper's day, to print and sign: her own, or anybody's for those who see money."""
    shown = day_from(iso, otherwise=date.min)
    keeper = User.objects.filter(pk=keeper_id).first()
    if keeper is None or shown == date.min or (keeper != desk.user and not desk.may["see_money"]):
        raise Http404
    sheet = cash_days.day_sheet(organization=desk.organization, keeper=keeper, day=shown)
    if keeper != desk.user and not sheet.movements and keeper not in _keepers(desk):
        raise Http404
    return page(request, desk, "cash/day.html", {"sheet": sheet, "is_hers": keeper == desk.user}, tab="cash")


@require_safe
@at_biller("see_money")
def boxes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody's box, what is on its way between two, and how cash gets to the bank."""
    every = cash_days.boxes(desk.organization, on=desk.today)
    handovers = _handovers(desk).order_by("-id")
    context = {
        "boxes": every, "all_dong": sum(one.dong for one in every), "handovers": handovers[:MOST_HANDOVERS],
        "lines": BankTransaction.objects.filter(
            organization=desk.organization, direction=BankTransaction.Direction.IN,
            state__in=[BankTransaction.State.NEEDS_YOU, BankTransaction.State.PART_SETTLED],
        ).select_related("bank_account").order_by("-id")[:MOST_LINES],
        "waiting": cash_boxes.waiting_for(desk.organization, desk.user),
    }  # fmt: skip
    return page(request, desk, "cash/boxes.html", context, tab="cash")


def _decided(
    request: HttpRequest, desk: Desk, handover_id: int, form: DeskForm, said: str, deed: Callable[[], CashHandover]
) -> HttpResponse:
    if form.carries_out(deed):
        messages.success(request, said % {"amount": figures(form.done.amount_dong)})
        return see("biller-cash-box")
    return _box_page(request, desk, wrong={handover_id: form})


def _box_page(
    request: HttpRequest, desk: Desk, *, offer_form: OfferForm | None = None, wrong: dict[int, DeskForm] | None = None
) -> HttpResponse:
    """``wrong``: by hand-over, the form about it that was refused; it says why at the head of the page."""
    wrong = wrong or {}
    waiting = [
        {"handover": one, "accept": _bound(wrong, one, AcceptForm), "refuse": _bound(wrong, one, RefuseForm)}
        for one in cash_boxes.waiting_for(desk.organization, desk.user)
    ]
    own = _handovers(desk).filter(from_keeper=desk.user).order_by("-id")[:MOST_HANDOVERS]
    box_dong = cash_boxes.box_dong(desk.organization, desk.user)
    waiting_dong = cash_boxes.waiting_dong(desk.organization, desk.user)
    others = _others(desk)
    offered = {"amount_dong": grouped(max(box_dong - waiting_dong, 0))}
    context = {
        "box_dong": box_dong, "waiting_dong": waiting_dong, "free_dong": box_dong - waiting_dong, "waiting": waiting,
        "own": [{"handover": one, "form": DeskForm()} for one in own], "wrong": list(wrong.values()),
        "form": offer_form or OfferForm(keepers=others, initial=offered), "others": others,
        "wants_offer": offer_form is not None,
    }  # fmt: skip
    return page(request, desk, "cash/box.html", context, tab="cash", status=422 if offer_form or wrong else 200)


def _bound(wrong: dict[int, DeskForm], handover: CashHandover, kind: type[DeskForm]) -> DeskForm:
    """The form that was wrong, else a fresh one with ids of its own: several stand on one page."""
    form = wrong.get(handover.pk)
    return form if isinstance(form, kind) else kind(auto_id=f"{kind.__name__.lower()}-{handover.pk}-%s")


def _handovers(desk: Desk) -> QuerySet[CashHandover]:
    return CashHandover.objects.filter(organization=desk.organization).select_related("from_keeper", "to_keeper")


def _keepers(desk: Desk) -> list[User]:
    return [one.keeper for one in cash_days.boxes(desk.organization, on=desk.today)]


def _others(desk: Desk) -> list[tuple[int, str]]:
    """Whom she may hand cash to: the treasurer stands with the others."""
    keepers = cash_days.keepers(desk.organization, on=desk.today)
    return [(keeper.pk, keeper.name) for keeper in keepers if keeper != desk.user]
