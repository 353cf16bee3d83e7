"""What waits for the treasurer today: money that no rule can place alone."""

from base.codes import ALPHABET
from base.text import without_accents
from payments.models import PaymentRequest
from storefront.demo.billing import Calendar
from storefront.demo.paying import Payers


def leave_cases(payers: Payers, *, calendar: Calendar) -> None:
    """No code, a code typed wrong, two codes at once, and money for what is paid already; then the last file."""
    bank, biller = payers.bank, payers.biller
    waiting = [one for one in payers.open_requests() if payers.is_anybody(one)]
    nameless, mistyped, first, second = waiting[3], waiting[7], waiting[11], waiting[12]
    account = nameless.account
    assert account is not None
    said = without_accents(f"{account.name} {account.section}").upper()
    bank.comes(calendar.ago(hours=4), nameless.due_dong, f"{said} NOP TIEN THANG NAY")
    bank.comes(calendar.ago(hours=3.5), mistyped.due_dong, f"{_mistyped(mistyped.code)} nop tien")
    bank.comes(calendar.ago(hours=3), first.due_dong + second.due_dong, f"{first.code} {second.code}")
    paid = PaymentRequest.objects.filter(
        organization=biller.organization, bill__isnull=False, state="paid", settlements__undone_at=None,
        settlements__isnull=False,
    )  # fmt: skip
    again = paid.order_by("-id").first()
    if again is not None:
        bank.comes(calendar.ago(hours=2), again.asked_dong, f"{again.code} nop lai")
    payers.take_file(until=calendar.now)


def _mistyped(code: str) -> str:
    """One symbol wrong: no code at all, and one slip from this one."""
    wrong = ALPHABET[(ALPHABET.index(code[4]) + 1) % len(ALPHABET)]
    return code[:4] + wrong + code[5:]
