"""Finding whom cash is for: letters without accents, class, number, phone, codes; never somebody else's pupils."""

from datetime import date

import pytest

from payments import bundles, cash_finding
from payments.models import BillingAccount
from tests.payments.cash_world import School, bill, fee_item, pupil, school

__all__ = ["school"]

pytestmark = pytest.mark.django_db


def found(school: School, text: str) -> list[str]:
    return [one.account.number for one in cash_finding.find(organization=school.organization, text=text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("anh", {"HS001"}), ("ÁNH", {"HS001"}), ("nguyen bao", {"HS002"}), ("bảo", {"HS002"}),
        ("3a", {"HS001", "HS003"}), ("khanh 3a", {"HS003"}), ("khánh 1b", set()), ("hs00", {"HS001", "HS002", "HS003"}),
        ("0977 123 456", {"HS001", "HS002"}), ("0977123456", {"HS001", "HS002"}), ("3456", {"HS001", "HS002"}),
        ("56", set()), ("hai", {"HS001", "HS002"}), ("tran quoc khanh", {"HS003"}), ("ruan", set()), ("", set()),
        ("  ", set()), ("\x00", set()), ("x" * 500, set()),
    ],
)  # fmt: skip
def test_a_few_letters_find_them(school, text, numbers):
    assert set(found(school, text)) == numbers


def test_whoever_is_called_so_comes_first(school):
    pupil(school.organization, "Bảo Thị Vân", number="HS009")
    assert found(school, "bao") == ["HS002", "HS009"]


def test_codes_and_cards_name_just_their_accounts(school):
    one, two = bill(school.an, {school.meals: 50_000}), bill(school.brother, {school.meals: 30_000})
    bundle = bundles.make(codes=[one.code, two.code], at=school.world.now)
    assert found(school, one.code) == ["HS001"]
    assert found(school, f"0002010102...0812{two.code}6304ABCD") == ["HS002"]  # a QR as a hand scanner types it
    assert set(found(school, f"chuyen khoan {bundle.code}")) == {"HS001", "HS002"}
    assert set(found(school, "abcde-fgh23")) == {"HS001", "HS002"}
    assert set(found(school, f"https://cho.example/bills/h/{school.household.token}/")) == {"HS001", "HS002"}


def test_what_is_due_stands_beside_the_name(school):
    bill(school.an, {school.meals: 50_000})
    bill(school.an, {school.meals: 20_000, school.fees: 5_000})
    bill(school.an, {school.meals: 0})
    [payer] = cash_finding.find(organization=school.organization, text="ánh")
    assert (payer.bills, payer.due_dong) == (2, 75_000)


def test_a_households_bills_stand_together_oldest_first(school):
    later = bill(school.an, {school.meals: 50_000}, due_on=date(2026, 5, 31))
    sooner = bill(school.brother, {school.meals: 30_000})
    bill(school.khanh, {school.meals: 30_000})
    assert cash_finding.open_requests(school.an) == [sooner, later]
    assert [one.account for one in cash_finding.open_requests(school.khanh)] == [school.khanh]


def test_another_billers_pupils_are_not_found(school):
    other = school.world.other_organization
    theirs = pupil(other, "Nguyễn Thị Ánh", number="X1")
    asked = bill(theirs, {fee_item(other, "Tiền ăn", position=1): 10_000})
    assert found(school, "X1") == []
    assert found(school, "ánh") == ["HS001"]
    assert found(school, asked.code) == []


def test_never_more_than_thirty(school):
    BillingAccount.objects.bulk_create(
        BillingAccount(
            organization=school.organization, kind="pupil", number=f"Z{n}", name=f"Lê Thị Z{n}", name_key=str(n),
            since=date(2026, 1, 1), created_at=school.world.now,
        )
        for n in range(50)
    )  # fmt: skip
    assert len(found(school, "le")) == 30
