"""Items, dated rates with steps, groups and what a biller decides: typed on pages, refused beside the field."""

import pytest

from payments.models import ExemptGroup, ExemptShare, FeeItem, FeeRate
from tests import billers
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db
ITEM = {"name": "Nước sạch", "period": "month", "measure": "metered", "unit_name": "m³", "compulsory": "on", "note": ""}
RATE = {"since": "2026-03-01", "price_dong": "", "ceiling_dong": "", "legal_basis": "QĐ 12/2026 ngày 5/1/2026"}


@pytest.fixture
def thu(school):
    return signed_in(school.manager)


@pytest.fixture
def water(school):
    return billers.fee_item(school.organization, "Nước uống", price_dong=6_000, measure="metered", unit_name="m³")


def test_an_item_is_added_and_asks_for_its_price_next(school, thu):
    answer = thu.post("/biller/fees/new/", {**ITEM, "key": "k1"})
    item = FeeItem.objects.get(name="Nước sạch")
    assert (answer.status_code, answer.url) == (303, f"/biller/fees/{item.pk}/#rate")
    assert (item.measure, item.unit_name, item.compulsory, item.refundable) == ("metered", "m³", True, False)
    page = body(thu.get("/biller/fees/"))
    assert "chưa có giá" in page
    assert page.rindex("Tiền ăn bán trú") < page.rindex("Nước sạch")


def test_a_double_tap_adds_it_once(school, thu):
    for _tap in range(2):
        assert thu.post("/biller/fees/new/", {**ITEM, "key": "k1"}).status_code == 303
    assert FeeItem.objects.filter(name="Nước sạch").count() == 1


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(school, thu):
    answer = thu.post("/biller/fees/new/", {**ITEM, "unit_name": "", "note": "đồng hồ mới", "key": "k1"})
    assert answer.status_code == 422
    assert "Hãy ghi đơn vị tính" in body(answer)
    assert "đồng hồ mới" in body(answer)
    assert thu.post("/biller/fees/new/", {**ITEM, "name": "Tiền ăn bán trú", "key": "k2"}).status_code == 422


