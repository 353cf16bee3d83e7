"""Deeds of buyers and clerks: order, bring goods, change prices, pack, hand over, cancel, take cash."""

from catalog import listing, lots
from catalog.variants import VariantChange
from orders import fulfilling
from orders.placing import Buyer, Wanted
from payments import cash, checkout, closing
from payments.models import PaymentLink, PaymentRequest
from tests.simulation.goods import Line, Lot, No, Order
from tests.simulation.scene import Scene

BUYER = Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3")


def place(scene: Scene) -> str:
    model, dice = scene.model, scene.dice
    wanted = []
    for variant_id in dice.sample(sorted(model.variants), dice.choice([1, 1, 2, 3])):
        variant = model.variants[variant_id]
        most = max((variant.on_hand - variant.reserved) // variant.step, 0)
        steps = dice.randint(1, min(most, 12)) if most and not scene.chance(0.03) else most + 1
        wanted.append((variant_id, steps * variant.step + (37 if variant.step > 1 and scene.chance(0.02) else 0)))
    if scene.chance(0.1):  # the same goods twice in one basket
        wanted.append(wanted[0])
    if scene.chance(0.01):
        wanted[0] = (wanted[0][0], 0)
    key, by_cash = scene.new_key(), scene.chance(0.25)
    said = _place(scene, wanted, key, by_cash=by_cash)
    if scene.chance(0.1):  # the button was pressed twice
        said += " and again, " + _place(scene, wanted, key, by_cash=by_cash)
    if scene.chance(0.05):
        said += " and otherwise, " + _place(scene, [(wanted[0][0], wanted[0][1] + 100)], key, by_cash=by_cash)
    return said


def _place(scene: Scene, wanted: list[tuple[int, int]], key: str, *, by_cash: bool) -> str:
    model = scene.model
    pay_by = "CASH" if by_cash else "TRANSFER"
    meaning = (tuple(wanted), pay_by)
    lines: dict[int, list[Line]] = {}
    again: list[bool] = []

    def modelled() -> None:
        again.append(model.repeated("place", None, key, meaning))
        if not again[0]:
            lines.update(model.to_place(wanted))

    placed = scene.agree(
        modelled,
        lambda: checkout.place(
            wanted=[Wanted(*one) for one in wanted], buyer=BUYER, delivery="PICKUP", pickup_point_id=None,
            pay_by=pay_by, note="", key=key, placed_by=None, at=scene.now,
        ),
    )  # fmt: skip
    if placed is None:
        return f"refused to place {wanted}"
    pks = [order.pk for order in placed.orders]
    if again[0]:
        assert placed.replayed
        assert pks == model.done["place", None, key, "orders"]  # type: ignore[index]
        return f"placed before: {pks}"
    model.remember("place", None, key, meaning)
    model.done["place", None, key, "orders"] = pks  # type: ignore[index]
    assert sorted(order.organization_id for order in placed.orders) == sorted(lines)
    for order in placed.orders:
        code = PaymentRequest.objects.get(order=order).code
        model.placed(order.pk, order.organization_id, code, lines[order.organization_id], by_cash=by_cash)
        model.codes[code] = model.orders[order.pk]
        assert order.total_dong == model.orders[order.pk].total
    return f"placed {pks} for {wanted} by {pay_by}"


def link(scene: Scene) -> str:
    """payOS has made a link for an order; whoever pays through it pays this order."""
    model, feeds = scene.model, {account: feed for (account, name), feed in scene.feeds.items() if name == "payos"}
    linked = set(scene.links.values())
    open_ones = [one for one in model.orders.values() if one.takes_money and one.account in feeds]
    orders = [one for one in open_ones if one.code not in linked]
    if not orders:
        return ""
    order = scene.dice.choice(orders)
    feed, number = feeds[order.account], f"{4_000_000_000_000 + order.pk}"
    PaymentLink.objects.create(
        organization_id=order.org, feed=feed, payment_request=PaymentRequest.objects.get(code=order.code),
        number=number, external_id=f"id{number}", amount_dong=order.total - order.credited, key=number,
        state=PaymentLink.State.OPEN, created_at=scene.now, changed_at=scene.now,
    )  # fmt: skip
    scene.links[number] = order.code
    return f"link {number} for {order.pk}"


def bring_goods(scene: Scene) -> str:
    model, dice = scene.model, scene.dice
    variant_id = dice.choice(sorted(model.variants))
    variant = model.variants[variant_id]
    member = dice.choice(scene.members[variant.org])
    quantity = dice.randint(1, 25) * (1 if variant.step == 1 else 137)
    key, clerk = scene.new_key(), scene.staff[variant.org].clerk

    def bring(of: int) -> object:
        return lots.receive_lot(
            variant_id=variant_id, member_id=member, quantity=of, made_on=None, best_before=None, actor=clerk,
            key=key, at=scene.now,
        )  # fmt: skip

    lot = scene.agree(lambda: None, lambda: bring(quantity))
    model.lots[lot.pk] = Lot(variant_id, member, quantity)
    variant.on_hand += quantity
    if scene.chance(0.15):
        assert bring(quantity) == lot
        scene.agree(lambda: _no("KEY_REUSED"), lambda: bring(quantity + 1))
    return f"lot {lot.pk} of {quantity} for variant {variant_id}"


def _no(code: str) -> None:
    raise No(code)


def change_price(scene: Scene) -> str:
    model, dice = scene.model, scene.dice
    variant_id = dice.choice(sorted(model.variants))
    variant = model.variants[variant_id]
    price = dice.choice([1_000, 33_333, 75_001, 123_457, 240_000])
    listing.update_product(
        product_id=variant.product, variants=[VariantChange(variant_id, price_dong=price)],
        actor=scene.staff[variant.org].clerk, at=scene.now,
    )  # fmt: skip
    variant.price = price
    return f"variant {variant_id} costs {price}"


def withdraw_or_publish(scene: Scene) -> str:
    """Off the shop for a step or two; what was promised stays promised."""
    model, dice = scene.model, scene.dice
    product_id = dice.choice(sorted({variant.product for variant in model.variants.values()}))
    of_it = [variant for variant in model.variants.values() if variant.product == product_id]
    back = not of_it[0].on_sale or scene.chance(0.6)
    verb = listing.publish_product if back else listing.withdraw_product
    verb(product_id=product_id, actor=scene.staff[of_it[0].org].clerk, at=scene.now)
    for variant in of_it:
        variant.on_sale = back
    return f"product {product_id} is {'on' if back else 'off'} sale"


def _some_order(scene: Scene, *, likely: str = "") -> Order | None:
    orders = list(scene.model.orders.values())
    fitting = [order for order in orders if likely and (order.payment == likely and order.is_open)]
    pool = fitting if fitting and scene.chance(0.85) else orders
    return scene.dice.choice(pool[-40:]) if pool else None


def pack(scene: Scene) -> str:
    return _fulfil(scene, "order_pack")


def hand_over(scene: Scene) -> str:
    return _fulfil(scene, "order_hand_over")


def _fulfil(scene: Scene, verb: str) -> str:
    order, model = _some_order(scene, likely="PAID"), scene.model
    if order is None:
        return ""
    do, modelled = {
        "order_pack": (fulfilling.pack, model.pack),
        "order_hand_over": (fulfilling.hand_over, model.hand_over),
    }[verb]
    actor = scene.staff[order.org].clerk
    key = scene.new_key() if scene.chance(0.5) else None

    def once(one: Order) -> None:
        if not model.repeated(verb, actor.pk, key, one.pk):
            modelled(one)
            model.remember(verb, actor.pk, key, one.pk)

    times = 2 if scene.chance(0.15) else 1
    for _ in range(times):
        scene.agree(lambda: once(order), lambda: do(order_id=order.pk, actor=actor, at=scene.now, key=key))
    if key and scene.chance(0.1):
        other = _some_order(scene)
        if other is not None and other.org == order.org:
            scene.agree(lambda: once(other), lambda: do(order_id=other.pk, actor=actor, at=scene.now, key=key))
    return f"{verb} {order.pk} × {times}"


def by_a_stranger(scene: Scene) -> str:
    """Whoever has no role there learns nothing and moves nothing."""
    order = _some_order(scene)
    if order is None:
        return ""
    others = [staff for org, staff in scene.staff.items() if org != order.org]
    stranger = scene.dice.choice([others[0].treasurer, others[0].clerk, scene.world.buyer])
    at = scene.now
    for verb in (
        lambda: closing.cancel(order_id=order.pk, actor=stranger, reason="", at=at),
        lambda: fulfilling.pack(order_id=order.pk, actor=stranger, at=at),
        lambda: fulfilling.hand_over(order_id=order.pk, actor=stranger, at=at),
        lambda: cash.receive(code=order.code, amount_dong=1_000, actor=stranger, key="s", at=at),
    ):
        scene.agree(lambda: _no("NOT_FOUND"), verb)
    return f"a stranger tried order {order.pk}"


def cancel(scene: Scene) -> str:
    order, reason = _some_order(scene), "đổi ý"
    if order is None:
        return ""
    if scene.chance(0.03):
        reason = "x" * 201
    scene.agree(
        lambda: scene.model.cancel(order, reason),
        lambda: closing.cancel(
            order_id=order.pk, actor=scene.staff[order.org].treasurer, reason=reason, at=scene.now
        ),
    )  # fmt: skip
    return f"cancel {order.pk}"


def take_cash(scene: Scene) -> str:
    orders = [order for order in scene.model.orders.values() if order.takes_money and order.by_cash]
    order = scene.dice.choice(orders) if orders and scene.chance(0.8) else _some_order(scene)
    if order is None:
        return ""
    due = max(order.total - order.credited, 1)
    step = scene.model.organizations[order.org].cash_step
    rounded = max((2 * due + step) // (2 * step) * step, step)
    dong = scene.dice.choice([due, rounded, rounded, rounded, max(due // 2, 1), due + 1, rounded + step])
    staff = scene.staff[order.org]
    keeper = scene.dice.choice([staff.clerk, staff.treasurer])
    key, model = scene.new_key(), scene.model

    def receive(of: int) -> object:
        return cash.receive(code=order.code, amount_dong=of, actor=keeper, key=key, at=scene.now)

    def once(of: int) -> None:
        if not model.repeated("cash", keeper.pk, key, (order.code, of)):
            model.cash(order, of, keeper.pk)
            model.remember("cash", keeper.pk, key, (order.code, of))

    for of in [dong] * (2 if scene.chance(0.2) else 1) + ([dong + 1] if scene.chance(0.1) else []):
        scene.agree(lambda of=of: once(of), lambda of=of: receive(of))
    return f"cash {dong} of due {due} for {order.pk}"
