"""Asking a provider for its own list of transactions: what a call that never came would have told.

SePay gives up after about half an hour, so an hour of downtime loses calls for good. The list is read every hour, from
some days before it was last read to the end, and whatever it names is taken in as the calls are.
"""

import logging
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives.models import BankAccount
from payments import calling, links, receiving
from payments.feeds import credentials_of
from payments.models import Feed
from payments.providers import casso_list, sepay_list
from payments.providers.arrival import Arrival
from payments.providers.list_request import ListRequest

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=10)
"""Whoever asks has so long before another worker may ask the same."""
FIRST_TIME = timedelta(days=7)
LOOKS_BACK = timedelta(days=3)
"""A bank posts late; lines known already cost nothing."""
MOST_PAGES = 200


class ListCut(Refused):
    code = "LIST_CUT"
    sentence = _("Danh sách của nguồn quá dài, chưa đọc được hết. Hãy nhập sao kê ngân hàng cho những ngày này.")


class ListWithoutAccounts(Refused):
    code = "LIST_WITHOUT_ACCOUNTS"
    sentence = _("Danh sách của nguồn không ghi giao dịch thuộc tài khoản nào, nên chưa dùng được.")


def pull_due(*, at: datetime, most: int = 5) -> int:
    """Read the lists that are due; returns how many connections were asked. The worker's errand.

    Two workers never ask for one connection at once: whoever moves ``pull_next_at`` on has the lease. A failure stands
    on the connection (``pull_trouble``) and is tried again: in ten minutes when nobody answered, else in an hour.
    """
    due = Feed.objects.filter(Q(pulls=True) | _looks_at_links(), is_live=True)
    due = due.filter(Q(pull_next_at__lte=at) | Q(pull_next_at=None))
    asked = 0
    for feed in due.select_related("organization", "bank_account").order_by("pull_next_at", "pk")[:most]:
        if _leased(feed, at=at):
            pull(feed=feed, at=at)
            asked += 1
    return asked


def pull(*, feed: Feed, at: datetime) -> int:
    """Read one connection's list now; returns how many lines were new. What went wrong stands on the connection."""
    try:
        if feed.provider == Feed.Provider.PAYOS:
            new = links.look(feed=feed, at=at)
        else:
            new = sum(receiving.take_what_calls_did_not(feed=feed, arrivals=some, at=at) for some in _pages(feed, at))
    except Refused as refused:
        log.warning("the list of feed %s could not be read: %s", feed.pk, refused.code)
        silent = isinstance(refused, calling.ProviderSilent)
        _note(feed, pull_trouble=refused.message[:200], pull_next_at=at + (LEASE if silent else EVERY))
        return 0
    if new:
        log.warning("feed %s: %s lines were in its list that no call had brought", feed.pk, new)
    _note(feed, pull_trouble="", pulled_at=at, pull_next_at=at + EVERY)
    return new


def _looks_at_links() -> Q:
    return Q(provider=Feed.Provider.PAYOS) & ~Q(credentials_sealed="")


def _leased(feed: Feed, *, at: datetime) -> bool:
    untaken = Feed.objects.filter(pk=feed.pk, pull_next_at=feed.pull_next_at)
    return untaken.update(pull_next_at=at + LEASE) == 1


def _note(feed: Feed, **what: object) -> None:
    # A connection that was ended or told to stop meanwhile asks no more.
    Feed.objects.filter(pk=feed.pk).update(**{k: v for k, v in what.items() if k != "pull_next_at"})
    if "pull_next_at" in what:
        Feed.objects.filter(pk=feed.pk, pull_next_at__isnull=False).update(pull_next_at=what["pull_next_at"])


def _pages(feed: Feed, at: datetime) -> Iterator[list[Arrival]]:
    """The list, page by page, oldest days first; only lines of the organization's own accounts.

    Raises ListWithoutAccounts, and ListCut where it was not read to its end: what was read is taken all the same.
    """
    since = (feed.pulled_at - LOOKS_BACK) if feed.pulled_at else at - FIRST_TIME
    first, last = max(vietnam_day(since), feed.organization.opened_on), vietnam_day(at)
    ours = set(BankAccount.objects.filter(organization=feed.organization).values_list("number", flat=True))
    pages = _sepay(feed, first, last) if feed.provider == Feed.Provider.SEPAY else _casso(feed, first, last)
    for arrivals in pages:
        if any(not one.account for one in arrivals):
            raise ListWithoutAccounts()
        yield [one for one in arrivals if one.account in ours]


def _sepay(feed: Feed, first: date, last: date) -> Iterator[tuple[Arrival, ...]]:
    """Days that do not fit into one answer are asked for in halves."""
    token = credentials_of(feed)["api_token"]
    spans, full_days = [(first, last)], 0
    for _number in range(MOST_PAGES):
        if not spans:
            break
        since, until = spans.pop()
        if since > until:
            continue
        arrivals = sepay_list.read_page(
            _asked(
                sepay_list.request_of(token=token, account=feed.bank_account.number, first_day=since, last_day=until)
            )
        )
        if len(arrivals) >= sepay_list.MOST_ROWS and since < until:
            middle = since + (until - since) // 2
            spans += [(middle + timedelta(days=1), until), (since, middle)]
        else:
            full_days += len(arrivals) >= sepay_list.MOST_ROWS
            yield arrivals
        time.sleep(1 / sepay_list.MOST_REQUESTS_A_SECOND)
    if spans or full_days:
        raise ListCut()


def _casso(feed: Feed, first: date, last: date) -> Iterator[tuple[Arrival, ...]]:
    page: int | None = 1
    for _number in range(MOST_PAGES):
        if page is None:
            return
        key = credentials_of(feed)["api_key"]
        body = _asked(casso_list.request_of(key=key, first_day=first, last_day=last, page=page))
        yield casso_list.read_page(body)
        page = casso_list.next_page_of(body)
    if page is not None:
        raise ListCut()


def _asked(request: ListRequest) -> bytes:
    return calling.call(method="GET", url=request.url, headers=request.headers, params=request.params)
