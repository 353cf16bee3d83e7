"""Buyers and a bank that trade with a running market, and keep a book of their own about what they were answered.

Whoever gets no clear answer sends the very same thing again, as browsers and banks do: with the same key, until it is
acknowledged. An answer "done before" is an acknowledgement like any other.
"""

import json
import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests

from base.periods import VIETNAM_OFFSET
from payments.providers import sepay
from tests.market import Market

PAUSE_S = 0.1  # before something is sent again: who knocks faster keeps a small machine from starting the server
ANSWER_WITHIN_S = 40
GIVE_UP_AFTER_S = 120  # one thing sent again and again for so long: the market does not come back
PLACE = """mutation($input: OrderPlaceInput!) { orderPlace(input: $input) {
    orders { number totalDong paymentRequests { code } } errors { code } } }"""


@dataclass(frozen=True)
class Call:
    """One transfer that the bank tells of. ``code``: whose order it pays in full; "": nobody's."""

    source_id: int
    dong: int
    code: str
    body: bytes


@dataclass
class Book:
    """The sender's side. ``calls`` and ``orders`` hold only what was acknowledged; the counts hold every try."""

    calls: dict[int, Call] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)  # by idempotency key
    tries: int = 0
    unanswered: int = 0
    refused: int = 0  # with a 5xx
    repeated: int = 0  # acknowledged once more after the first time
    wrong: list[str] = field(default_factory=list)  # answers that no sender should ever get

    @property
    def acknowledged(self) -> int:
        return len(self.calls) + len(self.orders)


class Load:
    """``with Load(market, seed=7) as load:`` trades until the end of the block, then until all is acknowledged."""

    def __init__(self, market: Market, *, seed: int, buyers: int = 2, pause_s: float = 0.0) -> None:
        self.market, self.book, self.seed, self.pause_s = market, Book(), seed, pause_s
        told = market.manage("shell", "-v", "0", "-c", "from tests.kill import scene; scene.tell()").stdout
        self.scene: dict[str, Any] = json.loads(told.splitlines()[-1])
        self._ending, self._failed = threading.Event(), threading.Event()
        self._to_pay: queue.Queue[tuple[str, int]] = queue.Queue()
        self._lock = threading.Lock()
        self._next_id = 5_000_000
        self._threads = [
            threading.Thread(target=self._guarded, args=(work, number), name=f"{work.__name__} {number}")
            for number, work in enumerate([self._buy] * buyers + [self._pay] * buyers)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, failed: type[BaseException] | None, _error: BaseException | None, _tb: object) -> None:
        self._ending.set()
        if failed is not None:
            self._failed.set()
        for thread in self._threads:
            thread.join()
        if failed is None:
            assert self.book.wrong == [], self.book.wrong[:5]

    # -- What each of them does all day ----------------------------------------------------------------------

    def _guarded(self, work: Callable[[random.Random, str], None], number: int) -> None:
        try:
            work(random.Random(f"{self.seed}-{number}"), f"{self.seed}-{number}")
        except Exception as bug:  # noqa: BLE001 — told at the end, by whoever opened this load
            self.book.wrong.append(f"{type(bug).__name__}: {bug}")

    def _buy(self, chance: random.Random, name: str) -> None:
        http, number = _session(), 0
        while not self._ending.is_set():
            number += 1
            placed = self.place(http, key=f"{name}-{number}", quantity=chance.randint(1, 3) * self.scene["unit"])
            for request in placed["paymentRequests"]:
                self._to_pay.put((request["code"], int(placed["totalDong"])))
            time.sleep(self.pause_s)

    def _pay(self, chance: random.Random, name: str) -> None:
        """Each order once; now and then a gift without a code, now and then an old call again."""
        http = _session()
        while not (self._ending.is_set() and self._to_pay.empty()):
            code, dong = "", chance.randrange(1_000, 200_000)
            if chance.random() > 0.2:
                try:
                    code, dong = self._to_pay.get(timeout=0.2)
                except queue.Empty:
                    continue
            call = self.new_call(code, dong)
            self.deliver(http, call)
            if chance.random() < 0.25:
                self.deliver(http, chance.choice([call, *list(self.book.calls.values())[-5:]]))
            time.sleep(self.pause_s)

    # -- One thing, until it is acknowledged --------------------------------------------------------------------

    def new_call(self, code: str, dong: int) -> Call:
        with self._lock:
            self._next_id += 1
            source_id = self._next_id
        memo = f"{code} chuyen tien" if code else f"ung ho {source_id}"
        body = sepay.call_body(
            source_id=source_id, account=self.scene["account"], dong=dong, memo=memo,
            happened_at=datetime.now(VIETNAM_OFFSET),
        )  # fmt: skip
        return Call(source_id, dong, code, body)

    def deliver(self, http: requests.Session, call: Call) -> None:
        def post() -> bool:
            headers = sepay.signed_call(key=self.scene["key"], body=call.body, now=int(time.time()))
            address = f"{self.market.url}/hooks/sepay/{self.scene['token']}/"
            answer = http.post(address, data=call.body, headers=headers, timeout=ANSWER_WITHIN_S)
            return self._acknowledges(answer, "the hook") and answer.json() == {"success": True}

        self._until_acknowledged(post)
        with self._lock:
            self.book.repeated += call.source_id in self.book.calls
            self.book.calls[call.source_id] = call

    def place(self, http: requests.Session, *, key: str, quantity: int) -> dict[str, Any]:
        buyer = {"name": f"Người mua {key}", "phone": "0912000004", "address": "Thôn Nộn Khê, xã Yên Mô"}
        lines = [{"variantId": self.scene["variant"], "quantity": quantity}]
        asked = {"lines": lines, "buyer": buyer, "idempotencyKey": key}
        placed: list[dict[str, Any]] = []

        def post() -> bool:
            given = {"query": PLACE, "variables": {"input": asked}}
            answer = http.post(f"{self.market.url}/graphql/", json=given, timeout=ANSWER_WITHIN_S)
            if not self._acknowledges(answer, "the order"):
                return False
            told = answer.json()
            if "errors" in told:  # GraphQL says 200 and names the reference of a bug, or of a database in trouble
                self.book.refused += 1
                return False
            if told["data"]["orderPlace"]["errors"]:
                raise AssertionError(f"refused: {told['data']['orderPlace']['errors']}")
            placed[:] = told["data"]["orderPlace"]["orders"]
            return True

        self._until_acknowledged(post)
        [order] = placed
        with self._lock:
            self.book.orders[key] = order
        return order

    def _acknowledges(self, answer: requests.Response, door: str) -> bool:
        if answer.status_code >= 500:
            self.book.refused += 1
            return False
        if answer.status_code != 200:
            raise AssertionError(f"{door} answered {answer.status_code}: {answer.text[:200]}")
        return True

    def _until_acknowledged(self, post: Callable[[], bool]) -> None:
        until = time.monotonic() + GIVE_UP_AFTER_S
        while True:
            self.book.tries += 1
            try:
                if post():
                    return
            except requests.RequestException:  # no answer, or half of one
                self.book.unanswered += 1
            if self._failed.is_set() or time.monotonic() > until:
                raise AssertionError("never acknowledged")
            time.sleep(PAUSE_S)


def _session() -> requests.Session:
    http = requests.Session()
    http.trust_env = False  # no proxy, no .netrc
    return http
