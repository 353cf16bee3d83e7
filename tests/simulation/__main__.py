"""``python -m tests.simulation --seed N --steps M``: one seed again, or with --seeds many, each in an empty database.

DATABASE_URL chooses the database as for the suite; a test database is made beside it and removed.
"""

import argparse
import logging
import os
import sys
import time

import django


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seeds", type=int, default=1, help="how many, from --seed on")
    asked.add_argument("--steps", type=int, default=300)
    asked.add_argument("--tell", action="store_true", help="say each step")
    asked.add_argument("--name", default="", help="another name for the test database, to run several at once")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    logging.disable(logging.ERROR)  # forged calls are logged as they should be

    from django.db import connection, transaction
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.simulation.running import Broken, play

    if options.name:
        connection.settings_dict["TEST"]["NAME"] = options.name
    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    broken = 0
    try:
        for seed in range(options.seed, options.seed + options.seeds):
            began = time.monotonic()
            try:
                with transaction.atomic():
                    done = play(seed=seed, steps=options.steps, tell=print if options.tell else lambda _said: None)
                    transaction.set_rollback(True)
                print(f"seed {seed}: {sum(done.values())} deeds, {time.monotonic() - began:.1f} s", flush=True)
            except Broken as found:
                broken += 1
                print(f"{found}\n", flush=True)
    finally:
        teardown_databases(kept, verbosity=0)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
