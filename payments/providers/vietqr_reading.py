"""Reading a VietQR strictly. A right check sum alone proves nothing: people publish broken codes with a right one.

What must not lead to a transfer is refused with a reason; what circulates and is harmless gets a warning. Names of
both are part of the command-line contract.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from payments.providers.vietqr_tlv import Broken, crc, lengths_fit_as_bytes, objects

NAPAS_GUID = "A000000727"
VNPAY_GUID = "A000000775"

_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]*))?")
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[A-Za-z0-9]+")
_CRC = re.compile(r"[0-9A-Fa-f]{4}")
_MERCHANT_ACCOUNTS = {f"{tag:02d}" for tag in range(26, 52)}
_RESERVED = {f"{tag:02d}" for tag in range(65, 80)}
_NOT_TEXT = {"Cc", "Cs", "Zl", "Zp"}
_LONGEST = {"59": 25, "60": 15, "61": 10}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a payload says. Only ``valid`` may lead to a transfer; else the fields are for diagnosis.

    ``scheme``: ``vietqr``, ``vnpay``, ``vnpay_wallet_card``, ``evn``, ``none``, or None where nothing could be read.
    ``bin``, ``account``, ``service``, ``memo`` as written, zeros kept; ``amount_dong`` None = the payer types it.
    ``dynamic`` None = the payload does not say.
    """

    valid: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    scheme: str | None = None
    bin: str | None = None
    account: str | None = None
    service: str | None = None
    amount_dong: int | None = None
    memo: str | None = None
    dynamic: bool | None = None


def decode(payload: str) -> Decoded:
    """Read ``payload`` (the exact text of a QR). Never raises: a broken payload is a result."""
    reading = _Reading()
    reading.check_sum(payload)
    try:
        rows = list(objects(payload))
    except Broken as broken:
        if not payload.isascii() and lengths_fit_as_bytes(payload):
            reading.refuse("lengths_counted_in_utf8_bytes")
        reading.refuse(broken.reason)
        return reading.finished()
    reading.frame(rows)
    tags = dict(rows)
    reading.who_is_paid(tags)
    reading.how_much(tags.get("54"))
    reading.additional(tags.get("62"))
    reading.harmless(tags)
    return reading.finished()


