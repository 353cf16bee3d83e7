"""A statement file: believed whole or not at all, and never the same money twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base import many_rows
from base.refusals import NotFound
from cooperatives import ledger
from cooperatives.chart import Kind
from cooperatives.models import Entry
from payments import importing, settlement, statement_rows
from payments.models import BankTransaction, Sighting, StatementFile
from payments.statements.mapping import Mapping
from payments.statements.statement import DoubtfulStatement
from tests.payments.conftest import order_bags, request_of, statement
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_books")]

DAY = "15/03/2026"


def put(world: World, data: bytes, **more: Any) -> StatementFile:
    given = {"name": "sao kê.csv", "actor": world.treasurer, "at": world.now} | more
    return importing.import_statement(bank_account_id=world.bank_account.pk, data=data, **given)


def in_the_bank(world: World) -> int:
    return ledger.total_dong(organization=world.organization, kind=Kind.BANK)


def test_a_file_alone_pays_orders(world):
    order = order_bags(world, 2)
    file = put(world, statement([(DAY, "FT1", 150_000, request_of(order).code), (DAY, "FT2", -11_000, "phi")]))
    order.refresh_from_db()
    assert (file.rows, file.added, file.closing_dong, order.payment) == (2, 2, 139_000, "PAID")
    assert in_the_bank(world) == 139_000


@pytest.mark.parametrize("reference", ["FT26074000001", ""])
def test_webhook_then_statement_is_the_same_money(world, comes, reference):
    code = request_of(order_bags(world, 2)).code
    comes(code, 150_000, reference=reference)
    file = put(world, statement([(DAY, reference, 150_000, code)]))
    assert (file.added, in_the_bank(world), BankTransaction.objects.count(), Sighting.objects.count()) == (
        0, 150_000, 1, 2,
    )  # fmt: skip


@pytest.mark.parametrize("reference", ["FT26074000001", ""])
def test_statement_then_webhook_is_the_same_money(world, comes, reference):
    code = request_of(order_bags(world, 2)).code
    put(world, statement([(DAY, reference, 150_000, code)]))
    line = comes(code, 150_000, reference=reference)
    assert (line.state, in_the_bank(world), line.sightings.count()) == ("SETTLED", 150_000, 2)


def test_the_banks_reference_finds_its_line_before_a_twins_memo_takes_it(world, comes):
    """Newest first: the second transfer, whose call was lost, must not take the first one's evidence."""
    first = comes("tien hoc", 100_000, reference="FT1", at=world.now - timedelta(days=1))
    put(world, statement([("14/03/2026", "FT1", 100_000, "tien hoc"), (DAY, "FT2", 100_000, "tien hoc")]))
    rows = BankTransaction.objects.order_by("day").values_list("pk", "day__day", "reference", "sightings__source")
    assert [row for row in rows if row[0] == first.pk] == [
        (first.pk, 14, "FT1", "sepay:live"), (first.pk, 14, "FT1", "statement"),
    ]  # fmt: skip
    assert [row[1:] for row in rows if row[0] != first.pk] == [(15, "FT2", "statement")]


def test_the_same_bytes_are_the_same_import(world):
    data = statement([(DAY, "FT1", 150_000, "tien ca")])
    assert put(world, data) == put(world, data, name="khác.csv")
    assert (StatementFile.objects.count(), in_the_bank(world)) == (1, 150_000)


def test_days_that_two_files_share_are_counted_once(world):
    rows = [("13/03/2026", "FT1", 10_000, "a"), ("14/03/2026", "FT2", 20_000, "b"), (DAY, "FT3", 30_000, "c")]
    put(world, statement(rows[:2]))
    later = put(world, statement(rows[1:], opening=10_000))
    assert (later.added, in_the_bank(world)) == (1, 60_000)


@pytest.mark.parametrize("twins", [1, 2, 3])
def test_another_format_of_the_same_days_adds_nothing(world, twins):
    rows = [(DAY, "", 10_000, "Tiền cá")] * twins
    put(world, statement(rows, opening=None))
    again = put(world, statement([(DAY, "", 10_000, "TIEN CA")] * twins, account="0011000123456"))
    assert (again.added, in_the_bank(world)) == (0, 10_000 * twins)


def test_a_file_that_names_its_account_and_one_that_does_not_agree(world):
    rows = [(DAY, "FT1", 10_000, "Tiền cá")]
    put(world, statement(rows))
    put(world, statement(rows, account="0011000123456"))
    assert not Sighting.objects.filter(contradicted=True).exists()
    assert in_the_bank(world) == 10_000


def test_a_morning_export_and_an_evening_export(world):
    """The evening brings a true twin of the morning's transfer: it is new, though all it says is the same."""
    put(world, statement([(DAY, "", 10_000, "tien ca")], opening=None))
    evening = put(world, statement([(DAY, "", 10_000, "tien ca")] * 2, opening=None))
    assert (evening.added, in_the_bank(world)) == (1, 20_000)


