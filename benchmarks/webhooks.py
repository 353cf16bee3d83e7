"""A real server under a steady stream of webhooks, then the sender's book against ours.

``python benchmarks/webhooks.py [--db sqlite|postgres|both] [--rps 100] [--seconds 60] [--seed 1]``: one server process
with four threads as ``make run`` starts it, one worker, a database of their own. One call in ten is sent again at once
or later, one in twenty is forged. Calls leave by the clock whether or not earlier ones were answered, and are counted
from the moment they were due. Exit 2 when a transfer is missing, double, or elsewhere than it was sent.
"""

import argparse
import json
import os
import queue
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._bank import Book, Call, Line, deliver, percentile, reconciled
from benchmarks._shop import Shop, shops

DUPLICATES, FORGED = 0.10, 0.05
SENDERS = 64
REQUESTS = 400
SETTLED_WITHIN_S = 120


def plan(book: Book, count: int) -> list[Call]:
    """``count`` calls in their order; a repeat follows its first call at once, or up to 50 calls later."""
    calls: list[Call] = []
    for _ in range(count):
        chance = book.dice.random()
        if chance < FORGED:
            calls.append(book.forge())
        elif chance < FORGED + DUPLICATES and book.transfers:
            calls.append(book.again(book.dice.choice(book.transfers[-50:])))
        else:
            calls.append(book.genuine())
    return calls


def send(book: Book, calls: list[Call], *, rps: float) -> float:
    """Everything by the clock; returns the seconds until the last answer."""
    waiting: queue.Queue[tuple[float, Call] | None] = queue.Queue()

    def sender() -> None:
        line = Line(book.shop.market.port)
        while (due_call := waiting.get()) is not None:
            deliver(book, line, due_call[1], due=due_call[0])

    threads = [threading.Thread(target=sender) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    for number, call in enumerate(calls):
        due = began + number / rps
        time.sleep(max(0.0, due - time.monotonic()))
        waiting.put((due, call))
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def settled_after(shop: Shop) -> float:
    """Seconds from the last answer until no line is NEW any more."""
    began = time.monotonic()
    while shop.market.rows("SELECT COUNT(*) FROM payments_banktransaction WHERE state = 'NEW'") != [(0,)]:
        if time.monotonic() - began > SETTLED_WITHIN_S:
            break
        time.sleep(0.1)
    return time.monotonic() - began


def loaded(shop: Shop, *, rps: float, seconds: float, seed: int) -> int:
    book, busy = Book(shop, random.Random(f"webhooks {seed}")), os.getloadavg()[0]
    calls = plan(book, int(rps * seconds))
    used = shop.cpu_seconds()
    took = send(book, calls, rps=rps)
    lag = settled_after(shop)
    server_ms, worker_ms = (
        1000 * (after - before) / len(calls) for before, after in zip(used, shop.cpu_seconds(), strict=True)
    )
    result = reconciled(book)
    [audit] = shop.market.printed("books", "audit", "--organization", "cho-do", exits=None)
    p50, p95, p99 = (1000 * percentile(book.seconds, share) for share in (0.50, 0.95, 0.99))
    print(
        f"webhooks on {shop.database}: {len(calls)} calls in {took:.1f} s = {len(calls) / took:.0f}/s of {rps:.0f}/s "
        f"asked; p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; all settled {lag:.1f} s after the last answer; "
        f"load of the machine before {busy:.1f}; seed {seed}"
    )
    print(
        f"  CPU a call: server {server_ms:.1f} ms, worker {worker_ms:.1f} ms; a core of one's own would answer "
        f"{1000 / server_ms:.0f} calls a second"
    )
    print(f"  answers: {dict(sorted(book.answers.items()))}")
    print(f"  reconcile: {result}")
    print(
        f"  books audit: unexplained {audit['unexplained_dong']} đ, {json.dumps(audit['checks'], ensure_ascii=False)}"
    )
    sound = audit["unexplained_dong"] == 0 and set(audit["checks"].values()) == {"ok"}
    return 0 if result.clean and sound and not book.answers["forged 200"] else 2


def main() -> int:
    asked = argparse.ArgumentParser(prog="benchmarks/webhooks.py", description=__doc__)
    asked.add_argument("--db", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--rps", type=float, default=100)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    worst = 0
    for shop in shops(options.db, requests=REQUESTS):
        worst = max(worst, loaded(shop, rps=options.rps, seconds=options.seconds, seed=options.seed))
    return worst


if __name__ == "__main__":
    sys.exit(main())
