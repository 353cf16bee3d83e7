"""The public view of one payment request."""

import graphene
from graphene import ResolveInfo

from base.graphql import Dong, ModelType
from base.money import in_words
from cooperatives.models import BankAccount
from payments import requesting
from payments.models import PaymentRequest

PaymentRequestState = graphene.Enum.from_enum(
    PaymentRequest.State, name="PaymentRequestState", description="What has come for it."
)


class BankAccountType(ModelType):
    """Where the money goes. It stands on every QR, so it is public."""

    class Meta:
        model = BankAccount
        name = "BankAccount"
        fields = ("bin", "bank_name", "number", "holder")


class PaymentRequestType(ModelType):
    """One thing to pay for: what the QR carries and what came, nothing of payer or goods."""

    class Meta:
        model = PaymentRequest
        name = "PaymentRequest"
        fields = ("code", "asked_dong", "bank_account", "created_at", "expires_at")

    state = graphene.Field(PaymentRequestState, required=True)
    due_dong = Dong(required=True, description="Still owed; 0 once it is closed.")
    due_in_words = graphene.String(required=True)
    paid_dong = Dong(required=True, description="What came, an excess included.")
    memo = graphene.String(required=True, description="What the payer writes; the same as the code.")
    payload = graphene.String(description="The VietQR text; null once it takes no more money.")

    @staticmethod
    def resolve_due_in_words(request: PaymentRequest, _info: ResolveInfo) -> str:
        return in_words(request.due_dong)

    @staticmethod
    def resolve_memo(request: PaymentRequest, _info: ResolveInfo) -> str:
        return request.code

    @staticmethod
    def resolve_payload(request: PaymentRequest, _info: ResolveInfo) -> str | None:
        return requesting.payload_of(request) if request.takes_money else None
