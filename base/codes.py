"""The code that a payer's memo carries: ``CP`` + 6 random symbols + 2 check symbols.

31 symbols without the look-alikes 0 1 I L O; a symbol's value is its position, and 31 is prime. The check symbols
make Σ cᵢ ≡ 0 and Σ i·cᵢ ≡ 0 (mod 31), i = 1 … 8: one or two wrong symbols, and any two that changed places, are
always noticed. 31⁶ = 887,503,681 codes are good against typing errors and are no secret. A code is never reused.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from operator import mul
from typing import Protocol

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "CP"
BODY_LENGTH = 6
SYMBOLS_LENGTH = 8
"""How many symbols follow the prefix: body and check symbols together."""

_PRIME = len(ALPHABET)
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_INVERSE = (0, *(pow(value, -1, _PRIME) for value in range(1, _PRIME)))
_PLACES = range(1, SYMBOLS_LENGTH + 1)
_RUN_OF_SYMBOLS = re.compile(f"[{ALPHABET}]{{{SYMBOLS_LENGTH},}}")


class Dice(Protocol):
    """What ``new_code`` needs of a random generator: ``random.Random`` has it, so a seed can repeat a demo."""

    def choice(self, seq: str, /) -> str: ...


def new_code(dice: Dice | None = None) -> str:
    """A fresh code such as ``CP7K2M9Q9M``. Unpredictable unless ``dice`` says otherwise."""
    dice = dice or secrets.SystemRandom()
    body = "".join(dice.choice(ALPHABET) for _ in range(BODY_LENGTH))
    return PREFIX + body + check_symbols(body)


def check_symbols(body: str) -> str:
    """The two symbols that follow a six-symbol ``body``: ``7K2M9Q`` → ``9M``. ValueError for anything else."""
    if len(body) != BODY_LENGTH or not all(symbol in _VALUE for symbol in body):
        raise ValueError(f"a body is {BODY_LENGTH} symbols of {ALPHABET}")
    plain, weighted = _sums([_VALUE[symbol] for symbol in body])
    last = (7 * plain - weighted) % _PRIME
    return ALPHABET[(-plain - last) % _PRIME] + ALPHABET[last]


def is_well_formed(code: str) -> bool:
    """Whether ``code`` is prefix and eight symbols, upper case, and its check symbols fit."""
    return code.startswith(PREFIX) and passes_check(code[len(PREFIX) :])


def passes_check(symbols: str) -> bool:
    """Whether these eight symbols, without the prefix, satisfy both check sums."""
    if len(symbols) != SYMBOLS_LENGTH:
        return False
    try:
        values = [_VALUE[symbol] for symbol in symbols]
    except KeyError:
        return False
    return _sums(values) == (0, 0)


def one_edit_repairs(damaged: str) -> list[str]:
    """Every eight symbols that pass the check and lie one slip from ``damaged`` (upper case, without prefix).

    A slip is one wrong symbol, two neighbours that changed places (8 symbols came), one too many (9 came) or one
    lost (7 came). Nothing is a repair of itself. The result holds each candidate once; it is for a person to
    choose from, because a code with two slips can lie one slip from somebody else's.
    """
    if len(damaged) == SYMBOLS_LENGTH:
        found: Iterable[str] = (*_one_wrong(damaged), *_two_swapped(damaged))
    elif len(damaged) == SYMBOLS_LENGTH - 1:
        found = _one_lost(damaged)
    elif len(damaged) == SYMBOLS_LENGTH + 1:
        found = _one_extra(damaged)
    else:
        found = ()
    return list(dict.fromkeys(found))


def _sums(values: Sequence[int]) -> tuple[int, int]:
    return sum(values) % _PRIME, sum(map(mul, _PLACES, values)) % _PRIME


def _one_wrong(damaged: str) -> Iterator[str]:
    """The two sums name place and size of a single error, so there is at most one answer."""
    strangers = [place for place, symbol in enumerate(damaged) if symbol not in _VALUE]
    if len(strangers) > 1:
        return
    plain, weighted = _sums([_VALUE.get(symbol, 0) for symbol in damaged])
    if strangers:  # a letter outside the alphabet: the place is known, both sums must agree on the rest
        place = strangers[0]
        if (weighted - (place + 1) * plain) % _PRIME == 0:
            yield damaged[:place] + ALPHABET[-plain % _PRIME] + damaged[place + 1 :]
        return
    place = weighted * _INVERSE[plain] % _PRIME - 1
    if plain and 0 <= place < SYMBOLS_LENGTH:
        right = (_VALUE[damaged[place]] - plain) % _PRIME
        yield damaged[:place] + ALPHABET[right] + damaged[place + 1 :]


def _two_swapped(damaged: str) -> Iterator[str]:
    """Neighbours that changed places leave the plain sum right and move the weighted one by their difference."""
    if not _in_alphabet(damaged):
        return
    values = [_VALUE[symbol] for symbol in damaged]
    plain, weighted = _sums(values)
    if plain or not weighted:
        return
    for place in range(SYMBOLS_LENGTH - 1):
        if (values[place + 1] - values[place] - weighted) % _PRIME == 0:
            yield damaged[:place] + damaged[place + 1] + damaged[place] + damaged[place + 2 :]


def _one_lost(damaged: str) -> Iterator[str]:
    """The plain sum names the lost symbol, the weighted one its place."""
    if not _in_alphabet(damaged):
        return
    values = [_VALUE[symbol] for symbol in damaged]
    plain, weighted = _sums(values)
    lost = -plain % _PRIME
    moved_up = plain  # Σ of the values that stand behind the gap and so weigh one more
    for place in range(SYMBOLS_LENGTH):
        if (weighted + moved_up + (place + 1) * lost) % _PRIME == 0:
            yield damaged[:place] + ALPHABET[lost] + damaged[place:]
        if place < len(values):
            moved_up -= values[place]


def _one_extra(damaged: str) -> Iterator[str]:
    """The plain sum names the symbol that is too many, the weighted one its place."""
    strangers = [place for place, symbol in enumerate(damaged) if symbol not in _VALUE]
    if strangers:
        rest = damaged[: strangers[0]] + damaged[strangers[0] + 1 :]
        if passes_check(rest):
            yield rest
        return
    values = [_VALUE[symbol] for symbol in damaged]
    plain, weighted = sum(values), sum(value * place for place, value in enumerate(values, 1))
    moved_down = 0  # Σ of the values that stand behind the gap and so weigh one less
    found = []
    for place in range(len(values) - 1, -1, -1):
        value = values[place]
        if (plain - value) % _PRIME == 0 and (weighted - (place + 1) * value - moved_down) % _PRIME == 0:
            found.append(damaged[:place] + damaged[place + 1 :])
        moved_down += value
    yield from reversed(found)


def _in_alphabet(symbols: str) -> bool:
    return not symbols.strip(ALPHABET)


def windows_that_pass(text: str) -> Iterator[int]:
    """Where in ``text`` (upper case, no separators) eight symbols begin that pass the check, from the left.

    By chance one window of symbols in 961 does, so this alone proves nothing. It rolls the two sums along, which
    makes it cheaper than to look each window up.
    """
    for run in _RUN_OF_SYMBOLS.finditer(text):
        values = [_VALUE[symbol] for symbol in run.group()]
        plain, weighted = sum(values[:SYMBOLS_LENGTH]), _sums(values[:SYMBOLS_LENGTH])[1]
        for at, leaving in enumerate(values):
            if not plain % _PRIME and not weighted % _PRIME:
                yield run.start() + at
            if at + SYMBOLS_LENGTH == len(values):
                break
            entering = values[at + SYMBOLS_LENGTH]
            weighted += SYMBOLS_LENGTH * entering - plain
            plain += entering - leaving
