"""The form that sends a refund on its way."""

from typing import Any

from storefront.forms.desk_feed import AccountForm
from storefront.forms.desk_money import PayeeFields


class OrderOutForm(PayeeFields, AccountForm):
    """The whole payee, and from which of our accounts it is sent."""

    field_order = ["payee_bin", "payee_account", "payee_holder", "bank_account"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["bank_account"].required = False

    @property
    def from_account_id(self) -> int | None:
        """Once valid."""
        account = self.cleaned_data["bank_account"]
        return account.pk if account else None
