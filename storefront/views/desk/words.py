"""What buyers call these goods: sets of words that find the same, said and taken back by who lists the goods."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from base.refusals import Refused
from catalog.models import SynonymSet
from catalog.search import own_words
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_words import WordsForm
from storefront.views.desk.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def words(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The sets, and a form whose first button shows what a set will find and whose second keeps it.

    ``?back=``: words just taken back, to be said again by one tap.
    """
    here = desk.organization
    form = WordsForm(request.POST or None)
    look: own_words.WithGoods | None = None
    if "keep" in request.POST:
        if form.carries_out(
            lambda: own_words.say_same(
                organization_id=here.pk, text=form.cleaned_data["words"], actor=desk.user, at=desk.at
            )
        ):
            messages.success(request, _("Đã ghi. Gõ cách nào cũng tìm thấy hàng."))
            return see("desk-words", part=f"set-{form.done.pk}")
    elif form.carries_out(lambda: own_words.checked_set(form.cleaned_data["words"])):
        look = own_words.with_goods([form.done], organization=here)[0]
    said = list(SynonymSet.objects.filter(organization=here).order_by("words"))
    found = own_words.with_goods([one.words for one in said], organization=here)
    context = {
        "form": form,
        "look": look,
        "sets": list(zip(said, found, strict=True)),
        "back": "" if request.method == "POST" else _back(request.GET.get("back", "")),
    }
    return page(request, desk, "words.html", context, tab="words", status=422 if form.errors else 200)


@require_POST
@at_desk("list_goods")
def words_back(request: HttpRequest, desk: Desk, set_id: int) -> HttpResponse:
    """Take a set back; the page then offers to undo that."""
    gone = own_words.take_back(organization_id=desk.organization.pk, set_id=set_id, actor=desk.user, at=desk.at)
    return see("desk-words", query={"back": gone} if gone else None)


def _back(text: str) -> str:
    """Only what could be a set is offered, whatever an address says."""
    try:
        return own_words.checked_set(text)
    except Refused:
        return ""
