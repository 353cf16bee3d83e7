"""Names of invented people: common ones, put together by dice."""

from random import Random

FAMILIES = (
    ("Nguyễn", 34), ("Trần", 12), ("Phạm", 11), ("Lê", 9), ("Vũ", 8), ("Đinh", 6), ("Bùi", 5), ("Hoàng", 4), ("Đỗ", 4),
    ("Tạ", 2), ("Mai", 2), ("Ngô", 2), ("Dương", 1),
)  # fmt: skip
BOYS = (
    "Gia Bảo", "Minh Khôi", "Đức Anh", "Quang Huy", "Tuấn Kiệt", "Hải Đăng", "Bảo Long", "Minh Quân", "Nhật Minh",
    "Thành Đạt", "Trung Hiếu", "Quốc Việt", "Đăng Khoa", "Hoàng Nam", "Văn Tùng", "Tiến Dũng", "Xuân Phúc", "Duy Mạnh",
    "Anh Tú", "Công Vinh",
)  # fmt: skip
GIRLS = (
    "Bảo Ngọc", "Thùy Linh", "Khánh Vy", "Minh Anh", "Phương Thảo", "Ngọc Hân", "Gia Hân", "Thu Hà", "Thảo Nguyên",
    "Quỳnh Chi", "Hà My", "Thanh Trúc", "Diệu Linh", "Tường Vi", "Yến Nhi", "Mai Chi", "Như Ý", "Bích Phượng",
    "Kim Ngân", "An Nhiên",
)  # fmt: skip
MEN = (
    "Văn Hùng", "Văn Tuấn", "Đức Thắng", "Văn Cường", "Quang Vinh", "Văn Khánh", "Đình Trọng", "Văn Luyện",
    "Xuân Trường", "Văn Dũng", "Hữu Phước", "Văn Toàn", "Đức Lợi", "Văn Sơn", "Ngọc Quý",
)  # fmt: skip
WOMEN = (
    "Thị Hạnh", "Thị Hoa", "Thị Lan", "Thị Thúy", "Thị Nga", "Thị Hường", "Thị Mến", "Thị Duyên", "Thị Tuyết",
    "Thị Vân", "Thị Hiền", "Thị Loan", "Thị Xuân", "Thị Bích", "Thị Oanh",
)  # fmt: skip


def family(dice: Random) -> str:
    return dice.choices([name for name, _often in FAMILIES], weights=[often for _name, often in FAMILIES])[0]


def child(dice: Random, family_name: str) -> str:
    return f"{family_name} {dice.choice(dice.choice((BOYS, GIRLS)))}"


def mother(dice: Random) -> str:
    return f"{family(dice)} {dice.choice(WOMEN)}"


def head_of_household(dice: Random) -> str:
    return f"{family(dice)} {dice.choice(MEN if dice.random() < 0.7 else WOMEN)}"


def phone(number: int) -> str:
    """A dummy: no operator gives out 0900 000 xxx."""
    return f"0900{number:06d}"
