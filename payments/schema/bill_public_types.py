"""A household's page as whoever pays sees it: a child by initials, class and number, never by name."""

import graphene
from graphene import ResolveInfo

from base.graphql import Dong
from base.money import in_words
from cooperatives.models import Organization
from cooperatives.schema import OrganizationType
from payments import requesting
from payments.bills.household_page import Line, Page, ShownAccount, ShownBill
from payments.schema.asking import BankAccountType, PaymentRequestState


class HouseholdBillLineType(graphene.ObjectType):
    """One item of a bill, or a later adjustment of it."""

    class Meta:
        name = "HouseholdBillLine"

    name = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    unit_price_dong = Dong(required=True, description="0 where steps apply.")
    reduction_dong = Dong(required=True)
    reduction_name = graphene.String(required=True)
    amount_dong = Dong(required=True)
    reason = graphene.String(required=True, description="Why it was adjusted; empty for a charge.")
    old_value = graphene.Int(description="Of a meter; null for everything else.")
    new_value = graphene.Int(description="Of a meter; null for everything else.")

    @classmethod
    def of(cls, line: Line) -> "HouseholdBillLineType":
        row, reading = line.row, line.row.reading
        return cls(
            name=row.name, quantity=row.quantity, unit_price_dong=row.unit_price_dong,
            reduction_dong=row.reduction_dong, reduction_name=row.reduction_name, amount_dong=row.amount_dong,
            reason=row.reason, old_value=reading.old_value if reading else None,
            new_value=reading.new_value if reading else None,
        )  # fmt: skip


class HouseholdPaymentType(graphene.ObjectType):
    """What came for a bill, or went back."""

    class Meta:
        name = "HouseholdPayment"

    at = graphene.DateTime(required=True)
    how = graphene.String(required=True, description="bank, cash, credit, or back: given back.")
    number = graphene.Int(description="Of a receipt for cash.")
    dong = Dong(required=True)


class HouseholdBillType(graphene.ObjectType):
    """One bill, for its household: opened by a link, or by a code and the second factor."""

    class Meta:
        name = "HouseholdBill"

    organization = graphene.Field(OrganizationType, required=True)
    initials = graphene.String(required=True, description="Nguyễn Văn An: N.V.A.")
    section = graphene.String(required=True, description="Class or hamlet.")
    number = graphene.String(required=True, description="The biller's own number of the pupil or meter.")
    title = graphene.String(required=True, description="What the biller calls the round: Tháng 10/2026.")
    month = graphene.String(required=True, description="2026-10")
    due_on = graphene.Date(required=True)
    code = graphene.String(required=True, description="What the payer writes.")
    state = graphene.Field(PaymentRequestState, required=True)
    asked_dong = Dong(required=True)
    paid_dong = Dong(required=True)
    due_dong = Dong(required=True)
    due_in_words = graphene.String(required=True)
    overdue = graphene.Boolean(required=True)
    lines = graphene.List(
        graphene.NonNull(HouseholdBillLineType), required=True,
        description="On a household's page only while something is due.",
    )  # fmt: skip
    payments = graphene.List(graphene.NonNull(HouseholdPaymentType), required=True)
    bank_account = graphene.Field(BankAccountType, required=True)
    payload = graphene.String(description="The VietQR text; null once nothing is due.")

    @classmethod
    def of(cls, shown: ShownBill) -> "HouseholdBillType":
        """Needs the request's links preloaded, or pays a query for them."""
        bill, request = shown.bill, shown.request
        return cls(
            organization=bill.organization, initials=bill.account.initials, section=bill.section,
            number=bill.account.number, title=bill.run.name, month=bill.run.month, due_on=bill.due_on,
            code=request.code, state=request.state, asked_dong=request.asked_dong, paid_dong=shown.paid_dong,
            due_dong=shown.due_dong, due_in_words=in_words(shown.due_dong), overdue=shown.is_overdue,
            lines=[HouseholdBillLineType.of(line) for line in shown.lines], payments=shown.payments,
            bank_account=request.bank_account, payload=requesting.payload_of(request) if shown.due_dong else None,
        )  # fmt: skip


class HouseholdAccountType(graphene.ObjectType):
    """A child or a meter on a household's page."""

    class Meta:
        name = "HouseholdAccount"

    organization = graphene.Field(OrganizationType, required=True)
    initials = graphene.String(required=True)
    section = graphene.String(required=True)
    number = graphene.String(required=True)
    is_added = graphene.Boolean(required=True, description="By another card.")
    credit_dong = Dong(required=True, description="Paid too much; waits for the next bill or goes back.")
    going_back_dong = Dong(required=True)

    @staticmethod
    def resolve_organization(shown: ShownAccount, _info: ResolveInfo) -> Organization:
        return shown.account.organization

    @staticmethod
    def resolve_initials(shown: ShownAccount, _info: ResolveInfo) -> str:
        return shown.account.initials

    @staticmethod
    def resolve_section(shown: ShownAccount, _info: ResolveInfo) -> str:
        return shown.account.section

    @staticmethod
    def resolve_number(shown: ShownAccount, _info: ResolveInfo) -> str:
        return shown.account.number


class HouseholdPageType(graphene.ObjectType):
    """All children and meters of one household: what is due when, and what was paid."""

    class Meta:
        name = "HouseholdPage"

    due_dong = Dong(required=True)
    overdue_dong = Dong(required=True)
    accounts = graphene.List(graphene.NonNull(HouseholdAccountType), required=True)
    open = graphene.List(
        graphene.NonNull(HouseholdBillType), required=True,
        description="Those of one biller and bank account can be paid together: billBundle.",
    )  # fmt: skip
    done = graphene.List(graphene.NonNull(HouseholdBillType), required=True, description="Of the last six months.")
    has_older = graphene.Boolean(required=True)

    @staticmethod
    def resolve_open(page: Page, _info: ResolveInfo) -> list[HouseholdBillType]:
        return [HouseholdBillType.of(bill) for payee in page.payees for bill in payee.bills]

    @staticmethod
    def resolve_done(page: Page, _info: ResolveInfo) -> list[HouseholdBillType]:
        return [HouseholdBillType.of(bill) for _month, bills in page.done for bill in bills]
