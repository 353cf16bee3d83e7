"""Deeds of payers and of the bank: money comes and goes, and feeds tell of it: late, twice, wrongly or never."""

from dataclasses import replace
from datetime import datetime, timedelta

from base.codes import ALPHABET, new_code
from base.periods import VIETNAM_OFFSET, vietnam_day
from payments import working
from payments.models import Sighting
from tests.simulation import calls, texts
from tests.simulation.bank import BankLine
from tests.simulation.goods import Order
from tests.simulation.scene import Scene

KINDS = ("code",) * 14 + ("bare", "bare", "mistyped", "two codes", "code and unknown", "unknown", "none", "out")


def pay(scene: Scene) -> str:
    """Something moves at the bank; most often a feed tells of it at once, or the bank's message is quicker."""
    line = _movement(scene)
    return "" if line is None else moved(scene, line)


def moved(scene: Scene, line: BankLine) -> str:
    scene.bank.move(line)
    said = f"{line.kind} {line.dong} on account {line.account} as {line.source_id}: {line.memo!r}"
    feeds = feeds_of(scene, line)
    if line.lone and feeds and scene.chance(0.04):
        assert calls.call(scene, feeds[0], line, dies=True) == 200
        _heard(scene, feeds[0], line, booked=False)
        scene.bank.fed.append((feeds[0], line))
        return f"died after writing down {said}"
    if scene.chance(0.25):
        said += texts.message(scene, line)
    for provider in feeds:
        if scene.chance(0.65):
            said += f", told by {provider}" + _fed(scene, provider, line)
        else:
            scene.bank.unfed.append((provider, line))
    return said


def twin(scene: Scene) -> str:
    """The same payer pays the same again on the same day: two movements, never one."""
    bank = scene.bank
    today = [line for line in bank.lines if not line.lone and line.day == vietnam_day(scene.bank_clock)]
    today = [line for line in today if line.posted == bank.posts_on(line.account, scene.bank_clock)]
    if not today:
        return ""
    one = scene.dice.choice(today)
    line = line_now(
        scene, one.account, one.dong, one.memo, one.kind, one.codes, direction=one.direction, lone=False,
        stamped=True,
    )  # fmt: skip
    if bank.texted(line):
        return ""
    bank.move(line)
    said = f"a twin of {one.source_id}, {line.source_id}"
    for provider in feeds_of(scene, line):
        if scene.chance(0.5):
            said += f", told by {provider}" + _fed(scene, provider, line)
        else:
            bank.unfed.append((provider, line))
    return said


def feed_tells(scene: Scene) -> str:
    """What feeds kept back, in any order; and what they told before, again."""
    bank, dice = scene.bank, scene.dice
    said = []
    for call in dice.sample(bank.unfed, min(len(bank.unfed), dice.randint(1, 4))):
        if call in bank.unfed:
            bank.unfed.remove(call)
        said.append(f"told late of {call[1].source_id}" + _fed(scene, *call))
    if bank.fed and scene.chance(0.6):
        provider, line = dice.choice(bank.fed[-30:])
        said.append(f"told again of {line.source_id}" + _fed(scene, provider, line))
    return ", ".join(said)


def feed_is_down(scene: Scene) -> str:
    """Calls that are lost for good: only a list, a file or a message can tell of these lines."""
    lost = scene.dice.sample(scene.bank.unfed, min(len(scene.bank.unfed), scene.dice.randint(1, 3)))
    for call in lost:
        scene.bank.unfed.remove(call)
    return f"lost {[line.source_id for _, line in lost]}" if lost else ""


def pull(scene: Scene) -> str:
    """A provider's own list brings what its calls did not."""
    account, provider = scene.dice.choice([one for one in scene.feeds if one[1] == "sepay"])
    known = {(name, line.account, line.source_id) for name, line in scene.bank.fed}
    named = calls.pulled(scene, account, provider)
    for line in named:
        if (provider, account, line.source_id) not in known:
            _heard(scene, provider, line)
            scene.bank.fed.append((provider, line))
            if (provider, line) in scene.bank.unfed:
                scene.bank.unfed.remove((provider, line))
    return f"{provider} of account {account} lists {len(named)} lines"


