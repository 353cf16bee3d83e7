"""To whom money goes back: which bank, which account, whose name; and the QR by which the treasurer sends it."""

import re
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG
from base.refusals import Refused
from base.text import without_accents
from payments.models import Refund
from payments.providers import banks, vietqr, vietqr_images

_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,19}")
_NOT_IN_A_NAME = re.compile(r"[^A-Z0-9 .&-]")
SHORTEST_SHOWN = 3
"""So many last characters of a masked account say something."""


class PayeeUnusable(Refused):
    code = "PAYEE_UNUSABLE"
    sentence = _("Hãy chọn ngân hàng, ghi số tài khoản (1 đến 19 chữ số hoặc chữ cái) và tên chủ tài khoản.")


class Payee(NamedTuple):
    """``bin`` of a bank that we know, ``account`` as its bank writes it, ``holder`` in capitals without accents."""

    bin: str = ""
    account: str = ""
    holder: str = ""


def whole(bin: str, account: str, holder: str) -> Payee:
    """What a transfer needs. Raises PayeeUnusable naming the field that is missing or cannot be right."""
    payee = part(bin, account, holder)
    for field, said in zip(("payee_bin", "payee_account", "payee_holder"), payee, strict=True):
        if not said:
            raise PayeeUnusable(field=field)
    return payee


def part(bin: str, account: str, holder: str) -> Payee:
    """What is known so far, each part empty or usable. Raises PayeeUnusable."""
    bin, account = "".join(bin.split()), re.sub(r"[\s.-]", "", account)
    holder = " ".join(_NOT_IN_A_NAME.sub(" ", without_accents(holder).upper()).split())
    if bin and banks.bank_of(bin) is None:
        raise PayeeUnusable(field="payee_bin")
    if account and not _ACCOUNT.fullmatch(account):
        raise PayeeUnusable(field="payee_account")
    if len(holder) > 120:
        raise PayeeUnusable(field="payee_holder")
    return Payee(bin, account, holder)


def is_account(said: str, account: str) -> bool:
    """Whether what a source ``said`` of the other side can be ``account``. Sources mask: ``******6789``."""
    said = re.sub(r"[\s.-]", "", said).upper()
    shown = re.split(r"[*]+|X{3,}", said)[-1]
    if shown != said:
        return len(shown) >= SHORTEST_SHOWN and account.upper().endswith(shown)
    return said == account.upper()


def payload_of(refund: Refund) -> str:
    """The VietQR text by which the treasurer sends it, "" while there is nothing to send by one.

    Above what one transfer can carry the amount is left to her.
    """
    if refund.state != Refund.State.ORDERED or refund.way != Refund.Way.TRANSFER:
        return ""
    fits = refund.amount_dong <= MAX_TRANSFER_DONG
    return vietqr.write(
        bin=refund.payee_bin, account=refund.payee_account, amount_dong=refund.amount_dong if fits else None,
        memo=refund.code,
    )  # fmt: skip


def svg_of(refund: Refund) -> str:
    """The same as a picture for the page, "" where there is none."""
    payload = payload_of(refund)
    return vietqr_images.svg(payload, **_words(refund)) if payload else ""


def png_of(refund: Refund) -> bytes:
    """The same picture to save on the phone whose bank app is to read it, empty where there is none."""
    payload = payload_of(refund)
    return vietqr_images.png(payload, **_words(refund)) if payload else b""


def _words(refund: Refund) -> dict[str, Any]:
    bank = banks.bank_of(refund.payee_bin)
    return {
        "holder": refund.payee_holder, "account": refund.payee_account, "bank": bank.short_name if bank else "",
        "amount_dong": refund.amount_dong, "memo": refund.code, "demo": refund.organization.is_demo,
    }  # fmt: skip
