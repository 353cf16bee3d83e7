"""Goods that come back after they were accepted: shares, stock, the buyer's money; also after a member was paid."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.refusals import NotFound
from catalog.models import Variant
from cooperatives import income, ledger
from cooperatives.chart import Kind
from cooperatives.models import Message
from orders import brought_back, fulfilling, returning
from orders.models import Allocation, Netting, Order, Return, ReturnLine
from orders.returning import Back
from payments import cash, cash_boxes, cash_days, cash_out, refunds, returns
from payments.models import BankTransaction, CashVoucher, Refund
from payments.refunds import MoreThanOwed
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World, grant, stock, user

pytestmark = pytest.mark.django_db

Comes = Callable[..., BankTransaction]
TO_LOT, WRITTEN_OFF = ReturnLine.Fate.TO_LOT, ReturnLine.Fate.WRITTEN_OFF


def sold(world: World, comes: Comes, bags: int) -> Order:
    """So many bags at 75,000 đ, paid by transfer and handed over."""
    order = order_bags(world, bags)
    comes(request_of(order).code, bags * 75_000)
    return fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def sold_for_cash(world: World, bags: int) -> Order:
    """The same, the cash into the treasurer's box."""
    order = order_bags(world, bags, pay_by="CASH")
    request = request_of(order)
    cash.receive(
        code=request.code, amount_dong=request.due_dong, actor=world.treasurer, key=f"c{order.pk}", at=world.now
    )
    return fulfilling.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def bring_back(world: World, order: Order, bags: int, *, fate: str = TO_LOT, key: str = "", **more: object) -> Return:
    asked = {
        "lines": [Back(order.lines.get().pk, bags, fate)], "reason": "túi hở miệng", "actor": world.treasurer,
        "at": world.now, "key": key or f"return-{order.pk}-{order.returns.count()}", **more,
    }  # fmt: skip
    return returns.take_back(order_id=order.pk, **asked)


def owed(world: World, kind: Kind, subject: str = "") -> int:
    return ledger.balance_dong(organization=world.organization, kind=kind, subject=subject)


def hers(world: World, member: object) -> tuple[int, int]:
    """Owed to her, owed by her."""
    subject = f"member:{member.pk}"  # type: ignore[attr-defined]
    return owed(world, Kind.OWED_TO_MEMBERS, subject), owed(world, Kind.OWED_BY_MEMBERS, subject)


def test_a_sack_returned_after_its_member_was_paid_is_netted_from_her_next_sale(world: World, comes: Comes) -> None:
    """The whole story, the books clean after each step."""
    an, now = world.member_an, world.now
    first = sold_for_cash(world, 4)  # 300,000: An is owed 270,000, the fee is 30,000
    cash_out.pay_member(member_id=an.pk, amount_dong=250_000, actor=world.treasurer, key="p", at=now)
    assert hers(world, an) == (20_000, 0)
    assert is_clean(world.organization, at=now)

    # Three of four bags back, two of them fit to be sold again: 225,000, of which An bears 202,500.
    goods_return = bring_back(world, first, 2)
    written_off = bring_back(world, first, 1, fate=WRITTEN_OFF)
    assert [goods_return.goods_dong, written_off.goods_dong] == [150_000, 75_000]
    assert hers(world, an) == (0, 182_500)
    assert owed(world, Kind.OWED_TO_PAYERS, f"order:{first.pk}") == 225_000
    assert owed(world, Kind.FEE) == 7_500
    assert sum(line.owed_dong for line in ReturnLine.objects.all()) == 182_500
    world.variant.refresh_from_db()
    assert world.variant.on_hand == 30 - 4 + 2
    first.refresh_from_db()
    assert first.state == Order.State.HANDED_OVER
    assert is_clean(world.organization, at=now)

    # The month of the sale says what was taken back, whichever account it came from.
    assert income.months(member=an, first="2026-03", last="2026-03")[0].income_dong == 67_500
    back = brought_back.of_member(member=an, months=["2026-03"])
    assert brought_back.by_month(back) == {"2026-03": 202_500}

    # Her money: 50,000 of it in cash, the rest by bank.
    cash_out.pay_buyer(order_id=first.pk, amount_dong=50_000, actor=world.treasurer, key="b", at=now)
    assert cash_boxes.box_dong(world.organization, world.treasurer) == 0
    with pytest.raises(cash_boxes.MoreThanInBox):
        cash_out.pay_buyer(order_id=first.pk, amount_dong=1_000, actor=world.treasurer, key="b2", at=now)
    refund = refunds.ask(
        order_id=first.pk, amount_dong=175_000, payee_bin="970436", payee_account="0123456789",
        payee_holder="HOANG VAN DUNG", reason="hàng trả lại", actor=world.treasurer, key="r", at=now,
    )  # fmt: skip
    refunds.order_out(refund_id=refund.pk, actor=world.treasurer, key="o", at=now)
    comes(refund.code, 175_000, direction="out")
    refund.refresh_from_db()
    assert refund.state == Refund.State.SENT
    assert owed(world, Kind.OWED_TO_PAYERS, f"order:{first.pk}") == 0
    assert is_clean(world.organization, at=now)

    # Sold again: 4 bags earn her 270,000, of which 182,500 go against what she owes.
    sold(world, comes, 4)
    assert hers(world, an) == (87_500, 0)
    assert Netting.objects.get(member=an).amount_dong == 182_500
    assert income.total_dong(member=an) == 67_500 + 270_000
    assert is_clean(world.organization, at=now)

    # The last bag too: the first order is over, and took back exactly what it had given.
    bring_back(world, first, 1)
    first.refresh_from_db()
    assert first.state == Order.State.RETURNED
    assert income.total_dong(member=an) == 270_000
    kept = Allocation.objects.get(line__order=first)
    assert (kept.kept_quantity, kept.back_gross_dong, kept.back_fee_dong) == (0, kept.gross_dong, kept.fee_dong)
    assert is_clean(world.organization, at=now)
