"""The statement readers by bank: each asks its bank's own file; ``generic`` takes any and says whose it is."""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from base.collecting import rare_collection
from base.refusals import Refused
from payments.statements import generic
from payments.statements.known_banks import MAPS
from payments.statements.statement import StatementRead

DEFAULT = "generic"


class Reader(Protocol):
    """The bytes of one file in, the whole statement out; raises a DoubtfulStatement and nothing else."""

    def __call__(self, data: bytes, /, *, account: str | None = None) -> StatementRead: ...


class UnknownBank(Refused):
    code = "UNKNOWN_BANK"
    sentence = _("Chưa có cách đọc riêng cho ngân hàng “%(bank)s”. Đang dùng được: %(known)s.")


BANKS: Mapping[str, Reader] = {
    DEFAULT: generic.read,
    **{key: partial(generic.read, bank=bank) for key, bank in MAPS.items()},
}


@rare_collection()
def read_statement(data: bytes, *, bank: str = DEFAULT, account: str | None = None) -> StatementRead:
    """The statement in ``data``; of a file with several accounts that of ``account``, as its number is written.

    MT940 and CAMT.053 name no bank, so ``bank`` is not asked of them. Raises UnknownBank, or the DoubtfulStatement that
    names the row.
    """
    if bank not in BANKS:
        raise UnknownBank(bank=bank, known=", ".join(BANKS))
    return BANKS[bank](data, account=account)