@dataclass(slots=True)
class _Reading:
    """One payload on its way through the rules; collects findings and fields."""

    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    scheme: str | None = None
    bin: str | None = None
    account: str | None = None
    service: str | None = None
    amount_dong: int | None = None
    memo: str | None = None
    dynamic: bool | None = None

    def refuse(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)

    def warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

    def finished(self) -> Decoded:
        if self.scheme not in ("vietqr", None) and not self.reasons:
            self.refuse("other_scheme")
        return Decoded(
            valid=not self.reasons and self.scheme == "vietqr",
            reasons=tuple(self.reasons),
            warnings=tuple(self.warnings),
            scheme=self.scheme,
            bin=self.bin,
            account=self.account,
            service=self.service,
            amount_dong=self.amount_dong,
            memo=self.memo,
            dynamic=self.dynamic,
        )

    def check_sum(self, payload: str) -> None:
        printed = payload[-4:]
        if payload[-8:-4] != "6304":
            self.refuse("no_crc_tag_at_end")
        elif not _CRC.fullmatch(printed):
            self.refuse("crc_not_hex")
        elif printed.upper() != crc(payload[:-4]):
            self.refuse("bad_crc")
        elif printed != printed.upper():
            self.warn("crc_lower_case")
        if any(unicodedata.category(character) in _NOT_TEXT for character in payload):
            self.refuse("control_char")

    def frame(self, rows: list[tuple[str, str]]) -> None:
        """Version, order, repetition, currency and country: what every payload must have."""
        order = [tag for tag, _ in rows]
        tags = dict(rows)
        if len(tags) < len(order):
            self.refuse("duplicate_tag")
        if order[-1:] != ["63"]:
            self.refuse("no_crc_tag_at_end")
        if tags.get("00") != "01":
            self.refuse("tag00_bad")
        elif order[0] != "00":
            self.refuse("tag00_not_first")
        before_crc = [tag for tag in order if tag != "63"]
        if before_crc != sorted(before_crc):
            self.warn("unusual_tag_order")
        if any(not value for value in tags.values()):
            self.warn("zero_length_value")
        if "01" not in tags:
            self.warn("tag01_missing")
        elif tags["01"] in ("11", "12"):
            self.dynamic = tags["01"] == "12"
        else:
            self.refuse("tag01_bad")
        if "53" not in tags:
            self.refuse("missing_tag53")
        elif tags["53"] != "704":
            self.refuse("currency_not_704")
        if "58" not in tags:
            self.refuse("missing_tag58")
        elif tags["58"] != "VN":
            self.refuse("tag58_not_vn")

    def who_is_paid(self, tags: dict[str, str]) -> None:
        """The NAPAS account in 38, or else which other scheme this is."""
        if "38" not in tags:
            self.scheme = _other_scheme(tags)
            if not _MERCHANT_ACCOUNTS & tags.keys():
                self.refuse("no_merchant_account_info")
            return
        napas = self.nested("38", tags["38"])
        if napas is None:
            return
        if napas.get("00") == VNPAY_GUID:
            self.scheme = "vnpay"
            return
        if napas.get("00") != NAPAS_GUID:
            self.refuse("38_guid_missing_or_unknown")
            return
        self.scheme = "vietqr"
        if len(_MERCHANT_ACCOUNTS & tags.keys()) > 1:
            self.warn("other_merchant_account")
        self.service = napas.get("02") or None
        receiver = self.nested("38_01", napas["01"]) if "01" in napas else None
        if "01" not in napas:
            self.refuse("missing_38_01")
        if receiver is not None:
            self.receiver(receiver)
        if self.service is None:
            self.warn("service_missing")
        elif len(self.service) > 10:
            self.warn("service_over_10")

    def receiver(self, receiver: dict[str, str]) -> None:
        self.bin, self.account = receiver.get("00"), receiver.get("01") or None
        if self.service is None and "02" in receiver:
            self.service = receiver["02"] or None
            self.warn("service_code_nested_in_38_01")
        if self.bin is None or not _BIN.fullmatch(self.bin):
            self.refuse("bin_bad")
        if self.account is None:
            self.refuse("account_missing")
        elif not _ACCOUNT.fullmatch(self.account):
            self.refuse("account_bad_chars")
        elif len(self.account) > 19:
            self.refuse("account_over_19")
        elif not self.account.isdigit():
            self.warn("account_alphanumeric")

    def how_much(self, amount: str | None) -> None:
        if amount is None:
            if self.dynamic:
                self.warn("dynamic_without_amount")
            return
        if self.dynamic is False:
            self.warn("static_with_amount")
        read = _AMOUNT.fullmatch(amount)
        if read is None or len(amount) > 13:
            self.refuse("amount_syntax")
            return
        whole, fraction = read[1], read[2] or ""
        if not int(whole + fraction):
            self.refuse("amount_zero")
            return
        if fraction:
            self.refuse("amount_has_decimals_for_VND")
        if whole.startswith("0"):
            self.warn("amount_leading_zeros")
        self.amount_dong = int(whole)

    def additional(self, template: str | None) -> None:
        """The memo and its neighbours in 62."""
        fields = self.nested("62", template) if template else None
        if fields is None:
            return
        self.memo = fields.get("08") or None
        for tag, text in fields.items():
            if "01" <= tag <= "08" and len(text) > 25:
                self.warn(f"62_{tag}_over_25")
            if "01" <= tag <= "08" and not text.isascii():
                self.warn(f"62_{tag}_non_ascii")
        asks_for = fields.get("09")
        if asks_for is not None and not re.fullmatch(r"[AME]{1,3}", asks_for):
            self.warn("62_09_bad")

    def harmless(self, tags: dict[str, str]) -> None:
        """What other writers do differently, without danger to account or amount."""
        for tag, longest in _LONGEST.items():
            if len(tags.get(tag, "")) > longest:
                self.warn(f"tag{tag}_over_{longest}")
        if "52" in tags and not re.fullmatch(r"[0-9]{4}", tags["52"]):
            self.warn("tag52_bad")
        if "55" in tags and tags["55"] not in ("01", "02", "03"):
            self.warn("tag55_bad")
        if _RESERVED & tags.keys():
            self.warn("rfu_tag_65_79")

    def nested(self, name: str, template: str) -> dict[str, str] | None:
        """The objects inside a template; None, and a reason under its name, if it breaks."""
        try:
            rows = list(objects(template))
        except Broken as broken:
            self.refuse(f"{name}_{broken.reason}")
            return None
        if any(not value for _, value in rows):
            self.warn("zero_length_value")
        if len(dict(rows)) < len(rows):
            self.refuse("duplicate_tag")
        return dict(rows)


def _other_scheme(tags: dict[str, str]) -> str:
    """Which scheme a payload without NAPAS account follows: readable, but not a transfer that we match."""
    if "VNPayWallet" in _values(tags):
        return "vnpay_wallet_card"
    for tag in sorted(_MERCHANT_ACCOUNTS & tags.keys()):
        try:
            inner = dict(objects(tags[tag]))
        except Broken:
            continue
        if inner.get("00") == VNPAY_GUID:
            return "vnpay"
        if inner.get("00") == "00":
            return "evn"
    return "none"


def _values(tags: dict[str, str]) -> Iterable[str]:
    """Top-level values and, where a value is itself a row of objects, the values inside."""
    for value in tags.values():
        yield value
        try:
            yield from dict(objects(value)).values()
        except Broken:
            continue
