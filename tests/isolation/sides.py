"""Two cooperatives with the same things in each, and the names by which a request could ask for them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from graphql_relay import to_global_id

from base.codes import new_code
from base.periods import vietnam_day
from catalog import certifying
from catalog.models import Category, Lot, Product
from cooperatives.models import ApiToken, BankAccount, Member, Organization, RoleGrant, User
from orders import complaining, reviewing
from orders.fulfilling import hand_over
from orders.models import Order, PickupPoint, ShippingRate
from orders.placing import Buyer, Wanted
from payments import checkout, closing, explaining, inbox, refunds, settlement, triage
from payments.models import BankTransaction, PaymentRequest
from payments.providers.arrival import Arrival
from tests import people
from tests.isolation.billing import make_billing
from tests.isolation.carried import make_carried
from tests.isolation.market_days import make_market_day

ROLES = ("clerk", "treasurer", "manager")
BAGS_DONG = 150_000


@dataclass(frozen=True)
class Names:
    """What a caller may write into a request to point at something of one side."""

    organization: str
    member: str
    phone: str
    token: str
    draft: str
    draft_slug: str
    draft_variant: str
    variant: str
    slug: str
    certificate: str
    review: str
    complaint: str
    complaint_token: str
    done_token: str
    trace: str
    pickup_point: str
    order_token: str
    paid_order: str
    done_order: str
    done_line: str
    code: str
    line: str
    settlement: str
    account: str
    owed_order: str
    task: str
    ordered_refund: str
    departure: str
    movement: str
    explanation: str
    kept_debt: str
    parcel: str
    shipment: str
    away_shipment: str
    lost_shipment: str
    back_shipment: str
    made_good: str
    shipped_order: str
    remittance: str
    remittance_payment: str
    remittance_cash: str
    fee_item: str
    voluntary_item: str
    exempt_group: str
    billing_account: str
    credited_account: str
    meter: str
    household: str
    household_token: str
    draft_run: str
    unpaid_run: str
    bill: str
    open_bill: str
    bill_code: str
    other_bill_code: str
    given_name: str
    reading: str
    cash_receipt: str
    cash_voucher: str
    shipping_rate: str
    call_order: str
    handover: str
    keeper: str
    cycle: str
    promised_lot: str
    stock_question: str


def _unknown(kind: str) -> str:
    return to_global_id(kind, 987_654_321)


UNKNOWN = Names(
    organization="khong-co", member=_unknown("Member"), phone="0999 999 999", token="khong-ai-giu-ma-nay",
    draft=_unknown("Product"), draft_slug="khong-co", draft_variant=_unknown("Variant"), variant=_unknown("Variant"),
    slug="khong-ban", certificate=_unknown("OcopCertificate"), review=_unknown("Review"),
    complaint=_unknown("Complaint"), complaint_token="w" * 43, done_token="z" * 43, trace="Z" * 10,
    pickup_point=_unknown("PickupPoint"), order_token="x" * 43, paid_order=_unknown("Order"),
    done_order=_unknown("Order"), done_line=_unknown("OrderLine"), code=new_code(Random(1)),
    line=_unknown("BankTransaction"),
    settlement=_unknown("Settlement"), account=_unknown("BankAccount"), owed_order=_unknown("Order"),
    task=_unknown("Refund"), ordered_refund=_unknown("Refund"), departure=_unknown("BankTransaction"),
    movement=_unknown("RefundMovement"), explanation=_unknown("Explanation"), kept_debt=_unknown("KeptDebt"),
    parcel="KIEN-X9", shipment=_unknown("Shipment"), away_shipment=_unknown("Shipment"),
    lost_shipment=_unknown("Shipment"), back_shipment=_unknown("Shipment"), made_good=_unknown("MadeGood"),
    shipped_order=_unknown("Order"),
    remittance=_unknown("Remittance"), remittance_payment=_unknown("RemittancePayment"),
    remittance_cash=_unknown("RemittancePayment"),
    fee_item=_unknown("FeeItem"), voluntary_item=_unknown("FeeItem"), exempt_group=_unknown("ExemptGroup"),
    billing_account=_unknown("BillingAccount"), credited_account=_unknown("BillingAccount"),
    meter=_unknown("BillingAccount"), household=_unknown("Household"), household_token="y" * 32,
    draft_run=_unknown("BillRun"), unpaid_run=_unknown("BillRun"), bill=_unknown("Bill"), open_bill=_unknown("Bill"),
    bill_code=new_code(Random(2)), other_bill_code=new_code(Random(3)), given_name="khongai",
    reading=_unknown("Reading"), cash_receipt=_unknown("CashReceipt"),
    cash_voucher=_unknown("CashVoucher"), handover=_unknown("CashHandover"),
    keeper=_unknown("CashKeeper"), cycle=_unknown("Cycle"), promised_lot=_unknown("Lot"),
    stock_question=_unknown("StockQuestion"), shipping_rate=_unknown("ShippingRate"), call_order=_unknown("Order"),
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One cooperative: its names, its people, and texts that nobody else may ever read."""

    names: Names
    staff: dict[str, User]
    member: User
    private: tuple[str, ...]


