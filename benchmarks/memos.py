"""How fast codes are found in memos: one core, 100,000 open codes, memos as banks mangle them."""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from base.codes import new_code
from base.text import squeezed
from payments.finding import codes_in

OPEN, MEMOS, SEED = 100_000, 40_000, 7


def memo(dice: random.Random, code: str) -> str:
    kind = dice.randrange(5)
    number = dice.randrange(10**10)
    return (
        f"MBVCB.{number}.{number % 10**6}.{code}.CT tu 0123456789 NGUYEN VAN A toi 9876543210 HTX",
        f"{code.lower()} chuyen tien ca kho GD {number} 221126-14:05:33",
        f"CHUYEN TIEN {code[:5]} {code[5:]}- Ma GD ACSP/ xx{number}",
        f"NGUYEN THI B chuyen tien hang FT{number}",
        f"QR - {code}FT26{number}",
    )[kind]


def main() -> None:
    dice = random.Random(SEED)
    codes = [new_code(dice) for _ in range(OPEN)]
    live = frozenset(codes)
    memos = [memo(dice, dice.choice(codes)) for _ in range(MEMOS)]
    began = time.process_time()
    for text in memos:
        squeezed(text)
    folding = time.process_time() - began
    began = time.process_time()
    found = sum(bool(codes_in(text, open_codes=live).codes) for text in memos)
    finding = time.process_time() - began
    print(
        f"memos: {MEMOS / finding:,.0f} a second of CPU, {finding / folding:.1f} × folding the text alone; seed {SEED}"
    )
    print(f"memos: {found} of {MEMOS} carried a whole open code ({MEMOS * 4 // 5} were written with one, give or take)")


if __name__ == "__main__":
    main()
