"""Deeds of payers and of the bank: money comes and goes, and the feed tells of it: late, twice, wrongly or never."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from unittest import mock

from django.test import RequestFactory

from base.codes import ALPHABET, new_code
from base.periods import vietnam_day
from payments import settlement, webhooks, working
from payments.models import Sighting
from payments.providers import sepay
from tests.simulation.bank import BankLine
from tests.simulation.goods import Order
from tests.simulation.scene import KEY, Scene

KINDS = ("code",) * 14 + ("bare", "bare", "mistyped", "two codes", "code and unknown", "unknown", "none", "out")


def pay(scene: Scene) -> str:
    """Something moves at the bank; most often the feed tells of it at once."""
    line = _movement(scene)
    scene.bank.lines.append(line)
    said = f"{line.kind} {line.dong} on account {line.account} as {line.source_id}: {line.memo!r}"
    if line.lone and scene.chance(0.05):
        _call(scene, line, dies=True)
        scene.model.fed(line, booked=False)
        scene.bank.fed.append(line)
        return f"died after writing down {said}"
    if scene.chance(0.75):
        return "told of " + said + _fed(scene, line)
    scene.bank.unfed.append(line)
    return "silence about " + said


def twin(scene: Scene) -> str:
    """The same payer pays the same again on the same day: two movements, never one."""
    today = [line for line in scene.bank.lines if not line.lone and line.day == vietnam_day(scene.now)]
    if not today:
        return ""
    one = scene.dice.choice(today)
    line = _line(
        scene, one.account, one.dong, one.memo, one.kind, one.codes, direction=one.direction, lone=False,
        stamped=True,
    )  # fmt: skip
    scene.bank.lines.append(line)
    if scene.chance(0.5):
        return f"a twin of {one.source_id}, told as {line.source_id}" + _fed(scene, line)
    scene.bank.unfed.append(line)
    return f"a twin of {one.source_id}, silently {line.source_id}"


def feed_tells(scene: Scene) -> str:
    """What the feed kept back, in any order; and what it told before, again."""
    bank, dice = scene.bank, scene.dice
    said = []
    for line in dice.sample(bank.unfed, min(len(bank.unfed), dice.randint(1, 4))):
        bank.unfed.remove(line)
        said.append(f"told late of {line.source_id}" + _fed(scene, line))
    if bank.fed and scene.chance(0.6):
        line = dice.choice(bank.fed[-30:])
        said.append(f"told again of {line.source_id}" + _fed(scene, line))
    return ", ".join(said)


def feed_contradicts(scene: Scene) -> str:
    """The id of a line comes again with another sum."""
    lone = [line for line in scene.bank.fed[-30:] if line.lone and line.dong]
    if not lone:
        return ""
    line = scene.dice.choice(lone)
    dong = line.dong + scene.dice.choice([1, 5_000])
    _call(scene, line, dong=dong)
    scene.model.contradicted(line, dong)
    return f"{line.source_id} comes again with {dong}"


def feed_errs(scene: Scene) -> str:
    """Calls that are not ours to book: another bank's account, a forged one, one of an old key, nonsense."""
    line = _movement(scene)
    stray = scene.dice.choice(["stray", "forged", "stale", "nonsense", "test"])
    if stray == "stray":
        assert _call(scene, line, account="999888777") == 200
        assert Sighting.objects.filter(external_id=str(line.source_id), transaction=None).count() == 1
    elif stray == "forged":
        assert _call(scene, line, key="khong-phai-khoa-nay") == 403
    elif stray == "stale":
        assert _call(scene, line, seconds_off=scene.dice.choice([-301, 301])) == 403
    elif stray == "nonsense":
        assert _call(scene, line, dong=-5) == 400
    else:
        assert _call(scene, line, source_id=0) == 200
    return f"a {stray} call"


def worker(scene: Scene) -> str:
    working.one_round(name="w", started_at=scene.world.now, at=scene.now)
    scene.model.work()
    return "the worker's round"


def time_flies(scene: Scene) -> str:
    hours = scene.dice.choice([1, 5, 19, 30, 80])
    worker(scene)  # nothing stays NEW for hours
    scene.pass_time(hours=hours)
    return f"{hours} hours later, " + worker(scene)


def _fed(scene: Scene, line: BankLine) -> str:
    times = 3 if scene.chance(0.08) else 1
    for _ in range(times):
        assert _call(scene, line) == 200
        scene.model.fed(line)
    if line not in scene.bank.fed:
        scene.bank.fed.append(line)
    return f" × {times}" if times > 1 else ""