def feed_contradicts(scene: Scene) -> str:
    """The id of a line comes again with another sum."""
    lone = [(provider, line) for provider, line in scene.bank.fed[-30:] if line.lone and line.dong]
    if not lone:
        return ""
    provider, line = scene.dice.choice(lone)
    dong = line.dong + scene.dice.choice([1, 5_000])
    assert calls.call(scene, provider, line, dong=dong) == 200
    scene.model.contradicted(provider, line, dong)
    return f"{provider}: {line.source_id} comes again with {dong}"


def feed_errs(scene: Scene) -> str:
    """Calls that are not ours to book: another bank's account, a forged or altered one, an old one, nonsense."""
    line = _movement(scene)
    if line is None or not (feeds := feeds_of(scene, line)):
        return ""
    provider = scene.dice.choice(feeds)
    stray = scene.dice.choice(["stray", "forged", "tampered", "stale", "nonsense", "test"])
    if stray == "stray" and not line.link:
        assert calls.call(scene, provider, line, account="999888777") == 200
        assert Sighting.objects.filter(account_text="999888777", transaction=None).exists()
    elif stray == "forged":
        assert calls.call(scene, provider, line, key="khong-phai-khoa-nay") == 403
    elif stray == "tampered" and provider != "casso-v1" and line.dong:  # version 1 signs nothing
        assert calls.call(scene, provider, line, tamper=True) == 403
    elif stray == "stale" and provider == "sepay":
        assert calls.call(scene, provider, line, seconds_off=scene.dice.choice([-301, 301])) == 403
    elif stray == "nonsense" and provider in ("sepay", "payos"):
        assert calls.call(scene, provider, line, dong=-5) == 400
    elif stray == "test" and provider != "payos":
        assert calls.call(scene, provider, line, source_id=0) == 200
    return f"a {stray} call of {provider}"


def worker(scene: Scene) -> str:
    working.one_round(name="w", started_at=scene.world.now, at=scene.now)
    scene.model.work()
    return "the worker's round"


def clock_goes_wrong(scene: Scene) -> str:
    """Our clock is set back a little; the bank's goes on."""
    seconds = scene.dice.choice([1, 20, 100])
    scene.pass_time(seconds=-seconds)
    return f"{seconds} seconds back"


def midnight(scene: Scene) -> str:
    """To just before it, so that the next steps fall on both sides."""
    there = scene.now.astimezone(VIETNAM_OFFSET)
    worker(scene)
    scene.pass_time(seconds=(there.replace(hour=23, minute=59, second=30) - there).total_seconds() % 86_400)
    return f"{scene.now:%d.%m. %H:%M}, " + worker(scene)


def time_flies(scene: Scene) -> str:
    hours = scene.dice.choice([1, 5, 19, 30, 80])
    worker(scene)  # nothing stays NEW for hours
    scene.pass_time(hours=hours)
    return f"{hours} hours later, " + worker(scene)


def feeds_of(scene: Scene, line: BankLine) -> list[str]:
    """Which of its account's feeds can tell of a line: payOS knows of money that comes, a link only of its own."""
    providers = scene.providers[line.account]
    if line.link:
        return ["payos"]
    return [one for one in providers if one != "payos" or (line.direction == "in" and not line.before_opening)]


def _fed(scene: Scene, provider: str, line: BankLine) -> str:
    times = 3 if scene.chance(0.08) else 1
    for _ in range(times):
        assert calls.call(scene, provider, line) == 200
        _heard(scene, provider, line)
    if (provider, line) not in scene.bank.fed:
        scene.bank.fed.append((provider, line))
    return f" × {times}" if times > 1 else ""


def _heard(scene: Scene, provider: str, line: BankLine, *, booked: bool = True) -> None:
    link = scene.links.get(line.link, "") if provider == "payos" else ""
    scene.model.fed(provider, line, other_side=calls.other_side(provider, line), link=link, booked=booked)


