"""Phone and password, one answer for every wrong pair, and the demo's cards."""

import pytest
from django.core.cache import cache
from django.test import Client

from cooperatives.models import Organization
from storefront.demo_cards import demo_cards
from tests.people import PASSWORD, World, grant
from tests.storefront.desk_walk import body, signed_in

WRONG = "Số điện thoại hoặc mật khẩu không đúng."


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(db):
    cache.clear()


def sign_in(phone: str, password: str = PASSWORD, **more: str):
    client = Client()
    return client, client.post("/sign-in/", {"login": phone, "password": password, **more})


@pytest.mark.parametrize("typed", ["0912000002", "0912 000 002", "+84912000002", "+84 912 000 002", " 0912.000.002 "])
def test_a_number_is_taken_as_people_write_it(world, typed):
    client, answer = sign_in(typed)
    assert answer.status_code == 302, body(answer)
    assert int(client.session["_auth_user_id"]) == world.treasurer.pk


@pytest.mark.parametrize(
    ("who", "where"), [("treasurer", "/desk/"), ("clerk", "/desk/"), ("manager", "/desk/"), ("buyer", "/")]
)
def test_afterwards_everybody_stands_at_her_own_place(world, who, where):
    client, _answer = sign_in(getattr(world, who).phone)
    assert client.get("/after-sign-in/").headers["Location"] == where


def test_signing_in_is_confirmed_in_the_language_of_the_page(world):
    client, _answer = sign_in(world.treasurer.phone)
    page = body(client.get("/desk/"))
    assert f"Đã đăng nhập: {world.treasurer.name}." in page
    assert "Successfully" not in page


def test_a_member_sees_her_own_page_first(world):
    client, _answer = sign_in(world.member_an.user.phone)
    assert client.get("/after-sign-in/").headers["Location"] == "/member/"


def test_unknown_number_and_wrong_password_get_the_same_answer(world):
    _, unknown = sign_in("0987654321")
    _, wrong = sign_in(world.treasurer.phone, "không phải mật khẩu này")
    assert unknown.status_code == wrong.status_code == 422
    for answer in (unknown, wrong):
        assert WRONG in body(answer)
    assert "0987654321" in body(unknown)  # what was typed is still there, the password is not
    assert "không phải mật khẩu này" not in body(wrong)


def test_what_is_no_number_is_said_beside_its_field(world):
    _, answer = sign_in("không có")
    assert answer.status_code == 422
    assert "field--wrong" in body(answer)
    assert "Ví dụ: 0912 345 678" in body(answer)


def test_after_five_wrong_tries_even_the_right_password_waits(world):
    for _try in range(5):
        sign_in(world.treasurer.phone, "sai")
    client, answer = sign_in(world.treasurer.phone)
    assert answer.status_code == 422
    assert "Thử quá nhiều lần" in body(answer)
    assert "_auth_user_id" not in client.session


def test_many_tries_from_one_place_are_refused_whatever_the_number(world):
    answers = [sign_in(f"09870000{number:02d}", "sai")[1] for number in range(35)]
    assert answers[-1].status_code == 429
    assert "Thử quá nhiều lần" in body(answers[-1])


def test_somebody_who_left_gets_the_same_answer(world):
    world.clerk.is_active = False
    world.clerk.save(update_fields=["is_active"])
    client, _answer = sign_in(world.clerk.phone)
    assert "_auth_user_id" not in client.session


def test_next_leads_only_to_our_own_pages(world):
    _, inside = sign_in(world.treasurer.phone, next="/desk/money/")
    assert inside.headers["Location"] == "/desk/money/"
    _, outside = sign_in(world.treasurer.phone, next="https://example.com/")
    assert outside.headers["Location"] == "/after-sign-in/"


def test_signing_out_needs_a_form_and_forgets_everything(world):
    client = signed_in(world.treasurer)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 303
    assert "_auth_user_id" not in client.session


@pytest.fixture
def demo(world: World, settings) -> Organization:
    """Bình's organization is a demo, and he is the demo's treasurer."""
    settings.DEMO = True
    world.treasurer.phone = "+84900000102"
    world.treasurer.save(update_fields=["phone"])
    world.organization.is_demo = True
    world.organization.save(update_fields=["is_demo"])
    return world.organization


def test_a_card_signs_in_the_demos_person(demo, world):
    assert [card.role for card in demo_cards()] == ["treasurer"]
    client = Client()
    answer = client.post("/demo/sign-in/", {"role": "treasurer"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/after-sign-in/")
    assert int(client.session["_auth_user_id"]) == world.treasurer.pk


@pytest.mark.parametrize("role", ["", "manager", "owner", "treasurer'--"])
def test_nobody_else_can_be_tried(demo, role):
    client = Client()
    assert client.post("/demo/sign-in/", {"role": role}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_without_the_demo_there_are_no_cards(demo, settings):
    settings.DEMO = False
    assert demo_cards() == []
    assert Client().post("/demo/sign-in/", {"role": "treasurer"}).status_code == 404


def test_a_number_of_the_demo_in_a_real_organization_is_never_given_away(demo, world):
    world.organization.is_demo = False
    world.organization.save(update_fields=["is_demo"])
    assert demo_cards() == []
    assert Client().post("/demo/sign-in/", {"role": "treasurer"}).status_code == 404


def test_who_works_in_a_real_organization_too_is_never_given_away(demo, world):
    grant(world.treasurer, world.other_organization, "clerk")
    assert Client().post("/demo/sign-in/", {"role": "treasurer"}).status_code == 404


def test_a_card_is_a_form(demo):
    assert Client().get("/demo/sign-in/").status_code == 405
