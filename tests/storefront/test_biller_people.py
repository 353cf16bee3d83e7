"""Who works for a biller: seen, named, given a role and sent home by its manager alone; on a phone without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as shop
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from base.periods import vietnam_day
from cooperatives.models import Organization, RoleGrant, User
from cooperatives.permissions import roles_of
from payments import cash
from tests import billers
from tests.billers import School
from tests.people import grant, user
from tests.storefront.desk_walk import body, key_in, plain, signed_in

pytestmark = pytest.mark.django_db
NEW = {"name": "Lê Thị Mơ", "phone": "0912 000 111", "password": "cá kho làng Vũ Đại", "role": "treasurer"}


@pytest.fixture
def thu(school: School) -> Client:
    return signed_in(school.manager)


def held(school: School, person: User) -> frozenset[str]:
    return roles_of(person, organization=school.organization, on=vietnam_day(timezone.now()))


def grant_of(person: User) -> RoleGrant:
    return RoleGrant.objects.get(user=person)


def everything() -> tuple[Any, ...]:
    return User.objects.count(), list(RoleGrant.objects.order_by("pk").values())


def test_everybody_stands_there_with_phone_and_role_since_when(school, thu):
    page = body(thu.get("/biller/people/"))
    for said in ("Nga", "0911 000 002", "Hiệu trưởng, quản lý", "Kế toán (thủ quỹ)", "Người thu", "từ 01/01/2026"):
        assert said in page, said
    assert "Đã thôi" not in page


def test_a_waterworks_has_a_treasurer_and_a_shop_has_staff(school, thu):
    Organization.objects.filter(pk=school.organization.pk).update(kind="utility", bills_for="water")
    page = body(thu.get("/biller/people/"))
    for said in ("Quản lý</span>", "Thủ quỹ</span>", "Người thu</span>"):
        assert said in page, said
    assert "Hiệu trưởng" not in page
    Organization.objects.filter(pk=school.organization.pk).update(sells=True)
    assert "Nhân viên</span>" in body(thu.get("/biller/people/"))


def test_the_way_there_is_on_the_managers_home_page_alone(school, thu):
    assert 'href="/biller/people/"' in body(thu.get("/biller/"))
    for who in (school.treasurer, school.clerk):
        assert "/biller/people/" not in body(signed_in(who).get("/biller/"))


def test_a_new_accountant_is_named_once_and_can_work(school, thu):
    typed = NEW | {"key": key_in(thu.get("/biller/people/new/"))}
    for _tap in range(2):
        assert thu.post("/biller/people/new/", typed).headers["Location"] == "/biller/people/"
    mo = User.objects.get(phone="+84912000111")
    assert held(school, mo) == {"treasurer"}
    assert mo.check_password(NEW["password"])
    assert "Lê Thị Mơ" in body(thu.get("/biller/people/"))
    assert signed_in(mo).get("/biller/runs/new/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"), ({"phone": ""}, "phone"), ({"phone": "12"}, "phone"),
        ({"phone": "0911000003"}, "phone"), ({"password": ""}, "password"), ({"password": "12345678"}, "password"),
        ({"role": ""}, "role"), ({"role": "owner"}, "role"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_it_and_nobody_is_made(school, thu, wrong, field):
    before = everything()
    answer = thu.post("/biller/people/new/", NEW | {"key": "k"} | wrong)
    assert answer.status_code == 422
    assert f"personform-{field}_error" in body(answer)
    assert everything() == before


def test_a_role_ends_at_once_and_is_given_again_with_one_tap(school, thu):
    tam, first = signed_in(school.clerk), grant_of(school.clerk)
    for _tap in range(2):
        assert thu.post(f"/biller/people/{first.pk}/end/").headers["Location"] == "/biller/people/"
    assert held(school, school.clerk) == frozenset()
    assert tam.get("/biller/").status_code == 404
    page = body(thu.get("/biller/people/"))
    today = vietnam_day(timezone.now())
    assert f"từ 01/01/2026, thôi từ {today:%d/%m/%Y}" in page
    again = dict(re.findall(r'name="(person|role|key)" value="([^"]+)"', page.split("Đã thôi")[1]))
    for _tap in range(2):
        assert thu.post("/biller/people/give/", again).headers["Location"] == "/biller/people/"
    assert held(school, school.clerk) == {"clerk"}
    assert RoleGrant.objects.filter(user=school.clerk).count() == 2
    assert "Đã thôi" not in body(thu.get("/biller/people/"))
    assert tam.get("/biller/").status_code == 200


def test_one_who_is_known_gets_a_second_role(school, thu):
    assert thu.post(
        "/biller/people/give/", {"person": school.manager.pk, "role": "clerk", "key": "k"}
    ).status_code == 303  # fmt: skip
    assert held(school, school.manager) == {"manager", "clerk"}


def test_the_last_manager_cannot_go_and_the_page_says_why(school, thu):
    mine = grant_of(school.manager)
    answer = thu.post(f"/biller/people/{mine.pk}/end/")
    assert answer.status_code == 422
    assert "Phải còn ít nhất một người quản lý" in body(answer)
    assert held(school, school.manager) == {"manager"}


@pytest.mark.parametrize(("also", "lands"), [(None, "/"), ("clerk", "/biller/")])
def test_a_manager_who_sends_herself_home_lands_where_she_may_be(school, thu, also, lands):
    mine = grant_of(school.manager)
    grant(school.treasurer, school.organization, "manager")
    if also:
        grant(school.manager, school.organization, also)
    answer = thu.post(f"/biller/people/{mine.pk}/end/", follow=True)
    assert answer.redirect_chain == [(lands, 303)]
    assert answer.status_code == 200
    assert thu.get("/biller/people/").status_code == 404


def test_cash_in_a_box_is_said_before_and_after(school, thu):
    asked = billers.bill(school.run, school.younger, [(school.meals, 400_000)])
    cash.receive(code=asked.code, amount_dong=30_000, actor=school.clerk, key="k", at=school.now)
    page = body(thu.get("/biller/people/"))
    assert "Két đang có 30.000\u00a0₫" in page
    assert "Két của Tâm còn 30.000\u00a0₫" in page
    thu.post(f"/biller/people/{grant_of(school.clerk).pk}/end/")
    page = body(thu.get("/biller/people/"))
    assert "Két còn giữ 30.000\u00a0₫" in page
    assert 'href="/biller/cash/boxes/"' in page
    grant(school.clerk, school.organization, "clerk", since=vietnam_day(timezone.now()))
    grant(school.clerk, school.organization, "treasurer")
    assert "Két của Tâm còn" not in body(thu.get("/biller/people/"))  # the other role hands it over


def test_nobody_but_a_manager_sees_or_does_any_of_it(school, world):
    before, first = everything(), grant_of(school.clerk)
    for who in (school.treasurer, school.clerk, world.manager, world.buyer):
        client = signed_in(who)
        for address in ("/biller/people/", "/biller/people/new/"):
            assert client.get(address).status_code == 404
        assert client.post("/biller/people/new/", NEW | {"key": "k"}).status_code == 404
        given = {"person": school.clerk.pk, "role": "manager", "key": "k"}
        assert client.post("/biller/people/give/", given).status_code == 404
        assert client.post(f"/biller/people/{first.pk}/end/").status_code == 404
    assert Client().get("/biller/people/").headers["Location"].startswith("/sign-in/?next=")
    assert everything() == before


def test_people_of_another_biller_are_not_there(school, world):
    Organization.objects.filter(pk=world.organization.pk).update(bills=True)
    mai, before = signed_in(world.manager), everything()
    page = body(mai.get("/biller/people/"))
    assert "0911 000 00" not in page
    there, nowhere = (mai.post(f"/biller/people/{pk}/end/") for pk in (grant_of(school.clerk).pk, 999_999))
    assert (there.status_code, plain(there)) == (404, plain(nowhere))
    for stranger in (school.clerk.pk, world.buyer.pk, 999_999):  # of a school, of nowhere, nobody
        answer = mai.post("/biller/people/give/", {"person": stranger, "role": "manager", "key": "k"})
        assert answer.status_code == 422
    assert everything() == before


def test_a_manager_of_two_places_ends_roles_where_she_stands(school, world):
    Organization.objects.filter(pk=world.organization.pk).update(bills=True)
    grant(school.manager, world.organization, "manager")
    client = signed_in(school.manager)
    here = body(client.get("/biller/people/"))
    elsewhere = world.clerk if "<strong>Tâm</strong>" in here else school.clerk
    assert f"<strong>{elsewhere.name}</strong>" not in here
    assert client.post(f"/biller/people/{grant_of(elsewhere).pk}/end/").status_code == 404
    assert grant_of(elsewhere).until is None


def test_many_people_cost_as_many_queries_as_few(school, thu, django_assert_max_num_queries):
    thu.get("/biller/people/")
    with django_assert_max_num_queries(16) as few:
        thu.get("/biller/people/")
    for n in range(6):
        person = user(f"Người thu {n}", f"+8491300000{n}", password=None)
        given = grant(person, school.organization, "clerk")
        if n % 2:
            given.until = given.since + timedelta(days=9)
            given.save()
    with django_assert_max_num_queries(16) as many:
        thu.get("/biller/people/")
    assert len(many) == len(few)


# -- In a browser ---------------------------------------------------------------------------------------------


@pytest.fixture
def phone(request: Any, school: School, browser: Browser, live_server: Any) -> Iterator[Page]:
    """The head teacher's phone: 360 px, without scripts unless the test asks for them."""
    client = signed_in(school.manager)
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=getattr(request, "param", False),
        base_url=live_server.url,
    )  # fmt: skip
    name = shop.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    yield page
    context.close()


