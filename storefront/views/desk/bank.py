"""The bank, step by step: the account, its opening balance, SePay's calls, and a transfer of 1,000 đ to prove it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from base.refusals import NotFound, Refused
from cooperatives.models import BankAccount
from payments import feeds, opening
from payments.models import Feed, OpeningBalance, Sighting
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk import DeskForm
from storefront.forms.desk_feed import ConnectForm, OpeningForm, RotateForm
from storefront.views.desk.pages import page

TEST_DONG = 1000
TEST_MEMO = "THU KET NOI"


@require_safe
@at_desk("see_money")
def bank(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the setting up stands, and the next step."""
    return _bank_page(request, desk)


@require_POST
@at_desk("open_books")
def open_books(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Book what the account held on the opening day; once."""
    form = OpeningForm(request.POST)
    if form.is_valid():
        try:
            opening.open_account(
                bank_account=_account(desk), amount_dong=form.cleaned_data["amount_dong"], actor=desk.user, at=desk.at
            )
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused)
        else:
            messages.success(request, _("Đã mở sổ. Từ nay sổ và ngân hàng phải khớp từng đồng."))
            return see("desk-feed")
    return _bank_page(request, desk, opening_form=form)


@require_POST
@at_desk("settle_money")
def connect(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A hook address of its own for this account. A second tap finds the first connection."""
    account = _account(desk)
    form = ConnectForm(request.POST)
    if Feed.objects.filter(bank_account=account, is_live=True).exists():
        return see("desk-feed")
    if form.is_valid():
        try:
            feeds.connect(
                bank_account=account, provider=Feed.Provider.SEPAY, auth=Feed.Auth(form.cleaned_data["auth"]),
                key=form.cleaned_data["secret"], actor=desk.user, at=desk.at,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused, key="secret")
        else:
            messages.success(request, _("Đã tạo địa chỉ nhận tin. Dán sang SePay theo bước 3."))
            return see("desk-feed", part="sepay")
    return _bank_page(request, desk, connect_form=form)


@require_POST
@at_desk("settle_money")
def rotate(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another key for the same address."""
    feed = _feed(_account(desk))
    if feed is None:
        raise Http404
    form = RotateForm(request.POST)
    if form.is_valid():
        try:
            feeds.rotate_key(feed_id=feed.pk, key=form.cleaned_data["secret"], actor=desk.user, at=desk.at)
        except NotFound:
            raise
        except Refused as refused:
            form.take_refusal(refused, key="secret")
        else:
            messages.success(request, _("Đã đổi khóa. Khóa trước vẫn dùng được cho đến lần đổi sau."))
            return see("desk-feed")
    return _bank_page(request, desk, rotate_form=form)


def _account(desk: Desk) -> BankAccount:
    account = (
        BankAccount.objects.select_related("organization")
        .filter(organization=desk.organization, is_default=True)
        .first()
    )
    if account is None:
        raise Http404
    return account


def _feed(account: BankAccount) -> Feed | None:
    return Feed.objects.filter(bank_account=account, is_live=True).order_by("-pk").first()


def _bank_page(
    request: HttpRequest,
    desk: Desk,
    *,
    opening_form: OpeningForm | None = None,
    connect_form: ConnectForm | None = None,
    rotate_form: RotateForm | None = None,
) -> HttpResponse:
    account = _account(desk)
    feed = _feed(account)
    tried = Sighting.objects.filter(bank_account=account, feed=feed) if feed else Sighting.objects.none()
    wrong: list[DeskForm] = [form for form in (opening_form, connect_form, rotate_form) if form is not None]
    context: dict[str, Any] = {
        "account": account, "feed": feed, "may_connect": desk.may["settle_money"],
        "opened": OpeningBalance.objects.filter(bank_account=account).first(),
        "hook": f"{settings.SITE_URL}{reverse('hook', args=[feed.provider, feed.token])}" if feed else "",
        "is_https": settings.SITE_URL.startswith("https://"),
        "test_dong": TEST_DONG, "test_memo": TEST_MEMO,
        "test": tried.filter(amount_dong=TEST_DONG, direction="in").order_by("pk").first(),
        "latest": tried.order_by("-pk").first(),
        "opening_form": opening_form or OpeningForm(), "connect_form": connect_form or ConnectForm(),
        "rotate_form": rotate_form or RotateForm(), "wants_rotate": rotate_form is not None,
    }  # fmt: skip
    return page(request, desk, "bank.html", context, tab="feed", status=422 if wrong else 200)
