"""How long a search takes among 10,000 goods where a real Elasticsearch node finds them, beside the database alone.

``python benchmarks/search_node.py [--goods 10000] [--rounds 3]``: the questions of search.py, on SQLite, each up to a
page of 24 goods. The node is the one of SEARCH_URL, else one of our own (tests/elastic.py); where there is none that is
said. Exit 1 where fewer than 95 of 100 searches are done in 50 ms.
"""

import argparse
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._databases import empty
from benchmarks.search import P95_MS, SAYS, _p95, _spread
from tests import elastic, wrapping


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/search_node.py", description=__doc__)
    asked.add_argument("--goods", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    wrapping.end_when_told()
    try:
        with elastic.some_node() as node:
            told = _timed(f"{node}/bench-{uuid.uuid4().hex[:12]}", options.goods, options.rounds)
    except elastic.NoNode as missing:
        print(f"skipped: Elasticsearch ({missing})", flush=True)
        return 0
    alone = _timed("", options.goods, options.rounds)
    print(f"search on a node: {told['goods']:,} goods, told in {told['node_s']:.1f} s")
    for kind, says in SAYS.items():
        print(f"search on a node: {says}: {len(told[kind])} questions, {_spread(told[kind])}")
    ratio = median(told["find_ms"]) / median(alone["find_ms"])
    print(f"search on a node: {ratio:.1f} × the database alone, by the medians")
    return 1 if _p95(told["find_ms"]) > P95_MS else 0


def _timed(node: str, goods: int, rounds: int) -> dict[str, list[float]]:
    with empty("") as url:
        done = subprocess.run(
            [sys.executable, str(ROOT / "benchmarks" / "_finding.py"), str(goods), str(rounds)],
            env={**os.environ, "DATABASE_URL": url, "SEARCH_URL": node}, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"nobody could search:\n{done.stderr}")
    told: dict[str, list[float]] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    sys.exit(main())
