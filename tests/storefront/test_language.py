"""Vietnamese unless the phone has chosen English."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language

from storefront.language import LanguageMiddleware, choose_language

requests = RequestFactory(HTTP_SEC_FETCH_SITE="same-origin")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language())


@pytest.mark.parametrize(("cookie", "spoken"), [(None, "vi"), ("vi", "vi"), ("en", "en"), ("fr", "vi"), ("", "vi")])
def test_only_the_cookie_decides(cookie, spoken):
    request = requests.get("/", headers={"accept-language": "en-US,en;q=0.9"})
    if cookie is not None:
        request.COOKIES["lang"] = cookie
    response = LanguageMiddleware(page)(request)
    assert response.content.decode() == spoken
    assert response["Content-Language"] == spoken
    assert response["Vary"] == "Cookie"


def test_pictures_are_the_same_in_every_language():
    response = LanguageMiddleware(lambda _: HttpResponse(b"", content_type="image/png"))(requests.get("/qr.png"))
    assert "Vary" not in response.headers
    assert "Content-Language" not in response.headers


@pytest.mark.parametrize("outside", ["https://example.com/", "//example.com", "javascript:alert(1)", "\\\\example.com"])
def test_choosing_a_language_never_leads_outside(outside):
    response = choose_language(requests.post("/language/", {"lang": "en", "next": outside}))
    assert (response.status_code, response["Location"]) == (303, "/")


def test_choice_is_kept_and_leads_back():
    response = choose_language(requests.post("/language/", {"lang": "en", "next": "/p/mam-cay/?a=1"}))
    assert response["Location"] == "/p/mam-cay/?a=1"
    assert response.cookies["lang"].value == "en"


def test_unknown_language_is_not_kept():
    assert "lang" not in choose_language(requests.post("/language/", {"lang": "xx"})).cookies
