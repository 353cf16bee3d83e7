"""The phiếu chi on paper: who was paid in cash, for what, out of whose box; crossed out where it was voided."""

from cooperatives import phones
from cooperatives.models import Organization
from payments.models import CashVoucher
from payments.paper import receipts as paper
from payments.paper.receipts import Size, Taken

Kind = CashVoucher.Kind


def voucher_pdf(voucher: CashVoucher, *, size: Size) -> bytes:
    """``voucher`` with its organization, keeper, member's user, order and shipment's order."""
    return paper.receipt(
        paper.Receipt(
            title=paper.PAID_OUT, biller=voucher.organization.name, address=_address(voucher.organization),
            phone=phones.shown(voucher.organization.phone), number=f"{voucher.number:06d}", at=voucher.at,
            payers=(voucher.to_name,), items=(Taken(what_for(voucher), voucher.amount_dong),),
            amount_dong=voucher.amount_dong, how="tiền mặt", keeper=voucher.keeper.name, void=not voucher.is_live,
            void_reason=voucher.void_reason, notes=(voucher.reason,) if voucher.reason else (),
            demo=voucher.organization.is_demo,
        ),
        size=size,
    )  # fmt: skip


def what_for(voucher: CashVoucher) -> str:
    """In Vietnamese, as all paper (payments/paper)."""
    if voucher.kind == Kind.MEMBER and voucher.member is not None:
        return f"Trả tiền hàng cho {voucher.member.user.name}"
    if voucher.kind == Kind.BUYER and voucher.order is not None:
        return f"Trả lại người mua, đơn {voucher.order.number}"
    if voucher.kind == Kind.CARRIAGE:
        return f"Cước vận chuyển, đơn {voucher.shipment.order.number}" if voucher.shipment else "Cước vận chuyển"
    return "Hợp tác xã chi"


def _address(organization: Organization) -> str:
    parts = (organization.address, organization.commune_name, organization.province_name)
    return ", ".join(part for part in parts if part)
