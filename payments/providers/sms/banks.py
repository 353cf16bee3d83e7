"""Which bank a text is of: by the name it prints, or else by the layout that only one bank uses."""

import re

_PRINTED = {
    "Vietcombank": ("VIETCOMBANK", "VCB"),
    "VietinBank": ("VIETINBANK", "VTB", "CTG"),
    "BIDV": ("BIDV",),
    "Agribank": ("AGRIBANK", "VBARD"),
    "MB": ("MBBANK", "MB BANK", "MB"),
    "Techcombank": ("TECHCOMBANK", "TCB"),
    "ACB": ("ACB",),
    "Sacombank": ("SACOMBANK", "STB"),
    "TPBank": ("TPBANK", "TPB"),
    "VPBank": ("VPBANK", "VPB"),
    "SCB": ("SCB",),
    "ABBank": ("ABBANK", "ABB"),
    "Eximbank": ("EXIMBANK", "EIB"),
    "HDBank": ("HDBANK", "HDB"),
    "LPBank": ("LPBANK", "LPB", "LIENVIETPOSTBANK"),
    "NCB": ("NCB",),
    "PVcomBank": ("PVCOMBANK", "PVCB"),
    "SHB": ("SHB",),
    "VIB": ("VIB",),
    "VRB": ("VRB",),
    "Public Bank": ("PUBLIC BANK", "PUBLICBANK", "PBVN"),
    "MSB": ("MSB", "MARITIME BANK"),
    "OCB": ("OCB",),
    "SeABank": ("SEABANK",),
    "VietBank": ("VIETBANK",),
    "Indovina Bank": ("INDOVINA BANK", "IVB"),
    "DongA Bank": ("DONGA BANK", "DONGABANK"),
    "Vikki Bank": ("VIKKI BANK", "VIKKI"),
    "Nam A Bank": ("NAM A BANK", "NAMABANK"),
    "Bac A Bank": ("BAC A BANK", "BACABANK"),
    "KienlongBank": ("KIENLONGBANK",),
    "VietABank": ("VIETABANK",),
    "BaoViet Bank": ("BAOVIET BANK", "BVB"),
    "BVBank": ("BVBANK",),
    "PG Bank": ("PGBANK", "PG BANK"),
    "SaigonBank": ("SAIGONBANK",),
    "Shinhan Bank": ("SHINHAN BANK", "SHINHAN"),
    "Woori Bank": ("WOORI BANK", "WOORI"),
    "Timo": ("TIMO",),
    "Cake": ("CAKE",),
}
_BY_NAME = {name: bank for bank, names in _PRINTED.items() for name in names}

NAME = "(?:" + "|".join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True)) + ")"
"""A regular expression for folded text, longest name first."""

_ACCOUNT = r"TK[ :]{0,3}[0-9X*]{3,30}"
_LAYOUTS = (
    ("Vietcombank", r"(?:SD|SO DU) TK "),
    ("SCB", rf"{_ACCOUNT} NGAY [^A-Z]{{8,20}}SD DAU "),
    ("VietinBank", r"[0-9/]{8,10} [0-9:]{4,8}\|TK"),
    ("VIB", r"[0-9:]{4,8};[0-9/]{8,10}\s{1,4}TK"),
    ("MSB", rf"[0-9/]{{4,10}} [0-9:]{{4,8}} {_ACCOUNT} VND \("),
    ("MB", rf"{_ACCOUNT} ?\| ?GD"),
    ("Techcombank", rf"(?:{_ACCOUNT}|TAI KHOAN[ :]{{0,3}}[0-9X*]{{3,30}})\s{{1,4}}SO TIEN(?: GD)? ?:"),
    ("PVcomBank", rf"{_ACCOUNT}\(VND\) ?\."),
    ("ABBank", rf"{_ACCOUNT} THAY DOI ?:"),
    ("Public Bank", rf"{_ACCOUNT} DUOC GHI (?:NO|CO)"),
    ("VRB", rf"{_ACCOUNT}-[A-Z][^\n]{{1,120}}VND ?-ND ?:"),
    ("VietBank", r"TK VND [0-9]"),
)  # fmt: skip
_COMPILED = tuple((bank, re.compile(layout)) for bank, layout in _LAYOUTS)


def bank_named(name: str) -> str:
    """The bank that prints ``name`` (folded) in its texts."""
    return _BY_NAME[name]


def bank_by_layout(text: str) -> str:
    """The bank whose layout a folded text without a name begins with, "" when no layout fits."""
    return next((bank for bank, layout in _COMPILED if layout.match(text)), "")
