"""``python -m tests.fuzz --seconds 60 --target all``: hostile input at every reader, a line a target.

The seconds are shared by the targets. Guided by coverage where atheris is installed, else by chance; ``--by-chance``
asks for that. A crash is written to a file beside which the line to see it again stands. Exit 1 on any.
"""

import argparse
import importlib.util
import logging
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.fuzz.running import Outcome, throw_for, thrown  # noqa: E402 — apps are loaded only now
from tests.fuzz.targets import TARGETS  # noqa: E402

_UNITS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
MOST_MEMORY_MB = 1_024


def guided(name: str, *, seconds: float, seed: int, folder: Path) -> tuple[int, list[Path], str]:
    """How many inputs, the files of those that crashed, and libFuzzer's last words."""
    corpus, found = folder / f"{name}-corpus", folder / f"{name}-crash-"
    corpus.mkdir()
    for number, data in enumerate(TARGETS[name].seeds()):
        (corpus / str(number)).write_bytes(data)
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.guided", name, str(corpus), f"-max_total_time={max(1, int(seconds))}",
            f"-seed={seed}", f"-rss_limit_mb={MOST_MEMORY_MB}", "-timeout=10", "-print_final_stats=1",
            f"-artifact_prefix={found}",
        ],
        capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    counted = _UNITS.search(done.stderr)
    crashes = sorted(folder.glob(f"{name}-crash-*"))
    if done.returncode and not crashes:
        raise SystemExit(f"{name}: the fuzzer itself failed\n{done.stderr[-3000:]}")
    return int(counted[1]) if counted else 0, crashes, done.stderr[-1500:] if crashes else ""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--target", choices=["all", *TARGETS], default="all")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--by-chance", action="store_true", help="without atheris though it is installed")
    asked.add_argument("--again", type=Path, metavar="FILE", help="throw this one input at --target and let it crash")
    options = asked.parse_args()
    logging.disable(logging.CRITICAL)
    if options.again is not None:
        print(f"{thrown(TARGETS[options.target], options.again.read_bytes()):.3f} s of CPU, no crash")
        return 0
    names = list(TARGETS) if options.target == "all" else [options.target]
    with_guide = not options.by_chance and importlib.util.find_spec("atheris") is not None
    folder = Path(tempfile.mkdtemp(prefix="chophien-fuzz-"))
    inputs = crashes = 0
    for name in names:
        share = options.seconds / len(names)
        if with_guide:
            tried, files, words = guided(name, seconds=share, seed=options.seed, folder=folder)
            print(f"{name:<14} {tried:>9} inputs, {len(files)} crashes", flush=True)
        else:
            outcome = throw_for(name, seconds=share, seed=options.seed)
            tried, files, words = outcome.inputs, _kept(name, outcome, folder), ""
            print(f"{name:<14} {tried:>9} inputs, {len(files)} crashes, slowest {1000 * outcome.slowest_s:.0f} ms")
        for file in files:
            print(f"  python -m tests.fuzz --target {name} --again {file}\n{words}", flush=True)
        inputs, crashes = inputs + tried, crashes + len(files)
    how = "guided by coverage" if with_guide else "by chance (atheris is not installed)"
    print(f"fuzz: {inputs} inputs at {len(names)} targets, {how}, seed {options.seed}: crashes {crashes}")
    return 1 if crashes else 0


def _kept(name: str, outcome: Outcome, folder: Path) -> list[Path]:
    files = []
    for number, (said, data) in enumerate(outcome.crashes.items()):
        print(f"  {name}: {said}")
        file = folder / f"{name}-crash-{number}"
        file.write_bytes(data)
        files.append(file)
    return files


if __name__ == "__main__":
    sys.exit(main())
