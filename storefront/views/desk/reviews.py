"""Reviews at the desk: read, answered, and where a text must not stand, hidden with a reason that buyers read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders import reviewing
from orders.models import Review
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm, refusal_of
from storefront.forms.reviews import HideForm, ReplyForm
from storefront.views.desk.pages import page

PER_PAGE = 20


@require_safe
@at_desk("answer_reviews")
def reviews(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The latest first; ``?unanswered`` shows what nobody has answered."""
    return _listed(request, desk)


@require_POST
@at_desk("answer_reviews")
def reply(request: HttpRequest, desk: Desk, review_id: int) -> HttpResponse:
    found, form = _found(desk, review_id), ReplyForm(request.POST)
    if form.carries_out(
        lambda: reviewing.reply(
            review_id=found.pk, text=form.cleaned_data["text"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã trả lời. Ai cũng đọc được."))
        return see("desk-reviews", part=f"review-{found.pk}")
    return _listed(request, desk, wrong=(found.pk, "reply", form))


@require_POST
@at_desk("hide_reviews")
def hide(request: HttpRequest, desk: Desk, review_id: int) -> HttpResponse:
    found, form = _found(desk, review_id), HideForm(request.POST)
    if form.carries_out(
        lambda: reviewing.hide(
            review_id=found.pk, reason=form.cleaned_data["reason"], actor=desk.user, key=form.cleaned_data["key"],
            at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ẩn lời này. Số sao vẫn tính, và người mua đọc được lý do."))
        return see("desk-reviews", part=f"review-{found.pk}")
    return _listed(request, desk, wrong=(found.pk, "hide", form))


@require_POST
@at_desk("hide_reviews")
def show_again(request: HttpRequest, desk: Desk, review_id: int) -> HttpResponse:
    found = _found(desk, review_id)
    refused = refusal_of(lambda: reviewing.show_again(review_id=found.pk, actor=desk.user, at=desk.at))
    if refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Lời này lại hiện như cũ."))
    return see("desk-reviews", part=f"review-{found.pk}")


def _listed(request: HttpRequest, desk: Desk, *, wrong: tuple[int, str, DeskForm] | None = None) -> HttpResponse:
    """The list; after a refusal the one review alone, its form open with what was typed."""
    found = Review.objects.filter(order__organization=desk.organization).latest_first().preloaded()
    unanswered = found.filter(reply="", hidden_at=None)
    only = "unanswered" in request.GET
    listed = found.filter(pk=wrong[0]) if wrong else unanswered if only else found
    shown = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    rows = []
    for review in shown:
        forms: dict[str, DeskForm] = {"reply": ReplyForm(initial={"text": review.reply}), "hide": HideForm()}
        opened = ""
        if wrong is not None and wrong[0] == review.pk:
            opened = wrong[1]
            forms[opened] = wrong[2]
        for name, form in forms.items():  # the same form stands on the page many times
            form.auto_id = f"{name}-{review.pk}-%s"
        rows.append((review, forms["reply"], forms["hide"], opened))
    context = {"page": shown, "rows": rows, "only": only, "waiting": unanswered.count()}
    return page(request, desk, "reviews.html", context, tab="reviews", status=422 if wrong else 200)


def _found(desk: Desk, review_id: int) -> Review:
    found = Review.objects.filter(order__organization=desk.organization, pk=review_id).first()
    if found is None:
        raise Http404
    return found
