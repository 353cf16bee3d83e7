"""The ways about a desk: what a person may open and nothing else, two taps away, and each page knows where it is."""

import re

import pytest
from django.urls import reverse

from catalog.models import Lot
from storefront.desk_map import BILLING, SELLING
from tests.people import grant
from tests.storefront.desk_walk import body, signed_in

pytestmark = pytest.mark.django_db
STAFF = ("manager", "treasurer", "clerk")
GROUPS = re.compile(r'<nav class="desk-groups".*?</nav>', re.DOTALL)
ROW = re.compile(r'<nav class="desk-row".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"(?: aria-current="([a-z]+)")?>')
LISTED = re.compile(r'<li><a href="([^"]+)"><strong>')


def ways(page: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Address and aria-current of the groups, and of the row beneath them."""
    [groups], rows = GROUPS.findall(page), ROW.findall(page)
    return LINK.findall(groups), LINK.findall(rows[0]) if rows else []


def doors(table) -> set[str]:
    return {reverse(place.door) for group in table for place in group.places} - {"/desk/more/", "/biller/more/"}


@pytest.mark.parametrize(("table", "start"), [(SELLING, "/desk/"), (BILLING, "/biller/")], ids=["sells", "bills"])
@pytest.mark.parametrize("who", STAFF)
def test_two_taps_lead_to_every_page_that_opens_and_to_no_other(world, school, table, start, who):
    for lot in Lot.objects.all():
        Lot.objects.filter(pk=lot.pk).update(trace=f"TRACE{lot.pk:05}")  # as lots that were brought in have one
    client = signed_in(getattr(world if table is SELLING else school, who))
    groups, _row = ways(body(client.get(start)))
    assert len(groups) == 5
    listed = LISTED.findall(body(client.get(groups[-1][0])))
    pages = {one: client.get(one, follow=True) for one in doors(table)}
    assert sorted(listed) == sorted(one for one, answer in pages.items() if answer.status_code == 200)
    for address in listed:
        above, row = ways(body(pages[address]))
        assert [current for _href, current in above if current] in (["page"], ["true"]), address
        shown = dict(row) if row else dict(above)
        assert [href for href, current in shown.items() if current] == [address]
        assert shown[address] == ("true" if pages[address].redirect_chain else "page")


def test_a_page_further_in_belongs_to_the_one_that_leads_to_it(world):
    above, row = ways(body(signed_in(world.treasurer).get("/desk/cod/new/")))
    assert dict(above)["/desk/money/"] == "true"
    assert dict(row)["/desk/cod/"] == "true"
    above, row = ways(body(signed_in(world.clerk).get("/desk/cod/")))
    assert dict(above)["/desk/cash/"] == "true"  # her way to money: she sees no lines of the bank
    assert "/desk/money/" not in dict(row)


def test_who_sells_and_bills_finds_both_desks_in_one_list(world, school):
    world.organization.bills = True
    world.organization.save()
    client = signed_in(world.treasurer)
    for start, other in (("/desk/", "/biller/"), ("/biller/", "/desk/")):
        page = body(client.get(f"{start}more/"))
        assert sorted(LISTED.findall(page)) == sorted(
            one for one in doors(SELLING) | doors(BILLING) if client.get(one, follow=True).status_code == 200
        )
        assert f'href="{other}"' in body(client.get(start))


def test_who_only_bills_has_one_desk_on_every_page(school):
    client = signed_in(school.treasurer)
    assert client.get("/desk/more/").headers["Location"] == "/biller/more/"
    above, row = ways(body(client.get("/desk/refunds/")))
    assert above[0][0] == "/biller/"
    assert dict(row)["/desk/refunds/"] == "page"
    assert "/desk/goods/" not in LISTED.findall(body(client.get("/biller/more/")))


def test_who_opens_the_desk_of_her_other_organization_stays_with_its_money(world, school):
    grant(school.treasurer, world.organization, "treasurer")
    client = signed_in(school.treasurer)
    assert world.organization.name in body(client.get("/desk/money/"))
    client.get("/biller/")
    page = body(client.get("/desk/money/"))
    assert f'<p class="desk-who">{school.organization.name}' in page
    assert ways(page)[0][0][0] == "/biller/"


def test_home_says_how_much_waits_where(world, comes):
    comes("khong ro cua ai", 50_000)
    page = body(signed_in(world.treasurer).get("/desk/"))
    [groups] = GROUPS.findall(page)
    assert re.search(r'href="/desk/money/">.*?Tiền</span><span class="badge">.*?</span>1<span', groups, re.DOTALL)