def test_a_call_without_a_reference_makes_no_fourth_of_three_equal_transfers(world, comes):
    """The third one's call joins the second one's row, then the second one's call comes: three are three."""
    comes("tien ca", 10_000, reference="FT1")
    rows = [(DAY, reference, 10_000, "tien ca") for reference in ("FT1", "FT2", "FT3")]
    put(world, statement([(day, "", dong, memo) for day, _, dong, memo in rows[:2]]))
    comes("tien ca", 10_000)
    comes("tien ca", 10_000, reference="FT2")
    evening = put(world, statement(rows))
    assert (evening.added, in_the_bank(world)) == (0, 30_000)


def test_a_call_that_came_late_makes_no_third_of_two_equal_transfers(world, comes):
    """The first one's call came after a file without references had given its row to the second one's call."""
    comes("tien ca", 10_000, reference="FT2")
    rows = [(DAY, "", 10_000, "tien ca")] * 2
    put(world, statement(rows))
    comes("tien ca", 10_000, reference="FT1")
    again = put(world, statement([(DAY, "FT1", 10_000, "tien ca"), (DAY, "FT2", 10_000, "tien ca")]))
    assert (again.added, in_the_bank(world)) == (0, 20_000)


def test_equal_transfers_stay_what_they_are_through_three_formats(world, comes):
    """The evening's first row takes a line whose balance is another row's; the night's file names no references."""
    rows = [(DAY, f"FT{number}", 10_000, "tien ca") for number in (1, 2, 3)]
    put(world, statement([(day, "", dong, memo) for day, _, dong, memo in rows[:1]]))
    comes("tien ca", 10_000, reference="FT3")
    assert put(world, statement(rows)).added == 2
    night = put(world, statement([(day, "", dong, "TIEN CA") for day, _, dong, memo in rows]))
    assert (night.added, in_the_bank(world)) == (0, 30_000)


def test_a_feed_that_names_a_line_otherwise_makes_no_second_one_of_it(world, comes):
    comes("tien ca", 10_000, reference="W-17")
    first = put(world, statement([(DAY, "FT1", 10_000, "tien ca")], opening=None))
    again = put(world, statement([(DAY, "FT1", 10_000, "TIEN CA")], opening=None))
    assert (first.added, again.added, in_the_bank(world)) == (0, 0, 10_000)


def test_the_next_days_equal_transfer_is_another_one(world):
    put(world, statement([("14/03/2026", "", 10_000, "tien ca")], opening=None))
    put(world, statement([(DAY, "", 10_000, "tien ca")], opening=None))
    assert in_the_bank(world) == 20_000


# -- Refusals: the whole file, and nothing half done -------------------------------------------------------


def nothing() -> bool:
    kinds = StatementFile, BankTransaction, Sighting, Entry
    return not any(kind.objects.exists() for kind in kinds)


def test_a_file_of_another_account_is_refused_whole(world):
    with pytest.raises(importing.WrongAccount) as refused:
        put(world, statement([(DAY, "FT1", 150_000, "tien ca")], account="0011000999999"))
    assert "0011000999999" in refused.value.message
    assert nothing()


def test_days_that_have_not_come_are_refused_whole(world):
    with pytest.raises(importing.FutureDays):
        put(world, statement([(DAY, "FT1", 1_000, "a"), ("16/03/2026", "FT2", 1_000, "b")]))
    assert nothing()


def test_a_row_that_is_missing_refuses_the_rest(world):
    lines = statement([(DAY, "FT1", 1_000, "a"), (DAY, "FT2", 2_000, "b"), (DAY, "FT3", 3_000, "c")]).splitlines(True)
    with pytest.raises(DoubtfulStatement) as doubt:
        put(world, b"".join(lines[:2] + lines[3:]))
    assert doubt.value.row == 3
    assert nothing()


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 50, b"PK\x03\x04 no zip", "chữ\n".encode("utf-16")])
def test_what_is_no_statement_is_refused(world, data):
    with pytest.raises(DoubtfulStatement):
        put(world, data)
    assert nothing()


def test_a_file_too_large_is_not_even_read(world):
    with pytest.raises(importing.StatementTooLarge):
        put(world, b" " * (importing.MOST_BYTES + 1))


def test_a_crash_in_the_middle_leaves_nothing(world, monkeypatch):
    """The lines stand, their evidence is about to: then the power goes."""
    real = statement_rows.insert_rows

    def insert_rows(model: Any, *given: Any) -> None:
        if model is Sighting:
            assert BankTransaction.objects.count() == 3
            raise RuntimeError("mất điện")
        real(model, *given)

    data = statement([(DAY, "FT1", 1_000, "a"), (DAY, "FT2", 2_000, "b"), (DAY, "FT3", 3_000, "c")])
    monkeypatch.setattr(statement_rows, "insert_rows", insert_rows)
    with pytest.raises(RuntimeError):
        put(world, data)
    assert nothing()
    monkeypatch.undo()
    assert put(world, data).added == 3


def test_a_row_that_cannot_be_settled_waits_and_the_file_is_in(world, monkeypatch):
    data = statement([(DAY, "FT1", 1_000, "a"), (DAY, "FT2", 2_000, "b")])
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "post", lambda **_given: 1 / 0)
        assert put(world, data).added == 2
    assert set(BankTransaction.objects.values_list("state", flat=True)) == {"NEW"}
    settlement.settle_new(at=world.now)
    assert in_the_bank(world) == 3_000


