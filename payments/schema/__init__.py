"""Money through GraphQL: what is asked, what arrived, and what a person does with it."""

from typing import Any

import graphene
from graphene import ResolveInfo

from payments import requesting
from payments.models import PaymentRequest
from payments.schema.asking import PaymentRequestType
from payments.schema.bill_accounts import AccountMutations
from payments.schema.bill_cash import CashMutations
from payments.schema.bill_cash_queries import CashQuery
from payments.schema.bill_correcting import CorrectingMutations
from payments.schema.bill_crediting import CreditMutations
from payments.schema.bill_fees import FeeMutations
from payments.schema.bill_household import HouseholdMutations, HouseholdQuery
from payments.schema.bill_queries import BillsQuery
from payments.schema.bill_readings import ReadingMutations
from payments.schema.bill_runs import RunMutations
from payments.schema.cash_out import CashOutMutations, CashOutQuery
from payments.schema.cod_mutations import CodMutations
from payments.schema.cod_types import CodQuery
from payments.schema.cycles import CycleMoneyMutations
from payments.schema.delivery import DeliveryQueries
from payments.schema.delivery_terms import DeliveryMutations
from payments.schema.desk_mutations import DeskMutations
from payments.schema.desk_queries import DeskQuery
from payments.schema.explaining_mutations import ExplainingMutations
from payments.schema.handing_over import OrderHandOver
from payments.schema.made_good import MadeGoodMutations
from payments.schema.placing import OrderCancel, OrderConfirm, OrderPlace
from payments.schema.refund_mutations import RefundMutations
from payments.schema.returning import ReturningMutations
from payments.schema.shipment_endings import ShipmentEndingMutations
from payments.schema.shipments import ShipmentMutations, ShipmentQuery
from payments.schema.weighing import WeighingMutations


class Query(
    DeskQuery,
    DeliveryQueries,
    BillsQuery,
    CashQuery,
    CashOutQuery,
    CodQuery,
    HouseholdQuery,
    ShipmentQuery,
    graphene.ObjectType,
):
    payment_request = graphene.Field(
        PaymentRequestType, code=graphene.String(required=True), description="Public: what the pay page shows."
    )

    @staticmethod
    def resolve_payment_request(_root: Any, _info: ResolveInfo, code: str) -> PaymentRequest | None:
        return requesting.public_request(code)


class Mutations(
    DeskMutations,
    DeliveryMutations,
    RefundMutations,
    ExplainingMutations,
    FeeMutations,
    AccountMutations,
    ReadingMutations,
    RunMutations,
    CorrectingMutations,
    CreditMutations,
    CashMutations,
    CashOutMutations,
    CodMutations,
    ReturningMutations,
    HouseholdMutations,
    ShipmentMutations,
    ShipmentEndingMutations,
    MadeGoodMutations,
    WeighingMutations,
    CycleMoneyMutations,
    graphene.ObjectType,
):
    order_place = OrderPlace.Field()
    order_cancel = OrderCancel.Field()
    order_confirm = OrderConfirm.Field()
    order_hand_over = OrderHandOver.Field()
