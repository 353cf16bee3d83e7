"""What a source told, taken in: written down and committed arrival by arrival, each settled at once if it can be."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cooperatives.models import BankAccount, Organization
from payments import inbox, settlement
from payments.models import BankTransaction, Feed, PaymentLink, Sighting
from payments.providers.arrival import Arrival, readable_text
from payments.telling import SMS

State = BankTransaction.State

SHORTEST_TAIL = 3
MOST_SETTLED_AT_ONCE = 20
"""Lines of one call: the sender waits no more than five seconds for its answer."""


def take(*, feed: Feed, arrivals: Sequence[Arrival], at: datetime, settle_at_once: bool = True) -> int:
    """Keep every arrival that ``feed`` told of, and settle what is new; returns how many were new.

    Without ``settle_at_once``, or where there is much of it, the worker settles it, within seconds.
    A call that brings many is taken line by line: should one fail, the sender repeats the call, and the lines that
    were written down before are known again.
    """
    new, settle_at_once = 0, settle_at_once and len(arrivals) <= MOST_SETTLED_AT_ONCE
    for arrival in arrivals:
        written = inbox.write_down(
            arrival=arrival, organization=feed.organization, bank_account=account_of(arrival, feed=feed),
            source=source_of(feed), feed=feed, at=at,
        )  # fmt: skip
        new += written.is_new
        if settle_at_once and written.transaction is not None and written.transaction.state == State.NEW:
            settlement.try_to_settle(transaction_id=written.transaction.pk, at=at)
    return new


def take_what_calls_did_not(*, feed: Feed, arrivals: Sequence[Arrival], at: datetime) -> int:
    """The same for a list that we asked for: lines that a call has told of with the same sum are passed over.

    A list may word a memo otherwise than the call did; that is no contradiction. What a call told of an account that
    was not ours then is no line yet: it is taken in once it is. Returns how many lines were new.
    """
    told = Sighting.objects.filter(
        organization=feed.organization, source=source_of(feed), external_id__in=[one.source_id for one in arrivals]
    )
    known = set(told.values_list("external_id", "direction", "amount_dong", "bank_account"))
    accounts = {name: account_of(one, feed=feed) for name, one in {(a.account, a.link): a for a in arrivals}.items()}
    ours = {name: account.pk if account else None for name, account in accounts.items()}
    fresh = [
        one for one in arrivals if (one.source_id, one.direction, one.dong, ours[one.account, one.link]) not in known
    ]
    return take(feed=feed, arrivals=fresh, at=at)


def keep_undirected(*, feed: Feed, body: bytes, at: datetime) -> Sighting:
    """A text about money that does not say which way it went: evidence for a person, booked nowhere. Repeatable."""
    text = readable_text(body.decode())
    digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    sighting, _made = Sighting.objects.get_or_create(
        bank_account=feed.bank_account, source=SMS, external_id=f"?{digest}", occurrence=1,
        defaults={
            "organization": feed.organization, "feed": feed, "account_text": "", "direction": "", "amount_dong": 0,
            "raw": text, "digest": digest, "received_at": at,
        },
    )  # fmt: skip
    return sighting


def source_of(feed: Feed) -> str:
    """Names the source of its sightings: provider and environment, but text messages are one source."""
    return SMS if feed.provider == Feed.Provider.SMS else feed.source


def account_of(arrival: Arrival, *, feed: Feed) -> BankAccount | None:
    """Our account that a call is about; None for a genuine call about an account that is not ours.

    A payment link's own (virtual) account leads to the account that the link was made for. Text messages name the
    last digits only. A sandbox's play money is on no account of a real organization: evidence, and no order paid.
    """
    if feed.environment != "live" and not feed.organization.is_demo:
        return None
    if arrival.link and PaymentLink.objects.filter(feed=feed, number=arrival.link).exists():
        return feed.bank_account
    if feed.provider == Feed.Provider.SMS:
        return account_by_tail(arrival.account, organization=feed.organization)
    if arrival.account == feed.bank_account.number or (feed.provider == Feed.Provider.STRIPE and not arrival.account):
        return feed.bank_account
    others = BankAccount.objects.filter(organization=feed.organization, number=arrival.account)
    return others.order_by("id").first()


def account_by_tail(tail: str, *, organization: Organization) -> BankAccount | None:
    """The one bank account of ``organization`` whose number ends so; None where none or several do.

    A text that names no account at all is about the only one there is.
    """
    accounts = BankAccount.objects.filter(organization=organization, kind=BankAccount.Kind.BANK)
    if tail:
        if len(tail) < SHORTEST_TAIL:
            return None
        accounts = accounts.filter(number__endswith=tail)
    found = list(accounts.order_by("id")[:2])
    return found[0] if len(found) == 1 else None
