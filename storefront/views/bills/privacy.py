"""What every page about a household's bills tells browsers and machines."""

from django.http import HttpResponse


def private(response: HttpResponse) -> HttpResponse:
    """In no search engine; and where a link leads elsewhere, nobody there is told the address, which holds the token.

    Not ``no-referrer``: with it browsers send forms with ``Origin: null``, and the check against forged forms refuses
    them. ``never_cache`` keeps the page out of every cache.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
