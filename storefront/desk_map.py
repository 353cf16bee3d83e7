"""Which pages a desk has: for who sells, and for who bills. A page further in belongs to the one that leads to it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MORE = "more"


@dataclass(frozen=True, slots=True)
class Place:
    """``name`` is the ``tab`` of its views, ``door`` the name of its URL, ``deed`` of those who may open it.

    ``often``: stands in the row of its group. What is set once or seen rarely stands in the list of everything, and in
    the row only while somebody is there.
    """

    name: str
    door: str
    label: Promise | str
    says: Promise | str
    deed: str = "see_desk"
    often: bool = True
    of_an_open_shop: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The word leads to the first of ``places`` that the person may open."""

    label: Promise | str
    icon: str
    places: tuple[Place, ...]


_TODAY = _("Hôm nay")
_MONEY = _("Tiền")
_OTHER = _("Khác")
_SHARED = {
    place.name: place
    for place in (
        Place("messages", "desk-messages", _("Tin báo"), _("lời cần gửi, ai chưa được báo"), "say_messages"),
        Place("complaints", "desk-complaints", _("Khiếu nại"), _("trả lời trước ngày đã hứa"), "answer_complaints"),
        Place("money", "desk-money", _("Vào, ra"), _("từng dòng của ngân hàng, dòng nào cần xem"), "see_money"),
        Place(
            "refunds", "desk-refunds", pgettext_lazy("desk", "Trả lại"), _("tiền thừa, tiền đơn đã hủy"), "see_money"
        ),
        Place("day", "desk-day", _("Sổ ngày"), _("đầu ngày, vào, ra, cuối ngày, so với ngân hàng"), "see_money"),
        Place(
            "statement",
            "desk-statement",
            _("Nhập sao kê"),
            _("tệp tải từ ngân hàng điện tử"),
            "import_statements",
            often=False,
        ),
        Place("checks", "desk-checks", _("Đối chiếu sổ"), _("từng mục, mục nào lệch"), "see_money", often=False),
        Place(
            "evidence",
            "desk-evidence",
            _("Chứng từ lạ"),
            _("tin về tài khoản lạ, chứng từ mâu thuẫn"),
            "see_money",
            often=False,
        ),
        Place("feed", "desk-feed", _("Ngân hàng"), _("mở sổ, nối nguồn báo tiền"), "see_money"),
        Place(
            "terms", "desk-terms", _("Lời hứa"), _("mấy ngày trả lời, đổi trả, mở ứng dụng ngân hàng"), "decide_terms"
        ),
    )
}

SELLING = (
    Group(
        _TODAY,
        "home",
        (
            Place("home", "desk", _TODAY, _("việc đang chờ, gấp đứng trên")),
            _SHARED["messages"],
            _SHARED["complaints"],
            Place("calls", "desk-calls", _("Cần gọi"), _("hỏi còn hàng không, đơn nào sẽ thiếu"), "confirm_orders"),
        ),
    ),
    Group(
        _("Đơn hàng"),
        "receipt",
        (
            Place("orders", "desk-orders", _("Đơn hàng"), _("tìm đơn, gói, giao, thu tiền")),
            Place("packing", "desk-packing", _("Gói hàng"), _("lấy gì của nhà nào, túi nào có gì"), "pack_orders"),
            Place(
                "shipments",
                "desk-shipments",
                pgettext_lazy("desk", "Kiện hàng"),
                _("đã gửi, đang ở đâu"),
                "ship_orders",
            ),
            Place("cycles", "desk-cycles", _("Phiên chợ"), _("mở, chốt, ngày nhận")),
            Place("pickup", "desk-pickup", _("Điểm nhận hàng"), _("ở đâu, mấy giờ"), often=False),
        ),
    ),
    Group(
        _("Hàng"),
        "leaf",
        (
            Place("goods", "desk-goods", _("Mặt hàng"), _("giá, mẻ hàng, ảnh, còn bao nhiêu")),
            Place("coming", "desk-coming", _("Hàng hẹn"), _("bà con hẹn mang đến ngày nào")),
            Place("reviews", "desk-reviews", _("Nhận xét"), _("của người mua, trả lời ở đây"), "answer_reviews"),
            Place("labels", "desk-labels", _("In nhãn"), _("nhãn dán có mã của mẻ hàng"), "receive_lots"),
            Place(
                "posters",
                "desk-posters",
                _("In tờ giới thiệu"),
                _("tờ treo ở quầy, ở nhà văn hóa"),
                often=False,
                of_an_open_shop=True,
            ),
            Place(
                "words", "desk-words", _("Cách gọi"), _("tên khác của hàng, để tìm là thấy"), "list_goods", often=False
            ),
            Place("rest", "desk-rest", _("Nghỉ bán"), _("cả gian nghỉ đến ngày nào"), "decide_terms", often=False),
        ),
    ),
    Group(
        _MONEY,
        "cash",
        (
            _SHARED["money"],
            Place("cash", "desk-cash", _("Tiền mặt"), _("két của mình, chi ra, bàn giao, chốt ngày"), "receive_cash"),
            _SHARED["refunds"],
            Place("cod", "desk-cod", _("Thu hộ"), _("tiền người mang hàng đang giữ, bảng kê")),
            _SHARED["day"],
            _SHARED["statement"],
            _SHARED["checks"],
            _SHARED["evidence"],
        ),
    ),
    Group(
        _OTHER,
        "more",
        (
            Place(MORE, "desk-more", _("Mọi trang"), "", often=False),
            Place(
                "members", "desk-members", _("Bà con"), _("thành viên, sổ riêng, mức trước khi tham gia"), "see_money"
            ),
            _SHARED["feed"],
            Place("delivery", "desk-delivery", _("Giao hàng"), _("giá cước, nối hãng vận chuyển"), "keep_delivery"),
            _SHARED["terms"],
        ),
    ),
)

