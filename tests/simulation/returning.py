"""Deeds of whoever gives money back, or says what a line was for."""

from dataclasses import replace
from typing import Any

from payments import explaining, refund_lines, refunds, settlement, triage
from payments import parting as parting_lines
from payments.models import Sighting
from tests.simulation import payers, treasurers
from tests.simulation.going_back import Payee, Refund
from tests.simulation.goods import No
from tests.simulation.lines import FILE, SMS
from tests.simulation.scene import Scene
from tests.simulation.treasurers import WHY

DUNG = Payee("970436", "0123456789", "HOANG VAN DUNG")
PAYEES = (DUNG, DUNG, Payee("970405", "3200205999888", "TRAN THI HOA"), Payee())


def ask(scene: Scene) -> str:
    """A task: what is owed for an order, or to a stranger, is to go back; sometimes more than is owed."""
    model, dice = scene.model, scene.dice
    debts = {account: dong for account, dong in model.books.items() if account[1] == "owed_to_payers"}
    owed = sorted(account for account, dong in debts.items() if dong or scene.chance(0.1))
    if not owed:
        return ""
    org, _, subject = dice.choice(owed)
    kind, _, pk = subject.partition(":")
    order = model.orders[int(pk)] if kind == "order" else None
    line = None if order else next(told for told in model.lines if told.pk == int(pk))
    free = model.to_ask(org, subject)
    dong = dice.choice([free or 1, free or 1, max(free // 2, 1), free + 1])
    payee, key = dice.choice(PAYEES), scene.new_key()
    staff = scene.staff[org]
    actor = staff.clerk if scene.chance(0.03) else dice.choice([staff.treasurer, staff.second])

    def once(of: int) -> None:
        if actor is staff.clerk:
            raise No("NOT_FOUND")
        if not model.repeated("ask", actor.pk, key, (subject, of, payee)):
            model.ask(org, order, line, of, payee)
            model.remember("ask", actor.pk, key, (subject, of, payee))

    for of in [dong] * dice.choice([1, 1, 2]) + ([dong + 1] if scene.chance(0.05) else []):
        scene.agree(lambda of=of: once(of), lambda of=of: refunds.ask(
            order_id=order.pk if order else None, transaction_id=line.pk if line else None, amount_dong=of,
            payee_bin=payee.bin, payee_account=payee.account, payee_holder=payee.holder, reason=WHY, actor=actor,
            key=key, at=scene.now,
        ))  # fmt: skip
    return f"ask {dong} for {subject}"


def order_out(scene: Scene) -> str:
    refund = _some_refund(scene, "to_do")
    if refund is None:
        return ""
    model, payee = scene.model, scene.dice.choice(PAYEES)
    key, staff = scene.new_key(), scene.staff[refund.org]
    for actor in [staff.treasurer, scene.dice.choice([staff.treasurer, staff.second])][: scene.dice.choice([1, 2])]:

        def once(actor: Any = actor) -> None:
            whole = payee if all(payee) else refund.payee
            if not all(whole):
                raise No("PAYEE_UNUSABLE")
            if not model.repeated("order_out", actor.pk, key, (refund.pk, whole)):
                model.order_out(refund, whole)
                model.remember("order_out", actor.pk, key, (refund.pk, whole))

        scene.agree(once, lambda actor=actor: refunds.order_out(
            refund_id=refund.pk, payee_bin=payee.bin, payee_account=payee.account, payee_holder=payee.holder,
            actor=actor, key=key, at=scene.now,
        ))  # fmt: skip
    return f"order {refund.pk} out: {refund.state}"


def cancel_refund(scene: Scene) -> str:
    refund = _some_refund(scene, scene.dice.choice(["to_do", "ordered"]))
    if refund is None:
        return ""
    treasurer = scene.staff[refund.org].treasurer
    for _ in range(scene.dice.choice([1, 1, 2])):
        scene.agree(
            lambda: scene.model.cancel_refund(refund),
            lambda: refunds.cancel(refund_id=refund.pk, reason=WHY, actor=treasurer, at=scene.now),
        )
    return f"cancel refund {refund.pk}"


def send(scene: Scene) -> str:
    """The bank carries out a refund, or something that looks like it; or brings it back."""
    dice = scene.dice
    back = scene.chance(0.3)
    refund = _some_refund(scene, "sent" if back else "ordered")
    if refund is None:
        return ""
    own = [pk for pk, org in scene.model.owner_of.items() if org == refund.org]
    account = dice.choice(own if scene.chance(0.97) else sorted(scene.accounts))
    side = dice.choice([refund.payee.account, "*" * 6 + refund.payee.account[-4:], "", "0999000111"])
    line = payers.line_now(
        scene, account, refund.dong + dice.choice([0, 0, 0, 0, 1]), f"{refund.code} tra lai", "refund", (refund.code,),
        direction="in" if back else "out", other_side="" if back else side,
    )  # fmt: skip
    if scene.chance(0.1):
        line = replace(line, memo=line.memo[len(refund.code) :].strip(), kind="out" if not back else "none", codes=())
    if scene.bank.texted(line):
        return ""
    return ("bounce" if back else "send") + f" refund {refund.pk}: " + payers.moved(scene, line)


def match(scene: Scene) -> str:
    """A person says which refund a line is."""
    model, dice = scene.model, scene.dice
    refund = _some_refund(scene, dice.choice(["ordered", "ordered", "sent"]))
    if refund is None:
        return ""
    own = [told for told in model.lines if told.org == refund.org and told.is_true]
    comes = refund.state == "sent"
    fitting = [told for told in own if (told.dong, told.used, told.is_in) == (refund.dong, 0, comes)]
    told = dice.choice(fitting) if fitting else dice.choice(own[-20:]) if own else None
    if told is None:
        return ""
    return treasurers.deed(
        scene, "match", told, refund.pk, lambda: model.match(refund, told),
        lambda **more: refund_lines.match(refund_id=refund.pk, **more),
    )  # fmt: skip


def return_line(scene: Scene) -> str:
    told = treasurers.some_line(scene, is_in=True)
    if told is None:
        return ""
    payee = scene.dice.choice(PAYEES)
    return treasurers.deed(
        scene, "return", told, payee, lambda: scene.model.return_line(told, payee),
        lambda **more: triage.return_line(
            payee_bin=payee.bin, payee_account=payee.account, payee_holder=payee.holder, **more
        ),
    )  # fmt: skip


def explain(scene: Scene) -> str:
    """A fee, own spending, interest, or an own transfer with the line of the other account."""
    model, dice = scene.model, scene.dice
    told = treasurers.some_line(scene, is_in=scene.chance(0.25))
    if told is None:
        return ""
    if told.is_in:
        kind = dice.choice(["other_receipt"] * 4 + ["bank_fee"])
    else:
        kind = dice.choice(["bank_fee", "own_spending", "own_transfer", "own_transfer", "other_receipt"])
    other = None
    if kind == "own_transfer" or scene.chance(0.03):
        kind = "own_transfer"
        near = [one for one in model.lines[-60:] if one is not told and one.is_true]
        same = [one for one in near if one.unused == told.unused and one.is_in != told.is_in]
        pool = same or near
        other = dice.choice(pool) if pool else None
        if other is None:
            return ""
    dong = dice.choice([None, None, None, max(told.unused // 2, 1), told.unused + 1]) if other is None else None
    return treasurers.deed(
        scene, "explain", told, (kind, other.pk if other else None, dong),
        lambda: model.explain(told, kind, dong, other),
        lambda **more: explaining.explain(
            kind=kind, counterpart_id=other.pk if other else None, amount_dong=dong, **more
        ),
    )  # fmt: skip


def part_and_join(scene: Scene) -> str:
    """Evidence is taken off its line by mistake, becomes money of its own, and is put back."""
    model = scene.model
    several = [
        told for told in model.lines
        if told.truth.lone and len(told.sources - {SMS}) > 1 and told.pk and told.state != "NEW" and told.truth.is_plain
        and not told.contradicted and not told.is_joined
    ]  # fmt: skip
    if not several:
        return ""
    told = scene.dice.choice(several[-20:])
    staff = scene.staff[told.org]
    source = scene.dice.choice(sorted(told.sources - {SMS}))
    own = Sighting.objects.filter(transaction=told.pk).exclude(source=SMS)
    own = own.filter(source="statement") if source == FILE else own.filter(source__startswith=f"{source}:")
    sightings = sorted(own.values_list("pk", flat=True))
    if len(sightings) != 1:  # several files tell of it: only one of them would go
        return ""
    more: Any = {"reason": WHY, "at": scene.now}
    scene.agree(
        lambda: _no("NOT_FOUND"),
        lambda: parting_lines.part(sighting_id=sightings[0], actor=staff.clerk, **more),
    )
    apart = parting_lines.part(sighting_id=sightings[0], actor=staff.treasurer, **more)
    alone = model.parted(told, source, apart.pk)
    said = f"parted {source} of {told.pk} as {apart.pk}"
    if scene.chance(0.7):
        settlement.try_to_settle(transaction_id=apart.pk, at=scene.now)
        model.book(alone)
        said += f", then {alone.state} {alone.reason}"
        for given in [one for one in model.given if one.line is alone and one.is_live]:
            scene.agree(
                lambda: _no("STILL_USED"),
                lambda: parting_lines.join(transaction_id=apart.pk, into_id=told.pk, actor=staff.second, **more),
            )
            treasurers.bind(scene)
            treasurers.taken_back(scene, given, [staff.second])
    scene.agree(
        lambda: model.joined(alone, told),
        lambda: parting_lines.join(transaction_id=apart.pk, into_id=told.pk, actor=staff.treasurer, **more),
    )
    return said + ", joined"


def _some_refund(scene: Scene, state: str) -> Refund | None:
    refunds = scene.model.refunds
    fitting = [refund for refund in refunds if refund.state == state]
    pool = fitting if fitting and scene.chance(0.9) else refunds[-20:]
    return scene.dice.choice(pool) if pool else None


def _no(code: str) -> None:
    raise No(code)
