"""Why a whole list cannot be read: what the readers of bank files say, in the words of a school's office."""

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from payments.statements.statement import DoubtfulStatement


class UnreadableList(Refused):
    """Nothing of the file was taken in."""

    code = "LIST_UNREADABLE"
    sentence = _("Không đọc được tệp này, nên chưa ghi gì. Hãy lưu lại thành Excel (.xlsx) rồi gửi lại.")


class EmptyList(UnreadableList):
    code = "LIST_EMPTY"
    sentence = _("Tệp này không có bảng nào. Hãy chọn tệp có danh sách.")


class ListTooBig(UnreadableList):
    code = "LIST_TOO_BIG"
    sentence = _("Tệp quá lớn: nhiều nhất 5 MB và 10.000 dòng. Hãy tách thành nhiều tệp.")


class OldExcelList(UnreadableList):
    code = "LIST_OLD_EXCEL"
    sentence = _(
        "Đây là tệp Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel hoặc LibreOffice, chọn Tệp → Lưu thành, "
        "kiểu “Excel Workbook (.xlsx)”, không đặt mật khẩu, rồi gửi tệp mới."
    )


class PdfList(UnreadableList):
    code = "LIST_PDF"
    sentence = _("Chưa đọc được tệp PDF. Hãy gửi danh sách ở dạng Excel (.xlsx) hoặc CSV.")


class LostLetters(UnreadableList):
    code = "LIST_LOST_LETTERS"
    sentence = _(
        "Không biết chắc chữ trong tệp viết bằng bảng mã nào (Unicode, TCVN3, VNI…), đoán thì sai tên. "
        "Hãy lưu lại thành Excel (.xlsx) với phông Unicode như Times New Roman, rồi gửi lại."
    )


class BrokenRows(UnreadableList):
    code = "LIST_BROKEN_ROWS"
    sentence = _("Dấu ngăn cột hoặc dấu ngoặc kép trong tệp bị sai. Hãy lưu lại thành Excel (.xlsx) rồi gửi lại.")


_BY_CODE: dict[str, type[UnreadableList]] = {
    "STATEMENT_EMPTY": EmptyList, "STATEMENT_TOO_BIG": ListTooBig, "STATEMENT_OLD_EXCEL": OldExcelList,
    "STATEMENT_PDF": PdfList, "STATEMENT_BAD_ENCODING": LostLetters, "STATEMENT_LEGACY_FONT": LostLetters,
    "STATEMENT_BAD_CSV": BrokenRows, "STATEMENT_NOT_A_SHEET": UnreadableList, "STATEMENT_WEB_PAGE": UnreadableList,
}  # fmt: skip


def in_our_words(doubt: DoubtfulStatement) -> UnreadableList:
    """The same doubt, said of a list instead of a bank statement."""
    return _BY_CODE.get(doubt.code, UnreadableList)()
