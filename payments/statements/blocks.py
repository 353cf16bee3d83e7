"""Statements that come as messages (MT940, CAMT.053): each with opening, entries and closing; joined by account."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG, figures
from base.periods import vietnam_day
from payments.providers.arrival import readable_text
from payments.statements import chain
from payments.statements.chain import Stated
from payments.statements.identity import arrivals_of
from payments.statements.movement import Movement
from payments.statements.numbers import BadFigure
from payments.statements.statement import DoubtfulStatement, StatementRead


class OtherCurrency(DoubtfulStatement):
    code = "STATEMENT_OTHER_CURRENCY"
    sentence = _("Dòng %(row)s: tiền “%(text)s” không phải đồng Việt Nam (VND). Chỉ nhập sao kê tài khoản tiền đồng.")


class BlocksApart(DoubtfulStatement):
    code = "STATEMENT_BALANCE_BREAK"
    sentence = _(
        "Dòng %(row)s: số dư đầu của bảng này không nối với số dư cuối của bảng trước, lệch %(difference)s. "
        "Tệp thiếu một ngày; hãy xuất lại cả kỳ từ ngân hàng."
    )


@dataclass(slots=True)
class Block:
    """One message: ``row`` is where it begins in the file."""

    row: int
    account: str | None
    opening: Stated | None = None
    closing: Stated | None = None
    entries: list[Movement] = field(default_factory=list)


def entry(
    *,
    row: int,
    at: datetime,
    dong: int,
    memo: str,
    reference: str,
    raw: str,
    payer_account: str = "",
    payer_name: str = "",
) -> Movement:
    """A movement as the tables' readers make them; ``dong`` is signed, in positive. Raises BadFigure."""
    if not 0 < abs(dong) <= MAX_DONG:
        raise BadFigure(row=row, text=str(dong))
    return Movement(
        row=row,
        cells=(raw,),
        at=at,
        dong=dong,
        balance_dong=None,
        direction="out" if dong < 0 else "in",
        memo=readable_text(memo),
        reference=readable_text(reference),
        account="",
        payer_account=readable_text(payer_account),
        payer_name=readable_text(payer_name),
    )


def joined(blocks: Sequence[Block]) -> list[StatementRead]:
    """One statement an account, in the order in which the accounts come.

    Raises ClosingDiffers where a block's entries do not lead from its opening to its closing balance, BlocksApart where
    the next block of an account does not begin where the last one ended.
    """
    by_account: dict[str | None, list[Block]] = {}
    for block in blocks:
        if block.opening and block.closing:
            total = sum(entry.dong for entry in block.entries)
            chain.proved_by_sum(total, opening=block.opening, closing=block.closing)
        by_account.setdefault(block.account, []).append(block)
    return [_one(account, own) for account, own in by_account.items()]


def _one(account: str | None, blocks: list[Block]) -> StatementRead:
    gap = _gap(blocks)
    order = blocks
    if gap is not None and _gap(blocks[::-1]) is None:  # the newest day first
        gap, order = None, blocks[::-1]
    if gap is not None:
        raise gap
    entries = [entry for block in blocks for entry in block.entries]
    days = [vietnam_day(entry.at) for entry in entries]
    opening, closing = order[0].opening, order[-1].closing
    return StatementRead(
        rows=arrivals_of(entries, account=account or ""),
        account=account,
        opening_dong=opening.dong if opening else None,
        closing_dong=closing.dong if closing else None,
        continuous=True if all(block.opening and block.closing for block in blocks) else None,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )


def _gap(blocks: list[Block]) -> BlocksApart | None:
    for before, block in itertools.pairwise(blocks):
        if before.closing and block.opening and before.closing.dong != block.opening.dong:
            difference = figures(block.opening.dong - before.closing.dong)
            return BlocksApart(row=block.row, difference=difference)
    return None
