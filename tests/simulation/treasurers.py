"""Deeds of the treasurer: statement files, assign and split, keep, dismiss, undo."""

from datetime import timedelta
from typing import Any

from django.db.models import Max

from base.periods import vietnam_day
from cooperatives.models import User
from payments import importing, triage, undoing
from payments.models import BankTransaction, StatementFile
from payments.statements.statement import DoubtfulStatement
from tests.simulation import comparing, payers
from tests.simulation.giving import Explained, Given
from tests.simulation.going_back import Movement
from tests.simulation.goods import No
from tests.simulation.lines import Told
from tests.simulation.scene import Scene

WHY = "đã gọi điện hỏi"


def import_file(scene: Scene) -> str:
    """Some days of one account as the bank exports them; sometimes a file that must be refused."""
    dice, bank = scene.dice, scene.bank
    account = dice.choice(sorted(scene.accounts))
    there = vietnam_day(scene.bank_clock)
    since = there - timedelta(days=dice.choice([0, 0, 1, 2, 4, 9]))
    flavour: dict[str, Any] = {
        "balances": scene.chance(0.7), "references": scene.chance(0.6), "named": scene.chance(0.5),
        "upper": scene.chance(0.3),
    }  # fmt: skip
    data, told = bank.file(account, since, there, **flavour)
    if not told:
        return ""
    if told[-1].posted > vietnam_day(scene.now):  # our clock is behind the bank's
        scene.agree(lambda: _no("STATEMENT_FUTURE_DAYS"), lambda: _import(scene, account, data))
        return "a file of tomorrow"
    if scene.chance(0.06):
        return _refused(scene, account, since)
    return imported(scene, account, data, told, flavour)


def imported(scene: Scene, account: int, data: bytes, told: Any, flavour: Any) -> str:
    model = scene.model
    before = len(model.lines)
    key = (account, data)
    known = key in scene.files
    last = BankTransaction.objects.aggregate(last=Max("pk"))["last"] or 0
    file = _import(scene, account, data)
    if known:
        assert file.pk == scene.files[key]
        return f"the file {file.pk} again"
    scene.files[key] = file.pk
    made = BankTransaction.objects.filter(pk__gt=last).order_by("pk")
    columns = made.values_list("bank_account_id", "direction", "amount_dong", "day", "memo")
    written = [(*row[:4], row[4].upper()) for row in columns]
    model.in_file(told, written=written, at_once=importing._SETTLED_AT_ONCE)
    added = len(model.lines) - before
    assert (file.rows, file.added) == (len(told), added), f"{file.added} new rows, {added} in the model: {written}"
    if any(one.state == "NEW" and not one.truth.lone for one in model.lines):
        payers.worker(scene)  # of twins that wait, nobody can say which one a call finds
    return f"file {file.pk} of account {account}, {len(told)} rows, {added} new, {flavour}"


def _import(scene: Scene, account: int, data: bytes, *, actor: User | None = None) -> StatementFile:
    owner = scene.model.owner_of[account]
    return importing.import_statement(
        bank_account_id=account, name="sao kê.csv", data=data, actor=actor or scene.staff[owner].treasurer,
        at=scene.now,
    )  # fmt: skip


def _refused(scene: Scene, account: int, since: Any) -> str:
    how = scene.dice.choice(["account", "stranger", "future", "balance"])
    there = vietnam_day(scene.bank_clock)
    whole: dict[str, Any] = {"balances": True, "references": True, "named": True, "upper": False}
    data, told = scene.bank.file(account, since, there, **whole)
    if how == "account":
        other = next(pk for pk in scene.accounts if pk != account)
        scene.agree(lambda: _no("STATEMENT_WRONG_ACCOUNT"), lambda: _import(scene, other, data))
    elif how == "stranger":
        scene.agree(lambda: _no("NOT_FOUND"), lambda: _import(scene, account, data, actor=scene.world.buyer))
    elif how == "future":
        line = f"{told[-1].posted:%d/%m/%Y}".encode()
        data = data.replace(line, f"{there + timedelta(days=3):%d/%m/%Y}".encode())
        scene.agree(lambda: _no("STATEMENT_FUTURE_DAYS"), lambda: _import(scene, account, data))
    elif len(told) > 2:
        data, _ = scene.bank.file(account, since, there, **whole, off=77)
        try:
            _import(scene, account, data)
        except DoubtfulStatement:
            return "a file whose balances break was refused"
        raise AssertionError("a file whose balances break was believed")
    return f"a file was refused: {how}"


def _no(code: str) -> None:
    raise No(code)


def some_line(scene: Scene, *, is_in: bool | None = None) -> Told | None:
    """Mostly one that waits. Nobody is taken in by a message that was made up."""
    lines = [told for told in scene.model.lines[-60:] if told.is_true and is_in in (None, told.is_in)][-40:]
    waiting = [told for told in lines if told.state in ("NEEDS_YOU", "PART_SETTLED")]
    pool = waiting if waiting and scene.chance(0.9) else lines
    return scene.dice.choice(pool) if pool else None


