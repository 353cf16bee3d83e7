"""Which households and single bills this browser has opened: it finds them again, until somebody taps "forget"."""

from collections.abc import Mapping
from typing import Any

from base.codes import is_well_formed
from storefront.remembered import is_token

HOUSEHOLDS, CODES = "households", "bill_codes"
MOST_HOUSEHOLDS, MOST_CODES = 5, 20


def tokens_in(session: Mapping[str, object]) -> list[str]:
    """The tokens of its households, the latest first. Anything else that the session may hold counts as nothing."""
    return [one for one in _texts(session.get(HOUSEHOLDS)) if is_token(one)][:MOST_HOUSEHOLDS]


def codes_in(session: Mapping[str, object]) -> list[str]:
    """The codes of bills that it opened by themselves, the latest first."""
    return [one for one in _texts(session.get(CODES)) if is_well_formed(one)][:MOST_CODES]


def household_opened(session: Any, token: str) -> None:
    """Keep it; written only when it is news, so that a page looked at again writes nothing."""
    held = tokens_in(session)
    if token not in held:
        session[HOUSEHOLDS] = [token, *held][:MOST_HOUSEHOLDS]


def bill_opened(session: Any, code: str) -> None:
    """Keep it, as a household."""
    held = codes_in(session)
    if code not in held:
        session[CODES] = [code, *held][:MOST_CODES]


def forget(session: Any) -> None:
    """All of them: the phone is handed on."""
    for key in (HOUSEHOLDS, CODES):
        session.pop(key, None)


def _texts(held: object) -> list[str]:
    return [one for one in held if isinstance(one, str)] if isinstance(held, list) else []
