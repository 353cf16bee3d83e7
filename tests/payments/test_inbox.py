"""What arrives is written down once, by whatever doors and however often."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperatives.models import BankAccount, Entry
from payments import importing, inbox, settlement, triage
from payments.models import BankTransaction, Feed, PaymentLink, Sighting
from tests.payments.conftest import arrival, order_bags, request_of, statement
from tests.people import World

pytestmark = pytest.mark.django_db

State, Reason = BankTransaction.State, BankTransaction.Reason
DAY = "15/03/2026"


def tell(
    world: World, memo: str = "tien ca kho", dong: int = 100_000, *, source: str = "sepay:live", days: int = 0,
    minutes: int = 0, account: BankAccount | None = None, feed: Feed | None = None, **more: Any,
) -> inbox.Written:  # fmt: skip
    account = account or world.bank_account
    happened_at = world.now + timedelta(days=days, minutes=minutes)
    return inbox.write_down(
        arrival=arrival(memo, dong, at=happened_at, account=account.number, **more),
        organization=account.organization, bank_account=account, source=source, at=world.now, feed=feed,
    )  # fmt: skip


def test_the_same_call_again_is_the_same_rows(world):
    first, again = tell(world, source_id="7"), tell(world, source_id="7")
    assert first.is_new
    assert not again.is_new
    assert (again.sighting, again.transaction) == (first.sighting, first.transaction)
    assert (Sighting.objects.count(), BankTransaction.objects.count()) == (1, 1)


def test_the_same_id_with_blanks_moved_is_no_contradiction(world):
    first = tell(world, "Tiền cá khô", source_id="7")
    again = tell(world, "tien  ca kho", source_id="7")
    assert again.sighting == first.sighting
    assert not Sighting.objects.get().contradicted


def test_the_same_id_with_other_content_is_kept_and_books_nothing(world):
    order = order_bags(world)
    first = tell(world, request_of(order).code, 150_000, source_id="7")
    for _time in range(3):
        second = tell(world, request_of(order).code, 950_000, source_id="7")
        assert not second.is_new
        assert second.transaction == first.transaction
    told = list(Sighting.objects.order_by("id").values_list("amount_dong", "contradicted"))
    assert told == [(150_000, True), (950_000, True)]
    line = settlement.settle(transaction_id=first.transaction.pk, at=world.now)
    assert (line.state, line.reason, line.used_dong) == (State.NEEDS_YOU, Reason.CONFLICT, 0)
    assert set(line.sightings.values_list("amount_dong", flat=True)) == {150_000, 950_000}


def test_a_contradiction_after_the_money_is_settled_is_still_said(world, comes):
    line = comes(request_of(order_bags(world)).code, 150_000, source_id="7")
    entries = Entry.objects.count()
    tell(world, "khac", 150_000, source_id="7")
    line.refresh_from_db()
    assert (line.state, line.reason, line.used_dong) == (State.SETTLED, Reason.CONFLICT, 150_000)
    assert Entry.objects.count() == entries


def test_the_account_is_part_of_the_identity(world):
    ours, theirs = tell(world, source_id="7"), tell(world, source_id="7", account=world.other_bank_account)
    assert ours.transaction != theirs.transaction
    assert theirs.transaction.organization == world.other_organization


def test_two_equal_transfers_are_two(world):
    assert [tell(world).transaction.occurrence for _time in range(2)] == [1, 2]


@pytest.mark.parametrize("days", [-7, -1, 0, 3, 7])
def test_a_second_source_joins_by_the_banks_reference(world, days):
    line = tell(world, reference="FT26074000001").transaction
    again = tell(world, "noi dung viet khac han", source="casso:live", days=days, reference="FT26074000001")
    assert again.transaction == line
    assert again.sighting.transaction == line


def test_a_reference_joins_neither_other_sums_nor_other_directions(world):
    tell(world, reference="FT1")
    assert tell(world, dong=100_001, source="casso:live", reference="FT1").is_new
    assert tell(world, direction="out", source="casso:live", reference="FT1").is_new
    assert tell(world, "khac", source="casso:live", reference="FT1", days=8).is_new


def test_a_second_source_joins_by_the_balance(world):
    line = tell(world, balance_dong=900_000).transaction
    assert tell(world, "khac", source="statement", balance_dong=900_000, days=1).transaction == line
    assert tell(world, "tien ca kho", source="casso:live", balance_dong=800_000).is_new  # same memo, other balance


@pytest.mark.parametrize(("days", "joins"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_second_source_joins_by_the_memo_within_a_day(world, days, joins):
    tell(world, "Tiền cá khô")
    assert tell(world, "TIEN CA  KHO", source="casso:live", days=days).is_new is not joins


def test_the_nearest_day_is_joined_first(world):
    yesterday, today = tell(world, days=-1).transaction, tell(world).transaction
    assert tell(world, source="casso:live").transaction == today
    assert tell(world, source="casso:live").transaction == yesterday


def test_what_the_first_source_did_not_say_is_filled_in(world):
    line = tell(world).transaction
    tell(world, source="casso:live", reference="FT9", balance_dong=5)
    line.refresh_from_db()
    assert (line.reference, line.balance_dong) == ("FT9", 5)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sepay=st.integers(0, 3), casso=st.integers(0, 3), rows=st.integers(1, 3), balances=st.booleans(), dice=st.randoms()
)
def test_k_equal_transfers_stay_k_in_any_order_of_the_sources(world, sepay, casso, rows, balances, dice):
    """The largest count over the sources, each file twice and once more in another format."""
    told: list[Any] = [("sepay:live", n) for n in range(sepay)] + [("casso:live", n) for n in range(casso)]
    plain = statement([(DAY, "", 100_000, "tien ca kho")] * rows, opening=None)
    other = statement([(DAY, "", 100_000, "TIEN CA KHO")] * rows, opening=0 if balances else None)
    told += [("file", plain), ("file", other), ("file", plain)]
    dice.shuffle(told)
    with transaction.atomic():
        for source, what in told:
            if source == "file":
                importing.import_statement(
                    bank_account_id=world.bank_account.pk, name="sao ke.csv", data=what, actor=world.treasurer,
                    at=world.now,
                )  # fmt: skip
            else:
                for _time in range(2):
                    tell(world, source=source, source_id=str(what))
        assert BankTransaction.objects.count() == max(sepay, casso, rows)
        transaction.set_rollback(True)


def test_money_of_another_account_is_evidence_and_nothing_more(world):
    for dong in (100_000, 100_000, 200_000):
        written = inbox.write_down(
            arrival=arrival("nham", dong, at=world.now, source_id="7", account="999"), organization=world.organization,
            bank_account=None, source="sepay:live", at=world.now,
        )  # fmt: skip
        assert (written.transaction, written.is_new) == (None, False)
    assert list(Sighting.objects.order_by("id").values_list("amount_dong", flat=True)) == [100_000, 200_000]
    assert not BankTransaction.objects.exists()


def test_a_memo_as_long_as_a_call_is_kept_whole(world):
    memo = "CPAB " * 12_000
    line = tell(world, memo).transaction
    assert settlement.settle(transaction_id=line.pk, at=world.now).memo == memo


# -- Why it stands there, who paid, and through what -------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "again", "why"),
    [
        ({"reference": "FT1"}, {"memo": "khac", "reference": "FT1"}, "reference"),
        ({"balance_dong": 5}, {"memo": "khac", "balance_dong": 5}, "balance"),
        ({}, {"memo": "TIEN CA KHO"}, "memo"),
    ],
)
def test_a_sighting_says_why_it_stands_under_its_line(world, first, again, why):
    assert tell(world, **first).sighting.joined_by == "first"
    assert tell(world, source="casso:live", **again).sighting.joined_by == why


def test_whoever_paid_is_kept_and_filled_in(world):
    line = tell(world, payer_account="0123").transaction
    tell(world, source="casso:live", payer_account="9999", payer_name="NGUYEN VAN A")
    line.refresh_from_db()
    assert (line.payer_account, line.payer_name) == ("0123", "NGUYEN VAN A")


def test_another_currency_is_evidence_and_no_line(world):
    for _time in range(2):
        written = tell(world, currency="USD", source_id="7")
        assert (written.transaction, written.is_new, written.sighting.currency) == (None, False, "USD")
        assert written.sighting.bank_account == world.bank_account
    assert (Sighting.objects.count(), BankTransaction.objects.count()) == (1, 0)
    tell(world, source_id="7")  # the same id, now in đồng: another content
    assert Sighting.objects.filter(contradicted=True).count() == 2
    assert not BankTransaction.objects.exists()


def test_the_link_that_was_paid_is_known(world, feed):
    link = PaymentLink.objects.create(
        organization=world.organization, feed=feed, payment_request=request_of(order_bags(world)), number="17",
        amount_dong=150_000, key="k", created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    assert tell(world, "mot", feed=feed, link="17").transaction.link == link
    assert tell(world, "hai", feed=feed, link="18").transaction.link is None
    line = tell(world, "ba").transaction
    assert tell(world, "ba", feed=feed, link="17", source="casso:live").transaction.link == link
    line.refresh_from_db()
    assert line.link == link


# -- Text messages -----------------------------------------------------------------------------------------

LONG = "CP7K2M9Q9M chuyen tien mua ca"
CUT = "CP7K2M9Q9M chuyen ti..."


@pytest.mark.parametrize(("first", "second"), [("sms", "sepay:live"), ("sepay:live", "sms")])
@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((LONG, LONG), "memo"), ((LONG, CUT), "memo"), ((LONG, "GD: " + LONG + "~"), "memo"), ((LONG, ""), "time"),
        (("Hoc phi", "khac"), "time"),
    ],
)  # fmt: skip
def test_a_message_and_another_source_are_the_same_money(world, first, second, words, why):
    memo = {"sepay:live": words[0], "sms": words[1]}
    line = tell(world, memo[first], source=first).transaction
    again = tell(world, memo[second], source=second, minutes=9)
    assert (again.transaction, again.sighting.joined_by) == (line, why)


def test_a_message_about_another_code_is_other_money(world):
    ours, theirs = (request_of(order_bags(world)).code for _order in range(2))
    tell(world, ours, source="sms")
    assert tell(world, theirs).is_new
    assert not tell(world, f"{ours} va them", source="casso:live").is_new


def test_minutes_count_only_where_a_source_gives_them(world):
    tell(world, "mot", source="sms")
    assert tell(world, "hai", minutes=11).is_new
    midnight = -9 * 60
    tell(world, "mot", 7, source="sms", minutes=midnight + 5)
    assert tell(world, "hai", 7, minutes=midnight).is_new


def test_time_alone_joins_only_where_one_line_fits(world):
    tell(world, "mot"), tell(world, "hai")
    assert tell(world, "", source="sms", minutes=1).is_new


def test_a_second_source_wakes_what_a_message_alone_told(world):
    order = order_bags(world)
    code = request_of(order).code
    claim = settlement.settle(
        transaction_id=tell(world, f"{code} chu...", 150_000, source="sms").transaction.pk, at=world.now
    )
    assert (claim.state, claim.reason, claim.booked_at) == (State.NEEDS_YOU, Reason.SMS_ONLY, None)
    written = tell(world, f"{code} chuyen tien", 150_000)
    assert (written.wakes, written.transaction.state, written.transaction.reason) == (True, State.NEW, "")
    assert written.transaction.memo == f"{code} chuyen tien"
    assert settlement.settle(transaction_id=claim.pk, at=world.now).state == State.SETTLED
    assert not tell(world, f"{code} chuyen tien", 150_000, source="casso:live").wakes


def test_a_statement_wakes_it_too(world):
    code = request_of(order_bags(world)).code
    claim = tell(world, f"{code} chuyen...", 150_000, source="sms").transaction
    settlement.settle(transaction_id=claim.pk, at=world.now)
    file = importing.import_statement(
        bank_account_id=world.bank_account.pk, name="a.csv", actor=world.treasurer, at=world.now,
        data=statement([(DAY, "FT1", 150_000, f"{code} chuyen tien mua ca")]),
    )  # fmt: skip
    claim.refresh_from_db()
    assert (file.added, claim.state, claim.reference, claim.balance_dong) == (0, State.SETTLED, "FT1", 150_000)


def test_what_was_dismissed_on_a_message_alone_wakes(world):
    claim = tell(world, source="sms").transaction
    settlement.settle(transaction_id=claim.pk, at=world.now)
    triage.dismiss(transaction_id=claim.pk, reason="tin giả", actor=world.treasurer, key=None, at=world.now)
    written = tell(world)
    assert (written.transaction, written.wakes, written.transaction.dismissed_by) == (claim, True, None)


def test_what_a_person_declared_stays_as_she_booked_it(world):
    code = request_of(order_bags(world)).code
    claim = tell(world, f"{code} chuyen...", 150_000, source="sms").transaction
    settlement.settle(transaction_id=claim.pk, at=world.now)
    triage.assign(
        transaction_id=claim.pk, parts=[triage.Part(code, 150_000)], reason="đã thấy tiền", actor=world.treasurer,
        key=None, at=world.now,
    )  # fmt: skip
    for source in ("sepay:live", "casso:live", "statement"):  # each knows it by what the one before said
        written = tell(world, f"{code} chuyen tien mua ca", 150_000, source=source)
        assert (written.transaction, written.wakes) == (claim, False)
    claim.refresh_from_db()
    assert (claim.state, claim.memo, claim.declared_by) == (State.SETTLED, f"{code} chuyen...", world.treasurer)


def test_a_message_fills_nothing_and_gives_way(world):
    """Its balance may be the one that can be spent: taken for the bank's it would tell one line apart in two."""
    line = tell(world, LONG, source="sms", balance_dong=777, reference="SMS-1").transaction
    tell(world, LONG)
    line.refresh_from_db()
    assert (line.reference, line.balance_dong) == ("", None)
    tell(world, LONG, source="casso:live", balance_dong=900_000, reference="FT1")
    line.refresh_from_db()
    assert (line.reference, line.balance_dong) == ("FT1", 900_000)
    other = tell(world, "khac", 5).transaction
    tell(world, "khac", 5, source="sms", balance_dong=777)
    other.refresh_from_db()
    assert other.balance_dong is None


