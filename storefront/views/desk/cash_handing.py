"""Cash from one keeper's box to another's, at the desk of who sells: offered, counted by who takes it, or not taken."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.money import figures, grouped
from payments import cash_boxes, cash_days
from payments.models import CashHandover
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.biller_cash import AcceptForm, OfferForm, RefuseForm
from storefront.forms.desk import DeskForm

MOST_OFFERED = 10


@require_POST
@at_desk("receive_cash")
def offer(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = OfferForm(request.POST, keepers=_others(desk))
    return _done(
        request, form, _("Đã ghi: giao %(amount)s. Tiền chuyển két khi bên nhận đếm xong."),
        lambda: cash_boxes.offer(
            organization_id=desk.organization.pk, to_keeper_id=form.cleaned_data["to_keeper_id"],
            amount_dong=form.cleaned_data["amount_dong"], note=form.cleaned_data["note"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        ),
    )  # fmt: skip


@require_POST
@at_desk("receive_cash")
def accept(request: HttpRequest, desk: Desk, handover_id: int) -> HttpResponse:
    form = AcceptForm(request.POST)
    return _done(
        request, form, _("Đã nhận %(amount)s vào két."),
        lambda: cash_boxes.accept(
            handover_id=handover_id, counted_dong=form.cleaned_data["counted_dong"], actor=desk.user, at=desk.at
        ),
    )  # fmt: skip


@require_POST
@at_desk("receive_cash")
def refuse(request: HttpRequest, desk: Desk, handover_id: int) -> HttpResponse:
    form = RefuseForm(request.POST)
    return _done(
        request, form, _("Đã ghi là không nhận %(amount)s; tiền vẫn ở két người giao."),
        lambda: cash_boxes.refuse(
            handover_id=handover_id, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at
        ),
    )  # fmt: skip


@require_POST
@at_desk("receive_cash")
def withdraw(request: HttpRequest, desk: Desk, handover_id: int) -> HttpResponse:
    form = DeskForm(request.POST)
    return _done(
        request, form, _("Đã rút lại lần giao %(amount)s."),
        lambda: cash_boxes.withdraw(handover_id=handover_id, actor=desk.user, at=desk.at),
    )  # fmt: skip


def of_box(desk: Desk) -> dict[str, Any]:
    """What the cash page shows of it: what she is to count, what she has offered, whom she may offer to."""
    free = cash_boxes.box_dong(desk.organization, desk.user) - cash_boxes.waiting_dong(desk.organization, desk.user)
    offered = CashHandover.objects.filter(organization=desk.organization, from_keeper=desk.user).order_by("-id")
    others = _others(desk)
    may_offer = bool(others) and free > 0
    return {
        "waiting": [
            (one, AcceptForm(auto_id=f"accept-{one.pk}-%s"), RefuseForm(auto_id=f"refuse-{one.pk}-%s"))
            for one in cash_boxes.waiting_for(desk.organization, desk.user)
        ],
        "offered": [(one, DeskForm()) for one in offered.select_related("to_keeper")[:MOST_OFFERED]],
        "offer_form": OfferForm(keepers=others, initial={"amount_dong": grouped(free)}) if may_offer else None,
    }  # fmt: skip


def _done(request: HttpRequest, form: DeskForm, said: str, deed: Callable[[], CashHandover]) -> HttpResponse:
    """Back to the cash page, which then says what was done or why not; nothing that was typed is worth keeping."""
    if form.carries_out(deed):
        messages.success(request, said % {"amount": figures(form.done.amount_dong)})
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    return see("desk-cash")


def _others(desk: Desk) -> list[tuple[int, str]]:
    keepers = cash_days.keepers(desk.organization, on=desk.today)
    return [(keeper.pk, keeper.name) for keeper in keepers if keeper != desk.user]
