"""Evidence and money: feeds, the bank's lines, and where each was seen."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.money import MAX_DONG
from base.periods import today_in_vietnam
from cooperatives.models import BankAccount, Organization, User
from cooperatives.permissions import organizations_where


class Feed(models.Model):
    """A connection to one provider for one bank account. Keys are stored encrypted; two may be live."""

    class Provider(models.TextChoices):
        SEPAY = "sepay", "SePay"
        CASSO = "casso", "Casso"
        CASSO_V1 = "casso-v1", _("Casso (bản cũ)")
        PAYOS = "payos", "payOS"
        SMS = "sms", _("Tin nhắn ngân hàng")
        STRIPE = "stripe", "Stripe"

    class Auth(models.TextChoices):
        HMAC = "hmac", "HMAC"
        APIKEY = "apikey", "Apikey"
        TOKEN = "token", _("địa chỉ bí mật")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="feeds")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="feeds")
    provider = models.CharField(max_length=12, choices=Provider)
    environment = models.CharField(max_length=8, default="live", help_text="live or sandbox: part of the identity.")
    auth = models.CharField(max_length=8, choices=Auth, default=Auth.HMAC)
    token = models.CharField(max_length=43, unique=True, help_text="The secret part of its hook address.")
    keys_sealed = models.TextField(blank=True, help_text="One or two keys, encrypted with FIELD_KEY. SMS has none.")
    credentials_sealed = models.TextField(
        blank=True, help_text="What outgoing calls need (API token, client id), encrypted with FIELD_KEY."
    )
    senders = models.CharField(max_length=200, blank=True, help_text="SMS: the bank's sender names, by commas.")
    pulls = models.BooleanField(default=False, help_text="Ask the provider for its own list of transactions.")
    pull_next_at = models.DateTimeField(null=True, help_text="Also the lease: whoever moves it on does the pull.")
    pulled_at = models.DateTimeField(null=True, help_text="When its list was last read to the end.")
    pull_trouble = models.CharField(max_length=200, blank=True)
    is_live = models.BooleanField(default=True)
    forged_calls = models.PositiveBigIntegerField(default=0)
    unreadable_calls = models.PositiveBigIntegerField(default=0)
    last_call_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    @property
    def source(self) -> str:
        """Names the source of a Sighting: provider and environment."""
        return f"{self.provider}:{self.environment}"


class StatementFile(models.Model):
    """One imported file. The same bytes for the same account are one file."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="statement_files")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statement_files")
    name = models.CharField(max_length=120)
    bank = models.CharField(max_length=24, blank=True, help_text="Which reader believed it.")
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField(default=0, help_text="Lines nobody had seen before.")
    opening_dong = models.BigIntegerField(null=True)
    closing_dong = models.BigIntegerField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank_account", "digest"], name="statement_file_once")]


