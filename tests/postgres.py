"""A PostgreSQL of our own for one command: ``python -m tests.postgres -- COMMAND …``

Made in a temporary folder on a free port of 127.0.0.1 by an unprivileged user, stopped and removed
afterwards whatever happens. A DATABASE_URL that already names a PostgreSQL is used as it is. Where no
server is installed that is said, and the command is not run. Standard library only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests import wrapping

INSTALL_IT = "apt-get install postgresql"
# A test database may lose its last commits at a power cut; what is tested is our code, not the disk.
# synchronous_commit stays on: the product's start-up check looks for it.
OPTIONS = ("fsync=off", "full_page_writes=off", "max_connections=200")


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version first; None where there is none."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).parent] if on_path else []
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    candidates += sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    whole = (folder for folder in candidates if (folder / "initdb").exists() and (folder / "pg_ctl").exists())
    return next(whole, None)


class Cluster:
    """A server of our own that can be stopped hard and started again, on one port."""

    def __init__(self, folder: Path, data: Path, options: Sequence[str]) -> None:
        self.folder, self.data, self.options = folder, data, options
        self.user = "postgres" if os.geteuid() == 0 else None  # both programs refuse root
        self.port = wrapping.free_port()
        self.url = f"postgres://chophien@127.0.0.1:{self.port}/postgres"
        if self.user:
            shutil.chown(data, self.user)
        self._tool("initdb", "--auth=trust", "--username=chophien", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")

    def start(self) -> None:
        """Returns once it takes connections; after a hard stop it has recovered by then."""
        options = f"-p {self.port} -k {self.data} -c listen_addresses=127.0.0.1"
        options += "".join(f" -c {option}" for option in self.options)
        self._tool("pg_ctl", "-o", options, "-l", str(self.data / "log"), "-w", "start")

    def stop(self) -> None:
        """Immediately: no goodbye to anybody, no checkpoint, as if the power went. Harmless when it does not run."""
        if (self.data / "cluster" / "postmaster.pid").exists():
            self._tool("pg_ctl", "-m", "immediate", "-w", "stop")

    def _tool(self, name: str, *arguments: str) -> None:
        # Output goes to a file: the server inherits it, and a pipe would be held open for as long as it lives.
        with (self.data / "said").open("w+") as said:
            done = subprocess.run(
                [self.folder / name, "-D", self.data / "cluster", *arguments],
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            said.seek(0)
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, name, said.read())


@contextmanager
def cluster(folder: Path, *, options: Sequence[str] = OPTIONS) -> Iterator[Cluster]:
    """One from the programs in ``folder``, running; gone afterwards. Raises CalledProcessError with what it said."""
    data = Path(tempfile.mkdtemp(prefix="chophien-postgres-", dir="/tmp" if os.geteuid() == 0 else None))
    try:
        ours = Cluster(folder, data, options)
        ours.start()
        try:
            yield ours
        finally:
            ours.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """A server from the programs in ``folder``, as its DATABASE_URL. Raises CalledProcessError with what it said."""
    with cluster(folder) as ours:
        yield ours.url


def main(command: list[str]) -> int:
    wrapping.end_when_told()
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith(("postgres://", "postgresql://")):
        print("PostgreSQL: the one that DATABASE_URL names", flush=True)
        return wrapping.run(command, DATABASE_URL=named)
    folder = binaries()
    if folder is None:
        print(f"skipped: PostgreSQL is not installed ({INSTALL_IT})", flush=True)
        return 0
    try:
        with started(folder) as url:
            print(f"PostgreSQL: our own, {url}", flush=True)
            return wrapping.run(command, DATABASE_URL=url)
    except subprocess.CalledProcessError as failure:
        print(f"PostgreSQL: {failure.cmd} failed\n{failure.output}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    if sys.argv[1:2] != ["--"] or len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        raise SystemExit(2)
    try:
        raise SystemExit(main(sys.argv[2:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
