"""Sources that tell of money: choosing and connecting one, its keys, its own list, and ending it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payments import cards, feeds
from payments.models import Feed, Sighting
from storefront.at_desk import Desk, at_desk, see
from storefront.desk_providers import OFFERED, WORDS
from storefront.forms.desk import DeskForm
from storefront.forms.desk_feed import CardsForm, ConnectForm, CredentialsForm, RotateForm, SendersForm
from storefront.views.desk.pages import page

TEST_DONG = 1000
TEST_MEMO = "THU KET NOI"


@require_safe
@at_desk("settle_money")
def choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which source: each with a sentence."""
    offered = [(provider, provider.label, WORDS[provider].about) for provider in (*OFFERED, Feed.Provider.STRIPE)]
    return page(request, desk, "feed_choose.html", {"offered": offered}, tab="feed")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def connect(request: HttpRequest, desk: Desk, provider: str) -> HttpResponse:
    """A hook address of its own for an account. A second tap finds the connection that the first one made."""
    if provider not in OFFERED:
        raise Http404
    form = ConnectForm(request.POST or None, provider=provider, organization=desk.organization)
    if form.carries_out(lambda: _connected(desk, form), key="secret"):
        messages.success(request, _("Đã tạo địa chỉ nhận tin. Làm tiếp các bước dưới đây."))
        return see("desk-feed-one", form.done.pk)
    context = {"form": form, "provider": Feed.Provider(provider), "words": WORDS[provider]}
    return page(request, desk, "feed_connect.html", context, tab="feed", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("settle_money")
def connect_cards(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Stripe: its keys are asked of Stripe itself, and its balance becomes an account beside those at banks."""
    form = CardsForm(request.POST or None)
    if form.carries_out(
        lambda: cards.connect(
            organization=desk.organization, secret_key=form.cleaned_data["secret_key"],
            webhook_secret=form.cleaned_data["webhook_secret"], actor=desk.user, at=desk.at,
        ),
        key="webhook_secret", credentials="secret_key",
    ):  # fmt: skip
        messages.success(request, _("Đã nối Stripe. Làm tiếp các bước dưới đây để Stripe báo tiền về."))
        return see("desk-feed-one", form.done.pk)
    stripe = Feed.Provider.STRIPE
    context = {"form": form, "provider": stripe, "words": WORDS[stripe]}
    return page(request, desk, "feed_connect.html", context, tab="feed", status=422 if form.errors else 200)


@require_safe
@at_desk("see_money")
def feed(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    """One connection: what to do at theirs, whether it works, its keys."""
    return _feed_page(request, desk, feed_id)


@require_POST
@at_desk("settle_money")
def rotate(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    """Another key for the same address."""
    form = RotateForm(request.POST)
    return _deed(
        request, desk, feed_id, name="rotate", form=form, key="secret",
        said=_("Đã đổi khóa. Khóa trước vẫn dùng được cho đến lần đổi sau."),
        do=lambda: feeds.rotate_key(feed_id=feed_id, key=form.cleaned_data["secret"], actor=desk.user, at=desk.at),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def drop_old_key(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    """The key before the last one has leaked, or the provider has changed over."""
    return _deed(
        request, desk, feed_id, name="rotate", form=DeskForm(request.POST), said=_("Khóa cũ không dùng được nữa."),
        do=lambda: feeds.drop_old_key(feed_id=feed_id, actor=desk.user, at=desk.at),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def senders(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    form = SendersForm(request.POST)
    return _deed(
        request, desk, feed_id, name="senders", form=form, said=_("Đã ghi tên người gửi."),
        do=lambda: feeds.say_senders(
            feed_id=feed_id, senders=form.cleaned_data["senders"], actor=desk.user, at=desk.at
        ),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def pull_on(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    """Also ask for the list of transactions: what a lost call would have told."""
    found = _found(desk, feed_id)
    form = CredentialsForm(request.POST, provider=found.provider, required=not found.credentials_sealed)
    return _deed(
        request, desk, feed_id, name="pull", form=form,
        said=_("Đã bật: mỗi đêm, và mỗi khi lâu không có tin, máy tự hỏi lại danh sách giao dịch."),
        do=lambda: feeds.pull_on(feed_id=feed_id, credentials=form.credentials, actor=desk.user, at=desk.at),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def pull_off(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    return _deed(
        request, desk, feed_id, name="pull", form=DeskForm(request.POST), said=_("Đã tắt hỏi danh sách."),
        do=lambda: feeds.pull_off(feed_id=feed_id, actor=desk.user, at=desk.at),
    )  # fmt: skip


@require_POST
@at_desk("settle_money")
def disconnect(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponse:
    """Its address stops answering. What it brought stays."""
    return _deed(
        request, desk, feed_id, name="disconnect", form=DeskForm(request.POST),
        said=_("Đã ngắt kết nối. Mọi chứng từ nguồn này đã báo vẫn còn."), then="desk-feed",
        do=lambda: feeds.disconnect(feed_id=feed_id, actor=desk.user, at=desk.at),
    )  # fmt: skip


def _connected(desk: Desk, form: ConnectForm) -> Feed:
    typed = form.typed
    live = Feed.objects.filter(bank_account=typed["bank_account"], provider=typed["provider"], is_live=True).first()
    return live or feeds.connect(**typed, actor=desk.user, at=desk.at)


def _deed(
    request: HttpRequest,
    desk: Desk,
    feed_id: int,
    *,
    name: str,
    form: DeskForm,
    do: Callable[[], Any],
    said: str,
    then: str = "",
    **renamed: str,
) -> HttpResponse:
    _found(desk, feed_id)
    if form.carries_out(do, **renamed):
        messages.success(request, said)
        return see(then) if then else see("desk-feed-one", feed_id)
    return _feed_page(request, desk, feed_id, wrong={name: form})


def _found(desk: Desk, feed_id: int) -> Feed:
    own = Feed.objects.select_related("bank_account").filter(organization=desk.organization, is_live=True)
    found = own.filter(pk=feed_id).first()
    if found is None:
        raise Http404
    return found


def _feed_page(
    request: HttpRequest, desk: Desk, feed_id: int, *, wrong: dict[str, DeskForm] | None = None
) -> HttpResponse:
    found = _found(desk, feed_id)
    tried = Sighting.objects.filter(feed=found)
    forms = {
        "rotate": RotateForm(), "senders": SendersForm(initial={"senders": found.senders}),
        "pull": CredentialsForm(provider=found.provider, required=not found.credentials_sealed),
        "disconnect": DeskForm(), "pull_off": DeskForm(), "drop": DeskForm(), **(wrong or {}),
    }  # fmt: skip
    context = {
        "feed": found, "account": found.bank_account, "words": WORDS[found.provider],
        "may_act": desk.may["settle_money"], "forms": forms, "opened": {*(wrong or {})},
        "hook": f"{settings.SITE_URL}{reverse('hook', args=[found.provider, found.token])}",
        "is_https": settings.SITE_URL.startswith("https://"),
        "can_pull": found.provider in feeds.PULLABLE, "has_two_keys": len(feeds.keys_of(found)) > 1,
        "test_dong": TEST_DONG, "test_memo": TEST_MEMO,
        "test": tried.filter(amount_dong=TEST_DONG, direction="in").order_by("pk").first(),
        "latest": tried.order_by("-pk").first(),
    }  # fmt: skip
    return page(request, desk, "feed.html", context, tab="feed", status=422 if wrong else 200)
