"""A market to load: a real server and a real worker on a database of its own, and a cooperative with much to be paid.

``shops(wanted)`` gives one market for each database there is, one after the other.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._databases import servers
from tests.market import Market, Template, running


@dataclass(frozen=True)
class Shop:
    """What the bank of the benchmark knows: where to call, how to sign, and which codes are in payers' hands."""

    database: str
    market: Market
    token: str
    key: str
    account: str
    codes: tuple[str, ...]
    due_dong: int
    """The same for every code, and never reached: each takes many part payments."""

    @property
    def hook(self) -> str:
        return f"/hooks/sepay/{self.token}/"

    def cpu_seconds(self) -> tuple[float, float]:
        """What the server and the worker have used so far, each with its children. Linux says it in /proc."""
        server, worker = self.market._server, self.market._worker
        assert server is not None
        assert worker is not None
        return _used_by(server._running.pid), _used_by(worker._running.pid)


def _used_by(session: int) -> float:
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def shops(wanted: str, *, requests: int) -> Iterator[Shop]:
    """``wanted``: sqlite, postgres or both. A database that is not there is said and passed over."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was started is stopped
    for name, server in servers(wanted):
        with _opened(name, server, requests) as shop:
            yield shop


@contextmanager
def _opened(database: str, url: str, requests: int) -> Iterator[Shop]:
    os.environ.update({"DATABASE_URL": url} if url else {})  # where the market looks for its kind of database
    try:
        with tempfile.TemporaryDirectory(prefix="chophien-bench-") as folder:
            template = Template(Path(folder) / "template")
            try:
                with running(template, Path(folder) / "market") as market:
                    yield Shop(database, market, **_prepared(market, requests))
            finally:
                template.drop()
    finally:
        os.environ.pop("DATABASE_URL", None)


def _prepared(market: Market, requests: int) -> dict[str, object]:
    """Placed in a process of its own, because Django is set up for one database a process."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "_prepare.py"), str(requests)],
        env=market.environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the shop could not be prepared:\n{done.stderr}")
    told: dict[str, object] = json.loads(done.stdout)
    return {**told, "codes": tuple(told["codes"])}  # type: ignore[arg-type]
