"""The product's own server, with a power cut between writing an arrival down and settling it."""

import os
import signal
from typing import NoReturn

from shop.wsgi import application

__all__ = ["application"]

from payments import settlement  # after the application: only now can models be imported


def power_cut(**_given: object) -> NoReturn:
    """Nobody gets to say goodbye: the whole group of processes goes at once."""
    os.killpg(os.getpgid(0), signal.SIGKILL)
    raise AssertionError("still alive")


settlement.try_to_settle = power_cut
