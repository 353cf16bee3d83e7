"""The heads that every Vietnamese statement has in some words, for banks whose own are not known."""

from payments.statements.bank_map import Head
from payments.statements.head_words import GENERIC, Field


def _any_word(field: Field) -> Head:
    return Head(field, tuple(GENERIC[field]))


USUAL_HEADS = (_any_word("day"), _any_word("debit"), _any_word("credit"), _any_word("memo"))
