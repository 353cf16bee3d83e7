"""``python -m tests.kill --rounds 200 [--seed 7]``: random kills on the database that DATABASE_URL chooses.

On a PostgreSQL of its own: ``python -m tests.postgres -- python -m tests.kill --rounds 200``.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

import django


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    asked.add_argument("--rounds", type=int, default=200)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from tests.kill.reaping import reap
    from tests.kill.scene import FURNISHING
    from tests.market import running
    from tests.stored import Template

    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="chophien-kill-") as folder:
        template = Template(Path(folder) / "template", filled_by=FURNISHING)
        try:
            with running(template, Path(folder) / "market") as market:
                print(reap(market, seed=options.seed, kills=options.rounds))
        finally:
            template.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
