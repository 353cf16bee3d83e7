"""A biller's price list is for everybody, and nobody's name or debt is on it."""

import pytest
from django.test import Client

from cooperatives.models import Organization
from payments.models import ExemptGroup, ExemptShare, FeeItem, FeeRate
from storefront.templatetags.bills import percent
from tests import billers
from tests.storefront.household_world import Home, home
from tests.storefront.making import text_of

__all__ = ["home"]


def prices_of(slug: str) -> str:
    answer = Client().get(f"/bills/of/{slug}/")
    assert answer.status_code == 200
    return text_of(answer)


def test_each_item_says_price_unit_period_and_by_what_decision(home: Home) -> None:
    FeeRate.objects.update(ceiling_dong=700_000)
    FeeItem.objects.filter(pk=home.school.insurance.pk).update(compulsory=False, note="Thu hộ cơ quan bảo hiểm")
    group = ExemptGroup.objects.create(organization=home.school.organization, name="Hộ nghèo", legal_basis="NĐ 81")
    half = ExemptGroup.objects.create(organization=home.school.organization, name="Hộ cận nghèo")
    ExemptShare.objects.create(fee_item=home.school.boarding, group=group, reduction_bp=10_000)
    ExemptShare.objects.create(fee_item=home.school.boarding, group=half, reduction_bp=5_000)
    page = prices_of("tieu-hoc-hoa-sen")
    for said in (
        "Tiền ăn bán trú", "25.000\u00a0₫", "/ suất", "150.000\u00a0₫", "/ tháng", "631.800\u00a0₫", "/ năm",
        "Nghị quyết 18/NQ-HĐND ngày 1/7/2025", "Mức trần", "700.000\u00a0₫", "bắt buộc", "tự nguyện",
        "Hộ nghèo", "không phải trả", "Hộ cận nghèo", "giảm 50 %", "Thu hộ cơ quan bảo hiểm", "01/01/2026",
    ):  # fmt: skip
        assert said in page, said


def test_steps_are_said_unit_by_unit(home: Home) -> None:
    page = prices_of("nuoc-sach-dong-van")
    for said in ("m³ thứ 1 đến 10", "m³ thứ 11 đến 20", "Từ m³ thứ 21", "6.000\u00a0₫", "9.000\u00a0₫"):
        assert said in page


def test_what_may_not_be_charged_is_not_offered(home: Home) -> None:
    FeeRate.objects.filter(fee_item=home.school.boarding).update(ceiling_dong=100_000)
    FeeRate.objects.filter(fee_item=home.school.insurance).update(legal_basis="")
    page = prices_of("tieu-hoc-hoa-sen")
    assert "Tiền ăn bán trú" in page
    assert "Chăm sóc bán trú" not in page
    assert "Bảo hiểm y tế" not in page


def test_nobody_is_named_on_it(home: Home) -> None:
    for slug in ("tieu-hoc-hoa-sen", "nuoc-sach-dong-van"):
        page = prices_of(slug)
        for account in (home.school.older, home.school.younger, home.water.meter):
            for said in (account.name, account.initials, account.number):
                assert said not in page
        for asked in (home.overdue, home.coming, home.water.asked):
            assert asked.code not in page


@pytest.mark.parametrize("change", [{"bills": False}, {"is_open": False}, {"slug": "khac"}])
def test_whoever_does_not_bill_in_public_has_none(home: Home, change: dict[str, object]) -> None:
    Organization.objects.filter(pk=home.school.organization.pk).update(**change)
    assert Client().get("/bills/of/tieu-hoc-hoa-sen/").status_code == 404


def test_an_empty_list_says_so(home: Home) -> None:
    FeeItem.objects.update(is_active=False)
    assert "Chưa công bố khoản thu nào" in prices_of("tieu-hoc-hoa-sen")


@pytest.mark.parametrize("items", [1, 3])
def test_more_items_ask_no_more_questions(home: Home, items: int, django_assert_num_queries: object) -> None:
    for number in range(items - 1):
        billers.fee_item(home.water.organization, f"Khoản {number}", price_dong=1000)
    with django_assert_num_queries(4):  # type: ignore[operator]
        Client().get("/bills/of/nuoc-sach-dong-van/")


@pytest.mark.parametrize(("bp", "said"), [(10_000, "100 %"), (5_000, "50 %"), (1_250, "12,5 %"), (1, "0,01 %")])
def test_basis_points_are_said_as_percent(bp: int, said: str) -> None:
    assert percent(bp) == said
