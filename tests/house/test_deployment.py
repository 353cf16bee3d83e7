"""The container files cannot be run everywhere, so what can be told by reading them is."""

import os
import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

from tests.house.tree import ROOT

COMPOSE = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_compose_file_is_valid() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [checker, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_web_worker_and_their_services_are_there() -> None:
    assert {"web", "worker", "postgres", "elasticsearch"} <= COMPOSE["services"].keys()
    assert COMPOSE["services"]["web"]["image"] == COMPOSE["services"]["worker"]["image"]
    assert "version" not in COMPOSE


def test_no_port_is_open_to_the_network() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_whoever_needs_a_service_waits_until_it_is_healthy() -> None:
    for name in ("web", "worker"):
        needs = COMPOSE["services"][name]["depends_on"]
        assert needs["postgres"] == needs["elasticsearch"] == {"condition": "service_healthy"}
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
    for name in ("postgres", "elasticsearch", "web"):
        assert COMPOSE["services"][name]["healthcheck"]["test"]


def test_images_are_pinned_and_search_is_as_new_as_its_client() -> None:
    images = {name: service["image"] for name, service in COMPOSE["services"].items() if "build" not in service}
    assert all(re.search(r":\d+\.\d+", image) for image in images.values()), images
    client = re.search(r"^elasticsearch==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert client
    assert images["elasticsearch"] == f"elasticsearch:{client[1]}"
    assert re.search(r"^FROM python:3\.\d+\.\d+-slim", DOCKERFILE, re.MULTILINE)


def test_no_secret_stands_in_the_container_files() -> None:
    environment = COMPOSE["services"]["postgres"]["environment"]
    assert environment["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert not re.search(r"(SECRET_KEY|FIELD_KEY|PASSWORD)\s*=", DOCKERFILE)
    assert "!.env" not in (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_the_image_runs_unprivileged_with_hashed_packages() -> None:
    after_install = DOCKERFILE.partition("COPY . .")[2]
    assert re.search(r"^USER (?!root)\w+", after_install, re.MULTILINE)
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert installs
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_the_image_takes_in_every_floor() -> None:
    let_in = re.findall(r"^!(\w+)/", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    floors = {"base", "cooperatives", "catalog", "orders", "payments", "storefront", "shop"}
    assert floors <= set(let_in)


def test_make_is_a_thin_alias_of_dev() -> None:
    listed = subprocess.run([sys.executable, "dev.py", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    verbs = set(re.findall(r"^([a-z-]+)(?: \[ARGS\])?  ", listed.stderr, re.MULTILINE))
    assert {"run", "test", "setup", "check", "services-test", "prove", "bench", "lock"} <= verbs
    targets = re.findall(r"^([a-z -]+):\n\t@python3 dev\.py \$@$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(targets[0].split()) == verbs


def test_the_ci_script_can_be_started() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], timeout=30).returncode == 0
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
