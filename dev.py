#!/usr/bin/env python3
"""From a fresh clone to a running market, or to a tested one. Standard library only; `make VERB` is an alias.

run            install, migrate, load the demo, serve on 127.0.0.1 and keep the worker alive
test [ARGS]    the whole suite on SQLite (ARGS go to pytest)
setup          install and migrate, then stop
check          format, lint, types, import contracts, missing migrations, then test
services-test  the same suite on PostgreSQL and every other real service there is
prove          the long sizes of simulation, memos, bank files, races, kills and faults, on every database there is
bench          each script of benchmarks/
lock           resolve requirements/*.in into the hashed lock files (needs uv)
messages       gather the texts for translators and compile them (needs gettext)
"""

from __future__ import annotations  # an older Python must get far enough to be told

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MANAGE = [str(PYTHON), "manage.py"]
# One more than there are cores: a third of their time goes by in waiting for browsers, servers, other processes.
WORKERS = min(8, (os.cpu_count() or 1) + 1)
PYTEST = [str(PYTHON), "-m", "pytest", "-n", str(WORKERS), "-rs"]
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"


# -- Speaking and starting programs ------------------------------------------------------------------


def stop_with(message: str, code: int = 1) -> NoReturn:
    print(message, file=sys.stderr, flush=True)
    raise SystemExit(code)


@contextmanager
def step(what: str) -> Iterator[None]:
    """One line: what is done, then the seconds it took."""
    began = time.monotonic()
    print(f"{what} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(f"failed after {time.monotonic() - began:.1f} s", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def quietly(command: Sequence[str], *, env: dict[str, str] | None = None) -> str:
    """Run a program and return its standard output; when it fails show everything it said and stop."""
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        print("\n" + (done.stdout + done.stderr).strip(), file=sys.stderr, flush=True)
        raise SystemExit(done.returncode if done.returncode > 0 else 1)
    return done.stdout


def loudly(command: Sequence[str], *, env: dict[str, str] | None = None) -> int:
    """Run a program on this terminal and return its exit code."""
    code = subprocess.run(command, cwd=ROOT, env=env).returncode
    return code if code >= 0 else 128 - code


@contextmanager
def beside(programs: dict[str, list[str]], *, env: dict[str, str]) -> Iterator[list[str]]:
    """Run programs, one after the other, while the block goes on: a suite keeps no two cores busy while it begins.

    At the end of the block it is told how each of them went. Yields the names of those that failed, complete by then.
    """

    def run_one(command: list[str]) -> tuple[float, subprocess.CompletedProcess[str]]:
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        return time.monotonic() - began, done

    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=1) as runner:
        running = {name: runner.submit(run_one, command) for name, command in programs.items()}
        try:
            yield failed
        except BaseException:
            runner.shutdown(wait=False, cancel_futures=True)
            raise
        for name, each in running.items():
            seconds, done = each.result()
            if done.returncode:
                failed.append(name)
                print(f"{name} … failed after {seconds:.1f} s\n{done.stdout.strip()}", flush=True)
            else:
                print(f"{name} … {seconds:.1f} s", flush=True)


def keep_bytecode() -> None:
    """Where Python may write nothing beside its sources, what it compiled is kept in .venv.

    A suite starts hundreds of processes. Without this each of them compiles Django and us anew, which takes longer
    than what it was started for.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "bytecode"))


def embedded() -> dict[str, str]:
    """The environment with every setting of ours back at its default, whatever .env says: SQLite, embedded search."""
    ours = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    return {**os.environ, **dict.fromkeys(ours, "")}


def with_services() -> dict[str, str]:
    """The same, but with the real services that the caller's environment names."""
    told = {name: os.environ[name] for name in ("DATABASE_URL", "SEARCH_URL") if name in os.environ}
    return {**embedded(), **told}


# -- The environment ---------------------------------------------------------------------------------


