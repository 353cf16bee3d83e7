"""How many entries a second the ledger takes through Django, every one of them on one hot account.

``python benchmarks/ledger.py [--db sqlite|postgres|both] [--seconds 10]``: one entry a transaction, as settlements
commit it, from the bank's account to one of 200 others. Beside it the same two rows by plain SQL, which is what the
database and its triggers take by themselves. Exit 1 below 300 a second.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._databases import empty, servers

AT_LEAST_A_SECOND = 300


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/ledger.py", description=__doc__)
    asked.add_argument("--db", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--seconds", type=float, default=10)
    options = asked.parse_args()
    slowest = float("inf")
    for name, server in servers(options.db):
        with empty(server) as url:
            done = subprocess.run(
                [sys.executable, str(ROOT / "benchmarks" / "_posting.py"), str(options.seconds)],
                env={**os.environ, "DATABASE_URL": url}, cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"the entries could not be posted:\n{done.stderr}")
        told = json.loads(done.stdout)
        posted, plain = told["through_django"], told["plain_sql"]
        slowest = min(slowest, posted)
        print(
            f"ledger on {name}: {posted:.0f} entries a second through Django on one hot account, bar "
            f"{AT_LEAST_A_SECOND}; plain SQL {plain:.0f} a second, {plain / posted:.1f} × as many"
        )
    return 0 if slowest >= AT_LEAST_A_SECOND else 1


if __name__ == "__main__":
    sys.exit(main())
