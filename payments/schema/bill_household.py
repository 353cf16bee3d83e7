"""The household's door: no account and no app, a link or a code with the second factor."""

from typing import Any, ClassVar

import graphene
from allauth.account.adapter import get_adapter
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from graphene import ResolveInfo

from base.graphql import Mutation
from base.refusals import NotFound, Refused
from payments import bundles
from payments.bills import choosing, household_page, looking_up
from payments.bills.household_page import Page
from payments.models import PaymentRequest
from payments.schema.asking import PaymentRequestType
from payments.schema.bill_public_types import HouseholdBillType, HouseholdPageType

_LONGEST_TOKEN = 40


class TryLater(Refused):
    """Too many wrong tries at this code or from this address, right or wrong as this one may be."""

    code = "TRY_LATER"
    sentence = _("Thử quá nhiều lần. Hãy chờ %(seconds)s giây rồi gửi lại kèm mã chờ.")
    told: ClassVar[tuple[str, ...]] = ("seconds", "ticket")


class HouseholdQuery(graphene.ObjectType):
    bill = graphene.Field(
        HouseholdBillType,
        code=graphene.String(required=True, description="The payment code on the slip."),
        second_factor=graphene.String(
            required=True, description="The last four digits of the phone on file; without one, the given name."
        ),
        waited=graphene.String(description="The ticket of a TRY_LATER, once its seconds are over."),
        description="Null for every wrong pair. After ten wrong tries an hour: the error TRY_LATER, with the seconds "
        "and a ticket in its extensions, for right and wrong pairs alike.",
    )
    household = graphene.Field(
        HouseholdPageType, token=graphene.String(required=True, description="Of the household's link.")
    )

    @staticmethod
    def resolve_bill(
        _root: Any, info: ResolveInfo, code: str, second_factor: str, waited: str | None = None
    ) -> HouseholdBillType | None:
        at = timezone.now()
        found = looking_up.bill(
            code=code, second_factor=second_factor, address=_address_of(info.context), waited=waited, at=at
        )
        if isinstance(found, looking_up.Wait):
            raise TryLater(seconds=found.seconds, ticket=found.ticket)
        shown = household_page.bill_by_code(found.request.code, at=at) if found else None
        return HouseholdBillType.of(shown) if shown else None

    @staticmethod
    def resolve_household(_root: Any, _info: ResolveInfo, token: str) -> Page | None:
        household = household_page.opened(token) if _may_be_token(token) else None
        if household is None:
            return None
        page = household_page.page_of(household, at=timezone.now())
        open_requests = [bill.request for payee in page.payees for bill in payee.bills]
        prefetch_related_objects(open_requests, "links")
        return page


class BillBundleInput(graphene.InputObjectType):
    token = graphene.String(required=True, description="Of the household's link.")
    codes = graphene.List(graphene.NonNull(graphene.String), required=True, description="Of its bills; at most 40.")
    idempotency_key = graphene.String(description="Optional: the same open bills are one bundle.")


class BillBundle(Mutation):
    """One QR for several bills of one biller and bank account."""

    class Meta:
        refusals = (
            NotFound, choosing.NothingChosen, bundles.NotTogether, bundles.NothingDue, bundles.TooManyTogether,
            bundles.TooMuchTogether,
        )  # fmt: skip

    class Arguments:
        input = BillBundleInput(required=True)

    payment_request = graphene.Field(PaymentRequestType)

    @classmethod
    def perform(cls, _info: ResolveInfo, input: Any) -> "BillBundle":
        household = household_page.opened(input.token) if _may_be_token(input.token) else None
        if household is None:
            raise NotFound()
        chosen = choosing.choose(household=household, codes=input.codes, at=timezone.now())
        return cls(payment_request=PaymentRequest.objects.select_related("bank_account").get(pk=chosen.pk))


class HouseholdMutations(graphene.ObjectType):
    bill_bundle = BillBundle.Field()


def _may_be_token(text: str) -> bool:
    return len(text) <= _LONGEST_TOKEN and text.isascii() and text.isprintable()


def _address_of(request: HttpRequest) -> str:
    """Where a try comes from, as sign-in counts it: behind our own proxies what they say, else who is connected."""
    return str(get_adapter(request).get_client_ip(request))
