"""A cooperative's own sets of words: for its goods alone, taken back without a trace."""

from datetime import timedelta

import pytest

from base.refusals import NotFound, Refused
from catalog.models import Product, SearchMark, SearchWord, SynonymSet
from catalog.search import own_words, renewing
from catalog.search.embedded import reindex
from catalog.search.finding import find
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world: World) -> World:
    other = people.organization("htx-khac", "HTX Khác", at=world.now)
    people.product(other, world.category, slug="cua-ho", name="Cá chạch kho")
    reindex(Product.objects.all(), at=world.now)
    return world


def found(world: World, text: str) -> list[str]:
    return [product.slug for product in find(text, among=Product.objects.published(), at=world.now).products]


def say(world: World, text: str, **more) -> SynonymSet:
    asked = {"organization_id": world.organization.pk, "text": text, "actor": world.clerk, "at": world.now} | more
    return own_words.say_same(**asked)


def test_its_own_goods_are_found_by_its_own_words(shop: World) -> None:
    assert found(shop, "con nhếch") == []
    said = say(shop, "Cá trạch , CON  NHẾCH")
    assert said.words == "cá trạch, con nhếch"
    assert found(shop, "con nhếch") == found(shop, "nhech") == ["ca-chach-say-kho"]
    assert say(shop, "cá trạch,con nhếch") == said
    gone = own_words.take_back(organization_id=shop.organization.pk, set_id=said.pk, actor=shop.clerk, at=shop.now)
    assert gone == "cá trạch, con nhếch"
    assert found(shop, "con nhếch") == []
    assert not SearchWord.objects.filter(term="a:nhếch").exists()
    assert (
        own_words.take_back(organization_id=shop.organization.pk, set_id=said.pk, actor=shop.clerk, at=shop.now) == ""
    )


def test_what_a_set_will_find_is_seen_before_it_is_kept(shop: World) -> None:
    (look,) = own_words.with_goods(["cá trạch, con nhếch"], organization=shop.organization)
    assert look.names == ("Cá chạch sấy khô",)


@pytest.mark.parametrize(
    "text", ["", " , ", "một", "cá, cá", "a,b,c,d,e,f,g,h,i,k,l", "một câu thật là dài dòng, cá", "cá, " + "x" * 400]
)
def test_what_is_no_set_is_refused(shop: World, text: str) -> None:
    with pytest.raises(Refused):
        say(shop, text)
    assert not SynonymSet.objects.exists()


def test_there_is_an_end_to_sets(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_words, "MOST_SETS", 1)
    say(shop, "cá trạch, con nhếch")
    with pytest.raises(own_words.TooManySets):
        say(shop, "cua, dam")


def test_a_stranger_changes_nothing(shop: World) -> None:
    said = say(shop, "cá trạch, con nhếch")
    for stranger in (shop.other_treasurer, shop.treasurer):
        with pytest.raises(NotFound):
            say(shop, "cua, dam", actor=stranger)
        with pytest.raises(NotFound):
            own_words.take_back(organization_id=shop.organization.pk, set_id=said.pk, actor=stranger, at=shop.now)
    assert list(SynonymSet.objects.all()) == [said]


def test_words_of_older_rules_are_written_anew_by_the_worker(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "CHUNK", 1)
    SearchWord.objects.all().delete()
    rounds = 0
    while rounds < 10 and renewing.renew(at=shop.now):
        rounds += 1
    assert rounds == Product.objects.count()
    assert renewing.renew(at=shop.now) == 0
    assert SearchMark.objects.get(name="rules").value.endswith("done")
    SearchWord.objects.all().delete()
    assert renewing.renew(at=shop.now + timedelta(hours=1)) == 0, "once a day is enough"
    assert renewing.renew(at=shop.now + timedelta(days=1)) == 1
    monkeypatch.setattr(renewing, "RULES_VERSION", "other")
    assert renewing.renew(at=shop.now + timedelta(days=1)) in (0, 1)
    assert SearchMark.objects.get(name="rules").value.startswith("other ")
