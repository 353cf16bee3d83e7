"""Whoever reads English misses nothing, and reads what the catalogue says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.house.tree import ROOT, files, relative

CATALOGUES = [path for path in files(".po") if relative(path).startswith("locale/")]


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_every_text_is_translated(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert len(catalogue) > 0
    missing = [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]
    assert missing == [], f"{len(missing)} texts wait for a translation"


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_a_translation_keeps_the_placeholders(path: Path) -> None:
    names = re.compile(r"%\((\w+)\)|\{(\w*)\}")
    for entry in polib.pofile(str(path)):
        if entry.translated() and not entry.msgid_plural:
            assert set(names.findall(entry.msgid)) == set(names.findall(entry.msgstr)), entry.msgid


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_the_compiled_catalogue_is_the_written_one(path: Path) -> None:
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    written = {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.pofile(str(path)) if e.translated()}
    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == written, "run make messages"


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="no gettext on this machine: apt-get install gettext")
@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_every_text_of_the_code_is_in_the_catalogue(path: Path, tmp_path: Path) -> None:
    floors = ("base", "cooperatives", "catalog", "orders", "payments", "storefront", "shop", "locale")
    for folder in floors:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    language = path.relative_to(ROOT / "locale").parts[0]
    gather = [sys.executable, "manage.py", "makemessages", "--locale", language, "--no-obsolete"]
    product = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
    done = subprocess.run(gather, cwd=tmp_path, env=product, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    gathered = {(e.msgctxt, e.msgid) for e in polib.pofile(str(tmp_path / path.relative_to(ROOT))) if not e.obsolete}
    kept = {(e.msgctxt, e.msgid) for e in polib.pofile(str(path)) if not e.obsolete}
    assert gathered - kept == set(), "run make messages, then translate what is new"
    assert kept - gathered == set(), "no longer said anywhere: run make messages"
