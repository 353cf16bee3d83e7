"""What a link shows in a chat, what machines are told, what robots may read; and how a page is passed on."""

import json
import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from catalog.models import Product, Variant
from cooperatives.models import Organization
from orders.models import Review
from storefront import share_pictures
from tests.people import World, product
from tests.storefront.making import order_as_guest, text_of

PAGE, SHOP = "/p/ca-chach-say-kho/", "/c/yen-hoa/"
_META = re.compile(r'<meta property="([^"]+)" content="([^"]*)">')


def metas(body: str) -> dict[str, str]:
    return dict(_META.findall(body))


def path_of(address: str) -> str:
    assert address.startswith(f"{settings.SITE_URL}/")
    return address.removeprefix(settings.SITE_URL)


def linked(body: str) -> dict[str, Any]:
    """The page's JSON-LD as a browser cuts it out: up to the first end of a script."""
    start = body.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
    found = json.loads(body[start : body.index("</script", start)])
    assert isinstance(found, dict)
    return found


# -- Pictures of links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAGE, SHOP, "/", "/category/do-kho/", "/search/"])
def test_every_page_that_is_passed_on_has_one_address_and_a_picture_that_is_there(
    world: World, client: Client, path: str
) -> None:
    body = text_of(client.get(path))
    said = metas(body)
    assert said["og:url"] == settings.SITE_URL + path
    assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in body
    assert said["og:title"]
    picture = client.get(path_of(said["og:image"]))
    assert picture.status_code == 200
    content = b"".join(picture) if picture.streaming else picture.content
    assert Image.open(BytesIO(content)).size == (int(said["og:image:width"]), int(said["og:image:height"]))


def test_a_list_that_was_narrowed_is_nobodys_page(world: World, client: Client) -> None:
    body = text_of(client.get("/search/?q=ca"))
    assert 'content="noindex, follow"' in body
    assert "canonical" not in body


def test_another_price_is_another_address(world: World, client: Client) -> None:
    before = metas(text_of(client.get(PAGE)))["og:image"]
    old = client.get(path_of(before)).content
    Variant.objects.filter(pk=world.variant.pk).update(price_dong=81_000)
    client.cookies["lang"] = "en"  # past the page that was kept: the verb that changes a price would move it
    said = metas(text_of(client.get(PAGE)))
    assert "81.000" in said["og:title"]
    assert said["og:image"] != before
    now = client.get(path_of(said["og:image"]))
    assert now.content != old
    assert "immutable" in now["Cache-Control"]
    asked_by_the_old_address = client.get(path_of(before))
    assert asked_by_the_old_address.content == now.content
    assert asked_by_the_old_address["Cache-Control"] == "public, max-age=300"


