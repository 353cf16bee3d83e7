"""Deeds of the treasurer: statement files, assign and split, keep, dismiss, undo."""

from datetime import timedelta
from typing import Any

from django.db.models import Max

from cooperatives.models import User
from payments import importing, triage, undoing
from payments.models import BankTransaction, StatementFile
from payments.statements.statement import DoubtfulStatement
from tests.simulation.goods import No
from tests.simulation.model import Given, Told
from tests.simulation.scene import Scene

WHY = "đã gọi điện hỏi"


def import_file(scene: Scene) -> str:
    """Some days of one account as the bank exports them; sometimes a file that must be refused."""
    dice, bank = scene.dice, scene.bank
    account = dice.choice(sorted(scene.accounts))
    if not bank.of(account):
        return ""
    days = dice.choice([0, 0, 1, 2, 4, 9])
    since = scene.now.date() - timedelta(days=days)
    flavour: dict[str, Any] = {
        "balances": scene.chance(0.7), "references": scene.chance(0.6), "named": scene.chance(0.5),
        "upper": scene.chance(0.3),
    }  # fmt: skip
    data, told = bank.file(account, since, **flavour)
    if not told:
        return ""
    if scene.chance(0.06):
        return _refused(scene, account, since)
    return _imported(scene, account, data, told, flavour)


def _imported(scene: Scene, account: int, data: bytes, told: Any, flavour: Any) -> str:
    before = len(scene.model.lines)
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
    scene.model.in_file(told, written=[(*row[:4], row[4].upper()) for row in columns])
    added = len(scene.model.lines) - before
    assert (file.rows, file.added) == (len(told), added), f"{file.rows} rows, {file.added} new; {len(told)}, {added}"
    return f"file {file.pk} of account {account}, {len(told)} rows, {added} new, {flavour}"


def _import(scene: Scene, account: int, data: bytes, *, actor: User | None = None) -> StatementFile:
    owner = scene.model.owner_of[account]
    return importing.import_statement(
        bank_account_id=account, name="sao kê.csv", data=data, actor=actor or scene.staff[owner].treasurer,
        at=scene.now,
    )  # fmt: skip


def _refused(scene: Scene, account: int, since: Any) -> str:
    how = scene.dice.choice(["account", "stranger", "future", "balance"])
    data, told = scene.bank.file(account, since, balances=True, references=True, named=True, upper=False)
    if how == "account":
        other = next(pk for pk in scene.accounts if pk != account)
        scene.agree(lambda: _no("STATEMENT_WRONG_ACCOUNT"), lambda: _import(scene, other, data))
    elif how == "stranger":
        scene.agree(lambda: _no("NOT_FOUND"), lambda: _import(scene, account, data, actor=scene.world.buyer))
    elif how == "future":
        line = f"{told[-1].day:%d/%m/%Y}".encode()
        data = data.replace(line, f"{scene.now.date() + timedelta(days=3):%d/%m/%Y}".encode())
        scene.agree(lambda: _no("STATEMENT_FUTURE_DAYS"), lambda: _import(scene, account, data))
    elif len(told) > 2:
        data, _ = scene.bank.file(account, since, balances=True, references=True, named=True, upper=False, off=77)
        try:
            _import(scene, account, data)
        except DoubtfulStatement:
            return "a file whose balances break was refused"
        raise AssertionError("a file whose balances break was believed")
    return f"a file was refused: {how}"


def _no(code: str) -> None:
    raise No(code)


def _some_line(scene: Scene) -> Told | None:
    lines = scene.model.lines[-40:]
    waiting = [told for told in lines if told.state in ("NEEDS_YOU", "PART_SETTLED")]
    pool = waiting if waiting and scene.chance(0.9) else lines
    return scene.dice.choice(pool) if pool else None


def _deed(scene: Scene, verb: str, told: Told, meaning: Any, modelled: Any, do: Any) -> str:
    """Once by a key, by no key, twice, without a reason, by a stranger: what every deed at the desk must bear."""
    model, dice = scene.model, scene.dice
    treasurer = scene.staff[told.org].treasurer
    key = scene.new_key() if scene.chance(0.7) else None
    reason = "" if scene.chance(0.03) else WHY
    actor = scene.staff[told.org].clerk if scene.chance(0.03) else treasurer

    def once() -> None:
        if actor is not treasurer:
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
    told, dice, model = _some_line(scene), scene.dice, scene.model
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
    return _deed(
        scene, "assign", told, meaning, lambda: model.assign(told, parts),
        lambda **more: triage.assign(parts=[triage.Part(*part) for part in parts], **more),
    )  # fmt: skip


def keep(scene: Scene) -> str:
    told, model = _some_line(scene), scene.model
    if told is None:
        return ""
    orders = [order for order in model.orders.values() if order.org == told.org or scene.chance(0.03)]
    code = scene.dice.choice(orders).code if orders and scene.chance(0.6) else None
    return _deed(
        scene, "keep", told, code, lambda: model.keep(told, code),
        lambda **more: triage.keep_as_debt(code=code, **more),
    )  # fmt: skip


def dismiss(scene: Scene) -> str:
    told = _some_line(scene)
    if told is None:
        return ""
    return _deed(scene, "dismiss", told, None, lambda: scene.model.dismiss(told), triage.dismiss)


def undo(scene: Scene) -> str:
    model = scene.model
    live = [given for given in model.given if given.is_live]
    pool = live if live and scene.chance(0.9) else model.given
    if not pool:
        return ""
    given = scene.dice.choice(pool[-30:])
    ids = {"settlement_id": given.pk if given.order else None, "kept_debt_id": None if given.order else given.pk}
    treasurer = scene.staff[given.line.org].treasurer

    def modelled(one: Given = given) -> None:
        model.undo(one)

    if scene.chance(0.05):
        stranger = scene.staff[given.line.org].clerk
        scene.agree(lambda: _no("NOT_FOUND"), lambda: undoing.undo(actor=stranger, at=scene.now, **ids))
    times = 2 if scene.chance(0.2) else 1
    for _ in range(times):
        scene.agree(modelled, lambda: undoing.undo(actor=treasurer, at=scene.now, **ids))
    return f"undo {ids} × {times}"
