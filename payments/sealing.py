"""What must not be read from a stolen database: provider keys, encrypted with FIELD_KEY (Fernet), the first key
writes, all of them read."""

import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def seal(keys: list[str]) -> str:
    """One or two live provider keys as one encrypted text; "" for none. Keys hold no line break."""
    assert len(keys) <= 2
    assert not any("\n" in key for key in keys)
    return _sealed("\n".join(keys)) if keys else ""


def unseal(sealed: str) -> list[str]:
    """The keys again. Raises ImproperlyConfigured when FIELD_KEY is not the one they were sealed with."""
    return _opened(sealed).split("\n") if sealed else []


def seal_mapping(named: Mapping[str, str]) -> str:
    """What outgoing calls need, by name, as one encrypted text; "" for nothing."""
    return _sealed(json.dumps(dict(named), sort_keys=True)) if named else ""


def unseal_mapping(sealed: str) -> dict[str, str]:
    """The same again. Raises ImproperlyConfigured as ``unseal`` does."""
    return dict(json.loads(_opened(sealed))) if sealed else {}


def _sealed(text: str) -> str:
    return _box(settings.FIELD_KEY).encrypt(text.encode()).decode()


def _opened(sealed: str) -> str:
    try:
        return _opened_with(settings.FIELD_KEY, sealed)
    except InvalidToken as error:
        raise ImproperlyConfigured("FIELD_KEY does not open the stored provider keys") from error


@lru_cache(maxsize=256)
def _opened_with(field_key: str, sealed: str) -> str:
    """Remembered by the sealed text, which is read from the feed's row at each call: a key that was dropped or changed
    there opens nothing any more."""
    return _box(field_key).decrypt(sealed.encode()).decode()


def _box(field_key: str) -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in field_key.split(",") if key.strip()])
