"""What the tests of card payments share: a Stripe of our own that runs, an organization that has cards on, a buyer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import time_machine
from django.test import Client

from payments import cards
from payments.models import Feed, PaymentLink, PaymentRequest
from tests.outside.fake_stripe import GOOD, FakeStripe

RETURN, CANCEL = "http://127.0.0.1:8000/pay/x/card/", "http://127.0.0.1:8000/pay/x/"


def clock(fake: FakeStripe) -> datetime:
    """Now, by the fake server's clock."""
    return datetime.fromtimestamp(fake.now, UTC)


def start(fake: FakeStripe, request: PaymentRequest) -> PaymentLink:
    """The buyer presses the button on the pay page."""
    return cards.start(code=request.code, return_url=RETURN, cancel_url=CANCEL, at=clock(fake))


def pays(fake: FakeStripe, request: PaymentRequest, card: str = GOOD) -> PaymentLink:
    """She presses it and types a card on Stripe's page. Nothing is told to us yet."""
    link = start(fake, request)
    fake.pays(link.external_id, card)
    return link


def deliver(fake: FakeStripe, feed: Feed, events: Sequence[dict[str, Any]] | None = None) -> list[int]:
    """Stripe calls our door with ``events`` (all there are), signed now; returns the statuses it gets."""
    statuses = []
    with time_machine.travel(clock(fake), tick=False):
        for event in fake.events if events is None else events:
            body, headers = fake.signed(event)
            kind = headers.pop("Content-Type")
            answer = Client().post(f"/hooks/stripe/{feed.token}/", body, content_type=kind, headers=headers)
            statuses.append(answer.status_code)
    return statuses
