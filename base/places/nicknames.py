"""Names of provinces and districts that no list of today holds, kept by hand: what people still write on parcels.

Each is written as people write it and stands for names of the 63 provinces, or districts, of before the reform.
"""

SPELLINGS: dict[str, str] = {
    "HCM": "Hồ Chí Minh",
    "TPHCM": "Hồ Chí Minh",
    "TP HCM": "Hồ Chí Minh",
    "Sài Gòn": "Hồ Chí Minh",
    "SG": "Hồ Chí Minh",
    "TPSG": "Hồ Chí Minh",
    "Thừa Thiên Huế": "Huế",
    "Thừa Thiên": "Huế",
    "TT Huế": "Huế",
    "TTH": "Huế",
    "Bà Rịa": "Bà Rịa - Vũng Tàu",
    "Vũng Tàu": "Bà Rịa - Vũng Tàu",
    "BRVT": "Bà Rịa - Vũng Tàu",
    "BR VT": "Bà Rịa - Vũng Tàu",
    "Bắc Cạn": "Bắc Kạn",
    "Đắc Lắc": "Đắk Lắk",
    "Đắc Nông": "Đắk Nông",
    "Kontum": "Kon Tum",
    "Công Tum": "Kon Tum",
}
"""A province that has its name still, shorter or in another spelling."""

PROVINCES: dict[str, tuple[str, ...]] = {
    "Vĩnh Phú": ("Vĩnh Phúc", "Phú Thọ"),
    "Hà Tây": ("Hà Nội",),
    "Hà Sơn Bình": ("Hà Nội", "Hòa Bình"),
    "Hà Nam Ninh": ("Hà Nam", "Nam Định", "Ninh Bình"),
    "Nam Hà": ("Hà Nam", "Nam Định"),
    "Hải Hưng": ("Hải Dương", "Hưng Yên"),
    "Hà Bắc": ("Bắc Giang", "Bắc Ninh"),
    "Bắc Thái": ("Bắc Kạn", "Thái Nguyên"),
    "Cao Lạng": ("Cao Bằng", "Lạng Sơn"),
    "Cao Bắc Lạng": ("Cao Bằng", "Bắc Kạn", "Lạng Sơn"),
    "Hà Tuyên": ("Hà Giang", "Tuyên Quang"),
    "Hoàng Liên Sơn": ("Lào Cai", "Yên Bái"),
    "Nghĩa Lộ": ("Yên Bái", "Sơn La"),
    "Nghệ Tĩnh": ("Nghệ An", "Hà Tĩnh"),
    "Bình Trị Thiên": ("Quảng Bình", "Quảng Trị", "Huế"),
    "Trị Thiên": ("Quảng Trị", "Huế"),
    "Quảng Nam Đà Nẵng": ("Quảng Nam", "Đà Nẵng"),
    "Nghĩa Bình": ("Quảng Ngãi", "Bình Định"),
    "Phú Khánh": ("Phú Yên", "Khánh Hòa"),
    "Thuận Hải": ("Ninh Thuận", "Bình Thuận"),
    "Gia Lai Kon Tum": ("Gia Lai", "Kon Tum"),
    "Gia Lai Công Tum": ("Gia Lai", "Kon Tum"),
    "Sông Bé": ("Bình Dương", "Bình Phước"),
    "Minh Hải": ("Cà Mau", "Bạc Liêu"),
    "Cửu Long": ("Vĩnh Long", "Trà Vinh"),
}
ONCE_WIDER: dict[str, tuple[str, ...]] = {
    "Lai Châu": ("Lai Châu", "Điện Biên"),
    "Đắk Lắk": ("Đắk Lắk", "Đắk Nông"),
    "Cần Thơ": ("Cần Thơ", "Hậu Giang", "Sóc Trăng"),
    "Hậu Giang": ("Cần Thơ", "Hậu Giang", "Sóc Trăng"),
    "Sơn La": ("Sơn La", "Điện Biên"),
    "Quảng Nam": ("Quảng Nam", "Đà Nẵng"),
}
"""Provinces of before the reform that once held more. Believed only where no reading of the name of then fits."""

DISTRICTS: tuple[tuple[str, str, str, str], ...] = (
    # type and name of then; the district that took it in before 2025; its province
    ("huyện", "Thông Nông", "Hà Quảng", "Cao Bằng"),
    ("huyện", "Phục Hòa", "Quảng Hòa", "Cao Bằng"),
    ("huyện", "Quảng Uyên", "Quảng Hòa", "Cao Bằng"),
    ("huyện", "Trà Lĩnh", "Trùng Khánh", "Cao Bằng"),
    ("huyện", "Kỳ Sơn", "Hòa Bình", "Hòa Bình"),
    ("huyện", "Hoành Bồ", "Hạ Long", "Quảng Ninh"),
    ("huyện", "Yên Dũng", "Bắc Giang", "Bắc Giang"),
    ("huyện", "Mỹ Lộc", "Nam Định", "Nam Định"),
    ("thành phố", "Ninh Bình", "Hoa Lư", "Ninh Bình"),
    ("huyện", "Hoa Lư", "Hoa Lư", "Ninh Bình"),
    ("huyện", "Đông Sơn", "Thanh Hóa", "Thanh Hóa"),
    ("huyện", "Tĩnh Gia", "Nghi Sơn", "Thanh Hóa"),
    ("thị xã", "Cửa Lò", "Vinh", "Nghệ An"),
    ("huyện", "Nam Đông", "Phú Lộc", "Huế"),
    ("huyện", "Nông Sơn", "Quế Sơn", "Quảng Nam"),
    ("huyện", "Tây Trà", "Trà Bồng", "Quảng Ngãi"),
    ("huyện", "Cát Tiên", "Đạ Huoai", "Lâm Đồng"),
    ("huyện", "Đạ Tẻh", "Đạ Huoai", "Lâm Đồng"),
    ("huyện", "Đất Đỏ", "Long Đất", "Bà Rịa - Vũng Tàu"),
    ("huyện", "Long Điền", "Long Đất", "Bà Rịa - Vũng Tàu"),
    ("huyện", "Tân Thành", "Phú Mỹ", "Bà Rịa - Vũng Tàu"),
    ("quận", "2", "Thủ Đức", "Hồ Chí Minh"),
    ("quận", "9", "Thủ Đức", "Hồ Chí Minh"),
    ("quận", "Thủ Đức", "Thủ Đức", "Hồ Chí Minh"),
    ("thành phố", "BMT", "Buôn Ma Thuột", "Đắk Lắk"),
    ("thành phố", "Ban Mê Thuột", "Buôn Ma Thuột", "Đắk Lắk"),
)
