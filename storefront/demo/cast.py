"""Who and what the demo shows. Everybody here is invented; the account cannot exist; phones are plain dummies."""

from dataclasses import dataclass

SLUG = "yen-hoa"
PASSWORD = "phien-cho-sang-som"  # noqa: S105  printed at every start; a real organization ends the demo
SEED = 20201

ABOUT = (
    "Hợp tác xã của bà con xã Yên Hòa cũ, nay thuộc xã Yên Mô, tỉnh Ninh Bình. Cá đồng phơi khô, chuối tây sấy dẹt, "
    "miến và gạo nếp: nhà nào làm ra thì ghi tên nhà ấy, bán được bao nhiêu bà con đều xem được."
)
CLAIM = (
    "Khi bà con Yên Hòa đưa cá chạch sấy và chuối sấy lên mạng, sản lượng bán được nói là tăng 4–5 lần và tiền về tay "
    "từ 1,5–2 triệu lên khoảng 5 triệu đồng một tháng."
)
CLAIM_SOURCE = "phát biểu của một lãnh đạo, tháng 1/2021, không kèm mẫu, kỳ và cách đo"


@dataclass(frozen=True)
class SignIn:
    """A person of the demo who can sign in. ``phone`` as typed."""

    role: str
    name: str
    phone: str


MANAGER = SignIn("manager", "Đinh Thị Mơ", "0900000101")
TREASURER = SignIn("treasurer", "Phạm Văn Bình", "0900000102")
CLERK = SignIn("clerk", "Vũ Thị Lan", "0900000103")
MEMBER = SignIn("member", "Nguyễn Thị An", "0900000104")
SIGN_INS = (TREASURER, MEMBER, CLERK, MANAGER)


@dataclass(frozen=True)
class DemoMember:
    """``baseline_dong``: what she took home a month from the same goods before joining; None: not asked yet."""

    name: str
    hamlet: str
    shows_name: bool
    baseline_dong: int | None
    method: str = "recall"


MEMBERS = (
    DemoMember("Nguyễn Thị An", "Xóm Trung", True, 720_000, "book"),
    DemoMember("Trần Văn Hòa", "Xóm Đông", True, 650_000),
    DemoMember("Lê Thị Bích", "Xóm Đoài", True, 480_000),
    DemoMember("Phạm Thị Nhài", "Xóm Trung", True, 520_000, "receipts"),
    DemoMember("Vũ Văn Thắng", "Xóm Nam", True, 900_000),
    DemoMember("Đỗ Thị Tâm", "Xóm Nam", True, 300_000),
    DemoMember("Bùi Văn Lực", "Xóm Đông", False, 610_000),
    DemoMember("Hoàng Thị Sen", "Xóm Đoài", True, 350_000),
    DemoMember("Ngô Văn Tý", "Xóm Bắc", True, None),
    DemoMember("Đặng Thị Hiên", "Xóm Bắc", True, 560_000, "statement"),
    DemoMember("Tạ Thị Thoa", "Xóm Nam", False, 400_000),
    DemoMember("Lương Văn Quý", "Xóm Trung", True, None),
)

# slug: (name, basis points that the cooperative keeps)
CATEGORIES = {
    "ca-va-mam": ("Cá khô, mắm", 1000),
    "trai-cay-say": ("Trái cây, rau củ sấy", 800),
    "gao-mien": ("Gạo, miến", 500),
    "mat-ong-trung": ("Mật ong, trứng", 720),
    "banh-qua": ("Bánh quê", 800),
}


@dataclass(frozen=True)
class Goods:
    """``makers``: places in MEMBERS, who bring lots of it. ``monthly``: measures that come in a month, all makers."""

    picture: str
    category: str
    name: str
    description: str
    variants: tuple[tuple[str, str, int, int | None], ...]  # name, unit, price, net weight in g
    makers: tuple[int, ...]
    monthly: int
    keeps_days: int