class StatementMapping(models.Model):
    """Which column is what in a bank's files, as a person said it once for this account. The newest live one counts."""

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statement_mappings")
    name = models.CharField(max_length=80)
    mapping = models.JSONField(help_text="payments/statements/mapping.py says what it holds.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    is_live = models.BooleanField(default=True)


class BankTransactionQuerySet(models.QuerySet["BankTransaction"]):
    def visible_to(self, viewer: Any) -> BankTransactionQuerySet:
        """Those who may see the money of the organization that owns the receiving account."""
        return self.filter(organization__in=organizations_where(viewer, "see_money", on=today_in_vietnam()))

    def new(self) -> BankTransactionQuerySet:
        return self.filter(state=BankTransaction.State.NEW)

    def booked(self) -> BankTransactionQuerySet:
        """Those that stand in the books as money arrived or departed."""
        return self.filter(booked_at__isnull=False)

    def needs_you(self) -> BankTransactionQuerySet:
        return self.filter(state__in=[BankTransaction.State.NEEDS_YOU, BankTransaction.State.PART_SETTLED])

    def latest_first(self) -> BankTransactionQuerySet:
        return self.order_by("-happened_at", "-id")

    def preloaded(self) -> BankTransactionQuerySet:
        return self.select_related("bank_account", "organization").prefetch_related(
            "sightings",
            "settlements__payment_request__order",
            "settlements__payment_request__bank_account",
            "settlements__payment_request__links",
            "kept_debts",
            "explanations",
            "refund_movements__refund__order",
        )


class BankTransaction(models.Model):
    """Money that moved once. ``used_dong`` is what live settlements and debts have taken of it."""

    class Direction(models.TextChoices):
        IN = "in", _("tiền vào")
        OUT = "out", _("tiền ra")

    class State(models.TextChoices):
        NEW = "NEW", _("mới ghi")
        SETTLED = "SETTLED", _("đã khớp")
        PART_SETTLED = "PART_SETTLED", _("khớp một phần")
        NEEDS_YOU = "NEEDS_YOU", _("cần xem")
        RETURNED = "RETURNED", _("đã trả lại")
        NOT_OURS = "NOT_OURS", _("không phải của mình")

    class Reason(models.TextChoices):
        NO_CODE = "NO_CODE", _("không có mã")
        UNKNOWN_CODE = "UNKNOWN_CODE", _("mã lạ")
        MISTYPED_CODE = "MISTYPED_CODE", _("mã gõ nhầm một ký tự")
        AMOUNT_DIFFERS = "AMOUNT_DIFFERS", _("mã thiếu chữ đầu, số tiền khác")
        TWO_CODES = "TWO_CODES", _("có nhiều mã")
        OVERPAID = "OVERPAID", _("trả thừa")
        ALREADY_PAID = "ALREADY_PAID", _("khoản này đã trả đủ trước đó")
        LATE = "LATE", _("tiền về sau khi quá hạn")
        CANCELLED_ORDER = "CANCELLED_ORDER", _("khoản này đã hủy")
        OTHER_ORGANIZATION = "OTHER_ORGANIZATION", _("mã của đơn vị khác")
        OTHER_ACCOUNT = "OTHER_ACCOUNT", _("về tài khoản khác")
        SMS_ONLY = "SMS_ONLY", _("mới có tin nhắn")
        CONFLICT = "CONFLICT", _("chứng từ mâu thuẫn")
        OUTGOING = "OUTGOING", _("tiền ra chưa rõ việc gì")
        NO_AMOUNT = "NO_AMOUNT", _("số tiền bằng 0")
        OTHER_CURRENCY = "OTHER_CURRENCY", _("tiền nước ngoài")
        JOINED = "JOINED", _("đã gộp vào dòng khác")
        BOUNCED = "BOUNCED", _("tiền trả lại bị trả về")
        DISPUTED = "DISPUTED", _("chủ thẻ khiếu nại")
        BEFORE_OPENING = "BEFORE_OPENING", _("trước ngày mở sổ")
        UNDONE = "UNDONE", _("đã gỡ, cần xử lý lại")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bank_transactions")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="transactions")
    direction = models.CharField(max_length=3, choices=Direction)
    amount_dong = models.BigIntegerField()
    day = models.DateField()
    occurrence = models.PositiveIntegerField(default=1, help_text="1, 2 … among otherwise equal lines.")
    memo = models.TextField(blank=True)
    memo_folded = models.CharField(max_length=64, help_text="Hash of the squeezed memo: part of the identity.")
    reference = models.CharField(max_length=80, blank=True)
    payer_account = models.CharField(max_length=40, blank=True, help_text="The other side, where a source says it.")
    payer_name = models.CharField(max_length=120, blank=True)
    link = models.ForeignKey(
        "payments.PaymentLink", on_delete=models.PROTECT, null=True, related_name="transactions",
        help_text="What the provider says it was paid through.",
    )  # fmt: skip
    balance_dong = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When its first evidence was written down.")
    booked_at = models.DateTimeField(
        null=True, help_text="When it was booked as arrived or departed; null: not booked."
    )
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    used_dong = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    dismissed_why = models.CharField(max_length=200, blank=True)
    declared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="Who said that money known by a text message alone had really come.",
    )  # fmt: skip
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="joined_lines",
        help_text="A person said that this line and that one are the same money.",
    )  # fmt: skip

    objects = BankTransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_account", "direction", "amount_dong", "day", "memo_folded", "occurrence"],
                name="bank_transaction_identity",
            ),
            models.CheckConstraint(
                condition=Q(amount_dong__gte=0, amount_dong__lte=MAX_DONG), name="bank_transaction_amount"
            ),
            # Nothing of it is ever used twice, whatever races run.
            models.CheckConstraint(
                condition=Q(used_dong__gte=0, used_dong__lte=F("amount_dong")), name="bank_transaction_used"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-happened_at"], name="bank_transaction_desk"),
            models.Index(fields=["state", "next_try_at"], name="bank_transaction_queue"),
            models.Index(fields=["bank_account", "day"], name="bank_transaction_day"),
            models.Index(fields=["organization", "payer_account"], name="bank_transaction_payer"),
        ]

    @property
    def unused_dong(self) -> int:
        """Not yet given to anything."""
        return self.amount_dong - self.used_dong


