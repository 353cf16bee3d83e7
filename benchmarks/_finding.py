"""``python benchmarks/_finding.py GOODS ROUNDS``: a market of so many goods, searched; prints the times as JSON.

Names are those of tests/samples/search.json with other places and packings; each has two ways to buy it, one of twenty
cooperatives, and a description of forty words, a few of them in every second product and most of them rare, as in any
text (the n-th commonest of some 1,200 syllables is drawn n times more seldom). A search ends when the first page of 24
has been read.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from base.syllables import words
from catalog.models import Category, Product, SearchWord, Variant
from catalog.search import elastic, market_words, outbox
from catalog.search.embedded import reindex
from catalog.search.facets import facets
from catalog.search.finding import find, suggest
from cooperatives.models import Organization

SEED, PAGE, AT_ONCE = 7, 24, 1000
PLACES = (
    "Kim Sơn, Yên Mô, Gia Viễn, Nho Quan, Đà Bắc, Cao Phong, Mộc Châu, Hải Hậu, Thái Thụy, Quế Võ, Bắc Hà, Lục Ngạn"
)
PACKINGS = "gói 200g, hộp 500g, túi 1kg, hũ 300ml, chai 1 lít, bó 10, thùng 5kg, nửa ký, vỉ 10 quả, loại 1"
ONSETS = "b c ch d đ g h kh l m n ng nh ph qu r s t th tr v x"
RHYMES = (
    "a ả à ác áng ạnh ao áo ay ấy ăn ằng âm ân ấp e en ẹp ê ền ếp ếch i ím ình "
    "ít iên iếng iều o ó ọc on ong ổ ôi ốt ông ơ ời ớm u ú ục ung uối uồng ư ừng ươi ước"
)
NOW = timezone.now()


def main(count: int, rounds: int) -> None:
    call_command("migrate", verbosity=0)
    sample = json.loads((ROOT / "tests" / "samples" / "search.json").read_text(encoding="utf-8"))
    dice = random.Random(SEED)
    _listed(count, [product["name"] for product in sample["products"]], dice)
    began = time.perf_counter()
    reindex(Product.objects.all(), at=NOW)
    indexing_s = time.perf_counter() - began
    if connection.vendor == "postgresql":  # what its autovacuum does within a minute: nothing was counted yet
        connection.cursor().execute("VACUUM (ANALYZE)")
    began = time.perf_counter()
    if settings.SEARCH_URL:
        outbox.rebuild(at=NOW)
    node_s = time.perf_counter() - began
    asked = [query["q"] for query in sample["queries"]]
    known = list(market_words.vocabulary().counts)
    asked += [" ".join(term[2:] for term in dice.sample(known, dice.randint(1, 3))) for _ in range(40)]
    market_words.forget()
    began = time.perf_counter()
    market_words.vocabulary()
    told = {
        "goods": count,
        "words": SearchWord.objects.count(),
        "index_s": indexing_s,
        "node_s": node_s,
        "vocabulary_ms": (time.perf_counter() - began) * 1000,
        "find_ms": _timed(asked, rounds, _page),
        "icontains_ms": _timed(asked, rounds, _plain_page),
        "suggest_ms": _timed([text[: max(2, len(text) // 2)] for text in asked], rounds, _suggested),
        "facets_ms": _timed(asked, rounds, _facets),
        "hostile_ms": _timed(["chachx" * 40, "a" * 200, "ă " * 100, "cá " * 60, "sa" * 100], rounds, _page),
    }
    if settings.SEARCH_URL:
        assert find("cá", among=Product.objects.published(), at=NOW).engine == "elasticsearch"
        elastic.remove(settings.SEARCH_URL)
    print(json.dumps(told))


def _page(text: str) -> int:
    return len(find(text, among=Product.objects.published(), at=NOW).products.preloaded()[:PAGE])


def _plain_page(text: str) -> int:
    """What a shop without a search of its own does."""
    return len(Product.objects.published().filter(name__icontains=text).preloaded().order_by("-id")[:PAGE])


def _suggested(text: str) -> int:
    return len(suggest(text, at=NOW))


def _facets(text: str) -> int:
    found = find(text, among=Product.objects.published(), at=NOW)
    return len(facets(found.products, on=NOW.date()).categories)


def _timed(asked: list[str], rounds: int, ask: Callable[[str], int]) -> list[float]:
    """Milliseconds of each question, its best of so many rounds: what disturbs it only ever makes it slower."""
    took = []
    for text in asked:
        tries = []
        for _ in range(rounds + 1):  # the first one warms up
            began = time.perf_counter()
            ask(text)
            tries.append((time.perf_counter() - began) * 1000)
        took.append(min(tries[1:]))
    return took


def _listed(count: int, names: list[str], dice: random.Random) -> None:
    shelves = [Category.objects.create(slug=f"ke-{n}", name=f"Kệ {n}", position=n) for n in range(8)]
    places, packings = PLACES.split(", "), PACKINGS.split(", ")
    shops = Organization.objects.bulk_create(
        Organization(
            slug=f"htx-{n}", name=f"HTX {n}", kind=Organization.Kind.COOPERATIVE, sells=True, phone="",
            commune_name=places[n % len(places)], province_name="Ninh Bình", opened_on=NOW.date(), created_at=NOW,
        )
        for n in range(20)
    )  # fmt: skip
    named = {word for name in names for word in words(name) if not word.isdigit()}
    syllables = {onset + rhyme for onset in ONSETS.split() for rhyme in RHYMES.split()}
    spoken = sorted(syllables | named)
    dice.shuffle(spoken)
    shares = [1 / (place + 1) for place in range(len(spoken))]
    goods = [
        Product(
            organization=dice.choice(shops), category=dice.choice(shelves), slug=f"hang-{n}",
            name=f"{dice.choice(names)} {dice.choice(places)} {dice.choice(packings)}"[:120],
            description=" ".join(dice.choices(spoken, shares, k=40)), state=Product.State.PUBLISHED,
            created_at=NOW, published_at=NOW,
        )
        for n in range(count)
    ]  # fmt: skip
    Product.objects.bulk_create(goods, batch_size=AT_ONCE)
    Variant.objects.bulk_create(
        (
            Variant(
                product=product, name=name, sold_by=Variant.SoldBy.PIECE, unit_name="gói", unit=1,
                price_dong=dice.randint(10, 900) * 1000, position=position,
            )
            for product in goods
            for position, name in enumerate(("gói 200 g", "hộp 1 kg"))
        ),
        batch_size=AT_ONCE,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