def test_a_price_in_steps_is_typed_without_scripts(school, thu, water):
    shown = thu.get(f"/biller/fees/{water.pk}/")
    answer = thu.post(
        f"/biller/fees/{water.pk}/rate/",
        {**RATE, "upto": ["10", "20", "", ""], "step_dong": ["6.000", "7.500", "9.000", ""], "key": key_in(shown)},
    )
    assert answer.status_code == 303
    rate = FeeRate.objects.get(fee_item=water, since="2026-03-01")
    assert rate.steps == [[10, 6_000], [20, 7_500], [None, 9_000]]
    page = body(thu.get(f"/biller/fees/{water.pk}/"))
    assert "0–10 m³: 6.000\u00a0₫" in page
    assert "trên 20 m³: 9.000\u00a0₫" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"upto": ["10", ""], "step_dong": ["sáu nghìn", "9.000"]}, "Bậc 1: chưa đọc được giá"),
        ({"upto": ["mười", ""], "step_dong": ["6.000", "9.000"]}, "Bậc 1: ghi “đến bao nhiêu” bằng số"),
        ({"upto": ["20", "10", ""], "step_dong": ["1.000", "2.000", "3.000"]}, "Bậc"),
        ({}, "Hãy ghi giá, hoặc giá từng bậc"),
        ({"price_dong": "9.000", "ceiling_dong": "8.000"}, "cao hơn mức trần"),
        ({"price_dong": "6.000", "since": "hôm qua"}, "Ngày chưa đúng"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_beside_the_form(school, thu, water, typed, said):
    answer = thu.post(f"/biller/fees/{water.pk}/rate/", {**RATE, **typed, "key": "k"})
    assert answer.status_code == 422
    assert said in body(answer)
    assert FeeRate.objects.filter(fee_item=water).count() == 1


def test_a_price_without_a_basis_is_kept_and_says_that_nothing_can_be_charged(school, thu):
    answer = thu.post(
        f"/biller/fees/{school.meals.pk}/rate/",
        {**RATE, "since": "2026-02-01", "price_dong": "26.000", "legal_basis": "", "key": "k"},
    )
    assert answer.status_code == 303
    assert "chưa thu được" in body(thu.get("/biller/fees/"))


def test_an_item_is_moved_ended_and_charged_again(school, thu):
    thu.post(f"/biller/fees/{school.boarding.pk}/move/", {"way": "up"})
    names = list(
        FeeItem.objects.filter(organization=school.organization).in_billers_order().values_list("name", flat=1)
    )
    assert names == ["Chăm sóc bán trú", "Tiền ăn bán trú", "Bảo hiểm y tế"]
    assert thu.post(f"/biller/fees/{school.boarding.pk}/move/", {"way": "sideways"}).status_code == 404
    thu.post(f"/biller/fees/{school.boarding.pk}/end/", {})
    assert not FeeItem.objects.get(pk=school.boarding.pk).is_active
    assert "Thu lại" in body(thu.get(f"/biller/fees/{school.boarding.pk}/"))
    thu.post(f"/biller/fees/{school.boarding.pk}/end/", {"back": "1"})
    assert FeeItem.objects.get(pk=school.boarding.pk).is_active


def test_a_group_pays_so_many_per_cent_less(school, thu):
    typed = {"name": "Hộ nghèo", "legal_basis": "NĐ 238/2025", "key": "k1"}
    less = {f"less_{school.meals.pk}": "50", f"less_{school.boarding.pk}": "7,5"}
    assert thu.post("/biller/groups/", {**typed, **less}).status_code == 303
    group = ExemptGroup.objects.get()
    assert dict(ExemptShare.objects.values_list("fee_item", "reduction_bp")) == {
        school.meals.pk: 5_000, school.boarding.pk: 750,
    }  # fmt: skip
    assert "−7,5\u00a0%" in body(thu.get("/biller/fees/"))
    assert 'value="7,5"' in body(thu.get(f"/biller/groups/?group={group.pk}"))
    for wrong in ("150", "nửa", "0,001", "-5"):
        answer = thu.post("/biller/groups/", {**typed, f"less_{school.meals.pk}": wrong, "key": f"k{wrong}"})
        assert answer.status_code == 422, wrong
        assert "Mức giảm phải từ" in body(answer)


def test_what_the_biller_decides(school, thu):
    typed = {"bills_for": "water", "carries_credit": "give_back", "cash_step_dong": "500", "key": "k"}
    assert thu.post("/biller/settings/", typed).status_code == 303
    school.organization.refresh_from_db()
    here = school.organization
    assert (here.bills_for, here.carries_credit, here.cash_step_dong) == ("water", False, 500)
    assert thu.post("/biller/settings/", {**typed, "cash_step_dong": "500.000"}).status_code == 422


def test_a_clerk_looks_and_does_not_touch(school, water):
    tam = signed_in(school.clerk)
    page = body(tam.get(f"/biller/fees/{water.pk}/"))
    assert "Ghi giá này" not in page
    assert tam.get("/biller/fees/new/").status_code == 404
    for door in ("change", "rate", "end", "move"):
        assert tam.post(f"/biller/fees/{water.pk}/{door}/", {**ITEM, **RATE, "key": "k"}).status_code == 404
    assert tam.post("/biller/settings/", {}).status_code == 404


def test_an_item_of_another_biller_is_not_found(school, thu, world):
    strange = billers.fee_item(world.organization, "Của người khác", price_dong=1)
    assert thu.get(f"/biller/fees/{strange.pk}/").status_code == 404
    assert thu.post(f"/biller/fees/{strange.pk}/end/", {}).status_code == 404
    assert signed_in(world.treasurer).get("/biller/fees/").status_code == 404
