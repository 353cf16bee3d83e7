"""An Elasticsearch 9 for one command: ``python -m tests.elastic -- COMMAND …``, which reads TEST_SEARCH_URL

The node that SEARCH_URL names; else one of our own, from the distribution in ES_HOME; else one from the runnable
distribution that a Maven repository holds, if ``mvn`` is here and reaches one. Where there is none that is said, and
the command runs without. SEARCH_URL itself is emptied: it would make the whole suite search through that node.

A node of ours has one member, a small heap, a free port of 127.0.0.1 and its data in a temporary folder, and runs
unprivileged. A watcher of its own stops it and removes the folder when we end, be it by SIGKILL. Standard library only.
"""

import base64
import hashlib
import os
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests import wrapping

TEST_URL = os.environ.get("TEST_SEARCH_URL", "")
"""The node that tests may use; empty where there is none."""
NOT_HERE = "no Elasticsearch (TEST_SEARCH_URL): make services-test starts one where it can"

# Runnable, but with next to no modules: no language analysis, no scripts, no reindex, no GET /. What works here works
# on every node of the version. Elastic publishes it for the tests of plugins.
VERSION = "9.2.0"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA256 = "bf44938a0490ba2a303d39c9cb64b38963dd08c812ce93e10816e878585bcb6b"
OLDEST_JAVA = 21
NO_JAVA = f"no Java of version {OLDEST_JAVA} or later (ES_JAVA_HOME, JAVA_HOME, PATH and /usr/lib/jvm were looked at)"
FETCH_SECONDS, BOOT_SECONDS = 300, 180
UNPRIVILEGED = "nobody"  # the server refuses root

HEAP = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
# The vector module is asked of every Java since 20: the server does not find it by itself.
JVM_OPTIONS = "\n".join([*HEAP, "-Djava.io.tmpdir=${ES_TMPDIR}", "20-:--add-modules=jdk.incubator.vector", ""])
SETTINGS = """\
cluster.name: chophien-tests
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {data}/data
path.logs: {data}/logs
cluster.routing.allocation.disk.threshold_enabled: false
xpack.security.enabled: false
"""


class NoNode(Exception):
    """There is nothing to start a node from; the text says what is missing."""


class Broken(Exception):
    """There is a node, or what starts one, and it does not answer; the text says which."""


# -- Java and the distribution -------------------------------------------------------------------------------------


def java_version(home: Path) -> int | None:
    """25 for the Java in ``home``, by its own ``release`` file; None where there is no Java."""
    release = home / "release"
    if not (home / "bin" / "java").exists() or not release.is_file():
        return None
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return int(found[1]) if found else None


def java_home(bundled: Path | None = None) -> Path:
    """A Java new enough: the named one, the distribution's own, the one on the PATH, the oldest installed that will do.

    Raises NoNode.
    """
    named = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    on_path = shutil.which("java")
    first = [*named, *([bundled] if bundled else []), *([Path(on_path).resolve().parent.parent] if on_path else [])]
    installed = sorted(Path("/usr/lib/jvm").glob("*"), key=lambda home: java_version(home) or 0)
    for home in [*first, *installed]:
        if (java_version(home) or 0) >= OLDEST_JAVA:
            return home
    raise NoNode(NO_JAVA)


def distribution_zip() -> Path:
    """The distribution's archive, from our cache or fetched with ``mvn`` as it is set up here. Raises NoNode."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chophien"
    archive = cache / f"elasticsearch-{VERSION}.zip"
    if archive.is_file() and _sha256(archive) == SHA256:
        return archive
    mvn = shutil.which("mvn")
    if mvn is None:
        raise NoNode("neither SEARCH_URL nor ES_HOME is set, and there is no mvn to fetch it with")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        fetch = [mvn, "--batch-mode", "--quiet", "dependency:copy", f"-Dartifact={ARTIFACT}"]
        try:
            done = subprocess.run(
                [*fetch, f"-DoutputDirectory={folder}"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=FETCH_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise NoNode(f"mvn did not fetch {ARTIFACT} in {FETCH_SECONDS} s") from None
        fetched = Path(folder) / archive.name
        if done.returncode or not fetched.is_file():
            said = next((line for line in done.stdout.splitlines() if "ERROR" in line), f"exit code {done.returncode}")
            raise NoNode(f"mvn could not fetch {ARTIFACT}: {said[:300]}")
        if _sha256(fetched) != SHA256:
            raise NoNode(f"what mvn fetched as {ARTIFACT} is not what it was: its SHA-256 differs")
        fetched.replace(archive)
    return archive


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _unpacked(archive: Path, folder: Path) -> Path:
    """The distribution's home under ``folder``, readable by everybody whatever our umask, programs executable."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            said = (entry.external_attr >> 16) & 0o755
            Path(opened.extract(entry, folder)).chmod(said | (0o755 if entry.is_dir() else 0o644))
    return next(path for path in folder.iterdir() if (path / "bin" / "elasticsearch").exists())


# -- The node ------------------------------------------------------------------------------------------------------


