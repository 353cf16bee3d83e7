"""Loading the demo: six months of one cooperative, made by calling the real verbs with past times; then the billers.

What happens is decided by a seed; days are counted back from the moment of loading, so that the last bars of a
member's page are always this month's. Codes and tokens are drawn at random, as for everybody.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM_OFFSET, vietnam_day
from base.refusals import Refused
from catalog import lots
from catalog.models import Variant
from cooperatives import outbox
from cooperatives.models import Message, Organization
from orders import fulfilling
from orders.models import Order
from orders.placing import Buyer, Wanted
from payments import cash, checkout, closing, handing_over, inbox, settlement
from payments.models import PaymentRequest
from payments.providers.arrival import Arrival
from storefront.demo import buyers_who_complain, carriage, cast, market_days, signs
from storefront.demo.founding import Beginning
from storefront.demo.half_a_year_of_bills import bill_for_half_a_year
from storefront.demo.parcels import MonthOfParcels

MONTHS = 6
# Orders in each of the six months: a shop that slowly becomes known.
ORDERS_A_MONTH = (9, 11, 14, 17, 22, 26)


class RealOrganizations(Refused):
    code = "REAL_ORGANIZATIONS"
    sentence = _("Máy này đã có đơn vị thật, không nạp dữ liệu mẫu vào được.")


class DemoThere(Refused):
    code = "DEMO_THERE"
    sentence = _("Dữ liệu mẫu đã có sẵn. Muốn làm lại từ đầu: manage.py demo reset.")


def load(*, at: datetime) -> Organization:
    """Make the demo cooperative, school and waterworks and their half year. Raises RealOrganizations, DemoThere.

    Each month commits by itself, as does each of the larger things after them: a load that is cut off leaves a half
    year that ends early, with books that add up, and the disk is not waited for after each of some 2,000 verbs.
    """
    if Organization.objects.real().exists():
        raise RealOrganizations()
    if Organization.objects.filter(is_demo=True).exists():
        raise DemoThere()
    story = _Story(at)
    story.live_through()
    bill_for_half_a_year(at=at)
    return story.organization


class _Story:
    def __init__(self, at: datetime) -> None:
        self.now = at
        self.dice = random.Random(cast.SEED)  # noqa: S311  a story, no secret
        first = at.astimezone(VIETNAM_OFFSET).replace(day=1, hour=8, minute=0, second=0, microsecond=0)
        self.months = [_months_back(first, back) for back in range(MONTHS - 1, -1, -1)]
        self.keys = (f"demo-{number}" for number in range(10**6))
        self.feed_ids = iter(range(10**6, 2 * 10**6))
        with transaction.atomic():
            beginning = Beginning(start=self.months[0], keys=self.keys)
        self.organization, self.bank_account = beginning.organization, beginning.bank_account
        self.clerk, self.treasurer, self.members = beginning.clerk, beginning.treasurer, beginning.members
        self.manager = beginning.manager
        self.variants = beginning.variants

    def live_through(self) -> None:
        """Month by month, in the order in which things happened: lots in, orders, money, goods out."""
        for place in range(MONTHS):
            self._a_month(place)
        self._send_parcels()
        self._what_waits_today()
        self._hold_market_days()
        self._be_talked_about()
        self._said_until(self.now - timedelta(days=1))

    @transaction.atomic
    def _a_month(self, place: int) -> None:
        month = self.months[place]
        self._bring_lots(month)
        last = min(_months_back(month, -1), self.now)
        for when in self._moments(month, last, ORDERS_A_MONTH[place]):
            self._an_order(when)

    @transaction.atomic
    def _be_talked_about(self) -> None:
        """Seasons, stars, faces, reviews; and those who complain."""
        signs.put_up(
            organization=self.organization, goods={goods.picture: variant.product for goods, variant in self.variants},
            members=self.members, treasurer=self.treasurer, keys=self.keys, at=self.now,
        )  # fmt: skip
        buyers_who_complain.complain(
            organization=self.organization, clerk=self.clerk, treasurer=self.treasurer, keys=self.keys, at=self.now
        )

    def _bring_lots(self, month: datetime) -> None:
        """The month's lots, but for what would have spoiled by today."""
        for goods, variant in self.variants:
            if month + timedelta(days=goods.keeps_days) > self.now:
                self._bring(goods, variant, month)

    def _bring(self, goods: cast.Goods, variant: Variant, start: datetime) -> None:
        """Each of its makers brings a part."""
        for share, place in enumerate(goods.makers):
            quantity = max(goods.monthly // len(goods.makers) // len(goods.variants), 4)
            when = min(start + timedelta(hours=4 + share), self.now)
            lots.receive_lot(
                variant_id=variant.pk, member_id=self.members[place].pk, quantity=quantity,
                made_on=vietnam_day(when) - timedelta(days=2 if goods.keeps_days > 30 else 0),
                best_before=_best_before(when, goods.keeps_days), actor=None, key=next(self.keys), at=when,
            )  # fmt: skip

    def _moments(self, month: datetime, last: datetime, count: int) -> Iterator[datetime]:
        """``count`` moments of market hours between ``month`` and ``last``, in order; fewer in a month just begun."""
        length = last - month - timedelta(hours=6)
        whole = _months_back(month, -1) - month
        count = round(count * (length / whole)) if length > timedelta(0) else 0
        offsets = sorted(self.dice.random() for _ in range(count))
        for offset in offsets:
            yield month + timedelta(hours=6) + length * offset

    def _an_order(self, when: datetime) -> None:
        """Placed, paid (a few in cash, a few never), packed, handed over, as far as time allows."""
        by_cash = self.dice.random() < 0.15
        forgets = not by_cash and self.dice.random() < 0.04
        order = self._placed(when, "CASH" if by_cash else "TRANSFER")
        if order is None:
            return
        paid_at = when + timedelta(minutes=self.dice.randint(2, 90))
        packed_at = when + timedelta(hours=self.dice.randint(4, 30))
        given_at = packed_at + timedelta(hours=self.dice.randint(2, 40))
        if forgets:
            closing.expire_due(at=min(when + timedelta(hours=73), self.now))
            return
        if not by_cash and paid_at <= self.now:
            self._money(order, paid_at)
        if packed_at > self.now:
            return
        fulfilling.pack(order_id=order.pk, actor=self.clerk, at=packed_at)
        if given_at > self.now:
            return
        if by_cash:
            request = PaymentRequest.objects.get(order=order)
            step = self.organization.cash_step_dong
            cash.receive(
                code=request.code, amount_dong=cash.rounded_to_step(request.due_dong, step_dong=step),
                actor=self.clerk, key=next(self.keys), at=given_at,
            )  # fmt: skip
        handing_over.hand_over(order_id=order.pk, actor=self.clerk, at=given_at)

    def _placed(self, when: datetime, pay_by: str) -> Order | None:
        """One to three kinds of goods of what is left; None on a day when the shelves are bare."""
        left = Variant.objects.in_bulk([variant.pk for _, variant in self.variants])
        wanted: list[Wanted] = []
        for _goods, variant in self.dice.sample(self.variants, self.dice.choice((1, 2, 2, 3, 3))):
            by_weight = variant.sold_by == Variant.SoldBy.WEIGHT
            few = (1, 1, 2) if variant.price_dong > 100_000 else (1, 2, 2, 3, 3)
            quantity = self.dice.choice((2000, 3000, 5000) if by_weight else few)
            # A few are kept back, so that the shop of today has something of everything.
            if left[variant.pk].available - quantity >= (10_000 if by_weight else 3):
                wanted.append(Wanted(variant.pk, quantity))
        if not wanted:
            return None
        name, phone, address = self.dice.choice(cast.BUYERS)
        placed = checkout.place(
            wanted=wanted, buyer=Buyer(name, phone, address), delivery="PICKUP", pickup_point_id=None, pay_by=pay_by,
            note="", key=next(self.keys), placed_by=None, at=when,
        )  # fmt: skip
        return placed.orders[0]

    def _money(self, order: Order, when: datetime, *, dong: int | None = None, memo: str | None = None) -> None:
        """The bank tells of a transfer for ``order``; written down and settled as at any time."""
        request = PaymentRequest.objects.get(order=order)
        text = memo if memo is not None else request.code
        self._bank_line(
            dong or request.due_dong, when, f"MBVCB.{self.dice.randrange(10**10)}.{text}.CT tu 0000 toi 0000"
        )

    def _bank_line(self, dong: int, when: datetime, memo: str) -> None:
        number = next(self.feed_ids)
        written = inbox.write_down(
            arrival=Arrival(
                source_id=str(number), account=self.bank_account.number, dong=dong, direction="in", memo=memo,
                happened_at=when, reference=f"FT{when:%y%j}{number}", raw=f'{{"demo": true, "id": {number}}}',
            ),
            organization=self.organization, bank_account=self.bank_account, source="sepay:live", at=when,
        )  # fmt: skip
        assert written.transaction is not None
        settlement.settle(transaction_id=written.transaction.pk, at=when)

    def _first_variants(self) -> dict[str, Variant]:
        """The first variant of each product by its name."""
        first: dict[str, Variant] = {}
        for goods, variant in self.variants:
            first.setdefault(goods.name, variant)
        return first

    @transaction.atomic
    def _send_parcels(self) -> None:
        carriage.decide(organization=self.organization, manager=self.manager, keys=self.keys, at=self.months[0])
        month = MonthOfParcels(
            organization=self.organization, bank_account=self.bank_account, goods=self._first_variants(),
            clerk=self.clerk, treasurer=self.treasurer, keys=self.keys, feed_ids=self.feed_ids, now=self.now,
        )  # fmt: skip
        month.decide_terms(at=self.months[0])
        month.live_through()

    @transaction.atomic
    def _hold_market_days(self) -> None:
        days = market_days.MarketDays(
            organization=self.organization, goods=self._first_variants(), members=self.members, clerk=self.clerk,
            manager=self.manager, keys=self.keys, pays=self._money, now=self.now,
        )  # fmt: skip
        days.take_orders()
        days.fail()
        days.go_short()

    @transaction.atomic
    def _what_waits_today(self) -> None:
        """Something on every table of the desk: to pack, to hand over, part paid, paid too much, no code, two codes."""
        ago = self._minutes_ago
        for goods, variant in self.variants:
            if goods.keeps_days <= 30:
                self._bring(goods, variant, ago(48 * 60))
        for minutes in (300, 240):
            if order := self._placed(ago(minutes), "TRANSFER"):
                self._money(order, ago(minutes - 12))
        if order := self._placed(ago(1500), "TRANSFER"):
            self._money(order, ago(1490))
            fulfilling.pack(order_id=order.pk, actor=self.clerk, at=ago(200))
        if order := self._placed(ago(180), "TRANSFER"):
            self._money(order, ago(170), dong=20_000)
        if order := self._placed(ago(160), "TRANSFER"):
            self._money(order, ago(150), dong=order.total_dong + 20_000)
        self._placed(ago(90), "CASH")
        self._placed(ago(40), "TRANSFER")
        self._bank_line(96_000, ago(120), "NGUYEN THU HA chuyen tien mua chuoi say")
        first, second = self._placed(ago(110), "TRANSFER"), self._placed(ago(108), "TRANSFER")
        if first and second:
            codes = PaymentRequest.objects.filter(order__in=[first, second]).values_list("code", flat=True)
            self._bank_line(first.total_dong + second.total_dong, ago(100), " ".join(codes))
        closing.expire_due(at=self.now)

    @transaction.atomic
    def _said_until(self, last: datetime) -> None:
        """The clerk has told buyers everything up to yesterday."""
        for message in Message.objects.waiting().filter(created_at__lt=last).order_by("created_at", "id"):
            outbox.mark_said(
                message=message, actor=self.clerk, through="phone", at=message.created_at + timedelta(hours=1)
            )

    def _minutes_ago(self, minutes: int) -> datetime:
        return self.now - timedelta(minutes=minutes)


def _months_back(first: datetime, count: int) -> datetime:
    month = first.year * 12 + first.month - 1 - count
    return first.replace(year=month // 12, month=month % 12 + 1)


def _best_before(when: datetime, days: int) -> date:
    return vietnam_day(when) + timedelta(days=days)
