"""Which move of a parcel follows which, and what was said of each. Moves the parcel's row alone.

A carrier's word that we do not know moves nothing: it waits for a person (``trouble``).
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from cooperatives.models import User
from orders.buyers import one_line
from orders.models import Shipment, ShipmentEvent

State = Shipment.State

_ON_THE_WAY = frozenset({State.HANDED_OVER, State.MOVING, State.OUT, State.FAILED, State.RETURNING})
_ENDS_AWAY = frozenset({State.DELIVERED, State.RETURNED, State.LOST, State.DAMAGED})
MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.BOOKED, State.HANDED_OVER, State.CANCELLED}),
    State.BOOKED: frozenset({State.DRAFT, State.HANDED_OVER, State.CANCELLED}),
    # Once the goods are away, carriers report in any order, and some find again what they had given up.
    **{state: (_ON_THE_WAY - {State.HANDED_OVER, state}) | _ENDS_AWAY for state in _ON_THE_WAY},
    # Only where the carrier said so by mistake: payments/delivering.undo_delivered.
    State.DELIVERED: frozenset({State.MOVING}),
    State.RETURNED: frozenset(),
    # Only by payments/found_again.py, which takes back what its loss booked.
    State.LOST: frozenset({State.MOVING}),
    State.DAMAGED: frozenset({State.MOVING}),
    State.CANCELLED: frozenset(),
}
"""From each state, the ones that may follow."""

WAITING = (State.DRAFT, State.BOOKED)
"""Made out, and the goods are still here."""

LONGEST_WORD, LONGEST_NOTE = 80, 200


class BadMove(Refused):
    """From where the parcel stands it cannot come there."""

    code = "BAD_PARCEL_MOVE"
    sentence = _("Kiện %(parcel)s %(state)s, không ghi được “%(becomes)s”. Hãy tải lại trang để xem mới nhất.")


def may_move(state: str, becomes: str) -> bool:
    """Whether ``becomes`` may follow ``state``. Pure."""
    return becomes in MOVES[state]


def check_move(shipment: Shipment, becomes: str) -> None:
    """Raises BadMove."""
    if not may_move(shipment.state, becomes):
        raise bad_move(shipment, becomes)


def bad_move(shipment: Shipment, becomes: str) -> BadMove:
    return BadMove(parcel=str(shipment), state=shipment.get_state_display(), becomes=State(becomes).label)


def note(
    shipment: Shipment,
    *,
    state: str | None,
    word: str = "",
    note: str = "",
    happened_at: datetime,
    at: datetime,
    actor: User | None = None,
) -> bool:
    """Write down what was said of a parcel, and move it there; returns whether it moved.

    ``state`` None: a ``word`` of the carrier's that we do not know; the parcel waits for a person. News that is older
    than where the parcel stands, or that says where it stands already, is kept and moves nothing; a second attempt in
    vain is counted. News that was written down before is not written again. Needs an open transaction (asserted) and
    the locked row. Raises BadMove.
    """
    assert connection.in_atomic_block, "a parcel moves inside its caller's transaction"
    word, said = one_line(word)[:LONGEST_WORD], one_line(note)[:LONGEST_NOTE]
    moves = state is not None and state != shipment.state and not (actor is None and happened_at < shipment.state_at)
    if moves and state is not None:
        check_move(shipment, state)
    same = shipment.events.filter(state=state or "", word=word, note=said, happened_at=happened_at)
    if not moves and same.exists():
        return False
    ShipmentEvent.objects.create(
        shipment=shipment, state=state or "", word=word, note=said, happened_at=happened_at, at=at, actor=actor
    )
    if word:
        shipment.carrier_word = word
    if state is None:
        shipment.trouble = str(_("đơn vị vận chuyển báo “%(word)s”, máy chưa hiểu") % {"word": word})
    elif moves:
        _move(shipment, state, happened_at=happened_at)
    elif state == State.FAILED == shipment.state and (actor is not None or happened_at > shipment.state_at):
        shipment.failed_times += 1  # tried once more, in vain
        shipment.state_at = max(happened_at, shipment.state_at)
    shipment.save()
    return moves


def mark_trouble(shipment: Shipment, why: str) -> None:
    """A person has to look. Needs the locked row."""
    shipment.trouble = one_line(why)[:LONGEST_NOTE]
    shipment.save(update_fields=["trouble"])


def _move(shipment: Shipment, state: str, *, happened_at: datetime) -> None:
    """Silence counts as accepted only while the parcel is on its way forward, and is to bring no money."""
    shipment.state, shipment.state_at, shipment.trouble = State(state), happened_at, ""
    if state in {State.HANDED_OVER, State.MOVING, State.OUT}:
        if state == State.HANDED_OVER:
            shipment.handed_over_at = happened_at
        if shipment.accept_from is None and not shipment.collect_dong:
            shipment.accept_from = happened_at + timedelta(days=shipment.organization.silent_days)
    else:
        shipment.accept_from = None
    if state == State.FAILED:
        shipment.failed_times += 1
    shipment.delivered_at = happened_at if state == State.DELIVERED else None
    shipment.ended_at = None if shipment.is_live else happened_at
    if not shipment.is_live:
        shipment.next_check_at = None
