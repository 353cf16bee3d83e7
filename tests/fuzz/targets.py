"""What hostile input is thrown at: every reader of bytes from outside, and what must hold of what it lets through.

A target takes any bytes. A ``Refused`` with a sentence for people is the expected no; anything else that is raised
is a crash, and so is an answer that no database or page could hold.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from base.hostile_json import MAX_INTEGER, read_json
from base.money import MAX_DONG, dong_from_text
from base.refusals import Refused
from base.text import storable
from payments.finding import codes_in, find_open, possible_codes
from payments.providers import sms, vietqr_reading
from payments.providers.arrival import Arrival
from payments.providers.readers import READERS
from payments.statements.banks import BANKS, DEFAULT, read_statement
from payments.statements.numbers import FigureReader
from tests.fuzz import seeds
from tests.fuzz.signing import KEY, NOW, signed

LONGEST_ID = 80  # what a Sighting holds
OPEN = frozenset({"CP7K2M9Q9M", "CP2ANCN2AY", "CPANCN2AY2"})


@contextmanager
def said_no() -> Iterator[None]:
    """The expected no; its sentences are written out, as a door would."""
    try:
        yield
    except Refused as no:
        if not (no.message and str(no)):
            raise AssertionError("a refusal that says nothing") from no


@dataclass(frozen=True)
class Target:
    take: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    longest: int = 4_096

    def __call__(self, data: bytes) -> None:
        """Raises only for a crash."""
        with said_no():
            self.take(data)


def _amount(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    for read in (dong_from_text, lambda figure: FigureReader().dong(figure, row=1)):
        with said_no():
            dong = read(text)
            assert dong is None or (type(dong) is int and abs(dong) <= MAX_DONG)


def _memo(data: bytes) -> None:
    memo = data.decode("utf-8", "surrogateescape")
    possible = possible_codes(memo)
    found = codes_in(memo, open_codes=OPEN)
    assert {*found.codes, *found.bare, *found.repaired} <= possible & OPEN
    assert codes_in(memo, open_codes=possible & OPEN) == found
    codes_in(memo)
    find_open(memo, OPEN)


def _text_message(data: bytes) -> None:
    notice = sms.parse(data.decode("utf-8", "surrogateescape"))
    assert 0 < notice.amount_dong <= MAX_DONG
    assert storable(notice.memo) or not storable(data.decode("utf-8", "surrogateescape"))


def _on_paper(data: bytes) -> None:
    read = vietqr_reading.decode(data.decode("utf-8", "surrogateescape"))
    assert read.amount_dong is None or 0 <= read.amount_dong <= MAX_DONG


def _json(data: bytes) -> None:
    pending = [read_json(data)]
    while pending:
        value = pending.pop()
        assert type(value) in (dict, list, str, int, bool, type(None))
        assert type(value) is not int or abs(value) <= MAX_INTEGER
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _file(data: bytes) -> None:
    names = sorted(BANKS)
    for bank in {DEFAULT, names[len(data) % len(names)]}:
        with said_no():
            for row in read_statement(data, bank=bank).rows:
                _sound(row.arrival)


def _call(provider: str, data: bytes) -> None:
    body, headers = signed(provider, data)
    arrivals = READERS[provider](body=body, headers=headers, keys=[KEY], now=NOW, auth=None)
    assert arrivals or provider == "stripe"  # which tells of much that moves no money
    for arrival in arrivals:
        _sound(arrival)


def _sound(arrival: Arrival) -> None:
    """What inbox.write_down and every page may rely on."""
    assert 0 < len(arrival.source_id) <= LONGEST_ID
    assert 0 <= arrival.dong <= MAX_INTEGER
    assert 1900 <= arrival.happened_at.year < 2200
    assert arrival.balance_dong is None or abs(arrival.balance_dong) <= MAX_DONG
    for text in (arrival.source_id, arrival.account, arrival.memo, arrival.reference, arrival.payer_name, arrival.raw):
        assert storable(text)
        assert "\x00" not in text


TARGETS: dict[str, Target] = {
    "amount": Target(_amount, seeds.amounts, longest=200),
    "memo": Target(_memo, seeds.memos, longest=600),
    "sms": Target(_text_message, seeds.texts, longest=1_000),
    "csv": Target(_file, seeds.csv_files),
    "xlsx": Target(_file, seeds.xlsx_files, longest=20_000),
    "html": Target(_file, seeds.html_files),
    "messages": Target(_file, seeds.message_files),
    "vietqr": Target(_on_paper, seeds.codes_on_paper, longest=600),
    "json": Target(_json, lambda: seeds.calls("sepay")),
    **{f"call-{provider}": Target(partial(_call, provider), partial(seeds.calls, provider)) for provider in READERS},
}
