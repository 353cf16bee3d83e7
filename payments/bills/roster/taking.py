"""Taking a list in: what it would do is shown first, the good rows come in, each faulty one is said with its reason.

The same file again changes nothing, a corrected one changes what differs.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from base.periods import first_day, vietnam_day
from base.retrying import again_when_locked_out
from base.text import composed
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from payments.bills.accounts import BadAccountKind
from payments.bills.billers import biller
from payments.bills.roster import enrolling, figures
from payments.bills.roster.opening import Book, opened
from payments.bills.roster.outcome import Outcome, Wish
from payments.bills.roster.people import people_of
from payments.bills.roster.planning import plan
from payments.bills.roster.pointing import Pointing, Proposal, propose
from payments.bills.roster.reading import read
from payments.bills.roster.words import Kind
from payments.models import BillingAccount, RosterImport

DEEDS = {Kind.ACCOUNTS: "keep_bills", Kind.COUNTS: "keep_bills", Kind.READINGS: "read_meters"}
_NAMED = 3


class _OnlyLooking(Exception):
    """Takes back what was done to see what it would come to."""


def last_pointing(organization: Organization, *, kind: str) -> Mapping[str, Any] | None:
    """How the columns of the last such list were read."""
    last = RosterImport.objects.filter(organization=organization, kind=kind).order_by("-pk").first()
    return last.mapping if last is not None and isinstance(last.mapping, Mapping) else None


def opened_and_proposed(data: bytes, *, organization: Organization, kind: str) -> tuple[Book, Proposal]:
    """The file with a first guess at its columns. Raises UnreadableList and its kin."""
    book = opened(data, kind=kind)
    return book, propose(book, kind=kind, remembered=last_pointing(organization, kind=kind))


def look(
    *, organization_id: int, book: Book, proposal: Proposal, pointing: Pointing, wish: Wish, actor: User, at: datetime
) -> Outcome:
    """What taking it in would do; nothing is kept. Raises NotFound, BadPeriod, runs.NotDraft."""
    organization = biller(organization_id, deed=DEEDS[Kind(wish.kind)], actor=actor, at=at)
    seen: list[Outcome] = []
    try:
        with transaction.atomic():
            seen.append(_carry_out(organization, book, proposal, pointing, wish, actor=actor, at=at, keep=False))
            raise _OnlyLooking
    except _OnlyLooking:
        return seen[0]


@again_when_locked_out
def take_in(
    *,
    organization_id: int,
    name: str,
    data: bytes,
    book: Book,
    proposal: Proposal,
    pointing: Pointing,
    wish: Wish,
    actor: User,
    key: str,
    at: datetime,
) -> RosterImport:
    """Take the good rows in and keep what was wrong with the others. The same ``key`` returns the same import.

    ``data`` is what ``book`` was opened from, ``name`` what its sender calls it. Holds the organization meanwhile.
    Raises NotFound, BadPeriod, runs.NotDraft; KeyReused, BadKey.
    """
    with transaction.atomic():
        organization = biller(organization_id, deed=DEEDS[Kind(wish.kind)], actor=actor, at=at)
        sha256 = hashlib.sha256(data).hexdigest()

        def do() -> str:
            Organization.objects.held(organization.pk)
            done = _carry_out(organization, book, proposal, pointing, wish, actor=actor, at=at, keep=True)
            made = RosterImport.objects.create(
                organization=organization, kind=wish.kind, name=composed(name)[:120] or _("danh sách"), sha256=sha256,
                mapping=pointing.as_json(), rows=done.rows, added=done.added, changed=done.changed, same=done.same,
                faults=[fault.as_json() for fault in done.faults], at=at, actor=actor,
            )  # fmt: skip
            return str(made.pk)

        meaning = [
            organization_id, sha256, pointing.as_json(), wish.kind, wish.day.isoformat(), wish.account_kind, wish.month,
            wish.sure, wish.run_id, wish.fee_item_id,
        ]  # fmt: skip
        made, _replayed = done_once(verb="roster_take_in", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return RosterImport.objects.get(pk=int(made))


def _carry_out(
    organization: Organization,
    book: Book,
    proposal: Proposal,
    pointing: Pointing,
    wish: Wish,
    *,
    actor: User,
    at: datetime,
    keep: bool,
) -> Outcome:
    taken = read(book, proposal, pointing)
    if wish.kind == Kind.ACCOUNTS:
        done = _enrol(organization, taken.lines, wish, letters=book.letters, at=at, keep=keep)
    else:
        put_down = figures.record_readings if wish.kind == Kind.READINGS else figures.set_counts
        if wish.kind == Kind.READINGS:
            first_day(wish.month)
        done = put_down(
            taken.lines, organization=organization, wish=wish, letters=book.letters, actor=actor, at=at
        )  # fmt: skip
    done.rows = len(taken.lines)
    done.faults = sorted([*taken.faults, *done.faults], key=lambda fault: (fault.sheet, fault.row))
    done.skipped = taken.skipped
    done.notes = _notes(book, done)
    return done


def _enrol(
    organization: Organization, lines: list[Any], wish: Wish, *, letters: str, at: datetime, keep: bool
) -> Outcome:
    if wish.account_kind not in BillingAccount.Kind.values:
        raise BadAccountKind(field="account_kind")
    today = vietnam_day(at)
    people, faults, doubted = people_of(lines, account_kind=wish.account_kind, letters=letters, year=today.year)
    planned = plan(
        people, account_kind=wish.account_kind, accounts=enrolling.known_accounts(organization),
        households=enrolling.known_households(organization), today=today,
    )  # fmt: skip
    if keep:
        enrolling.write(planned, organization=organization, account_kind=wish.account_kind, since=wish.day, at=at)
    return Outcome(
        added=len(planned.added), changed=len(planned.changed), same=len(planned.same),
        faults=[*faults, *planned.faults], doubted_days=doubted, plan=planned,
    )  # fmt: skip


def _notes(book: Book, done: Outcome) -> list[str]:
    """What a person should know although no row is faulty for it."""
    notes = []
    if book.hidden:
        notes.append(_("Không đọc trang ẩn: %(sheets)s.") % {"sheets": ", ".join(book.hidden)})
    if book.letters != "unicode":
        said = {"letters": {"tcvn3": "TCVN3", "vni": "VNI"}.get(book.letters, book.letters)}
        notes.append(
            _("Chữ trong tệp viết bằng bảng mã cũ (%(letters)s), đã đổi sang Unicode. Hãy xem lại tên.") % said
        )
    if done.doubted_days:
        said = {"days": ", ".join(dict.fromkeys(done.doubted_days[:_NAMED])), "count": str(len(done.doubted_days))}
        notes.append(_("%(count)s ngày được hiểu là ngày trước, tháng sau (ví dụ %(days)s).") % said)
    if done.skipped:
        rows = ", ".join(f"{one.row} “{one.text}”" for one in done.skipped[:_NAMED])
        said = {"count": str(len(done.skipped)), "rows": rows}
        notes.append(_("%(count)s dòng không phải của ai (tổng cộng, chữ ký, dòng trống): %(rows)s.") % said)
    return notes
