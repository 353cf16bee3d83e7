"""How fast a large statement is read and proved."""

import csv
import io
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from payments.statements.banks import read_statement

ROWS = 100_000


def statement() -> bytes:
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
        writer.writerow([f"{when:%d/%m/%Y}", f"FT{row:09d}", debit, credit, balance, f"CP7K2M9Q9M {row}"])
    return out.getvalue().encode()


def main() -> None:
    data = statement()
    began = time.process_time()
    rows = sum(1 for _ in csv.reader(io.StringIO(data.decode())))
    plain = time.process_time() - began
    began = time.process_time()
    read = read_statement(data)
    ours = time.process_time() - began
    assert len(read.rows) == ROWS
    assert read.continuous
    print(f"statements: {ROWS:,} rows in {ours:.1f} s of CPU, {ours / plain:.0f} × csv.reader over {rows:,} lines")


if __name__ == "__main__":
    main()
