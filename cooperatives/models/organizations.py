"""Organizations and the bank accounts into which they are paid."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def public(self) -> OrganizationQuerySet:
        """Those whose shop or price list anybody may see."""
        return self.filter(is_open=True)

    def selling(self) -> OrganizationQuerySet:
        return self.filter(sells=True)

    def billing(self) -> OrganizationQuerySet:
        return self.filter(bills=True)

    def held(self, pk: int) -> Organization:
        """Its row, locked until the transaction ends: numbers without gaps and names that stand once are given under
        it (docs/locking.md). What points at it is written meanwhile."""
        return self.select_for_update(no_key=True).get(pk=pk)

    def real(self) -> OrganizationQuerySet:
        """Not demo data."""
        return self.filter(is_demo=False)


class Organization(models.Model):
    """A cooperative, a school, a utility. ``kind`` is a label; what it may do is in ``sells`` and ``bills``."""

    class Kind(models.TextChoices):
        COOPERATIVE = "cooperative", _("Hợp tác xã")
        SCHOOL = "school", _("Trường học")
        UTILITY = "utility", _("Đơn vị dịch vụ")

    class BillsFor(models.TextChoices):
        """What it bills for: a label, nothing hangs on it."""

        SCHOOL = "school", _("trường học")
        WATER = "water", _("nước sạch")
        WASTE = "waste", _("rác thải")
        IRRIGATION = "irrigation", _("thủy lợi")
        CEMETERY = "cemetery", _("nghĩa trang")
        ASSOCIATION = "association", _("hội, quỹ")
        OTHER = "other", _("khoản khác")

    class BornBy(models.TextChoices):
        """Who bears the carriage of a parcel that did not reach its buyer."""

        ORGANIZATION = "organization", _("hợp tác xã chịu")
        MEMBERS = "members", _("bà con có hàng trong kiện chịu")
        SHARED = "shared", _("mỗi bên một nửa")

    class FirstOrder(models.TextChoices):
        """What is asked of somebody who has never bought here and wants much on receipt."""

        NOTHING = "nothing", _("không cần gì thêm")
        CALL = "call", _("gọi điện xác nhận trước khi gói")
        DEPOSIT = "deposit", _("chuyển khoản đặt cọc trước khi gói")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    sells = models.BooleanField(default=False)
    bills = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    about = models.TextField(blank=True)
    # What buyers must be able to read.
    representative = models.CharField(max_length=80, blank=True)
    tax_code = models.CharField(max_length=14, blank=True)
    registration = models.CharField(max_length=120, blank=True, help_text="Number, day and office of registration.")
    phone = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=200, blank=True)
    commune_name = models.CharField(max_length=80, blank=True)
    province_name = models.CharField(max_length=80, blank=True)
    commune_code = models.CharField(max_length=5, blank=True, help_text="Of base/places: where its goods leave from.")
    # A story told about it, shown only as an unverified claim.
    claim = models.TextField(blank=True)
    claim_source = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField(help_text="Bank lines before this day are never posted.")
    # Settings it decides.
    transfer_hours = models.PositiveSmallIntegerField(default=72)
    cash_step_dong = models.PositiveIntegerField(default=1000)
    complaint_days = models.PositiveSmallIntegerField(default=3, help_text="Working days to a person's first answer.")
    return_days = models.PositiveSmallIntegerField(default=2, help_text="Days in which faulty goods may be returned.")
    offers_bank_links = models.BooleanField(
        default=True,
        help_text="Offer to open the buyer's bank app; what the QR says then passes through vietqr.io.",
    )
    rests_until = models.DateField(null=True, blank=True, help_text="Last day of its rest: nothing is sold till then.")
    silent_days = models.PositiveSmallIntegerField(
        default=3, help_text="A parcel of which nobody says anything counts as accepted so many days after it left."
    )
    refused_borne_by = models.CharField(max_length=12, choices=BornBy, default=BornBy.ORGANIZATION)
    lost_borne_by = models.CharField(max_length=12, choices=BornBy, default=BornBy.ORGANIZATION)
    heavier_asked_above_bp = models.PositiveSmallIntegerField(
        default=200, help_text="Weighed heavier by more than this, the buyer is asked for the difference (2 % = 200)."
    )
    first_order_rule = models.CharField(max_length=8, choices=FirstOrder, default=FirstOrder.NOTHING)
    first_order_above_dong = models.BigIntegerField(default=0, help_text="First orders on receipt above this sum.")
    deposit_bp = models.PositiveSmallIntegerField(default=3000, help_text="Deposit, of the whole order (30 % = 3000).")
    bills_for = models.CharField(max_length=12, choices=BillsFor, blank=True)
    carries_credit = models.BooleanField(
        default=True, help_text="What was paid too much on a bill waits for the next one; else it is given back."
    )
    created_at = models.DateTimeField()

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(complaint_days__gte=1), name="organization_complaint_days_positive"),
            models.CheckConstraint(condition=Q(transfer_hours__gte=1), name="organization_transfer_hours_positive"),
            models.CheckConstraint(condition=Q(cash_step_dong__gte=1), name="organization_cash_step_positive"),
            models.CheckConstraint(
                condition=Q(heavier_asked_above_bp__lte=10_000, deposit_bp__gte=1, deposit_bp__lte=10_000)
                & Q(first_order_above_dong__gte=0, silent_days__gte=1),
                name="organization_delivery_terms",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BankAccount(models.Model):
    """One account of one organization, or its balance at a card processor. Two organizations on one account are
    refused."""

    class Kind(models.TextChoices):
        BANK = "bank", _("tài khoản ngân hàng")
        CARD = "card", _("số dư ở bên nhận thẻ")

    kind = models.CharField(max_length=4, choices=Kind, default=Kind.BANK)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bank_accounts")
    bin = models.CharField(max_length=6, blank=True, validators=[RegexValidator(r"^[0-9]{6}\Z")])
    bank_name = models.CharField(max_length=60)
    number = models.CharField(max_length=40, validators=[RegexValidator(r"^[A-Za-z0-9_]{1,40}\Z")])
    holder = models.CharField(max_length=80, help_text="As the bank prints it: capitals, no accents.")
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bin", "number"], name="bank_account_one_owner"),
            # A QR names a bank, so the account that is paid into by default has one.
            models.CheckConstraint(
                condition=Q(kind="card", bin="", is_default=False) | (Q(kind="bank") & ~Q(bin="")),
                name="bank_account_kind",
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="bank_account_one_default"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.number}"
