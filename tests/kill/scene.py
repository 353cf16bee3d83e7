"""What a sender must know of a market before it trades there: ``manage.py shell -c "… scene.tell()"`` prints it.

``scene.make()``, which ``FURNISHING`` runs, furnishes a market without the demo: quicker to set up, for who only calls
hooks and ``/graphql/``.
"""

import json

from django.utils import timezone
from graphql_relay import to_global_id

from catalog.lots import receive_lot
from catalog.models import Variant
from payments.feeds import connect, keys_of
from payments.models import Feed
from tests.people import make_world

BAGS = 200_000
FURNISHING = ("manage.py", "shell", "-v", "0", "-c", "from tests.kill import scene; scene.make()")


def make() -> None:
    """The standing cast, open for trade, and their bank calls them."""
    world = make_world()
    connect(
        bank_account=world.bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC, key="khoa-cua-nguon-tien",
        actor=None, at=world.now,
    )  # fmt: skip


def tell() -> None:
    """The bank's connection, and one variant sold by the piece of which there is enough for everybody."""
    feed = Feed.objects.select_related("bank_account").filter(provider=Feed.Provider.SEPAY).order_by("id")[0]
    variant = Variant.objects.filter(sold_by=Variant.SoldBy.PIECE, step=1).order_by("price_dong", "id")[0]
    receive_lot(
        variant_id=variant.pk, member_id=None, quantity=BAGS * variant.unit, made_on=None, best_before=None, actor=None,
        key="enough-for-everybody", at=timezone.now(),
    )  # fmt: skip
    told = {"token": feed.token, "key": keys_of(feed)[0], "account": feed.bank_account.number, "unit": variant.unit}
    print(json.dumps(told | {"variant": to_global_id("Variant", variant.pk), "variant_pk": variant.pk}))
