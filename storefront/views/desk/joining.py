"""A treasurer's word on evidence: two lines are the same money, or one line's evidence tells of two."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from payments import parting
from payments.models import BankTransaction, Sighting
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import ReasonForm
from storefront.views.desk.line import found_line, line_page


@require_POST
@at_desk("settle_money")
def join(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """This line and ``other`` are one: the unused one goes under the one that is used, else the later under the
    earlier."""
    found, other = found_line(desk, line_id), _other(request, desk)
    gone, stays = sorted((found, other), key=lambda line: (line.used_dong > 0, -line.happened_at.timestamp(), -line.pk))
    form = ReasonForm(request.POST)
    if form.carries_out(
        lambda: parting.join(
            transaction_id=gone.pk, into_id=stays.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at
        )
    ):
        messages.success(request, _("Đã gộp thành một khoản. Nhầm thì tách chứng từ ra ở bên dưới."))
        return see("desk-line", stays.pk, part="evidence")
    return line_page(request, desk, line_id, wrong={"join": form})


@require_POST
@at_desk("settle_money")
def part(request: HttpRequest, desk: Desk, line_id: int) -> HttpResponse:
    """One piece of this line's evidence tells of other money: a line of its own for it."""
    found_line(desk, line_id)
    sighting = Sighting.objects.filter(transaction_id=line_id, pk=_number(request.POST.get("sighting", ""))).first()
    if sighting is None:
        raise Http404
    form = ReasonForm(request.POST)
    if form.carries_out(
        lambda: parting.part(sighting_id=sighting.pk, reason=form.cleaned_data["reason"], actor=desk.user, at=desk.at)
    ):
        messages.success(request, _("Đã tách thành khoản riêng. Máy xem khoản mới này trong vài giây."))
        return see("desk-line", form.done.pk)
    return line_page(request, desk, line_id, wrong={"part": form})


def _other(request: HttpRequest, desk: Desk) -> BankTransaction:
    return found_line(desk, _number(request.POST.get("other", "")))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)
