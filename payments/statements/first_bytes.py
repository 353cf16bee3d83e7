"""What kind of file it is, told by its first bytes and never by its name; and the kinds that are refused unread."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

from payments.statements.statement import DoubtfulStatement

MAX_FILE_BYTES = 20 * 1024 * 1024

Kind = Literal["xlsx", "camt", "web page", "mt940", "text"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 4_096


class EmptyFile(DoubtfulStatement):
    code = "STATEMENT_EMPTY"
    sentence = _("Tệp trống. Hãy xuất lại sao kê từ ngân hàng.")


class FileTooBig(DoubtfulStatement):
    code = "STATEMENT_TOO_BIG"
    sentence = _("Tệp lớn hơn 20 MB. Hãy xuất sao kê theo kỳ ngắn hơn.")


class OldExcel(DoubtfulStatement):
    code = "STATEMENT_OLD_EXCEL"
    sentence = _(
        "Đây là tệp Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel hoặc LibreOffice, chọn Tệp → Lưu thành, "
        "kiểu “Excel Workbook (.xlsx)”, không đặt mật khẩu, rồi tải tệp mới lên."
    )


class PdfFile(DoubtfulStatement):
    code = "STATEMENT_PDF"
    sentence = _("Chưa đọc được sao kê PDF. Hãy xuất sao kê dạng Excel (.xlsx) hoặc CSV từ ngân hàng.")


def kind_of(data: bytes) -> Kind:
    """Raises EmptyFile, FileTooBig, OldExcel, PdfFile."""
    if not data.strip():
        raise EmptyFile()
    if len(data) > MAX_FILE_BYTES:
        raise FileTooBig()
    if data.startswith(_ZIP):
        return "xlsx"
    if data.startswith(_OLE):
        raise OldExcel()
    if data.startswith(b"%PDF"):
        raise PdfFile()
    # An ASCII view of the beginning, whatever its encoding: only marks of ASCII letters are looked for in it.
    beginning = data[:_LOOKED_AT]
    for mark in _MARKS:
        beginning = beginning.removeprefix(mark)
    plain = beginning.replace(b"\0", b"").lstrip()
    if plain.startswith(b"<"):
        return "camt" if b"BkToCstmrStmt" in plain else "web page"
    return "mt940" if plain.startswith((b":20:", b"{1:", b"{2:", b"{4:")) else "text"
