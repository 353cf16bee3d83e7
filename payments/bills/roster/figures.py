"""Lists of figures: what meters showed, and how many of an item each account had."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from base.refusals import NotFound
from cooperatives.models import Organization, User
from payments.bills import readings, runs
from payments.bills.readings import ReadingRow
from payments.bills.roster.cells import could_be_month_first, day_of, figure_of, text_of
from payments.bills.roster.enrolling import known_accounts
from payments.bills.roster.faults import Fault, Faulty
from payments.bills.roster.finding import Accounts
from payments.bills.roster.lines import Line
from payments.bills.roster.outcome import Outcome, Wish
from payments.bills.roster.people import fault_of
from payments.bills.roster.planning import Known
from payments.bills.roster.words import LABELS, Role
from payments.models import BillRun, Reading, RunCount

Found = tuple[Line, Known]


def record_readings(
    lines: Sequence[Line], *, organization: Organization, wish: Wish, letters: str, actor: User, at: datetime
) -> Outcome:
    """What meters showed in ``wish.month``. Where the list names no day, the day of the reading that is there stays."""
    done = Outcome()
    found = _found(lines, organization, letters, done)
    live = Reading.objects.filter(account__organization=organization, month=wish.month, is_live=True)
    there = dict(live.values_list("account_id", "read_on"))
    month_first = any(could_be_month_first(line.said.get("read_on"))[1] for line in lines)
    rows, by_row = list[ReadingRow](), dict[int, Line]()
    for at_row, (line, account) in enumerate(found, start=1):
        try:
            day = _read_on(line, month_first=month_first, wish=wish, doubted=done.doubted_days)
            rows.append(
                ReadingRow(
                    row=at_row, number=account.number, month=wish.month,
                    read_on=day or there.get(account.id) or wish.day, new_value=_needed(line, "new"),
                    old_value=_figure(line, "old"), used=_figure(line, "used"), sure=wish.sure,
                )
            )  # fmt: skip
            by_row[at_row] = line
        except Faulty as wrong:
            done.faults.append(fault_of(line, wrong))
    key = secrets.token_urlsafe(18)  # the import's own key has been asked; one list may be brought in twice
    taken = readings.record_many(organization_id=organization.pk, rows=rows, actor=actor, key=key, at=at)
    done.added, done.changed, done.same = taken.added, taken.changed, taken.same
    for fault in taken.faults:
        line = by_row[fault["row"]]
        done.faults.append(Fault(line.sheet, line.row, fault["code"], fault["said"], line.cells))
    return done


def set_counts(
    lines: Sequence[Line], *, organization: Organization, wish: Wish, letters: str, actor: User, at: datetime
) -> Outcome:
    """How many of ``wish.fee_item_id`` each account has in the draft ``wish.run_id``. Raises NotFound, NotDraft."""
    if wish.run_id is None or wish.fee_item_id is None:
        raise NotFound()
    run = BillRun.objects.filter(pk=wish.run_id, organization=organization).first()
    if run is None:
        raise NotFound()
    done = Outcome()
    there = dict(RunCount.objects.filter(run=run, fee_item=wish.fee_item_id).values_list("account_id", "quantity"))
    counts = list[runs.Count]()
    for line, account in _found(lines, organization, letters, done):
        try:
            quantity = _needed(line, "count")
            if quantity > runs.MOST_OF_ONE:
                raise Faulty("BAD_FIGURE", text=str(quantity))
        except Faulty as wrong:
            done.faults.append(fault_of(line, wrong))
            continue
        if account.id not in there:
            done.added += 1
        elif there[account.id] != quantity:
            done.changed += 1
        else:
            done.same += 1
            continue
        counts.append(runs.Count(account.id, wish.fee_item_id, quantity))
    runs.set_counts(run_id=run.pk, counts=counts, actor=actor, at=at)
    return done


def _found(lines: Sequence[Line], organization: Organization, letters: str, done: Outcome) -> list[Found]:
    """Whose row each one is; an account that two rows mean is a fault in both."""
    accounts = Accounts(known_accounts(organization))
    found, seen = list[Found](), dict[int, Line]()
    twice: dict[int, Line] = {}
    for line in lines:
        try:
            account = accounts.of(line, letters=letters)
        except Faulty as wrong:
            done.faults.append(fault_of(line, wrong))
            continue
        if account.id in seen:
            twice[account.id] = line
        seen.setdefault(account.id, line)
        found.append((line, account))
    for line, account in found:
        if account.id in twice:
            other = twice[account.id] if line is seen[account.id] else seen[account.id]
            done.faults.append(fault_of(line, Faulty("SAME_NUMBER", number=account.number, other=other.row)))
    return [(line, account) for line, account in found if account.id not in twice]


def _read_on(line: Line, *, month_first: bool, wish: Wish, doubted: list[str]) -> date | None:
    cell = line.said.get("read_on")
    if could_be_month_first(cell)[0]:
        if month_first:
            raise Faulty("AMBIGUOUS_DATE", text=text_of(cell))
        doubted.append(text_of(cell))
    return day_of(cell, year=int(wish.month[:4]))


def _figure(line: Line, role: Role) -> int | None:
    return figure_of(line.said.get(role))


def _needed(line: Line, role: Role) -> int:
    figure = _figure(line, role)
    if figure is None:
        raise Faulty("NO_FIGURE", what=str(LABELS[role]).lower())
    return figure
