"""The grammar under VietQR: objects of tag, length and value, and the check sum over all of them."""

import binascii
import re
from collections.abc import Iterator

_HEADER = re.compile(r"[0-9]{4}")  # [0-9], never \d: full-width and Arabic-Indic digits are no digits here


class Broken(ValueError):
    """The text is not a row of objects; ``reason`` is one of the names in the decoder's list."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def one_object(tag: str, value: str) -> str:
    """Tag, two-digit length in characters, value. ValueError above 99 characters."""
    if len(value) > 99:
        raise ValueError(f"tag {tag} holds {len(value)} characters, at most 99 fit")
    return f"{tag}{len(value):02d}{value}"


def objects(text: str) -> Iterator[tuple[str, str]]:
    """(tag, value) in the order written; lengths count characters. Raises ``Broken`` where the row breaks."""
    at = 0
    while at < len(text):
        header = text[at : at + 4]
        if len(header) < 4:
            raise Broken("tlv_short_header")
        if not _HEADER.fullmatch(header):
            raise Broken("tlv_nondigit_header")
        end = at + 4 + int(header[2:])
        if end > len(text):
            raise Broken("tlv_value_shorter_than_length")
        yield header[:2], text[at + 4 : end]
        at = end


def lengths_fit_as_bytes(text: str) -> bool:
    """Whether the row holds together if lengths count UTF-8 bytes: some writers get that wrong."""
    try:
        list(objects(text.encode("utf-8", "surrogatepass").decode("latin-1")))
    except Broken:
        return False
    return True


def crc(upto_6304: str) -> str:
    """CRC-16/CCITT-FALSE over everything before it, ``6304`` included: four upper-case hex digits."""
    return f"{binascii.crc_hqx(upto_6304.encode('utf-8', 'surrogatepass'), 0xFFFF):04X}"
