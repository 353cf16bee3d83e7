"""Many parcels on their way at once, written as rows: what the verbs would have made of them, in a few statements."""

from collections.abc import Sequence
from datetime import timedelta

from base.codes import new_code
from catalog.models import Variant
from orders.models import Allocation, Order, OrderLine, Shipment
from orders.pricing import shares
from payments.fresh_codes import fresh_codes
from payments.models import PaymentRequest
from tests.people import FEE_BP, World, stock, variant_by_piece


def on_their_way(world: World, *, bags: Sequence[int], bearers: Sequence[str], price_dong: int = 73_421) -> list[int]:
    """Sent an hour ago, to be paid on receipt: one parcel each of ``bags`` bags with each of ``bearers``; their ids."""
    variant = variant_by_piece(world.product, name="gói 500 g", price_dong=price_dong)
    lot = stock(variant, sum(bags) + 100, owner=world.member_an)
    sent_at = world.now - timedelta(hours=1)
    totals = [price_dong * count for count in bags]
    orders = Order.objects.bulk_create(
        Order(
            organization=world.organization, number=f"DH-260315-C{place:03d}", token=f"cod-{place}",
            state=Order.State.HANDED_OVER, buyer_name=f"Người mua {place}", buyer_phone=f"+84912{place:06d}",
            delivery=Order.Delivery.COACH, pay_by=Order.PayBy.CASH, goods_dong=total, total_dong=total,
            placed_at=sent_at, packed_at=sent_at, handed_over_at=sent_at, handed_over_by=world.clerk,
        )
        for place, total in enumerate(totals)
    )  # fmt: skip
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=order, variant=variant, position=0, product_name="Cá chạch", variant_name=variant.name,
            unit_name="gói", unit=1, price_dong=price_dong, quantity=count, total_dong=order.total_dong, fee_bp=FEE_BP,
        )
        for order, count in zip(orders, bags, strict=True)
    )  # fmt: skip
    ruled = [
        shares(total_dong=line.total_dong, quantity=line.quantity, fee_bp=FEE_BP, parts=[line.quantity])[0]
        for line in lines
    ]
    Allocation.objects.bulk_create(
        Allocation(
            line=line, lot=lot, position=0, quantity=line.quantity, gross_dong=share.gross_dong, fee_dong=share.fee_dong
        )
        for line, share in zip(lines, ruled, strict=True)
    )  # fmt: skip
    lot.left -= sum(bags)
    lot.save(update_fields=["left"])
    Variant.objects.filter(pk=variant.pk).update(on_hand=100)
    PaymentRequest.objects.bulk_create(
        PaymentRequest(
            organization=world.organization, order=order, bank_account=world.bank_account, code=code,
            asked_dong=order.total_dong, created_at=sent_at,
        )
        for order, code in zip(orders, fresh_codes(len(orders), draw=new_code), strict=True)
    )  # fmt: skip
    made = Shipment.objects.bulk_create(
        Shipment(
            organization=world.organization, order=order, way=Order.Delivery.COACH, state=Shipment.State.HANDED_OVER,
            state_at=sent_at, tracking=f"XK{place:05d}", bearer_name=bearer, collect_dong=order.total_dong,
            handed_over_at=sent_at, created_at=sent_at, created_by=world.clerk,
        )
        for place, (order, bearer) in enumerate(zip(orders, bearers, strict=True))
    )  # fmt: skip
    return [one.pk for one in made]
