"""Provider keys at rest: encrypted with FIELD_KEY (Fernet), the first key writes, all of them read."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def seal(keys: list[str]) -> str:
    """One or two live provider keys as one encrypted text. Keys hold no line break."""
    assert 1 <= len(keys) <= 2
    assert not any("\n" in key for key in keys)
    return _box().encrypt("\n".join(keys).encode()).decode()


def unseal(sealed: str) -> list[str]:
    """The keys again. Raises ImproperlyConfigured when FIELD_KEY is not the one they were sealed with."""
    try:
        return _box().decrypt(sealed.encode()).decode().split("\n")
    except InvalidToken as error:
        raise ImproperlyConfigured("FIELD_KEY does not open the stored provider keys") from error


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.FIELD_KEY.split(",") if key.strip()])
