"""Kill -9 in the middle of a statement: all of its rows or none; done again it is whole. PROVE=1: many kills."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from payments import importing, settlement
from payments.models import BankTransaction, Sighting, StatementFile
from tests.elsewhere import Elsewhere
from tests.figures import Figure
from tests.payments.conftest import is_clean, statement
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

KILLS = 20 if os.environ.get("PROVE") else 3
ROWS = 200


def a_file(number: int) -> bytes:
    """The balances of one file go on where the one before ended: equal balances would be one and the same money."""
    today = timezone.localdate().strftime("%d/%m/%Y")
    amounts = [1_000 + row for row in range(ROWS)]
    rows = [(today, f"FT{number:03}{dong:05}", dong, f"ung ho {number} {dong}") for dong in amounts]
    return statement(rows, opening=number * sum(amounts))


def killed_after(seconds: float | None, *, elsewhere: Elsewhere, world: World, file: Path) -> float:
    """Import ``file`` in a process and kill it after ``seconds`` (None: let it finish); how long it lived."""
    command = [sys.executable, "-m", "tests.kill.importer", str(world.bank_account.pk), str(world.treasurer.pk)]
    with subprocess.Popen(
        [*command, str(file)], env=elsewhere.environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            began = time.monotonic()
            if seconds is None:
                assert process.stdout.readline() == "done\n"
            else:
                time.sleep(seconds)
            return time.monotonic() - began
        finally:
            process.kill()


@pytest.mark.timeout(1800)
def test_a_statement_is_there_whole_or_not_at_all(world: World, tmp_path: Path, figure: Figure) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10_000))
    chance, elsewhere = random.Random(seed), Elsewhere(tmp_path / "imports.sqlite3")
    elsewhere.send()
    files = [tmp_path / f"{number}.csv" for number in range(KILLS + 1)]
    for number, file in enumerate(files):
        file.write_bytes(a_file(number))
    whole = killed_after(None, elsewhere=elsewhere, world=world, file=files[0])
    none = 0
    for file in files[1:]:
        killed_after(chance.triangular(0.0, whole, 0.0), elsewhere=elsewhere, world=world, file=file)
        elsewhere.fetch()
        rows = Sighting.objects.filter(statement_file__name=str(file)[:120]).count()
        there = StatementFile.objects.filter(name=str(file)[:120]).count()
        assert (there, rows) in {(0, 0), (1, ROWS)}, f"seed {seed}, {file.name}: {rows} of {ROWS} rows"
        none += not there
    now = timezone.now()
    for file in files:
        data = file.read_bytes()
        importing.import_statement(
            bank_account_id=world.bank_account.pk, name=str(file), data=data, actor=world.treasurer, at=now
        )
    while settlement.settle_new(at=now, most=1000):
        pass
    assert StatementFile.objects.count() == len(files)
    assert Sighting.objects.count() == BankTransaction.objects.count() == len(files) * ROWS
    assert is_clean(world.organization, at=now)
    figure(f"kill in an import: seed {seed}: {KILLS} kills, {none} left nothing, {KILLS - none} everything, 0 a part")
