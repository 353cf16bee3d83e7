"""Every kind of memo: what the payer meant, what reached us, and what must come of it.

The traps are what chance would need centuries for: codes planted as near to each other as codes can lie, references
that hold somebody's code, equal dues throughout. A break of a PDF cell at the worst place on top is left out there.
"""

import random
from collections.abc import Callable
from typing import Literal, NamedTuple

from payments.matching import Asked
from tests.memos import damages
from tests.memos.envelopes import delivered, digits, mixed, text_around, wrapped
from tests.memos.live import Live, code

Expected = Literal["settled", "proposed", "held"]


class Sent(NamedTuple):
    """One transfer with the truth beside it. ``meant`` is empty where the payer thought of nothing of ours."""

    memo: str
    organization_id: int
    account_id: int
    dong: int
    meant: tuple[str, ...]


class Kind(NamedTuple):
    weight: int
    expected: Expected
    made: Callable[[Live, random.Random], Sent]


def _for(one: Asked, memo: str, *, dong: int | None = None, meant: tuple[str, ...] | None = None) -> Sent:
    told = (one.code,) if meant is None else meant
    return Sent(memo, one.organization_id, one.account_id, one.due_dong if dong is None else dong, told)  # type: ignore[arg-type]


def _whole(write: Callable[[str, random.Random], str]) -> Callable[[Live, random.Random], Sent]:
    """The code as ``write`` has it, in a text, through a bank, with what is due."""

    def made(live: Live, dice: random.Random) -> Sent:
        one = dice.choice(live.open)
        return _for(one, delivered(text_around(write(one.code, dice), dice), dice))

    return made


def _printed(code: str, _dice: random.Random) -> str:
    return code


def _glued_before(code: str, dice: random.Random) -> str:
    return dice.choice(("NAP", "TKP", "Đ", "tien", "ck", "QR", "VQR", digits(dice, 6) + "T")) + code


def _glued_behind(code: str, dice: random.Random) -> str:
    return code + dice.choice(("FT25" + digits(dice, 12), "T970416T", "đ", "CT", "GD" + digits(dice, 6), "CP", "x2"))


def _twice(code: str, dice: random.Random) -> str:
    return code + dice.choice((" ", "", " - ", " noi dung ")) + code


def _wrapped(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.open)
    return _for(one, wrapped(delivered(text_around(one.code, dice), dice), dice))


