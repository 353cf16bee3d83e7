"""Why a line of the bank lies before a person, in the order in which to look, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.models import BankTransaction

Reason = BankTransaction.Reason

WHAT_TO_DO: Mapping[str, Any] = {
    Reason.CONFLICT: _(
        "Cùng một chứng từ mà ngân hàng báo hai nội dung khác nhau. So với sao kê trước khi làm gì; nếu là hai khoản "
        "khác nhau thì tách chứng từ ra."
    ),
    Reason.BOUNCED: _("Tiền trả lại bị ngân hàng trả về. Hỏi lại số tài khoản rồi trả lần nữa."),
    Reason.DISPUTED: _("Chủ thẻ khiếu nại với ngân hàng của họ. Trả lời trong trang của bên nhận thẻ trước hạn."),
    Reason.SMS_ONLY: _(
        "Mới có tin nhắn, chưa có ngân hàng xác nhận. Mở ứng dụng ngân hàng xem tiền đã về thật chưa rồi mới bấm."
    ),
    Reason.MISTYPED_CODE: _("Mã gõ nhầm một ký tự. Xem gợi ý có đúng người không rồi bấm."),
    Reason.AMOUNT_DIFFERS: _(
        "Mã bị mất chữ CP ở đầu, hoặc là bảng kê tiền thu hộ, và số tiền không bằng số còn chờ, nên máy không tự khớp."
    ),
    Reason.TWO_CODES: _("Một lần chuyển cho nhiều khoản. Xem gợi ý chia, hoặc tự chia."),
    Reason.LATE: _("Tiền về sau khi đơn đã quá hạn. Còn hàng thì gán lại cho đơn, hết hàng thì trả lại tiền."),
    Reason.CANCELLED_ORDER: _("Đơn hay khoản thu này đã hủy. Trả lại tiền cho người chuyển."),
    Reason.ALREADY_PAID: _("Khoản này đã trả đủ từ trước: có lẽ chuyển hai lần. Tiền này phải trả lại."),
    Reason.OVERPAID: _("Chuyển nhiều hơn số cần trả. Phần thừa phải trả lại."),
    Reason.NO_CODE: _("Nội dung chuyển khoản không có mã nào. Hỏi người chuyển, hoặc tìm khoản cùng số tiền."),
    Reason.UNKNOWN_CODE: _("Có mã, nhưng không phải mã của mình. Hỏi người chuyển, hoặc tìm khoản cùng số tiền."),
    Reason.OTHER_ACCOUNT: _("Tiền về một tài khoản khác với tài khoản ghi trên mã QR. Xem lại rồi gán."),
    Reason.OTHER_ORGANIZATION: _("Mã này là của đơn vị khác. Gọi người chuyển để hỏi."),
    Reason.OTHER_CURRENCY: _("Tiền nước ngoài: sổ chỉ ghi tiền đồng. Chờ ngân hàng quy đổi thành dòng mới."),
    Reason.OUTGOING: _("Tiền đi khỏi tài khoản mà chưa rõ việc gì. Không ai ở đây chuyển thì gọi ngân hàng."),
    Reason.NO_AMOUNT: _("Ngân hàng báo số tiền bằng 0. Không có gì để ghi; xem xong thì đánh dấu."),
    Reason.BEFORE_OPENING: _("Trước ngày mở sổ, nên đã nằm trong số dư mở sổ. Không ghi lần nữa."),
    Reason.JOINED: _("Đã gộp vào dòng khác: cùng là một khoản tiền."),
    Reason.UNDONE: _("Đã gỡ khớp, cần xử lý lại."),
    "": _("Mới dùng một phần. Phần còn lại cần gán, hoặc ghi là tiền phải trả lại."),
}
"""Every reason a line can carry, and none for one that is partly used."""

IN_ORDER = tuple(WHAT_TO_DO)


def place_of(reason: str) -> int:
    """Where a reason stands among the others on the table."""
    return IN_ORDER.index(reason)
