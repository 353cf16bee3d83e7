"""The standing cast. An sells, Bình keeps the books, Chi is from another organization, Dũng only buys.

Rows are made plainly, with times as arguments: what the verbs do is for the tests of the verbs. Whoever wants
the whole cast asks for the fixture ``world``; whoever wants more of something calls the function that makes it.
"""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from base.periods import VIETNAM_OFFSET
from catalog.models import Category, CategoryFee, Lot, Product, Variant
from cooperatives.models import BankAccount, Member, Organization, RoleGrant, User
from orders.models import PickupPoint

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=VIETNAM_OFFSET)
OPENED_ON = date(2026, 1, 1)
PASSWORD = "chợ phiên họp sáng sớm"
FEE_BP = 1000  # 10 % of goods


@dataclass(frozen=True)
class World:
    """One cooperative with its people and goods, and a second one whose treasurer is the stranger in every test."""

    now: datetime
    organization: Organization
    bank_account: BankAccount
    pickup_point: PickupPoint
    manager: User  # Mai
    treasurer: User  # Bình
    clerk: User  # Lan
    member_an: Member
    member_hoa: Member
    buyer: User  # Dũng: signed in, holds no role
    other_organization: Organization
    other_bank_account: BankAccount
    other_treasurer: User  # Chi
    category: Category
    product: Product
    variant: Variant  # by piece: 75,000 đ a bag; An brought 20, then Hoa 10
    variant_by_weight: Variant  # 240,000 đ a kilogram; Hoa brought 5,000 g


def user(name: str, phone: str | None, *, password: str | None = PASSWORD) -> User:
    """A person; ``phone`` in E.164, or None for somebody without a phone of her own."""
    return User.objects.create_user(phone=phone, name=name, password=password if phone else None)


def organization(slug: str, name: str, *, opened_on: date = OPENED_ON, at: datetime = NOW) -> Organization:
    """An open cooperative that sells. It has no bank account yet."""
    return Organization.objects.create(
        slug=slug, name=name, kind=Organization.Kind.COOPERATIVE, sells=True, opened_on=opened_on, created_at=at,
        phone="+84229123456", address="Thôn Nộn Khê", commune_name="Yên Mô", province_name="Ninh Bình",
    )  # fmt: skip


def bank_account(owner: Organization, *, number: str, bin: str = "970436", at: datetime = NOW) -> BankAccount:
    """The default account of ``owner``."""
    return BankAccount.objects.create(
        organization=owner, bin=bin, bank_name="Vietcombank", number=number, holder="HTX NONG SAN", is_default=True,
        created_at=at,
    )  # fmt: skip


def grant(person: User, owner: Organization, role: str, *, since: date = OPENED_ON) -> RoleGrant:
    return RoleGrant.objects.create(user=person, organization=owner, role=role, since=since)


def member(person: User, owner: Organization, *, number: int, joined_on: date = OPENED_ON) -> Member:
    return Member.objects.create(user=person, organization=owner, number=number, joined_on=joined_on)


def product(
    owner: Organization, category: Category, *, slug: str, name: str, maker: Member | None = None, at: datetime = NOW
) -> Product:
    """A published product without variants."""
    return Product.objects.create(
        organization=owner, category=category, slug=slug, name=name, maker=maker, state=Product.State.PUBLISHED,
        created_at=at, published_at=at,
    )  # fmt: skip


def variant_by_piece(of: Product, *, name: str = "gói 200 g", price_dong: int = 75_000) -> Variant:
    return Variant.objects.create(
        product=of, name=name, sold_by=Variant.SoldBy.PIECE, unit_name="gói", unit=1, price_dong=price_dong,
        weight_g=200, position=of.variants.count(),
    )  # fmt: skip


def variant_by_weight(of: Product, *, name: str = "rời", price_dong: int = 240_000) -> Variant:
    """Priced for 1,000 g, sold in steps of 100 g."""
    return Variant.objects.create(
        product=of, name=name, sold_by=Variant.SoldBy.WEIGHT, unit_name="kg", unit=1000, step=100,
        price_dong=price_dong, position=of.variants.count(),
    )  # fmt: skip


def stock(variant: Variant, quantity: int, *, owner: Member | None, at: datetime = NOW) -> Lot:
    """One lot more of ``variant``, brought in by ``owner`` (None: the cooperative's own goods)."""
    lot = Lot.objects.create(
        variant=variant, member=owner, code=f"{at:%y%m%d}-{variant.lots.count() + 1}", quantity=quantity, left=quantity,
        made_on=at.date(), received_at=at,
    )  # fmt: skip
    variant.on_hand += quantity
    variant.save(update_fields=["on_hand"])
    return lot


def make_world() -> World:
    """The whole cast with some goods; nothing sold, nothing booked."""
    home = organization("yen-hoa", "HTX Nông sản Yên Hòa")
    away = organization("kim-son", "HTX Cói Kim Sơn")
    binh, chi = user("Phạm Văn Bình", "+84912000002"), user("Lê Thị Chi", "+84912000003")
    mai, lan = user("Đỗ Thị Mai", "+84912000005"), user("Vũ Thị Lan", "+84912000006")
    grant(mai, home, RoleGrant.Role.MANAGER)
    grant(binh, home, RoleGrant.Role.TREASURER)
    grant(lan, home, RoleGrant.Role.CLERK)
    grant(chi, away, RoleGrant.Role.TREASURER)
    an = member(user("Nguyễn Thị An", "+84912000001"), home, number=1)
    hoa = member(user("Trần Thị Hoa", None), home, number=2)
    dried = Category.objects.create(slug="do-kho", name="Đồ khô")
    CategoryFee.objects.create(organization=home, category=dried, fee_bp=FEE_BP)
    CategoryFee.objects.create(organization=away, category=dried, fee_bp=FEE_BP)
    loach = product(home, dried, slug="ca-chach-say-kho", name="Cá chạch sấy khô", maker=an)
    bags, loose = variant_by_piece(loach), variant_by_weight(loach)
    stock(bags, 20, owner=an)
    stock(bags, 10, owner=hoa)
    stock(loose, 5000, owner=hoa)
    return World(
        now=NOW, organization=home, bank_account=bank_account(home, number="0011000123456"),
        pickup_point=PickupPoint.objects.create(
            organization=home, name="Nhà văn hóa thôn", place="Thôn Nộn Khê", hours="7–11 giờ"
        ),
        manager=mai, treasurer=binh, clerk=lan, member_an=an, member_hoa=hoa,
        buyer=user("Hoàng Văn Dũng", "+84912000004"), other_organization=away,
        other_bank_account=bank_account(away, number="0011000999999"), other_treasurer=chi,
        category=dried, product=loach, variant=bags, variant_by_weight=loose,
    )  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    """The standing cast in an empty database."""
    return make_world()
