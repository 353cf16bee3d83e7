"""Stars, seasons, faces and prices by the kilogram through GraphQL: one query count, and refusals by their field."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql_relay import to_global_id

from base.periods import today_in_vietnam, vietnam_day
from catalog import certifying, portraits, seasons
from catalog.models import OcopCertificate, Portrait
from cooperatives.models import Member
from tests import people
from tests.catalog.test_pictures import drawn, encoded
from tests.catalog.test_schema import ask
from tests.people import World

pytestmark = pytest.mark.django_db

GOODS = """{ products { edges { node {
  slug seasonFrom seasonTo inSeason ocopStars ocopCertificate { stars decision issuer issuedOn expiresOn }
  rating { average count } maker { name portrait { url(size: 160, kind: JPG) isDrawn } }
  variants { pricePerKgDong }
} } } }"""
PAPER = {
    "stars": 4, "decision": "12/QĐ", "issuer": "UBND tỉnh", "issuedOn": "2026-01-05", "expiresOn": "2029-01-05",
    "idempotencyKey": "k",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def do(mutation: str, fields: str, viewer: Any, **given: Any) -> dict[str, Any]:
    name = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ {fields} errors {{ field code }} }} }}"
    return ask(document, viewer, input=given)[mutation]


def trusted(world: World, number: int) -> None:
    """One product more, with all that is told of it."""
    today = today_in_vietnam()
    maker = people.member(people.user(f"Người {number}", None), world.organization, number=10 + number)
    Member.objects.filter(pk=maker.pk).update(shows_name=True)
    product = people.product(world.organization, world.category, slug=f"h{number}", name=f"H {number}", maker=maker)
    people.variant_by_piece(product)
    seasons.set_season(product_id=product.pk, first=1, last=12, actor=None, at=world.now)
    certifying.record_certificate(
        product_id=product.pk, stars=4, decision="12/QĐ", issuer="UBND tỉnh", issued_on=vietnam_day(world.now),
        expires_on=today + timedelta(days=1), actor=None, key=f"{number}", at=world.now,
    )  # fmt: skip
    portraits.record_portrait(
        member_id=maker.pk, data=encoded(drawn()), wording=portraits.WORDING, consented_on=vietnam_day(world.now),
        witness="", actor=None, key=f"{number}", at=world.now, is_drawn=True,
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_all_of_it_takes_the_queries_of_a_page(world: World, count: int) -> None:
    for number in range(count):
        trusted(world, number)
    with CaptureQueriesContext(connection) as captured:
        nodes = [edge["node"] for edge in ask(GOODS)["products"]["edges"]]
    assert len(captured) == 5, "goods with their ratings; variants, photos, certificates, faces"
    told = next(node for node in nodes if node["slug"] == "h0")
    face = Portrait.objects.get(member__user__name="Người 0")
    assert told["maker"] == {"name": "Người 0", "portrait": {"url": face.url(160, "jpg"), "isDrawn": True}}
    assert (told["seasonFrom"], told["inSeason"], told["ocopStars"]) == (1, True, 4)
    assert told["ocopCertificate"]["decision"] == "12/QĐ"
    assert told["rating"] == {"average": None, "count": 0}
    assert told["variants"] == [{"pricePerKgDong": "375000"}]


def test_stars_are_recorded_and_withdrawn(world: World) -> None:
    product_id = to_global_id("Product", world.product.pk)
    made = do("ocopCertificateRecord", "ocopCertificate { id stars }", world.treasurer, productId=product_id, **PAPER)
    assert (made["ocopCertificate"]["stars"], made["errors"]) == (4, [])
    twice = do("ocopCertificateRecord", "ocopCertificate { id }", world.treasurer, productId=product_id, **PAPER)
    assert twice["ocopCertificate"]["id"] == made["ocopCertificate"]["id"]
    bad = do("ocopCertificateRecord", "ocopCertificate { id }", world.treasurer, productId=product_id,
             **PAPER | {"stars": 6, "idempotencyKey": "l"})  # fmt: skip
    assert bad == {"ocopCertificate": None, "errors": [{"field": "stars", "code": "BAD_STARS"}]}
    gone = do("ocopCertificateWithdraw", "ocopCertificate { id }", world.manager,
              ocopCertificateId=made["ocopCertificate"]["id"])  # fmt: skip
    assert gone["errors"] == []
    assert OcopCertificate.objects.get().withdrawn_at is not None


def test_a_season_is_set_and_half_of_one_is_refused(world: World) -> None:
    product_id = to_global_id("Product", world.product.pk)
    done = do("productSeasonSet", "product { seasonFrom seasonTo rating { count } }", world.clerk,
              productId=product_id, firstMonth=11, lastMonth=2)  # fmt: skip
    assert done["product"] == {"seasonFrom": 11, "seasonTo": 2, "rating": {"count": 0}}
    half = do("productSeasonSet", "product { slug }", world.clerk, productId=product_id, firstMonth=11)
    assert half["errors"] == [{"field": "lastMonth", "code": "BAD_SEASON"}]


def test_a_face_is_shown_with_a_consent_and_withdrawn_by_herself(world: World) -> None:
    given = {
        "memberId": to_global_id("Member", world.member_an.pk), "wording": portraits.WORDING,
        "consentedOn": today_in_vietnam().isoformat(), "idempotencyKey": "k",
        "imageBase64": base64.b64encode(encoded(drawn())).decode(),
    }  # fmt: skip
    assert do("portraitRecord", "portrait { url }", world.manager, **given)["portrait"]["url"]
    for change, error in (
        ({"imageBase64": "?"}, {"field": "imageBase64", "code": "BAD_IMAGE"}),
        ({"imageBase64": "AAAA"}, {"field": "photo", "code": "NOT_AN_IMAGE"}),
        ({"wording": "cũ"}, {"field": "wording", "code": "OTHER_WORDING"}),
    ):
        refused = do("portraitRecord", "portrait { url }", world.manager, **given | change)
        assert refused == {"portrait": None, "errors": [error]}
    for _tap in range(2):
        gone = do("portraitWithdraw", "withdrawn", world.member_an.user, memberId=given["memberId"])
        assert gone == {"withdrawn": True, "errors": []}
    assert not Portrait.objects.filter(withdrawn_at=None).exists()
