"""Reachable by others means: secrets of one's own, no demo, cookies for TLS only."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.db import connection
from django.test import override_settings

from cooperatives.models import Organization, User
from shop.starting import close_demo_in_production
from tests.house.tree import ROOT
from tests.stored import Migrated, shared_folder

DEFAULT_FIELD_KEY = "b25seS1mb3ItdGhpcy1tYWNoaW5lLW5vdC1zZWNyZXQ="
SECRET = "8Qm3vJx0Zr5tYw2Lk7Nc9Pd4Fg6Hs1Ab-Ue_Io" * 2
KEYS = {"SECRET_KEY": SECRET, "FIELD_KEY": "x7hJ0m4b3v9Zp2Qk8tYw1Ls5Nd6Rf_GcAeUiO-HjKlM="}
BOTH_KEYS = f"{KEYS['FIELD_KEY']},{DEFAULT_FIELD_KEY}"  # the old one still reads
HERE = ("ALLOWED_HOSTS", "SITE_URL", "SECRET_KEY", "FIELD_KEY", "DEMO")
ASK = """
import json
from django.conf import settings as s
names = ["PRODUCTION", "DEMO", "DEBUG", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def start(tmp_path, program=ASK, *, module=True, **environment):
    """The settings of a process of its own; a blank variable is as good as none."""
    plain = {**os.environ, **dict.fromkeys(HERE[:-1], "")}
    plain.pop("DEMO", None)
    ours = {"VAR_DIR": str(tmp_path), "DATABASE_URL": ""}
    if module:
        ours["DJANGO_SETTINGS_MODULE"] = "shop.settings"
    else:
        plain.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=ROOT, env={**plain, **ours, **environment}, capture_output=True, text=True, timeout=200
    )


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"ALLOWED_HOSTS": "example.org"}, "SECRET_KEY"),
        ({"SITE_URL": "http://example.org"}, "SECRET_KEY"),
        ({"SITE_URL": "https://127.0.0.1"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "example.org", **KEYS, "SECRET_KEY": "too-short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "example.org", **KEYS, "FIELD_KEY": ""}, "FIELD_KEY"),
        ({"ALLOWED_HOSTS": "example.org", **KEYS, "FIELD_KEY": ","}, "FIELD_KEY"),
        ({"ALLOWED_HOSTS": "example.org", **KEYS, "FIELD_KEY": DEFAULT_FIELD_KEY}, "FIELD_KEY"),
        ({"ALLOWED_HOSTS": "example.org", **KEYS, "FIELD_KEY": BOTH_KEYS}, "FIELD_KEY"),
        ({"FIELD_KEY": "no key at all"}, "FIELD_KEY"),
        ({"ALLOWED_HOSTS": "example.org", **KEYS, "DEMO": "on"}, "DEMO"),
    ],
)  # fmt: skip
def test_it_does_not_start_on_what_everybody_knows(tmp_path, told, named):
    done = start(tmp_path, **told)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {named}:")
    assert SECRET not in done.stderr


@pytest.mark.parametrize("url", ["elasticsearch:9200", "http://somewhere.test:9200/Two/Words"])
def test_it_does_not_start_on_a_search_node_that_could_never_answer(tmp_path, url):
    done = start(tmp_path, SEARCH_URL=url)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].startswith("django.core.exceptions.ImproperlyConfigured: SEARCH_URL:")


def test_what_production_is_like(tmp_path):
    done = start(tmp_path, ALLOWED_HOSTS="example.org", SITE_URL="https://example.org", **KEYS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "PRODUCTION": True, "DEMO": False, "DEBUG": False, "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax", "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
    }  # fmt: skip


def test_djangos_own_check_finds_only_what_is_decided_otherwise(tmp_path):
    """The proxy redirects to TLS (W008); whether subdomains speak it is the owner's to say (W005, W021)."""
    program = """
import django; django.setup()
from django.core.checks import run_checks
print(" ".join(sorted(found.id for found in run_checks(include_deployment_checks=True))))
"""
    done = start(tmp_path, program, ALLOWED_HOSTS="example.org", SITE_URL="https://example.org", **KEYS)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) <= {"security.W005", "security.W008", "security.W021"}


@pytest.fixture
def demo_treasurer(world):
    Organization.objects.filter(pk=world.organization.pk).update(is_demo=True)
    return world.treasurer


def test_a_demo_that_came_along_is_closed(world, demo_treasurer):
    with override_settings(PRODUCTION=True):
        close_demo_in_production()
    assert not User.objects.get(pk=demo_treasurer.pk).is_active
    assert not Organization.objects.get(pk=world.organization.pk).is_open
    assert User.objects.get(pk=world.other_treasurer.pk).is_active  # of a real organization


def test_on_a_laptop_it_stays_open(demo_treasurer):
    with override_settings(PRODUCTION=False):
        close_demo_in_production()
    assert User.objects.get(pk=demo_treasurer.pk).is_active


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite, whatever the suite runs on")
def test_the_doors_open_as_the_server_opens_them(tmp_path, tmp_path_factory):
    """The whole way, as granian goes it: on a migrated database, in a process that has imported nothing yet."""
    migrated = Migrated(shared_folder(tmp_path_factory) / "migrated")
    with migrated.alone():
        migrated.make_once()
        shutil.copy(migrated.file, tmp_path / "chophien.sqlite3")
    for told in ({}, {"ALLOWED_HOSTS": "example.org", "SITE_URL": "https://example.org", **KEYS}):
        opened = start(tmp_path, "import shop.wsgi; print(shop.wsgi.application)", module=False, **told)
        assert opened.returncode == 0, (told, opened.stderr)
        assert "WSGIHandler" in opened.stdout
