"""Saying what waits in the outbox, through an adapter. Today there is the console; SMS and Zalo come later.

An adapter says one message and returns, or raises CouldNotSay; then the message goes on waiting. It is said first and
marked afterwards: after a crash in between it is said twice, never lost.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from base.refusals import Refused
from cooperatives import outbox, phones
from cooperatives.models import Message, Organization

Adapter = Callable[[Message], None]


class Writable(Protocol):
    """Standard error, a file, or Django's wrapper of either."""

    def write(self, msg: str, /) -> object: ...


class CouldNotSay(Refused):
    code = "COULD_NOT_SAY"
    sentence = _("Chưa gửi được tin nhắn này. Tin vẫn nằm trong danh sách cần báo.")


def console(stream: Writable) -> Adapter:
    """Writes each message to ``stream``: for trying out, and for a person who reads it out on the phone."""

    def say(message: Message) -> None:
        try:
            stream.write(f"{message.to_name} {phones.shown(message.to_phone)}\n  {message.text}\n")
        except OSError as error:
            raise CouldNotSay() from error

    return say


def say_waiting(
    *, organization: Organization | None, through: str, adapter: Adapter, at: datetime, most: int = 100
) -> Iterator[Message]:
    """Say the oldest ``most`` waiting messages (of one organization, or of all), and mark each as it is said.

    ``through`` names the adapter on the row. Yields what was said; lets the first CouldNotSay through and stops.
    """
    waiting = Message.objects.waiting().order_by("id")
    if organization is not None:
        waiting = waiting.filter(organization=organization)
    for message in waiting[:most]:
        adapter(message)
        yield outbox.mark_said(message=message, actor=None, through=through, at=at)
