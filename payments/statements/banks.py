"""The statement readers by bank. Today one reads them all; a bank with words of its own gets a line here."""

from collections.abc import Mapping
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.statements import generic
from payments.statements.statement import StatementRead

DEFAULT = "generic"


class Reader(Protocol):
    """The bytes of one file in, the whole statement out; raises a DoubtfulStatement and nothing else."""

    def __call__(self, data: bytes, /) -> StatementRead: ...


class UnknownBank(Refused):
    code = "UNKNOWN_BANK"
    sentence = _("Chưa có cách đọc riêng cho ngân hàng “%(bank)s”. Đang dùng được: %(known)s.")


BANKS: Mapping[str, Reader] = {DEFAULT: generic.read}


def read_statement(data: bytes, *, bank: str = DEFAULT) -> StatementRead:
    """The statement in ``data``. Raises UnknownBank, or the DoubtfulStatement that names the row."""
    if bank not in BANKS:
        raise UnknownBank(bank=bank, known=", ".join(BANKS))
    return BANKS[bank](data)
