"""How many goods the basket holds, in a cookie that scripts may read: shared pages know no visitor, her phone does.

Only a number; the basket itself stays in the session, and its page has the last word.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from storefront.basket import basket_in

COOKIE = "basket_n"


class BasketCookieMiddleware:
    """Sets the number right wherever a request has read the session anyway; stands below SessionMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and response.status_code < 500:
            count = str(len(basket_in(request.session)) or "")
            if count and count != request.COOKIES.get(COOKIE):
                response.set_cookie(
                    COOKIE, count, max_age=settings.SESSION_COOKIE_AGE, samesite="Lax",
                    secure=settings.SESSION_COOKIE_SECURE,
                )  # fmt: skip
            elif not count and COOKIE in request.COOKIES:
                response.delete_cookie(COOKIE, samesite="Lax")
        return response
