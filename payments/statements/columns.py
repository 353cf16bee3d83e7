"""Which column holds what: words that banks put over their columns, as data, in Vietnamese and English."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext_lazy as _

from base.text import composed, folded
from payments.statements.statement import DoubtfulStatement

Field = Literal[
    "day", "time", "reference", "debit", "credit", "amount", "balance", "memo", "account", "other_account", "ignored"
]
MONEY: tuple[Field, ...] = ("debit", "credit", "amount")
FIGURES: tuple[Field, ...] = (*MONEY, "balance")


class DoubleColumn(DoubtfulStatement):
    code = "STATEMENT_DOUBLE_COLUMN"
    sentence = _("Dòng %(row)s: có hai cột cùng nghĩa “%(text)s”. Hãy bỏ bớt một cột hoặc xuất lại tệp.")


class MissingColumn(DoubtfulStatement):
    code = "STATEMENT_MISSING_COLUMN"
    sentence = _("Dòng %(row)s: không thấy cột %(text)s. Hãy kiểm tra tên cột hoặc xuất lại tệp.")


# Better words first: where two columns answer to one field, the earlier word wins ("transaction date" over
# "value date"). A bank of its own adds a table like this one; nothing else changes.
GENERIC: Mapping[Field, Sequence[str]] = {
    "day": (
        "ngày giao dịch",
        "ngày gd",
        "transaction date",
        "trans date",
        "txn date",
        "tran date",
        "tnx date",
        "ngày giờ giao dịch",
        "thời gian giao dịch",
        "transaction date time",
        "ngày tháng",
        "ngày giờ",
        "date time",
        "datetime",
        "ngày",
        "date",
        "ngày hạch toán",
        "ngày ghi sổ",
        "ngày bút toán",
        "posting date",
        "post date",
        "booking date",
        "ngày hiệu lực",
        "value date",
        "effective date",
        "thời gian",
        "ngày yêu cầu",
        "requesting date",
    ),
    "time": ("giờ giao dịch", "giờ gd", "transaction time", "giờ", "time"),
    "reference": (
        "số tham chiếu",
        "mã tham chiếu",
        "reference number",
        "reference no",
        "reference",
        "ref no",
        "ref",
        "mã giao dịch",
        "mã gd",
        "số giao dịch",
        "transaction id",
        "transaction no",
        "transaction number",
        "transaction code",
        "số bút toán",
        "số chứng từ",
        "số ct",
        "chứng từ",
        "document number",
        "document no",
        "doc no",
        "voucher no",
    ),
    "debit": (
        "ghi nợ",
        "số tiền ghi nợ",
        "phát sinh nợ",
        "ps nợ",
        "số tiền nợ",
        "phát sinh ghi nợ",
        "nợ",
        "tiền ra",
        "số tiền ra",
        "rút ra",
        "chi",
        "debit",
        "debit amount",
        "debits",
        "withdrawal",
        "withdrawals",
        "money out",
        "paid out",
        "số tiền rút",
        "nợ tktt",
    ),
    "credit": (
        "ghi có",
        "số tiền ghi có",
        "phát sinh có",
        "ps có",
        "số tiền có",
        "phát sinh ghi có",
        "có",
        "tiền vào",
        "số tiền vào",
        "gửi vào",
        "thu",
        "credit",
        "credit amount",
        "credits",
        "deposit",
        "deposits",
        "money in",
        "paid in",
        "số tiền gửi",
        "có tktt",
    ),
    "amount": ("số tiền", "số tiền giao dịch", "phát sinh", "amount", "transaction amount", "giá trị"),
    "balance": (
        "số dư",
        "số dư sau giao dịch",
        "số dư sau gd",
        "số dư lũy kế",
        "số dư luỹ kế",
        "số dư cuối",
        "balance",
        "running balance",
        "account balance",
        "available balance",
        "số dư khả dụng",
    ),
    "memo": (
        "nội dung",
        "nội dung giao dịch",
        "nội dung gd",
        "nội dung chuyển khoản",
        "nội dung chi tiết",
        "diễn giải",
        "diễn giải giao dịch",
        "mô tả",
        "mô tả giao dịch",
        "chi tiết giao dịch",
        "transaction details",
        "transaction detail",
        "transaction description",
        "description",
        "details",
        "detail",
        "transactions in detail",
        "narrative",
        "particulars",
        "remark",
        "remarks",
        "memo",
        "content",
        "chi tiết",
        "ghi chú",
    ),
    "account": (
        "số tài khoản",
        "số tk",
        "stk",
        "tài khoản",
        "account number",
        "account no",
        "account",
    ),
    "other_account": (
        "tài khoản đối ứng",
        "số tài khoản đối ứng",
        "tk đối ứng",
        "tài khoản thụ hưởng",
        "offset account",
        "counter account",
        "counterparty account",
        "remitter account",
        "remitter s account",
        "beneficiary account",
        "số tài khoản người chuyển",
    ),
    "ignored": ("stt", "số tt", "số thứ tự", "no", "seq", "page id", "teller", "loại tiền", "currency"),
}

_TOO_SHORT_TO_FOLD = frozenset(
    {"no", "co"}
)  # "No." is a number and "co" is a company; "Nợ" and "Có" need their accents
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^\w]+")
_UNITS = re.compile(r"(?:^|\s)(?:vnđ|vnd|đồng|đ|dong)$")
_BREAKS = re.compile(r"[\n\r/|()\[\]]+|\s[-–]\s")


@dataclass(frozen=True)
class Words:
    """A table of column words made ready for looking up."""

    by_word: Mapping[str, tuple[Field, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[Field, Sequence[str]]) -> "Words":
        known: dict[str, tuple[Field, int]] = {}
        for name, words in table.items():
            for rank, word in enumerate(words):
                known.setdefault(word, (name, rank))
                if folded(word) not in _TOO_SHORT_TO_FOLD:
                    known.setdefault(folded(word), (name, rank))
        return cls(known)

    def meaning(self, caption: str) -> tuple[Field, int] | None:
        """Field and rank of a caption, whole or by the first of its pieces that says something."""
        for piece in (caption, *_BREAKS.split(caption)):
            if found := self._exactly(piece):
                return found
        return None

    def meaning_of_pair(self, above: str, below: str) -> tuple[Field, int] | None:
        """The same for a caption over two rows: together ("Số tiền" + "ghi nợ"), or else the narrower, lower one."""
        return self._exactly(f"{above} {below}") or self.meaning(below) or self.meaning(above)

    def _exactly(self, caption: str) -> tuple[Field, int] | None:
        word = _plain(caption)
        if word in self.by_word or folded(word) in _TOO_SHORT_TO_FOLD:
            return self.by_word.get(word)
        return self.by_word.get(folded(word))


def _plain(caption: str) -> str:
    """Lower case, words apart, no punctuation, no unit at the end: ``Số tiền (VND)`` → ``số tiền``."""
    words = _NOT_WORD.sub(" ", composed(_CAMEL.sub(" ", caption)).lower()).replace("_", " ")
    return _UNITS.sub("", " ".join(words.split())).strip()


def mapping(meanings: Sequence[tuple[Field, int] | None], *, captions: Sequence[str], row: int) -> dict[Field, int]:
    """Column index of each field. Raises DoubleColumn where two columns claim a field with the same word."""
    chosen: dict[Field, tuple[int, int]] = {}
    for index, meaning in enumerate(meanings):
        if meaning is None or meaning[0] == "ignored":
            continue
        name, rank = meaning
        if name in chosen and chosen[name][0] == rank:
            raise DoubleColumn(row=row, text=captions[index])
        if name not in chosen or rank < chosen[name][0]:
            chosen[name] = (rank, index)
    columns = {name: index for name, (rank, index) in chosen.items()}
    if "debit" in columns or "credit" in columns:
        columns.pop("amount", None)
    return columns


def check_complete(columns: Mapping[Field, int], *, row: int) -> None:
    """Raises MissingColumn without a memo column, or with only one of debit and credit."""
    if "memo" not in columns:
        raise MissingColumn(row=row, text="“Nội dung”")
    if ("debit" in columns) != ("credit" in columns):
        raise MissingColumn(row=row, text="“Ghi nợ”" if "credit" in columns else "“Ghi có”")
