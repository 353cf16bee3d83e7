"""Which columns of a bank's files are what, as a person said once: remembered for the account until said anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from cooperatives.models import BankAccount, User
from cooperatives.permissions import require
from payments.models import StatementMapping
from payments.statements.mapping import BadMapping, Mapping


class NothingRemembered(Refused):
    code = "NOTHING_REMEMBERED"
    sentence = _("Tài khoản này chưa chọn cột lần nào. Bấm “Tự chọn cột”.")


def remember(*, bank_account: BankAccount, mapping: Mapping, actor: User, at: datetime) -> StatementMapping:
    """From now on ``mapping`` is offered for the account's files; the one before stays as history. Raises NotFound."""
    require(actor, "import_statements", organization=bank_account.organization, on=vietnam_day(at))
    with transaction.atomic():
        BankAccount.objects.select_for_update(no_key=True).get(pk=bank_account.pk)
        live = StatementMapping.objects.filter(bank_account=bank_account, is_live=True)
        same = live.filter(mapping=mapping.as_json()).first()
        if same is not None:
            return same
        live.update(is_live=False)
        return StatementMapping.objects.create(
            bank_account=bank_account, name=mapping.name[:80], mapping=mapping.as_json(), made_by=actor, made_at=at
        )


def remembered(bank_account: BankAccount) -> Mapping | None:
    """The newest that was said for the account; None where none was, or where an older release wrote it otherwise."""
    found = StatementMapping.objects.filter(bank_account=bank_account, is_live=True).order_by("-pk").first()
    if found is None:
        return None
    try:
        return Mapping.from_json(found.mapping)
    except BadMapping:
        return None
