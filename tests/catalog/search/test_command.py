"""``search rank`` and ``search reindex`` as the shell sees them."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from base.command_line import Unusable
from catalog.models import Product, SearchWord
from catalog.search.finding import find
from tests.people import World

SAMPLE = str(Path(__file__).parents[2] / "samples" / "search.json")


@pytest.mark.django_db
def test_goods_are_found_again_and_a_second_time_changes_nothing(world: World, capsys) -> None:
    def found() -> list[Product]:
        return list(find(world.product.name, among=Product.objects.all(), at=world.now).products)

    SearchWord.objects.all().delete()
    assert found() == []
    call_command("search", "reindex")
    assert found() == [world.product]
    call_command("search", "reindex")
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first == {"rewritten": Product.objects.count()}
    assert second == {"rewritten": 0}
    world.variant.refresh_from_db()
    assert (world.product.name, world.variant.name, world.variant.price_dong) == (
        "Cá chạch sấy khô", "gói 200 g", 75_000,
    )  # fmt: skip


def test_names_are_ranked_without_a_database(capsys) -> None:
    call_command("search", "rank", "--products", SAMPLE, "--queries", SAMPLE)
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    queries = json.loads(Path(SAMPLE).read_text(encoding="utf-8"))["queries"]
    assert [answer["id"] for answer in answers] == [query["id"] for query in queries]
    assert answers[0]["hits"][0] == "A001"
    assert all(len(answer["hits"]) <= 50 for answer in answers)


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (None, "NO_SUCH_FILE", None),
        ("{", "UNREADABLE_FILE", None),
        ("[" * 100_000, "UNREADABLE_FILE", None),
        ("3", "UNREADABLE_FILE", None),
        ('{"queries": []}', "UNREADABLE_FILE", None),
        ('[{"id": "a", "name": "Cá"}, {"id": 1, "name": "Cá"}]', "BAD_ROW", 2),
        ("[3]", "BAD_ROW", 1),
    ],
)
def test_a_file_that_cannot_be_used_is_said(content: str | None, code: str, row: int | None, tmp_path: Path) -> None:
    file = tmp_path / "products.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(Unusable) as said:
        call_command("search", "rank", "--products", str(file), "--queries", SAMPLE)
    assert (said.value.code, said.value.row) == (code, row)


def test_without_a_node_the_other_engine_is_refused(settings) -> None:
    settings.SEARCH_URL = ""
    with pytest.raises(Unusable) as said:
        call_command("search", "rank", "--products", SAMPLE, "--queries", SAMPLE, "--engine", "elasticsearch")
    assert said.value.code == "NO_SEARCH_URL"
    with pytest.raises(Unusable):
        call_command("search", "rebuild")
