"""Seasons, stars, faces and reviews at the desk: done once, refused kindly, shut to strangers."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from base.periods import today_in_vietnam
from catalog.models import OcopCertificate, Portrait
from orders.models import Review
from tests.catalog.test_pictures import drawn, encoded
from tests.people import World
from tests.storefront.desk_walk import body, key_in, signed_in
from tests.storefront.trusting import received, said, shown


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("anh.jpg", encoded(drawn()), content_type="image/jpeg")


def paper(**changed: str) -> dict[str, str]:
    today = today_in_vietnam()
    return {
        "stars": "4", "decision": "12/QĐ-UBND", "issuer": "UBND tỉnh", "issued_on": today.isoformat(),
        "expires_on": (today + timedelta(days=1096)).isoformat(), "key": "k", **changed,
    }  # fmt: skip


def test_a_season_is_written_and_taken_back(world: World) -> None:
    clerk, address = signed_in(world.clerk), f"/desk/goods/{world.product.pk}/season/"
    assert clerk.post(address, {"first_month": "9", "last_month": "11", "key": "k"}).status_code == 303
    world.product.refresh_from_db()
    assert (world.product.season_from, world.product.season_to) == (9, 11)
    assert 'value="9" selected' in body(clerk.get(address))
    half = clerk.post(address, {"first_month": "9", "last_month": "", "key": "l"})
    assert half.status_code == 422
    assert "Mùa vụ cần cả tháng đầu và tháng cuối" in body(half)
    assert clerk.post(address, {"first_month": "", "last_month": "", "key": "m"}).status_code == 303
    world.product.refresh_from_db()
    assert world.product.season_from is None


def test_stars_are_recorded_once_and_withdrawn(world: World) -> None:
    treasurer, address = signed_in(world.treasurer), f"/desk/goods/{world.product.pk}/certificate/"
    form = paper(key=key_in(treasurer.get(address)))
    for _tap in range(2):
        assert treasurer.post(address, form).status_code == 303
    recorded = OcopCertificate.objects.get()
    assert "đang hiện" in body(treasurer.get(address))
    assert treasurer.post(f"{address}{recorded.pk}/withdraw/").status_code == 303
    recorded.refresh_from_db()
    assert recorded.withdrawn_at is not None
    assert "đã gỡ" in body(treasurer.get(address))


@pytest.mark.parametrize(
    ("field", "typed", "beside"),
    [
        ("stars", "", "Hãy chọn số sao."),
        ("stars", "2", "OCOP chỉ có 3, 4 hoặc 5 sao."),
        ("decision", "", "Hãy điền ô này."),
        ("issuer", " ", "Hãy điền ô này."),
        ("issued_on", "2999-01-01", "Ngày chưa đúng"),
        ("expires_on", "2020-01-01", "Ngày chưa đúng"),
        ("expires_on", "mai", "Ngày chưa đúng. Ví dụ"),
    ],
)
def test_a_paper_misread_is_refused_beside_its_field(world: World, field: str, typed: str, beside: str) -> None:
    address = f"/desk/goods/{world.product.pk}/certificate/"
    answer = signed_in(world.manager).post(address, paper(**{field: typed}))
    assert answer.status_code == 422
    told = body(answer)
    assert beside in told[told.index(f'-{field}_error"') :][:600]
    assert not OcopCertificate.objects.exists()


def test_a_face_goes_up_with_its_consent_and_down_at_once(world: World) -> None:
    manager, address = signed_in(world.manager), f"/desk/members/{world.member_an.pk}/portrait/"
    form = {
        "wording": "2026-11", "agreed": "on", "consented_on": today_in_vietnam().isoformat(), "witness": "",
        "key": key_in(manager.get(address)),
    }  # fmt: skip
    for _tap in range(2):
        assert manager.post(address, {**form, "photo": picture()}).status_code == 303
    assert Portrait.objects.filter(withdrawn_at=None).count() == 1
    assert manager.post(f"{address}withdraw/").status_code == 303
    assert not Portrait.objects.filter(withdrawn_at=None).exists()
    assert "đã gỡ và xóa" in body(manager.get(address))


@pytest.mark.parametrize(
    ("changed", "beside"),
    [({"agreed": ""}, "Chưa có lời đồng ý"), ({"photo": ""}, "Hãy chọn ảnh."), ({"wording": "cũ"}, "Lời đồng ý vừa"),
     ({"photo": "không phải ảnh"}, "không phải ảnh"), ({"consented_on": "2999-01-01"}, "Ngày đồng ý không hợp lệ")],
)  # fmt: skip
def test_without_consent_or_picture_no_face_goes_up(world: World, changed: dict[str, str], beside: str) -> None:
    form: dict[str, Any] = {
        "wording": "2026-11", "agreed": "on", "consented_on": today_in_vietnam().isoformat(), "witness": "", "key": "k",
        "photo": picture(), **changed,
    }  # fmt: skip
    if changed.get("photo"):
        form["photo"] = SimpleUploadedFile("a.jpg", changed["photo"].encode())
    answer = signed_in(world.manager).post(f"/desk/members/{world.member_an.pk}/portrait/", form)
    assert answer.status_code == 422
    assert beside in body(answer)
    assert not Portrait.objects.exists()


def test_she_takes_her_face_down_herself(world: World) -> None:
    herself = signed_in(world.member_an.user)
    assert "Ảnh của tôi" not in body(herself.get("/member/"))
    shown(world, world.member_an)
    shown(world, world.member_hoa, key="l")
    assert "Ảnh của tôi" in body(herself.get("/member/"))
    assert herself.post("/member/portrait/withdraw/").status_code == 303
    assert [one.member for one in Portrait.objects.filter(withdrawn_at=None)] == [world.member_hoa]


def test_a_review_is_answered_and_hidden(world: World) -> None:
    review = said(world, received(world), stars=1)
    clerk, manager = signed_in(world.clerk), signed_in(world.manager)
    assert re.search(r"Nhận xét<.*?>1<span", body(clerk.get("/desk/goods/")), re.DOTALL)
    assert "Chưa trả lời (1)" in body(clerk.get("/desk/reviews/"))
    assert "Ẩn lời này" not in body(clerk.get("/desk/reviews/"))
    assert clerk.post(f"/desk/reviews/{review.pk}/reply/", {"text": "Cảm ơn.", "key": "k"}).status_code == 303
    assert review.text not in body(clerk.get("/desk/reviews/?unanswered"))
    empty = manager.post(f"/desk/reviews/{review.pk}/hide/", {"reason": "", "key": "k"})
    assert empty.status_code == 422
    assert "Hãy ghi lý do." in body(empty)
    assert manager.post(f"/desk/reviews/{review.pk}/hide/", {"reason": "tục", "key": "k"}).status_code == 303
    review.refresh_from_db()
    assert (review.reply, review.hidden_reason) == ("Cảm ơn.", "tục")
    assert manager.post(f"/desk/reviews/{review.pk}/show/").status_code == 303
    review.refresh_from_db()
    assert review.hidden_at is None


@pytest.mark.parametrize("reviews", [1, 3])
def test_more_reviews_at_the_desk_ask_no_more(world: World, reviews: int, django_assert_max_num_queries: Any) -> None:
    for _number in range(reviews):
        said(world, received(world))
    clerk = signed_in(world.clerk)
    clerk.get("/desk/reviews/")
    with django_assert_max_num_queries(7):
        assert clerk.get("/desk/reviews/").status_code == 200


def test_strangers_find_nothing_and_change_nothing(world: World) -> None:
    review = said(world, received(world))
    shown(world, world.member_an)
    goods, member = f"/desk/goods/{world.product.pk}", f"/desk/members/{world.member_an.pk}"
    doors: dict[str, tuple[dict[str, Any], set[str]]] = {
        f"{goods}/season/": ({"first_month": "1", "last_month": "2", "key": "k"}, {"treasurer"}),
        f"{goods}/certificate/": (paper(), {"clerk"}),
        f"{member}/portrait/": ({"key": "k"}, {"clerk"}),
        f"{member}/portrait/withdraw/": ({}, {"clerk"}),
        f"/desk/reviews/{review.pk}/reply/": ({"text": "x", "key": "k"}, set()),
        f"/desk/reviews/{review.pk}/hide/": ({"reason": "x", "key": "k"}, {"clerk", "treasurer"}),
        f"/desk/reviews/{review.pk}/show/": ({}, {"clerk", "treasurer"}),
    }
    for address, (form, shut) in doors.items():
        for who in {"buyer", "other_treasurer", *shut}:
            assert signed_in(getattr(world, who)).post(address, form).status_code == 404, (address, who)
    world.product.refresh_from_db()
    assert world.product.season_from is None
    assert not OcopCertificate.objects.exists()
    assert Portrait.objects.filter(withdrawn_at=None).count() == 1
    assert Review.objects.filter(reply="", hidden_at=None).count() == 1
