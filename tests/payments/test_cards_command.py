"""``cards connect`` and ``cards show``: keys in by standard input, never out again."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from base.command_line import Unusable
from payments.models import Feed
from payments.providers import stripe_events
from tests.outside.fake_stripe import fake_stripe
from tests.people import World

pytestmark = pytest.mark.django_db


def run(*args: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("cards", *args, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_keys_go_in_and_an_address_comes_out(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_stripe(now=int(world.now.timestamp()), secret_key="sk_live_fake") as fake:
        settings.STRIPE_API_BASE = fake.address
        type_in(monkeypatch, json.dumps({"secret_key": "sk_live_fake", "webhook_secret": "whsec_of_the_tests"}))
        [shown] = run("connect", "--organization", "yen-hoa")
    feed = Feed.objects.get()
    assert shown["webhook_address"] == f"{settings.SITE_URL}/hooks/stripe/{feed.token}/"
    assert shown["webhook_events"] == list(stripe_events.EVENTS)
    assert (shown["account"], shown["environment"]) == (fake.account_id, "live")
    assert run("show", "--organization", "yen-hoa") == [shown]
    assert run("show", "--organization", "kim-son") == []
    assert "sk_live" not in json.dumps(shown)
    assert "whsec" not in json.dumps(shown)


@pytest.mark.parametrize("typed", ["", "[]", "{}", '{"secret_key": 7}', '{"secret_key": "sk_live_x", "other": ""}'])
def test_anything_else_on_standard_input_is_unusable(world: World, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    type_in(monkeypatch, typed)
    with pytest.raises(Unusable):
        run("connect", "--organization", "yen-hoa")
    assert not Feed.objects.exists()


def test_an_unknown_organization_is_unusable(world: World) -> None:
    with pytest.raises(Unusable):
        run("show", "--organization", "khong-co")
