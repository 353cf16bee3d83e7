"""What a treasurer reads about each source of bank lines: what it is, what to do there, what its keys are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from payments.models import Feed

Provider = Feed.Provider


@dataclass(frozen=True)
class Words:
    """``steps``: what to do at theirs once our address exists. ``secret`` "": its calls carry no key."""

    about: Any
    steps: tuple[Any, ...]
    secret: Any = ""
    secret_help: Any = ""
    credentials: Mapping[str, Any] = field(default_factory=dict)


_API_TOKEN = _("API token (mục API Access)")
_API_KEY = _("API key (mục Tích hợp)")

WORDS: Mapping[str, Words] = {
    Provider.SEPAY: Words(
        about=_("SePay đọc biến động tài khoản và báo về đây trong vài giây. SePay không giữ, không chuyển được tiền."),
        steps=(
            _("Vào my.sepay.vn, mục WebHooks, bấm Thêm webhooks."),
            _("Chọn sự kiện: cả tiền vào và tiền ra. Chọn đúng tài khoản ở trên."),
            _("“Bỏ qua nếu nội dung không có mã thanh toán”: chọn Không, để tiền nào về cũng được báo."),
            _("“Gọi đến URL”: dán địa chỉ dưới đây."),
            _("Kiểu chứng thực: như đã chọn khi tạo kết nối, dán khóa đã chép."),
            _("Request Content type: application/json. Bấm Thêm."),
        ),
        secret=_("Khóa bí mật"),
        secret_help=_("Chép khóa này để dán sang SePay, chỉ xem được lần này. SePay đã cho khóa thì dán đè."),
        credentials={"api_token": _API_TOKEN},
    ),
    Provider.CASSO: Words(
        about=_("Casso Webhook V2: nhiều ngân hàng, báo về trong vài giây. Casso chỉ đọc, không chuyển được tiền."),
        steps=(
            _("Vào Casso, mục Tích hợp, thêm Webhook V2."),
            _("Chọn đúng tài khoản ngân hàng ở trên, cả tiền vào và tiền ra."),
            _("Dán địa chỉ dưới đây vào ô Webhook URL."),
            _("Chép khóa bảo mật Casso đưa, rồi bấm Đổi khóa ở dưới và dán vào."),
            _("Bấm gọi thử ở Casso: trang này phải hiện giờ có tin gần nhất."),
        ),
        secret=_("Khóa bảo mật của Casso"),
        secret_help=_("Casso đưa khóa khi tạo Webhook V2. Chưa có thì cứ để khóa tạo sẵn, có rồi bấm Đổi khóa."),
        credentials={"api_key": _API_KEY},
    ),
    Provider.CASSO_V1: Words(
        about=_("Casso Webhook bản cũ, chỉ dùng khi Casso chưa cho bản V2: nó không ký nội dung, chỉ kèm một khóa."),
        steps=(
            _("Vào Casso, mục Tích hợp, thêm Webhook."),
            _("Dán địa chỉ dưới đây vào ô Webhook URL."),
            _("Dán khóa đã chép vào ô Key bảo mật (secure-token)."),
        ),
        secret=_("Khóa bảo mật (secure-token)"),
        secret_help=_("Chép khóa này để dán sang Casso, chỉ xem được lần này."),
        credentials={"api_key": _API_KEY},
    ),
    Provider.PAYOS: Words(
        about=_("payOS cấp cho mỗi đơn một số tài khoản riêng, nên người mua quên nội dung vẫn nhận ra đơn nào."),
        steps=(
            _("Vào my.payos.vn, mở kênh thanh toán của tài khoản ở trên."),
            _("Dán địa chỉ dưới đây vào ô Webhook URL rồi bấm Lưu: payOS sẽ gọi thử ngay."),
        ),
        secret=_("Checksum key"),
        secret_help=_("Chép ở trang kênh thanh toán của payOS."),
        credentials={"client_id": _("Client ID"), "api_key": _("API key")},
    ),
    Provider.SMS: Words(
        about=_(
            "Điện thoại của thủ quỹ chuyển tiếp tin nhắn biến động số dư về đây. Tin nhắn có thể bị làm giả, nên khoản"
            " nào chỉ có tin nhắn thì chờ thủ quỹ bấm xác nhận, hoặc chờ nguồn thứ hai."
        ),
        steps=(
            _("Cài một ứng dụng chuyển tiếp SMS trên điện thoại Android vẫn nhận tin của ngân hàng."),
            _("Tạo luật: chỉ tin từ đúng tên người gửi ở trên, đừng chuyển tin riêng của mình."),
            _("Chọn gửi kiểu POST (webhook), dán địa chỉ dưới đây vào ô URL."),
            _("Nội dung gửi: JSON có hai ô from (người gửi) và text (nội dung). Phần lớn ứng dụng đặt sẵn như vậy."),
            _("Cho phép ứng dụng chạy nền, tắt tiết kiệm pin cho nó."),
        ),
    ),
    Provider.STRIPE: Words(
        about=_("Nhận thẻ Visa, Mastercard từ nước ngoài. Stripe giữ tiền rồi chuyển về ngân hàng, có trừ phí."),
        steps=(
            _("Vào dashboard.stripe.com, mục Developers, Webhooks, bấm Add endpoint."),
            _("Dán địa chỉ dưới đây, chọn các sự kiện: checkout.session, payment_intent, charge, refund, payout."),
            _("Chép Signing secret (whsec_…), bấm Đổi khóa ở dưới và dán vào."),
        ),
        secret=_("Signing secret (whsec_…)"),
        secret_help=_("Stripe đưa sau khi đã có địa chỉ. Chưa có thì để trống, có rồi bấm Đổi khóa."),
        credentials={"secret_key": _("Secret key (sk_live_…)")},
    ),
}  # fmt: skip

OFFERED = (Provider.SEPAY, Provider.CASSO, Provider.CASSO_V1, Provider.PAYOS, Provider.SMS)
"""In the order of the page; those that a cooperative most often needs first."""
