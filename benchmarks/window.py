"""What the shop window costs: pages and lists, drawn, kept and not sent again; and an order placed in one request.

``python benchmarks/window.py [--db sqlite|postgres|both] [--goods 200] [--seconds 1.5]``: our own CPU a request, in one
process through every middleware, against an empty view, a plain graphene-django list and a bare cursor in the same run.
Exit 1 where a page kept or not sent again costs more than twice an empty view. A drawn one aims at eight times.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._databases import empty, servers

AIM_DRAWN, MOST_KEPT = 8, 2.0  # × an empty view
# What others did beside a plain graphene-django on the machine of docs/speed.md, requests a second ÷ its own.
BESIDE_PLAIN = {"Saleor": 0.26, "Vendure's products": 0.29, "Vendure's search index": 3.7}


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/window.py", description=__doc__)
    asked.add_argument("--db", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--goods", type=int, default=200)
    asked.add_argument("--seconds", type=float, default=1.5, help="of each kind of request, three times")
    options = asked.parse_args()
    is_slow = False
    for name, server in servers(options.db):
        with empty(server) as url, tempfile.TemporaryDirectory(prefix="chophien-bench-") as folder:
            done = subprocess.run(
                [sys.executable, str(ROOT / "benchmarks" / "_window.py"), str(options.goods), str(options.seconds)],
                env={**os.environ, "DATABASE_URL": url, "VAR_DIR": folder}, cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"nobody could look:\n{done.stderr}")
        is_slow |= not _told(name, json.loads(done.stdout))
    return 1 if is_slow else 0


def _told(database: str, cost_ms: dict[str, float]) -> bool:
    """Print it; whether the bars were met."""
    empty_ms, met = cost_ms["empty view"], True
    print(f"window on {database}: empty view behind every middleware: {empty_ms:.3f} ms CPU")
    for kind in [name for name in cost_ms if name.startswith("page ")]:
        ratio = cost_ms[kind] / empty_ms
        is_drawn = kind.endswith("drawn")
        met &= is_drawn or ratio <= MOST_KEPT
        said = f"aim {AIM_DRAWN}" if is_drawn else f"bar {MOST_KEPT:g}"
        print(f"window on {database}: {kind}: {cost_ms[kind]:.3f} ms, {ratio:.1f} × an empty view ({said})")
    plain = cost_ms["list plain"]
    print(f"window on {database}: list of 20 goods, plain graphene-django with its N+1: {plain:.2f} ms")
    for kind in [name for name in cost_ms if name.startswith("list ") and name != "list plain"]:
        times = plain / cost_ms[kind]
        others = ", ".join(f"{times / ratio:.1f} × {name}" for name, ratio in BESIDE_PLAIN.items())
        print(f"window on {database}: {kind}: {cost_ms[kind]:.3f} ms, {times:.1f} × plain; so about {others}")
    ratio = cost_ms["order placed"] / cost_ms["order bare"]
    print(
        f"window on {database}: order placed in one request: {cost_ms['order placed']:.2f} ms by the clock, "
        f"{ratio:.1f} × the same rows by a bare cursor ({cost_ms['order bare']:.2f} ms)"
    )
    return met


if __name__ == "__main__":
    sys.exit(main())
