"""Reading meters at the biller's desk: the round, one meter, the question about what looks wrong, the next meter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from base.periods import month_of, vietnam_day
from payments.models import BillingAccount, Reading
from tests import billers
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db
SURE = "Đã xem lại đồng hồ, đúng như vậy"


@pytest.fixture
def month():
    return month_of(vietnam_day(timezone.now()))


@pytest.fixture
def meters(school):
    """Two in Xóm Nam, one in Xóm Đông; the first was 100 at the end of the month before the last, used 15."""
    made = [
        billers.billing_account(school.organization, name, number=number, section=section, kind="meter")
        for name, number, section in (
            ("Lê Văn Ba", "ĐH-1", "Xóm Nam"), ("Lê Văn Tư", "ĐH-2", "Xóm Nam"), ("Vũ Thị Sáu", "ĐH-3", "Xóm Đông"),
        )
    ]  # fmt: skip
    Reading.objects.create(
        account=made[0], month="2026-02", read_on=vietnam_day(school.now), old_value=85, new_value=100, used=15,
        recorded_at=school.now,
    )  # fmt: skip
    return made


def typed(client, meter, month, **more):
    address = f"/biller/readings/{meter.pk}/?month={month}&section=X%C3%B3m+Nam"
    key = key_in(client.get(address))
    today = vietnam_day(timezone.now()).isoformat()
    return client.post(address, {"key": key, "read_on": today, **more})


def test_the_collector_reads_one_meter_after_the_other(school, meters, month):
    tam = signed_in(school.clerk)
    first, second, _other = meters
    assert "Đã ghi 0 trên 3 đồng hồ" in body(tam.get("/biller/readings/"))
    answer = typed(tam, first, month, new_value="114")
    assert answer["Location"].startswith(f"/biller/readings/{second.pk}/?month={month}&section=")
    answer = typed(tam, second, month, new_value="9", old_value="0")
    assert answer["Location"].startswith("/biller/readings/?")  # the hamlet is done
    assert list(Reading.objects.filter(month=month).order_by("pk").values_list("old_value", "new_value", "used")) == [
        (100, 114, 14), (0, 9, 9),
    ]  # fmt: skip
    assert Reading.objects.filter(recorded_by=school.clerk).count() == 2
    assert "Đã ghi 2 trên 3 đồng hồ" in body(tam.get("/biller/readings/"))


def test_what_looks_wrong_is_asked_about_and_written_down_once_somebody_is_sure(school, meters, month):
    tam, meter = signed_in(school.clerk), meters[0]
    assert SURE not in body(tam.get(f"/biller/readings/{meter.pk}/"))
    doubted = typed(tam, meter, month, new_value="1140")
    assert doubted.status_code == 422
    assert "trung bình các tháng trước là 15" in body(doubted)
    assert SURE in body(doubted)
    assert not Reading.objects.filter(month=month).exists()
    assert typed(tam, meter, month, new_value="1140", sure="on").status_code == 303
    assert Reading.objects.get(month=month).used == 1040


def test_a_number_below_the_old_one_cannot_be_confirmed(school, meters, month):
    tam = signed_in(school.clerk)
    refused = typed(tam, meters[0], month, new_value="90", sure="on")
    assert refused.status_code == 422
    assert "nhỏ hơn chỉ số cũ 100" in body(refused)
    changed = typed(tam, meters[0], month, new_value="3", meter_changed="on", used="12")
    assert changed.status_code == 303
    assert Reading.objects.get(month=month).meter_changed


@pytest.mark.parametrize("new_value", ["", "-1", "1,5", "1.234", "1.000", "mười", "9999999999"])
def test_what_is_no_figure_is_said_beside_its_field(school, meters, month, new_value):
    answer = typed(signed_in(school.clerk), meters[0], month, new_value=new_value)
    assert answer.status_code == 422
    assert not Reading.objects.filter(month=month).exists()


def test_nobody_else_sees_or_reads_a_meter(school, world, meters, month):
    for stranger in (signed_in(world.treasurer), signed_in(world.buyer)):
        assert stranger.get("/biller/readings/").status_code == 404
        assert stranger.get(f"/biller/readings/{meters[0].pk}/").status_code == 404
        assert stranger.post(f"/biller/readings/{meters[0].pk}/", {"new_value": "120"}).status_code == 404
    assert Client().get("/biller/readings/").headers["Location"].startswith("/sign-in/?next=")
    assert not Reading.objects.filter(month=month).exists()


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=x", "?section=%00", "?q=%00&page=x"])
def test_an_address_that_nobody_offered_shows_this_month(school, meters, month, query):
    shown = body(signed_in(school.clerk).get(f"/biller/readings/{query}"))
    assert f"tháng {month[5:]}/{month[:4]}" in shown


def test_the_way_to_it_is_shown_where_there_are_meters(school, meters, month):
    tam = signed_in(school.clerk)
    for address in ("/biller/", "/biller/accounts/"):
        assert "/biller/readings/" in body(tam.get(address))
    assert f"/biller/readings/{meters[0].pk}/" in body(tam.get(f"/biller/accounts/{meters[0].pk}/"))
    BillingAccount.objects.filter(pk=meters[0].pk).update(until=vietnam_day(timezone.now()) - timedelta(days=1))
    assert f"/biller/readings/{meters[0].pk}/" not in body(tam.get(f"/biller/accounts/{meters[0].pk}/"))


def test_a_round_costs_as_many_queries_with_many_as_with_few(school, meters, django_assert_max_num_queries):
    tam = signed_in(school.clerk)
    tam.get("/biller/readings/")
    for number in range(30):
        billers.billing_account(school.organization, f"Nhà {number}", number=f"M{number}", kind="meter")
    with django_assert_max_num_queries(20):
        tam.get("/biller/readings/")
