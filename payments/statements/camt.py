"""A CAMT.053 file (ISO 20022 bank-to-customer statement), any version, by the standard library's parser made safe.

Only booked entries count; one entry (``Ntry``) is one line of the account, also where it stands for a batch. Whose
money it was is told only where the entry names one single transaction. ``row`` counts the entries of the file from 1;
for a balance it is the number of the statement in the file.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, tostring
from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM_OFFSET
from payments.statements.blocks import Block, OtherCurrency, entry, joined
from payments.statements.chain import Stated
from payments.statements.days import BadDay
from payments.statements.excel import MAX_ROWS, TooManyRows
from payments.statements.movement import Movement
from payments.statements.numbers import BadFigure, FractionOfDong
from payments.statements.statement import DoubtfulStatement, StatementRead

MOST_TAGS = 2_000_000  # measured: 1.1 million of them (30,000 entries, 12 MB) took 150 MB of memory
_AMOUNT = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,5}))?")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class BrokenCamt(DoubtfulStatement):
    code = "STATEMENT_BAD_CAMT"
    sentence = _("Tệp CAMT.053 này bị hỏng hoặc thiếu mục bắt buộc (%(text)s). Hãy xuất lại tệp từ ngân hàng.")


class CountDiffers(DoubtfulStatement):
    code = "STATEMENT_TOTAL_DIFFERS"
    sentence = _("Dòng %(row)s: số bút toán hoặc tổng tiền ghi trong tệp không bằng các dòng. Tệp có thể thiếu dòng.")


def read(data: bytes) -> list[StatementRead]:
    """One statement an account. Raises BrokenCamt, OtherCurrency, ClosingDiffers, BlocksApart, CountDiffers, more."""
    if data.count(b"<") > MOST_TAGS:
        raise TooManyRows()
    try:
        document = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as broken:
        raise BrokenCamt(text="XML") from broken
    for element in document.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]  # versions differ in their namespace, and only there
    statements = document.findall("BkToCstmrStmt/Stmt")
    if document.tag != "Document" or not statements:
        raise BrokenCamt(text="BkToCstmrStmt/Stmt")
    blocks, entries = [], 0
    for number, statement in enumerate(statements, start=1):
        block = _block(statement, number=number, entries_before=entries)
        entries += len(statement.findall("Ntry"))
        if entries > MAX_ROWS:
            raise TooManyRows()
        blocks.append(block)
    return joined(blocks)


def _block(statement: Element, *, number: int, entries_before: int) -> Block:
    account = _account(statement.find("Acct"))
    if account == "":
        raise BrokenCamt(text="Acct/Id")
    block = Block(entries_before + 1, account)
    for balance in statement.findall("Bal"):
        kind = _text(balance, "Tp/CdOrPrtry/Cd")
        stated = Stated(number, _signed(balance, row=number)) if kind in (*_OPENING, *_CLOSING) else None
        if kind in _CLOSING:
            block.closing = _only(block.closing, stated)
        elif kind == "OPBD" or (kind == "PRCD" and block.opening is None):
            block.opening = stated if kind == "OPBD" else _only(block.opening, stated)
    moved = {"CRDT": 0, "DBIT": 0}
    for row, booked in enumerate(statement.findall("Ntry"), start=entries_before + 1):
        if (_text(booked, "Sts/Cd") or _text(booked, "Sts")) in ("PDNG", "INFO", "FUTR"):
            continue  # not booked: no balance knows of it
        movement = _movement(booked, row=row)
        moved["CRDT" if movement.dong > 0 else "DBIT"] += 1
        block.entries.append(movement)
    _check_summary(statement, block, moved)
    return block


def _only(before: Stated | None, stated: Stated | None) -> Stated | None:
    if before is not None and stated is not None and before.dong != stated.dong:
        raise BrokenCamt(text="Bal")
    return stated


def _check_summary(statement: Element, block: Block, moved: dict[str, int]) -> None:
    """What the statement says of itself: how many entries, and how much in and out."""
    into = sum(entry.dong for entry in block.entries if entry.dong > 0)
    out = -sum(entry.dong for entry in block.entries if entry.dong < 0)
    for path, count, total in (
        ("TxsSummry/TtlNtries", moved["CRDT"] + moved["DBIT"], into + out),
        ("TxsSummry/TtlCdtNtries", moved["CRDT"], into),
        ("TxsSummry/TtlDbtNtries", moved["DBIT"], out),
    ):
        told_count, told_sum = _text(statement, f"{path}/NbOfNtries"), _text(statement, f"{path}/Sum")
        if told_count and told_count != str(count):
            raise CountDiffers(row=block.row)
        if told_sum and _dong(told_sum, row=block.row) != total:
            raise CountDiffers(row=block.row)


def _movement(booked: Element, *, row: int) -> Movement:
    singles = booked.findall("NtryDtls/TxDtls")
    single = singles[0] if len(singles) == 1 else None
    dong = _signed(booked, row=row)
    other = "Dbtr" if dong > 0 else "Cdtr"
    return entry(
        row=row,
        at=_moment(booked, row=row),
        dong=dong,
        memo="\n".join(_memo(booked, singles)),
        reference=_text(booked, "AcctSvcrRef") or _reference(single),
        raw=tostring(booked, encoding="unicode").strip(),
        payer_account=_id(single, f"RltdPties/{other}Acct/Id") if single is not None else "",
        payer_name=_name(single, f"RltdPties/{other}") if single is not None else "",
    )


def _memo(booked: Element, singles: list[Element]) -> Iterator[str]:
    found = [text for single in singles for text in _texts(single, "RmtInf/Ustrd")]
    yield from found or _texts(booked, "AddtlNtryInf") or [t for s in singles for t in _texts(s, "AddtlTxInf")]


def _reference(single: Element | None) -> str:
    if single is None:
        return ""
    told = (_text(single, f"Refs/{name}") for name in ("AcctSvcrRef", "TxId", "InstrId", "EndToEndId"))
    return next((text for text in told if text and text != "NOTPROVIDED"), "")


def _moment(booked: Element, *, row: int) -> datetime:
    """When it was booked; without a time, midnight in Việt Nam. Raises BadDay."""
    for where in ("BookgDt", "ValDt"):
        day, instant = _text(booked, f"{where}/Dt"), _text(booked, f"{where}/DtTm")
        try:
            if instant:
                at = datetime.fromisoformat(instant)
                return at.astimezone(VIETNAM_OFFSET) if at.tzinfo else at.replace(tzinfo=VIETNAM_OFFSET)
            if day:
                return datetime.combine(date.fromisoformat(day[:10]), time(), tzinfo=VIETNAM_OFFSET)
        except (ValueError, OverflowError):
            raise BadDay(row=row, text=instant or day) from None
    raise BadDay(row=row, text="")


def _signed(holder: Element, *, row: int) -> int:
    """Đồng of a balance or an entry, in positive. Raises OtherCurrency, BadFigure, FractionOfDong, BrokenCamt."""
    amount, side = holder.find("Amt"), _text(holder, "CdtDbtInd")
    if amount is None or side not in ("CRDT", "DBIT"):
        raise BrokenCamt(text=f"{holder.tag}/CdtDbtInd", row=row)
    currency = amount.get("Ccy") or ""
    if currency != "VND":
        raise OtherCurrency(row=row, text=currency)
    dong = _dong((amount.text or "").strip(), row=row)
    return dong if side == "CRDT" else -dong


def _dong(written: str, *, row: int) -> int:
    match = _AMOUNT.fullmatch(written)
    if match is None:
        raise BadFigure(row=row, text=written[:40])
    if (match[2] or "").strip("0"):
        raise FractionOfDong(row=row, text=written)
    return int(match[1])


def _account(holder: Element | None) -> str:
    if holder is None:
        return ""
    currency = _text(holder, "Ccy")
    if currency not in ("", "VND"):
        raise OtherCurrency(row=1, text=currency)
    return _id(holder, "Id")


def _id(holder: Element, path: str) -> str:
    """An account's number: Vietnamese ones are no IBAN and stand under Othr."""
    return (_text(holder, f"{path}/Othr/Id") or _text(holder, f"{path}/IBAN")).replace(" ", "").upper()


def _name(holder: Element, path: str) -> str:
    return _text(holder, f"{path}/Nm") or _text(holder, f"{path}/Pty/Nm")


def _text(holder: Element, path: str) -> str:
    return (holder.findtext(path) or "").strip()


def _texts(holder: Element, path: str) -> list[str]:
    return [text for found in holder.findall(path) if (text := (found.text or "").strip())]