def deed(scene: Scene, verb: str, told: Told, meaning: Any, modelled: Any, do: Any) -> str:
    """Once by a key, by no key, twice, without a reason, by a stranger: what every deed at the desk must bear."""
    model, dice = scene.model, scene.dice
    staff = scene.staff[told.org]
    key = scene.new_key() if scene.chance(0.7) else None
    reason = "" if scene.chance(0.03) else WHY
    actor = staff.clerk if scene.chance(0.03) else dice.choice([staff.treasurer, staff.second])

    def once() -> None:
        if actor is staff.clerk:
            raise No("NOT_FOUND")
        if not reason:
            raise No("REASON_MISSING")
        own = key or f"{told.pk}:{told.undone}:{meaning}"
        if not model.repeated(verb, actor.pk, own, (told.pk, meaning)):
            modelled()
            model.remember(verb, actor.pk, own, (told.pk, meaning))

    times = dice.choice([1, 1, 1, 2])
    for _ in range(times):
        scene.agree(once, lambda: do(transaction_id=told.pk, reason=reason, actor=actor, key=key, at=scene.now))
    return f"{verb} {told.pk} {meaning} × {times}"


def assign(scene: Scene) -> str:
    told, dice, model = some_line(scene), scene.dice, scene.model
    orders = list(model.orders.values())[-30:]
    if told is None or not orders:
        return ""
    ours = [order for order in orders if order.org == told.org and order.state != "CANCELLED"]
    pool = ours if ours and scene.chance(0.93) else orders
    parts, left = [], told.unused
    for order in dice.sample(pool, min(len(pool), dice.choice([1, 1, 2, 3]))):
        due = order.total - order.credited if order.takes_money or order.state == "EXPIRED" else 30_000
        dong = min(dice.choice([due, due, max(due // 2, 1), due + 5_000]), left) or due
        parts.append((order.code, dong))
        left = max(left - dong, 0)
    if scene.chance(0.05):
        parts.append(parts[0])
    meaning = ("assign", tuple(sorted(parts)))
    return deed(
        scene, "assign", told, meaning, lambda: model.assign(told, parts),
        lambda **more: triage.assign(parts=[triage.Part(*part) for part in parts], **more),
    )  # fmt: skip


def keep(scene: Scene) -> str:
    told, model = some_line(scene), scene.model
    if told is None:
        return ""
    orders = [order for order in model.orders.values() if order.org == told.org or scene.chance(0.03)]
    code = scene.dice.choice(orders).code if orders and scene.chance(0.6) else None
    return deed(
        scene, "keep", told, code, lambda: model.keep(told, code),
        lambda **more: triage.keep_as_debt(code=code, **more),
    )  # fmt: skip


def dismiss(scene: Scene) -> str:
    told = some_line(scene)
    made_up = [told for told in scene.model.lines if not told.is_true and told.is_claim]
    if made_up and scene.chance(0.4):
        told = scene.dice.choice(made_up)
    if told is None:
        return ""
    return deed(scene, "dismiss", told, None, lambda: scene.model.dismiss(told), triage.dismiss)


def two_at_once(scene: Scene) -> str:
    """Two treasurers have the same page open: what one has done, the other one's tap does not do again."""
    told, dice, model = some_line(scene, is_in=True), scene.dice, scene.model
    orders = [order for order in list(model.orders.values())[-30:] if told and order.org == told.org]
    if told is None or not orders:
        return ""
    staff, said, unused = scene.staff[told.org], [], told.unused
    for actor in (staff.treasurer, staff.second):
        order, key = dice.choice(orders), scene.new_key()
        dong = max(unused, 1)
        parts = [(order.code, dong)]
        what = dice.choice(["assign", "assign", "assign", "keep", "dismiss"])
        more: Any = {"transaction_id": told.pk, "reason": WHY, "actor": actor, "key": key, "at": scene.now}
        if what == "assign":
            scene.agree(
                lambda parts=parts: model.assign(told, parts),
                lambda parts=parts, more=more: triage.assign(parts=[triage.Part(*part) for part in parts], **more),
            )
        elif what == "keep":
            scene.agree(
                lambda order=order: model.keep(told, order.code),
                lambda order=order, more=more: triage.keep_as_debt(code=order.code, **more),
            )
        else:
            scene.agree(lambda: model.dismiss(told), lambda more=more: triage.dismiss(**more))
        said.append(f"{what} {order.pk}")
    return f"two at line {told.pk}: {said}"


def undo(scene: Scene) -> str:
    """Taking back anything that a line was used for."""
    model = scene.model
    done: list[Any] = [*model.given, *model.explained, *model.movements]
    live = [one for one in done if one.is_live]
    pool = live if live and scene.chance(0.9) else done
    if not pool:
        return ""
    one = scene.dice.choice(pool)
    staff = scene.staff[one.line.org]
    if scene.chance(0.05):
        scene.agree(lambda: _no("NOT_FOUND"), lambda: undoing.undo(actor=staff.clerk, at=scene.now, **_named(one)))
    return taken_back(scene, one, [staff.treasurer, staff.second] if scene.chance(0.2) else [staff.treasurer])


def taken_back(scene: Scene, one: Any, actors: list[User]) -> str:
    model = scene.model
    modelled = {Given: model.undo, Explained: model.undo_explained, Movement: model.undo_movement}[type(one)]
    for actor in actors:
        scene.agree(lambda: modelled(one), lambda actor=actor: undoing.undo(actor=actor, at=scene.now, **_named(one)))
    return f"undo {_named(one)} × {len(actors)}"


def _named(one: Any) -> dict[str, int]:
    name = {Explained: "explanation_id", Movement: "refund_movement_id"}.get(type(one))
    return {name or ("settlement_id" if one.order else "kept_debt_id"): one.pk}


def bind(scene: Scene) -> None:
    """In the middle of a deed: what the product has just made gets its numbers in the model too."""
    comparing.compare(scene.model)