def stamp(lock: Path) -> str:
    """Changes with the lock and with the interpreter, so that neither is ever mixed with another's packages."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode() + sys.base_prefix.encode()).hexdigest()


def stamp_file(lock: Path) -> Path:
    return VENV / f"{lock.stem}.stamp"


def stands(lock: Path) -> bool:
    file = stamp_file(lock)
    return PYTHON.exists() and file.is_file() and file.read_text(encoding="ascii") == stamp(lock)


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - said to those who come with less
        stop_with(f"Python 3.11 or later is needed; this is {sys.version.split()[0]} ({sys.executable}).")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        stop_with("Python's venv module is missing. On Debian and Ubuntu:  apt-get install python3-venv")


def ensure(lock: Path) -> None:
    """Make .venv hold what ``lock`` names. The development lock contains the run-time one, pin by pin."""
    check_python()
    if stands(lock) or (lock == RUN_LOCK and stands(DEV_LOCK)):
        return
    if not stands(RUN_LOCK) or stamp_file(DEV_LOCK).exists():  # nothing there, or made for something else
        with step("making .venv"):
            base = getattr(sys, "_base_executable", sys.executable)  # never the .venv that is being replaced
            quietly([base, "-m", "venv", "--clear", str(VENV)])
    with step(f"installing {lock.name}"):
        install(lock)
    written = [RUN_LOCK, DEV_LOCK] if lock == DEV_LOCK else [RUN_LOCK]
    for done in written:
        stamp_file(done).write_text(stamp(done), encoding="ascii")


def install(lock: Path) -> None:
    """Install with hashes. setuptools goes first: promise has no wheel, and what builds it must be hashed too."""
    uv = shutil.which("uv") if os.environ.get("CI") == "true" else None
    if uv:
        tool = [uv, "pip", "install", "--python", str(PYTHON), "--quiet", "--require-hashes"]
        building = ["--no-build-isolation"]
    else:
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes"]
        tool = [*pip, "--no-input", "--disable-pip-version-check"]
        building = ["--no-build-isolation", "--use-pep517"]
    builder = VENV / "builder.txt"
    builder.write_text(pin_of("setuptools", lock), encoding="utf-8")
    quietly([*tool, "-r", str(builder)])
    quietly([*tool, *building, "-r", str(lock)])


def pin_of(package: str, lock: Path) -> str:
    """The lines of one package in a lock file: its pin and its hashes."""
    _, found, rest = lock.read_text(encoding="utf-8").partition(f"\n{package}==")
    if not found:
        stop_with(f"{lock.name} does not pin {package}")
    lines = (package + "==" + rest).splitlines()
    end = next((n for n, line in enumerate(lines[1:], 1) if not line.startswith(" ")), len(lines))
    return "\n".join(lines[:end]) + "\n"


# -- run -----------------------------------------------------------------------------------------------


def ask(program: str) -> dict[str, Any]:
    """Let a line of Python answer in JSON from inside the product's own settings."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
    answer: dict[str, Any] = json.loads(quietly([str(PYTHON), "-c", program], env=env))
    return answer


SETTINGS = "import json; from django.conf import settings as s; print(json.dumps({'port': s.PORT, 'demo': s.DEMO}))"