def make_side(letter: str, *, category: Category, at: datetime) -> Side:
    """Goods on sale and a draft; an order to be paid, one paid, one handed over; a line that needs a person."""
    home = people.organization(f"htx-{letter}", f"HTX {letter.upper()}")
    account = people.bank_account(home, number=f"00110001{ord(letter):04d}")
    staff = {role: people.user(f"{role} {letter}", _phone(letter, n)) for n, role in enumerate(ROLES)}
    for role, person in staff.items():
        people.grant(person, home, RoleGrant.Role(role))
    member = people.member(people.user(f"thành viên {letter}", _phone(letter, 7)), home, number=1)
    Member.objects.filter(pk=member.pk).update(hamlet=f"Xóm Kín {letter}")
    loach = people.product(home, category, slug=f"ca-chach-{letter}", name="Cá chạch", maker=member)
    bags = people.variant_by_piece(loach)
    lot = people.stock(bags, 30, owner=member)
    Lot.objects.filter(pk=lot.pk).update(trace=f"TRACE22{ord(letter):03d}".replace("0", "2").replace("1", "3"))
    draft = people.product(home, category, slug=f"nhap-{letter}", name=f"Hàng chưa bán {letter}", maker=member)
    Product.objects.filter(pk=draft.pk).update(state=Product.State.DRAFT, published_at=None)
    draft_variant = people.variant_by_piece(draft)
    point = PickupPoint.objects.create(organization=home, name="Nhà văn hóa", place="Thôn 1", hours="7–11 giờ")

    def order(what: str) -> Order:
        buyer = Buyer(f"Người mua kín {letter}", "0912000009", f"Ngõ kín {letter}")
        return checkout.place(
            wanted=[Wanted(bags.pk, 2)], buyer=buyer, delivery="PICKUP", pickup_point_id=point.pk, pay_by="TRANSFER",
            note=f"Dặn riêng {letter}", key=f"{letter} {what}", placed_by=None, at=at,
        ).orders[0]  # fmt: skip

    waiting, paid, done = order("waiting"), order("paid"), order("done")
    code = PaymentRequest.objects.get(order=waiting).code
    for one in (paid, done):
        _arrives(account, PaymentRequest.objects.get(order=one).code, at=at)
    hand_over(order_id=done.pk, actor=staff["clerk"], at=at)
    call = order("call")
    Order.objects.filter(pk=call.pk).update(pay_by=Order.PayBy.CASH, needs_call=True)
    rate = ShippingRate.objects.create(
        organization=home, way="POST", zone="anywhere", up_to_g=3_000, price_dong=30_000
    )  # fmt: skip
    certificate = certifying.record_certificate(
        product_id=loach.pk, stars=4, decision="12/QĐ", issuer="UBND tỉnh", issued_on=vietnam_day(at),
        expires_on=vietnam_day(at) + timedelta(days=900), actor=staff["manager"], key=f"ocop {letter}", at=at,
    )  # fmt: skip
    said = reviewing.review(
        token=done.token, product_slug=loach.slug, stars=1, text=f"chê kín {letter}", shown_name="", at=at
    )
    reviewing.hide(review_id=said.pk, reason=f"có tên kín {letter}", actor=staff["manager"], at=at)
    complaint = complaining.write(
        organization_slug=home.slug, about="goods", text=f"phàn nàn kín {letter}", name=f"Người mua kín {letter}",
        phone="0912000009", order_number=done.number, address="", key=f"phàn nàn {letter}", at=at,
    )  # fmt: skip
    mistyped = code[:-1] + ("2" if code[-1] != "2" else "3")
    line = _arrives(account, f"{mistyped} tiền kín {letter}", at=at)
    assert line.state == BankTransaction.State.NEEDS_YOU
    going_back = _going_back(account, order("owed"), treasurer=staff["treasurer"], letter=letter, at=at)
    token = f"chia-khoa-{letter}"
    ApiToken.objects.create(
        user=member.user, digest=hashlib.sha256(token.encode()).hexdigest(), created_at=at,
        expires_at=at + timedelta(days=30),
    )  # fmt: skip
    names = Names(
        organization=home.slug, member=to_global_id("Member", member.pk), phone=_phone(letter, 7), token=token,
        draft=to_global_id("Product", draft.pk), draft_slug=draft.slug,
        draft_variant=to_global_id("Variant", draft_variant.pk), variant=to_global_id("Variant", bags.pk),
        slug=loach.slug, certificate=to_global_id("OcopCertificate", certificate.pk),
        review=to_global_id("Review", said.pk), complaint=to_global_id("Complaint", complaint.pk),
        complaint_token=complaint.token, done_token=done.token, trace=Lot.objects.get(pk=lot.pk).trace,
        pickup_point=to_global_id("PickupPoint", point.pk), order_token=waiting.token,
        paid_order=to_global_id("Order", paid.pk), done_order=to_global_id("Order", done.pk),
        done_line=to_global_id("OrderLine", done.lines.get().pk), code=code,
        line=to_global_id("BankTransaction", line.pk),
        settlement=to_global_id("Settlement", paid.payment_requests.get().settlements.get().pk),
        account=to_global_id("BankAccount", account.pk), call_order=to_global_id("Order", call.pk),
        shipping_rate=to_global_id("ShippingRate", rate.pk), **going_back,
        **make_carried(letter, bags, account, staff=staff, at=at),
        **make_market_day(letter, draft_variant, member, point, staff=staff, at=at),
        **make_billing(letter, home, staff=staff, keeper_phone=_phone(letter, 5), at=at),
    )  # fmt: skip
    private = ("kín", "riêng", "chưa bán")
    texts = tuple(f"{word} {letter}" for word in private)
    tokens = (waiting.token, paid.token, done.token)
    return Side(names, staff, member.user, (*texts, f"Kín {letter}", f"Giấu {letter}", *tokens))


