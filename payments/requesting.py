"""What one PaymentRequest shows to whoever pays it: the account, the VietQR payload and its pictures, from our rows."""

from dataclasses import dataclass

from base.codes import is_well_formed
from base.money import MAX_TRANSFER_DONG
from base.refusals import NotFound
from payments.models import PaymentLink, PaymentRequest
from payments.providers import vietqr, vietqr_images
from payments.providers.banks import bank_of


@dataclass(frozen=True, slots=True)
class Payee:
    """Where the money for one request is to go, as the payer's bank shows it, and the memo that proves it."""

    bin: str
    bank_name: str
    number: str
    holder: str
    memo: str
    payload: str


def payee_of(request: PaymentRequest) -> Payee:
    """The request's own virtual account where a link stands for just what is due, else the organization's account.

    The memo is the code, or what the link wants there. Above what one transfer can carry the amount is left to the
    payer. The payload is "" once the request takes no more money.
    """
    due = request.wanted_dong
    if request.takes_money:
        for link in request.links.all():
            if link.state == PaymentLink.State.OPEN and link.qr_payload and link.amount_dong == due:
                bank = bank_of(link.account_bin)
                return Payee(
                    bin=link.account_bin, bank_name=bank.short_name if bank else link.account_bin,
                    number=link.account_number, holder=link.account_holder or request.bank_account.holder,
                    memo=link.memo, payload=link.qr_payload,
                )  # fmt: skip
    account = request.bank_account
    payload = ""
    if request.takes_money:
        amount = due if due <= MAX_TRANSFER_DONG else None
        payload = vietqr.write(bin=account.bin, account=account.number, amount_dong=amount, memo=request.code)
    return Payee(
        bin=account.bin, bank_name=account.bank_name, number=account.number, holder=account.holder,
        memo=request.code, payload=payload,
    )  # fmt: skip


def payload_of(request: PaymentRequest) -> str:
    """The VietQR text for what is to be paid now. Raises NotFound once it takes no more money."""
    payload = payee_of(request).payload
    if not payload:
        raise NotFound()
    return payload


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
    payee = payee_of(request)
    return {
        "holder": payee.holder, "account": payee.number, "bank": payee.bank_name,
        "amount_dong": request.wanted_dong, "memo": payee.memo, "demo": request.organization.is_demo,
    }  # fmt: skip
