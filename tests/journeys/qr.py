"""A QR as a bank's app meets it: pixels first, then the payload, both read by programs that are not ours."""

import io
from dataclasses import dataclass

import zxingcpp
from PIL import Image
from vietnam_qr_pay import QRPay


@dataclass(frozen=True)
class Transfer:
    """What a bank's app would fill in."""

    bin: str
    account: str
    dong: int
    memo: str


def read(pixels: bytes) -> Transfer:
    """The one QR in a picture. Fails where there is none, several, or one that is no valid VietQR."""
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(pixels)))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    parsed = QRPay(found.text)
    assert parsed.is_valid, found.text
    assert parsed.currency == "704"
    assert parsed.provider.service == "QRIBFTTA"  # to an account, not to a card
    return Transfer(
        bin=parsed.consumer.bank_bin, account=parsed.consumer.bank_number, dong=int(parsed.amount),
        memo=parsed.additional_data.purpose,
    )  # fmt: skip
