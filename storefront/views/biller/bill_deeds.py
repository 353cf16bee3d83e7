"""What is done with one bill: corrected, paid with what is owed to its payer, put together with others in one QR."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.money import figures
from payments import bundles
from payments.bills import carrying, correcting
from payments.models import CreditUse, Reading
from storefront import bill_papers
from storefront.at_biller import at_biller
from storefront.at_desk import Desk, see
from storefront.forms.biller_bills import CreditForm, ReadingForm
from storefront.forms.desk import refusal_of
from storefront.views.biller.bills import bill_page, correct_form, found_bill


@require_POST
@at_biller("keep_bills")
def correct(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    """An item costs more or less; what was paid beyond it becomes the payer's."""
    found = found_bill(desk, bill_id)
    form = correct_form(found, request.POST)
    if form.carries_out(
        lambda: correcting.correct(
            bill_id=found.pk, changes=[correcting.Change(form.cleaned_data["fee_item_id"], form.delta_dong)],
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        ),
        changes="dong",
    ):  # fmt: skip
        messages.success(request, _("Đã điều chỉnh. Phụ huynh, hộ dân thấy ngay số mới."))
        return see("biller-bill", found.pk)
    return bill_page(request, desk, found, wrong={"correct": form})


@require_POST
@at_biller("keep_bills")
def correct_reading(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    """What the meter really showed; the bill follows by the difference."""
    found = found_bill(desk, bill_id)
    form = ReadingForm(request.POST)
    if form.is_valid():
        reading_id = form.cleaned_data["reading_id"]
        if not Reading.objects.filter(pk=reading_id, bill_lines__bill=found).exists():
            raise Http404
    if form.carries_out(
        lambda: correcting.correct_reading(
            reading_id=form.cleaned_data["reading_id"], new_value=form.cleaned_data["new_value"],
            reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã sửa chỉ số và điều chỉnh khoản thu theo."))
        return see("biller-bill", found.pk)
    return bill_page(request, desk, found, wrong={"reading": form})


@require_POST
@at_biller("keep_bills")
def use_credit(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    """What is owed to the payer pays (part of) this bill."""
    found = found_bill(desk, bill_id)
    form = CreditForm(request.POST)
    if form.carries_out(
        lambda: carrying.use(
            bill_id=found.pk, amount_dong=form.cleaned_data["amount_dong"], actor=desk.user,
            key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã dùng %(dong)s tiền thừa.") % {"dong": figures(form.done.amount_dong)})
        return see("biller-bill", found.pk)
    return bill_page(request, desk, found, wrong={"credit": form})


@require_POST
@at_biller("keep_bills")
def undo_credit(request: HttpRequest, desk: Desk, bill_id: int, credit_use_id: int) -> HttpResponse:
    """Owed to the payer again, and the bill is due again."""
    found = found_bill(desk, bill_id)
    if not CreditUse.objects.filter(pk=credit_use_id, payment_request=found.request).exists():
        raise Http404
    refused = refusal_of(lambda: carrying.undo(credit_use_id=credit_use_id, actor=desk.user, at=desk.at))
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Đã gỡ. Tiền thừa lại như trước."))
    return see("biller-bill", found.pk)


@require_POST
@at_biller()
def together(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    """One QR for the chosen open bills of the same household: on to its payment page."""
    found = found_bill(desk, bill_id)
    open_codes = {one.request.code for one in bill_papers.open_beside(found)}
    codes = [code for code in request.POST.getlist("code") if code in open_codes]
    if not codes:
        messages.error(request, _("Hãy chọn ít nhất một khoản còn phải trả."))
        return see("biller-bill", found.pk, part="together")
    made = []
    refused = refusal_of(lambda: made.append(bundles.make(codes=codes, at=desk.at)))
    if refused:
        messages.error(request, refused.message)
        return see("biller-bill", found.pk, part="together")
    return see("pay", made[0].code)