def test_a_message_that_contradicts_itself_stays_a_claim(world):
    claim = tell(world, source="sms", source_id="1").transaction
    settlement.settle(transaction_id=claim.pk, at=world.now)
    tell(world, dong=999_999, source="sms", source_id="1")
    claim.refresh_from_db()
    assert (claim.state, claim.reason, claim.booked_at) == (State.NEEDS_YOU, Reason.SMS_ONLY, None)


TWINS = st.integers(1, 3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(twins=TWINS, cut=st.booleans(), dice=st.randoms(use_true_random=False), count=st.integers(1, 5))
def test_genuine_twins_are_as_many_as_there_are_in_any_order(world, twins, cut, dice, count):
    """Some tellings of 1 to 3 equal transfers, one after the other, then the bank's whole day in three formats."""
    memo, short = LONG, CUT if cut else LONG
    all_tellings = [(source, number) for source in ("sepay:live", "casso:live", "sms") for number in range(twins)]
    all_tellings += [("file", shape) for shape in ("balances", "plain", "morning")]
    told = dice.sample(all_tellings, min(count, len(all_tellings)))
    day = [(DAY, "", 100_000, memo)] * twins
    files = {
        "balances": statement(day, opening=0), "plain": statement(day, opening=None),
        "morning": statement(day[:1], opening=0), "upper": statement([(*row[:3], memo.upper()) for row in day]),
    }  # fmt: skip

    def put(shape: str) -> None:
        importing.import_statement(
            bank_account_id=world.bank_account.pk, name="a.csv", data=files[shape], actor=world.treasurer, at=world.now
        )

    with transaction.atomic():
        for source, what in told:
            if source == "file":
                put(str(what))
            else:
                number = int(what)
                by_sms = {"balance_dong": 100_000 * (number + 1), "minutes": number} if source == "sms" else {}
                line = tell(
                    world, short if by_sms else memo, source=source, source_id=f"{number}", **by_sms
                ).transaction
                settlement.settle(transaction_id=line.pk, at=world.now)
            assert BankTransaction.objects.count() <= twins
        for shape in ("balances", "plain", "upper"):
            put(shape)
            assert BankTransaction.objects.count() == BankTransaction.objects.booked().count() == twins
        transaction.set_rollback(True)
