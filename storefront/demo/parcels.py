"""A month of parcels: who sends what how far, what came of it, and the money that carriers brought or did not.

Everything by the verbs that the desk uses, at past times: delivered and remitted, one list short, refused and back,
lost, returned later, brought by a neighbour, still on its way.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from base.periods import vietnam_day
from base.places import finding
from catalog.models import Variant
from cooperatives.chart import Kind
from cooperatives.models import BankAccount, LedgerAccount, Member, Organization, User
from orders import delivery_terms, fulfilling, parcels
from orders.addresses import Address
from orders.models import Order, Shipment
from orders.placing import Buyer, Wanted
from orders.returning import Back
from payments import (
    cash_boxes,
    cash_out,
    checkout,
    coming_back,
    delivering,
    inbox,
    remittance_cash,
    remitting,
    returns,
    settlement,
)
from payments.models import PaymentRequest, Remittance
from payments.providers.arrival import Arrival
from payments.remittance_reading import Row
from storefront.demo import cast

POST, COACH, HOME = Order.Delivery.POST, Order.Delivery.COACH, Order.Delivery.HOME
POST_FEE, POST_BACK = 27_500, 16_500


@dataclass(frozen=True)
class Sent:
    """One parcel. ``goods``: (place in the demo's variants, pieces). ``end``: what became of it."""

    days_ago: int
    buyer: str
    phone: str
    commune: str
    hamlet: str
    landmark: str
    way: str
    pay_by: str
    goods: tuple[tuple[str, int], ...]
    end: str


PARCELS = (
    Sent(28, "Trịnh Thu Trang", "0900000221", "phường Cầu Giấy, Hà Nội", "Tổ 12", "ngõ 68, cửa xanh", POST, "CASH",
         (("Chuối tây sấy dẹt", 3), ("Cơm cháy ruốc", 2)), "remitted"),
    Sent(27, "Lưu Văn Khánh", "0900000222", "phường Hoa Lư, Ninh Bình", "Phố 5", "sau nhà văn hóa", POST, "CASH",
         (("Cá chạch sấy khô", 2),), "remitted"),
    Sent(26, "Phan Thị Liên", "0900000223", "xã Kim Sơn, Ninh Bình", "Xóm 7", "cạnh cầu ngói", POST, "CASH",
         (("Miến dong phơi sào", 4),), "remitted"),
    Sent(25, "Đinh Công Sơn", "0900000224", "phường Hạc Thành, Thanh Hóa", "Phố 2", "", POST, "CASH",
         (("Chuối tây sấy dẹt", 2),), "refused"),
    Sent(20, "Hà Thị Ngân", "0900000225", "xã Nho Quan, Ninh Bình", "Thôn Đồi", "quán nước đầu làng", POST, "CASH",
         (("Cơm cháy ruốc", 4),), "short"),
    Sent(19, "Vương Quốc Huy", "0900000226", "phường Thanh Xuân, Hà Nội", "Tổ 4", "", POST, "CASH",
         (("Cá chạch sấy khô", 1), ("Miến dong phơi sào", 2)), "short"),
    Sent(16, "Nguyễn Thu Hà", "0900000202", "phường Hoàng Mai, Hà Nội", "Khu đô thị Linh Đàm", "", COACH, "TRANSFER",
         (("Cá chạch sấy khô", 2),), "accepted"),
    Sent(15, "Vũ Đức Anh", "0900000206", "phường Thanh Xuân, Hà Nội", "Tổ 9", "", COACH, "TRANSFER",
         (("Chuối tây sấy dẹt", 4),), "returned"),
    Sent(12, "Ngô Gia Bảo", "0900000209", "xã Yên Mô, Ninh Bình", "Xóm Đông", "nhà hai tầng cạnh ao", HOME, "CASH",
         (("Miến dong phơi sào", 2), ("Cơm cháy ruốc", 1)), "neighbour"),
    Sent(11, "Đỗ Thị Thanh", "0900000207", "phường Hạc Thành, Thanh Hóa", "Phố 8", "", POST, "TRANSFER",
         (("Cơm cháy ruốc", 3),), "lost"),
    Sent(5, "Trần Quốc Việt", "0900000204", "phường Nam Định, Ninh Bình", "Tổ 3", "", POST, "CASH",
         (("Chuối tây sấy dẹt", 3),), "delivered"),
    Sent(3, "Lê Minh Châu", "0900000203", "phường Hoa Lư, Ninh Bình", "Phố 1", "gần bến xe", POST, "CASH",
         (("Cá chạch sấy khô", 1),), "failed"),
    Sent(2, "Mai Thị Huệ", "0900000210", "phường Cầu Giấy, Hà Nội", "Tổ 20", "", COACH, "TRANSFER",
         (("Miến dong phơi sào", 3),), "moving"),
)  # fmt: skip


class MonthOfParcels:
    """``goods``: the demo's variants by product name, first variant of each."""

    def __init__(
        self,
        *,
        organization: Organization,
        bank_account: BankAccount,
        goods: dict[str, Variant],
        clerk: User,
        treasurer: User,
        keys: Iterator[str],
        feed_ids: Iterator[int],
        now: datetime,
    ) -> None:
        self.organization, self.bank_account, self.goods = organization, bank_account, goods
        self.clerk, self.treasurer, self.keys, self.feed_ids, self.now = clerk, treasurer, keys, feed_ids, now
        self.dice = random.Random(cast.SEED + 6)  # noqa: S311  a story, no secret
        self.sent: list[tuple[Sent, Shipment]] = []

    def decide_terms(self, *, at: datetime) -> None:
        """What the cooperative bears."""
        delivery_terms.decide(
            organization_id=self.organization.pk, silent_days=3, refused_borne_by=Organization.BornBy.ORGANIZATION,
            lost_borne_by=Organization.BornBy.SHARED, heavier_asked_above_bp=200, actor=self.treasurer, at=at,
        )  # fmt: skip

    def live_through(self) -> None:
        """Parcel by parcel, oldest first, then what carriers brought."""
        for one in PARCELS:
            self._one(one)
        self._bring_first_list()
        self._bring_short_list()
        self._bring_by_hand()
        self._pay_a_member()

    def _one(self, sent: Sent) -> None:
        placed_at = self._ago(sent.days_ago)
        order = self._placed(sent, at=placed_at)
        if order is None:
            return
        if sent.pay_by == "TRANSFER":
            request = PaymentRequest.objects.get(order=order)
            self._line(request.due_dong, f"{request.code} tien hang", at=placed_at + timedelta(minutes=20))
        fulfilling.pack(order_id=order.pk, actor=self.clerk, at=placed_at + timedelta(hours=5))
        shipment = self._drafted(sent, order, at=placed_at + timedelta(hours=7))
        gone = placed_at + timedelta(hours=9)
        delivering.send(shipment_id=shipment.pk, actor=self.clerk, key=next(self.keys), at=gone)
        self._ended(sent, shipment, gone=gone)
        self.sent.append((sent, shipment))

    def _placed(self, sent: Sent, *, at: datetime) -> Order | None:
        found = finding.find(sent.commune)
        assert found.code, sent.commune
        wanted = [Wanted(self.goods[name].pk, count) for name, count in sent.goods]
        left = Variant.objects.in_bulk([one.variant_id for one in wanted])
        if any(left[one.variant_id].available < one.quantity for one in wanted):
            return None  # the shelves are bare that day
        placed = checkout.place(
            wanted=wanted, buyer=Buyer(sent.buyer, sent.phone), delivery=sent.way, pickup_point_id=None,
            pay_by=sent.pay_by, note="", key=next(self.keys), placed_by=None, at=at,
            address=Address(commune_code=found.code, hamlet=sent.hamlet, landmark=sent.landmark),
        )  # fmt: skip
        return placed.orders[0]

    def _drafted(self, sent: Sent, order: Order, *, at: datetime) -> Shipment:
        told: dict[str, Any] = {
            "order_id": order.pk,
            "way": sent.way,
            "actor": self.clerk,
            "key": next(self.keys),
            "at": at,
        }
        if sent.way == POST:
            number = f"RD{self.dice.randrange(10**9):09d}VN"
            return parcels.draft(tracking=number, weight_g=900, fee_dong=POST_FEE, **told)
        if sent.way == COACH:
            plate = f"35B-{self.dice.randrange(10**5):05d}"
            return parcels.draft(
                bearer_name="Nhà xe Yên Mô", bearer_phone="0900000290", plate=plate, weight_g=1200, **told
            )
        return parcels.draft(bearer_name="Ngô Văn Tý", bearer_phone="0900000291", weight_g=1500, **told)

    def _ended(self, sent: Sent, shipment: Shipment, *, gone: datetime) -> None:
        there = gone + timedelta(days=2)
        told: dict[str, Any] = {"shipment_id": shipment.pk, "actor": self.clerk}
        if sent.end in {"remitted", "short", "neighbour", "delivered"}:
            delivering.delivered(key=next(self.keys), at=there, **told)
        elif sent.end == "refused":
            coming_back.failed(why="người nhận đổi ý, không lấy", key=next(self.keys), at=there, **told)
            coming_back.coming_back(why="bưu điện chuyển về", key=next(self.keys), at=there, **told)
            coming_back.back(
                return_fee_dong=POST_BACK, why="đã nhận lại, hàng còn nguyên", key=next(self.keys),
                at=there + timedelta(days=3), **told,
            )  # fmt: skip
        elif sent.end == "lost":
            coming_back.lost(
                shipment_id=shipment.pk, damaged=False, why="bưu điện báo thất lạc", actor=self.treasurer,
                key=next(self.keys), at=there + timedelta(days=4),
            )  # fmt: skip
        elif sent.end == "failed":
            coming_back.failed(why="gọi không ai nghe máy, hẹn giao lại", key=next(self.keys), at=self._ago(1), **told)
        elif sent.end in {"accepted", "returned"}:
            delivering.accept_silent(at=gone + timedelta(days=4))
            if sent.end == "returned":
                self._returned(shipment.order_id, at=gone + timedelta(days=6))

    def _returned(self, order_id: int, *, at: datetime) -> None:
        """One bag was damp: she brings it back, and gets its money by transfer."""
        line = Order.objects.get(pk=order_id).lines.order_by("position")[0]
        returns.take_back(
            order_id=order_id, lines=[Back(line.pk, 1, "written_off")], shipping_dong=0, refund="transfer",
            payee_bin="970422", payee_account="0000000000206", payee_holder="VU DUC ANH", reason="một gói bị ẩm",
            actor=self.treasurer, key=next(self.keys), at=at,
        )  # fmt: skip

    # -- The money that carriers bring --------------------------------------------------------------------------

    def _bring_first_list(self) -> None:
        """Three delivered, and the refused one's carriage taken out of them; one transfer that names the list."""
        made = self._list("BĐ-1027-YM", self._rows(("remitted", "refused")), days_ago=20)
        if made is not None:
            self._line(made.net_dong, f"VNPOST tra tien thu ho {made.reference}", at=self._ago(20, hours=5))

    def _bring_short_list(self) -> None:
        """20.000 ₫ less than the list says: the rest is asked for, and stands on the list of differences."""
        made = self._list("BĐ-1103-YM", self._rows(("short",)), days_ago=13)
        if made is not None:
            short = f"{made.code} tien thu ho con thieu"
            self._line(made.net_dong - 20_000, short, at=self._ago(13, hours=5))

    def _bring_by_hand(self) -> None:
        """The neighbour counts out what he was given."""
        made = self._list("", self._rows(("neighbour",)), days_ago=9, carrier="Ngô Văn Tý")
        if made is not None:
            remittance_cash.receive(
                remittance_id=made.pk, amount_dong=made.net_dong, actor=self.treasurer, key=next(self.keys),
                at=self._ago(9),
            )  # fmt: skip

    def _pay_a_member(self) -> None:
        """Cash out of the treasurer's box for the member who is owed most; the rest waits."""
        owed = LedgerAccount.objects.filter(organization=self.organization, kind=Kind.OWED_TO_MEMBERS)
        most = max(owed, key=lambda account: account.balance_dong)
        member = Member.objects.select_related("user").get(pk=most.subject.removeprefix("member:"))
        box = cash_boxes.box_dong(self.organization, self.treasurer)
        dong = min(box, most.balance_dong, 100_000) // 1000 * 1000
        if dong:
            cash_out.pay_member(
                member_id=member.pk, amount_dong=dong, to_name=member.user.name, reason="trả trước tiền hàng",
                actor=self.treasurer, key=next(self.keys), at=self._ago(8),
            )  # fmt: skip

    def _list(
        self, reference: str, rows: Sequence[Row], *, days_ago: int, carrier: str = "Bưu điện Yên Mô"
    ) -> Remittance | None:
        if not any(row.said_dong for row in rows):
            return None
        return remitting.make(
            organization_id=self.organization.pk, carrier_name=carrier, rows=rows, reference=reference,
            made_on=vietnam_day(self._ago(days_ago)), actor=self.treasurer, key=next(self.keys),
            at=self._ago(days_ago, hours=2),
        )  # fmt: skip

    def _rows(self, ends: tuple[str, ...]) -> list[Row]:
        """What the carrier's paper says: the sums collected, its fee for each, the way back for one that came back."""
        found = [(sent, Shipment.objects.get(pk=shipment.pk)) for sent, shipment in self.sent if sent.end in ends]
        return [
            Row(
                number, str(shipment), 0 if sent.end == "refused" else shipment.collect_dong,
                shipment.fee_dong + (shipment.return_fee_dong if sent.end == "refused" else 0),
            )
            for number, (sent, shipment) in enumerate(found, start=1)
        ]  # fmt: skip

    def _line(self, dong: int, memo: str, *, at: datetime) -> None:
        """The bank tells of money; written down and settled as at any time."""
        number = next(self.feed_ids)
        written = inbox.write_down(
            arrival=Arrival(
                source_id=str(number), account=self.bank_account.number, dong=dong, direction="in", memo=memo,
                happened_at=at, reference=f"FT{at:%y%j}{number}", raw=f'{{"demo": true, "id": {number}}}',
            ),
            organization=self.organization, bank_account=self.bank_account, source="sepay:live", at=at,
        )  # fmt: skip
        assert written.transaction is not None
        settlement.settle(transaction_id=written.transaction.pk, at=at)

    def _ago(self, days: int, *, hours: int = 0) -> datetime:
        return self.now - timedelta(days=days) + timedelta(hours=hours)
