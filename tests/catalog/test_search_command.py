"""``search reindex`` brings back goods whose words stand no longer as the rules write them."""

import json

from django.core.management import call_command

from catalog.models import Product
from catalog.search.embedded import matching
from tests.people import World


def test_goods_are_found_again_and_a_second_time_changes_nothing(world: World, capsys) -> None:
    name = world.variant.product.name
    Product.objects.update(found_by="")
    assert not matching(Product.objects.all(), name).exists()
    call_command("search", "reindex")
    assert world.variant.product in matching(Product.objects.all(), name)
    call_command("search", "reindex")
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first == {"rewritten": Product.objects.count()}
    assert second == {"rewritten": 0}
