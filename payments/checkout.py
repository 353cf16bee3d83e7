"""From a basket to orders with something to pay: one call, one transaction, repeat-safe by the sender's key."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.codes import new_code
from base.money import MAX_TRANSFER_DONG
from base.refusals import Refused
from base.retrying import again_when_locked_out
from cooperatives.doing_once import done_once
from cooperatives.models import BankAccount, User
from orders import placing
from orders.models import Order
from payments.fresh_codes import fresh_codes
from payments.models import PaymentRequest


class NoBankAccount(Refused):
    code = "NO_BANK_ACCOUNT"
    sentence = _("%(name)s chưa có tài khoản nhận tiền. Hãy gọi cho hợp tác xã.")


@dataclass(frozen=True)
class Placed:
    """The orders of one checkout, and whether the same key had placed them before."""

    orders: list[Order]
    replayed: bool


@again_when_locked_out
def place(
    *,
    wanted: Sequence[placing.Wanted],
    buyer: placing.Buyer,
    delivery: str,
    pickup_point_id: int | None,
    pay_by: str,
    note: str,
    key: str,
    placed_by: User | None,
    at: datetime,
    address: placing.Address | None = None,
    cycle_id: int | None = None,
    came_from: str | None = None,
) -> Placed:
    """Place one order for each cooperative in the basket and ask for its money: all of them or none.

    The same ``key`` with the same input returns the same orders (KeyReused with other input). Lets every
    refusal of orders.placing through; nothing is reserved when one is raised. ``came_from``: as there; a repeat is
    limited by nothing.
    """
    meaning = {
        "lines": [[line.variant_id, line.quantity] for line in wanted],
        "buyer": [buyer.name, buyer.phone, buyer.address],
        "delivery": delivery, "pickup": pickup_point_id, "pay_by": pay_by, "note": note,
        "address": list(astuple(address)) if address else None, "cycle": cycle_id,
    }  # fmt: skip

    def do() -> str:
        orders = placing.place_orders(
            wanted=wanted, buyer=buyer, delivery=delivery, pickup_point_id=pickup_point_id, pay_by=pay_by, note=note,
            placed_by=placed_by, at=at, address=address, cycle_id=cycle_id, came_from=came_from,
        )  # fmt: skip
        _ask_for_money(orders, at=at)
        return ",".join(str(order.pk) for order in orders)

    with transaction.atomic():
        result, replayed = done_once(verb="order_place", actor=placed_by, key=key, meaning=meaning, at=at, do=do)
        orders = list(Order.objects.filter(pk__in=result.split(",")).order_by("pk").preloaded())
    return Placed(orders, replayed)


def _ask_for_money(orders: list[Order], *, at: datetime) -> None:
    """One PaymentRequest an order, into the cooperative's own default account, with a code never used before."""
    accounts = {
        account.organization_id: account
        for account in BankAccount.objects.filter(
            organization__in={order.organization_id for order in orders}, is_default=True, is_active=True
        )
    }
    for order in orders:
        if order.organization_id not in accounts:
            raise NoBankAccount(name=order.organization.name)
        assert order.total_dong <= MAX_TRANSFER_DONG or order.pay_by != Order.PayBy.TRANSFER
    codes = fresh_codes(len(orders), draw=new_code)
    PaymentRequest.objects.bulk_create(
        PaymentRequest(
            organization_id=order.organization_id, order=order, bank_account=accounts[order.organization_id],
            code=code, asked_dong=order.total_dong, created_at=at, expires_at=order.expires_at,
        )
        for order, code in zip(orders, codes, strict=True)
    )  # fmt: skip
