"""A bank that keeps its own book: what it sent, what was answered, and at the end whether the two books are equal."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks._shop import Shop
from payments.providers import sepay

ATTEMPTS = 5
TIMEOUT_S = 30


@dataclass
class Transfer:
    """One line of the bank's book. ``code`` is empty where the payer wrote none."""

    source_id: int
    dong: int
    code: str
    body: bytes
    acknowledged: int = 0


@dataclass(frozen=True)
class Call:
    """One POST to be: of a transfer of the book, or forged (then ``transfer`` is None and 403 is right)."""

    body: bytes
    transfer: Transfer | None
    key: str
    signed: bytes
    signed_ago_s: int = 0

    def headers(self) -> dict[str, str]:
        """Signed when it leaves: a flood lasts longer than a signature holds."""
        return sepay.signed_call(key=self.key, body=self.signed, now=int(time.time()) - self.signed_ago_s)


@dataclass
class Book:
    """Everything that was sent, and how it was answered. Threads write to it under its lock."""

    shop: Shop
    dice: random.Random
    transfers: list[Transfer] = field(default_factory=list)
    forged: list[int] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def genuine(self) -> Call:
        """A new transfer: four of five carry a code and pay a part of it."""
        number = 1_000_000 + len(self.transfers)
        code = self.dice.choice(self.shop.codes) if self.dice.random() < 0.8 else ""
        # A part so small that no request is ever paid in full: what is sent is what must stand on the request.
        dong = self.dice.randrange(1_000, max(1_001, min(50_000, self.shop.due_dong // 100)))
        transfer = Transfer(number, dong, code, self._body(number, dong, code))
        self.transfers.append(transfer)
        return self.again(transfer)

    def again(self, transfer: Transfer) -> Call:
        return Call(transfer.body, transfer, self.shop.key, transfer.body)

    def forge(self) -> Call:
        """Another key, another amount than was signed, or a signature of an hour ago."""
        number = 9_000_000 + len(self.forged)
        self.forged.append(number)
        body = self._body(number, 777_000, self.dice.choice(self.shop.codes))
        kind = self.dice.randrange(3)
        if kind == 0:
            return Call(body, None, "khoa-cua-ke-gian", body)
        if kind == 1:
            return Call(body.replace(b"777000", b"999000"), None, self.shop.key, body)
        return Call(body, None, self.shop.key, body, signed_ago_s=3600)

    def _body(self, number: int, dong: int, code: str) -> bytes:
        trace = self.dice.randrange(10**6)
        memo = f"MBVCB.{number}.{trace:06d}.{code or 'chuyen tien'}.CT tu 0123456789 NGUYEN VAN A toi 9876543210 HTX"
        return sepay.call_body(
            source_id=number, account=self.shop.account, dong=dong, memo=memo, happened_at=datetime.now(UTC),
            reference=f"FT{number}",
        )  # fmt: skip


class Line:
    """One connection to the shop, kept open as a provider keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: http.client.HTTPConnection | None = None

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> int | None:
        """The status, or None where none came."""
        try:
            if self._open is None:
                self._open = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_S)
            self._open.request("POST", path, body, headers)
            answer = self._open.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            if self._open is not None:
                self._open.close()
            self._open = None
            return None


def deliver(book: Book, line: Line, call: Call, *, due: float) -> None:
    """Send ``call`` as a provider does: again until it is answered. ``due``: when it should have left, by
    time.monotonic(); a server that makes the queue grow pays for the waiting too."""
    for attempt in range(ATTEMPTS):
        status = line.post(book.shop.hook, call.body, call.headers())
        with book.lock:
            book.answers[f"{'genuine' if call.transfer else 'forged'} {status or 'no answer'}"] += 1
            if status is not None and attempt == 0:
                book.seconds.append(time.monotonic() - due)
            if status == 200 and call.transfer is not None:
                call.transfer.acknowledged += 1
        if status == 200 or (call.transfer is None and status is not None):
            return
        time.sleep(0.2 * 2**attempt)


def percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


@dataclass
class Reconciled:
    """The two books beside each other, a transfer in exactly one column."""

    match: int = 0
    missing: list[int] = field(default_factory=list)
    duplicate: list[int] = field(default_factory=list)
    mismatch: list[str] = field(default_factory=list)
    unanswered: int = 0

    @property
    def clean(self) -> bool:
        return not (self.missing or self.duplicate or self.mismatch or self.unanswered)

    def __str__(self) -> str:
        said = f"match {self.match}, missing {len(self.missing)}, duplicate {len(self.duplicate)}, "
        said += f"mismatch {len(self.mismatch)}, never acknowledged {self.unanswered}"
        faults = [*map(str, self.missing[:3]), *map(str, self.duplicate[:3]), *self.mismatch[:5]]
        return "\n  ".join([said, *faults])


def reconciled(book: Book) -> Reconciled:
    """The bank's book against the shop's, read by plain SQL past all of the product's code."""
    market, result = book.shop.market, Reconciled()
    ours: dict[int, list[tuple[int, int, str]]] = {}
    for external_id, line, dong, state in market.rows(
        "SELECT s.external_id, t.id, t.amount_dong, t.state FROM payments_sighting s"
        " JOIN payments_banktransaction t ON t.id = s.transaction_id"
        " JOIN payments_feed f ON f.id = s.feed_id WHERE f.token = %s", book.shop.token
    ):  # fmt: skip
        ours.setdefault(int(external_id), []).append((line, dong, state))
    given: dict[int, list[tuple[str, int]]] = {}
    for line, code, credited, excess in market.rows(
        "SELECT g.transaction_id, r.code, g.credited_dong, g.excess_dong FROM payments_settlement g"
        " JOIN payments_paymentrequest r ON r.id = g.payment_request_id WHERE g.undone_at IS NULL"
    ):
        given.setdefault(line, []).append((code, credited + excess))
    for transfer in book.transfers:
        found = ours.pop(transfer.source_id, [])
        if not transfer.acknowledged:
            result.unanswered += 1
        if not found:
            if transfer.acknowledged:
                result.missing.append(transfer.source_id)
            continue
        wrong = _wrong(transfer, found[0], given)
        if len(found) > 1 or len(given.get(found[0][0], [])) > 1:
            result.duplicate.append(transfer.source_id)
        elif wrong:
            result.mismatch.append(f"{transfer.source_id}: {wrong}")
        else:
            result.match += 1
    result.mismatch += [f"{unknown}: in our book alone" for unknown in ours]
    result.mismatch += list(_requests_that_differ(book))
    return result


def _wrong(transfer: Transfer, found: tuple[int, int, str], given: dict[int, list[tuple[str, int]]]) -> str:
    line, dong, state = found
    expected = [(transfer.code, transfer.dong)] if transfer.code else []
    if dong != transfer.dong:
        return f"sent {transfer.dong}, written down {dong}"
    if given.get(line, []) != expected:
        return f"sent for {expected}, given to {given.get(line, [])}"
    return "" if state == ("SETTLED" if transfer.code else "NEEDS_YOU") else f"state {state}"


def _requests_that_differ(book: Book) -> Iterator[str]:
    """Each request stands at exactly what the bank's book says came for it."""
    sent: Counter[str] = Counter()
    for transfer in book.transfers:
        sent[transfer.code] += transfer.dong
    for code, credited in book.shop.market.rows("SELECT code, credited_dong FROM payments_paymentrequest"):
        if code in book.shop.codes and credited != sent[code]:
            yield f"{code}: sent {sent[code]}, credited {credited}"
