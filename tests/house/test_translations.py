"""Whoever reads English misses nothing, and reads what the catalogue says."""

import re
from pathlib import Path

import polib
import pytest

from tests.house.tree import files, relative

CATALOGUES = [path for path in files(".po") if relative(path).startswith("locale/")]


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_every_text_is_translated(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert len(catalogue) > 0
    assert [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()] == []


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
