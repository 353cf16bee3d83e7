"""What one slip says, as data: whose bill, for what, how much, and where the money is to go."""

from dataclasses import dataclass
from datetime import date

from base.money import figures, grouped


@dataclass(frozen=True, slots=True)
class Shown:
    """What a meter showed: old and new reading, units used. ``changed``: another meter stood there in between."""

    old: int
    new: int
    used: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a bill in whole đồng. ``price_dong`` is for one unit, 0 where steps apply; the amount is signed."""

    name: str
    amount_dong: int
    quantity: int = 1
    unit_name: str = ""
    price_dong: int = 0
    reduction_dong: int = 0
    reduction_name: str = ""
    shown: Shown | None = None
    why: str = ""

    @property
    def detail(self) -> str:
        """How the amount came about: ``22 suất × 25.000 ₫, giảm 275.000 ₫ (Hộ nghèo)``."""
        said, used, unit = [], self.quantity, self.unit_name
        if self.shown:
            used = self.shown.used
            said.append(f"chỉ số cũ {grouped(self.shown.old)}, mới {grouped(self.shown.new)}")
            said += ["thay đồng hồ"] if self.shown.changed else []
            said += [] if self.price_dong else [f"dùng {grouped(used)} {unit}".rstrip()]
        if self.price_dong and (used != 1 or unit):
            said.append(f"{grouped(used)} {unit}".rstrip() + f" × {figures(self.price_dong)}")
        if self.reduction_dong:
            reason = f" ({self.reduction_name})" if self.reduction_name else ""
            said.append(f"giảm {figures(self.reduction_dong)}{reason}")
        return ", ".join([*said, self.why] if self.why else said)


@dataclass(frozen=True, slots=True)
class Arrear:
    """An older bill of the same account of which something is still due."""

    name: str
    due_dong: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One bill on paper. There is ONE code and ONE QR on it, for ``due_dong``: this bill and its arrears together.

    ``memo`` is what the transfer must carry, ``payload`` the VietQR text; both "" where nothing is to be paid.
    ``own_memo`` is the code of this bill alone, and said in a line of text where ``arrears`` make the two differ.
    ``section`` is said as it stands ("Lớp 3A", "Thôn Nộn Khê"); a new one begins on a new page.
    """

    biller: str
    run: str
    name: str
    section: str
    number: str
    items: tuple[Item, ...]
    asked_dong: int
    paid_dong: int
    due_dong: int
    due_on: date
    memo: str = ""
    payload: str = ""
    bank: str = ""
    account: str = ""
    holder: str = ""
    arrears: tuple[Arrear, ...] = ()
    own_memo: str = ""
    ask: str = ""
    note: str = ""
    demo: bool = False

    @property
    def own_due_dong(self) -> int:
        """Of this bill alone."""
        return self.asked_dong - self.paid_dong
