"""Whom to remind of what is overdue, what to tell them, and that they were told. For staff: never a public list.

A payer is a household, or an account that belongs to none; ``household:12`` or ``account:7`` names it. The text says
which month, which items, how much and how to pay; a child is initials and class.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from base.money import figures
from base.periods import day_bounds, vietnam_day
from base.refusals import NotFound
from base.retrying import again_when_locked_out
from cooperatives import outbox
from cooperatives.models import Message, Organization, User
from cooperatives.permissions import require
from payments.bills import messages, shares
from payments.models import Bill, BillingAccount, BillLine, Household

MOST_AT_ONCE = 500


class Payer(NamedTuple):
    """Who is behind: ``key`` as in ``Message.about``, the oldest day due, and the ids of the overdue bills."""

    key: str
    due_on: date
    bill_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Owing:
    """One overdue bill and what of which item is still due."""

    bill: Bill
    items: Sequence[tuple[str, int]]

    @property
    def due_dong(self) -> int:
        return sum(dong for _name, dong in self.items)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One payer: overdue for ``days``, whole đồng due, the words to say, and when that was last said."""

    key: str
    name: str
    phone: str
    days: int
    owing: Sequence[Owing]
    text: str
    last_at: datetime | None

    @property
    def due_dong(self) -> int:
        return sum(one.due_dong for one in self.owing)


def payers(organization: Organization, *, today: date, section: str = "", at_least_days: int = 1) -> list[Payer]:
    """Everybody overdue by so many days, the longest first. One query."""
    bills = Bill.objects.open().filter(organization=organization, due_on__lt=today)
    if section:
        bills = bills.filter(section=section)
    found: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
    for pk, due_on, account_id, household_id in bills.order_by("due_on", "pk").values_list(
        "pk", "due_on", "account_id", "account__household_id"
    ):
        key = f"household:{household_id}" if household_id else f"account:{account_id}"
        found[key].append((due_on, pk))
    rows = [Payer(key, owed[0][0], tuple(pk for _day, pk in owed)) for key, owed in found.items()]
    return sorted(
        (row for row in rows if (today - row.due_on).days >= at_least_days), key=lambda row: (row.due_on, row.bill_ids)
    )


def reminders(organization: Organization, chosen: Sequence[Payer], *, today: date) -> list[Reminder]:
    """The chosen payers with what they owe and what to tell them. Six queries for any number."""
    ids = [pk for payer in chosen for pk in payer.bill_ids]
    bills = Bill.objects.filter(pk__in=ids).preloaded().select_related(
        "organization", "account__household", "run", "request"
    ).in_bulk()  # fmt: skip
    dues = shares.dues(ids)
    names: dict[tuple[int, int], str] = {}
    for bill_id, item_id, name in BillLine.objects.filter(bill__in=ids).values_list("bill_id", "fee_item_id", "name"):
        names.setdefault((bill_id, item_id), name)
    told = Message.objects.filter(
        organization=organization, kind=Message.Kind.BILL_DUE, about__in=[payer.key for payer in chosen]
    ).order_by()
    last = dict(told.values_list("about").annotate(Max("created_at")))
    found = []
    for payer in chosen:
        owing = [
            Owing(bills[pk], [(names[pk, item.fee_item_id], item.due_dong) for item in dues[pk] if item.due_dong])
            for pk in payer.bill_ids
        ]
        account = owing[0].bill.account
        household = account.household
        found.append(
            Reminder(
                key=payer.key, name=household.name if household else account.name,
                phone=household.phone if household else "", days=(today - payer.due_on).days, owing=owing,
                text=text_of(organization, household, owing), last_at=last.get(payer.key),
            )
        )  # fmt: skip
    return found


def text_of(organization: Organization, household: Household | None, owing: Sequence[Owing]) -> str:
    """What to tell a payer, in Vietnamese: who for, which month and items, how much, since when, and how to pay."""
    with translation.override("vi"):
        said = [organization.name + ":"]
        for one in owing:
            bill = one.bill
            year, month = bill.run.month.split("-")
            said.append(
                _("%(who)s, tháng %(month)s còn %(due)s (%(items)s), hạn %(day)s, nội dung chuyển khoản %(code)s.")
                % {
                    "who": messages.name_of(bill.account), "month": f"{month}/{year}", "due": figures(one.due_dong),
                    "items": ", ".join(f"{name} {figures(dong)}" for name, dong in one.items),
                    "day": f"{bill.due_on:%d/%m/%Y}", "code": bill.request.code,
                }
            )  # fmt: skip
        if len(owing) > 1:
            said.append(_("Tất cả %(due)s.") % {"due": figures(sum(one.due_dong for one in owing))})
        door = ("bills-household", household.token) if household else ("pay", owing[0].bill.request.code)
        link = settings.SITE_URL.rstrip("/") + reverse(door[0], args=[door[1]])
        said.append(_("Xem và trả: %(link)s Đã trả rồi thì bỏ qua tin này.") % {"link": link})
        return " ".join(said)


@again_when_locked_out
def remind(*, organization_id: int, keys: Collection[str], through: str, actor: User, at: datetime) -> list[Message]:
    """Write down what these payers are told: as said, where a person did it (``through``: phone, zalo …), else as
    waiting in the outbox. Who is no longer overdue, or was told today already, gets nothing more; without a way to
    reach them nothing waits. At most MOST_AT_ONCE. Raises NotFound for a stranger.
    """
    organization = Organization.objects.filter(pk=organization_id, bills=True).first()
    if organization is None:
        raise NotFound()
    today = vietnam_day(at)
    require(actor, "say_messages", organization=organization, on=today)
    with transaction.atomic():
        _lock(organization, keys)
        wanted = [payer for payer in payers(organization, today=today) if payer.key in set(keys)][:MOST_AT_ONCE]
        since = day_bounds(today)[0]
        written = []
        for one in reminders(organization, wanted, today=today):
            if (one.last_at is not None and one.last_at >= since) or not (through or one.phone):
                continue
            message = outbox.tell(
                organization=organization, kind=Message.Kind.BILL_DUE, name=one.name, phone=one.phone, text=one.text,
                about=one.key, at=at,
            )  # fmt: skip
            written.append(
                outbox.mark_said(message=message, actor=actor, through=through, at=at) if through else message
            )
    return written


def _lock(organization: Organization, keys: Collection[str]) -> None:
    """Two people who remind the same payer at once: the second waits, and then sees that it was done."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for key in keys:
        kind, _colon, pk = key.partition(":")
        if pk.isascii() and pk.isdigit() and len(pk) <= 18:
            ids[kind].append(int(pk))
    for kind, model in (("household", Household), ("account", BillingAccount)):
        rows = model.objects.select_for_update(no_key=True).filter(organization=organization, pk__in=ids[kind])
        list(rows.order_by("pk"))
