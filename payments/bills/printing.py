"""Rows become paper: the slips and lists of a run, and the cards of households. (Receipts: receipting.py)

Slips go out in portions, so that a run of thousands never stands in memory as models all at once; a portion costs the
same few queries however many bills it has.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings
from django.db.models import Prefetch

from base.names import section_key, sort_key
from base.periods import today_in_vietnam
from cooperatives import phones
from payments.bills.households import shown_card_code
from payments.models import Bill, BillingAccount, BillLine, BillRun, BundlePart, Household, PaymentRequest
from payments.paper import cards as card_paper
from payments.paper import class_list as list_paper
from payments.paper import slips as slip_paper
from payments.paper.slip import Arrear, Item, Shown, Slip
from payments.requesting import payee_of

PORTION = 500


def run_slips(run: BillRun, *, per_page: int = 4, sections: Collection[str] = ()) -> bytes:
    """The PDF with a slip for each bill of ``run`` that was not cancelled, by class and given name.

    ``per_page``: 2, 4 or 8. ``sections``: only these classes or hamlets, empty: all.
    """
    return slip_paper.slips(slips_of(run, sections=sections), per_page=per_page)


def class_lists(run: BillRun, *, printed_on: date, sections: Collection[str] = ()) -> bytes:
    """The PDF for those who collect: each class on its own pages, with the sums that the slips show."""
    lists = []
    for section, of_section in groupby(slips_of(run, sections=sections), key=lambda slip: slip.section):
        rows = tuple(
            list_paper.ListRow(name=slip.name, number=slip.number, due_dong=slip.due_dong, state=_state(slip))
            for slip in of_section
        )
        lists.append(
            list_paper.ClassList(
                biller=run.organization.name, run=run.name, section=section, due_on=run.due_on, rows=rows,
                demo=run.organization.is_demo,
            )
        )  # fmt: skip
    return list_paper.class_list(lists, printed_on=printed_on)


def cards(households: Iterable[Household]) -> bytes:
    """The PDF with the card of each household, in the order given. Wants ``organization`` and ``accounts`` loaded."""
    return card_paper.household_cards(_card(household) for household in households)


def households_of(accounts: Collection[int] | None = None, *, organization_id: int) -> list[Household]:
    """The biller's households as ``cards`` wants them, by class and name of their first account. Two queries.

    ``accounts``: only households of these; None: all of them, also those without an account.
    """
    by_name = Prefetch("accounts", BillingAccount.objects.by_name())
    found = Household.objects.filter(organization=organization_id).select_related("organization")
    if accounts is not None:
        found = found.filter(pk__in=BillingAccount.objects.filter(pk__in=accounts).values("household"))
    return sorted(found.prefetch_related(by_name), key=_by_first_account)


def slips_of(run: BillRun, *, sections: Collection[str] = ()) -> Iterator[Slip]:
    """The slips of a run, by class and given name as they were when it was published."""
    bills = Bill.objects.filter(run=run, cancelled_at=None)
    if sections:
        bills = bills.filter(section__in=sections)
    named = bills.order_by().values_list("section", "account_name", "pk")
    ordered = sorted(named, key=lambda row: (section_key(row[0]), row[0], sort_key(row[1]), row[2]))
    for start in range(0, len(ordered), PORTION):
        wanted = [pk for _, _, pk in ordered[start : start + PORTION]]
        found = {bill.pk: bill for bill in _loaded(wanted)}
        together = _bundles([bill.request for bill in found.values()])
        for pk in wanted:
            yield _slip(run, found[pk], together.get(found[pk].request.pk))


@dataclass(frozen=True, slots=True)
class _Together:
    """The bundle that a slip asks for instead of its bill alone, and what is older in it."""

    bundle: PaymentRequest
    arrears: tuple[Arrear, ...]


def _loaded(bill_ids: Sequence[int]) -> Iterable[Bill]:
    lines = BillLine.objects.select_related("fee_item", "reading").order_by("position", "fee_item_id", "id")
    return (
        Bill.objects.filter(pk__in=bill_ids)
        .select_related("account", "request__bank_account")
        .prefetch_related("request__links", Prefetch("lines", lines))
    )


def _bundles(requests: Sequence[PaymentRequest]) -> dict[int, _Together]:
    """By request of a bill, its bundle with older bills of the same account, where one is open.

    Only a bundle that asks for exactly what its parts still owe is printed: one whose bills were corrected since would
    show sums that do not add up. Of several the one that asks most, of those the oldest.
    """
    mine = {request.pk: request for request in requests}
    held = BundlePart.objects.filter(part__in=list(mine), bundle__state__in=["waiting", "part"])
    every = (
        BundlePart.objects.filter(bundle__in=held.order_by().values("bundle"))
        .select_related("bundle__bank_account", "part__bill__run")
        .prefetch_related("bundle__links")
        .order_by("bundle_id", "part__bill__due_on", "part__code")
    )
    parts: defaultdict[PaymentRequest, list[PaymentRequest]] = defaultdict(list)
    for row in every:
        parts[row.bundle].append(row.part)
    found: dict[int, _Together] = {}
    for bundle, of_bundle in parts.items():
        if len({part.account_id for part in of_bundle}) > 1 or bundle.due_dong != sum(p.due_dong for p in of_bundle):
            continue
        own = next(part for part in of_bundle if part.pk in mine)
        older = [part for part in of_bundle if part.due_dong and part.pk != own.pk]
        if not older or any(part.bill_id > own.bill_id for part in older if part.bill_id and own.bill_id):
            continue  # a later run's: its slips carry that one
        known = found.get(own.pk)
        if known is None or known.bundle.due_dong < bundle.due_dong:
            said = tuple(Arrear(part.bill.run.name, part.due_dong) for part in older if part.bill)
            found[own.pk] = _Together(bundle, said)
    return found


def _slip(run: BillRun, bill: Bill, together: _Together | None) -> Slip:
    own = bill.request
    asked = together.bundle if together else own
    payee = payee_of(asked)
    organization = run.organization
    return Slip(
        biller=organization.name, run=run.name, name=bill.account_name, section=_section(bill),
        number=bill.account.number, items=tuple(_item(line) for line in bill.lines.all()), asked_dong=own.asked_dong,
        paid_dong=own.credited_dong, due_dong=asked.due_dong, due_on=bill.due_on,
        memo=payee.memo if payee.payload else "", payload=payee.payload, bank=payee.bank_name, account=payee.number,
        holder=payee.holder, arrears=together.arrears if together else (), own_memo=own.code if together else "",
        ask=f"Hỏi: {phones.shown(organization.phone)}" if organization.phone else "", note=run.note,
        demo=organization.is_demo,
    )  # fmt: skip


def _section(bill: Bill) -> str:
    """``Lớp 3A``; a hamlet stands as the biller wrote it."""
    if bill.account.kind == BillingAccount.Kind.PUPIL and bill.section and not bill.section.lower().startswith("lớp"):
        return f"Lớp {bill.section}"
    return bill.section


def _item(line: BillLine) -> Item:
    meter = line.reading
    changed = line.kind == BillLine.Kind.ADJUSTMENT
    return Item(
        name=f"{line.name} (điều chỉnh)" if changed else line.name, amount_dong=line.amount_dong,
        quantity=line.quantity, unit_name=line.fee_item.unit_name, price_dong=0 if changed else line.unit_price_dong,
        reduction_dong=line.reduction_dong, reduction_name=line.reduction_name,
        shown=Shown(meter.old_value, meter.new_value, meter.used, meter.meter_changed) if meter else None,
        why=line.reason,
    )  # fmt: skip


def _state(slip: Slip) -> str:
    if slip.arrears:
        return "gồm nợ cũ"
    if slip.paid_dong:
        return "trả một phần" if slip.due_dong else "đã trả"
    return "" if slip.due_dong else "không phải trả"


def _by_first_account(household: Household) -> tuple[str, str, str, int]:
    first = next(iter(household.accounts.all()), None)
    return (first.section_key if first else "~", first.name_key if first else "", household.name, household.pk)


def _card(household: Household) -> card_paper.Card:
    organization = household.organization
    accounts = tuple(
        " · ".join(filter(None, (account.initials, account.section, account.number)))
        for account in household.accounts.all()
        if account.until is None or account.until >= today_in_vietnam()
    )
    if household.phone:
        factor = "gõ bốn số cuối của số điện thoại đã báo"
    elif accounts:
        factor = "gõ tên gọi (chữ cuối của họ tên) của một người có mã ghi trên"
    else:
        factor = "hỏi nơi thu để được giúp"
    host = settings.SITE_URL.partition("://")[2]
    return card_paper.Card(
        biller=organization.name, household=household.name, place=household.place, accounts=accounts,
        link=f"{settings.SITE_URL}/bills/h/{household.token}/", address=f"{host}/bills/",
        code=shown_card_code(household.card_code), factor=factor, demo=organization.is_demo,
    )  # fmt: skip
