"""Any bank's CSV or Excel statement: believed whole, or refused whole with the row that raised the doubt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from payments.statements import balance_lines, camt, first_bytes, swift_mt940, tables
from payments.statements.bank_map import BankMap, check_bank, recognised
from payments.statements.columns import Words
from payments.statements.first_bytes import Kind
from payments.statements.grammar import ANY, Grammar
from payments.statements.head_words import GENERIC
from payments.statements.known_banks import MAPS
from payments.statements.section import AnotherAccount, Section
from payments.statements.sections import chosen
from payments.statements.sheet import SeveralTables, Sheet, sheet_under
from payments.statements.statement import StatementRead

WORDS = Words.of(GENERIC)
MESSAGES: Mapping[Kind, Callable[[bytes], list[StatementRead]]] = {"mt940": swift_mt940.read, "camt": camt.read}


def read(data: bytes, *, bank: BankMap | None = None, account: str | None = None) -> StatementRead:
    """The statement in ``data`` (the bytes of a .csv, .xlsx, HTML, MT940 or CAMT.053 file, whatever its name).

    ``bank`` is what the file must be and how that bank writes, None where any bank's will do; the columns are found in
    the same way, so both know a row by the same id. ``account`` is the one wanted of several.
    Raises a DoubtfulStatement, with the row where there is one; then nothing of the file may be used.
    """
    kind = first_bytes.kind_of(data)
    if kind in MESSAGES:
        return chosen(MESSAGES[kind](data), account=account)
    found = tables.with_headers(data, kind=kind, words=WORDS)
    sheets = [sheet_under(table, header, words=WORDS) for table, header in found]
    if len(sheets) > 1 and not _have_their_own_accounts(sheets):
        raise SeveralTables(row=sheets[1].header_row)
    if bank is not None:
        for sheet in sheets:
            check_bank(bank, sheet, others=MAPS.values())
    grammar = bank.grammar if bank is not None else ANY
    reads = [section.read() for sheet in sheets for section in sections_of(sheet, grammar)]
    shown = bank or recognised(sheets[0], MAPS.values())
    return replace(chosen(reads, account=account), bank=shown.key if shown else None)


def sections_of(sheet: Sheet, grammar: Grammar) -> list[Section]:
    """The rows of ``sheet`` by account, in the order in which the accounts come. Raises what section.py raises."""
    section = _opened_above(sheet, grammar)
    found = [section]
    for line in sheet.lines:
        try:
            section.take(line, sheet)
        except AnotherAccount as other:
            if section.account is None and not section.entries:
                section.account = other.account
                continue
            before = next((known for known in found if known.account == other.account), None)
            if before is None:
                # after rows that were nobody's, the rows of a named account may not be read
                before = Section(section.figures, grammar, account=other.account, ended=section.account is None)
                found.append(before)
            section = before
    return [section for section in found if section.entries or section.opening or section.closing] or found[:1]


def _opened_above(sheet: Sheet, grammar: Grammar) -> Section:
    figures = grammar.figures()
    section = Section(figures, grammar, account=balance_lines.account_above(sheet.above))
    section.opening = balance_lines.stated_above(sheet.above, "opening", figures=figures)
    section.closing = balance_lines.stated_above(sheet.above, "closing", figures=figures)
    return section


def _have_their_own_accounts(sheets: Sequence[Sheet]) -> bool:
    accounts = [balance_lines.account_above(sheet.above) for sheet in sheets]
    return None not in accounts and len(set(accounts)) == len(accounts)
