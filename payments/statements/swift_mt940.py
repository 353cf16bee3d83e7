"""An MT940 file, read by the ``mt-940`` package behind a strict look at every line.

The package is forgiving: it skips tags that it does not know, ends an amount where it stops understanding it, and gives
a text after the closing balance to the last entry. So each line is first held against the standard's own form here;
then the package reads the fields, and the entries it found are counted against the ``:61:`` lines. No Vietnamese sample
is public: which sub-fields of ``:86:`` name the payer is not known, so no payer is told.

``row`` is the line of the file.
"""

import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from mt940.models import Amount, Balance, Transaction, Transactions
from mt940.options import Options

from base.periods import VIETNAM_OFFSET
from payments.statements import csv_text
from payments.statements.blocks import Block, OtherCurrency, entry, joined
from payments.statements.chain import Stated
from payments.statements.days import BadDay
from payments.statements.excel import MAX_ROWS, TooManyRows
from payments.statements.movement import Movement
from payments.statements.numbers import BadFigure, FractionOfDong
from payments.statements.statement import DoubtfulStatement, StatementRead

_ENVELOPE = re.compile(r"^(?:\{[1235]:[^\n]*?\}(?=\{|\s|$))*(?:\{4:)?")
_TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):(.*)")
_KNOWN = frozenset({
    "13D", "20", "21", "25", "25P", "28", "28C", "34F", "60F", "60M", "61", "62F", "62M", "64", "65", "86", "90C",
    "90D", "NS",
})  # fmt: skip
_GOES_ON = frozenset({"61", "86", "NS"})  # these may take more lines
_ONCE = frozenset({"20", "25", "25P", "60F", "60M", "62F", "62M"})
_BALANCE = re.compile(r"[DC][0-9]{6}([A-Z]{3})([0-9]{1,15}),([0-9]{0,3})")
_ENTRY = re.compile(r"([0-9]{6})([0-9]{4})?R?[DC][A-Z]?([0-9]{1,15}),([0-9]{0,3})[A-Z][A-Z0-9]{3}.*")
_ACCOUNT = re.compile(r"(?:[A-Z0-9]{8,11}/)?([0-9][0-9A-Z]{4,23}?)(?:/?VND)?")

# What the package's readers let through for a value that it cannot make sense of (an impossible day, a broken field).
_UNREAD = (RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError)


class BrokenMt940(DoubtfulStatement):
    code = "STATEMENT_BAD_MT940"
    sentence = _("Dòng %(row)s: “%(text)s” không đúng dạng MT940. Hãy xuất lại tệp từ ngân hàng.")