@pytest.mark.parametrize("who", ["other_treasurer", "manager", "clerk", "buyer"])
def test_a_stranger_has_no_such_account(world, who):
    data = statement([(DAY, "FT1", 1_000, "a")])
    with pytest.raises(NotFound):
        put(world, data, actor=getattr(world, who))
    with pytest.raises(NotFound):
        importing.import_statement(
            bank_account_id=10**9, name="a", data=data, actor=world.treasurer, at=world.now
        )  # fmt: skip
    assert nothing()


def test_a_name_no_database_takes_is_cleaned(world):
    file = put(world, statement([(DAY, "FT1", 1_000, "a")]), name="sao\x00kê\ud800\n" + "x" * 500)
    assert file.name == ("saokê " + "x" * 500)[:120]


def test_a_file_costs_the_same_few_questions_whatever_its_length(world, monkeypatch):
    monkeypatch.setattr(importing, "_settle", lambda *_given, **_when: None)
    cost = []
    put(world, statement([(DAY, "FT1000", 999, "a")]))
    for first, count in ((0, 5), (100, 60)):
        rows = [(DAY, f"FT{first + number}", 1_000 + first + number, f"a{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as asked:
            put(world, statement(rows))
        cost.append(len(asked))
    assert cost[0] == cost[1]
    settlement.settle_new(at=world.now)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_file_that_is_saved_in_parts_is_the_same_file(world, comes, monkeypatch, size):
    for name in ("_ASKED_AT_ONCE", "_CHANGED_AT_ONCE"):
        monkeypatch.setattr(statement_rows, name, size)
    monkeypatch.setattr(many_rows, "_HELD_AT_ONCE", size)
    comes("tien ca", 10_000, reference="FT1")
    rows = [(DAY, f"FT{number}", 10_000, "tien ca") for number in range(1, 8)]
    assert put(world, statement(rows[:4])).added == 3
    assert put(world, statement(rows)).added == 3
    lines = BankTransaction.objects.order_by("occurrence").values_list("occurrence", "balance_dong")
    assert list(lines) == [(number, 10_000 * number) for number in range(1, 8)]


def test_the_file_says_how_it_was_read_and_how_far_it_has_come(world, monkeypatch):
    monkeypatch.setattr(importing, "_SETTLED_AT_ONCE", 2)
    file = put(world, statement([(DAY, f"FT{number}", 1_000 + number, "a") for number in range(5)]))
    assert file.bank == "generic"
    assert importing.progress(file) == importing.Progress(rows=5, settled=2, waiting=3)
    settlement.settle_new(at=world.now)
    assert importing.progress(file) == importing.Progress(rows=5, settled=5, waiting=0)


def test_of_a_long_file_the_worker_settles_the_rest(world, monkeypatch):
    monkeypatch.setattr(importing, "_SETTLED_AT_ONCE", 2)
    put(world, statement([(DAY, f"FT{number}", 1_000 + number, "a") for number in range(5)]))
    assert BankTransaction.objects.new().count() == 3
    assert settlement.settle_new(at=world.now) == 3
    assert in_the_bank(world) == 5_010


def test_a_file_is_read_by_the_columns_that_a_person_pointed_out(world):
    data = "Khi;Diễn giải;Vào;Ra\n15/03/2026;tien ca;10.000;\n15/03/2026;phi;;2.000\n".encode()
    mapping = Mapping(
        name="Ngân hàng Xã", header_row=1, heads=("Khi", "Diễn giải", "Vào", "Ra"), date=0, memo=1, amount_in=2,
        amount_out=3, thousands=".", separator=";",
    )  # fmt: skip
    file = put(world, data, mapping=mapping)
    assert (file.bank, file.rows, file.added, in_the_bank(world)) == ("mapped", 2, 2, 8_000)


def test_of_the_first_rows_each_is_settled_as_if_it_had_come_alone(world, monkeypatch):
    """Most are settled together: none of them waits, and a code among them is found."""
    order = order_bags(world, 2)
    rows = [(DAY, f"FT{number}", 1_000 + number, "tien ca") for number in range(40)]
    rows[20] = (DAY, "FT20", 150_000, request_of(order).code)
    with CaptureQueriesContext(connection) as asked:
        file = put(world, statement(rows))
    assert importing.progress(file).waiting == 0
    assert request_of(order).credited_dong == 150_000
    assert BankTransaction.objects.filter(reason="NO_CODE").count() == 39
    assert len(asked) < 6 * len(rows)  # one by one they take a dozen each


def test_rows_that_cannot_be_settled_together_are_settled_alone(world, monkeypatch):
    monkeypatch.setattr(ledger, "post_many", lambda **_given: 1 / 0)
    file = put(world, statement([(DAY, f"FT{number}", 1_000 + number, "tien ca") for number in range(25)]))
    assert importing.progress(file).waiting == 0
    assert in_the_bank(world) == sum(1_000 + number for number in range(25))
