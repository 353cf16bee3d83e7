"""The expected no: a stable code for machines, a sentence for people."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Something a person or a machine asked for, and may not have.

    Each refusal is a subclass in the module that raises it. Doors translate it: HTML beside the
    field, GraphQL as ``errors { field code message }``, a webhook as a status.

    ``code``     stable, upper case, part of the contract
    ``sentence`` translatable; may hold ``%(name)s`` for the keyword arguments of the constructor
    ``field``    the input field it belongs to (snake_case), when there is one
    ``told``     names of details that a program needs to go on; a query's error carries them beside the code
    """

    code: ClassVar[str] = "REFUSED"
    sentence: ClassVar[Any] = _("Không làm được việc này.")
    told: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, field: str | None = None, **details: Any) -> None:
        super().__init__(self.code)
        self.field = field
        self.details: Mapping[str, Any] = details

    @property
    def message(self) -> str:
        """The sentence for a person, in the active language."""
        sentence = str(self.sentence)
        return sentence % self.details if self.details and "%(" in sentence else sentence

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.details.items())
        return f"{self.code}({details})" if details else self.code


class NotFound(Refused):
    """The same answer for "does not exist" and "not for you"."""

    code = "NOT_FOUND"
    sentence = _("Không tìm thấy.")


class KeyReused(Refused):
    """The same idempotency key came with other input."""

    code = "KEY_REUSED"
    sentence = _("Mã chống lặp này đã dùng cho một việc khác. Hãy tải lại trang rồi thử lại.")