def _phone(letter: str, number: int) -> str:
    return f"+8491{ord(letter):03d}{number:04d}"


def _going_back(
    account: BankAccount, owed: Order, *, treasurer: User, letter: str, at: datetime
) -> dict[str, str]:  # fmt: skip
    """Money owed to the buyer of ``owed`` and refunds of it in three states; a fee; a stranger's money kept."""
    _arrives(account, PaymentRequest.objects.get(order=owed).code, at=at)
    closing.cancel(order_id=owed.pk, actor=treasurer, reason="khách đổi ý", at=at)
    told = {"reason": f"trả riêng {letter}", "actor": treasurer, "at": at}
    payee = {"payee_bin": "970415", "payee_account": "101872345678", "payee_holder": "NGUOI KIN"}
    task, ordered, sent = (
        refunds.ask(order_id=owed.pk, amount_dong=dong, key=str(dong), **told, **payee)
        for dong in (10_000, 20_000, 30_000)
    )
    for refund in (ordered, sent):
        refunds.order_out(refund_id=refund.pk, actor=treasurer, key=refund.code, at=at)
    gone = _arrives(account, sent.code, dong=30_000, direction="out", at=at)
    departure = _arrives(account, f"chuyển đi kín {letter}", dong=20_000, direction="out", at=at)
    fee = _arrives(account, "phí", dong=1_000, direction="out", at=at)
    explanation = explaining.explain(transaction_id=fee.pk, kind="bank_fee", key="phí", **told)
    stranger = _arrives(account, f"người lạ kín {letter}", at=at)
    triage.keep_as_debt(transaction_id=stranger.pk, code=None, key="giữ", **told)
    return {
        "owed_order": to_global_id("Order", owed.pk), "task": to_global_id("Refund", task.pk),
        "ordered_refund": to_global_id("Refund", ordered.pk),
        "departure": to_global_id("BankTransaction", departure.pk),
        "movement": to_global_id("RefundMovement", gone.refund_movements.get().pk),
        "explanation": to_global_id("Explanation", explanation.pk),
        "kept_debt": to_global_id("KeptDebt", stranger.kept_debts.get().pk),
    }  # fmt: skip


def _arrives(
    account: BankAccount, memo: str, *, dong: int = BAGS_DONG, direction: str = "in", at: datetime
) -> BankTransaction:
    arrived = Arrival(
        source_id=f"{account.number} {memo}", account=account.number, dong=dong, direction=direction, memo=memo,
        happened_at=at, raw=f"{memo} {dong}",
    )  # fmt: skip
    owner: Organization = account.organization
    written = inbox.write_down(
        arrival=arrived, organization=owner, bank_account=account, source="sepay:live", at=at
    )  # fmt: skip
    assert written.transaction is not None
    return settlement.settle(transaction_id=written.transaction.pk, at=at)
