"""The stage: two cooperatives in the product, the same in the model, and how a deed is done to both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from base.refusals import Refused
from catalog.models import CategoryFee, Variant
from cooperatives.models import BankAccount, RoleGrant, User
from payments import feeds, opening
from payments.models import Feed
from tests import people
from tests.simulation.bank import Bank
from tests.simulation.goods import Lot, No, Organization
from tests.simulation.goods import Variant as Sold
from tests.simulation.model import Model

KEY = "khoa-bi-mat-cua-nguon"
SENDER = "Vietcombank"
STARTS = (timedelta(0), timedelta(days=16, hours=13), timedelta(days=46, hours=11), timedelta(hours=14, minutes=40))
"""The middle of a month, its last evening, and shortly before midnight."""


@dataclass
class Staff:
    """``second``: another treasurer, who has the same page open."""

    treasurer: User
    second: User
    clerk: User


class Scene:
    """The product's rows that deeds need, the bank, the model, the dice and the time."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.world = world = people.make_world()
        self.now: datetime = world.now + dice.choice(STARTS)
        self.bank_clock: datetime = self.now  # ours may go wrong, the bank's does not
        self.model = Model()
        self.counted = 0  # lines of the bank, for their numbers
        self.files: dict[tuple[int, bytes], int] = {}  # statement files, by account and content
        self.links: dict[str, str] = {}  # the provider's number of a payment link → the code of its request
        away_clerk = people.user("Ngô Văn Cường", "+84912000007")
        people.grant(away_clerk, world.other_organization, RoleGrant.Role.CLERK)
        self.staff = {}
        for number, (owner, treasurer, clerk) in enumerate((
            (world.organization, world.treasurer, world.clerk),
            (world.other_organization, world.other_treasurer, away_clerk),
        )):  # fmt: skip
            second = people.user("Phạm Thị Thu", f"+8491200001{number}")
            people.grant(second, owner, RoleGrant.Role.TREASURER)
            self.staff[owner.pk] = Staff(treasurer, second, clerk)
        world.other_organization.transfer_hours, world.other_organization.cash_step_dong = 20, 500
        world.other_organization.save()
        CategoryFee.objects.filter(organization=world.other_organization).update(fee_bp=720)
        mats = people.product(world.other_organization, world.category, slug="chieu", name="Chiếu cói")
        odd = people.variant_by_piece(mats, name="chiếu đôi", price_dong=123_457)
        fibre = people.variant_by_weight(mats, name="cói rời", price_dong=33_333)
        people.stock(odd, 30, owner=None)
        chi = people.member(world.other_treasurer, world.other_organization, number=1)
        people.stock(fibre, 9_000, owner=chi)
        self.members = {
            world.organization.pk: [world.member_an.pk, world.member_hoa.pk, None],
            world.other_organization.pk: [chi.pk, None],
        }
        second = BankAccount.objects.create(
            organization=world.organization, bin="970405", bank_name="Agribank", number="3200205654321",
            holder="HTX NONG SAN", created_at=world.now,
        )  # fmt: skip
        self.accounts = {one.pk: one for one in (world.bank_account, second, world.other_bank_account)}
        self.bank = Bank({pk: one.number for pk, one in self.accounts.items()}, {}, {second.pk})
        self.providers = {
            world.bank_account.pk: ("sepay", "casso"), second.pk: ("casso-v1",),
            world.other_bank_account.pk: ("sepay", "payos"),
        }  # fmt: skip
        self.feeds: dict[tuple[int, str], Feed] = {}
        for pk, account in self.accounts.items():
            dong = dice.choice([0, 1_000_000, 7_654_321])
            opening.open_account(bank_account=account, amount_dong=dong, actor=None, at=world.now)
            self.bank.openings[pk] = dong
            for provider in (*self.providers[pk], "sms"):
                self.feeds[pk, provider] = feeds.connect(
                    bank_account=account, provider=provider, auth=feeds.AUTHS[provider][0],
                    key=None if provider == "sms" else KEY, senders=SENDER if provider == "sms" else "",
                    credentials={"api_token": "ma-bi-mat-api"} if provider == "sepay" else {}, actor=None, at=world.now,
                )  # fmt: skip
        self._copy_to_model()

    def _copy_to_model(self) -> None:
        model, world = self.model, self.world
        model.now = self.now
        for organization, account in (
            (world.organization, world.bank_account),
            (world.other_organization, world.other_bank_account),
        ):
            model.organizations[organization.pk] = Organization(
                account.pk, organization.transfer_hours, organization.cash_step_dong
            )
        for pk, account in self.accounts.items():
            model.owner_of[pk] = account.organization_id
            model.books[account.organization_id, "bank", f"bank_account:{pk}"] += self.bank.openings[pk]
            model.books[account.organization_id, "opening", ""] += self.bank.openings[pk]
        fees = dict(CategoryFee.objects.values_list("organization_id", "fee_bp"))
        for variant in Variant.objects.select_related("product").order_by("pk"):
            org = variant.product.organization_id
            model.variants[variant.pk] = Sold(
                org, variant.product_id, variant.price_dong, variant.unit, variant.step, fees[org], variant.on_hand
            )
            for lot in variant.lots.order_by("pk"):
                model.lots[lot.pk] = Lot(variant.pk, lot.member_id, lot.quantity)

    def pass_time(self, **more: float) -> None:
        self.now += timedelta(**more)
        self.bank_clock = max(self.bank_clock, self.now)
        self.model.now = self.now

    def agree(self, modelled: Callable[[], object], verb: Callable[[], Any]) -> Any:
        """Do it in the model and in the product: both do it, or both refuse it for the same reason."""
        expected = given = "done"
        try:
            modelled()
        except No as no:
            expected = no.code
        answer = None
        try:
            answer = verb()
        except Refused as no:
            given = no.code
        assert given == expected, f"the model says {expected}, the product {given}"
        return answer if given == "done" else None

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def new_key(self) -> str:
        return f"k{self.dice.getrandbits(48):x}"
