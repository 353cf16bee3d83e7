"""A statement file from the bank: believed whole or not at all, and a second import adds nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from orders.buyers import one_line
from payments import inbox, settlement
from payments.models import BankTransaction, Sighting, StatementFile
from payments.providers.arrival import Arrival
from payments.statements.banks import read_statement
from payments.statements.statement import DoubtfulStatement, StatementRead

MOST_BYTES = 12 * 1024 * 1024
_AT_ONCE = 1_000
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


def import_statement(
    *, bank_account_id: int, name: str, data: bytes, actor: User, at: datetime, bank: str = "generic"
) -> StatementFile:
    """Read, write down and settle one file. The same bytes for the same account return the first import.

    Of a long file only the first rows are settled before this returns; the worker settles the others.

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
    read = read_statement(data, bank=bank)
    if read.account is not None and read.account != account.number:
        raise WrongAccount(field="file", found=read.account, expected=account.number)
    if read.last_day is not None and read.last_day > vietnam_day(at):
        raise FutureDays(field="file", day=f"{read.last_day:%d/%m/%Y}")
    file, fresh = _write_down(account, name=name, digest=digest, read=read, actor=actor, at=at)
    for transaction_id in fresh[:_SETTLED_AT_ONCE]:
        settlement.try_to_settle(transaction_id=transaction_id, at=at)
    return file


@again_when_locked_out
def _write_down(
    account: BankAccount, *, name: str, digest: str, read: StatementRead, actor: User, at: datetime
) -> tuple[StatementFile, list[int]]:
    """The file's row and every line of it in one transaction; returns the lines nobody had seen before."""
    fresh: list[int] = []
    with transaction.atomic():
        BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        file, made = StatementFile.objects.get_or_create(
            bank_account=account, digest=digest,
            defaults={
                "organization": account.organization, "name": one_line(name)[:120] or "?", "rows": len(read.rows),
                "opening_dong": read.opening_dong, "closing_dong": read.closing_dong, "first_day": read.first_day,
                "last_day": read.last_day, "imported_by": actor, "imported_at": at,
            },
        )  # fmt: skip
        if not made:
            return file, []
        equal: defaultdict[tuple[object, ...], list[Arrival]] = defaultdict(list)
        for row in read.rows:
            equal[_sameness(row.arrival)].append(row.arrival)
        for arrival, told_already in _in_order(account, [row.arrival for row in read.rows]):
            written = inbox.write_row(
                arrival=arrival, bank_account=account, statement_file=file, told_already=told_already,
                twins=equal[_sameness(arrival)], at=at,
            )  # fmt: skip
            assert written.transaction is not None
            told_already.add(written.transaction.pk)
            if written.is_new:
                fresh.append(written.transaction.pk)
        file.added = len(fresh)
        file.save(update_fields=["added"])
    return file, fresh


def _sameness(arrival: Arrival) -> tuple[object, ...]:
    """What equal transfers of one day share."""
    return arrival.direction, arrival.dong, vietnam_day(arrival.happened_at), inbox.identity_of(arrival.memo)


def _in_order(account: BankAccount, arrivals: list[Arrival]) -> Iterator[tuple[Arrival, set[int]]]:
    """The rows, and with each the lines that this file has told of so far.

    Rows that an earlier file brought say so by their id: their lines are taken before any new row may join one.
    Rows whose reference is known come before those that can only be told by their memo.
    """
    told: set[int] = set()
    references: set[str] = set()
    for start in range(0, len(arrivals), _AT_ONCE):
        some = arrivals[start : start + _AT_ONCE]
        again = Sighting.objects.filter(
            bank_account=account, source=inbox.STATEMENTS, external_id__in=[arrival.source_id for arrival in some]
        )
        told.update(pk for pk in again.values_list("transaction_id", flat=True) if pk is not None)
        named = BankTransaction.objects.filter(
            bank_account=account, reference__in={arrival.reference for arrival in some if arrival.reference}
        )
        references.update(named.values_list("reference", flat=True))
    for arrival in sorted(arrivals, key=lambda arrival: arrival.reference not in references):
        yield arrival, told


def doubts() -> tuple[type[DoubtfulStatement], ...]:
    """Every doubt that a file may be refused for, for the doors that must name them."""
    found, waiting = [], [DoubtfulStatement]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return tuple(sorted(found, key=lambda kind: kind.code))
