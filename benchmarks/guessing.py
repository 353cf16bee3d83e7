"""Whether the time of an answer tells a code that exists from one that does not.

``python benchmarks/guessing.py [--db sqlite|postgres|both] [--tries 1000]``: wrong second factors at bills, cards,
bundles' codes and codes of nobody's, in turn, each from an address of its own. Says the spread of each kind and how
often a live code took longer than one of nobody's (half of the time: nothing to learn). Exit 1 beyond 40 to 60 of 100.
"""

import argparse
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._databases import empty, servers

NOBODYS = "nobody's"
BETWEEN = (0.40, 0.60)


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/guessing.py", description=__doc__)
    asked.add_argument("--db", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--tries", type=int, default=1000)
    options = asked.parse_args()
    is_told = False
    for name, server in servers(options.db):
        with empty(server) as url:
            done = subprocess.run(
                [sys.executable, str(ROOT / "benchmarks" / "_guessing.py"), str(options.tries)],
                env={**os.environ, "DATABASE_URL": url}, cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"nobody could guess:\n{done.stderr}")
        took: dict[str, list[float]] = json.loads(done.stdout)
        for kind, times_ms in took.items():
            share = longer(times_ms, took[NOBODYS])
            is_told |= not BETWEEN[0] <= share <= BETWEEN[1]
            tenths = quantiles(times_ms, n=10)
            print(
                f"guessing on {name}: {kind}: {len(times_ms)} tries, p10 {tenths[0]:.2f} median {tenths[4]:.2f} "
                f"p90 {tenths[8]:.2f} ms; took longer than {NOBODYS} {share:.1%} of the time"
            )
    return 1 if is_told else 0


def longer(ones: list[float], others: list[float]) -> float:
    """How often one of ``ones`` is above one of ``others``, over all pairs; ties count half."""
    above = sum((one > other) + (one == other) / 2 for one, other in product(ones, others))
    return above / (len(ones) * len(others))


if __name__ == "__main__":
    sys.exit(main())
