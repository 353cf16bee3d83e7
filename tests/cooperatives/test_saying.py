"""The outbox and its console: said once, in order, and never lost."""

import io

import pytest
from django.core.management import call_command

from base.command_line import Unusable
from cooperatives import outbox, saying
from cooperatives.models import Message
from tests.people import World

pytestmark = pytest.mark.django_db


def waits(world: World, text: str, *, mine: bool = True) -> Message:
    return outbox.tell(
        organization=world.organization if mine else world.other_organization, kind=Message.Kind.ORDER_PAID,
        name="Hoàng Văn Dũng", phone="+84912345678", text=text, about="order:1", at=world.now,
    )  # fmt: skip


def test_the_console_says_the_oldest_first_and_marks_them(world):
    first, second = waits(world, "một"), waits(world, "hai")
    stream = io.StringIO()
    said = list(saying.say_waiting(organization=None, through="console", adapter=saying.console(stream), at=world.now))
    assert [message.pk for message in said] == [first.pk, second.pk]
    assert stream.getvalue().index("một") < stream.getvalue().index("hai")
    assert "0912 345 678" in stream.getvalue()
    assert set(Message.objects.values_list("state", "said_through")) == {("said", "console")}


def test_a_message_that_could_not_be_said_goes_on_waiting(world):
    first, second = waits(world, "một"), waits(world, "hai")

    def broken(message: Message) -> None:
        if message.pk == second.pk:
            raise saying.CouldNotSay()

    with pytest.raises(saying.CouldNotSay):
        list(saying.say_waiting(organization=None, through="console", adapter=broken, at=world.now))
    assert list(Message.objects.waiting()) == [second]
    first.refresh_from_db()
    assert first.state == Message.State.SAID


def test_one_organization_says_its_own(world):
    mine, theirs = waits(world, "một"), waits(world, "hai", mine=False)
    out, err = io.StringIO(), io.StringIO()
    call_command("messages", "say", organization=world.organization.slug, stdout=out, stderr=err)
    assert f'"id": {mine.pk}' in out.getvalue()
    assert list(Message.objects.waiting()) == [theirs]


def test_an_unknown_organization_is_said(world):
    with pytest.raises(Unusable, match="nope"):
        call_command("messages", "say", organization="nope")
