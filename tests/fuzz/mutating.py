"""Spoiling bytes at random: what a coverage-guided fuzzer does, without the guide, wherever Python runs."""

import random
from collections.abc import Sequence

from tests.fuzz.seeds import WORDS


def spoiled(seed: bytes, dice: random.Random, *, others: Sequence[bytes], longest: int) -> bytes:
    """``seed`` with one to eight things done to it, never longer than ``longest``."""
    data = bytearray(seed)
    for _ in range(dice.randint(1, 8)):
        _spoil(data, dice, others)
        del data[longest:]
    return bytes(data)


def _spoil(data: bytearray, dice: random.Random, others: Sequence[bytes]) -> None:
    at = dice.randint(0, len(data))
    end = min(len(data), at + dice.choice((1, 1, 2, 4, 16, 64)))
    kind = dice.randrange(9)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << dice.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = dice.randrange(256)
    elif kind == 2:
        del data[at:end]
    elif kind == 3:
        data[at:at] = data[at:end] * dice.choice((1, 2, 40))
    elif kind == 4:
        data[at:end] = dice.choice(WORDS)
    elif kind == 5:
        other = dice.choice(others)
        start = dice.randint(0, len(other))
        data[at:end] = other[start : start + dice.choice((4, 20, 100))]
    elif kind == 6:
        del data[at:]
    elif kind == 7:
        _other_number(data, at, dice)
    else:
        data[at:at] = dice.choice(WORDS)


def _other_number(data: bytearray, at: int, dice: random.Random) -> None:
    """The digits at or after ``at`` become another number."""
    while at < len(data) and not 48 <= data[at] <= 57:
        at += 1
    end = at
    while end < len(data) and 48 <= data[end] <= 57:
        end += 1
    edges = (0, 1, 2**31, 2**53 - 1, 2**53, 2**63, 10**30, dice.randrange(10**9))
    data[at:end] = str(dice.choice(edges)).encode()
