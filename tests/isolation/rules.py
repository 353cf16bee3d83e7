"""Who may do what: one rule for every root field and every mutation of the schema."""

from base64 import b64encode

from base.periods import today_in_vietnam
from catalog import portraits
from tests.catalog.test_pictures import drawn, encoded
from tests.isolation import bill_rules, market_day_rules, parcel_rules
from tests.isolation.rule import EVERYBODY, KEEPERS, MONEY, NOBODY, SELLERS, STAFF, TREASURER, Rule
from tests.isolation.sides import BAGS_DONG
from tests.payments.statements.files import HEADER, as_csv, movements

REASON = "đã gọi điện hỏi"
_FILE = b64encode(as_csv([HEADER, *movements(2)])).decode()
_FACE = b64encode(encoded(drawn(200, 200))).decode()
_VARIANT = {"name": "túi", "unit": "gói", "priceDong": "1000"}
_PAYEE = {"bin": "970415", "account": "101872345678", "holder": "Khách"}
_BUYER = {"name": "Khách", "phone": "0912000004", "address": "Xóm 5"}

QUERIES: dict[str, Rule] = (
    {
        "me": Rule(EVERYBODY),
        "organization": Rule(EVERYBODY, lambda a: {"slug": a.organization}, frozenset({"organization"})),
        "organizations": Rule(EVERYBODY),
        "memberIncome": Rule(
            frozenset({"treasurer", "manager", "member"}),
            lambda a: {"memberId": a.member, "from": "2026-01", "to": "2026-03"},
        ),
        "categories": Rule(EVERYBODY),
        "product": Rule(STAFF, lambda a: {"slug": a.draft_slug}),
        "products": Rule(EVERYBODY, lambda _a: {"search": "hàng"}),
        "productFacets": Rule(EVERYBODY, lambda _a: {"search": "hàng"}),
        "productSuggestions": Rule(EVERYBODY, lambda _a: {"text": "hàng"}),
        "communes": Rule(EVERYBODY, lambda _a: {"search": "yên hòa"}),
        "shippingQuote": Rule(
            EVERYBODY, lambda a: {"lines": [{"variantId": a.variant, "quantity": 1}]}, frozenset({"variant"})
        ),
        "shippingRates": Rule(EVERYBODY, lambda a: {"organization": a.organization}, frozenset({"organization"})),
        "order": Rule(EVERYBODY, lambda a: {"token": a.order_token}, frozenset({"order_token"})),
        "orders": Rule(EVERYBODY),
        "complaint": Rule(EVERYBODY, lambda a: {"token": a.complaint_token}, frozenset({"complaint_token"})),
        "complaints": Rule(EVERYBODY),
        "reviews": Rule(EVERYBODY, lambda a: {"product": a.slug}, frozenset({"slug"})),
        "lot": Rule(EVERYBODY, lambda a: {"trace": a.trace}, frozenset({"trace"})),
        "packingLists": Rule(STAFF, lambda a: {"organization": a.organization}),
        "allocations": Rule(STAFF, lambda a: {"orderId": a.done_order}),
        "bankTransactions": Rule(EVERYBODY),
        "refunds": Rule(EVERYBODY),
        "proposals": Rule(MONEY, lambda a: {"transactionId": a.line}),
        "reconciliation": Rule(MONEY, lambda a: {"organization": a.organization, "day": "2026-03-15"}),
        "paymentRequest": Rule(EVERYBODY, lambda a: {"code": a.code}, frozenset({"code"})),
        "cashVouchers": Rule(EVERYBODY),
        "shipments": Rule(EVERYBODY),
        "remittances": Rule(EVERYBODY),
        "codDifferences": Rule(MONEY, lambda a: {"organization": a.organization}),
        "memberAccount": Rule(frozenset({"treasurer", "manager", "member"}), lambda a: {"memberId": a.member}),
    }
    | bill_rules.QUERIES
    | market_day_rules.QUERIES
)

