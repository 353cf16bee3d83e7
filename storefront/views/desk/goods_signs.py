"""What stands beside goods at the desk: their season, and the OCOP stars that a decision gave them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog import certifying, seasons
from catalog.models import OcopCertificate, Product
from storefront.at_desk import Desk, at_desk, see
from storefront.forms.desk_signs import CertificateForm, SeasonForm
from storefront.views.desk.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("list_goods")
def season(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    """From which month to which."""
    found = _found(desk, product_id)
    form = SeasonForm(
        request.POST or None, initial={"first_month": found.season_from or "", "last_month": found.season_to or ""}
    )
    if form.carries_out(
        lambda: seasons.set_season(
            product_id=found.pk, first=form.cleaned_data["first_month"], last=form.cleaned_data["last_month"],
            actor=desk.user, at=desk.at,
        )
    ):  # fmt: skip
        messages.success(request, _("Đã ghi mùa của “%(name)s”.") % {"name": found.name})
        return see("desk-goods", part=f"product-{found.pk}")
    context = {"form": form, "product": found}
    return page(request, desk, "season.html", context, tab="goods", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("certify_goods")
def certificate(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponse:
    """The certificates of one product, and a new one from its paper."""
    found = _found(desk, product_id)
    form = CertificateForm(request.POST or None)
    if form.carries_out(
        lambda: certifying.record_certificate(
            product_id=found.pk, stars=int(form.cleaned_data["stars"]), decision=form.cleaned_data["decision"],
            issuer=form.cleaned_data["issuer"], issued_on=form.cleaned_data["issued_on"],
            expires_on=form.cleaned_data["expires_on"], actor=desk.user, key=form.cleaned_data["key"], at=desk.at,
        )
    ):  # fmt: skip
        told = {"stars": form.done.stars, "name": found.name}
        messages.success(request, _("Đã ghi %(stars)s sao OCOP cho “%(name)s”.") % told)
        return see("desk-certificate", found.pk)
    recorded = OcopCertificate.objects.filter(product=found).select_related("recorded_by").order_by("-issued_on", "-pk")
    shown = [(one, one.is_live(on=desk.today)) for one in recorded]
    context = {"form": form, "product": found, "recorded": shown}
    return page(request, desk, "certificate.html", context, tab="goods", status=422 if form.errors else 200)


@require_POST
@at_desk("certify_goods")
def withdraw_certificate(request: HttpRequest, desk: Desk, product_id: int, certificate_id: int) -> HttpResponse:
    """Its stars are gone at once."""
    found = _found(desk, product_id)
    if not OcopCertificate.objects.filter(pk=certificate_id, product=found).exists():
        raise Http404
    certifying.withdraw_certificate(certificate_id=certificate_id, actor=desk.user, at=desk.at)
    messages.success(request, _("Đã gỡ sao của “%(name)s”.") % {"name": found.name})
    return see("desk-certificate", found.pk)


def _found(desk: Desk, product_id: int) -> Product:
    found = Product.objects.filter(organization=desk.organization, pk=product_id).first()
    if found is None:
        raise Http404
    return found
