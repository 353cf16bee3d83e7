"""How a code is written so that it is still whole, and how it is written wrong."""

import random
from collections.abc import Callable

_KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_FULL_WIDTH = {ord(key): ord(key) + 0xFEE0 for key in _KEYS}


def spaced(code: str, dice: random.Random) -> str:
    """Blanks, dots, dashes inside, one or several: "CP 7K2M 9Q9M", "C.P7K2M9Q9M"."""
    for at in sorted(dice.sample(range(1, len(code)), dice.choice((1, 1, 2, 3))), reverse=True):
        code = code[:at] + dice.choice((" ", " ", "-", ".", "_", " - ", "\n")) + code[at:]
    return code


def recased(code: str, dice: random.Random) -> str:
    return dice.choice((code.lower(), code.capitalize(), code[:2].lower() + code[2:]))


def full_width(code: str, dice: random.Random) -> str:
    return code.translate(_FULL_WIDTH) if dice.random() < 0.5 else code[:2].translate(_FULL_WIDTH) + code[2:]


def wrong(symbols: str, dice: random.Random) -> str:
    """One other key of the keyboard, of those that no code has too: 0 for Q."""
    at = dice.randrange(len(symbols))
    return symbols[:at] + dice.choice(_KEYS.replace(symbols[at], "")) + symbols[at + 1 :]


def swapped(symbols: str, dice: random.Random) -> str:
    """Two neighbours that differ change places."""
    places = [at for at in range(len(symbols) - 1) if symbols[at] != symbols[at + 1]]
    if not places:
        return wrong(symbols, dice)
    at = dice.choice(places)
    return symbols[:at] + symbols[at + 1] + symbols[at] + symbols[at + 2 :]


def extra(symbols: str, dice: random.Random) -> str:
    """One key too many, half of the time the same one twice; inside, or the code would still be whole."""
    while True:
        at = dice.randrange(1, len(symbols))
        key = symbols[at] if dice.random() < 0.5 else dice.choice(_KEYS)
        damaged = symbols[:at] + key + symbols[at:]
        if symbols not in damaged:
            return damaged


def lost(symbols: str, dice: random.Random) -> str:
    at = dice.randrange(len(symbols))
    return symbols[:at] + symbols[at + 1 :]


Damage = Callable[[str, random.Random], str]
ONE_EDIT: dict[str, Damage] = {"wrong": wrong, "swapped": swapped, "extra": extra, "lost": lost}


def two_edits(symbols: str, dice: random.Random) -> str:
    """Two slips that are not each other's undoing."""
    first, second = dice.choices(list(ONE_EDIT.values()), k=2)
    twice = second(first(symbols, dice), dice)
    return twice if twice != symbols else two_edits(symbols, dice)
