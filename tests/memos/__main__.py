"""``python -m tests.memos --n 1000000 --open 100000 --seed 1``: what the matcher makes of memos, a line a kind.

Exit 1 on a false credit, on recall of whole codes under 99.5 %, or on less than 95 % of one-edit damage proposed.
"""

import argparse
import sys
import time

from tests.memos.playing import ONE_EDIT_PROPOSED, WHOLE_RECALL, play, share


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.memos", description=__doc__)
    asked.add_argument("--n", type=int, default=1_000_000, help="how many memos")
    asked.add_argument("--open", type=int, default=100_000, help="how many live codes")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    began = time.monotonic()
    tallies = play(n=options.n, open_codes=options.open, seed=options.seed)
    for name, tally in tallies.items():
        came = ", ".join(f"{how} {tally.came[how]}" for how in ("settled", "proposed", "held", "false"))
        as_wished = 100 * tally.good / max(1, tally.n)
        print(
            f"{name:<40} {tally.n:>7}: {came}; best proposal misleads {tally.misleading}; {as_wished:.2f} % as wished"
        )
        for example in tally.examples:
            print(f"  FALSE {example}")
    false = sum(tally.false for tally in tallies.values())
    whole, one_edit = share(tallies, "whole:"), share(tallies, "one edit:")
    print(
        f"memos: {options.n} against {options.open} live codes, seed {options.seed}: false credits {false}, "
        f"whole codes settled {100 * whole:.3f} %, one edit proposed {100 * one_edit:.2f} %; "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if false or whole < WHOLE_RECALL or one_edit < ONE_EDIT_PROPOSED else 0


if __name__ == "__main__":
    sys.exit(main())
