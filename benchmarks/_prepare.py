"""``python benchmarks/_prepare.py N``: a cooperative with a bank feed and N orders to be paid; prints them as JSON."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from django.db import transaction
from django.utils import timezone

from catalog.models import Category, CategoryFee
from orders.models import PickupPoint
from orders.placing import Buyer, Wanted
from payments import checkout, feeds
from payments.models import Feed, PaymentRequest
from tests import people

KEY, ACCOUNT, BAGS = "khoa-cua-ngan-hang-do", "0011000777777", 200


def main(count: int) -> None:
    now = timezone.now()
    with transaction.atomic():  # one commit for all of it
        home = people.organization("cho-do", "HTX Chợ Đo", at=now)
        account = people.bank_account(home, number=ACCOUNT, at=now)
        category = Category.objects.create(slug="hang-do", name="Hàng đo")
        CategoryFee.objects.create(organization=home, category=category, fee_bp=people.FEE_BP)
        farmer = people.member(people.user("Nguyễn Thị Đo", None), home, number=1)
        variant = people.variant_by_piece(
            people.product(home, category, slug="goi-do", name="Gói đo", maker=farmer, at=now)
        )
        people.stock(variant, BAGS * count, owner=farmer, at=now)
        point = PickupPoint.objects.create(organization=home, name="Kho", place="Thôn Đo", hours="7–11 giờ")
        feed = feeds.connect(
            bank_account=account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC, key=KEY, actor=None, at=now
        )
        for number in range(count):
            checkout.place(
                wanted=[Wanted(variant.pk, BAGS)], buyer=Buyer("Hoàng Văn Dũng", "0912345678", "Xóm 3"),
                delivery="PICKUP", pickup_point_id=point.pk, pay_by="TRANSFER", note="", key=f"bench-{number}",
                placed_by=None, at=now,
            )  # fmt: skip
    asked = PaymentRequest.objects.filter(organization=home).order_by("id")
    told = {
        "token": feed.token, "key": KEY, "account": ACCOUNT, "due_dong": asked[0].asked_dong,
        "codes": [request.code for request in asked],
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
