"""What a list shows to a neighbour or driver who transfers what he collected: our account, its code, a QR."""

from typing import Any, NamedTuple

from base.money import MAX_TRANSFER_DONG
from cooperatives.models import BankAccount
from payments import remittance_money
from payments.models import Remittance
from payments.providers import vietqr, vietqr_images

State = Remittance.State


class Asked(NamedTuple):
    """Where the money of a list is to go, how much of it, and the VietQR text."""

    account: BankAccount
    dong: int
    memo: str
    payload: str


def asked_of(remittance: Remittance) -> Asked | None:
    """What the list still waits for, into the default account; None where nothing is waited for, or no account is
    there. Above what one transfer can carry the amount is left to whoever sends it."""
    if remittance.state not in (State.WAITING, State.PART):
        return None
    accounts = BankAccount.objects.filter(organization=remittance.organization_id, is_default=True, is_active=True)
    account = accounts.filter(kind=BankAccount.Kind.BANK).first()
    dong = remittance_money.lacks_dong(remittance)
    if account is None or not dong:
        return None
    amount = dong if dong <= MAX_TRANSFER_DONG else None
    payload = vietqr.write(bin=account.bin, account=account.number, amount_dong=amount, memo=remittance.code)
    return Asked(account, dong, remittance.code, payload)


def svg_of(remittance: Remittance, asked: Asked) -> str:
    """The code as a picture for the page."""
    return vietqr_images.svg(asked.payload, **_words(remittance, asked))


def png_of(remittance: Remittance, asked: Asked) -> bytes:
    """The same picture to save and send to whoever pays."""
    return vietqr_images.png(asked.payload, **_words(remittance, asked))


def _words(remittance: Remittance, asked: Asked) -> dict[str, Any]:
    return {
        "holder": asked.account.holder, "account": asked.account.number, "bank": asked.account.bank_name,
        "amount_dong": asked.dong, "memo": asked.memo, "demo": remittance.organization.is_demo,
    }  # fmt: skip
