"""What the search field offers while somebody types, asked over GET by the hash of a document of ours."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from catalog.models import Product
from catalog.search.embedded import reindex
from storefront.templatetags.persisted import persisted
from tests import people
from tests.people import World
from tests.storefront.making import text_of


def offered(client: Client, text: str) -> list[dict[str, str]]:
    answer = client.get(persisted("suggestions") + quote(json.dumps({"text": text})))
    assert answer.status_code == 200, answer.content
    suggestions: list[dict[str, str]] = answer.json()["data"]["productSuggestions"]
    return suggestions


def test_three_letters_find_goods_and_their_address(world: World, client: Client) -> None:
    reindex(Product.objects.all(), at=people.NOW)
    assert offered(client, "cha") == [{"text": "Cá chạch sấy khô", "slug": "ca-chach-say-kho", "kind": "PRODUCT"}]
    assert offered(client, "xyz") == []


def test_the_page_asks_where_the_door_answers(world: World, client: Client) -> None:
    assert persisted("suggestions").replace("&", "&amp;") in text_of(client.get("/"))


def test_the_same_question_again_costs_nothing(world: World, client: Client) -> None:
    address = persisted("suggestions") + quote(json.dumps({"text": "cha"}))
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_an_unknown_document_is_no_page() -> None:
    with pytest.raises(FileNotFoundError):
        persisted("no-such")