def test_a_picture_is_drawn_once_a_version_and_only_the_last_is_kept(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    real = share_pictures.draw
    monkeypatch.setattr(share_pictures, "draw", lambda *given: drawn.append(given) or real(*given))
    folder = f"cards/p{world.product.pk}"
    Product.objects.filter(pk=world.product.pk).update(name="Cá chạch một nắng")
    for query in ("", "?v=1", "?v=2", "?x=3", "?v="):
        assert client.get(f"{PAGE}share.jpg{query}").status_code == 200
    assert len(drawn) == 1
    Product.objects.filter(pk=world.product.pk).update(name="Cá chạch hai nắng")
    assert client.get(f"{PAGE}share.jpg").status_code == 200
    assert len(drawn) == 2
    assert len(default_storage.listdir(folder)[1]) == 1


def test_a_phone_that_has_the_picture_gets_nothing(world: World, client: Client) -> None:
    etag = client.get(f"{PAGE}share.jpg")["ETag"]
    again = client.get(f"{PAGE}share.jpg", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_who_comes_while_others_are_drawn_for_is_asked_to_come_again(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_pictures, "PATIENCE_S", 0.01)
    Product.objects.filter(pk=world.product.pk).update(name="Cá chạch chưa ai vẽ")
    with share_pictures._one:
        answer = client.get(f"{PAGE}share.jpg")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert client.get(f"{PAGE}share.jpg").status_code == 200


@pytest.mark.parametrize("door", ["share.jpg", "poster.pdf"])
def test_what_is_not_on_sale_has_neither_picture_nor_poster(world: World, client: Client, door: str) -> None:
    assert client.get(f"/p/no-such/{door}").status_code == 404
    Product.objects.update(state=Product.State.DRAFT)
    assert client.get(f"{PAGE}{door}").status_code == 404


def test_a_closed_shop_has_no_picture(world: World, client: Client) -> None:
    Organization.objects.update(is_open=False)
    assert client.get(f"{SHOP}share.jpg").status_code == 404


# -- For machines ---------------------------------------------------------------------------------------------


def test_a_product_is_told_strictly(world: World, client: Client) -> None:
    told = linked(text_of(client.get(PAGE)))
    assert set(told) == {"@context", "@graph"}
    assert told["@context"] == "https://schema.org"
    product, way = told["@graph"]
    here = settings.SITE_URL + PAGE
    assert set(product) == {"@type", "@id", "name", "url", "category", "offers"}
    assert (product["@type"], product["name"], product["url"]) == ("Product", "Cá chạch sấy khô", here)
    seller = {"@type": "Organization", "name": "HTX Nông sản Yên Hòa", "url": settings.SITE_URL + SHOP}
    assert product["offers"] == [
        {
            "@type": "Offer", "name": name, "url": here, "price": price, "priceCurrency": "VND",
            "availability": "https://schema.org/InStock", "seller": seller,
            "priceSpecification": {
                "@type": "UnitPriceSpecification", "price": price, "priceCurrency": "VND",
                "referenceQuantity": {"@type": "QuantitativeValue", "value": grams, "unitCode": "GRM"},
            },
        }
        for name, price, grams in (("gói 200 g", "75000", 200), ("rời", "240000", 1000))
    ]  # fmt: skip
    assert [(one["position"], one["name"]) for one in way["itemListElement"]] == [
        (1, "Đồ khô"),
        (2, "Cá chạch sấy khô"),
    ]
    for step in way["itemListElement"]:
        assert client.get(path_of(step["item"])).status_code == 200


@pytest.mark.parametrize(
    ("on_hand", "said"), [(0, "OutOfStock"), (1, "LimitedAvailability"), (5, "LimitedAvailability"), (6, "InStock")]
)
def test_availability_follows_the_band(world: World, client: Client, on_hand: int, said: str) -> None:
    Variant.objects.filter(pk=world.variant.pk).update(on_hand=on_hand)
    offer = linked(text_of(client.get(PAGE)))["@graph"][0]["offers"][0]
    assert offer["availability"] == f"https://schema.org/{said}"


def test_an_average_is_told_only_where_buyers_gave_one(world: World, client: Client) -> None:
    order = order_as_guest(client, world.variant)
    Review.objects.create(order=order, product=world.product, stars=4, shown_name="Dũng", written_at=world.now)
    rating = linked(text_of(Client().get(PAGE)))["@graph"][0]["aggregateRating"]
    assert (rating["ratingValue"], rating["reviewCount"], rating["bestRating"]) == ("4.0", 1, 5)


def test_no_name_ends_the_script(world: World, client: Client) -> None:
    nasty = "</script><script>alert(1)</script><!-- & \u2028 Cá"
    Product.objects.update(name=nasty[:110], description=f"{nasty}\n<script>")
    Organization.objects.update(name=nasty, about=f"]]> {nasty}")
    for page in (PAGE, SHOP):
        body = text_of(client.get(page))
        assert "<script>alert" not in body
        told = linked(body)
        name = told["@graph"][0]["name"] if page == PAGE else told["name"]
        assert name.startswith("</script><script>alert(1)")


def test_a_shop_is_told_as_its_footer_names_it(world: World, client: Client) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(tax_code="2700123456")
    told = linked(text_of(client.get(SHOP)))
    assert told == {
        "@context": "https://schema.org", "@type": "Organization", "@id": f"{settings.SITE_URL}{SHOP}#shop",
        "name": "HTX Nông sản Yên Hòa", "url": settings.SITE_URL + SHOP, "telephone": "+84229123456",
        "taxID": "2700123456",
        "address": {
            "@type": "PostalAddress", "streetAddress": "Thôn Nộn Khê", "addressLocality": "Yên Mô",
            "addressRegion": "Ninh Bình", "addressCountry": "VN",
        },
    }  # fmt: skip


# -- Robots ---------------------------------------------------------------------------------------------------


def sitemap(client: Client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return [str(loc.text) for loc in ElementTree.fromstring(answer.content).iter(f"{space}loc")]


def test_the_sitemap_names_what_everybody_may_open(world: World, client: Client) -> None:
    named = sitemap(client)
    assert len(named) == len(set(named))
    for address in named:
        assert client.get(path_of(address)).status_code == 200, address
    for page in (PAGE, SHOP, "/", "/category/do-kho/"):
        assert settings.SITE_URL + page in named


def test_the_sitemap_names_no_draft_and_no_closed_shop(world: World, client: Client) -> None:
    Product.objects.update(state=Product.State.DRAFT)
    Organization.objects.filter(pk=world.organization.pk).update(is_open=False)
    named = " ".join(sitemap(client))
    for gone in (PAGE, SHOP, "/category/do-kho/"):
        assert gone not in named


def test_the_sitemap_costs_the_same_for_more_goods(
    world: World, client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        product(world.organization, world.category, slug=f"them-{number}", name=f"Thêm {number}")
    with django_assert_num_queries(4):  # the version, then three
        assert len(sitemap(client)) >= 4


def test_robots_stay_out_of_what_is_somebodys(world: World, client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = text_of(answer).splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    shut = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    for private in ("/pay/CP7K2M9Q9M/", "/o/token/", "/desk/", "/orders/find/", "/bills/h/x/", "/checkout/"):
        assert any(private.startswith(one) for one in shut), private
    for open_ in [path_of(address) for address in sitemap(client)] + [f"{PAGE}share.jpg?v=1", "/media/photos/x.jpg"]:
        assert not any(open_.startswith(one) for one in shut), open_


# -- Passing it on --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAGE, SHOP])
def test_without_scripts_the_address_stands_there_and_no_dead_button(world: World, client: Client, path: str) -> None:
    body = text_of(client.get(path))
    part = body[body.index('class="share"') :]
    part = part[: part.index("</section>")]
    assert f"data-share-link>{settings.SITE_URL}{path}</span>" in part
    assert re.search(r"<button[^>]* hidden ", part)