BILLING = (
    Group(
        _TODAY,
        "home",
        (
            Place("home", "biller", _TODAY, _("đã thu đến đâu, việc đang chờ"), "see_bills"),
            Place("reminders", "biller-reminders", _("Nhắc"), _("ai quá hạn, lời nhắn từng nhà"), "see_bills"),
            _SHARED["messages"],
            _SHARED["complaints"],
        ),
    ),
    Group(
        _("Khoản thu"),
        "receipt",
        (
            Place("bills", "biller-bills", _("Khoản thu"), _("tìm từng khoản, ai đã nộp"), "see_bills"),
            Place("runs", "biller-runs", _("Đợt thu"), _("lập, xem lại, phát hành, in phiếu"), "see_bills"),
            Place("fees", "biller-fees", _("Mục thu"), _("giá, căn cứ, mức trần, nhóm được giảm"), "see_bills"),
            Place(
                "too_much",
                "biller-too-much",
                _("Trả thừa, trả hai lần"),
                _("trả lại hay trừ vào khoản sau"),
                "see_money",
                often=False,
            ),
        ),
    ),
    Group(
        _("Danh sách"),
        "people",
        (
            Place(
                "accounts",
                "biller-accounts",
                _("Danh sách"),
                _("từng người, từng hộ, theo lớp, theo thôn"),
                "see_bills",
            ),
            Place("import", "biller-import", _("Nhập từ Excel"), _("cả danh sách một lần"), "read_meters", often=False),
            Place(
                "readings",
                "biller-readings",
                _("Ghi chỉ số đồng hồ"),
                _("theo tháng, theo thôn"),
                "read_meters",
                often=False,
            ),
        ),
    ),
    Group(
        _MONEY,
        "cash",
        (
            _SHARED["money"],
            Place("cash", "biller-cash", _("Tiền mặt"), _("thu tận tay, phiếu thu, bàn giao, chốt két"), "see_bills"),
            _SHARED["refunds"],
            Place(
                "month", "biller-month", _("Sổ tháng"), _("phải thu, đã thu, còn lại; từng đồng đi đâu"), "see_money"
            ),
            _SHARED["day"],
            _SHARED["statement"],
            _SHARED["checks"],
            _SHARED["evidence"],
        ),
    ),
    Group(
        _OTHER,
        "more",
        (
            Place(MORE, "biller-more", _("Mọi trang"), "", often=False),
            Place("people", "biller-people", _("Người làm việc"), _("ai làm việc gì, từ khi nào"), "grant_roles"),
            _SHARED["feed"],
            Place(
                "decided",
                "biller-decided",
                _("Cách đơn vị làm"),
                _("thu cho ai, tiền dư, làm tròn tiền mặt"),
                "keep_bills",
            ),
            _SHARED["terms"],
        ),
    ),
)