GOODS = (
    Goods(
        "ca-trach-kho", "ca-va-mam", "Cá chạch sấy khô",
        "Cá chạch đồng làm sạch, ướp gừng nghệ, phơi giàn tre hai nắng rồi sấy than. Rang lại cho giòn, chấm tương ớt.",
        (("gói 200 g", "gói", 92_500, 200), ("gói 500 g", "gói", 219_000, 500)), (0,), 40, 180,
    ),
    Goods(
        "ca-trach-chien", "ca-va-mam", "Cá trạch chiên giòn",
        "Cá trạch chiên hai lửa, trộn ớt và lá chanh. Mở túi là ăn được, hợp mang đi xa.",
        (("hộp 250 g", "hộp", 110_000, 250),), (1, 6), 14, 60,
    ),
    Goods(
        "chuoi-say", "trai-cay-say", "Chuối tây sấy dẹt",
        "Chuối tây chín cây, ép dẹt, sấy lạnh, không thêm đường. Dẻo, thơm, trẻ con thích.",
        (("gói 300 g", "gói", 48_000, 300), ("hộp 1 kg", "hộp", 145_000, 1000)), (2, 3), 28, 150,
    ),
    Goods(
        "rau-cu-say", "trai-cay-say", "Rau củ sấy giòn",
        "Khoai lang, cà rốt, đậu bắp, mít: sấy chân không, giòn nhẹ, ít dầu.",
        (("gói 250 g", "gói", 55_000, 250),), (3, 7), 12, 150,
    ),
    Goods(
        "khoai-deo", "trai-cay-say", "Khoai lang dẻo",
        "Khoai lang mật hấp chín, phơi ba nắng. Ngọt của khoai, không đường.",
        (("gói 500 g", "gói", 60_000, 500),), (7, 10), 12, 120,
    ),
    Goods(
        "mien-dong", "gao-mien", "Miến dong phơi sào",
        "Bột dong riềng nguyên chất, tráng tay, phơi sào tre. Sợi dai, nấu lại không nát.",
        (("bó 500 g", "bó", 42_000, 500),), (4, 8), 14, 300,
    ),
    Goods(
        "gao-nep", "gao-mien", "Gạo nếp hạt cau",
        "Nếp hạt cau vụ mùa, xát trong tuần. Bán theo cân, gói theo số cân đặt.",
        (("rời", "kg", 38_000, None),), (4, 11), 40_000, 240,
    ),
    Goods(
        "com-chay", "banh-qua", "Cơm cháy ruốc",
        "Cơm cháy gạo tám, chiên phồng, rắc ruốc thịt. Gói kín từng miếng.",
        (("gói 200 g", "gói", 35_000, 200),), (5, 9), 14, 90,
    ),
    Goods(
        "mat-ong", "mat-ong-trung", "Mật ong hoa nhãn",
        "Ong nuôi ở vườn nhãn, quay mật tháng năm, lọc thô, không pha.",
        (("chai 500 ml", "chai", 165_000, 700),), (9,), 9, 540,
    ),
    Goods(
        "trung-vit", "mat-ong-trung", "Trứng vịt đồng",
        "Vịt thả đồng sau gặt, lòng đỏ đậm. Nhặt trong ngày, xếp trấu.",
        (("vỉ 10 quả", "vỉ", 39_000, None),), (10, 5), 26, 21,
    ),
    Goods(
        "che-lam", "banh-qua", "Chè lam gừng",
        "Bột nếp rang, mật mía, gừng và lạc. Cắt miếng, lăn bột, ăn với chè xanh.",
        (("hộp 400 g", "hộp", 45_000, 400),), (8, 9), 14, 45,
    ),
)  # fmt: skip

BUYERS = (
    ("Hoàng Văn Dũng", "0900000201", "Số 8 ngõ 120 phố Kim Ngưu, Hà Nội"),
    ("Nguyễn Thu Hà", "0900000202", "Khu đô thị Linh Đàm, Hà Nội"),
    ("Lê Minh Châu", "0900000203", "Phường Hoa Lư, Ninh Bình"),
    ("Trần Quốc Việt", "0900000204", "Phường Nam Định, Ninh Bình"),
    ("Phạm Ngọc Mai", "0900000205", "Xóm Trung, xã Yên Mô, Ninh Bình"),
    ("Vũ Đức Anh", "0900000206", "Phường Thanh Xuân, Hà Nội"),
    ("Đỗ Thị Thanh", "0900000207", "Phường Hạc Thành, Thanh Hóa"),
    ("Bùi Hải Yến", "0900000208", "Phường Hồng Bàng, Hải Phòng"),
    ("Ngô Gia Bảo", "0900000209", "Xóm Đông, xã Yên Mô, Ninh Bình"),
    ("Mai Thị Huệ", "0900000210", "Phường Cầu Giấy, Hà Nội"),
)
