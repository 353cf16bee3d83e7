"""What a racer can be told to do with the number that a shop's pages stand under (tests/race/racer.py)."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.test import Client

from catalog import versions


def move(*, shops: list[int]) -> str:
    """The shops' numbers, one transaction."""
    with transaction.atomic():
        versions.moved(shops)
    return "moved"


def look(*, path: str) -> list[Any]:
    """The number first, then the page as this process serves it: its status, its tag and what it says is left."""
    number = versions.market_number()
    answer = Client(SERVER_NAME="localhost").get(path)
    left = answer.content.decode().partition('<p class="stock')[2].partition("</p>")[0].partition(">")[2]
    return [number, answer.status_code, answer["ETag"], left]


VERSION_DEEDS: dict[str, Callable[..., Any]] = {"move": move, "look": look}
