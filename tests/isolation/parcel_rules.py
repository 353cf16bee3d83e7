"""Who may do what with parcels, and with what the cooperative bears of an order."""

from tests.isolation.rule import MONEY, STAFF, TREASURER, Rule

REASON = "có lý do"

MUTATIONS: dict[str, Rule] = {
    "shipmentCreate": Rule(
        STAFF, lambda a: {"orderId": a.paid_order, "way": "COACH", "plate": "35B-1", "idempotencyKey": "một lần"}
    ),
    "shipmentSend": Rule(STAFF, lambda a: {"shipmentId": a.shipment, "idempotencyKey": "một lần"}),
    "shipmentDelivered": Rule(STAFF, lambda a: {"shipmentId": a.away_shipment, "idempotencyKey": "một lần"}),
    "shipmentFailed": Rule(
        STAFF, lambda a: {"shipmentId": a.away_shipment, "why": REASON, "idempotencyKey": "một lần"}
    ),
    "shipmentBack": Rule(STAFF, lambda a: {"shipmentId": a.away_shipment, "why": REASON, "idempotencyKey": "một lần"}),
    "shipmentLost": Rule(MONEY, lambda a: {"shipmentId": a.away_shipment, "why": REASON, "idempotencyKey": "một lần"}),
    "shipmentFound": Rule(MONEY, lambda a: {"shipmentId": a.lost_shipment, "why": REASON, "idempotencyKey": "một lần"}),
    "shipmentCarriageCorrect": Rule(
        MONEY,
        lambda a: {
            "shipmentId": a.back_shipment,
            "feeDong": "20000",
            "returnFeeDong": "10000",
            "why": REASON,
            "idempotencyKey": "một lần",
        },
    ),
    "orderGoodwill": Rule(
        MONEY,
        lambda a: {
            "orderId": a.done_order,
            "amountDong": "5000",
            "reason": REASON,
            "idempotencyKey": "một lần",
        },
    ),
    "madeGoodUndo": Rule(TREASURER, lambda a: {"madeGoodId": a.made_good}),
    "shipmentCancel": Rule(STAFF, lambda a: {"shipmentId": a.shipment, "idempotencyKey": "một lần"}),
    "carrierQuote": Rule(STAFF, lambda a: {"orderId": a.shipped_order, "weightG": 500}),
}