class _Message:
    """The lines of one message from ``:20:`` to its closing balance."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.rows: dict[str, int] = {}
        self.entries: list[tuple[int, str]] = []
        self.closed = False


def read(data: bytes) -> list[StatementRead]:
    """One statement an account. Raises BrokenMt940, OtherCurrency, ClosingDiffers, BlocksApart, BadFigure and more."""
    return joined([_block(message) for message in _messages(csv_text.text_of(data))])


def _messages(text: str) -> Iterator[_Message]:
    message: _Message | None = None
    entries, tag = 0, ""
    for row, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        bare = _ENVELOPE.sub("", line.rstrip(), count=1)
        if bare in ("", "-") or bare.startswith("-}"):
            tag = "" if bare.startswith("-}") else tag  # an empty line inside a text ends nothing
            continue
        match = _TAG.fullmatch(bare)
        if match is None:
            if tag not in _GOES_ON or message is None:
                raise BrokenMt940(row=row, text=bare[:40])
            if not message.closed:
                message.lines.append((row, bare))
            continue
        tag, value = match[1], match[2]
        if tag not in _KNOWN:
            raise BrokenMt940(row=row, text=bare[:40])
        if tag == "20":
            if message is not None:
                yield _whole(message, row=row)
            message = _Message()
        if message is None:
            raise BrokenMt940(row=row, text=bare[:40])
        if tag in _ONCE and tag in message.rows:
            raise BrokenMt940(row=row, text=bare[:40])
        message.rows.setdefault(tag, row)
        if message.closed:
            if tag == "61":
                raise BrokenMt940(row=row, text=bare[:40])
            continue  # what stands behind the closing balance is nobody's entry
        _check(tag, value, row=row)
        if tag == "61":
            entries += 1
            message.entries.append((row, bare))
        if entries > MAX_ROWS:
            raise TooManyRows()
        message.lines.append((row, bare))
        message.closed = tag in ("62F", "62M")
    if message is None:
        raise BrokenMt940(row=1, text="")
    yield _whole(message, row=message.lines[-1][0])


def _whole(message: _Message, *, row: int) -> _Message:
    """``message``, if it has account and both balances: without its end a file was cut. Raises BrokenMt940."""
    tags = message.rows.keys()
    for wanted in ({"25", "25P"}, {"60F", "60M"}, {"62F", "62M"}):
        if tags.isdisjoint(wanted):
            raise BrokenMt940(row=row, text=" ".join(f":{tag}:" for tag in sorted(wanted)))
    return message


def _check(tag: str, value: str, *, row: int) -> None:
    """Holds a figure against its whole form, of which the package reads as far as it understands."""
    if tag not in ("60F", "60M", "62F", "62M", "61"):
        return
    match = (_ENTRY if tag == "61" else _BALANCE).fullmatch(value)
    if match is None:
        raise BrokenMt940(row=row, text=value[:40])
    if tag != "61" and match[1] != "VND":
        raise OtherCurrency(row=row, text=match[1])
    if match[match.lastindex or 0].strip("0"):
        raise FractionOfDong(row=row, text=value[:40])
    if tag == "61":  # of a day that cannot be, the package makes the last one of its month
        try:
            day = datetime.strptime(match[1], "%y%m%d")  # noqa: DTZ007 - only whether there is such a day
            if match[2]:
                day.replace(year=2000, month=int(match[2][:2]), day=int(match[2][2:]))
        except ValueError:
            raise BadDay(row=row, text=value[:10]) from None


def _block(message: _Message) -> Block:
    start = message.lines[0][0]
    read = Transactions(
        processors={"post_transaction_details": []},  # the text as printed, not taken apart by German codes
        options=Options(reversal_sign=True, unbounded_details=True, merge_keeps_values=True),
    )
    try:
        # Not mt940.parse(): that would open a file whose path the text happened to be.
        found = read.parse("\n".join(line for _row, line in message.lines))
        if len(found) != len(message.entries):
            raise BrokenMt940(row=start, text=":61:")
        moved = [
            _movement(transaction, row=row, raw=raw)
            for transaction, (row, raw) in zip(found, message.entries, strict=True)
        ]
    except _UNREAD as unread:
        raise BrokenMt940(row=start, text=message.lines[0][1][:40]) from unread
    balances = {name: row for name, row in message.rows.items() if name[:2] in ("60", "62")}
    opening, closing = (
        Stated(row, _dong(_balance(read, name), row=row))
        for wanted in ("60", "62")
        for name, row in balances.items()
        if name.startswith(wanted)
    )
    account = _ACCOUNT.fullmatch(str(read.data.get("account_identification") or "").strip().upper())
    if account is None:
        raise BrokenMt940(row=message.rows.get("25", start), text=":25:")
    return Block(start, account[1], opening, closing, moved)


def _balance(read: Transactions, tag: str) -> Decimal:
    names = {
        "60F": "final_opening_balance", "60M": "intermediate_opening_balance",
        "62F": "final_closing_balance", "62M": "intermediate_closing_balance",
    }  # fmt: skip
    balance = read.data[names[tag]]
    assert isinstance(balance, Balance)
    assert isinstance(balance.amount, Amount)
    return balance.amount.amount


def _movement(transaction: Transaction, *, row: int, raw: str) -> Movement:
    told = transaction.data
    day = told.get("entry_date") or told["date"]
    references = (str(told.get(name) or "").strip() for name in ("bank_reference", "customer_reference"))
    reference = next((text for text in references if text not in ("", "NONREF")), "")
    details = str(told.get("transaction_details") or told.get("extra_details") or "").strip()
    return entry(
        row=row,
        at=datetime.combine(date(day.year, day.month, day.day), time(), tzinfo=VIETNAM_OFFSET),
        dong=_dong(told["amount"].amount, row=row),
        memo=details,
        reference=reference,
        raw="\n".join(itertools.chain([raw], [f":86:{details}"] if details else [])),
    )


def _dong(amount: Decimal, *, row: int) -> int:
    if amount != amount.to_integral_value():
        raise FractionOfDong(row=row, text=str(amount))
    if not amount.is_finite():
        raise BadFigure(row=row, text=str(amount))
    return int(amount)
