"""A file with several accounts: one is asked for by its number, or the file is refused and says which it holds."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from payments.statements.statement import DoubtfulStatement, StatementRead


class SeveralAccounts(DoubtfulStatement):
    code = "STATEMENT_SEVERAL_ACCOUNTS"
    sentence = _("Tệp có sao kê của nhiều tài khoản: %(accounts)s. Hãy chọn tài khoản cần nhập.")


class AccountNotThere(DoubtfulStatement):
    code = "STATEMENT_ACCOUNT_NOT_THERE"
    sentence = _("Tệp có sao kê của các tài khoản %(accounts)s, không có tài khoản %(asked)s. Chưa ghi dòng nào.")


def bare(number: str) -> str:
    """An account's number without the blanks, dots and dashes that print it."""
    return re.sub(r"[\s.\-]", "", number).upper()


def chosen(reads: Sequence[StatementRead], *, account: str | None) -> StatementRead:
    """The statement of ``account``. A file with one account needs none said; whose it is, the importer checks.

    Raises SeveralAccounts, AccountNotThere. Every account of the file was read and proved before.
    """
    assert reads
    if len(reads) == 1:
        return reads[0]
    names = ", ".join(read.account or "?" for read in reads)
    if account is None:
        raise SeveralAccounts(accounts=names)
    for read in reads:
        if read.account is not None and bare(read.account) == bare(account):
            return read
    raise AccountNotThere(accounts=names, asked=account)
