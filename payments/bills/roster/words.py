"""What schools and collectors write over their columns, as data; and which column each kind of list needs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from django.utils.translation import gettext_lazy as _

from base.text import composed, folded
from payments.models import RosterImport
from payments.statements.columns import pieces

Kind = RosterImport.Kind
Role = Literal[
    "number", "name", "family", "given", "section", "household", "guardian", "phone", "place", "since", "note", "old",
    "new", "used", "read_on", "count",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

LABELS: Mapping[Role, Any] = {
    "number": _("Mã học sinh, số đồng hồ, mã khách hàng"),
    "name": _("Họ và tên (cùng một cột)"),
    "family": _("Họ và tên đệm (khi tên ở cột riêng)"),
    "given": _("Tên (khi họ đệm ở cột riêng)"),
    "section": _("Lớp, thôn, xóm"),
    "household": _("Mã hộ (những ai chung một hộ)"),
    "guardian": _("Phụ huynh, chủ hộ"),
    "phone": _("Số điện thoại của phụ huynh, chủ hộ"),
    "place": _("Nơi ở"),
    "since": _("Tính từ ngày"),
    "note": _("Ghi chú"),
    "old": _("Chỉ số cũ"),
    "new": _("Chỉ số mới"),
    "used": _("Số đã dùng (để kiểm lại)"),
    "read_on": _("Ngày ghi chỉ số"),
    "count": _("Số lượng (suất ăn, buổi…)"),
}

OF_KIND: Mapping[str, tuple[Role, ...]] = {
    Kind.ACCOUNTS: (
        "number", "name", "family", "given", "section", "household", "guardian", "phone", "place", "since", "note",
    ),
    Kind.READINGS: ("number", "name", "family", "given", "section", "old", "new", "used", "read_on"),
    Kind.COUNTS: ("number", "name", "family", "given", "section", "count"),
}  # fmt: skip
FILLED_DOWN: frozenset[Role] = frozenset({"section", "household", "guardian", "phone", "place", "since", "read_on"})
"""Where a merged cell says the same for every row that it covers. Anywhere else it leaves open whose value it is."""

CLASS_NAME = re.compile(r"[0-9]{1,2}\s?[A-ZĐa-zđ]?[0-9]{0,2}(?:[./-][0-9]{1,2})?")
"""``3A``, ``10A2``, ``6/3``; a bare number too."""

# Better words first: where two columns answer to one role, the earlier word wins.
WORDS: Mapping[Role, Sequence[str]] = {
    "number": (
        "mã học sinh", "mã hs", "mã số học sinh", "mã định danh", "mã đồng hồ", "số đồng hồ", "mã số đồng hồ",
        "số công tơ", "mã khách hàng", "mã kh", "số danh bộ", "danh bộ", "danh số", "mã thuê bao", "mã hội viên",
        "số thẻ", "mã bhyt", "số danh bạ", "mã", "mã số", "student id", "code", "meter", "serial",
    ),
    "name": (
        "họ và tên", "họ tên", "họ và tên học sinh", "họ tên học sinh", "tên học sinh", "họ và tên hs", "họ tên hs",
        "họ và tên trẻ", "họ tên trẻ", "tên trẻ", "họ và tên bé", "học sinh", "họ và tên khách hàng",
        "tên khách hàng", "khách hàng", "họ tên khách hàng", "tên hộ dùng nước", "hộ dùng nước", "hộ sử dụng",
        "tên hội viên", "hội viên", "họ và tên chủ hộ", "họ tên chủ hộ", "tên chủ hộ", "chủ hộ", "full name", "name",
    ),
    "family": ("họ và tên đệm", "họ đệm", "họ và đệm", "họ tên đệm", "họ và chữ đệm", "họ chữ đệm", "họ lót", "họ"),
    "given": ("tên", "tên gọi", "tên riêng", "first name"),
    "section": (
        "lớp", "tên lớp", "lớp học", "nhóm lớp", "lớp nhóm", "xóm", "thôn", "thôn xóm", "thôn bản", "bản", "ấp",
        "khu", "tổ", "tổ dân phố", "đội", "xóm thôn", "tuyến", "khu vực", "class",
    ),
    "household": ("mã hộ", "số hộ", "hộ số", "mã gia đình", "mã hộ gia đình", "số hộ khẩu", "household"),
    "guardian": (
        "phụ huynh", "họ tên phụ huynh", "họ và tên phụ huynh", "tên phụ huynh", "cha mẹ", "bố mẹ", "người giám hộ",
        "người đỡ đầu", "họ tên bố mẹ", "họ tên cha mẹ", "họ và tên cha mẹ", "họ và tên mẹ", "họ tên mẹ", "tên mẹ",
        "mẹ", "họ và tên cha", "họ và tên bố", "họ tên cha", "họ tên bố", "tên bố", "tên cha", "cha", "bố",
        "người đại diện", "đại diện hộ", "họ và tên chủ hộ", "họ tên chủ hộ", "tên chủ hộ", "chủ hộ", "parent",
    ),
    "phone": (
        "số điện thoại", "điện thoại", "sđt", "số đt", "đt", "đtdđ", "di động", "điện thoại phụ huynh",
        "sđt phụ huynh", "sđt ph", "số điện thoại phụ huynh", "số điện thoại liên hệ", "điện thoại liên hệ",
        "sđt liên hệ", "liên hệ", "số điện thoại mẹ", "sđt mẹ", "số điện thoại bố", "số điện thoại cha", "sđt bố",
        "sđt cha", "số máy", "zalo", "số zalo", "sdt", "phone", "mobile", "tel",
    ),
    "place": (
        "địa chỉ", "nơi ở", "chỗ ở", "chỗ ở hiện nay", "nơi ở hiện tại", "địa chỉ thường trú", "nơi thường trú",
        "địa chỉ liên hệ", "address",
    ),
    "since": ("từ ngày", "tính từ ngày", "ngày bắt đầu", "ngày vào", "ngày vào trường", "ngày nhập học", "ngày lắp"),
    "note": ("ghi chú", "note"),
    "old": (
        "chỉ số cũ", "chỉ số đầu", "số cũ", "chỉ số tháng trước", "số đầu", "chỉ số đầu kỳ", "số đầu kỳ",
        "chỉ số kỳ trước", "cũ", "csc", "đầu kỳ", "old",
    ),
    "new": (
        "chỉ số mới", "chỉ số cuối", "số mới", "chỉ số tháng này", "số cuối", "chỉ số cuối kỳ", "số cuối kỳ",
        "chỉ số kỳ này", "mới", "csm", "cuối kỳ", "chỉ số", "new",
    ),
    "used": (
        "tiêu thụ", "sử dụng", "khối lượng", "số khối", "m3", "m³", "số m3", "số dùng", "lượng tiêu thụ",
        "sản lượng", "tiêu thụ m3", "khối lượng tiêu thụ", "số lượng tiêu thụ",
    ),
    "read_on": ("ngày ghi", "ngày đọc", "ngày chốt", "ngày ghi chỉ số", "ngày chốt số", "ngày"),
    "count": (
        "số suất", "số suất ăn", "số bữa", "số bữa ăn", "số ngày ăn", "ngày ăn", "số buổi", "số lượng", "số công",
        "tổng số suất", "tổng số bữa", "tổng số ngày ăn", "suất", "suất ăn", "tổng cộng", "tổng", "cộng", "sl",
        "quantity", "count",
    ),
}  # fmt: skip

# Folded these would be other words as well: "bo" is bố and bỏ, "ban" is bản and bàn, "me" is mẹ and mè.
_NEED_ACCENTS = frozenset({"họ", "bố", "mẹ", "cha", "tổ", "bản", "ấp", "đội", "khu", "mới", "cũ"})

_UNUSED_HEADS = re.compile(
    r"stt|tt|số tt|số thứ tự|no|ngày sinh|ngày tháng năm sinh|năm sinh|giới tính|nữ|nam|dân tộc|dòng|lý do"
)


def _looked_up(roles: Sequence[Role]) -> dict[str, dict[Role, int]]:
    known: dict[str, dict[Role, int]] = {}
    for role in roles:
        for rank, word in enumerate(WORDS[role]):
            known.setdefault(word, {}).setdefault(role, rank)
            if word not in _NEED_ACCENTS:
                known.setdefault(folded(word), {}).setdefault(role, rank)
    return known


_BY_KIND = {kind: _looked_up(roles) for kind, roles in OF_KIND.items()}


def meanings(caption: str, kind: str) -> dict[Role, int]:
    """Each role that a caption may stand for, with the rank of its word: by the whole caption, or by its pieces."""
    known = _BY_KIND[kind]
    if found := known.get(_plain(caption)):
        return found
    said: dict[Role, int] = {}
    for piece in pieces(caption):
        for role, rank in known.get(piece, {}).items():
            said[role] = min(rank, said.get(role, rank))
    return said


def is_known_but_unused(caption: str) -> bool:
    """A head that every such list has and nobody needs here: the running number, the birthday."""
    return bool(_UNUSED_HEADS.fullmatch(_plain(caption).strip(". ")))


def _plain(caption: str) -> str:
    return " ".join(composed(caption).lower().replace("_", " ").split())
