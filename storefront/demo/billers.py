"""The two billers of the demo: who works there, what they charge for, whom. Names, numbers and decisions are invented;
the accounts cannot exist."""

from dataclasses import dataclass, field

from storefront.demo.cast import SignIn

BASIS = "Nghị quyết mẫu số 00/2025/NQ-HĐND (dữ liệu mẫu)"


@dataclass(frozen=True)
class Item:
    """``steps``: up to so many units, each at so much."""

    name: str
    period: str
    measure: str
    price_dong: int
    unit_name: str = ""
    ceiling_dong: int | None = None
    steps: tuple[tuple[int | None, int], ...] = ()
    voluntary: bool = False
    refundable: bool = True
    note: str = ""


@dataclass(frozen=True)
class Biller:
    """``reductions``: of a group's name, what it pays less of which item, in basis points."""

    slug: str
    name: str
    kind: str
    bills_for: str
    about: str
    address: str
    representative: str
    phone: str
    bin: str
    bank_name: str
    account: str
    holder: str
    carries_credit: bool
    opening_dong: int
    people: tuple[tuple[SignIn, tuple[str, ...]], ...]
    items: tuple[Item, ...]
    reductions: dict[str, dict[str, int]] = field(default_factory=dict)


MEALS, BOARDING, MILK, ENGLISH, INSURANCE = (
    "Tiền ăn bán trú", "Chăm sóc bán trú", "Sữa học đường", "Câu lạc bộ tiếng Anh", "Bảo hiểm y tế học sinh",
)  # fmt: skip
POOR, NEARLY_POOR, MERIT = "Hộ nghèo", "Hộ cận nghèo", "Gia đình có công"

SCHOOL = Biller(
    slug="tieu-hoc-lua-vang", name="Trường Tiểu học Lúa Vàng", kind="school", bills_for="school",
    about="Trường tiểu học của xã, mười lớp, học sinh bán trú ăn trưa tại trường. Học phí đã được miễn; trường chỉ thu "
    "tiền ăn, chăm sóc bán trú, bảo hiểm và các khoản phụ huynh tự nguyện đăng ký.",
    address="Xóm Trung", representative="Lê Thị Thu", phone="+84900000300",
    bin="970415", bank_name="VietinBank", account="0000000000300", holder="TRUONG TIEU HOC LUA VANG",
    carries_credit=True, opening_dong=12_480_000,
    people=(
        (SignIn("school-treasurer", "Phạm Thị Nga", "0900000302"), ("treasurer",)),
        (SignIn("school-manager", "Lê Thị Thu", "0900000301"), ("manager",)),
        (SignIn("school-clerk", "Tạ Thị Tâm", "0900000303"), ("clerk",)),
    ),
    items=(
        Item(MEALS, "month", "counted", 25_000, unit_name="suất", ceiling_dong=30_000, voluntary=True,
             note="Tính theo ngày ăn thật; nghỉ báo trước không tính tiền."),
        Item(BOARDING, "month", "flat", 150_000, ceiling_dong=180_000, voluntary=True),
        Item(MILK, "month", "counted", 7_000, unit_name="hộp", voluntary=True),
        Item(ENGLISH, "month", "counted", 30_000, unit_name="buổi", ceiling_dong=35_000, voluntary=True),
        Item(INSURANCE, "year", "flat", 631_800, refundable=False, note="Nhà nước hỗ trợ một phần theo quy định."),
    ),
    reductions={
        POOR: {MEALS: 5_000, BOARDING: 10_000, INSURANCE: 10_000},
        NEARLY_POOR: {BOARDING: 5_000, INSURANCE: 7_000},
    },
)  # fmt: skip

WATER_USED = "Nước sạch"
UPKEEP = "Duy trì đồng hồ"

WATER = Biller(
    slug="nuoc-sach-nguon-lanh", name="Hợp tác xã Nước sạch Nguồn Lành", kind="utility", bills_for="water",
    about="Trạm cấp nước của bốn xóm, hai trăm đồng hồ. Ghi chỉ số cuối tháng, gửi phiếu đầu tháng sau.",
    address="Trạm bơm đầu xóm Nam", representative="Trần Văn Lạc", phone="+84900000400",
    bin="970405", bank_name="Agribank", account="0000000000400", holder="HTX NUOC SACH NGUON LANH",
    carries_credit=False, opening_dong=27_150_000,
    people=(
        (SignIn("water-manager", "Trần Văn Lạc", "0900000401"), ("manager", "treasurer")),
        (SignIn("water-clerk", "Bùi Thị Xuân", "0900000402"), ("clerk",)),
    ),
    items=(
        Item(WATER_USED, "month", "metered", 0, unit_name="m³", steps=((10, 6_000), (20, 7_500), (None, 9_500))),
        Item(UPKEEP, "month", "flat", 5_000, refundable=False),
    ),
    reductions={POOR: {WATER_USED: 5_000, UPKEEP: 10_000}, MERIT: {WATER_USED: 2_000}},
)  # fmt: skip

CLASSES = ("1A", "1B", "2A", "2B", "3A", "3B", "4A", "4B", "5A", "5B")
A_CLASS = 30
HAMLETS = ("Xóm Trung", "Xóm Đông", "Xóm Nam", "Xóm Đoài")
A_HAMLET = 50
WITH_PHONE = 0.45
"""Of all households: the others prove themselves by a given name, and are told nothing by message."""


@dataclass(frozen=True)
class Family:
    """The parent whose page shows two children and, by the other card, a meter."""

    name: str
    phone: str
    children: tuple[tuple[str, str], ...]
    hamlet: str


FAMILY = Family("Trần Thị Hạnh", "0900000501", (("Đinh Gia Bảo", "3A"), ("Đinh Khánh Vy", "1B")), "Xóm Trung")
