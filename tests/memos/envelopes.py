"""How banks and wallets dress what a payer wrote. Shapes as observed; every name, number and trace is invented."""

import random
import unicodedata
from collections.abc import Callable

_FAMILY = ("NGUYEN", "TRAN", "LE", "PHAM", "HOANG", "VU", "DO", "BUI", "DANG", "NGO")
_MIDDLE = ("THI", "VAN", "MINH", "DUC", "THANH", "NGOC", "QUANG")
_GIVEN = ("AN", "BINH", "CHI", "DUNG", "GIANG", "HANH", "HUONG", "KHANH", "LAN", "MAI", "PHUC", "TUYET")
_BANKS = ("MB", "BIDV", "TECHCOMBANK", "VIETINBANK", "AGRIBANK", "NGAN HANG TMCP CP NGOAI THUONG")


def name(dice: random.Random) -> str:
    return f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}"


def digits(dice: random.Random, count: int) -> str:
    return str(int(dice.random() * 10**count)).zfill(count)


def mixed(dice: random.Random, count: int) -> str:
    """A wallet's reference: letters of either case and digits."""
    return "".join(dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789", k=count))


def _day(dice: random.Random) -> str:
    return f"{1 + int(dice.random() * 28):02d}{1 + int(dice.random() * 12):02d}26"


def _time(dice: random.Random) -> str:
    return f"{int(dice.random() * 24):02d}:{int(dice.random() * 60):02d}:{int(dice.random() * 60):02d}"


Envelope = Callable[[str, random.Random], str]

ENVELOPES: tuple[Envelope, ...] = (
    lambda n, d: n,
    lambda n, d: (
        f"MBVCB.{digits(d, 10)}.{digits(d, 6)}.{n}.CT tu {digits(d, 13)} {name(d)} toi {digits(d, 13)} "
        f"{name(d)} tai {d.choice(_BANKS)}"
    ),
    lambda n, d: f"MBVCB.{digits(d, 10)}.{n}.CT tu {digits(d, 13)} {name(d)} toi{digits(d, 13)} {name(d)}",
    lambda n, d: f"IBVCB.{digits(d, 10)}.{n}",
    lambda n, d: f"{1 + int(d.random() * 365):03d}BFTV{mixed(d, 12).upper()} {n} IBT1{mixed(d, 8).upper()}",
    lambda n, d: f"0200970436{digits(d, 10)}2026{mixed(d, 4).upper()}{digits(d, 6)}.{digits(d, 5)}.{digits(d, 6)}.{n}",
    lambda n, d: f"{digits(d, 6)}.{_day(d)}.{_time(d).replace(':', '')}.{n}",
    lambda n, d: f"{n}- Ma GD ACSP/ xx{digits(d, 6)}",
    lambda n, d: f"{n} Ma giao dich Trace{digits(d, 6)} Trace {digits(d, 6)}",
    lambda n, d: f"{n} Ma giao dich/ Trace {digits(d, 3)} {digits(d, 3)} - {name(d)}",
    lambda n, d: f"{n} FT{digits(d, 14)}",
    lambda n, d: f"{n}FT{digits(d, 14)}",
    lambda n, d: f"{n} GD {digits(d, 6)}-{_day(d)} {_time(d)}",
    lambda n, d: f"{n} -{_day(d)}-{_time(d)}",
    lambda n, d: f"CKN {digits(d, 9)} {n} - {name(d)} - {d.choice(_BANKS)}",
    lambda n, d: f"{digits(d, 12)}-{n}-CHUYEN TIEN-OQCH{mixed(d, 8)}-MOMO{digits(d, 12)}MOMO",
    lambda n, d: (
        f"PARTNER.DIRECT_DEBITS_VCB.MSE.{digits(d, 11)}.2026{digits(d, 4)}.{digits(d, 11)}-09{digits(d, 8)}_{n}"
    ),
    lambda n, d: f"MOMOT09{digits(d, 8)}T{n}T970416T{digits(d, 12)}",
    lambda n, d: f"TKThe :{digits(d, 13)}, tai {d.choice(_BANKS)}. {n} -CTLNHIDI{digits(d, 12)}-1/1-CRE-002",
    lambda n, d: f"Chuyen tien den tu NAPAS Noi dung: {n} (CT1111)",
    lambda n, d: f"CT DEN:{digits(d, 12)} {n}",
    lambda n, d: f"MB({digits(d, 6)})({n})",
    lambda n, d: f"Q{digits(d, 8)} SEPAY{digits(d, 4)} 1 {n}",
    lambda n, d: f"SEVQR TKP{mixed(d, 5).upper()} {n}",
    lambda n, d: f"QR - {n}",
    lambda n, d: f"{name(d)} chuyen khoan, cong ty CP thuc pham sach, {n}",
)
"""What stands around the payer's text ``n`` once it has passed the banks."""

TEXTS = (
    "{}", "{}", "{}", "{} tien ca kho", "tien hang {}", "CHUYEN TIEN {}", "{} 2 tui ca chach", "em gui tien {} nhe chi",
    "Thanh toán đơn {}", "Dạ em chuyển tiền cá {} ạ", "{} Nguyễn Thị Đào, xóm 3", "ĐẶT HÀNG {} ĐỦ", "Lớp 5A: {}",
    "{}, cam on HTX", "don {}. giao sang thu 7", "{}/hoc phi thang 9",
)  # fmt: skip
DECOYS: tuple[Callable[[random.Random], str], ...] = (
    lambda d: "",
    lambda d: "",
    lambda d: f" 09{digits(d, 8)}",
    lambda d: f" sdt 03{digits(d, 8)}",
    lambda d: f" {_day(d)}",
    lambda d: f" 22/11/2026 {_time(d)}",
    lambda d: f" DH{digits(d, 4)}",
    lambda d: f" HD-2026-{digits(d, 4)}",
    lambda d: f" BK{digits(d, 14)}",
    lambda d: f" NT{mixed(d, 6).upper()}",
    lambda d: f" stk {digits(d, 13)}",
)
"""What else a payer writes: phones, days, accounts, other people's numbers. Nothing that is ours."""


def text_around(written: str, dice: random.Random) -> str:
    return dice.choice(TEXTS).format(written) + dice.choice(DECOYS)(dice)


def delivered(text: str, dice: random.Random, *, breaks: bool = True) -> str:
    """``text`` through some bank: its envelope, and what it does to the letters; ``breaks``: perhaps inside words."""
    memo = dice.choice(ENVELOPES)(text, dice)
    chance = dice.random()
    if chance < 0.10:
        return memo.upper()
    if chance < 0.13:
        return memo.lower()
    if chance < 0.20:
        return unicodedata.normalize("NFD", memo)
    if breaks and chance < 0.23:
        return wrapped(memo, dice)
    return memo


def wrapped(memo: str, dice: random.Random) -> str:
    """A PDF cell: a break after every so many letters, inside words too."""
    width, mark = 39 + int(dice.random() * 12), dice.choice((" ", "\n", " \n"))
    return mark.join(memo[at : at + width] for at in range(0, len(memo), width))
