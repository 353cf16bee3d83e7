"""``manage.py worker``: settles what is NEW and expires what is overdue, until it is told to stop."""

import os
import signal
import socket
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from payments import working

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Settle new bank lines and expire overdue orders. Several may run; SIGTERM ends it after the round."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do one round and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        name, started_at = f"{socket.gethostname()}:{os.getpid()}"[:40], timezone.now()
        if options["once"]:
            working.one_round(name=name, started_at=started_at, at=timezone.now())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stderr.write(f"worker {name}: started")
        while not stop.is_set():
            close_old_connections()
            working.one_round_or_log(name=name, started_at=started_at, at=timezone.now())
            stop.wait(PAUSE_SECONDS)
        self.stderr.write(f"worker {name}: stopped")
