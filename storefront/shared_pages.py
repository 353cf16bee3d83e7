"""Pages that are the same for everybody: checked by one number before anything else is asked of the database.

Such a page holds nothing of its visitor: no form token, no basket, no name, no flash message. It is drawn for a
stranger (no cookies, no session), tagged with the version of what it shows, the language, the Vietnamese day (stars,
seasons and best-before days end with one) and the build; and kept in this process until one of them changes. A phone
that holds the same tag gets 304. See docs/speed.md and decision 0021.
"""

import copy
import gzip
import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from base.periods import today_in_vietnam
from catalog import versions
from storefront.build import build
from storefront.kept_pages import Kept, KeptPages
from storefront.language import chosen_language
from storefront.narrowing import Narrowing

View = Callable[..., HttpResponse]
Numbers = tuple[int, ...]
Tag = Callable[..., Numbers | None]
Reads = Callable[[QueryDict], str]

# What strangers type into an address cannot push out the pages that everybody opens.
PLAIN = KeptPages(most_bytes=6 * 1024 * 1024)
NARROWED = KeptPages(most_bytes=2 * 1024 * 1024)

# What a page may know of the request's headers: by which address we were called.
_OF_THE_ADDRESS = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT"})
_OF_THE_VISITOR = ("headers", "_messages", "_cached_user", "_csp_nonce", "session", "accepted_types")


class NotForEverybody(Exception):
    """A bug of ours: a shared page asked for a form token or set a cookie."""


# -- What a page may be tagged with: each asks one query --------------------------------------------------


def market(_request: HttpRequest, **_named: Any) -> Numbers:
    """Everything that is on sale, whoever sells it."""
    return (versions.market_number(),)


def of_product(_request: HttpRequest, *, slug: str) -> Numbers | None:
    """The shop that sells the product, and its maker's consent. None: there is no such product."""
    return versions.of_goods(slug)


def of_shop(_request: HttpRequest, *, slug: str) -> Numbers | None:
    """The shop under this slug, its members and those who agree to be named. None: there is no such shop."""
    return versions.of_shop_and_people(slug)


# -- What a page reads of its address ---------------------------------------------------------------------


def what_narrows(query: QueryDict) -> str:
    """``?category=…&page=2``: what lists of goods understand, in one order and form; everything else is left out."""
    return Narrowing.read(query).query if query else ""


def nothing(_query: QueryDict) -> str:
    """For a page that has but one address, whatever a chat app hangs on to it."""
    return ""


# -- The page ---------------------------------------------------------------------------------------------


def shared_page(*, tag: Tag, reads: Reads = what_narrows, room: KeptPages | None = None) -> Callable[[View], View]:
    """Share what the view draws between all visitors.

    ``tag(request, **kwargs)`` returns the numbers under which the page stands, in one query, or None: not shared this
    time, the view is asked as it is. ``reads`` brings the query string into its one form; the view sees nothing else
    of it. ``room``: where it is kept, if not among the pages. Only a 200 is shared. For GET and HEAD (put
    ``require_safe`` above it).
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def shared(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            numbers = tag(request, **kwargs)
            if numbers is None:
                return view(request, **kwargs)
            language = chosen_language(request)
            etag = etag_of(numbers, language=language)
            held = request.META.get("HTTP_IF_NONE_MATCH")
            if held and _is_held(etag, held):
                return _with_headers(HttpResponseNotModified(), etag)
            query = reads(request.GET)
            host = request.get_host()
            shelf = room if room is not None else PLAIN if not query and _is_our_name(host) else NARROWED
            key = (request.scheme, host, request.path, query, language)
            kept = shelf.get(key, tag=etag)
            if kept is None:
                nobody = stranger(request, query)
                response = view(nobody, **kwargs)
                _check(nobody, response)
                if response.status_code != 200:
                    return response
                packed = gzip.compress(response.content, 6, mtime=0)
                kept = Kept(etag, packed, dict(_with_headers(response, etag).headers))
                shelf.keep(key, kept)
            return _answer(request, kept)

        return shared

    return decorator


def etag_of(numbers: Numbers, *, language: str) -> str:
    """Weak: the page is the same one packed or unpacked."""
    return _etag(f"{numbers} {language} {today_in_vietnam()} {build()}")


@lru_cache(maxsize=1024)
def _etag(told: str) -> str:
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:24]}"'


def stranger(request: HttpRequest, query: str) -> HttpRequest:
    """The same address asked by nobody in particular. ``session`` is not even there, so that asking for it fails."""
    nobody: Any = copy.copy(request)
    nobody.META = {
        name: value
        for name, value in request.META.items()
        if name in _OF_THE_ADDRESS or not name.startswith(("HTTP_", "CSRF_"))
    }
    nobody.META["QUERY_STRING"] = query.removeprefix("?")
    for name in _OF_THE_VISITOR:
        nobody.__dict__.pop(name, None)
    nobody.GET, nobody.COOKIES, nobody.user = QueryDict(nobody.META["QUERY_STRING"]), {}, AnonymousUser()
    nobody.resolver_match = request.resolver_match  # a copied request leaves it behind
    nobody.is_shared = True
    return nobody


def _is_our_name(host: str) -> bool:
    """Whether the page was asked for under the name that we give out. A browser writes it so; in a ``Host`` of his own
    a stranger may put any of 65,535 ports and any mixture of capitals behind or into a name that is allowed."""
    return host in (urlsplit(settings.SITE_URL).netloc, *settings.ALLOWED_HOSTS)


def _is_held(etag: str, held: str) -> bool:
    """Whether the phone has this very page. Proxies may drop the W/ of a tag; "*" names no page."""
    return etag.removeprefix("W/") in (one.removeprefix("W/") for one in parse_etags(held))


def _check(nobody: HttpRequest, response: HttpResponse) -> None:
    """Raises NotForEverybody where the view did something for one visitor."""
    if nobody.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        raise NotForEverybody("a form token: post to a door that looks where a form comes from (same_site.py)")
    if response.cookies:
        raise NotForEverybody(f"cookies: {', '.join(response.cookies)}")


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    packed = bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    response = HttpResponse(kept.gzipped if packed else gzip.decompress(kept.gzipped), headers=dict(kept.headers))
    if packed:  # no secret of a visitor's stands in it, so its length tells none
        response.headers["Content-Encoding"] = "gzip"
    return response


def _with_headers(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"  # keep it, but ask each time
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response
