"""Deeds of the bank's text messages: forwarded or pasted, whole or cut, before or after other sources, and made up."""

from dataclasses import replace

from base.periods import vietnam_day
from payments import pasting
from tests.simulation import calls
from tests.simulation.bank import BankLine, Text
from tests.simulation.goods import No
from tests.simulation.scene import Scene

SHORTEST = 12


def text(scene: Scene) -> str:
    """The bank's message about a line of the last days, or one of the messages once more."""
    dice, bank = scene.dice, scene.bank
    if bank.texts and scene.chance(0.2):
        again = dice.choice(bank.texts[-10:])
        return f"again of {again.line.source_id}" + _say(scene, again)
    lines = [line for line in bank.lines[-15:] if not any(one.line is line for one in bank.texts)]
    return message(scene, dice.choice(lines)) if lines else ""


def message(scene: Scene, line: BankLine) -> str:
    """A message about ``line``, where no other line of its sum could be meant."""
    if not (line.lone and line.is_plain) or any(one.line is line for one in scene.bank.texts):
        return ""
    told = Text(line, _memo(scene, line), _balance(scene, line))
    if any(told.could_be(other) for other in scene.bank.lines if other is not line):
        return ""
    scene.bank.texts.append(told)
    return f", texted {told.memo!r}" + _say(scene, told)


def fake(scene: Scene) -> str:
    """Somebody writes that she has paid. Sometimes she then does."""
    model, dice, bank = scene.model, scene.dice, scene.bank
    orders = [order for order in model.orders.values() if order.takes_money]
    if not orders:
        return ""
    order = dice.choice(orders)
    scene.counted += 1
    at = scene.bank_clock
    memo = f"{order.code} da chuyen ngay {vietnam_day(at):%d%m} L{scene.counted}"
    line = BankLine(
        order.account, scene.counted // 2 + 1_000, "in", order.total, memo, at,
        f"FT{order.account:02d}{scene.counted:06d}", "code", (order.code,), bank.posts_on(order.account, at),
    )  # fmt: skip
    told = Text(line, line.memo, None, is_true=False)
    taken = any(one.source_id == line.source_id and one.account == line.account for one in bank.lines)
    if taken or bank.texted(line) or any(told.could_be(other) for other in bank.lines):
        return ""
    bank.texts.append(told)
    said = f"made up for {order.pk}" + _say(scene, told)
    if scene.chance(0.3):
        bank.move(line)
        bank.texts[-1] = replace(told, is_true=True)
        model.line_of(line).is_true = True
        bank.unfed += [(provider, line) for provider in scene.providers[line.account]]
        said += ", and it comes"
    return said


def chatter(scene: Scene) -> str:
    """What the phone forwards and is no notice of money, or not the bank's."""
    account = scene.dice.choice(sorted(scene.accounts))
    words = f"TK {scene.bank.numbers[account]}|GD: +75,000VND {calls.moment(scene.bank_clock)}|SD:1,000,000VND|ND: gia"
    assert calls.forwarded(scene, account, words, sender="0912000999") == 200
    assert calls.forwarded(scene, account, "Toi nay an gi ha con? Me mua 2kg ca roi do") == 200
    said = "chatter"
    if scene.chance(0.5):
        treasurer = scene.staff[scene.model.owner_of[account]].treasurer
        scene.agree(
            lambda: _no("NOT_A_BANK_TEXT"),
            lambda: pasting.paste(bank_account_id=account, text="con da chuyen 75k nhe", actor=treasurer, at=scene.now),
        )
        said += ", pasted too"
    return said


def _say(scene: Scene, told: Text) -> str:
    line, words = told.line, _words(scene, told)
    if scene.chance(0.3):
        treasurer = scene.staff[scene.model.owner_of[line.account]].treasurer
        written = pasting.paste(bank_account_id=line.account, text=words, actor=treasurer, at=scene.now)
        assert written.transaction is not None
        scene.model.texted(told, words)
        return ", pasted"
    for _ in range(2 if scene.chance(0.1) else 1):
        assert calls.forwarded(scene, line.account, words) == 200
        scene.model.texted(told, words)
    return ", forwarded"


def _words(scene: Scene, told: Text) -> str:
    line, sign = told.line, "+" if told.line.direction == "in" else "-"
    balance = "" if told.balance is None else f"|SD:{told.balance:,}VND"
    memo = f"|ND: {told.memo}" if told.memo else ""
    number = scene.bank.numbers[line.account]
    return f"TK {number}|GD: {sign}{line.dong:,}VND {calls.moment(line.at)}{balance}{memo}"


def _memo(scene: Scene, line: BankLine) -> str:
    """Whole, cut, or nothing where a feed has told of the line before and its minute says enough."""
    dice = scene.dice
    if scene.chance(0.4):
        return line.memo
    seen = scene.model.seen.get(line.equal)
    if scene.chance(0.2) and seen is not None and seen.lines[0].by_clock:
        return ""
    letters = dice.randint(min(SHORTEST + 4, len(line.memo)), len(line.memo))
    return line.memo[:letters].strip()


def _balance(scene: Scene, line: BankLine) -> int | None:
    """What the account held after it; only for the newest line do we know it here."""
    newest = scene.bank.of(line.account)[-1:] == [line]
    return scene.bank.balance(line.account) if newest and scene.chance(0.6) else None


def _no(code: str) -> None:
    raise No(code)
