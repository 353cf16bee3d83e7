"""VietQR: the text in the code that a buyer's bank app reads. Built here, without a library or a web service.

"Dynamic" and a fixed amount are wishes, not locks: a payer can pay twice, another sum, or without the memo.
"""

import re

from django.utils.translation import gettext_lazy as _

from base.money import MAX_TRANSFER_DONG
from base.refusals import Refused
from payments.providers.vietqr_reading import Decoded, decode
from payments.providers.vietqr_tlv import crc, one_object

__all__ = [
    "BadAccount",
    "BadAmount",
    "BadBin",
    "BadMemo",
    "BadService",
    "Decoded",
    "decode",
    "encode",
    "write",
]

NAPAS_GUID = "A000000727"
TO_ACCOUNT = "QRIBFTTA"

_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,19}")
_MEMO = re.compile(r"[A-Z0-9 ]{0,19}")
_SERVICE = re.compile(r"[A-Z]{1,10}")


class BadBin(Refused):
    code = "BAD_BIN"
    sentence = _("Mã ngân hàng (BIN) phải gồm đúng 6 chữ số.")


class BadAccount(Refused):
    code = "BAD_ACCOUNT"
    sentence = _("Số tài khoản chỉ gồm 1 đến 19 chữ cái không dấu và chữ số.")


class BadAmount(Refused):
    code = "BAD_AMOUNT"
    sentence = _("Số tiền phải từ 1 đến 499.999.999 đồng cho một lần chuyển.")


class BadMemo(Refused):
    code = "BAD_MEMO"
    sentence = _("Nội dung chuyển khoản chỉ gồm tối đa 19 ký tự A–Z, 0–9 và dấu cách.")


class BadService(Refused):
    code = "BAD_SERVICE"
    sentence = _("Mã dịch vụ chỉ gồm 1 đến 10 chữ cái in hoa.")


def write(
    *,
    bin: str,
    account: str,
    amount_dong: int | None = None,
    memo: str | None = None,
    dynamic: bool | None = None,
    service: str = TO_ACCOUNT,
) -> str:
    """The payload we show to payers: like ``encode``, but only what every bank app reads.

    Raises ``BadBin``, ``BadAccount``, ``BadAmount`` (1 … 499,999,999 ₫), ``BadMemo`` (≤ 19 of ``A–Z 0–9`` and
    blank) or ``BadService``.
    """
    if not _BIN.fullmatch(bin):
        raise BadBin(field="bin")
    if not _ACCOUNT.fullmatch(account):
        raise BadAccount(field="account")
    if amount_dong is not None and not 1 <= amount_dong <= MAX_TRANSFER_DONG:
        raise BadAmount(field="amount")
    if memo is not None and not _MEMO.fullmatch(memo):
        raise BadMemo(field="memo")
    if not _SERVICE.fullmatch(service):
        raise BadService(field="service")
    return encode(bin=bin, account=account, amount_dong=amount_dong, memo=memo, dynamic=dynamic, service=service)


def encode(
    *,
    bin: str,
    account: str,
    amount_dong: int | None = None,
    memo: str | None = None,
    dynamic: bool | None = None,
    service: str = TO_ACCOUNT,
) -> str:
    """The bare builder, in the order that other writers use, so that strings agree to the byte.

    ``dynamic`` (tag 01 = 12) means one transaction; None takes it from whether there is an amount. No amount: the
    payer types it. Checks nothing but that each object fits (ValueError): ``write`` is for what we publish.
    """
    if dynamic is None:
        dynamic = amount_dong is not None
    receiver = one_object("00", bin) + one_object("01", account)
    napas = one_object("00", NAPAS_GUID) + one_object("01", receiver) + one_object("02", service)
    parts = [
        one_object("00", "01"),
        one_object("01", "12" if dynamic else "11"),
        one_object("38", napas),
        one_object("53", "704"),
        one_object("54", str(amount_dong)) if amount_dong is not None else "",
        one_object("58", "VN"),
        one_object("62", one_object("08", memo)) if memo else "",
    ]
    upto_6304 = "".join(parts) + "6304"
    return upto_6304 + crc(upto_6304)
