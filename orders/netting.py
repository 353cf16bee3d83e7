"""A member's new credit goes first against what she owes (docs/books.md §2, netted)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from base.periods import vietnam_day
from cooperatives import ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct
from cooperatives.models import LedgerAccount, Member, Organization, User
from orders import postings
from orders.models import Netting


def net_owed(*, member_ids: Iterable[int], at: datetime, actor: User | None = None) -> list[Netting]:
    """Use up what these members are owed against what they owe, as far as it goes: nothing for most.

    Needs an open transaction, right after an entry that gave them credit. One query where nobody owes anything.
    """
    subjects = {f"member:{member_id}": member_id for member_id in member_ids}
    if not subjects:
        return []
    here = Member.objects.filter(pk__in=subjects.values()).values("organization_id")
    theirs = LedgerAccount.objects.filter(
        organization__in=here, kind=Kind.OWED_BY_MEMBERS, subject__in=subjects
    )  # fmt: skip
    owing = [subjects[account.subject] for account in theirs if account.balance_dong]
    members = Member.objects.select_related("organization").filter(pk__in=owing).order_by("pk")
    return [netting for member in members if (netting := _net(member, at=at, actor=actor)) is not None]


def unnet(
    *, organization: Organization, credit: Mapping[int, int], debt: Mapping[int, int], at: datetime, actor: User | None
) -> list[Netting]:
    """Before what gave or took a member something is taken back: she is owed at least ``credit`` and owes at least
    ``debt`` (đồng by member). What of it she was paid, or was netted, stands on both sides anew.

    Needs an open transaction whose caller goes on to take it back, and then nets again (``net_owed``).
    """
    members = sorted(credit.keys() | debt.keys())
    if not members:
        return []
    accounts = {pk: (Acct(Kind.OWED_TO_MEMBERS, f"member:{pk}"), Acct(Kind.OWED_BY_MEMBERS, f"member:{pk}"))
                for pk in members}  # fmt: skip
    held = ledger.held_dong(organization=organization, accounts={one for both in accounts.values() for one in both})
    made = []
    for pk, (owed_to, owed_by) in accounts.items():
        lacking = max(credit.get(pk, 0) - held[owed_to], debt.get(pk, 0) - held[owed_by])
        if lacking > 0:
            made.append(_post(Netting(member_id=pk, amount_dong=-lacking, at=at), organization, at=at, actor=actor))
    return made


def _net(member: Member, *, at: datetime, actor: User | None) -> Netting | None:
    subject = f"member:{member.pk}"
    owed_to, owed_by = Acct(Kind.OWED_TO_MEMBERS, subject), Acct(Kind.OWED_BY_MEMBERS, subject)
    balances = ledger.held_dong(organization=member.organization, accounts=(owed_to, owed_by))
    amount = min(balances[owed_to], balances[owed_by])
    if not amount:
        return None
    return _post(Netting(member=member, amount_dong=amount, at=at), member.organization, at=at, actor=actor)


def _post(netting: Netting, organization: Organization, *, at: datetime, actor: User | None) -> Netting:
    netting.save()
    netting.entry = ledger.post(
        organization=organization, key=f"netted:{netting.pk}", event=Event.NETTED,
        meaning={"member": netting.member_id, "amount": netting.amount_dong}, moves=postings.netted(netting),
        booked_on=vietnam_day(at), at=at, actor=actor,
    )  # fmt: skip
    netting.save(update_fields=["entry"])
    return netting