MUTATIONS: dict[str, Rule] = (
    {
        "tokenCreate": Rule(NOBODY, lambda a: {"phone": a.phone, "password": "không phải mật khẩu này"}),
        "tokenRevoke": Rule(EVERYBODY, lambda a: {"token": a.token}, frozenset({"token"})),
        "productCreate": Rule(
            SELLERS,
            lambda a: {
                "name": "Chuối",
                "category": "do-kho",
                "description": "",
                "variants": [_VARIANT],
                "organization": a.organization,
                "makerId": a.member,
            },
        ),
        "productUpdate": Rule(
            SELLERS,
            lambda a: {
                "productId": a.draft,
                "makerId": a.member,
                "variants": [{"id": a.draft_variant, "priceDong": "9000"}],
            },
        ),
        "productPublish": Rule(SELLERS, lambda a: {"productId": a.draft}),
        "productWithdraw": Rule(SELLERS, lambda a: {"productId": a.draft}),
        "productSeasonSet": Rule(SELLERS, lambda a: {"productId": a.draft, "firstMonth": 9, "lastMonth": 11}),
        "ocopCertificateRecord": Rule(
            MONEY,
            lambda a: {
                "productId": a.draft,
                "stars": 3,
                "decision": "9/QĐ",
                "issuer": "UBND tỉnh",
                "issuedOn": "2026-01-05",
                "expiresOn": "2029-01-05",
                "idempotencyKey": "một lần",
            },
        ),
        "ocopCertificateWithdraw": Rule(MONEY, lambda a: {"ocopCertificateId": a.certificate}),
        "portraitRecord": Rule(
            MONEY,
            lambda a: {
                "memberId": a.member,
                "imageBase64": _FACE,
                "wording": portraits.WORDING,
                "consentedOn": today_in_vietnam().isoformat(),
                "idempotencyKey": "một lần",
            },
        ),
        "portraitWithdraw": Rule(MONEY | {"member"}, lambda a: {"memberId": a.member}),
        "reviewWrite": Rule(
            EVERYBODY,
            lambda a: {"orderToken": a.done_token, "productSlug": a.slug, "stars": 4, "text": "ngon"},
            frozenset({"done_token", "slug"}),
        ),
        "reviewReply": Rule(STAFF, lambda a: {"reviewId": a.review, "text": "cảm ơn"}),
        "reviewHide": Rule(frozenset({"manager"}), lambda a: {"reviewId": a.review, "reason": REASON}),
        "reviewShow": Rule(frozenset({"manager"}), lambda a: {"reviewId": a.review}),
        "complaintWrite": Rule(
            EVERYBODY,
            lambda a: {
                "organization": a.organization,
                "about": "GOODS",
                "text": "hàng mốc",
                "name": "Khách",
                "phone": "0912000004",
                "idempotencyKey": "một lần",
            },
            frozenset({"organization"}),
        ),
        "complaintSay": Rule(
            EVERYBODY, lambda a: {"token": a.complaint_token, "text": "có ai đọc không"}, frozenset({"complaint_token"})
        ),
        "complaintAnswer": Rule(STAFF, lambda a: {"complaintId": a.complaint, "text": "xin lỗi"}),
        "complaintClose": Rule(MONEY, lambda a: {"complaintId": a.complaint, "decision": "đổi hàng"}),
        "lotReceive": Rule(SELLERS, lambda a: {"variantId": a.variant, "memberId": a.member, "quantity": 5}),
        "productLabelSet": Rule(
            SELLERS, lambda a: {"productId": a.draft, "storage": "để nơi khô", "allergens": "có cá"}
        ),
        "orderWeigh": Rule(STAFF, lambda a: {"orderId": a.paid_order, "weights": [], "idempotencyKey": "một lần"}),
        "orderConfirm": Rule(STAFF, lambda a: {"orderId": a.call_order, "idempotencyKey": "một lần"}),
        "shippingRateSet": Rule(
            MONEY,
            lambda a: {
                "organization": a.organization,
                "rateId": a.shipping_rate,
                "way": "COACH",
                "zone": "ANYWHERE",
                "priceDong": "20000",
                "idempotencyKey": "một lần",
            },
        ),
        "shippingRateStop": Rule(
            MONEY,
            lambda a: {"organization": a.organization, "rateId": a.shipping_rate, "idempotencyKey": "một lần"},
        ),
        "deliveryTermsSet": Rule(
            MONEY,
            lambda a: {
                "organization": a.organization,
                "silentDays": 4,
                "refusedBorneBy": "SHARED",
                "lostBorneBy": "MEMBERS",
                "heavierAskedAboveBp": 300,
            },
        ),
        "firstOrderRuleSet": Rule(
            MONEY, lambda a: {"organization": a.organization, "rule": "CALL", "aboveDong": "500000", "depositBp": 3000}
        ),
        "deliveryOriginSet": Rule(MONEY, lambda a: {"organization": a.organization, "communeCode": "14701"}),
        "orderPack": Rule(STAFF, lambda a: {"orderId": a.paid_order}),
        "orderHandOver": Rule(STAFF, lambda a: {"orderId": a.paid_order}),
        "orderCancel": Rule(MONEY, lambda a: {"orderId": a.paid_order, "reason": REASON}),
        "orderReturn": Rule(
            MONEY,
            lambda a: {
                "orderId": a.done_order,
                "lines": [{"lineId": a.done_line, "quantity": 1, "fate": "TO_LOT"}],
                "reason": REASON,
                "idempotencyKey": "một lần",
            },
        ),
        "cashPayOutMember": Rule(
            TREASURER, lambda a: {"memberId": a.member, "amountDong": "1000", "idempotencyKey": "một lần"}
        ),
        "cashPayOutBuyer": Rule(
            TREASURER, lambda a: {"orderId": a.owed_order, "amountDong": "1000", "idempotencyKey": "một lần"}
        ),
        "cashPayOutCost": Rule(
            KEEPERS,
            lambda a: {
                "organization": a.organization,
                "kind": "CARRIAGE",
                "amountDong": "1000",
                "toName": "Anh Tài",
                "reason": REASON,
                "idempotencyKey": "một lần",
            },
        ),
        "cashVoucherVoid": Rule(KEEPERS, lambda a: {"cashVoucherId": a.cash_voucher, "reason": REASON}),
        "remittanceCreate": Rule(
            TREASURER,
            lambda a: {
                "organization": a.organization,
                "carrierName": "Nhà xe",
                "rows": [{"parcel": a.parcel, "saidDong": "75000"}],
                "idempotencyKey": "một lần",
            },
        ),
        "remittanceCancel": Rule(TREASURER, lambda a: {"remittanceId": a.remittance, "reason": REASON}),
        "remittanceWriteOff": Rule(
            TREASURER, lambda a: {"remittanceId": a.remittance, "reason": REASON, "idempotencyKey": "một lần"}
        ),
        "remittanceTakeCash": Rule(
            KEEPERS, lambda a: {"remittanceId": a.remittance, "amountDong": "1000", "idempotencyKey": "một lần"}
        ),
        "remittanceCashUndo": Rule(KEEPERS, lambda a: {"remittancePaymentId": a.remittance_cash, "reason": REASON}),
        "remittancePaymentUndo": Rule(TREASURER, lambda a: {"remittancePaymentId": a.remittance_payment}),
        "orderPlace": Rule(
            EVERYBODY,
            lambda a: {
                "lines": [{"variantId": a.variant, "quantity": 1}],
                "buyer": _BUYER,
                "pickupPointId": a.pickup_point,
                "idempotencyKey": "một lần",
            },
            frozenset({"variant"}),
        ),
        "bankTransactionAssign": Rule(
            TREASURER,
            lambda a: {"transactionId": a.line, "parts": [{"code": a.code, "dong": "1000"}], "reason": REASON},
        ),
        "bankTransactionDismiss": Rule(TREASURER, lambda a: {"transactionId": a.line, "reason": REASON}),
        "bankTransactionKeep": Rule(TREASURER, lambda a: {"transactionId": a.line, "code": a.code, "reason": REASON}),
        "bankTransactionReturn": Rule(
            TREASURER,
            lambda a: {"transactionId": a.line, "payee": _PAYEE, "reason": REASON, "idempotencyKey": "một lần"},
        ),
        "bankTransactionExplain": Rule(
            TREASURER,
            lambda a: {
                "transactionId": a.departure,
                "kind": "BANK_FEE",
                "amountDong": "500",
                "reason": REASON,
                "idempotencyKey": "một lần",
            },
        ),
        "refundCreate": Rule(
            TREASURER,
            lambda a: {"orderId": a.owed_order, "amountDong": "5000", "reason": REASON, "idempotencyKey": "một lần"},
        ),
        "refundOrderOut": Rule(
            TREASURER,
            lambda a: {"refundId": a.task, "payee": _PAYEE, "fromAccountId": a.account, "idempotencyKey": "một lần"},
        ),
        "refundCancel": Rule(TREASURER, lambda a: {"refundId": a.task, "reason": REASON}),
        "refundMatch": Rule(
            TREASURER,
            lambda a: {
                "refundId": a.ordered_refund,
                "transactionId": a.departure,
                "reason": REASON,
                "idempotencyKey": "một lần",
            },
        ),
        "refundMovementUndo": Rule(TREASURER, lambda a: {"refundMovementId": a.movement}),
        "explanationUndo": Rule(TREASURER, lambda a: {"explanationId": a.explanation}),
        "keptDebtUndo": Rule(TREASURER, lambda a: {"keptDebtId": a.kept_debt}),
        "settlementUndo": Rule(TREASURER, lambda a: {"settlementId": a.settlement}),
        "cashReceive": Rule(
            frozenset({"clerk", "treasurer"}),
            lambda a: {"code": a.code, "amountDong": BAGS_DONG, "idempotencyKey": "một lần"},
        ),
        "statementImport": Rule(
            TREASURER, lambda a: {"bankAccountId": a.account, "name": "sao-ke.csv", "fileBase64": _FILE}
        ),
    }
    | bill_rules.MUTATIONS
    | market_day_rules.MUTATIONS
    | parcel_rules.MUTATIONS
)
