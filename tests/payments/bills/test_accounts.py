"""Accounts and households by their verbs: made, changed, ended, exempt and agreed; and what a stranger may not."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from base.names import section_key, sort_key
from base.refusals import KeyReused, NotFound
from cooperatives.phones import BadPhone
from payments.bills import account_terms, accounts, households
from payments.bills.account_terms import AlreadyAgreed, AlreadyExempt, BadTerm, NothingToAgreeTo
from payments.models import Agreement, BillingAccount, ExemptGroup, FeeItem, Household, HouseholdLink
from tests import billers
from tests.billers import School
from tests.people import World

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 5)


def add(school: School, **more: Any) -> BillingAccount:
    given: dict[str, Any] = {
        "organization_id": school.organization.pk, "kind": "pupil", "name": "Vũ  Thị Dung ", "section": "4C",
        "since": SINCE, "actor": school.treasurer, "key": "k", "at": school.now, **more,
    }  # fmt: skip
    return accounts.add(**given)


def test_an_account_has_its_keys_a_number_and_a_household_of_its_own(school):
    billers.billing_account(school.organization, "X Y", number="HS0417")
    made = add(school, phone="0901 234 567", guardian="Vũ Văn Cha")
    assert (made.name, made.number) == ("Vũ Thị Dung", "HS0418")
    assert (made.name_key, made.section_key) == (sort_key("Vũ Thị Dung"), section_key("4C"))
    assert made.household is not None
    assert (made.household.name, made.household.phone) == ("Vũ Văn Cha", "+84901234567")
    assert add(school, phone="0901 234 567", guardian="Vũ Văn Cha") == made
    with pytest.raises(KeyReused):
        add(school, name="Ai Khác")


def test_numbers_of_our_making_are_of_their_kind(school):
    assert add(school, kind="meter", key="a").number == "DH0001"
    assert add(school, kind="member", key="b").number == "HV0001"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, accounts.BadAccountName), ({"name": "123"}, accounts.BadAccountName),
        ({"name": "A\x00"}, accounts.BadAccountName), ({"number": "9" * 41}, accounts.BadAccountNumber),
        ({"section": "x" * 41}, accounts.BadSection), ({"note": "x" * 201}, accounts.BadNote),
        ({"kind": "cat"}, accounts.BadAccountKind), ({"phone": "123"}, BadPhone),
        ({"place": "x" * 81}, households.BadPlace), ({"guardian": "x" * 81}, households.BadHouseholdName),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(school, wrong, refusal):
    before = BillingAccount.objects.count(), Household.objects.count()
    with pytest.raises(refusal):
        add(school, **wrong)
    assert (BillingAccount.objects.count(), Household.objects.count()) == before


def test_a_number_stands_once(school):
    with pytest.raises(accounts.NumberTaken) as taken:
        add(school, number=school.older.number)
    assert school.older.name in taken.value.message
    with pytest.raises(accounts.NumberTaken):
        accounts.change(
            account_id=school.younger.pk, number=school.older.number, name="X Y", section="1B", since=SINCE,
            actor=school.treasurer, at=school.now,
        )  # fmt: skip


def test_a_changed_account_is_sorted_anew(school):
    changed = accounts.change(
        account_id=school.older.pk, number="M1", name="Nguyễn Văn Ân", section="10A", since=SINCE, note="chuyển lớp",
        actor=school.treasurer, at=school.now,
    )  # fmt: skip
    changed.refresh_from_db()
    assert (changed.name_key, changed.section_key) == (sort_key("Nguyễn Văn Ân"), section_key("10A"))
    assert (changed.number, changed.note) == ("M1", "chuyển lớp")


def test_an_account_is_ended_and_the_end_is_taken_back(school):
    ended = accounts.end(account_id=school.older.pk, on=date(2026, 3, 1), actor=school.treasurer, at=school.now)
    assert not BillingAccount.objects.active(on=date(2026, 3, 2)).filter(pk=ended.pk).exists()
    with pytest.raises(accounts.EndsBeforeItBegins):
        accounts.end(account_id=school.older.pk, on=date(2020, 1, 1), actor=school.treasurer, at=school.now)
    with pytest.raises(accounts.EndsBeforeItBegins):
        accounts.change(
            account_id=ended.pk, number="M1", name="X Y", section="", since=date(2026, 3, 2), actor=school.treasurer,
            at=school.now,
        )  # fmt: skip
    assert accounts.end(account_id=ended.pk, on=None, actor=school.treasurer, at=school.now).until is None


def test_exemptions_do_not_overlap_and_are_ended(school):
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo")
    who: dict[str, Any] = {"account_id": school.older.pk, "actor": school.treasurer, "at": school.now}
    first = accounts.exempt(group_id=group.pk, since=SINCE, evidence="Giấy số 12", key="a", **who)
    assert accounts.exempt(group_id=group.pk, since=SINCE, evidence="Giấy số 12", key="a", **who) == first
    with pytest.raises(AlreadyExempt):
        accounts.exempt(group_id=group.pk, since=date(2026, 6, 1), key="b", **who)
    with pytest.raises(BadTerm):
        accounts.end_exemption(exemption_id=first.pk, on=date(2025, 1, 1), actor=school.treasurer, at=school.now)
    accounts.end_exemption(exemption_id=first.pk, on=date(2026, 5, 31), actor=school.treasurer, at=school.now)
    accounts.exempt(group_id=group.pk, since=date(2026, 6, 1), until=date(2026, 7, 1), key="c", **who)
    with pytest.raises(BadTerm):
        accounts.exempt(group_id=group.pk, since=date(2027, 6, 1), until=date(2027, 5, 1), key="d", **who)


def test_only_voluntary_items_are_agreed_to_and_once(school):
    who: dict[str, Any] = {"account_id": school.older.pk, "actor": school.treasurer, "at": school.now}
    with pytest.raises(NothingToAgreeTo):
        accounts.agree(fee_item_id=school.meals.pk, since=SINCE, key="a", **who)
    club = billers.fee_item(school.organization, "Câu lạc bộ vẽ", price_dong=50_000, compulsory=False)
    agreed = accounts.agree(fee_item_id=club.pk, since=SINCE, how="đơn ký tay", key="b", **who)
    with pytest.raises(AlreadyAgreed):
        accounts.agree(fee_item_id=club.pk, since=SINCE, key="c", **who)
    accounts.end_agreement(agreement_id=agreed.pk, on=date(2026, 2, 1), actor=school.treasurer, at=school.now)
    accounts.agree(fee_item_id=club.pk, since=date(2026, 3, 1), key="d", **who)


def test_forms_read_off_together_are_all_written_or_none(school):
    club = billers.fee_item(school.organization, "Câu lạc bộ", price_dong=50_000, compulsory=False)
    first, second = (billers.billing_account(school.organization, name) for name in ("An", "Bình"))

    def agreed(*wanted: tuple[BillingAccount, FeeItem]) -> list[Agreement]:
        with transaction.atomic():
            return account_terms.agree_many(
                organization=school.organization, wanted=wanted, how="phiếu", actor=school.treasurer, at=school.now
            )

    with pytest.raises(AlreadyAgreed):
        agreed((first, club), (first, club))
    with pytest.raises(NothingToAgreeTo):
        agreed((first, club), (second, school.meals))
    assert not Agreement.objects.exists()
    assert [(one.account, one.since) for one in agreed((second, club), (first, club))] == [
        (second, second.since), (first, first.since),
    ]  # fmt: skip
    with pytest.raises(AlreadyAgreed):
        agreed((first, club))


def test_a_new_card_kills_the_old_one(school):
    before = Household.objects.get(pk=school.household.pk)
    made = households.card_anew(household_id=before.pk, actor=school.treasurer, at=school.now)
    assert made.token != before.token
    assert made.card_code != before.card_code
    assert len(made.card_code) == households.CARD_SYMBOLS
    assert not Household.objects.filter(token=before.token).exists()
    assert households.shown_card_code("ABCDE23456") == "ABCDE-23456"


def test_the_second_factor_is_the_phones_end_or_a_given_name(school):
    assert households.second_factor(school.household) == ("4321",)
    for right in ("4321", " 43 21", "0987 654 321"):
        assert households.factor_fits(school.household, right)
    for wrong in ("", "1234", "An", "321", "\ud800"):
        assert not households.factor_fits(school.household, wrong)
    without = billers.household(school.organization, "Bà Tư")
    assert households.second_factor(without) == ()
    assert not households.factor_fits(without, "")
    billers.billing_account(school.organization, "Lê Thị Ánh", of=without)
    for right in ("Ánh", "anh", " LÊ THỊ ÁNH "):
        assert households.factor_fits(without, right)
    assert not households.factor_fits(without, "Lê")


def test_a_household_is_made_changed_and_joined(school):
    made = households.make(
        organization_id=school.organization.pk, name="Bà Tư", phone="", place="Xóm 2", actor=school.treasurer, key="a",
        at=school.now,
    )  # fmt: skip
    assert len(made.token) >= 32
    changed = households.change(
        household_id=made.pk, name="Bà Tư", phone="0901234567", place="", actor=school.treasurer, at=school.now
    )
    assert (changed.phone, changed.token) == ("+84901234567", made.token)
    attached = households.attach(
        account_id=school.older.pk, household_id=made.pk, actor=school.treasurer, at=school.now
    )
    assert attached.household == made
    alone = households.attach(account_id=school.older.pk, household_id=None, actor=school.treasurer, at=school.now)
    assert alone.household is None


def test_what_is_anothers_is_not_found_and_nothing_changed(school: School, world: World) -> None:
    stranger: dict[str, Any] = {"actor": world.other_treasurer, "at": school.now}
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo")
    theirs = billers.household(world.other_organization, "Người khác")
    group_of_others = ExemptGroup.objects.create(organization=world.other_organization, name="Hộ nghèo")
    before = list(BillingAccount.objects.order_by("pk").values()), list(Household.objects.order_by("pk").values())
    own: dict[str, Any] = {"actor": school.treasurer, "at": school.now}
    number: dict[str, Any] = {"number": "1", "name": "X Y", "section": "", "since": SINCE}
    deeds: list[Any] = [
        lambda: accounts.add(organization_id=school.organization.pk, kind="pupil", key="k", **_less(number),
                             **stranger),
        lambda: accounts.change(account_id=school.older.pk, **number, **stranger),
        lambda: accounts.end(account_id=school.older.pk, on=SINCE, **stranger),
        lambda: accounts.exempt(account_id=school.older.pk, group_id=group.pk, since=SINCE, key="k", **stranger),
        lambda: accounts.exempt(account_id=school.older.pk, group_id=group_of_others.pk, since=SINCE, key="k", **own),
        lambda: households.card_anew(household_id=school.household.pk, **stranger),
        lambda: households.card_anew(household_id=theirs.pk, **own),
        lambda: households.attach(account_id=school.older.pk, household_id=theirs.pk, **own),
        lambda: households.attach(account_id=10**6, household_id=None, **own),
        lambda: accounts.add(
            organization_id=school.organization.pk, kind="pupil", key="k", household_id=theirs.pk, **_less(number),
            **own,
        ),
        lambda: accounts.add(organization_id=world.organization.pk, kind="pupil", key="k", **_less(number),
                             actor=world.treasurer, at=world.now),
    ]  # fmt: skip
    for deed in deeds:
        with pytest.raises(NotFound):
            deed()
    with pytest.raises(NotFound):
        accounts.end(account_id=school.older.pk, on=SINCE, actor=school.clerk, at=school.now)
    after = list(BillingAccount.objects.order_by("pk").values()), list(Household.objects.order_by("pk").values())
    assert after == before


def _less(number: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in number.items() if name != "number"}


def test_who_added_a_child_by_the_old_card_does_not_follow_it_into_another_household(school: School) -> None:
    other = billers.household(school.organization, "Lê Văn Đạt", phone="+84987000111")
    aunt = billers.household(school.organization, "Trần Thị Mận", phone="+84987000222")
    HouseholdLink.objects.create(household=aunt, account=school.older, at=school.now)
    households.attach(account_id=school.older.pk, household_id=school.household.pk, actor=school.manager, at=school.now)
    assert HouseholdLink.objects.filter(household=aunt).exists(), "nothing changed"
    households.attach(account_id=school.older.pk, household_id=other.pk, actor=school.manager, at=school.now)
    assert not HouseholdLink.objects.filter(account=school.older).exists()
