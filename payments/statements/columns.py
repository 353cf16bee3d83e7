"""Which column holds what: words that banks put over their columns, as data, in Vietnamese and English."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from base.text import composed, folded
from payments.statements.head_words import Field
from payments.statements.statement import DoubtfulStatement


class DoubleColumn(DoubtfulStatement):
    code = "STATEMENT_DOUBLE_COLUMN"
    sentence = _("Dòng %(row)s: có hai cột cùng nghĩa “%(text)s”. Hãy bỏ bớt một cột hoặc xuất lại tệp.")


class MissingColumn(DoubtfulStatement):
    code = "STATEMENT_MISSING_COLUMN"
    sentence = _("Dòng %(row)s: không thấy cột %(text)s. Hãy kiểm tra tên cột hoặc xuất lại tệp.")


# "No." is a number and "co" is a company; "Nợ" and "Có" need their accents
_TOO_SHORT_TO_FOLD = frozenset({"no", "co"})
_ONLY_SUGGEST: frozenset[Field] = frozenset({"other_account", "other_name"})
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

    def knows_exactly(self, caption: str) -> bool:
        """Whether a piece of ``caption`` is a word of the table, accents and all."""
        return any(_plain(piece) in self.by_word for piece in (caption, *_BREAKS.split(caption)) if not piece.isascii())

    def says_also(self, caption: str, name: Field) -> bool:
        """Whether a piece of ``caption`` stands for ``name``, beside what the whole means (``Ngày GD/ Số CT``)."""
        return any((found := self._exactly(piece)) is not None and found[0] == name for piece in _BREAKS.split(caption))

    def _exactly(self, caption: str) -> tuple[Field, int] | None:
        word = _plain(caption)
        if word in self.by_word or folded(word) in _TOO_SHORT_TO_FOLD:
            return self.by_word.get(word)
        return self.by_word.get(folded(word))


def pieces(caption: str) -> frozenset[str]:
    """A caption and each of its pieces in plain form, with accents and, where they do not decide, without."""
    words = {_plain(piece) for piece in (caption, *_BREAKS.split(caption))}
    return frozenset(words | {folded(word) for word in words if folded(word) not in _TOO_SHORT_TO_FOLD}) - {""}


def _plain(caption: str) -> str:
    """Lower case, words apart, no punctuation, no unit at the end: ``Số tiền (VND)`` → ``số tiền``."""
    words = _NOT_WORD.sub(" ", composed(_CAMEL.sub(" ", caption)).lower()).replace("_", " ")
    return _UNITS.sub("", " ".join(words.split())).strip()


def mapping(meanings: Sequence[tuple[Field, int] | None], *, captions: Sequence[str], row: int) -> dict[Field, int]:
    """Column index of each field. Raises DoubleColumn where two columns claim a field with the same word.

    Two columns for the other side's account or name are no reason to refuse: such a column only suggests, so none is
    taken.
    """
    chosen: dict[Field, tuple[int, int]] = {}
    doubled: set[Field] = set()
    for index, meaning in enumerate(meanings):
        if meaning is None or meaning[0] == "ignored":
            continue
        name, rank = meaning
        if name in chosen and chosen[name][0] == rank:
            if name not in _ONLY_SUGGEST:
                raise DoubleColumn(row=row, text=captions[index])
            doubled.add(name)
        if name not in chosen or rank < chosen[name][0]:
            chosen[name] = (rank, index)
    columns = {name: index for name, (rank, index) in chosen.items() if name not in doubled}
    if "debit" in columns or "credit" in columns:
        columns.pop("amount", None)
    return columns


def check_complete(columns: Mapping[Field, int], *, row: int) -> None:
    """Raises MissingColumn without a memo column, or with only one of debit and credit."""
    if "memo" not in columns:
        raise MissingColumn(row=row, text="“Nội dung”")
    if ("debit" in columns) != ("credit" in columns):
        raise MissingColumn(row=row, text="“Ghi nợ”" if "credit" in columns else "“Ghi có”")
