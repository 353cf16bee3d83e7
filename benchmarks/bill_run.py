"""How long 5,000 bills of three items take to publish, on SQLite, and on PostgreSQL where it is to be had.

``python benchmarks/bill_run.py [--db sqlite|postgres|both] [--bills 5000]``: a run of meals, boarding and water, each
account with its own count and its meter read; a tenth pays less, a tenth owes
from last month and a fiftieth is owed something.
Beside it the floor: the very rows it wrote, put in again by bare ``executemany``. Exit 1 above 10 seconds.
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

BILLS, MOST_S = 5_000, 10.0


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/bill_run.py", description=__doc__)
    asked.add_argument("--db", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--bills", type=int, default=BILLS)
    options = asked.parse_args()
    slowest = 0.0
    for name, server in servers(options.db):
        with empty(server) as url:
            done = subprocess.run(
                [sys.executable, str(ROOT / "benchmarks" / "_publishing.py"), str(options.bills)],
                env={**os.environ, "DATABASE_URL": url}, cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"the run could not be published:\n{done.stderr}")
        told = json.loads(done.stdout)
        slowest = max(slowest, told["publish_s"])
        published, floor = told["publish_s"], told["floor_s"]
        print(
            f"bill run on {name}: {told['bills']} bills with {told['lines']} lines published in {published:.1f} s (bar "
            f"{MOST_S:.0f}); bare rows {floor:.2f} s, {published / floor:.1f} × as long; checked in "
            f"{told['check_s']:.1f} s; {told['bundles']} bundles with arrears, {told['credits']} credits used; "
            f"cancelled in {told['cancel_s']:.1f} s; the whole process {told['peak_mib']:.0f} MiB at its peak"
        )
    return 0 if slowest <= MOST_S else 1


if __name__ == "__main__":
    sys.exit(main())
