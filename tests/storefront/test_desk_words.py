"""What buyers call these goods, said at the desk: looked at, kept, taken back, and put back again."""

import pytest

from catalog.models import Product, SynonymSet
from catalog.search.embedded import reindex
from tests.people import World
from tests.storefront.desk_walk import body, key_in, signed_in

WORDS = "cá trạch, con nhếch"


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    reindex(Product.objects.all(), at=world.now)


def test_a_set_is_looked_at_kept_and_found_by(world: World) -> None:
    clerk = signed_in(world.clerk)
    key = key_in(clerk.get("/desk/words/"))
    look = body(clerk.post("/desk/words/", {"words": WORDS, "key": key, "look": "1"}))
    assert "gõ cách nào cũng thấy 1 mặt hàng" in look
    assert "Cá chạch sấy khô" in look
    assert not SynonymSet.objects.exists()
    for _tap in range(2):
        assert clerk.post("/desk/words/", {"words": WORDS, "key": key, "keep": "1"}).status_code == 303
    assert SynonymSet.objects.get().words == WORDS
    assert "Cá chạch sấy khô" in body(clerk.get("/search/", {"q": "nhếch"}))


def test_what_was_taken_back_is_put_back_by_one_tap(world: World) -> None:
    clerk = signed_in(world.clerk)
    clerk.post("/desk/words/", {"words": WORDS, "key": "k", "keep": "1"})
    said = SynonymSet.objects.get()
    answer = clerk.post(f"/desk/words/{said.pk}/back/")
    assert answer.status_code == 303
    assert not SynonymSet.objects.exists()
    page = body(clerk.get(answer.headers["Location"]))
    assert f"Đã bỏ “{WORDS}”." in page
    assert f'name="words" value="{WORDS}"' in page
    clerk.post("/desk/words/", {"words": WORDS, "key": "l", "keep": "1"})
    assert SynonymSet.objects.get().words == WORDS
    assert clerk.post("/desk/words/9999/back/").headers["Location"] == "/desk/words/"


@pytest.mark.parametrize("words", ["", "một", "a, " * 12, "<script>alert(1)</script>", "\x00, \x00"])
def test_what_is_no_set_is_said_beside_the_field(world: World, words: str) -> None:
    answer = signed_in(world.clerk).post("/desk/words/", {"words": words, "key": "k", "keep": "1"})
    assert answer.status_code == 422
    assert "<script>alert" not in body(answer)
    assert not SynonymSet.objects.exists()


def test_an_address_cannot_put_words_in_her_mouth(world: World) -> None:
    page = body(signed_in(world.clerk).get("/desk/words/", {"back": "<b>một câu dài dòng không phải là nhóm từ</b>"}))
    assert "Đã bỏ" not in page


def test_another_cooperatives_set_is_not_found(world: World) -> None:
    said = SynonymSet.objects.create(organization=world.organization, words=WORDS, written_at=world.now)
    assert signed_in(world.other_treasurer).post(f"/desk/words/{said.pk}/back/").status_code == 404
    assert SynonymSet.objects.filter(pk=said.pk).exists()
