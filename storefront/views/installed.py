"""The market as an app on the phone: its manifest, its service worker, its page without network."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront import shell
from storefront.language import FIRST, chosen_language


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """From the top of the site, so that it may serve every page; 304 while its version stands."""
    script, version = shell.service_worker()
    etag = f'"{version}"'
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker holds ready for a phone without network."""
    response = HttpResponse(shell.offline_page(chosen_language(request)))
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, colours and icons for the home screen. Browsers ask for it without cookies: it speaks Vietnamese."""
    with translation.override(FIRST):
        return JsonResponse(
            {
                "id": "/",
                "name": _("Chợ Phiên"),
                "short_name": _("Chợ Phiên"),
                "description": _("Hàng của bà con, bán thẳng từ hợp tác xã. Tiền vào thẳng tài khoản hợp tác xã."),
                "lang": FIRST,
                "dir": "ltr",
                "start_url": reverse("home"),
                "scope": "/",
                "display": "standalone",
                "background_color": "#FBF7EF",
                "theme_color": "#FBF7EF",
                "icons": [_icon(192, "any"), _icon(512, "any"), _icon(512, "maskable")],
                "shortcuts": [
                    {"name": _("Giỏ hàng"), "url": reverse("basket")},
                    {"name": _("Đơn của tôi"), "url": reverse("my-orders")},
                    {"name": _("Khoản cần đóng"), "url": reverse("bills")},
                ],
            },
            content_type="application/manifest+json",
            json_dumps_params={"ensure_ascii": False},
        )


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = f"app-{size}-maskable.png" if purpose == "maskable" else f"app-{size}.png"
    address = staticfiles_storage.url(f"storefront/icons/{name}")
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