def _another_amount(live: Live, dice: random.Random) -> Sent:
    """In part, too much, or one đồng beside: behind its prefix a code takes what came."""
    one = dice.choice(live.open)
    dong = max(1, one.due_dong + dice.choice((-1, 1, 500, -5_000, one.due_dong, -one.due_dong // 2)))
    return _for(one, delivered(text_around(one.code, dice), dice), dong=dong)


def _apart(written: str, dice: random.Random) -> str:
    text = dice.choice(("tien hang {} ", "{} cam on", "em gui {} nhe", "CHUYEN KHOAN {} 2 TUI", "Tiền cá {}, cảm ơn"))
    return text.format(written)


def _bare(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.open)
    return _for(one, delivered(_apart(one.code[2:], dice), dice))


def _bare_another_amount(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.open)
    return _for(one, delivered(_apart(one.code[2:], dice), dice), dong=one.due_dong + dice.choice((-1, 1, 500, 90_000)))


def _bare_inside(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.open)
    return _for(one, delivered(f"NAP{one.code[2:]}T{digits(dice, 6)}", dice))


def _damaged_prefix(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.open)
    prefix = dice.choice(("GP", "C", "P", "CPX", "PC", "CCP", "CO", "DP", "C0", "CB"))
    prefix = "DP" if prefix == "CPX" and one.code[2] == "X" else prefix
    return _for(one, delivered(_apart(prefix + one.code[2:], dice), dice))


def _one_edit(damage: damages.Damage) -> Callable[[Live, random.Random], Sent]:
    def made(live: Live, dice: random.Random) -> Sent:
        one = dice.choice(live.open)
        written = "CP" + damage(one.code[2:], dice)
        return _for(one, delivered(text_around(written, dice), dice))

    return made


def _two_edits(live: Live, dice: random.Random) -> Sent:
    """Of codes without a planted neighbour: two slips that write another's live code are beyond any reader."""
    one = dice.choice(live.scattered)
    return _for(one, delivered(text_around("CP" + damages.two_edits(one.code[2:], dice), dice), dice))


def _cut(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.open)
    return _for(one, delivered(text_around(one.code[: -dice.choice((2, 3, 4, 5))], dice), dice))


def _nobody(
    write: Callable[[Asked, Live, random.Random], str], *, breaks: bool = True
) -> Callable[[Live, random.Random], Sent]:
    """Exactly what somebody owes, to the right account, and nothing meant: only the amount fits."""

    def made(live: Live, dice: random.Random) -> Sent:
        one = dice.choice(live.open)
        return _for(one, delivered(write(one, live, dice), dice, breaks=breaks), meant=())

    return made


def _says_nothing(_one: Asked, _live: Live, dice: random.Random) -> str:
    return text_around("", dice).strip()


def _company(_one: Asked, _live: Live, dice: random.Random) -> str:
    firm = dice.choice(("CTY CP THUC PHAM SACH {}", "CONG TY CP {} VIET", "cp {} tien hang", "CCP{}", "HTX CP-{}"))
    return firm.format(mixed(dice, dice.choice((6, 8, 9))).upper())


def _somebody_elses_system(_one: Asked, _live: Live, dice: random.Random) -> str:
    others = (f"NT{mixed(dice, 6)}", f"SEVQR TKP{mixed(dice, 8)}", mixed(dice, 8).upper(), f"VQR{mixed(dice, 10)}")
    return dice.choice(others)


def _never_issued(_one: Asked, live: Live, dice: random.Random) -> str:
    stranger = code(dice)
    return text_around(stranger if stranger not in live.asked else "CP", dice)


def _inside_a_trace(one: Asked, _live: Live, dice: random.Random) -> str:
    """By chance a bank's reference holds the eight symbols of somebody who owes just this."""
    return f"FT{digits(dice, 4)}{one.code[2:]}{digits(dice, 4)}"


def _inside_running_text(one: Asked, live: Live, dice: random.Random) -> str:
    """Two words that read together, from the middle of one to the middle of the next, are a code by chance."""
    symbols, at = one.code[2:], dice.randrange(2, 7)
    return f"XIN{symbols[:at]} {symbols[at:]}UONG"


def _two_codes(live: Live, dice: random.Random) -> Sent:
    one, other = _of_one_account(live, dice)
    glue = dice.choice((" ", " va ", ", ", "", "+"))
    text = f"{one.code}{glue}{other.code if dice.random() < 0.8 else ' ' + other.code[2:]}"
    return _for(one, delivered(text, dice), dong=one.due_dong + other.due_dong, meant=(one.code, other.code))


def _two_codes_another_sum(live: Live, dice: random.Random) -> Sent:
    one, other = _of_one_account(live, dice)
    dong = dice.choice((one.due_dong, other.due_dong, one.due_dong + other.due_dong + 500))
    return _for(one, delivered(f"{one.code} {other.code}", dice), dong=dong, meant=(one.code, other.code))


def _of_one_account(live: Live, dice: random.Random) -> tuple[Asked, Asked]:
    """Two without planted neighbours."""
    one = dice.choice(live.scattered)
    while True:
        other = dice.choice(live.of_account[one.account_id])
        if other.code != one.code:
            return one, other


def _beside_a_mistyped_one(live: Live, dice: random.Random) -> Sent:
    """Two codes, the money is for the one that is mistyped; in a class the other one owes the same."""
    one, other = _of_one_account(live, dice)
    damage = dice.choice(list(damages.ONE_EDIT.values()))
    return _for(one, delivered(f"{other.code} CP{damage(one.code[2:], dice)}", dice))


def _beside_a_paid_one(live: Live, dice: random.Random) -> Sent:
    """Last month's memo again, with the new code added."""
    one = dice.choice(live.open)
    old = dice.choice(live.closed_of[one.organization_id])
    return _for(one, delivered(f"{old.code} {one.code}", dice))


def _closed(live: Live, dice: random.Random) -> Sent:
    one = dice.choice(live.closed)
    return _for(one, delivered(text_around(one.code, dice), dice), dong=max(one.due_dong, 5_000))


def _to_another_account(live: Live, dice: random.Random) -> Sent:
    one, receiver = dice.choice(live.open), dice.choice(live.open)
    while receiver.account_id == one.account_id:
        receiver = dice.choice(live.open)
    text = delivered(text_around(one.code, dice), dice)
    return _for(receiver, text, dong=one.due_dong, meant=())


def _lost_and_gained(live: Live, dice: random.Random) -> Sent:
    """A code lost a symbol, and the first letter of what follows completes a neighbour's code: the worst there is."""
    pair = dice.choice(live.neighbours)
    written = pair.meant[: 2 + pair.place] + pair.meant[3 + pair.place :]
    behind = dice.choice((pair.gained + digits(dice, 5), f" {pair.gained}UOI BANH", f"-{pair.gained}T"))
    return _for(live.asked[pair.meant], delivered(written + behind, dice, breaks=False))


def _extra_makes_a_neighbour(live: Live, dice: random.Random) -> Sent:
    """One symbol too many, and the first eight are a neighbour's code."""
    pair = dice.choice(live.neighbours)
    written = pair.meant + pair.gained  # the neighbour's code with the symbol that it lacks put in
    return _for(live.asked[pair.other], delivered(text_around(written, dice), dice, breaks=False))


def _bare_neighbour(live: Live, dice: random.Random) -> Sent:
    """The same two without the prefix, where everything rests on the amount, and the amounts are equal."""
    pair = dice.choice(live.neighbours)
    if dice.random() < 0.5:
        return _for(live.asked[pair.other], delivered(_apart(pair.meant[2:] + pair.gained, dice), dice, breaks=False))
    written = pair.meant[2 : 2 + pair.place] + pair.meant[3 + pair.place :]
    return _for(live.asked[pair.meant], delivered(f"tien {written}{pair.gained}ONG", dice, breaks=False))


def _glued_neighbours(live: Live, dice: random.Random) -> Sent:
    """Whole, and what is glued behind makes the neighbour's code possible. Nobody can tell; a person must."""
    pair = dice.choice(live.neighbours)
    return _for(live.asked[pair.meant], delivered(f"{pair.meant}{pair.gained}{digits(dice, 3)}", dice, breaks=False))


KINDS: dict[str, Kind] = {
    "whole: as printed": Kind(12, "settled", _whole(_printed)),
    "whole: other case": Kind(4, "settled", _whole(damages.recased)),
    "whole: blanks, dots, dashes inside": Kind(6, "settled", _whole(damages.spaced)),
    "whole: full-width letters": Kind(1, "settled", _whole(damages.full_width)),
    "whole: glued to what stands before": Kind(4, "settled", _whole(_glued_before)),
    "whole: glued to what follows": Kind(4, "settled", _whole(_glued_behind)),
    "whole: written twice": Kind(2, "settled", _whole(_twice)),
    "whole: wrapped by a PDF cell": Kind(4, "settled", _wrapped),
    "whole: another amount": Kind(4, "settled", _another_amount),
    "whole: beside an old, closed one": Kind(2, "settled", _beside_a_paid_one),
    "bare: set apart, exact amount": Kind(4, "settled", _bare),
    "bare: another amount": Kind(2, "proposed", _bare_another_amount),
    "bare: inside a longer word": Kind(2, "proposed", _bare_inside),
    "prefix damaged, exact amount": Kind(4, "settled", _damaged_prefix),
    **{f"one edit: {name}": Kind(4, "proposed", _one_edit(damage)) for name, damage in damages.ONE_EDIT.items()},
    "two edits": Kind(6, "held", _two_edits),
    "cut by two symbols or more": Kind(2, "held", _cut),
    "two codes, exact sum": Kind(3, "proposed", _two_codes),
    "two codes, another sum": Kind(2, "held", _two_codes_another_sum),
    "two codes, the one meant mistyped": Kind(3, "held", _beside_a_mistyped_one),
    "closed request": Kind(2, "held", _closed),
    "another account or organization": Kind(2, "held", _to_another_account),
    "nothing meant: no code": Kind(5, "held", _nobody(_says_nothing)),
    "nothing meant: a company's CP": Kind(3, "held", _nobody(_company)),
    "nothing meant: another system's code": Kind(3, "held", _nobody(_somebody_elses_system)),
    "nothing meant: a code never issued": Kind(2, "held", _nobody(_never_issued)),
    "trap: a live code inside a trace": Kind(2, "held", _nobody(_inside_a_trace, breaks=False)),
    "trap: a live code across two words": Kind(2, "held", _nobody(_inside_running_text, breaks=False)),
    "trap: lost one, gained a neighbour's": Kind(2, "held", _lost_and_gained),
    "trap: one too many makes a neighbour's": Kind(2, "held", _extra_makes_a_neighbour),
    "trap: the same without a prefix": Kind(2, "held", _bare_neighbour),
    "trap: whole, glued into a neighbour's": Kind(1, "held", _glued_neighbours),
}
