"""Receipts on paper: the numbered one for cash, and one for what came to the bank for a bill."""

from collections import defaultdict

from base.money import figures
from base.periods import vietnam_day
from base.refusals import NotFound
from cooperatives import phones
from cooperatives.models import Organization
from payments.models import Bill, BillingAccount, CashReceipt, CreditUse, GivenBack, ItemShare, Settlement
from payments.paper import receipts as paper
from payments.paper.receipts import Size, Taken


def receipt_pdf(receipt: CashReceipt, *, size: Size) -> bytes:
    """The phiếu thu of cash for a bill, a bundle or an order; crossed out where it was voided."""
    request = receipt.payment_request
    shares = list(
        receipt.shares.select_related("bill__account", "bill__run", "fee_item").order_by(
            "bill__due_on", "bill_id", "fee_item__position", "fee_item_id"
        )
    )
    accounts = {share.bill.account_id: share.bill.account for share in shares}
    if request.order is not None:
        payers: tuple[str, ...] = (request.order.buyer_name,)
        items: tuple[Taken, ...] = (Taken(f"Đơn hàng {request.order.number}", receipt.credited_dong),)
    else:
        payers = tuple(_payer(account) for account in accounts.values())
        items = tuple(_taken(share, several=len(accounts) > 1) for share in shares)
    return paper.receipt(
        paper.Receipt(
            title=paper.CASH, biller=receipt.organization.name, address=_address(receipt.organization),
            phone=phones.shown(receipt.organization.phone), number=f"{receipt.number:06d}", at=receipt.at,
            payers=payers, items=items, amount_dong=receipt.amount_dong, how="tiền mặt", keeper=receipt.keeper.name,
            rounding_dong=receipt.amount_dong - receipt.credited_dong,
            left_dong=request.due_dong if receipt.is_live else 0, code=request.code, void=not receipt.is_live,
            void_reason=receipt.void_reason, demo=receipt.organization.is_demo,
        ),
        size=size,
    )  # fmt: skip


def paid_receipt(bill: Bill, *, size: Size = "a5") -> bytes:
    """The biên nhận of what came for ``bill`` by transfer, and of credit that was used for it.

    Its number is the bill's payment code. Cash has receipts of its own. Raises NotFound while nothing has come.
    """
    settlements = {
        one.pk: one
        for one in Settlement.objects.filter(shares__bill=bill, undone_at=None)
        .select_related("transaction")
        .distinct()
        .order_by("transaction__happened_at", "pk")
    }
    live = CreditUse.objects.filter(shares__bill=bill, undone_at=None).distinct()
    inside = _moved_inside(bill, list(live))
    uses = {one.pk: one for one in live if one.pk not in inside}
    shares = list(
        ItemShare.objects.filter(bill=bill).select_related("fee_item").order_by("fee_item__position", "fee_item_id")
    )
    by_item: defaultdict[str, int] = defaultdict(int)
    by_settlement: defaultdict[int, int] = defaultdict(int)
    by_use: defaultdict[int, int] = defaultdict(int)
    for share in shares:
        if share.settlement_id in settlements:
            by_settlement[share.settlement_id] += share.amount_dong
        elif share.credit_use_id in uses:
            by_use[share.credit_use_id] += share.amount_dong
        else:
            continue
        by_item[share.fee_item.name] += share.amount_dong
    if not by_item:
        raise NotFound()
    for use_id, back_id in inside.items():
        _move(by_item, out=[one for one in shares if one.given_back_id == back_id],
              into=[one for one in shares if one.credit_use_id == use_id])  # fmt: skip
    came = [
        f"chuyển khoản {figures(by_settlement[one.pk])} ngày {vietnam_day(one.transaction.happened_at):%d/%m/%Y}"
        for one in settlements.values()
    ]
    came += [
        f"trừ tiền đã trả thừa {figures(by_use[one.pk])} ngày {vietnam_day(one.at):%d/%m/%Y}" for one in uses.values()
    ]
    last = max([one.transaction.happened_at for one in settlements.values()] + [one.at for one in uses.values()])
    return paper.receipt(
        paper.Receipt(
            title=paper.TRANSFER, biller=bill.organization.name, address=_address(bill.organization),
            phone=phones.shown(bill.organization.phone), number=bill.request.code, at=last,
            payers=(_payer(bill.account),),
            items=tuple(Taken(name, dong, bill.run.name) for name, dong in by_item.items() if dong),
            amount_dong=sum(by_item.values()), how="; ".join(came), left_dong=bill.request.due_dong,
            notes=_notes(bill, list(settlements.values()), moved=inside), demo=bill.organization.is_demo,
        ),
        size=size,
    )  # fmt: skip


def _moved_inside(bill: Bill, uses: list[CreditUse]) -> dict[int, int]:
    """By credit use, the giving back that it used at once for another item of the same bill (correcting.py): nothing
    more came, so it must not be counted a second time."""
    backs = {(one.at, one.reason): one.pk for one in GivenBack.objects.filter(bill=bill, undone_at=None)}
    return {one.pk: backs[one.at, one.reason] for one in uses if (one.at, one.reason) in backs}


def _move(by_item: dict[str, int], *, out: list[ItemShare], into: list[ItemShare]) -> None:
    """Take what was given back off its items and put it on those that it pays now; what was paid in cash stays out."""
    dong = sum(one.amount_dong for one in into)
    for taken, sign in ((out, -1), (into, 1)):
        left = dong
        dong = 0
        for share in taken:
            name = share.fee_item.name
            part = min(left, share.amount_dong, by_item[name]) if sign < 0 else min(left, share.amount_dong)
            by_item[name] += sign * part
            left, dong = left - part, dong + part


def _notes(bill: Bill, settlements: list[Settlement], *, moved: dict[int, int]) -> tuple[str, ...]:
    """What became of money beyond this bill's items: it is the payer's, and the paper says so."""
    notes = []
    excess = sum(one.excess_dong for one in settlements if one.payment_request_id == bill.request.pk)
    if excess:
        notes.append(f"Chuyển thừa {figures(excess)}: ghi nợ người trả, được trừ kỳ sau hoặc trả lại.")
    back = sum(one.amount_dong for one in GivenBack.objects.filter(bill=bill, undone_at=None))
    back -= sum(CreditUse.objects.filter(pk__in=moved).values_list("amount_dong", flat=True))
    if back:
        notes.append(f"Đã điều chỉnh giảm {figures(back)} sau khi trả: ghi nợ người trả, được trừ kỳ sau hoặc trả lại.")
    return tuple(notes)


def _address(organization: Organization) -> str:
    return ", ".join(filter(None, (organization.address, organization.commune_name, organization.province_name)))


def _payer(account: BillingAccount) -> str:
    return " · ".join(filter(None, (account.name, account.section, account.number)))


def _taken(share: ItemShare, *, several: bool) -> Taken:
    of = f"{share.bill.run.name}, {share.bill.account_name}" if several else share.bill.run.name
    return Taken(share.fee_item.name, share.amount_dong, of)