class Sighting(models.Model):
    """One source's evidence of a bank line: what came, as it came. Kept also when it is about no account of ours.

    The database lets nobody change what it says (docs/retention.md); which line it stands under can be corrected.
    """

    class JoinedBy(models.TextChoices):
        FIRST = "first", _("dòng này do chứng từ này báo đầu tiên")
        REFERENCE = "reference", _("trùng mã giao dịch của ngân hàng")
        BALANCE = "balance", _("trùng số dư sau giao dịch")
        MEMO = "memo", _("trùng nội dung, số tiền và ngày")
        TIME = "time", _("trùng số tiền và giờ")
        PERSON = "person", _("do người ghép")

    transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, null=True, related_name="sightings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sightings")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="sightings")
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, null=True, related_name="sightings")
    statement_file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, null=True, related_name="sightings")
    source = models.CharField(max_length=24, help_text="sepay:live, statement …")
    external_id = models.CharField(max_length=80)
    occurrence = models.PositiveIntegerField(default=1)
    account_text = models.CharField(max_length=40, help_text="The account as the source wrote it.")
    direction = models.CharField(max_length=3, blank=True, help_text="Empty where a text does not say.")
    amount_dong = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="VND", help_text="Only VND is ever booked.")
    raw = models.TextField(help_text="The evidence, word for word; a row number for a statement line.")
    digest = models.CharField(max_length=64, help_text="Of direction, amount and memo: the same id must say the same.")
    received_at = models.DateTimeField()
    day = models.DateField(
        null=True, help_text="The day that this source said, in Việt Nam; null: that of its line (older evidence)."
    )
    contradicted = models.BooleanField(default=False, help_text="The same id came again with other content.")
    joined_by = models.CharField(max_length=9, choices=JoinedBy, blank=True, help_text="Why it stands under its line.")
    parted = models.BooleanField(default=False, help_text="A person took it off a line: never joined by itself again.")

    class Meta:
        constraints = [
            # Two partial indexes, because a unique index over NULL never bites.
            models.UniqueConstraint(
                fields=["bank_account", "source", "external_id", "occurrence"],
                condition=Q(bank_account__isnull=False),
                name="sighting_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "source", "external_id", "occurrence", "account_text"],
                condition=Q(bank_account__isnull=True),
                name="sighting_stray_once",
            ),
        ]


class SightingMove(models.Model):
    """A person's correction of which line a piece of evidence tells of."""

    sighting = models.ForeignKey(Sighting, on_delete=models.PROTECT, related_name="moves")
    from_transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="+")
    to_transaction = models.ForeignKey(BankTransaction, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)


class WorkerBeat(models.Model):
    """The worker's sign of life, for /readyz."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
    started_at = models.DateTimeField()
