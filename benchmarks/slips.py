"""How fast slips are drawn: a run of 1,000 bills of five items, four a page, one core; and in how much memory.

Beside it the floor that no way of printing can go below: making the same 1,000 QR codes. Printed twice, because who
prints a run prints it again. Exit 1 above 6 s of CPU the first time, 1.5 s the second, or 150 MB.
"""

import random
import resource
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from base.codes import new_code
from payments.paper.slip import Arrear, Item, Slip
from payments.paper.slips import slips
from payments.providers import vietqr
from payments.providers.vietqr_images import matrix

SLIPS, SEED, PER_PAGE = 1_000, 7, 4
FIRST_SECONDS, AGAIN_SECONDS, MOST_MB = 6.0, 1.5, 150
FAMILIES, GIVEN = ("Nguyễn", "Trần", "Phạm", "Vũ", "Đặng"), ("Ánh", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khuê")


def a_slip(number: int, dice: random.Random) -> Slip:
    """Meals by the number eaten, so that every sum, and every code, is another one; every fifth has arrears."""
    meals = dice.randrange(1, 27)
    items = (
        Item("Tiền ăn bán trú", meals * 25_000, meals, "suất", 25_000),
        Item("Chăm sóc bán trú", 75_000, reduction_dong=75_000, reduction_name="Hộ cận nghèo"),
        Item("Nước uống", 15_000 + number),
        Item("Tiếng Anh tăng cường", 120_000, 8, "buổi", 15_000),
        Item("Sổ liên lạc điện tử", 30_000),
    )
    asked = sum(item.amount_dong for item in items)
    arrears = (Arrear("Tháng 10/2026", 90_000),) if number % 5 == 0 else ()
    due, code = asked + sum(arrear.due_dong for arrear in arrears), new_code(dice)
    return Slip(
        biller="Trường Tiểu học Yên Hòa", run="Tháng 11/2026",
        name=f"{dice.choice(FAMILIES)} Thị Ngọc {dice.choice(GIVEN)}", section=f"Lớp {number // 35 // 5 + 1}",
        number=f"HS-{number:05d}", items=items, asked_dong=asked, paid_dong=0, due_dong=due, due_on=date(2026, 11, 30),
        memo=code, bank="Agribank", account="3307201012345", holder="TRUONG TIEU HOC YEN HOA", arrears=arrears,
        payload=vietqr.write(bin="970405", account="3307201012345", amount_dong=due, memo=code),
        own_memo=new_code(dice) if arrears else "", ask="Hỏi: 0229 386 1234",
    )  # fmt: skip


def seconds(began: float) -> float:
    return time.process_time() - began


def main() -> int:
    dice = random.Random(SEED)
    run = [a_slip(number, dice) for number in range(SLIPS)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    began = time.process_time()
    made = slips(run, per_page=PER_PAGE)
    first = seconds(began)
    began = time.process_time()
    again_is_same = slips(run, per_page=PER_PAGE) == made
    again = seconds(began)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    matrix.cache_clear()
    began = time.process_time()
    for slip in run:
        matrix(slip.payload)
    codes_alone = seconds(began)

    print(
        f"slips: {SLIPS:,} slips, {PER_PAGE} a page, {len(made) / 1024:,.0f} KB: {first:.2f} s of CPU, again "
        f"{again:.2f} s; {first / codes_alone:.1f} × and {again / codes_alone:.1f} × making the QR codes alone "
        f"({codes_alone:.2f} s); {most:.0f} MB at most, {most - before:.0f} MB of them for printing; seed {SEED}"
    )
    assert again_is_same, "the same slips are the same bytes"
    return 0 if first <= FIRST_SECONDS and again <= AGAIN_SECONDS and most <= MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
