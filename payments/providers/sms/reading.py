"""Reading one balance-change text: field after field by their labels, up to the memo.

Everything before the memo has to be a field that banks print. A text with one other word there (chat, a reminder, a
request to pay, a promotion, a notice of the balance alone) is refused, whatever amounts and codes it holds.
"""

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from payments.providers.arrival import readable_text
from payments.providers.sms import fields
from payments.providers.sms.banks import bank_by_layout, bank_named
from payments.providers.sms.figures import Figure, amount_in, balance_in
from payments.providers.sms.moments import moment
from payments.providers.sms.notice import NotANotice, Notice, Sign

MOST_CHARACTERS = 2_000  # twelve parts of one long SMS, and more than any bank sends

_NO_LABEL = ("Techcombank", "Sacombank")

_TAIL = re.compile(r"[0-9]{3,4}$")
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")


def parse(text: str, *, received_at: datetime | None = None) -> Notice:
    """What ``text`` says. ``received_at`` (aware) is when the phone got it: it lets a year be guessed.

    Raises NotANotice and nothing else.
    """
    plain = _one_form(text)
    if len(plain) > MOST_CHARACTERS:
        raise NotANotice(reason="too_long")
    folded = "".join(map(_folded, plain))
    sheet = _memo_first(plain, folded) or _fields_in(plain, folded)
    if not sheet.account or sheet.figure is None:
        raise NotANotice(reason="not_a_notice")
    if not (sheet.bank and (sheet.balance or sheet.when or sheet.memo)):
        raise NotANotice(reason="not_a_notice")
    tail = _TAIL.search(sheet.account)
    amount = amount_in(sheet.figure)
    happened_at, guessed = moment(sheet.when, received_at=received_at) if sheet.when else (None, False)
    return Notice(
        bank=sheet.bank,
        amount_dong=amount.dong,
        sign=sheet.sign,
        account_printed=sheet.account,
        account_tail=tail.group() if tail else "",
        balance_dong=_balance(sheet, amount),
        balance_is_available=sheet.balance_is_available,
        memo=readable_text(sheet.memo).strip(),
        happened_at=happened_at,
        time_guessed=guessed,
    )


@dataclass(slots=True)
class _Sheet:
    """What was found so far; figures and times still as printed."""

    bank: str = ""
    account: str = ""
    figure: str | None = None
    sign: Sign | None = None
    money: str = ""
    balance: str = ""
    balance_sign: str = ""
    balance_is_available: bool = False
    when: str = ""
    memo: str = ""


def _one_form(text: str) -> str:
    """Composed letters, single line ends, plain blanks, no invisible marks; nothing around it."""
    text = unicodedata.normalize("NFC", text[: 8 * MOST_CHARACTERS])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", re.sub(r"[^\S\n]", " ", text)).strip()


def _folded(char: str) -> str:
    """One character without its accent, in upper case; one character again, so that places stay the same."""
    if char in "đĐ":
        return "D"
    plain = unicodedata.normalize("NFD", char)[0].upper()
    return _DASHES.get(plain, plain if len(plain) == 1 else char)


def _fields_in(plain: str, folded: str) -> _Sheet:
    sheet = _Sheet()
    at = _after(fields.BETWEEN, folded, 0)
    layout = bank_by_layout(folded)
    while at < len(folded):
        end = _field(sheet, plain, folded, at)
        if end is None:
            _memo(sheet, plain, folded, at, bank=sheet.bank or layout)
            break
        at = _after(fields.BETWEEN, folded, end)
    sheet.bank = sheet.bank or layout
    return sheet


def _field(sheet: _Sheet, plain: str, folded: str, at: int) -> int | None:
    """Take the field that begins at ``at`` into ``sheet``; its end, or None where none begins."""
    if not sheet.account and (found := fields.ACCOUNT.match(folded, at)):
        _refuse_foreign(found["unit"] or found["glued"])
        if found["unit"] not in (None, "VND"):
            raise NotANotice(reason="not_a_notice")
        sheet.account = plain[found.start("account") : found.end("account")]
        return found.end()
    if found := fields.IGNORED.match(folded, at):
        return found.end()
    if found := fields.BALANCE.match(folded, at):
        if not _is_cut(sheet, found):
            _take_balance(sheet, found)
        return found.end()
    if sheet.figure is None:
        return _before_the_amount(sheet, folded, at)
    if not sheet.when and (found := fields.TIME.match(folded, at)):
        sheet.when = found["when"]
        return found.end()
    return None


def _before_the_amount(sheet: _Sheet, folded: str, at: int) -> int | None:
    if not sheet.when and (found := fields.TIME.match(folded, at)):
        sheet.when = found["when"]
        return found.end()
    if (found := fields.AMOUNT.match(folded, at)) and (found["sign"] or found["bracketed"] or found["word"]):
        _refuse_foreign(found["money"])
        if not found["money"] and _ends(folded, found):  # perhaps only its first digits
            raise NotANotice(reason="cut")
        sheet.figure, sheet.sign, sheet.money = found["figure"], _sign(found), found["money"] or ""
        return found.end()
    if (found := fields.BANK.match(folded, at) or fields.AT_BANK.match(folded, at)) and not sheet.bank:
        sheet.bank = bank_named(found["name"])
        return found.end()
    if found := fields.NUMBER_OF_IT.match(folded, at):
        return found.end()
    if sheet.account and (found := fields.HOLDER.match(folded, at)):
        return found.end()
    return None


def _is_cut(sheet: _Sheet, found: re.Match[str]) -> bool:
    """Whether the text ends in a figure without the unit that its amount has: perhaps only the first digits."""
    return bool(sheet.money) and not found["money"] and _ends(found.string, found)


