"""What a shared view is tagged with, what it may know, and how much of it is kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from storefront import shared_pages
from storefront.shared_pages import NotForEverybody, market, nothing, of_product, of_shop, shared_page
from tests.people import World

pytestmark = pytest.mark.django_db


# -- Tags --------------------------------------------------------------------------------------------------


def test_each_tag_is_one_query(world: World, rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.get("/")
    for ask in (
        lambda: market(request), lambda: of_product(request, slug=world.product.slug),
        lambda: of_shop(request, slug=world.organization.slug),
    ):  # fmt: skip
        with django_assert_num_queries(1):
            assert ask() is not None


def test_nothing_is_shared_of_what_is_not_there(world: World, rf: RequestFactory) -> None:
    assert of_product(rf.get("/"), slug="no-such") is None
    assert of_shop(rf.get("/"), slug="no-such") is None


def test_a_shop_tag_moves_with_its_people(world: World, rf: RequestFactory) -> None:
    tags = {of_shop(rf.get("/"), slug=world.organization.slug)}
    for change in ({"shows_name": True}, {"left_on": date(2026, 3, 1)}):
        world.organization.members.filter(pk=world.member_hoa.pk).update(**change)
        tags.add(of_shop(rf.get("/"), slug=world.organization.slug))
    assert len(tags) == 3


# -- What a view may and may not do -------------------------------------------------------------------------


def drawn_by(view: Callable[..., HttpResponse], request: HttpRequest, **how: Any) -> HttpResponse:
    how = {"tag": lambda _request: (1,), **how}
    return shared_page(**how)(view)(request)


def test_a_form_token_on_a_shared_page_is_a_bug(rf: RequestFactory) -> None:
    with pytest.raises(NotForEverybody, match="token"):
        drawn_by(lambda request: HttpResponse(get_token(request)), rf.get("/"))


def test_a_cookie_on_a_shared_page_is_a_bug(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("who", "you")
        return response

    with pytest.raises(NotForEverybody, match="who"):
        drawn_by(view, rf.get("/"))


def test_a_view_meets_a_stranger(rf: RequestFactory, world: World) -> None:
    request = rf.get("/x/?page=2&fbclid=1", headers={"cookie": "sessionid=1; lang=en", "user-agent": "Zalo"})
    request.user, request.session = world.buyer, {"basket": {}}  # type: ignore[assignment]

    def view(stranger: HttpRequest) -> HttpResponse:
        assert not stranger.user.is_authenticated
        assert not hasattr(stranger, "session")
        assert (stranger.COOKIES, dict(stranger.headers)) == ({}, {})
        assert stranger.get_full_path() == "/x/?page=2"
        assert stranger.GET.dict() == {"page": "2"}
        return HttpResponse("for everybody")

    assert drawn_by(view, request).content == b"for everybody"
    assert request.user == world.buyer
    assert request.COOKIES["lang"] == "en"


def test_only_what_was_found_is_kept(rf: RequestFactory) -> None:
    answers = [HttpResponse(status=503), HttpResponse(status=302, headers={"Location": "/"}), HttpResponse("here")]
    seen = [drawn_by(lambda _request: answers.pop(0), rf.get("/")) for _turn in range(3)]
    assert [answer.status_code for answer in seen] == [503, 302, 200]
    assert ["ETag" in answer for answer in seen] == [False, False, True]
    assert drawn_by(lambda _request: HttpResponse("not asked"), rf.get("/")).content == b"here"


def test_a_page_that_is_not_there_stays_not_there(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise Http404

    for _turn in range(2):
        with pytest.raises(Http404):
            drawn_by(view, rf.get("/"))
    assert len(shared_pages.PLAIN) == 0


def test_without_a_tag_the_view_sees_its_visitor(rf: RequestFactory, world: World) -> None:
    request = rf.get("/")
    request.user = world.buyer
    answer = drawn_by(lambda own: HttpResponse(own.user.name), request, tag=lambda _request: None)
    assert answer.content.decode() == world.buyer.name
    assert "ETag" not in answer
    assert len(shared_pages.PLAIN) == 0


def test_strangers_addresses_never_push_out_what_everybody_opens(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_pages.NARROWED, "most_bytes", 6_000)
    drawn_by(lambda _request: HttpResponse("home"), rf.get("/"), reads=nothing)
    for number in range(300):
        query = {"q": f"chữ {number}", "junk": "x" * number, f"n{number}": "1", "page": number}
        drawn_by(lambda request: HttpResponse(request.GET["q"] * 50), rf.get("/search/", query))
        drawn_by(lambda _request: HttpResponse("home"), rf.get("/", query), reads=nothing)
        drawn_by(lambda _request: HttpResponse("home"), rf.get("/", headers={"host": f"testserver:{number}"}))
    assert len(shared_pages.PLAIN) == 1
    assert 0 < shared_pages.NARROWED.held_bytes <= 6_000


def test_one_question_in_many_spellings_is_kept_once(rf: RequestFactory) -> None:
    for query in ("?category=khac&page=2", "?page=2&category=khac", "?page=2&x=1&category=khac&stars=9&sort=&price=a"):
        drawn_by(lambda _request: HttpResponse("page"), rf.get("/" + query))
    assert len(shared_pages.NARROWED) == 1


def test_each_name_of_ours_has_its_own_page(rf: RequestFactory, settings: Any) -> None:
    """A preview's picture is named in full: by the host that was asked."""
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    seen = [
        drawn_by(
            lambda request: HttpResponse(request.build_absolute_uri("/x.jpg")), rf.get("/", headers={"host": host})
        )
        for host in ("a.example", "b.example")
    ]
    assert [answer.content for answer in seen] == [b"http://a.example/x.jpg", b"http://b.example/x.jpg"]