def line_now(
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
    other_side: str = "",
    link: str = "",
) -> BankLine:
    """A movement now. Its memo names the day: what is equal on two days may be one transfer posted late."""
    scene.counted += 1
    # The feed numbers lines by account: the same id on two accounts is two lines.
    source_id = scene.counted // 2 + 1_000
    while any(line.source_id == source_id and line.account == account for line in scene.bank.lines):
        source_id += 10_000
    at = scene.bank_clock
    if not stamped:
        own = f" L{scene.counted}" if lone else ""  # a word of its own, and so no twin by chance
        memo = f"{memo} ngay {vietnam_day(at):%d%m}{own}"
    reference = f"FT{account:02d}{scene.counted:06d}"
    return BankLine(
        account, source_id, direction, dong, memo, at, reference, kind, codes, scene.bank.posts_on(account, at), lone,
        other_side=other_side, link=link,
    )  # fmt: skip


def _movement(scene: Scene) -> BankLine | None:
    """A movement now, which nobody's message can be taken for; None where none was found."""
    for _ in range(5):
        line = _some_movement(scene)
        if not scene.bank.texted(line):
            return line
    return None


def _some_movement(scene: Scene) -> BankLine:
    dice, model = scene.dice, scene.model
    kind = dice.choice(KINDS)
    accounts = list(scene.accounts)
    if scene.chance(0.02):
        return line_now(scene, dice.choice(accounts), 0, "xin chao", "none", ())
    if scene.chance(0.02):
        line = line_now(scene, dice.choice(accounts), 90_000, f"tien cu {scene.counted}", "none", ())
        before = scene.bank_clock - timedelta(days=250)
        return _before_opening(line, before)
    if scene.links and scene.chance(0.06):
        return _by_link(scene)
    if kind == "out":
        return line_now(
            scene, dice.choice(accounts), dice.choice([11_000, 55_000]), "phi dich vu", kind, (), direction="out"
        )
    orders = list(model.orders.values())[-30:]
    taking = [order for order in orders if order.takes_money]
    if not orders or kind == "none":
        dong = dice.choice([50_000, 75_000])
        return line_now(scene, dice.choice(accounts), dong, "tien hang", "none", (), lone=False)
    if kind == "unknown":
        return line_now(scene, dice.choice(accounts), 75_000, f"{new_code(dice)} tra tien", kind, ())
    order = dice.choice(taking) if taking and scene.chance(0.75) else dice.choice(orders)
    account = order.account if scene.chance(0.92) else dice.choice(accounts)
    due = (order.total - order.credited) or order.total
    dong = dice.choice([due] * 6 + [max(due // 2, 1), max(due - 1, 1), due + 1, due + 20_000, 2 * due])
    code = order.code
    codes: tuple[str, ...] = (code,)
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
    return line_now(scene, account, dong, f"{code} mua hang", kind, codes, lone=scene.chance(0.7))


def _by_link(scene: Scene) -> BankLine:
    """Through a payment link: the memo need not name anything."""
    dice, number = scene.dice, scene.dice.choice(sorted(scene.links))
    order = scene.model.codes[scene.links[number]]
    other = dice.choice(list(scene.model.orders.values())[-30:])
    code = dice.choice(["", "", order.code, other.code])
    kind, codes = ("code", (code,)) if code else ("none", ())
    dong = dice.choice([_due(order)] * 4 + [max(_due(order) // 2, 1), _due(order) + 5_000])
    return line_now(scene, order.account, dong, f"{code} thanh toan".strip(), kind, codes, link=number)


def _due(order: Order) -> int:
    return (order.total - order.credited) or order.total


def _mistyped(scene: Scene, code: str) -> str:
    place = scene.dice.randrange(2, len(code))
    wrong = scene.dice.choice([symbol for symbol in ALPHABET if symbol != code[place]])
    return code[:place] + wrong + code[place + 1 :]


def _before_opening(line: BankLine, at: datetime) -> BankLine:
    return replace(line, at=at, posted=vietnam_day(at), before_opening=True)