def assert_fits(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than its window"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("phone", [True], indirect=True, ids=["scripts"])
def test_the_pages_are_readable_by_everybody(phone: Page, school: School) -> None:
    gone = user("Người thu cũ", "+84913000001", password=None)
    given = grant(gone, school.organization, "clerk")
    RoleGrant.objects.filter(pk=given.pk).update(until=given.since)
    for address in ("/biller/people/", "/biller/people/new/"):
        phone.goto(address)
        assert_fits(phone)
        found = Axe().run(phone)
        assert found.violations_count == 0, f"{phone.url}\n{found.generate_report()}"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_accountant_comes_goes_and_comes_back_on_a_phone_without_scripts(phone: Page, school: School) -> None:
    phone.goto("/biller/")
    phone.get_by_role("link", name="Người làm việc").click()
    phone.get_by_role("link", name="Ghi người làm mới").click()
    phone.get_by_label("Họ và tên").wait_for()
    assert_fits(phone)
    phone.get_by_label("Họ và tên").fill(NEW["name"])
    phone.get_by_label("Số điện thoại").fill(NEW["phone"])
    phone.get_by_label("Mật khẩu đầu tiên").fill(NEW["password"])
    phone.get_by_label("Kế toán (thủ quỹ)").check()
    phone.get_by_role("button", name="Ghi và giao việc").click()
    phone.get_by_text("Lê Thị Mơ làm việc “Kế toán (thủ quỹ)” từ hôm nay.").wait_for()
    mo = User.objects.get(phone="+84912000111")
    assert held(school, mo) == {"treasurer"}
    assert_fits(phone)
    phone.get_by_role("button", name="Lê Thị Mơ thôi việc “Kế toán (thủ quỹ)”").click()
    phone.get_by_role("heading", name="Đã thôi").wait_for()
    assert held(school, mo) == frozenset()
    assert_fits(phone)
    phone.get_by_role("button", name="Giao lại").click()
    phone.get_by_text("Lê Thị Mơ làm việc “Kế toán (thủ quỹ)” từ hôm nay.").wait_for()
    assert held(school, mo) == {"treasurer"}
