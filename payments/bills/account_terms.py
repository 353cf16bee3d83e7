"""What holds for one account over some time: that it pays less, and that its household agreed to a voluntary item."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import composed, storable
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from payments.bills.billers import biller
from payments.models import Agreement, BillingAccount, ExemptGroup, Exemption, FeeItem

LONGEST_EVIDENCE = 200


class AlreadyExempt(Refused):
    code = "ALREADY_EXEMPT"
    sentence = _("Trong thời gian này đã thuộc diện “%(group)s” rồi.")


class AlreadyAgreed(Refused):
    code = "ALREADY_AGREED"
    sentence = _("Đã đăng ký mục “%(item)s” rồi.")


class NothingToAgreeTo(Refused):
    code = "NOTHING_TO_AGREE_TO"
    sentence = _("“%(item)s” là mục bắt buộc, không cần đăng ký.")


class BadTerm(Refused):
    code = "BAD_TERM"
    sentence = _("Ngày cuối phải từ ngày đầu trở đi.")


class BadEvidence(Refused):
    code = "BAD_EVIDENCE"
    sentence = _("Ghi nhiều nhất 200 chữ.")


@again_when_locked_out
def exempt(
    *, account_id: int, group_id: int, since: date, until: date | None = None, evidence: str = "", actor: User,
    key: str, at: datetime,
) -> Exemption:  # fmt: skip
    """The account is in a group that pays less, from ``since`` to ``until``, both included; None: until it is ended.

    The same ``key`` returns the same row. Raises NotFound, AlreadyExempt, BadTerm, BadEvidence; KeyReused, BadKey.
    """
    with transaction.atomic():
        account = _locked(account_id, actor=actor, at=at)
        group = ExemptGroup.objects.filter(pk=group_id, organization=account.organization_id).first()
        if group is None:
            raise NotFound()
        if until is not None and until < since:
            raise BadTerm(field="until")
        said = _said(evidence, field="evidence")

        def do() -> str:
            others = Exemption.objects.filter(account=account, group=group)
            others = others.filter(Q(until__isnull=True) | Q(until__gte=since))
            if (others.filter(since__lte=until) if until else others).exists():
                raise AlreadyExempt(field="group", group=group.name)
            made = Exemption.objects.create(
                account=account, group=group, since=since, until=until, evidence=said, recorded_by=actor, recorded_at=at
            )
            return str(made.pk)

        meaning = [account_id, group_id, since.isoformat(), until.isoformat() if until else None, said]
        made, _replayed = done_once(verb="account_exempt", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return Exemption.objects.select_related("group").get(pk=int(made))


@again_when_locked_out
def end_exemption(*, exemption_id: int, on: date, actor: User, at: datetime) -> Exemption:
    """``on`` is its last day. Raises NotFound, BadTerm."""
    with transaction.atomic():
        found = Exemption.objects.select_for_update(no_key=True).filter(pk=exemption_id).first()
        if found is None:
            raise NotFound()
        _locked(found.account_id, actor=actor, at=at)
        if on < found.since:
            raise BadTerm(field="on")
        found.until = on
        found.save(update_fields=["until"])
        return found


@again_when_locked_out
def agree(
    *, account_id: int, fee_item_id: int, since: date, how: str = "", actor: User, key: str, at: datetime
) -> Agreement:
    """The household wants this voluntary item for the account; without it the item is never billed.

    The same ``key`` returns the same row. Raises NotFound, NothingToAgreeTo, AlreadyAgreed, BadEvidence; KeyReused.
    """
    with transaction.atomic():
        account = _locked(account_id, actor=actor, at=at)
        item = FeeItem.objects.filter(pk=fee_item_id, organization=account.organization_id).first()
        if item is None:
            raise NotFound()
        if item.compulsory:
            raise NothingToAgreeTo(field="fee_item", item=item.name)
        said = _said(how, field="how")

        def do() -> str:
            if Agreement.objects.filter(account=account, fee_item=item, until=None).exists():
                raise AlreadyAgreed(field="fee_item", item=item.name)
            made = Agreement.objects.create(
                account=account, fee_item=item, since=since, how=said, recorded_by=actor, recorded_at=at
            )
            return str(made.pk)

        meaning = [account_id, fee_item_id, since.isoformat(), said]
        made, _replayed = done_once(verb="account_agree", actor=actor, key=key, meaning=meaning, at=at, do=do)
        return Agreement.objects.select_related("fee_item").get(pk=int(made))


def agree_many(
    *, organization: Organization, wanted: Sequence[tuple[BillingAccount, FeeItem]], how: str, actor: User, at: datetime
) -> list[Agreement]:
    """Each household wants its voluntary item from its account's first day on, in the order given.

    Needs an open transaction in which ``locked_biller`` holds the organization. Raises NotFound for what is not the
    organization's, NothingToAgreeTo, AlreadyAgreed, BadEvidence; then nothing was written.
    """
    said = _said(how, field="how")
    live = Agreement.objects.filter(account__organization=organization, until=None)
    seen = set(live.values_list("account_id", "fee_item_id"))
    for account, item in wanted:
        if {account.organization_id, item.organization_id} != {organization.pk}:
            raise NotFound()
        if item.compulsory:
            raise NothingToAgreeTo(field="fee_item", item=item.name)
        if (account.pk, item.pk) in seen:
            raise AlreadyAgreed(field="fee_item", item=item.name)
        seen.add((account.pk, item.pk))
    return Agreement.objects.bulk_create(
        [
            Agreement(
                account=account, fee_item=item, since=account.since, how=said, recorded_by=actor, recorded_at=at
            )
            for account, item in wanted
        ]
    )  # fmt: skip


@again_when_locked_out
def end_agreement(*, agreement_id: int, on: date, actor: User, at: datetime) -> Agreement:
    """``on`` is its last day. Raises NotFound, BadTerm."""
    with transaction.atomic():
        found = Agreement.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
        if found is None:
            raise NotFound()
        _locked(found.account_id, actor=actor, at=at)
        if on < found.since:
            raise BadTerm(field="on")
        found.until = on
        found.save(update_fields=["until"])
        return found


def _locked(account_id: int, *, actor: User, at: datetime) -> BillingAccount:
    """Two who write down the same exemption meet here. Raises NotFound."""
    account = BillingAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None:
        raise NotFound()
    biller(account.organization_id, deed="keep_bills", actor=actor, at=at)
    return account


def _said(text: str, *, field: str) -> str:
    text = composed(text)
    if len(text) > LONGEST_EVIDENCE or not storable(text):
        raise BadEvidence(field=field)
    return text