def _ends(folded: str, found: re.Match[str]) -> bool:
    """Whether nothing but what divides fields or digits stands behind."""
    return not folded[found.end() :].strip(" .,;:|\n")


def _take_balance(sheet: _Sheet, found: re.Match[str]) -> None:
    """The first balance counts; one that is really the account's goes before what is available of it."""
    _refuse_foreign(found["money"])
    available = found["available"] is not None
    if not sheet.balance or (sheet.balance_is_available and not available):
        sheet.balance, sheet.balance_sign = found["figure"], found["sign"] or ""
        sheet.balance_is_available = available


def _memo(sheet: _Sheet, plain: str, folded: str, at: int, *, bank: str) -> None:
    """The rest of the text from ``at`` is the memo, and perhaps the balance behind it.

    Without a label only where banks print it so: on a line of its own, or between the amount and the balance.
    Raises NotANotice where it is anything else.
    """
    if not sheet.account or sheet.figure is None or not bank:
        raise NotANotice(reason="not_a_notice")
    label = fields.MEMO.match(folded, at) or (fields.BECAUSE.match(folded, at) if bank == "VPBank" else None)
    start = at if label is None else label.end()
    end = _end_of_memo(sheet, folded, start, bank=bank)
    if label is None and not _may_lack_a_label(sheet, folded, at, ends_before=end, bank=bank):
        raise NotANotice(reason="not_a_notice")
    sheet.memo = plain[start:end].strip()
    if label is not None and folded[label.end() - 1] == "(":
        sheet.memo = re.sub(r"\)\.?$", "", sheet.memo)


def _may_lack_a_label(sheet: _Sheet, folded: str, at: int, *, ends_before: int, bank: str) -> bool:
    """On a line of its own, before a balance, or where the bank never prints a label; and never a second amount."""
    if fields.AMOUNT.match(folded, at):
        return False
    own_line = "\n" in folded[folded.rindex(sheet.figure or "", 0, at) : at]
    return own_line or ends_before < len(folded) or (bank in _NO_LABEL and bool(sheet.balance))


def _end_of_memo(sheet: _Sheet, folded: str, start: int, *, bank: str) -> int:
    """Where the memo ends and what the bank prints behind it begins; the sign that divides the two is of neither."""
    end = len(folded)
    if bank == "PVcomBank" and (hotline := fields.HOTLINE.search(folded, max(start, end - 40))):
        end = hotline.start()
    if bank == "ABBank" and (as_of := _last(fields.BALANCE_AS_OF, folded, start)):
        end = as_of.start()
        sheet.when = sheet.when or as_of["when"] or ""
        if as_of["figure"] and not sheet.balance:
            sheet.balance, sheet.balance_sign = as_of["figure"], as_of["sign"] or ""
    if bank == "Techcombank" and not sheet.when:
        line = folded.rfind("\n", start)
        if line >= 0 and (time := fields.TIME.fullmatch(folded[line:].strip())):
            sheet.when, end = time["when"], line
    if not sheet.balance and (label := _last(fields.BALANCE_LABEL, folded, start)):
        found = fields.BALANCE.match(folded, label.start())
        if found and not _is_cut(sheet, found) and not folded[found.end() :].strip(" .)\n"):
            _take_balance(sheet, found)
            end = label.start()
    kept = folded[start:end].rstrip()
    divided = end < len(folded) and "\n" not in folded[start + len(kept) : end + 1]
    return start + len(kept[:-1].rstrip() if divided and kept.endswith((".", ",", ";", "|", "-")) else kept)


def _last(pattern: re.Pattern[str], folded: str, start: int) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(folded, start), maxlen=1)), None)


def _memo_first(plain: str, folded: str) -> _Sheet | None:
    """Eximbank's older text, which has its fields in an order of its own; None for any other text."""
    head = fields.MEMO_FIRST.match(folded)
    if head is None:
        return None
    label = _last(re.compile(r" SD[: ]"), folded, head.end())
    # the amount is the last figure before the balance, at most 40 characters of it
    begin = head.end() if label is None else max(head.end() - 1, label.start() - 40)
    tail = fields.AMOUNT_LAST.search(folded, begin)
    if tail is None:
        return None
    _refuse_foreign(tail["money"])
    return _Sheet(
        bank="Eximbank", account=plain[head.start("account") : head.end("account")], figure=tail["figure"],
        sign=_sign_of(tail["sign"]), balance=tail["balance"] if tail["balance_money"] else "",
        balance_sign=tail["balance_sign"] or "", when=head["when"], memo=plain[head.end() : tail.start()],
    )  # fmt: skip


def _sign(found: re.Match[str]) -> Sign:
    """The direction by its symbol, its word, or both. Raises NotANotice where they contradict each other."""
    symbol, word = found["sign"] or found["bracketed"], found["word"]
    by_word: Sign = "+" if word and word.removeprefix("DUOC ") in fields.PLUS_WORDS else "-"
    if word and symbol and symbol != by_word:
        raise NotANotice(reason="contradicting_signs")
    return _sign_of(symbol) or by_word


def _sign_of(symbol: str | None) -> Sign | None:
    return "+" if symbol == "+" else "-" if symbol == "-" else None


def _balance(sheet: _Sheet, amount: Figure) -> int | None:
    if not sheet.balance:
        return None
    dong = balance_in(sheet.balance, amount=amount)
    return -dong if sheet.balance_sign == "-" else dong


def _refuse_foreign(money: str | None) -> None:
    if money and fields.FOREIGN.match(money):
        raise NotANotice(reason="foreign_currency")


def _after(pattern: re.Pattern[str], folded: str, at: int) -> int:
    found = pattern.match(folded, at)
    return at if found is None else found.end()
