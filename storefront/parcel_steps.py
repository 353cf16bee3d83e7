"""Where a parcel stands, as its buyer reads it: a row of steps with their times. Pure but for the parcel's events."""

from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order, Shipment, ShipmentEvent
from storefront.following import Step

State = Shipment.State
Way = Order.Delivery


def shown_to_buyer(order: Order) -> Shipment | None:
    """The parcel that her page tells of: the latest that somebody is to fetch or has taken along."""
    told = order.shipments.exclude(state__in=[State.DRAFT, State.CANCELLED]).select_related("connection")
    return told.order_by("-number").first()


def steps_of(shipment: Shipment) -> list[Step]:
    """Sent → on its way → out to her → with her; a neighbour and a coach say nothing in between."""
    first: dict[str, datetime] = {}
    for event in shipment.events.all():
        first.setdefault(event.state, event.happened_at)
    sent = shipment.handed_over_at
    steps = [Step(_("Đã gửi đi"), "done", sent) if sent else Step(_("Chờ đến lấy hàng"), "current")]
    ended = _ended(shipment)
    if ended is not None:
        return [*steps, ended]
    if shipment.state == State.RETURNING:
        return [*steps, Step(_("Đang chuyển về hợp tác xã"), "off", shipment.state_at)]
    if shipment.way in {Way.POST, Way.CARRIER} and (State.MOVING in first or State.OUT in first):
        steps.append(Step(_("Đang trên đường"), "done", first.get(State.MOVING) or first[State.OUT]))
    if State.OUT in first:
        steps.append(Step(_("Đang đi giao"), "done", first[State.OUT]))
    if shipment.state == State.FAILED:
        again = _("Lần giao thứ %(times)s chưa gặp. Xin để ý điện thoại.") % {"times": shipment.failed_times}
        steps.append(Step(_("Giao chưa được"), "off", shipment.state_at, again))
    came = shipment.state == State.DELIVERED
    steps.append(Step(_("Đã giao tới tay"), "done", shipment.delivered_at) if came else _to_come(steps))
    return steps


def story_of(shipment: Shipment) -> list[Step]:
    """Everything that was said of it, for the desk."""
    return [_told(event) for event in shipment.events.select_related("actor")]


def _told(event: ShipmentEvent) -> Step:
    what = str(event.get_state_display()) if event.state else _("Chữ lạ của hãng")
    said = [event.word, event.note, event.actor.name if event.actor else ""]
    return Step(what[:1].upper() + what[1:], "done", event.happened_at, " · ".join(part for part in said if part))


def _to_come(steps: list[Step]) -> Step:
    waits = steps[0].state == "current" or steps[-1].state == "off"
    return Step(_("Tới tay người nhận"), "" if waits else "current")


def _ended(shipment: Shipment) -> Step | None:
    words = {
        State.RETURNED: _("Đã về lại hợp tác xã"),
        State.LOST: _("Kiện hàng thất lạc"),
        State.DAMAGED: _("Kiện hàng hư hỏng"),
    }
    word = words.get(State(shipment.state))
    return Step(word, "off", shipment.ended_at) if word else None
