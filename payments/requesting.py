"""What one PaymentRequest shows to whoever pays it: the VietQR payload and its pictures, built from our rows."""

from base.codes import is_well_formed
from base.money import MAX_TRANSFER_DONG
from base.refusals import NotFound
from payments.models import PaymentRequest
from payments.providers import vietqr, vietqr_images


def payload_of(request: PaymentRequest) -> str:
    """The VietQR text for what is still due, its code as the memo. Raises NotFound once it takes no more money.

    Above what one transfer can carry the amount is left to the payer.
    """
    if not request.takes_money:
        raise NotFound()
    account = request.bank_account
    due = request.due_dong
    return vietqr.write(
        bin=account.bin, account=account.number, amount_dong=due if due <= MAX_TRANSFER_DONG else None,
        memo=request.code,
    )  # fmt: skip


def png_of(request: PaymentRequest) -> bytes:
    """The picture that people save: code, amount, holder, account, bank and memo; DEMO across it in the demo."""
    return vietqr_images.png(payload_of(request), **_words(request))


def svg_of(request: PaymentRequest) -> str:
    """The same picture for the page."""
    return vietqr_images.svg(payload_of(request), **_words(request))


def public_request(code: str) -> PaymentRequest | None:
    """The request behind a code, with what the public page reads; None for an unknown code."""
    if not is_well_formed(code):
        return None
    return PaymentRequest.objects.select_related("organization", "bank_account", "order").filter(code=code).first()


def _words(request: PaymentRequest) -> dict[str, object]:
    account = request.bank_account
    return {
        "holder": account.holder, "account": account.number, "bank": account.bank_name,
        "amount_dong": request.due_dong, "memo": request.code, "demo": request.organization.is_demo,
    }  # fmt: skip
