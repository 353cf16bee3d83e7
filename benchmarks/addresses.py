"""How many typed addresses are told right, of 30,000 made from the lists, by kind; how fast; what the lists take.

A commune taken for another, or one taken where several fit, is the one thing that must not be: exit 1 for any, and for
less than 97 % right. ``python benchmarks/addresses.py [COUNT] [SEED]``.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from base.places.finding import find
from base.places.register import register
from tests.base.places.typed import made

COUNT, SEED, AT_LEAST_RIGHT = 30_000, 7, 0.97


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * 4096 / 1e6


def main(count: int, seed: int) -> int:
    before, began = megabytes(), time.process_time()
    register()
    print(f"addresses: lists read in {time.process_time() - began:.2f} s, {megabytes() - before:.0f} MB")
    cases = made(count, seed)
    began = time.process_time()
    answers = [find(one.text) for one in cases]
    took = time.process_time() - began
    every, right, wrong = Counter[str](), Counter[str](), []
    for one, found in zip(cases, answers, strict=True):
        taken = {found.code} - {None}
        fits = found.expect == one.expect and (
            one.into <= set(found.candidates) if one.expect == "ask" else taken == one.into
        )
        if taken and (one.expect != "one" or taken != one.into):
            wrong.append((one.text, found.code, sorted(one.into)))
        for kind in (*one.kinds, f"expect {one.expect}", "all"):
            every[kind] += 1
            right[kind] += fits
    for kind in sorted(every, key=lambda kind: (right[kind] / every[kind], kind)):
        print(f"addresses, {kind}: {right[kind] / every[kind]:.2%} of {every[kind]:,} right")
    for text, code, into in wrong:
        print(f"addresses, WRONG: {text!r} taken for {code}, is {into}")
    print(f"addresses: {len(wrong)} wrong communes; {count / took:,.0f} a second of CPU; seed {seed}")
    return 1 if wrong or right["all"] < count * AT_LEAST_RIGHT else 0


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*given, *(COUNT, SEED)[len(given) :]))
