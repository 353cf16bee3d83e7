"""How the demo begins: the organization, its people and account, its goods. Each by the verb that a real one uses."""

import io
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from base.periods import vietnam_day
from catalog import listing, photos
from catalog.models import Category, CategoryFee, Variant
from catalog.variants import NewVariant
from cooperatives import baselines, joining
from cooperatives.models import BankAccount, Member, Organization, RoleGrant, User
from orders.models import PickupPoint
from payments import feeds, opening
from payments.models import Feed
from storefront.demo import cast, pictures
from storefront.demo.enrolling import enrolled

OPENING_DONG = 3_250_000


class Beginning:
    """The cooperative as it stood on its first day. ``keys``: idempotency keys, one for each thing done."""

    def __init__(self, *, start: datetime, keys: Iterator[str]) -> None:
        self.start = start
        self.keys = keys
        self.variants: list[tuple[cast.Goods, Variant]] = []
        self.found()
        self.list_goods()

    def found(self) -> None:
        """The organization, its people and its account."""
        start = self.start
        self.organization = Organization.objects.create(
            slug=cast.SLUG, name="Hợp tác xã Nông sản Yên Hòa", kind=Organization.Kind.COOPERATIVE, sells=True,
            is_demo=True, about=cast.ABOUT, representative="Đinh Thị Mơ", tax_code="0000000000", phone="+84900000100",
            address="Nhà văn hóa xóm Trung", commune_name="Yên Mô", province_name="Ninh Bình", claim=cast.CLAIM,
            claim_source=cast.CLAIM_SOURCE, opened_on=vietnam_day(start), created_at=start,
        )  # fmt: skip
        self.bank_account = BankAccount.objects.create(
            organization=self.organization, bin="970436", bank_name="Vietcombank", number="0000000000000",
            holder="HTX NONG SAN YEN HOA", is_default=True, created_at=start,
        )  # fmt: skip
        opening.open_account(bank_account=self.bank_account, amount_dong=OPENING_DONG, actor=None, at=start)
        feeds.connect(
            bank_account=self.bank_account, provider=Feed.Provider.SEPAY, auth=Feed.Auth.HMAC,
            key=secrets.token_urlsafe(24), actor=None, at=start,
        )  # fmt: skip
        people = {who: enrolled(who) for who in cast.SIGN_INS}
        self.treasurer, self.clerk = people[cast.TREASURER], people[cast.CLERK]
        self.manager = people[cast.MANAGER]
        for who, role in (
            (cast.MANAGER, RoleGrant.Role.MANAGER),
            (cast.TREASURER, RoleGrant.Role.TREASURER),
            (cast.CLERK, RoleGrant.Role.CLERK),
        ):
            joining.grant_role(
                person=people[who], organization=self.organization, role=role, since=vietnam_day(start), actor=None,
                at=start,
            )  # fmt: skip
        for position, (name, place, hours) in enumerate(
            (
                ("Nhà văn hóa xóm Trung", "xã Yên Mô, Ninh Bình", "7:00–11:00, thứ Ba và thứ Bảy"),
                ("Cổng chợ Bút", "xã Yên Mô, Ninh Bình", "6:00–8:00 phiên mồng 2, mồng 7"),
            )
        ):
            PickupPoint.objects.create(
                organization=self.organization, name=name, place=place, hours=hours, position=position
            )
        self.members = [
            self._member(one, people.get(cast.MEMBER) if place == 0 else None) for place, one in enumerate(cast.MEMBERS)
        ]

    def _member(self, one: cast.DemoMember, person: User | None) -> Member:
        start = self.start
        person = person or joining.enrol_person(name=one.name, phone=None, password=None)
        member = joining.make_member(
            person=person, organization=self.organization, hamlet=one.hamlet, joined_on=vietnam_day(start),
            shows_name=one.shows_name, actor=None, at=start,
        )  # fmt: skip
        if one.baseline_dong is not None:
            baselines.record_baseline(
                member=member, monthly_dong=one.baseline_dong, method=one.method,
                covers="3 tháng trước khi tham gia và cùng tháng năm trước", witness="", reason="",
                actor=self.treasurer, at=start + timedelta(hours=2),
            )  # fmt: skip
        return member

    def list_goods(self) -> None:
        """Categories, rates, products with drawn pictures."""
        start = self.start + timedelta(hours=3)
        for position, (slug, (name, fee_bp)) in enumerate(cast.CATEGORIES.items()):
            category, _made = Category.objects.get_or_create(slug=slug, defaults={"name": name, "position": position})
            CategoryFee.objects.create(organization=self.organization, category=category, fee_bp=fee_bp)
        for goods in reversed(cast.GOODS):  # the newest stands first in the shop
            maker = self.members[goods.makers[0]] if len(goods.makers) == 1 else None
            product = listing.create_product(
                organization=self.organization, category_slug=goods.category, name=goods.name,
                description=goods.description,
                variants=[NewVariant(name, unit, price, weight) for name, unit, price, weight in goods.variants],
                maker_id=maker.pk if maker else None, actor=None, key=next(self.keys), at=start,
            )  # fmt: skip
            photos.add_photo(
                product=product, data=_png(goods.picture), alt=pictures.alt_text(goods.picture), actor=None, at=start,
                is_drawn=True,
            )  # fmt: skip
            listing.publish_product(product_id=product.pk, actor=None, at=start)
            self.variants += [(goods, variant) for variant in product.variants.all()]


def _png(picture: str) -> bytes:
    out = io.BytesIO()
    pictures.draw(picture, size=640).save(out, "PNG", compress_level=1)
    return out.getvalue()