def migrate() -> None:
    with step("migrating the database"):
        quietly([*MANAGE, "migrate", "--no-input", "--verbosity", "0"])
        quietly([*MANAGE, "createcachetable"])
    with step("collecting static files"):
        quietly([*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"])


def demo_sign_ins() -> list[dict[str, str]]:
    """Fill an empty database with the demo; the sign-ins of a demo that is there, none beside a real organization."""
    with step("demo data"):
        lines = quietly([*MANAGE, "demo", "load", "--if-empty"]).splitlines()
    return [json.loads(line) for line in lines]


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            stop_with(f"Port {port} cannot be used ({error.strerror}). Choose another:  PORT={port + 1} make run")


class Child:
    """A program of ours in a session of its own, so that Ctrl-C reaches it once, through us."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self.start()

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)

    def stop(self) -> bool:
        """Ask it to end, insist after 15 s, leave none of its children. True when it ended by itself."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=15)
            by_itself = True
        except subprocess.TimeoutExpired:
            print(f"{self.name} did not stop in 15 s and was killed", file=sys.stderr, flush=True)
            by_itself = False
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return by_itself


def answers(port: int) -> bool:
    """Does anything speak HTTP there yet? (A refused host or a broken page is an answer too.)"""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


def serve(port: int, sign_ins: list[dict[str, str]], began: float) -> int:
    """Serve until told to stop; keep the worker alive. 0: stopped as asked. Else: what went wrong."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda caught, _frame: asked.append(caught))
    granian = [str(VENV / "bin" / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    granian += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    server = Child("the server", [*granian, "shop.wsgi:application"])
    worker = Child("the worker", [*MANAGE, "worker"])
    welcomed, pause, due = False, 1.0, None
    while not asked and server.process.poll() is None:
        if not welcomed and answers(port):
            welcomed = True
            welcome(port, sign_ins, began)
        if worker.process.poll() is not None and due is None:
            pause = 1.0 if time.monotonic() - worker.began > 60 else pause
            code = worker.process.returncode
            print(f"the worker ended ({code}); again in {pause:.0f} s", file=sys.stderr, flush=True)
            due, pause = time.monotonic() + pause, min(pause * 2, 60.0)
        if due is not None and time.monotonic() >= due:
            due = None
            worker.start()
        time.sleep(0.2)
    if not asked:
        print(f"the server ended by itself ({server.process.returncode})", file=sys.stderr, flush=True)
    tidy = all([worker.stop(), server.stop()])
    return 0 if asked and tidy else 1


def welcome(port: int, sign_ins: list[dict[str, str]], began: float) -> None:
    print(f"\nChợ Phiên is open after {time.monotonic() - began:.1f} s:  http://127.0.0.1:{port}/")
    for person in sign_ins:
        print(f"  {person['role']:<10} {person['name']:<24} {person['phone']:<14} {person['password']}")
    if sign_ins:
        print(f"  play the bank: {PYTHON.relative_to(ROOT)} manage.py bank simulate --code CP…")
    print("Ctrl-C stops it.\n", flush=True)


# -- Verbs -------------------------------------------------------------------------------------------------


def run(_arguments: list[str]) -> int:
    began = time.monotonic()
    ensure(RUN_LOCK)
    settings = ask(SETTINGS)
    check_port(settings["port"])
    migrate()
    sign_ins = [] if settings["demo"] is False else demo_sign_ins()
    return serve(settings["port"], sign_ins, began)


def setup(_arguments: list[str]) -> int:
    ensure(RUN_LOCK)
    migrate()
    return 0


def test(arguments: list[str]) -> int:
    ensure(DEV_LOCK)
    return loudly([*PYTEST, *arguments], env=embedded())


def check(arguments: list[str]) -> int:
    ensure(DEV_LOCK)
    binaries = VENV / "bin"
    checks = {
        "format": [str(binaries / "ruff"), "format", "--check", "."],
        "lint": [str(binaries / "ruff"), "check", "."],
        "types": [str(binaries / "mypy")],
        "import contracts": [str(binaries / "lint-imports")],
        "missing migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    }
    with beside(checks, env=embedded()) as failed:
        code = test(arguments)
    if failed:
        stop_with(f"failed beside the tests: {', '.join(failed)}")
    return code


def services_test(arguments: list[str]) -> int:
    ensure(DEV_LOCK)
    services = [word for name in ("elastic", "postgres") for word in (str(PYTHON), "-m", f"tests.{name}", "--")]
    return loudly([*services, *PYTEST, *arguments], env=with_services())


def prove(arguments: list[str]) -> int:
    ensure(DEV_LOCK)
    long = [str(PYTHON), "-m", "pytest", "-rs", "-m", "processes or simulation", "-o", "timeout=7200", *arguments]
    on_sqlite = loudly(long, env={**embedded(), "PROVE": "1"})
    on_postgres = loudly([str(PYTHON), "-m", "tests.postgres", "--", *long], env={**with_services(), "PROVE": "1"})
    return on_sqlite or on_postgres


def bench(_arguments: list[str]) -> int:
    ensure(DEV_LOCK)
    scripts = sorted((ROOT / "benchmarks").glob("[!_]*.py"))
    return max([loudly([str(PYTHON), str(script)]) for script in scripts], default=0)


def lock(_arguments: list[str]) -> int:
    uv = shutil.which("uv") or stop_with("uv resolves the lock files:  pip install uv")
    compile_ = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
    compile_ += ["--no-emit-index-url", "--no-header"]
    for source, target in (("run", RUN_LOCK), ("dev", DEV_LOCK)):
        with step(f"locking {target.name}"):
            quietly([*compile_, f"requirements/{source}.in", "-o", target.name])
    return 0


def messages(_arguments: list[str]) -> int:
    if not shutil.which("msgfmt"):
        stop_with("gettext gathers and compiles the texts:  apt-get install gettext")
    ensure(RUN_LOCK)
    ignore = [word for folder in (".venv", "var", "tests", "benchmarks") for word in ("--ignore", folder)]
    gather = [*MANAGE, "makemessages", "--locale", "en", "--no-obsolete", "--add-location", "file", *ignore]
    return loudly(gather) or loudly([*MANAGE, "compilemessages", "--locale", "en", *ignore])


ALL = (run, test, setup, check, services_test, prove, bench, lock, messages)
VERBS = {verb.__name__.replace("_", "-"): verb for verb in ALL}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        stop_with(f"python3 dev.py VERB\n\n{__doc__}", 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2)
    keep_bytecode()
    try:
        raise SystemExit(VERBS[sys.argv[1]](sys.argv[2:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
