"""How often something was tried in the last hour, counted where every process sees it.

Who wants to slow guessers down counts a try before it is judged and takes it back where it was right: many tries sent
at once then cannot all slip through before the first of them is counted. Subjects (a code, an address) are kept as
keyed digests only, and rows go after a few hours.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, Sum
from django.utils.crypto import salted_hmac

from cooperatives.models import Tries

HOUR = timedelta(hours=1)
KEPT_HOURS = 3


class Subject(NamedTuple):
    """Who tries, or what is tried: a scope of at most 20 letters, and its name within it, of any length."""

    scope: str
    name: str

    @property
    def digest(self) -> str:
        """64 hexadecimal digits, by a key of its own derived from SECRET_KEY: nobody gets the name back from it."""
        return salted_hmac(f"cooperatives.trying.{self.scope}", self.name, algorithm="sha256").hexdigest()


def made(subjects: Sequence[Subject], *, at: datetime) -> list[int]:
    """Tries counted at each of ``subjects``, in their order. One query.

    Whole hours are counted, this one and the one before, so never fewer than were made in the last sixty minutes.
    """
    digests = [(subject.scope, subject.digest) for subject in subjects]
    mine = Q()
    for scope, digest in digests:
        mine |= Q(scope=scope, subject=digest)
    rows = Tries.objects.filter(mine, hour__gte=_hour(at) - HOUR).order_by().values_list("scope", "subject")
    found = {(scope, digest): total for scope, digest, total in rows.annotate(total=Sum("count"))}
    return [found.get(one, 0) for one in digests]


def note(subjects: Sequence[Subject], *, at: datetime) -> list[int]:
    """Count one try more at each of ``subjects``; returns what ``made`` now says, this try included. Two queries."""
    # One statement for all, in one order for everybody: two that try the same things at once only wait for each other.
    rows = sorted((subject.scope, subject.digest) for subject in subjects)
    hour = connection.ops.adapt_datetimefield_value(_hour(at))
    values = [value for scope, digest in rows for value in (scope, digest, hour, 1)]
    places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    table = connection.ops.quote_name(Tries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (scope, subject, hour, count) VALUES {places} "  # noqa: S608  our own table's name
            f"ON CONFLICT (scope, subject, hour) DO UPDATE SET count = {table}.count + 1",
            values,
        )
    return made(subjects, at=at)


def take_back(subjects: Sequence[Subject], *, at: datetime) -> None:
    """What ``note`` counted at ``at`` was no wrong try. One query a subject."""
    for subject in subjects:
        mine = Tries.objects.filter(scope=subject.scope, subject=subject.digest, hour=_hour(at), count__gte=1)
        mine.update(count=F("count") - 1)


def sweep(*, at: datetime) -> int:
    """Forget the hours that nobody asks for any more; returns how many rows went. The worker's errand."""
    old = Tries.objects.filter(hour__lt=_hour(at) - KEPT_HOURS * HOUR)
    return old.delete()[0] if old.exists() else 0


def network_of(address: str) -> str:
    """Whoever is behind ``address``: an IPv6 customer has a whole /64 to try from, and counts as one.

    An address that is none (a proxy's slip) counts by its text, as everybody's behind that proxy.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)


def _hour(at: datetime) -> datetime:
    assert at.tzinfo is not None
    return at.replace(minute=0, second=0, microsecond=0)
