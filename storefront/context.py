"""What every page knows without asking the database."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _


def site(request: HttpRequest) -> dict[str, Any]:
    """``site_name``, ``basket_count`` (different goods in the basket) and ``demo`` (practice shop, set by a view).

    Reads the session only when the phone already has one, so that a first visit gets no cookie and no query.
    """
    has_session = hasattr(request, "session") and request.session.session_key is not None
    basket = request.session.get("basket") if has_session else None
    return {
        "site_name": _("Chợ Phiên"),
        "basket_count": len(basket) if basket else 0,
        "demo": getattr(request, "demo", False),
    }