def _call(
    scene: Scene,
    line: BankLine,
    *,
    dong: int | None = None,
    dies: bool = False,
    account: str = "",
    key: str = KEY,
    seconds_off: int = 0,
    source_id: int | None = None,
) -> int:
    """One signed call at the real door, under our clock. Returns its status."""
    feed = scene.feeds[line.account]
    body = sepay.call_body(
        source_id=line.source_id if source_id is None else source_id,
        account=account or scene.bank.numbers[line.account],
        dong=line.dong if dong is None else dong, memo=line.memo, happened_at=line.at,
        direction=_direction(line.direction), reference=_reference(scene, line),
    )  # fmt: skip
    headers = sepay.signed_call(key=key, body=body, now=int(scene.now.timestamp()) + seconds_off)
    request = RequestFactory().post(
        f"/hooks/sepay/{feed.token}/", data=body, content_type="application/json",
        headers={name: value for name, value in headers.items() if name != "Content-Type"},
    )  # fmt: skip
    with mock.patch.object(webhooks.timezone, "now", return_value=scene.now):
        if dies:
            with mock.patch.object(settlement, "try_to_settle"):
                return webhooks.hook(request, "sepay", feed.token).status_code
        return webhooks.hook(request, "sepay", feed.token).status_code


def _reference(scene: Scene, line: BankLine) -> str:
    """As the feed names it: often like the bank's files, sometimes not at all; one bank's feed has names of its own."""
    if line.source_id % 3 == 0:
        return ""
    return line.reference if scene.feeds[line.account].bank_account.bank_name != "Agribank" else f"W{line.source_id}"


def _direction(text: str) -> Literal["in", "out"]:
    return "out" if text == "out" else "in"


def _line(
    scene: Scene,
    account: int,
    dong: int,
    memo: str,
    kind: str,
    codes: tuple[str, ...],
    *,
    direction: str = "in",
    lone: bool = True,
    stamped: bool = False,
) -> BankLine:
    """A movement now. Its memo names the day: what is equal on two days may be one transfer posted late."""
    scene.counted += 1
    # The feed numbers lines by account: the same id on two accounts is two lines.
    source_id = scene.counted // 2 + 1_000
    while any(line.source_id == source_id and line.account == account for line in scene.bank.lines):
        source_id += 10_000
    if not stamped:
        own = f" L{scene.counted}" if lone else ""  # a word of its own, and so no twin by chance
        memo = f"{memo} ngay {scene.now:%d%m}{own}"
    reference = f"FT{account:02d}{scene.counted:06d}"
    return BankLine(account, source_id, direction, dong, memo, scene.now, reference, kind, codes, lone)


def _movement(scene: Scene) -> BankLine:
    dice, model = scene.dice, scene.model
    kind = dice.choice(KINDS)
    accounts = list(scene.accounts)
    if scene.chance(0.02):
        return _line(scene, dice.choice(accounts), 0, "xin chao", "none", ())
    if scene.chance(0.02):
        line = _line(scene, dice.choice(accounts), 90_000, f"tien cu {scene.counted}", "none", ())
        before = scene.now - timedelta(days=200)
        return _before_opening(line, before)
    if kind == "out":
        return _line(
            scene, dice.choice(accounts), dice.choice([11_000, 55_000]), "phi dich vu", kind, (), direction="out"
        )
    orders = list(model.orders.values())[-30:]
    taking = [order for order in orders if order.takes_money]
    if not orders or kind == "none":
        return _line(scene, dice.choice(accounts), dice.choice([50_000, 75_000]), "tien hang", "none", (), lone=False)
    if kind == "unknown":
        return _line(scene, dice.choice(accounts), 75_000, f"{new_code(dice)} tra tien", kind, ())
    order = dice.choice(taking) if taking and scene.chance(0.75) else dice.choice(orders)
    account = order.account if scene.chance(0.92) else dice.choice(accounts)
    due = (order.total - order.credited) or order.total
    dong = dice.choice([due] * 6 + [max(due // 2, 1), max(due - 1, 1), due + 1, due + 20_000, 2 * due])
    code, codes = order.code, (order.code,)
    if kind == "bare":
        code = code[2:]
    elif kind == "mistyped":
        code = _mistyped(scene, code)
    elif kind == "code and unknown":
        unknown = new_code(dice)
        code, codes = f"{code} {unknown}", (order.code, unknown)
    elif kind == "two codes":
        other = dice.choice([one for one in orders if one is not order] or [order])
        if other is order:
            kind = "code"
        else:
            code, codes = f"{code} {other.code}", (order.code, other.code)
            dong = dice.choice([dong, due + _due(other)])
    if scene.chance(0.2) and kind == "code":
        code = f"MBVCB.3278.{code}.CT tu 0011" if scene.chance(0.5) else f"{code.lower()[:5]} {code.lower()[5:]}"
    return _line(scene, account, dong, f"{code} mua hang", kind, codes, lone=scene.chance(0.7))


def _due(order: Order) -> int:
    return (order.total - order.credited) or order.total


def _mistyped(scene: Scene, code: str) -> str:
    place = scene.dice.randrange(2, len(code))
    wrong = scene.dice.choice([symbol for symbol in ALPHABET if symbol != code[place]])
    return code[:place] + wrong + code[place + 1 :]


def _before_opening(line: BankLine, at: datetime) -> BankLine:
    return replace(line, at=at, before_opening=True)
