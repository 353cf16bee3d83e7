"""``manage.py worker``: settles what is NEW and expires what is overdue, until it is told to stop.

What waits for providers runs in a second thread, so that a silent provider never holds up money that has arrived.
"""

import os
import signal
import socket
import threading
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections
from django.utils import timezone

from payments import working

PAUSE_SECONDS = 1.0
BUSY = 100
"""A round that found so much to do is followed by the next one at once."""
ERRANDS_EVERY_SECONDS = 2.0
ENDS_WITHIN_SECONDS = 10.0
"""An errand that waits for a provider is left behind after this; what it would have brought is asked for again."""


class Command(BaseCommand):
    help = "Settle new bank lines, expire overdue orders, ask providers. Several may run; SIGTERM ends it tidily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do one round of everything and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        name, started_at = f"{socket.gethostname()}:{os.getpid()}"[:40], timezone.now()
        if options["once"]:
            working.one_round(name=name, started_at=started_at, at=timezone.now())
            working.one_errand_round(at=timezone.now())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stderr.write(f"worker {name}: started")
        errands = threading.Thread(target=_errands, args=(stop,), name="errands", daemon=True)
        errands.start()
        while not stop.is_set():
            close_old_connections()
            done = working.one_round_or_log(name=name, started_at=started_at, at=timezone.now())
            stop.wait(PAUSE_SECONDS if done < BUSY else 0)
        errands.join(timeout=ENDS_WITHIN_SECONDS)
        self.stderr.write(f"worker {name}: stopped")


def _errands(stop: threading.Event) -> None:
    """The second thread, with database connections of its own."""
    thinned: datetime | None = None
    try:
        while not stop.is_set():
            close_old_connections()
            working.one_errand_round(at=timezone.now())
            thinned = working.thin_if_due(last=thinned, at=timezone.now())
            stop.wait(ERRANDS_EVERY_SECONDS)
    finally:
        connections.close_all()
