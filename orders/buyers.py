"""Who buys, as typed at checkout: cleaned, measured, refused where nobody could find or call her."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from base.text import composed
from cooperatives import phones

LONGEST_NAME = 80
LONGEST_ADDRESS = 200
LONGEST_NOTE = 500

# Controls, joiners and text-direction marks, halves of letters, private letters: nothing that a person means to type.
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}


class BadName(Refused):
    """The name is empty, has no letter, or is longer than 80."""

    code = "BAD_NAME"
    sentence = _("Hãy ghi tên người nhận, không quá %(longest)s chữ.")


class BadAddress(Refused):
    """Goods are to be brought and nothing says where, or it is longer than 200."""

    code = "BAD_ADDRESS"
    sentence = _("Hãy ghi thôn, xóm và xã để người giao tìm được, không quá %(longest)s chữ.")


class NoteTooLong(Refused):
    """The note is longer than 500."""

    code = "NOTE_TOO_LONG"
    sentence = _("Lời nhắn dài quá %(longest)s chữ. Hãy viết ngắn lại.")


@dataclass(frozen=True, slots=True)
class Buyer:
    """As typed. ``address``: all of it in one line, from programs that know no other form (orders/addresses.py)."""

    name: str
    phone: str
    address: str = ""


def checked_buyer(buyer: Buyer) -> Buyer:
    """``buyer`` in the form that is stored: one line each, the phone in E.164.

    Raises BadName, BadAddress, phones.BadPhone.
    """
    name, address = one_line(buyer.name), one_line(buyer.address)
    if len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
        raise BadName(field="name", longest=LONGEST_NAME)
    phone = phones.e164(one_line(buyer.phone))
    if len(address) > LONGEST_ADDRESS:
        raise BadAddress(field="address", longest=LONGEST_ADDRESS)
    return Buyer(name=name, phone=phone, address=address)


def checked_note(note: str) -> str:
    """``note`` as it is stored; line breaks stay. Raises NoteTooLong."""
    lines = (one_line(line) for line in note.replace("\r\n", "\n").split("\n"))
    text = "\n".join(lines).strip()
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(field="note", longest=LONGEST_NOTE)
    return text


def one_line(text: str) -> str:
    """What a person reads of ``text``: composed letters, single blanks, nothing unseen."""
    blanks = "".join(" " if letter.isspace() else letter for letter in text)
    return composed("".join(letter for letter in blanks if unicodedata.category(letter) not in _UNSEEN))
