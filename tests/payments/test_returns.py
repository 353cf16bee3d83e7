"""Goods that come back after they were accepted: shares, stock, the buyer's money; also after a member was paid."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from cooperatives import income, ledger
from cooperatives.chart import Event, Kind
from cooperatives.ledger import Acct, Move
from cooperatives.models import Entry, Message
from orders import brought_back, returning
from orders.models import Allocation, Netting, Order, Return, ReturnLine
from orders.returning import Back
from payments import (
    cash,
    cash_boxes,
    cash_days,
    cash_out,
    closing,
    handing_over,
    member_statement,
    refunds,
    returns,
)
from payments.models import BankTransaction, CashVoucher, Refund
from payments.refunds import MoreThanOwed
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db

Comes = Callable[..., BankTransaction]
TO_LOT, WRITTEN_OFF = ReturnLine.Fate.TO_LOT, ReturnLine.Fate.WRITTEN_OFF


def sold(world: World, comes: Comes, bags: int) -> Order:
    """So many bags at 75,000 đ, paid by transfer and handed over."""
    order = order_bags(world, bags)
    comes(request_of(order).code, bags * 75_000)
    return handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def sold_for_cash(world: World, bags: int) -> Order:
    """The same, the cash into the treasurer's box."""
    order = order_bags(world, bags, pay_by="CASH")
    request = request_of(order)
    cash.receive(
        code=request.code, amount_dong=request.due_dong, actor=world.treasurer, key=f"c{order.pk}", at=world.now
    )
    return handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


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


def test_a_return_is_paid_back_by_bank_in_cash_or_left_as_a_debt(world: World, comes: Comes) -> None:
    """The task names the payee and shows the code at once; cash goes down to the cash step; the rest stays owed."""
    order = sold_for_cash(world, 3)
    payee = {"payee_bin": "970436", "payee_account": "0123456789", "payee_holder": "Hoàng Văn Dũng"}
    bring_back(world, order, 1, refund=returns.TRANSFER, **payee)
    assert Refund.objects.get(order=order).state == Refund.State.ORDERED
    Order.objects.filter(pk=order.pk).update(buyer_name="Hoàng Văn Dũng")
    bring_back(world, order, 1, refund=returns.CASH)
    voucher = CashVoucher.objects.get(order=order)
    assert (voucher.number, voucher.amount_dong, voucher.to_name) == (1, 75_000, "Hoàng Văn Dũng")
    bring_back(world, order, 1)
    assert owed(world, Kind.OWED_TO_PAYERS, f"order:{order.pk}") == 75_000
    assert cash_out.in_cash_dong(57_845, step_dong=1_000) == 57_000
    assert cash_out.in_cash_dong(845, step_dong=1_000) == 845
    assert is_clean(world.organization, at=world.now)


def test_one_key_is_one_return_and_the_other_ways_are_refused(world: World, comes: Comes) -> None:
    order, other = sold(world, comes, 2), order_bags(world, 1)
    line = order.lines.get().pk
    first = bring_back(world, order, 1, key="một")
    assert bring_back(world, order, 1, key="một") == first
    assert Return.objects.count() == 1
    again = {"reason": "hỏng", "actor": world.treasurer, "at": world.now}
    refused: list[tuple[str, dict[str, object]]] = [
        ("MORE_THAN_KEPT", {"lines": [Back(line, 2, TO_LOT)]}),
        ("TWO_FATES", {"lines": [Back(line, 1, TO_LOT), Back(line, 1, WRITTEN_OFF)]}),
        ("NOTHING_BACK", {"lines": []}),
        ("TOO_MUCH_SHIPPING", {"lines": [], "shipping_dong": 1}),
        ("REASON_MISSING", {"lines": [Back(line, 1, TO_LOT)], "reason": " "}),
        ("NO_WAY_BACK", {"lines": [Back(line, 1, TO_LOT)], "refund": "bò"}),
        ("NOT_YOUR_CASH", {"lines": [Back(line, 1, TO_LOT)], "refund": returns.CASH, "actor": world.manager}),
        ("NOT_FOUND", {"lines": [Back(line, 1, TO_LOT)], "actor": world.other_treasurer}),
        ("NOT_FOUND", {"lines": [Back(line, 1, TO_LOT)], "actor": world.clerk}),
        ("NOT_FOUND", {"lines": [Back(line + 999, 1, TO_LOT)]}),
    ]
    for code, asked in refused:
        with pytest.raises(Refused) as caught:
            returns.take_back(order_id=order.pk, key=f"k{code}{asked.get('actor')}", **{**again, **asked})
        assert caught.value.code == code
    with pytest.raises(returning.NotReturnable):
        returns.take_back(order_id=other.pk, lines=[Back(other.lines.get().pk, 1, TO_LOT)], key="chưa giao", **again)
    lot = Allocation.objects.get(line=line).lot
    lot.best_before = vietnam_day(world.now) - timedelta(days=1)
    lot.save(update_fields=["best_before"])
    with pytest.raises(returning.PastItsBest):
        bring_back(world, order, 1)
    assert Return.objects.count() == 1
    assert is_clean(world.organization, at=world.now)


