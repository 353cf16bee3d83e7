"""What is promised stands on pages for everybody, with each organization's own numbers."""

import pytest
from django.test import Client

from cooperatives.models import Organization
from orders import promising
from storefront.views.policies import TITLES
from tests.people import World
from tests.storefront.desk_walk import signed_in
from tests.storefront.making import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("which", TITLES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_page_opens_for_everybody_without_cookies(world: World, which: str, language: str) -> None:
    client = Client()
    client.cookies["lang"] = language
    answer = client.get(f"/policies/{which}/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in text_of(answer)
    assert client.get(f"/policies/{which}/", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_unknown_one_is_not_found(world: World) -> None:
    for which in ("rules", "base", "index", "../desk"):
        assert Client().get(f"/policies/{which}/").status_code == 404


def test_what_an_organization_promises_is_shown_and_a_new_promise_at_once(world: World) -> None:
    assert "2 ngày" in text_of(Client().get("/policies/returns/"))
    assert "3 ngày làm việc" in text_of(Client().get("/policies/complaints/"))
    form = {"key": "k", "complaint_days": "5", "return_days": "7"}
    assert signed_in(world.manager).post("/desk/terms/promises/", form).status_code == 303
    assert "7 ngày" in text_of(Client().get("/policies/returns/"))
    assert "5 ngày làm việc" in text_of(Client().get("/policies/complaints/"))


@pytest.mark.parametrize(
    ("complaint_days", "return_days"), [("0", "2"), ("16", "2"), ("3", "61"), ("x", "2"), ("", "")]
)
def test_no_promise_that_cannot_be_kept(world: World, complaint_days: str, return_days: str) -> None:
    form = {"key": "k", "complaint_days": complaint_days, "return_days": return_days}
    assert signed_in(world.manager).post("/desk/terms/promises/", form).status_code == 422
    assert Organization.objects.get(pk=world.organization.pk).complaint_days == 3


def test_the_verb_itself_refuses_too(world: World) -> None:
    with pytest.raises(promising.BadDays):
        promising.promise(
            organization_id=world.organization.pk, complaint_days=99, return_days=2, actor=world.manager, at=world.now
        )


def test_clerks_and_strangers_promise_nothing(world: World) -> None:
    for who in (world.clerk, world.buyer):
        client = signed_in(who)
        assert client.get("/desk/terms/").status_code == 404
        for door in ("promises", "bank-links"):
            assert client.post(f"/desk/terms/{door}/", {"key": "k", "complaint_days": "9"}).status_code == 404
    theirs = signed_in(world.other_treasurer).post("/desk/terms/bank-links/", {"offers": ""})
    assert theirs.status_code == 303  # her own shop's
    mine = Organization.objects.get(pk=world.organization.pk)
    assert (mine.complaint_days, mine.offers_bank_links) == (3, True)


def test_the_footer_names_the_seller_and_every_policy(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(
        tax_code="2700000000", registration="0912345678, ngày 01/02/2020, phòng Tài chính", representative="Bà Mai"
    )
    page = text_of(Client().get("/complaints/"))
    for said in ("Mã số thuế: 2700000000", "phòng Tài chính", "Bà Mai", "Thôn Nộn Khê", "tel:+84229123456"):
        assert said in page
    for which in TITLES:
        assert f'href="/policies/{which}/"' in page


def test_with_many_sellers_the_footer_says_where_the_rest_are(world: World) -> None:
    for number in range(4):
        Organization.objects.create(
            slug=f"htx-{number}", name=f"HTX {number}", kind="cooperative", sells=True, opened_on=world.now.date(),
            created_at=world.now,
        )  # fmt: skip
    page = text_of(Client().get("/complaints/"))
    assert "Mọi nơi bán hàng ở đây" in page
    assert page.count("<strong>HTX") == 3
