"""Tables of the ground floor, one module a subject."""

from cooperatives.models.books import Entry, LedgerAccount, Posting
from cooperatives.models.messages import Message
from cooperatives.models.once import DoneOnce
from cooperatives.models.organizations import BankAccount, Organization, OrganizationQuerySet
from cooperatives.models.people import ApiToken, Baseline, Member, RoleGrant, User
from cooperatives.models.tries import Tries

__all__ = [
    "ApiToken",
    "BankAccount",
    "Baseline",
    "DoneOnce",
    "Entry",
    "LedgerAccount",
    "Member",
    "Message",
    "Organization",
    "OrganizationQuerySet",
    "Posting",
    "RoleGrant",
    "Tries",
    "User",
]
