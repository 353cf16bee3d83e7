"""A bank's text message pasted by hand: what was read of it is shown before anything is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from payments import pasting
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_text import TextForm
from storefront.views.desk.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def paste(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Read first (``look``), keep on the second button; the same text again is the same evidence."""
    form = TextForm(request.POST or None, organization=desk.organization)
    read: dict[str, Any] = {}
    if "keep" in request.POST:
        if form.carries_out(
            lambda: pasting.paste(
                bank_account_id=form.cleaned_data["bank_account"].pk, text=form.cleaned_data["text"],
                direction=form.cleaned_data["direction"], actor=desk.user, at=desk.at,
            )
        ):  # fmt: skip
            line = form.done.transaction
            if line is None:
                messages.warning(
                    request, _("Tin này không phải tiền đồng của tài khoản này, nên chỉ giữ làm chứng từ.")
                )
                return see("desk-evidence")
            messages.success(request, _("Đã ghi tin nhắn. Dán lại tin này cũng không tính hai lần."))
            return see("desk-line", line.pk)
    elif form.carries_out(lambda: _read(desk, form)):
        read = {"read": form.done}
    return page(request, desk, "paste.html", {"form": form, **read}, tab="feed", status=422 if form.errors else 200)


def _read(desk: Desk, form: TextForm) -> Any:
    typed = form.cleaned_data
    return pasting.read(
        bank_account=typed["bank_account"], text=typed["text"], direction=typed["direction"], at=desk.at
    )
