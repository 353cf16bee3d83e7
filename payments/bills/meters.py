"""What a meter's new reading means beside those before it: how much was used, and whether it can be true. Pure.

Nothing here asks the database: the rows come in, a verdict or a refusal comes out (``readings`` writes it down).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from base.money import grouped
from base.periods import first_day
from base.refusals import Refused
from payments.bills.tariff import MOST_UNITS
from payments.models import Reading

TIMES_TOO_MUCH = 5
LITTLE = 20
"""Up to so many units nothing looks wrong: who was away for two months comes home."""
_COMPARED = 3


class BadReading(Refused):
    code = "BAD_READING"
    sentence = _("Chỉ số phải là số nguyên từ 0 đến 999.999.999.")


class ReadInFuture(Refused):
    code = "READ_IN_FUTURE"
    sentence = _("Ngày đọc đồng hồ chưa tới.")


class OldValueMissing(Refused):
    code = "OLD_VALUE_MISSING"
    sentence = _("Đồng hồ này chưa có chỉ số nào. Hãy ghi cả chỉ số cũ.")


class MeterWentBack(Refused):
    code = "METER_WENT_BACK"
    sentence = _(
        "Chỉ số mới %(new)s nhỏ hơn chỉ số cũ %(old)s. Nếu đã thay đồng hồ, hãy đánh dấu thay và ghi số đã dùng."
    )


class UsedMissing(Refused):
    code = "USED_MISSING"
    sentence = _("Đã thay đồng hồ: hãy ghi số đã dùng trong tháng.")


class UsedDiffers(Refused):
    code = "USED_DIFFERS"
    sentence = _("Số đã dùng %(said)s không bằng chỉ số mới trừ chỉ số cũ (%(counted)s).")


class LooksWrong(Refused):
    code = "LOOKS_WRONG"
    sentence = _(
        "Tháng này dùng %(used)s, trong khi trung bình các tháng trước là %(usual)s. Xem lại, đúng thì xác nhận."
    )


class OldDiffers(Refused):
    code = "OLD_DIFFERS"
    sentence = _("Chỉ số cuối tháng này và đầu tháng sau không khớp: %(one)s và %(other)s. Xem lại, đúng thì xác nhận.")


class ReplaceByCorrection(Refused):
    code = "REPLACE_BY_CORRECTION"
    sentence = _("Tháng này đã phát hành phiếu theo chỉ số %(value)s. Muốn sửa, hãy điều chỉnh phiếu.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody read on a meter, as said. ``sure``: he was told that it looks wrong and says it is right."""

    month: str
    read_on: date
    new_value: int
    old_value: int | None = None
    meter_changed: bool = False
    used: int | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be written: nothing where the month says the ``same`` already, else a row in place of ``replaces``."""

    old_value: int
    used: int
    replaces: Reading | None
    same: bool = False


def judged(shown: Shown, *, live: Collection[Reading], is_billed: bool, today: date) -> Verdict:
    """What ``shown`` means beside the account's other ``live`` readings; ``is_billed``: a bill holds that month's.

    Where nothing is said the old value is what the last month before showed. Raises BadPeriod, BadReading,
    ReadInFuture, OldValueMissing, MeterWentBack, UsedMissing, UsedDiffers, ReplaceByCorrection, and unless ``sure``
    LooksWrong (more than five times the average of the last three months, and more than 20) and OldDiffers (the
    chain of months breaks).
    """
    first_day(shown.month)
    for value in (shown.new_value, shown.old_value, shown.used):
        if value is not None and (type(value) is not int or not 0 <= value <= MOST_UNITS):
            raise BadReading(field="new_value")
    if shown.read_on > today:
        raise ReadInFuture(field="read_on")
    by_month = sorted(live, key=lambda reading: reading.month)
    before = [reading for reading in by_month if reading.month < shown.month]
    now = next((reading for reading in by_month if reading.month == shown.month), None)
    after = next((reading for reading in by_month if reading.month > shown.month), None)
    old = _old_value(shown, before, now)
    used = _used(shown, old)
    if now is not None:
        said = (old, shown.new_value, used, shown.meter_changed, shown.read_on)
        if said == (now.old_value, now.new_value, now.used, now.meter_changed, now.read_on):
            return Verdict(old, used, None, same=True)
        if is_billed:
            raise ReplaceByCorrection(field="month", value=grouped(now.new_value))
    if not shown.sure:
        _check_usual(used, [reading.used for reading in before[-_COMPARED:]])
        if before and not shown.meter_changed and old != before[-1].new_value:
            raise OldDiffers(field="old_value", one=grouped(before[-1].new_value), other=grouped(old))
        if after is not None and not after.meter_changed and after.old_value != shown.new_value:
            raise OldDiffers(field="new_value", one=grouped(shown.new_value), other=grouped(after.old_value))
    return Verdict(old, used, now)


def _old_value(shown: Shown, before: list[Reading], now: Reading | None) -> int:
    if shown.old_value is not None:
        return shown.old_value
    if before:
        return before[-1].new_value
    if now is not None:  # the first month, told again
        return now.old_value
    raise OldValueMissing(field="old_value")


def _used(shown: Shown, old: int) -> int:
    if shown.meter_changed:
        if shown.used is None:
            raise UsedMissing(field="used")
        return shown.used
    if shown.new_value < old:
        raise MeterWentBack(field="new_value", new=grouped(shown.new_value), old=grouped(old))
    used = shown.new_value - old
    if shown.used not in (None, used):
        raise UsedDiffers(field="used", said=grouped(shown.used or 0), counted=grouped(used))
    return used


def _check_usual(used: int, earlier: list[int]) -> None:
    """Without a division: used > 5 × (sum ÷ count)."""
    if earlier and used > LITTLE and used * len(earlier) > TIMES_TOO_MUCH * sum(earlier):
        usual = (sum(earlier) + len(earlier) // 2) // len(earlier)
        raise LooksWrong(field="new_value", used=grouped(used), usual=grouped(usual))
