"""Encodings, separators and fonts: read when certain, refused in clear words when not."""

import unicodedata

import pytest

from payments.statements import generic
from payments.statements.old_letters import from_tcvn3, from_vni
from payments.statements.statement import DoubtfulStatement
from tests.payments.statements.files import HEADER, as_csv, as_xlsx, movements

ROWS = [HEADER, *movements()]
MEMOS = [row[5] for row in movements()]

# Written down by hand from the fonts' own tables, so that the reader's tables are not tested against themselves.
TCVN3 = {
    "Ngày giao dịch": "Ngµy giao dÞch", "Số tham chiếu": "Sè tham chiÕu", "Ghi nợ": "Ghi nî", "Ghi có": "Ghi cã",
    "Số dư": "Sè d\u00ad", "Nội dung": "Néi dung", "cá trạch": "c¸ tr¹ch",
}  # fmt: skip
VNI = {
    "Ngày giao dịch": "Ngaøy giao dòch", "Số tham chiếu": "Soá tham chieáu", "Ghi nợ": "Ghi nôï", "Ghi có": "Ghi coù",
    "Số dư": "Soá dö", "Nội dung": "Noäi dung", "cá trạch": "caù traïch",
}  # fmt: skip


def typed_in(font: dict[str, str]) -> list[list[object]]:
    def turned(cell: object) -> object:
        for word, written in font.items():
            cell = cell.replace(word, written) if isinstance(cell, str) else cell
        return cell

    return [[turned(cell) for cell in row] for row in ROWS]


def refusal(data: bytes) -> DoubtfulStatement:
    with pytest.raises(DoubtfulStatement) as doubt:
        generic.read(data)
    return doubt.value


def check(data: bytes) -> None:
    read = generic.read(data)
    assert [a.memo for a in read.arrivals] == MEMOS
    assert read.continuous
    assert [a.source_id for a in read.arrivals] == [a.source_id for a in generic.read(as_csv(ROWS)).arrivals]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_marked_encodings(separator: str, encoding: str) -> None:
    check(as_csv(ROWS, separator=separator, encoding=encoding))


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_either_end(mark: bytes) -> None:
    name = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    check(mark + as_csv(ROWS, encoding=name))


def test_decomposed_letters() -> None:
    read = generic.read(unicodedata.normalize("NFD", as_csv(ROWS).decode()).encode())
    assert [unicodedata.normalize("NFC", a.memo) for a in read.arrivals] == MEMOS
    assert [a.source_id for a in read.arrivals] == [a.source_id for a in generic.read(as_csv(ROWS)).arrivals]


@pytest.mark.parametrize("separator", [",", ";", "|", "^"])
def test_the_line_that_tells_excel_the_separator(separator: str) -> None:
    data = f"sep={separator}\r\n".encode() + as_csv(ROWS, separator=separator)
    check(data)
    assert generic.read(data).rows[0].row == 3, "the line counts: it is one in the file"


def test_a_separator_that_is_not_the_one_told_shows_no_header() -> None:
    assert refusal(b"sep=;\r\n" + as_csv(ROWS)).code == "STATEMENT_NO_HEADER"


def _windows_1258(text: str) -> bytes:
    """As Windows writes it: the letters that the code page has, and tone marks behind the others."""
    written = []
    for letter in text:
        try:
            written.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            base, mark = unicodedata.normalize("NFD", letter)[:-1], unicodedata.normalize("NFD", letter)[-1]
            try:
                written.append(unicodedata.normalize("NFC", base).encode("cp1258") + mark.encode("cp1258"))
            except UnicodeEncodeError:  # ậ comes apart as a + dot + circumflex: the circumflex goes with the letter
                plain = unicodedata.normalize("NFD", letter)
                written.append(
                    unicodedata.normalize("NFC", plain[0] + plain[2]).encode("cp1258") + plain[1].encode("cp1258")
                )
    return b"".join(written)


def test_windows_1258() -> None:
    check(_windows_1258(as_csv(ROWS).decode()))


def test_windows_1258_that_lost_letters_on_the_way() -> None:
    assert refusal(as_csv(ROWS).decode().encode("cp1258", "replace")).code == "STATEMENT_BAD_ENCODING"
    whole = _windows_1258(as_csv(ROWS).decode())
    assert refusal(whole.replace(_windows_1258("trạch"), b"tr?ch")).code == "STATEMENT_BAD_ENCODING"


@pytest.mark.parametrize("font", [TCVN3, VNI], ids=["TCVN3", "VNI"])
def test_fonts_from_before_unicode(font: dict[str, str]) -> None:
    rows = typed_in(font)
    check(as_xlsx(rows))
    check(as_csv(rows))
    check(as_csv(rows, encoding="latin-1"))


@pytest.mark.parametrize("font", [TCVN3, VNI], ids=["TCVN3", "VNI"])
def test_fonts_beside_letters_of_today(font: dict[str, str]) -> None:
    rows = typed_in(font)
    rows[4][5] = "cá trạch"
    for data in (as_xlsx(rows), as_csv(rows)):
        doubt = refusal(data)
        assert doubt.code == "STATEMENT_LEGACY_FONT"
        assert "Unicode" in doubt.message


def test_every_letter_of_the_old_fonts() -> None:
    small = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    tcvn3 = bytes.fromhex(
        "b5b8b6b7b9 a8bbbebcbdc6 a9c7cac8c9cb ccd0cecfd1 aad2d5d3d4d6 d7ddd8dcde dfe3e1e2e4 abe5e8e6e7e9 aceaedebecee"
        "eff3f1f2f4 adf5f8f6f7f9 fafdfbfcfe ae"
    ).decode("latin-1")
    assert from_tcvn3(tcvn3) == small
    vni = (
        "aøaùaûaõaï aêaèaéaúaüaë aâaàaáaåaãaä eøeùeûeõeï eâeàeáeåeãeä ìíæóò oøoùoûoõoï oâoàoáoåoãoä "
        "ôôøôùôûôõôï uøuùuûuõuï ööøöùöûöõöï yøyùyûyõî ñ"
    ).replace(" ", "")
    assert from_vni(vni) == small
    assert from_vni(vni.upper()) == small.upper()
    assert from_vni("xø") is None
    assert from_tcvn3("ế") is None