@contextmanager
def started(home: Path | None) -> Iterator[str]:
    """A node from the distribution in ``home``, or from the fetched one, as its URL. Raises NoNode, Broken."""
    if home is not None and not (home / "bin" / "elasticsearch").exists():
        raise Broken(f"ES_HOME has no bin/elasticsearch: {home}")
    java = java_home(home / "jdk" if home is not None else None)
    data = Path(tempfile.mkdtemp(prefix="chophien-elastic-", dir="/tmp" if os.geteuid() == 0 else None))
    try:
        data.chmod(0o755)
        distribution = home if home is not None else _unpacked(distribution_zip(), data / "unpacked")
        with _running(distribution, java, data) as url:
            yield url
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _running(home: Path, java: Path, data: Path) -> Iterator[str]:
    url = _configured(home, data)
    told = {"ES_JAVA_HOME": str(java), "ES_PATH_CONF": str(data / "config"), "ES_TMPDIR": str(data / "tmp")}
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.elastic", "--watch", str(data), str(home / "bin" / "elasticsearch")],
        cwd=Path(__file__).resolve().parent.parent,
        env={"PATH": os.environ.get("PATH", os.defpath), **told},
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us
    )
    assert watcher.stdin is not None
    try:
        deadline = time.monotonic() + BOOT_SECONDS
        while not answers(url):
            if watcher.poll() is not None:
                raise Broken("the node ended before it answered")
            if time.monotonic() > deadline:
                raise Broken(f"the node did not answer within {BOOT_SECONDS} s")
            time.sleep(0.2)
        yield url
    finally:
        watcher.stdin.close()
        watcher.wait()


def _configured(home: Path, data: Path) -> str:
    """Writes the node's own configuration into ``data``, beside the distribution and never in it. Returns its URL."""
    port = wrapping.free_port()
    settings = SETTINGS.format(data=data, http=port, transport=wrapping.free_port())
    if (home / "modules" / "ingest-geoip").is_dir():
        settings += "ingest.geoip.downloader.enabled: false\n"  # the whole distribution would ask the outside for it
    for name in ("config", "data", "logs", "tmp"):
        (data / name).mkdir()
    (data / "config" / "elasticsearch.yml").write_text(settings, encoding="utf-8")
    (data / "config" / "jvm.options").write_text(JVM_OPTIONS, encoding="utf-8")
    shutil.copyfile(home / "config" / "log4j2.properties", data / "config" / "log4j2.properties")
    if os.geteuid() == 0:
        for path in [*(data / name for name in ("config", "data", "logs", "tmp")), *(data / "config").iterdir()]:
            shutil.chown(path, UNPRIVILEGED)
    return f"http://127.0.0.1:{port}"


def answers(url: str) -> bool:
    """Is there a cluster that can keep data? (GET / is not asked: the small distribution has none.)"""
    parts = urlsplit(url)
    who, _, where = parts.netloc.rpartition("@")
    asked = urllib.request.Request(f"{parts.scheme}://{where}/_cluster/health?wait_for_status=yellow&timeout=2s")
    if who:
        asked.add_header("Authorization", f"Basic {base64.b64encode(unquote(who).encode()).decode()}")
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=5).close()
    except OSError:
        return False
    return True


def watch(data: Path, program: str) -> None:
    """Run the node until our standard input ends, as it does however our parent ends; leave no process and no file."""
    root = os.geteuid() == 0
    with (data / "said").open("w+", encoding="utf-8", errors="replace") as said:
        node = subprocess.Popen(
            [program],
            cwd=data,
            user=UNPRIVILEGED if root else None,
            group=pwd.getpwnam(UNPRIVILEGED).pw_gid if root else None,
            extra_groups=[] if root else None,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while node.poll() is None and not select.select([sys.stdin], [], [], 0.2)[0]:
                pass
            if node.poll() is not None:
                said.seek(0)
                print(said.read()[-4000:], file=sys.stderr, flush=True)
        finally:
            # Nothing of it is wanted: it goes as if the power went, and the server that its launcher started with it.
            with suppress(ProcessLookupError):
                os.killpg(node.pid, signal.SIGKILL)
            node.wait()
            shutil.rmtree(data, ignore_errors=True)


@contextmanager
def some_node() -> Iterator[str]:
    """The named node, or one of our own, as its URL; says which. Raises NoNode, Broken."""
    named, home = urlsplit(os.environ.get("SEARCH_URL", "")), os.environ.get("ES_HOME", "")
    if named.netloc:
        url = named._replace(path="", query="", fragment="").geturl()  # not the index that it may name
        if not answers(url):
            raise Broken(f"nothing answers where SEARCH_URL points: {named.hostname}:{named.port}")
        print("Elasticsearch: the one that SEARCH_URL names", flush=True)
        yield url
        return
    began = time.monotonic()
    with started(Path(home) if home else None) as url:
        print(f"Elasticsearch: our own, {url}, after {time.monotonic() - began:.0f} s", flush=True)
        yield url


# -- The command ---------------------------------------------------------------------------------------------------


def main(command: list[str]) -> int:
    wrapping.end_when_told()
    try:
        with some_node() as url:
            return _run(command, url)
    except NoNode as missing:
        print(f"skipped: Elasticsearch ({missing})", flush=True)
        return _run(command, "")
    except Broken as failure:
        print(f"Elasticsearch: {failure}", file=sys.stderr, flush=True)
        return 1


def _run(command: list[str], url: str) -> int:
    return wrapping.run(command, TEST_SEARCH_URL=url, SEARCH_URL="")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--watch"]:
        watch(Path(sys.argv[2]), sys.argv[3])
        raise SystemExit(0)
    if sys.argv[1:2] != ["--"] or len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        raise SystemExit(2)
    try:
        raise SystemExit(main(sys.argv[2:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
