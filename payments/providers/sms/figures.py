"""Whole đồng out of the figures of one text. Which sign groups and which divides is decided by position."""

import re
from dataclasses import dataclass

from base.money import MAX_DONG
from payments.providers.sms.notice import NotANotice

_PLAIN = re.compile(r"0|[1-9][0-9]{0,15}")
_WHOLE_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:[., ][0-9]{3}){1,5}")


@dataclass(frozen=True, slots=True)
class Figure:
    """``dong`` without the fraction; ``thousands`` is the sign that groups, "" when none was seen."""

    dong: int
    fraction: str = ""
    thousands: str = ""


def amount_in(text: str) -> Figure:
    """The amount that moved. Raises NotANotice: ``bad_number``, ``fraction``, ``zero_amount``."""
    figure = _figure(text, thousands="")
    if figure.fraction.strip("0"):
        raise NotANotice(reason="fraction")
    if figure.dong == 0:
        raise NotANotice(reason="zero_amount")
    return figure


def balance_in(text: str, *, amount: Figure) -> int:
    """A balance printed in the same text as ``amount``; its fraction is cut off.

    In a text that groups by commas a dot divides, also where three digits follow it (BIDV prints ``592.054``). Two
    ways of grouping in one text leave open what the amount is: raises NotANotice ``mixed_numbers``, or ``bad_number``.
    """
    figure = _figure(text, thousands=amount.thousands)
    if amount.thousands and figure.thousands and amount.thousands != figure.thousands:
        raise NotANotice(reason="mixed_numbers")
    return figure.dong


def _figure(text: str, *, thousands: str) -> Figure:
    """``thousands``: the sign that already groups elsewhere in the text, "" when unknown."""
    marks = [char for char in text if not char.isdigit()]
    if not marks:
        return Figure(_checked(text))
    last = marks[-1]
    whole, _, tail = text.rpartition(last)
    comma_text_with_a_dot = thousands == "," and marks == ["."]
    divides = last in ".," and last != thousands and marks.count(last) == 1 and (
        len(marks) > 1 or len(tail) < 3 or len(whole) > 3 or comma_text_with_a_dot
    )  # fmt: skip
    if divides:
        if not 1 <= len(tail) <= 3:
            raise NotANotice(reason="bad_number")
        inner = _figure(whole, thousands="") if len(marks) > 1 else Figure(_checked(whole))
        if inner.fraction:
            raise NotANotice(reason="bad_number")
        return Figure(inner.dong, tail, inner.thousands)
    if len(set(marks)) > 1 or not _WHOLE_GROUPS.fullmatch(text):
        raise NotANotice(reason="bad_number")
    return Figure(_checked(text.replace(last, "")), thousands=last)


def _checked(digits: str) -> int:
    if not _PLAIN.fullmatch(digits) or int(digits) > MAX_DONG:
        raise NotANotice(reason="bad_number")
    return int(digits)
