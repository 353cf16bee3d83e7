"""A statement file from the bank: believed whole or not at all, and a second import adds nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.collecting import rare_collection
from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from orders.buyers import one_line
from payments import settlement, settling_many, statement_rows
from payments.models import BankTransaction, StatementFile
from payments.statements.banks import read_statement
from payments.statements.mapping import Mapping, read_mapped
from payments.statements.statement import DoubtfulStatement, StatementRead

MOST_BYTES = 12 * 1024 * 1024
MAPPED = "mapped"
"""What a file is said to be read as, where a person pointed its columns out."""
_SETTLED_AT_ONCE = 100


class StatementTooLarge(Refused):
    code = "STATEMENT_TOO_LARGE"
    sentence = _("Tệp lớn hơn 12 MB. Hãy xuất lại cho ít ngày hơn.")


class WrongAccount(Refused):
    code = "STATEMENT_WRONG_ACCOUNT"
    sentence = _("Tệp này là của tài khoản %(found)s, không phải %(expected)s. Chưa ghi dòng nào.")


class FutureDays(Refused):
    code = "STATEMENT_FUTURE_DAYS"
    sentence = _("Tệp có ngày chưa tới (%(day)s). Hãy kiểm tra cột ngày. Chưa ghi dòng nào.")


@rare_collection()
def import_statement(
    *,
    bank_account_id: int,
    name: str,
    data: bytes,
    actor: User,
    at: datetime,
    bank: str = "generic",
    mapping: Mapping | None = None,
) -> StatementFile:
    """Read, write down and settle one file, by ``mapping`` where a person pointed its columns out.

    The same bytes for the same account return the first import.

    Of a long file only the first rows are settled before this returns; the worker settles the others (``progress``).

    Everything or nothing: raises DoubtfulStatement with the row, WrongAccount, FutureDays, StatementTooLarge,
    NotFound. Lines that a webhook or an earlier file told before join the same money.
    """
    account = BankAccount.objects.select_related("organization").filter(pk=bank_account_id).first()
    if account is None:
        raise NotFound()
    require(actor, "import_statements", organization=account.organization, on=vietnam_day(at))
    if len(data) > MOST_BYTES:
        raise StatementTooLarge(field="file")
    digest = hashlib.sha256(data).hexdigest()
    known = StatementFile.objects.filter(bank_account=account, digest=digest).first()
    if known is not None:
        return known
    if mapping is None:
        read = read_statement(data, bank=bank, account=account.number)
    else:
        read = read_mapped(data, mapping, account=account.number)
    if read.account is not None and read.account != account.number:
        raise WrongAccount(field="file", found=read.account, expected=account.number)
    if read.last_day is not None and read.last_day > vietnam_day(at):
        raise FutureDays(field="file", day=f"{read.last_day:%d/%m/%Y}")
    bank = bank if mapping is None else MAPPED
    file, fresh = _write_down(account, name=name, digest=digest, bank=bank, read=read, actor=actor, at=at)
    _settle(fresh[:_SETTLED_AT_ONCE], at=at)
    return file


def _settle(transaction_ids: Sequence[int], *, at: datetime) -> None:
    """Most lines of a file name nothing of ours and are settled together; the others, and any that failed so, alone."""
    settling_many.settle_many(at=at, among=transaction_ids)
    waiting = BankTransaction.objects.new().filter(pk__in=transaction_ids).order_by("id")
    for transaction_id in list(waiting.values_list("pk", flat=True)):
        settlement.try_to_settle(transaction_id=transaction_id, at=at)


@again_when_locked_out
def _write_down(
    account: BankAccount, *, name: str, digest: str, bank: str, read: StatementRead, actor: User, at: datetime
) -> tuple[StatementFile, list[int]]:
    """The file's row and every line of it in one transaction; returns the lines that wait to be settled: those nobody
    had seen before, and those known by a text message until now."""
    with transaction.atomic():
        BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        file, made = StatementFile.objects.get_or_create(
            bank_account=account, digest=digest,
            defaults={
                "organization": account.organization, "name": one_line(name)[:120] or "?", "rows": len(read.rows),
                "bank": bank,
                "opening_dong": read.opening_dong, "closing_dong": read.closing_dong, "first_day": read.first_day,
                "last_day": read.last_day, "imported_by": actor, "imported_at": at,
            },
        )  # fmt: skip
        if not made:
            return file, []
        added, woken = statement_rows.write_rows(
            arrivals=list(read.arrivals), bank_account=account, statement_file=file, at=at
        )
        file.added = len(added)
        file.save(update_fields=["added"])
    return file, added + woken


@dataclass(frozen=True)
class Progress:
    """How far a file has come: of its ``rows`` so many are ``settled`` (booked or before a person), the others wait."""

    rows: int
    settled: int
    waiting: int


def progress(file: StatementFile) -> Progress:
    """How many rows of ``file`` the worker has still to settle."""
    waiting = BankTransaction.objects.new().filter(sightings__statement_file=file).distinct().count()
    return Progress(rows=file.rows, settled=file.rows - waiting, waiting=waiting)


def doubts() -> tuple[type[DoubtfulStatement], ...]:
    """Every doubt that a file may be refused for, for the doors that must name them."""
    found, waiting = [], [DoubtfulStatement]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return tuple(sorted(found, key=lambda kind: kind.code))
