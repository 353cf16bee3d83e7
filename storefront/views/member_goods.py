"""A member's goods on her own phone: what to bring on which day, “còn hàng?” in one tap, a rest, a promise."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.periods import vietnam_day
from base.refusals import NotFound
from catalog import promising_lots, resting
from catalog.models import Product, ProductQuerySet, Variant
from cooperatives.models import Member, User
from orders import asking_stock, bringing
from orders.models import StockQuestion
from storefront.at_desk import sign_in_first
from storefront.forms.desk import DeskForm
from storefront.forms.desk_cycles import PromiseForm, RestForm, StockAnswerForm
from storefront.upcoming import MarketDay, market_days
from storefront.views.desk.coming import left_typed, typed_measures


@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Day by day, for every cooperative that she is in: to read on the phone, and to print."""
    if not isinstance(request.user, User):
        return sign_in_first(request)
    memberships = _memberships(request.user)
    if not memberships:
        return render(request, "storefront/member_none.html")
    now = timezone.now()
    promises = [
        one
        for membership in memberships
        for one in bringing.promised(membership.organization)
        if one.lot.member_id == membership.pk
    ]
    market: list[MarketDay] = [
        day for membership in memberships for day in market_days(shop=membership.organization, on=vietnam_day(now))
    ]
    context = {
        "me": memberships[0], "memberships": memberships, "days": bringing.days_of(promises), "market": market,
        "today": vietnam_day(now),
        "goods": Product.objects.filter(maker__in=memberships, state=Product.State.PUBLISHED)
        .select_related("organization").prefetch_related("variants").order_by("name", "pk"),
    }  # fmt: skip
    return render(request, "storefront/member_calendar.html", context)


@require_POST
def stock(request: HttpRequest, question_id: int) -> HttpResponse:
    """One tap: there is, there is less, there is none."""
    user = _signed_in(request)
    asked = StockQuestion.objects.filter(member__user=user).select_related("variant__product", "member__organization")
    found = asked.filter(pk=question_id).first()
    if found is None:
        raise Http404
    form = StockAnswerForm(request.POST)
    if _done(
        form,
        lambda: asking_stock.answer(
            question_id=found.pk, answer=form.cleaned_data["answer"],
            left=left_typed(form, found.variant),
            actor=user, at=timezone.now(),
        ),
        quantity="left",
    ):  # fmt: skip
        messages.success(request, _("Đã ghi: %(answer)s. Cảm ơn bà con.") % {"answer": form.done.get_answer_display()})
    else:
        messages.error(request, str(next(error for of_field in form.errors.values() for error in of_field)))
    address = f"{reverse('member')}?of={found.member.organization.slug}#asked"
    return HttpResponseRedirect(address, status=303)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rest(request: HttpRequest, product_id: int) -> HttpResponse:
    """Her own goods are not sold until a day."""
    if not isinstance(request.user, User):
        return sign_in_first(request)
    product = _her_goods(request.user).filter(pk=product_id).first()
    if product is None:
        raise Http404
    form = RestForm(request.POST or None, initial={"until": product.rests_until})
    user = request.user
    if _done(
        form,
        lambda: resting.rest_product(
            product_id=product.pk, until=form.cleaned_data["until"], actor=user, at=timezone.now()
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã ghi. Trang bán hàng nói đúng như thế."))
        return HttpResponseRedirect(reverse("member-calendar"), status=303)
    context = {"form": form, "name": product.name}
    return render(request, "storefront/member_rest.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, variant_id: int) -> HttpResponse:
    """What she will bring, and when: it can be ordered from now on."""
    if not isinstance(request.user, User):
        return sign_in_first(request)
    variant = Variant.objects.filter(product__in=_her_goods(request.user)).select_related("product").filter(
        pk=variant_id
    ).first()  # fmt: skip
    if variant is None:
        raise Http404
    form = PromiseForm(request.POST or None)
    user = request.user
    if _done(
        form,
        lambda: promising_lots.promise_lot(
            variant_id=variant.pk, member_id=variant.product.maker_id,
            quantity=typed_measures(form.cleaned_data["quantity"], variant),
            expected_on=form.cleaned_data["expected_on"], actor=user, key=form.cleaned_data["key"],
            at=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã ghi hẹn. Hàng đặt được ngay từ bây giờ."))
        return HttpResponseRedirect(reverse("member-calendar"), status=303)
    context = {"form": form, "variant": variant}
    return render(request, "storefront/member_promise.html", context, status=422 if form.errors else 200)


def _done(form: DeskForm, deed: Callable[[], Any], **renamed: str) -> bool:
    """As ``form.carries_out``; what the verb says to a stranger is this door's 404, as at the desk."""
    try:
        return form.carries_out(deed, **renamed)
    except NotFound as no:
        raise Http404 from no


def _memberships(user: User) -> list[Member]:
    rows = Member.objects.filter(user=user, left_on=None).select_related("organization", "user")
    return list(rows.order_by("organization_id"))


def _her_goods(user: User) -> ProductQuerySet:
    return Product.objects.filter(maker__user=user, maker__left_on=None)


def _signed_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
