"""What carrying costs in the demo, and from where: each by the verb that a real one uses."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cooperatives.models import Organization, User
from orders import delivery_terms, rating
from orders.rating import Wanted

YEN_MO = "14701"
RATES = (
    Wanted(way="HOME", zone="commune", price_dong=0),
    Wanted(way="HOME", zone="province", price_dong=20_000, up_to_g=5_000),
    Wanted(way="COACH", zone="listed", price_dong=40_000, province_codes=("01", "37", "38"), up_to_g=20_000),
    Wanted(way="POST", zone="province", price_dong=22_000, up_to_g=2_000, free_above_dong=500_000),
    Wanted(way="POST", zone="anywhere", price_dong=35_000, up_to_g=2_000, free_above_dong=500_000),
    Wanted(way="POST", zone="anywhere", price_dong=55_000, up_to_g=5_000),
    Wanted(way="CARRIER", zone="anywhere", price_dong=32_000, up_to_g=3_000, free_above_dong=800_000),
)


def decide(*, organization: Organization, manager: User, keys: Iterator[str], at: datetime) -> None:
    """Goods leave from xã Yên Mô, seven rates, and a deposit for a stranger's first order above 500,000 đ."""
    told: dict[str, Any] = {"organization_id": organization.pk, "actor": manager, "at": at}
    delivery_terms.start_from(commune_code=YEN_MO, **told)
    for wanted in RATES:
        rating.set_rate(rate_id=None, wanted=wanted, key=next(keys), **told)
    delivery_terms.ask_first_orders(rule=Organization.FirstOrder.DEPOSIT, above_dong=500_000, deposit_bp=3000, **told)
