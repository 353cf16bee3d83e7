"""What can be wrong with a row: a stable code for machines, a sentence for the person who has to mend it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "NO_NAME": _("Chưa có họ tên."),
    "BAD_NAME": _("“%(text)s” không giống họ tên người (nhiều nhất 80 chữ, không chỉ có số)."),
    "NO_NUMBER": _("Chưa có số đồng hồ hoặc mã khách hàng."),
    "BAD_NUMBER": _("“%(text)s” không phải một mã dùng được (nhiều nhất 40 chữ và số)."),
    "LOST_DIGITS": _("“%(text)s”: Excel đã rút gọn mã này và làm mất số. Đặt cột thành Text rồi ghi lại mã."),
    "BAD_PHONE": _("“%(text)s” không phải số điện thoại đúng. Ví dụ: 0912 345 678."),
    "BAD_DATE": _("“%(text)s” không phải ngày viết kiểu ngày/tháng/năm, ví dụ 05/09/2026."),
    "AMBIGUOUS_DATE": _("“%(text)s”: cột này có ngày viết tháng trước, không biết đâu là tháng. Ghi kiểu 2026-09-05."),
    "BAD_FIGURE": _("“%(text)s” không phải một số nguyên từ 0 trở lên."),
    "NO_FIGURE": _("Chưa có %(what)s."),
    "USED_DIFFERS": _("Số mới trừ số cũ là %(right)s, nhưng tệp ghi %(text)s."),
    "TOO_LONG": _("“%(text)s” dài quá (nhiều nhất %(most)s chữ)."),
    "EXCEL_ERROR": _("Ô có lỗi của Excel: %(text)s."),
    "MERGED": _("Ô gộp trùm nhiều dòng nên không biết “%(what)s” là của dòng nào. Hãy bỏ gộp ô."),
    "SAME_NUMBER": _("Mã %(number)s còn ở dòng %(other)s với nội dung khác. Không biết dòng nào đúng."),
    "REPEATED": _("Giống hệt dòng %(other)s, chỉ lấy dòng đó."),
    "SAME_NAME": _("Cùng tên, cùng lớp với dòng %(other)s. Ghi thêm mã hoặc số điện thoại để phân biệt."),
    "AMBIGUOUS": _("Trong danh sách đã có người cùng tên: %(others)s. Ghi thêm mã để biết là ai."),
    "AMBIGUOUS_NUMBER": _("Mã %(number)s có thể là %(others)s (mất số 0 ở đầu). Hãy ghi đủ mã."),
    "OTHER_KIND": _("Mã %(number)s đã dùng cho %(other)s, là loại khác."),
    "ENDED": _("%(other)s đã thôi từ ngày %(day)s. Muốn thu tiếp thì mở lại trước."),
    "AMBIGUOUS_HOUSEHOLD": _("Số %(phone)s thuộc nhiều hộ. Ghi thêm tên phụ huynh, chủ hộ."),
    "HOUSEHOLD_DIFFERS": _("Cùng một hộ nhưng ghi khác với dòng %(other)s: “%(text)s”. Hãy sửa cho giống nhau."),
    "NO_ACCOUNT": _("Chưa có ai với %(text)s trong danh sách."),
    "NAME_DIFFERS": _("Mã %(number)s là của %(other)s, nhưng tệp ghi “%(text)s”."),
    "SHEET_DIFFERS": _("Trang “%(text)s” có các cột khác nên chưa đọc. Hãy gửi riêng trang này."),
    "NOT_RECORDED": _("%(text)s"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """``row`` as the file numbers it; ``cells`` what stands in the row, so that it can be given back to be mended."""

    sheet: str
    row: int
    code: str
    said: str
    cells: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"sheet": self.sheet, "row": self.row, "code": self.code, "said": self.said, "cells": list(self.cells)}


class Faulty(Exception):
    """Raised while one row is read; becomes a Fault of that row and of no other."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def said(self) -> str:
        return str(SENTENCES[self.code]) % self.details if self.details else str(SENTENCES[self.code])
