"""What a new reading means beside those before it, and which ones a person is asked to look at again."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.periods import BadPeriod
from payments.bills import meters
from payments.bills.meters import Shown, Verdict
from payments.models import Reading

TODAY = date(2026, 3, 28)


def reading(month: str, old: int, new: int, *, used: int | None = None, changed: bool = False) -> Reading:
    return Reading(
        month=month, read_on=date(2026, 3, 1), old_value=old, new_value=new, meter_changed=changed,
        used=new - old if used is None else used,
    )  # fmt: skip


def shown(new_value: int, *, month: str = "2026-03", read_on: date = TODAY, **more: object) -> Shown:
    return Shown(month=month, read_on=read_on, new_value=new_value, **more)  # type: ignore[arg-type]


def judged(said: Shown, *live: Reading, is_billed: bool = False) -> Verdict:
    return meters.judged(said, live=live, is_billed=is_billed, today=TODAY)


JANUARY, FEBRUARY = reading("2026-01", 100, 110), reading("2026-02", 110, 122)


def test_the_old_value_is_what_the_last_month_showed() -> None:
    assert judged(shown(135), FEBRUARY, JANUARY) == Verdict(old_value=122, used=13, replaces=None)


def test_the_first_reading_of_a_meter_says_both_values() -> None:
    with pytest.raises(meters.OldValueMissing):
        judged(shown(135))
    assert judged(shown(135, old_value=120)).used == 15


def test_a_meter_does_not_run_backwards() -> None:
    with pytest.raises(meters.MeterWentBack) as refused:
        judged(shown(121), FEBRUARY)
    assert (refused.value.details["new"], refused.value.details["old"]) == ("121", "122")


def test_a_changed_meter_says_how_much_was_used() -> None:
    with pytest.raises(meters.UsedMissing):
        judged(shown(4, meter_changed=True), FEBRUARY)
    assert judged(shown(4, meter_changed=True, used=11), FEBRUARY) == Verdict(122, 11, None)


def test_what_was_used_and_what_the_values_say_must_agree() -> None:
    with pytest.raises(meters.UsedDiffers):
        judged(shown(135, used=12), FEBRUARY)
    assert judged(shown(135, used=13), FEBRUARY).used == 13


def test_a_jump_is_asked_about_and_goes_in_once_somebody_is_sure() -> None:
    with pytest.raises(meters.LooksWrong) as refused:
        judged(shown(1_350), JANUARY, FEBRUARY)
    assert (refused.value.details["used"], refused.value.details["usual"]) == ("1.228", "11")
    assert "1.228" in refused.value.message
    assert judged(shown(1_350, sure=True), JANUARY, FEBRUARY).used == 1_228


@pytest.mark.parametrize(("used", "is_asked"), [(20, False), (55, False), (56, True)])
def test_five_times_the_average_of_three_months_is_the_border(used: int, is_asked: bool) -> None:
    live = [
        reading("2025-11", 0, 0), reading("2025-12", 0, 9), reading("2026-01", 9, 20), reading("2026-02", 20, 33)
    ]  # fmt: skip
    if is_asked:
        with pytest.raises(meters.LooksWrong):
            judged(shown(33 + used), *live)
    else:
        assert judged(shown(33 + used), *live).used == used


def test_little_use_after_none_is_not_asked_about() -> None:
    empty = reading("2026-02", 50, 50)
    assert judged(shown(70), empty).used == 20
    with pytest.raises(meters.LooksWrong):
        judged(shown(71), empty)


def test_the_same_month_said_the_same_way_is_the_same() -> None:
    march = reading("2026-03", 122, 135)
    march.read_on = TODAY
    assert judged(shown(135), FEBRUARY, march).same
    assert judged(shown(135), FEBRUARY, march, is_billed=True).same


def test_another_value_for_a_month_replaces_it_only_while_no_bill_holds_it() -> None:
    march = reading("2026-03", 122, 135)
    assert judged(shown(130), FEBRUARY, march) == Verdict(122, 8, march)
    with pytest.raises(meters.ReplaceByCorrection):
        judged(shown(130), FEBRUARY, march, is_billed=True)


def test_the_first_month_told_again_keeps_where_it_began() -> None:
    assert judged(shown(118, month="2026-01"), JANUARY) == Verdict(100, 18, JANUARY)


def test_a_broken_chain_of_months_is_asked_about() -> None:
    with pytest.raises(meters.OldDiffers):
        judged(shown(140, old_value=125), FEBRUARY)
    with pytest.raises(meters.OldDiffers):
        judged(shown(112, month="2026-01"), JANUARY, FEBRUARY)
    assert judged(shown(140, old_value=125, sure=True), FEBRUARY).used == 15
    assert judged(shown(112, month="2026-01", sure=True), JANUARY, FEBRUARY).used == 12


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (shown(-1), meters.BadReading),
        (shown(1_000_000_000), meters.BadReading),
        (shown(True), meters.BadReading),
        (shown(130, read_on=date(2026, 3, 29)), meters.ReadInFuture),
        (shown(130, month="2026-13"), BadPeriod),
    ],
)
def test_what_no_meter_shows_is_refused(said: Shown, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        judged(said, FEBRUARY)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
@settings(max_examples=60)
def test_a_year_of_readings_adds_up_to_what_the_meter_shows(used: list[int]) -> None:
    live, value = [reading("2025-01", 0, 500, used=500)], 500
    for month, units in enumerate(used, 1):
        value += units
        said = shown(value, month=f"2026-{month:02d}", sure=True)
        verdict = judged(said, *live)
        assert verdict.used == units
        live.append(reading(said.month, verdict.old_value, value))
    assert sum(one.used for one in live[1:]) == value - 500
