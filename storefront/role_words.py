"""What the roles of a biller are called where it works: a school has an accountant, a waterworks a treasurer."""

from django.utils.translation import gettext as _

from cooperatives.models import Organization, RoleGrant

Role = RoleGrant.Role


def role_words(of: Organization) -> dict[str, str]:
    """Role → its word in the active language, in the order in which they are given."""
    if of.kind == Organization.Kind.SCHOOL or of.bills_for == Organization.BillsFor.SCHOOL:
        words = {Role.MANAGER: _("Hiệu trưởng, quản lý"), Role.TREASURER: _("Kế toán (thủ quỹ)")}
    else:
        words = {Role.MANAGER: str(Role.MANAGER.label), Role.TREASURER: str(Role.TREASURER.label)}
    clerk = str(Role.CLERK.label) if of.sells else _("Người thu")  # one who also packs goods is more than a collector
    return {role.value: word for role, word in words.items()} | {Role.CLERK.value: clerk}
