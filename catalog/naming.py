"""Names of members: read by buyers while they agree, and not a moment longer.

The consent is a mark on the membership (``Member.shows_name``); who set it and when stands in the log. Her name is also
one of the words that her goods are found by, so those go and come with it.
"""

import logging
from datetime import datetime

from django.db import transaction

from base.periods import vietnam_day
from base.refusals import NotFound
from base.retrying import again_when_locked_out
from catalog import versions
from catalog.lots import require_live_member
from catalog.models import Product
from catalog.search.embedded import reindex
from cooperatives.models import Member, User
from cooperatives.permissions import require

log = logging.getLogger(__name__)


@again_when_locked_out
def show_name(*, member_id: int, shows: bool, actor: User, at: datetime) -> None:
    """Let buyers read the member's name, or no longer: on every page and in what her goods are found by, at once.

    She herself may, and who keeps the portraits (``shows`` only when she has said so). Set already: nothing happens.
    Opens its own transaction; locks the member, her goods, the shop's version. Raises NotFound (a stranger too),
    NotAMemberHere (who has left is not named anew; hiding her is possible for good).
    """
    member = Member.objects.select_related("organization").filter(pk=member_id).first()
    if member is None:
        raise NotFound()  # no field: the very answer that a stranger gets
    today = vietnam_day(at)
    if actor.pk != member.user_id:
        require(actor, "keep_portraits", organization=member.organization, on=today)
    with transaction.atomic():
        locked = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member_id)
        if locked.shows_name == shows:
            return
        if shows:
            require_live_member(member_id, organization=member.organization, on=today, field="member_id")
        locked.shows_name = shows
        locked.save(update_fields=["shows_name"])
        reindex(Product.objects.filter(maker=locked), at=at)
        versions.moved([member.organization_id])  # also where she makes no goods: the cooperative's page names her
    log.info("member %s is %s from now on, says user %s", member_id, "named" if shows else "not named", actor.pk)
