"""People, what they may do where, and what members earned before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.periods import today_in_vietnam
from cooperatives.models.organizations import Organization


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, phone: str | None, name: str, password: str | None = None, **fields: Any) -> User:
        """A person. ``phone`` in E.164 (+84…) or None for somebody without a phone of her own."""
        user = self.model(phone=phone or None, name=name, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(phone=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The phone number is the name to sign in with; it is never proof of identity."""

    phone = models.CharField(
        max_length=16, unique=True, null=True, blank=True, validators=[RegexValidator(r"^\+[1-9][0-9]{6,14}\Z")]
    )
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def live(self, *, on: date) -> RoleGrantQuerySet:
        return self.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))


class RoleGrant(models.Model):
    """What a person may do in one organization, from a day and perhaps to a day."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("Quản lý")
        TREASURER = "treasurer", _("Thủ quỹ")
        CLERK = "clerk", _("Nhân viên")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=12, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"], condition=Q(until__isnull=True), name="role_grant_once"
            )
        ]


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, viewer: Any) -> MemberQuerySet:
        """Herself, and the managers, treasurers and clerks of her organization."""
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        return self.filter(Q(user=viewer) | Q(organization__in=staffed_by(viewer)))


class Member(models.Model):
    """A person's membership in one cooperative: the owner of lots, the subject of what is owed."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    number = models.PositiveIntegerField(help_text="Her number in the cooperative's member book.")
    hamlet = models.CharField(max_length=60, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    shows_name = models.BooleanField(default=False, help_text="She agreed that buyers read her name.")

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="member_number_once"),
            models.UniqueConstraint(fields=["organization", "user"], name="member_person_once"),
        ]

    def __str__(self) -> str:
        return self.user.name


def staffed_by(viewer: Any) -> models.QuerySet[RoleGrant, Any]:
    """Ids of the organizations where ``viewer`` holds any live role; for use inside filters."""
    return RoleGrant.objects.filter(user=viewer).live(on=today_in_vietnam()).values("organization_id")


class Baseline(models.Model):
    """What a member took home a month from the same goods before joining. A correction is a new row."""

    class Method(models.TextChoices):
        BOOK = "book", _("sổ ghi chép")
        RECEIPTS = "receipts", _("giấy tờ bán hàng")
        RECALL = "recall", _("nhớ lại")
        STATEMENT = "statement", _("xác nhận của cán bộ")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="baselines")
    monthly_dong = models.BigIntegerField(help_text="Average cash a month from the same product line.")
    method = models.CharField(max_length=12, choices=Method)
    covers = models.CharField(max_length=80, help_text="Which months it speaks of.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    witness = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it replaces an earlier one.")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(monthly_dong__gte=0), name="baseline_not_negative")]


class ApiToken(models.Model):
    """An opaque bearer token. Only its hash is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
