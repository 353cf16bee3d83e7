"""One seed played: deeds in random order, and after each of them the product beside the model."""

import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from random import Random
from unittest import mock

from django.db import connection

from base.codes import new_code
from cooperatives import ledger
from cooperatives.chart import Kind
from payments import checkout, importing, reconciliation, refunds, settling_many
from tests.simulation import buyers_and_clerks as shop
from tests.simulation import comparing, payers, returning, texts, treasurers
from tests.simulation.scene import Scene

AUDIT_EVERY = 50

DEEDS: dict[Callable[[Scene], str], int] = {
    shop.place: 14,
    shop.link: 2,
    shop.bring_goods: 5,
    shop.change_price: 2,
    shop.withdraw_or_publish: 1,
    shop.pack: 4,
    shop.hand_over: 8,
    shop.by_a_stranger: 1,
    shop.cancel: 4,
    shop.take_cash: 4,
    payers.pay: 20,
    payers.twin: 3,
    payers.feed_tells: 5,
    payers.feed_is_down: 1,
    payers.feed_contradicts: 1,
    payers.feed_errs: 2,
    payers.pull: 1,
    payers.worker: 2,
    payers.time_flies: 3,
    payers.clock_goes_wrong: 1,
    payers.midnight: 1,
    texts.text: 4,
    texts.fake: 1,
    texts.chatter: 1,
    treasurers.import_file: 4,
    treasurers.assign: 6,
    treasurers.two_at_once: 2,
    treasurers.keep: 2,
    treasurers.dismiss: 2,
    treasurers.undo: 4,
    returning.ask: 3,
    returning.order_out: 5,
    returning.cancel_refund: 2,
    returning.send: 5,
    returning.match: 2,
    returning.return_line: 3,
    returning.explain: 4,
    returning.part_and_join: 1,
}


class Broken(AssertionError):
    """Product and model went apart. The message says how to see it again."""


def play(*, seed: int, steps: int, tell: Callable[[str], None] = lambda _said: None) -> Counter[str]:
    """Play ``steps`` deeds of ``seed`` in an empty, migrated database; returns how often each deed was done.

    Needs an open transaction that its caller rolls back. Raises Broken.
    """
    dice = Random(seed)
    codes = Random(f"codes of {seed}")
    last: deque[str] = deque(maxlen=12)
    done: Counter[str] = Counter()
    step = 0
    with _small_and_seeded(codes):
        try:
            scene = Scene(dice)
            comparing.compare(scene.model)
            for step in range(1, steps + 1):
                deed = dice.choices(list(DEEDS), list(DEEDS.values()))[0]
                last.append(f"{step} {deed.__name__}")
                said = deed(scene)
                last[-1] = f"{step} {deed.__name__}: {said}"
                tell(last[-1])
                done[deed.__name__] += bool(said)
                comparing.compare(scene.model)
                if step % AUDIT_EVERY == 0:
                    payers.worker(scene)  # what died is not left lying
                    comparing.compare(scene.model)
                    comparing.audited(scene.model)
                scene.pass_time(seconds=dice.randint(1, 900))
            step += 1
            last.append("the end: everything is told")
            _the_end(scene)
        except Exception as broken:
            raise Broken(
                f"seed {seed}, step {step}: {type(broken).__name__}: {broken}\n"
                f"see it again: python -m tests.simulation --seed {seed} --steps {min(step, steps)}\n"
                + "\n".join(last) + "\n" + "".join(traceback.format_exception(broken)[-3:])
            ) from broken  # fmt: skip
    return done


@contextmanager
def _small_and_seeded(codes: Random) -> Iterator[None]:
    """Codes out of the seed; and files so small that the worker settles most of a file's lines, many at once."""
    with ExitStack() as patched:
        for module in (checkout, refunds):
            patched.enter_context(mock.patch.object(module, "new_code", partial(new_code, codes)))
        patched.enter_context(mock.patch.object(importing, "_SETTLED_AT_ONCE", 3))
        patched.enter_context(mock.patch.object(settling_many, "FEWEST", 2))
        yield


def _the_end(scene: Scene) -> None:
    """The feed and a file of each account tell of everything: then our bank is the bank, to the đồng."""
    payers.worker(scene)
    while scene.bank.unfed:
        payers.feed_tells(scene)
        comparing.compare(scene.model)
    scene.pass_time(days=1)
    for account in sorted(scene.accounts):
        data, told = scene.bank.file(
            account, scene.world.now.date(), scene.now.date(), balances=True, references=True, named=True, upper=False
        )
        if told:
            treasurers.imported(scene, account, data, told, "whole")
            payers.worker(scene)
            comparing.compare(scene.model)
        owner = scene.accounts[account].organization
        booked = ledger.balance_dong(organization=owner, kind=Kind.BANK, subject=f"bank_account:{account}")
        assert booked == scene.bank.balance(account), (
            f"account {account}: {booked}, the bank {scene.bank.balance(account)}"
        )
        if told:
            days = reconciliation.reconcile(organization=owner, day=told[-1].posted)
            [day] = [one for one in days if one.bank_account.pk == account]
            assert day.difference_dong == 0, day
    payers.worker(scene)
    comparing.compare(scene.model)
    comparing.audited(scene.model)
    comparing.evidenced(scene.model)
    connection.check_constraints()
