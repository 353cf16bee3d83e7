"""What every page knows without asking the database."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from storefront.basket import basket_in


def site(request: HttpRequest) -> dict[str, Any]:
    """``site_name``, ``basket_count`` (different goods in the basket), ``is_shared`` (a page for everybody, which
    knows no visitor: storefront/shared_pages.py) and ``demo`` (practice shop, set by a view).

    Reads the session only when the phone already has one, so that a first visit gets no cookie and no query.
    """
    has_session = hasattr(request, "session") and request.session.session_key is not None
    return {
        "site_name": _("Chợ Phiên"),
        "basket_count": len(basket_in(request.session)) if has_session else 0,
        "is_shared": getattr(request, "is_shared", False),
        "demo": getattr(request, "demo", False),
    }
