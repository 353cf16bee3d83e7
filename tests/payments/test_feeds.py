"""Connecting sources of bank lines: what each needs, and that nothing of it can be read from the table."""

import pytest
from django.utils import timezone

from base.refusals import NotFound
from payments import feeds
from payments.models import Feed
from tests.people import World

pytestmark = pytest.mark.django_db

KEY = "khoa-bi-mat-cua-nguon"


def connect(world: World, provider: str = "sepay", **more: object) -> Feed:
    given: dict[str, object] = {"auth": feeds.AUTHS[provider][0], "key": None if provider == "sms" else KEY}
    return feeds.connect(
        bank_account=world.bank_account, provider=provider, actor=world.treasurer, at=world.now, **(given | more)
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("provider", sorted(feeds.AUTHS))
def test_each_source_has_an_address_of_its_own_and_sealed_keys(world: World, provider: str) -> None:
    names = {name: f"{name}-0123456789" for name in feeds.CREDENTIALS.get(provider, ())}
    feed = connect(world, provider, credentials=names, senders="Vietcombank")
    other = connect(world, provider, senders="Vietcombank")
    assert feed.token != other.token
    assert feeds.keys_of(feed) == ([] if provider == "sms" else [KEY])
    assert feeds.credentials_of(feed) == names
    stored = Feed.objects.values().get(pk=feed.pk)
    assert not any(secret in str(stored) for secret in [KEY, *names.values()])


@pytest.mark.parametrize(
    ("provider", "more", "refused"),
    [
        ("sepay", {"key": "ngan"}, feeds.BadFeedKey),
        ("sepay", {"key": "co dau cach o day"}, feeds.BadFeedKey),
        ("sepay", {"key": None}, feeds.BadFeedKey),
        ("sepay", {"auth": "token"}, feeds.BadFeedAuth),
        ("casso", {"auth": "apikey"}, feeds.BadFeedAuth),
        ("payos", {"credentials": {"client_id": "abcdef"}}, feeds.BadCredentials),
        ("payos", {"credentials": {"client_id": "abcdef", "api_key": "có dấu"}}, feeds.BadCredentials),
        ("sepay", {"credentials": {"password": "0123456789"}}, feeds.BadCredentials),
        ("sms", {"senders": ""}, feeds.BadSenders),
        ("sms", {"senders": "0912345678"}, feeds.BadSenders),
        ("sms", {"senders": "Viet\x00com"}, feeds.BadSenders),
    ],
)
def test_what_cannot_work_is_refused(world: World, provider: str, more: dict, refused: type) -> None:
    with pytest.raises(refused):
        connect(world, provider, **more)
    assert not Feed.objects.exists()


def test_nobody_else_touches_a_connection(world: World) -> None:
    feed = connect(world)
    for actor in (world.other_treasurer, world.clerk, world.manager):
        with pytest.raises(NotFound):
            feeds.rotate_key(feed_id=feed.pk, key="khoa-khac-hoan-toan", actor=actor, at=world.now)
        with pytest.raises(NotFound):
            feeds.disconnect(feed_id=feed.pk, actor=actor, at=world.now)
        with pytest.raises(NotFound):
            feeds.pull_on(feed_id=feed.pk, credentials={"api_token": "x" * 20}, actor=actor, at=world.now)
    with pytest.raises(NotFound):
        feeds.disconnect(feed_id=feed.pk + 1, actor=world.treasurer, at=world.now)


def test_two_keys_live_until_the_old_one_is_dropped(world: World) -> None:
    feed = connect(world)
    feeds.rotate_key(feed_id=feed.pk, key="khoa-thu-hai", actor=world.treasurer, at=world.now)
    feeds.rotate_key(feed_id=feed.pk, key="khoa-thu-hai", actor=world.treasurer, at=world.now)
    feeds.rotate_key(feed_id=feed.pk, key="khoa-thu-ba", actor=world.treasurer, at=world.now)
    feed.refresh_from_db()
    assert feeds.keys_of(feed) == ["khoa-thu-ba", "khoa-thu-hai"]
    feed = feeds.drop_old_key(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    assert feeds.keys_of(feed) == ["khoa-thu-ba"]


def test_pulling_needs_what_the_provider_asks_for(world: World) -> None:
    feed = connect(world)
    with pytest.raises(feeds.BadCredentials):
        feeds.pull_on(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    feed = feeds.pull_on(feed_id=feed.pk, credentials={"api_token": "t" * 20}, actor=world.treasurer, at=world.now)
    assert (feed.pulls, feed.pull_next_at) == (True, world.now)
    feed = feeds.disconnect(feed_id=feed.pk, actor=world.treasurer, at=world.now)
    assert (feed.is_live, feed.pulls, feed.pull_next_at) == (False, False, None)
    sms = connect(world, "sms", senders="Vietcombank")
    with pytest.raises(feeds.BadCredentials):
        feeds.pull_on(feed_id=sms.pk, actor=world.treasurer, at=world.now)


def test_only_names_that_were_written_down_are_believed(world: World) -> None:
    feed = connect(world, "sms", senders=" Vietcombank , VCB  Digibank,Vietcombank")
    assert feed.senders == "Vietcombank,VCB Digibank"
    assert feeds.believes_sender(feed, "VIETCOMBANK ")
    assert not any(feeds.believes_sender(feed, name) for name in ("", "Vietcombank2", "0912345678", "Vietcom", ","))
    feed = feeds.say_senders(feed_id=feed.pk, senders="Agribank", actor=world.treasurer, at=timezone.now())
    assert not feeds.believes_sender(feed, "Vietcombank")