def test_shipping_is_given_back_only_as_far_as_it_was_charged_and_the_members_hear_of_it(
    world: World, comes: Comes
) -> None:
    order = sold(world, comes, 1)
    assert returning.last_day(order) == vietnam_day(world.now) + timedelta(days=2)
    assert not returning.is_late(order, on=vietnam_day(world.now) + timedelta(days=2))
    assert returning.is_late(order, on=vietnam_day(world.now) + timedelta(days=3))
    late = world.now + timedelta(days=9)  # staff may take it all the same
    bring_back(world, order, 1, at=late)
    told = Message.objects.filter(kind=Message.Kind.RETURN_TAKEN).order_by("pk").values_list("to_name", "text")
    assert [name for name, _text in told] == ["Hoàng Văn Dũng", "Nguyễn Thị An"]
    assert "75.000" in told[0][1]
    assert "67.500" in told[1][1]
    assert is_clean(world.organization, at=late)


def test_slips_are_numbered_without_gaps_stand_in_the_day_book_and_are_voided(world: World) -> None:
    order = sold_for_cash(world, 2)  # 150,000 in the treasurer's box, An is owed 135,000
    an, now, binh = world.member_an, world.now, world.treasurer
    pay = {"member_id": an.pk, "actor": binh, "at": now}
    first = cash_out.pay_member(amount_dong=100_000, key="một", **pay)
    assert cash_out.pay_member(amount_dong=100_000, key="một", **pay) == first
    with pytest.raises(MoreThanOwed):
        cash_out.pay_member(amount_dong=35_001, key="hai", **pay)
    with pytest.raises(NotFound):
        cash_out.pay_member(amount_dong=1_000, key="ba", **{**pay, "actor": world.clerk})
    cost = {"organization_id": world.organization.pk, "to_name": "Anh Tài", "reason": "cước xe", "at": now}
    second = cash_out.pay_cost(kind=CashVoucher.Kind.CARRIAGE, amount_dong=50_000, actor=binh, key="bốn", **cost)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(cash_boxes.MoreThanInBox):
        cash_out.pay_cost(kind=CashVoucher.Kind.SPENDING, amount_dong=1, actor=binh, key="năm", **cost)
    assert owed(world, Kind.SHIPPING_COST) == 50_000

    # Brought back meanwhile, An owes what she was paid; the voided slip gives her credit, and that is netted.
    bring_back(world, order, 2)
    assert hers(world, an) == (0, 100_000)
    with pytest.raises(cash_out.NotYourVoucher):
        cash_out.void(voucher_id=first.pk, reason="ghi nhầm", actor=world.clerk, at=now)
    voided = cash_out.void(voucher_id=first.pk, reason="ghi nhầm", actor=binh, at=now)
    assert cash_out.void(voucher_id=first.pk, reason="ghi nhầm", actor=binh, at=now) == voided
    assert hers(world, an) == (0, 0)
    sheet = cash_days.day_sheet(organization=world.organization, keeper=binh, day=vietnam_day(now))
    assert sheet.sums == {"received": 150_000, "paid_out": -150_000, "payment_voided": 100_000}
    assert (sheet.closing_dong, sheet.unexplained_dong) == (100_000, 0)

    counted = {"organization_id": world.organization.pk, "actor": binh, "at": now}
    cash_boxes.count(counted_dong=100_000, key="đếm", **counted)
    assert is_clean(world.organization, at=now)
    account = member_statement.statement(member=an)
    assert account.balance_dong == 0
    assert [line.dong for line in account.lines] == [100_000, -135_000, -100_000, 135_000]
    assert [line.balance_dong for line in account.lines] == [0, -100_000, 35_000, 135_000]


def test_a_cancelled_orders_money_given_back_in_cash_closes_its_request(world: World) -> None:
    """As a refund by bank does; voiding the slip opens it again."""
    order = order_bags(world, 2, pay_by="CASH")
    request, now = request_of(order), world.now
    cash.receive(code=request.code, amount_dong=150_000, actor=world.treasurer, key="thu", at=now)
    closing.cancel(order_id=order.pk, actor=world.treasurer, reason="khách đổi ý", at=now)
    slip = cash_out.pay_buyer(order_id=order.pk, amount_dong=150_000, actor=world.treasurer, key="trả", at=now)
    assert request_of(order).state == "refunded"
    assert is_clean(world.organization, at=now)
    cash_out.void(voucher_id=slip.pk, reason="khách chưa lấy", actor=world.treasurer, at=now)
    assert request_of(order).state == "cancelled"
    assert is_clean(world.organization, at=now)


def test_a_parcel_accepted_again_is_one_sale_on_her_account(world: World, comes: Comes) -> None:
    """Its second hand-over has a key of its own (orders/fulfilling.py: keys_of)."""
    order = sold(world, comes, 1)
    first = Entry.objects.get(key=f"handed_over:{order.pk}")
    with transaction.atomic():
        ledger.reverse(entry=first, at=world.now, booked_on=vietnam_day(world.now), actor=None)
        moves = [
            Move(*(Acct(Kind(one.kind), one.subject) for one in (posting.debit, posting.credit)), posting.amount_dong)
            for posting in first.postings.select_related("debit", "credit")
        ]
        ledger.post(
            organization=world.organization, key=f"handed_over:{order.pk}:2", event=Event.HANDED_OVER, meaning=[],
            moves=moves, booked_on=vietnam_day(world.now), at=world.now,
        )  # fmt: skip
    lines = member_statement.statement(member=world.member_an).lines
    assert [line.dong for line in lines] == [67_500, -67_500, 67_500]
    assert all(order.number in line.detail for line in lines)
