"""How fast a large statement is read and proved, written down, and settled. On SQLite, and on PostgreSQL where
DATABASE_URL names one; each on a database of its own, made for this and dropped again."""

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

ROWS = 100_000
MOST_S = 10.0
"""To read, prove and write down ROWS rows."""
_DATABASE = "BENCHMARK_DATABASE"  # set for the process that measures one database
T = TypeVar("T")


def statement() -> bytes:
    """Transfers of a year: 400 a day, each ninth goes out; no memo carries a code of ours."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Ngày", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"])
    balance, day = 5_000_000, date(2026, 1, 1)
    for row in range(ROWS):
        dong = 1_000 + row % 977 * 500
        out_first = row % 9 == 0 and balance > dong
        balance += -dong if out_first else dong
        when = day + timedelta(days=row // 400)
        debit, credit = (dong, "") if out_first else ("", dong)
        memo = f"NGUYEN THI HOA {row} chuyen tien hang thang {when.month}"
        writer.writerow([f"{when:%d/%m/%Y}", f"FT{row:09d}", debit, credit, balance, memo])
    return out.getvalue().encode()


def main() -> None:
    database = os.environ.get(_DATABASE)
    if database is not None:
        sys.exit(0 if measure(database) else 1)
    urls = [""]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        urls.append(os.environ["DATABASE_URL"])
    failed = 0
    for url in urls:
        with tempfile.TemporaryDirectory() as folder:
            name = f"benchmark_statements_{os.getpid()}" if url else f"{folder}/statements.sqlite3"
            given = os.environ | {"DATABASE_URL": url or f"sqlite:///{folder}/none.sqlite3", _DATABASE: name}
            failed += subprocess.run([sys.executable, __file__], env=given, check=False).returncode
    sys.exit(1 if failed else 0)


def measure(name: str) -> bool:
    """Read, import and settle ROWS rows on a fresh database called ``name``; whether the import was quick enough."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measured()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measured() -> bool:
    from django.db import connection

    from base.periods import VIETNAM_OFFSET
    from payments import importing, settling_many
    from payments.audit import audit
    from payments.models import BankTransaction
    from payments.statements.banks import read_statement
    from tests import people

    data, which = statement(), connection.vendor
    plain, _ = _timed(lambda: sum(1 for _ in csv.reader(io.StringIO(data.decode()))))
    world = people.make_world()
    at = datetime(2026, 12, 31, 9, 0, tzinfo=VIETNAM_OFFSET)
    reading, read = _timed(lambda: read_statement(data))
    assert len(read.rows) == ROWS
    assert read.continuous

    def put() -> None:
        importing.import_statement(
            bank_account_id=world.bank_account.pk, name="nam.csv", data=data, actor=world.treasurer, at=at
        )

    whole, _ = _timed(put)
    assert BankTransaction.objects.count() == ROWS
    again, _ = _timed(lambda: importing.import_statement(
        bank_account_id=world.bank_account.pk, name="nam.csv", data=data + b"\n", actor=world.treasurer, at=at
    ))  # fmt: skip
    assert BankTransaction.objects.count() == ROWS
    settling, _ = _timed(lambda: _until_done(lambda: settling_many.settle_many(at=at)))
    assert not BankTransaction.objects.new().exists()
    auditing, figures = _timed(lambda: audit(world.organization, at=at))
    assert figures.is_clean, figures
    _say(which, "plain csv.reader", plain)
    _say(which, "read and proved", reading)
    _say(which, "imported: read, proved, written down, first rows settled", whole)
    _say(which, "the same rows imported once more", again)
    _say(which, "the others settled", settling)
    _say(which, "books audited", auditing)
    return whole[0] <= MOST_S


def _until_done(do: Callable[[], int]) -> None:
    while do():
        pass


def _timed(do: Callable[[], T]) -> tuple[tuple[float, float], T]:
    """Seconds by the clock and of CPU."""
    began, worked = time.perf_counter(), time.process_time()
    result = do()
    return (time.perf_counter() - began, time.process_time() - worked), result


def _say(which: str, what: str, spent: tuple[float, float]) -> None:
    print(f"statements, {which}: {what}: {spent[0]:.1f} s, {spent[1]:.1f} s of CPU, {ROWS / spent[0]:,.0f} rows/s")


if __name__ == "__main__":
    main()
