"""``manage.py cards``: turn cards on by an organization's Stripe keys, and see how they stand.

Keys are read from standard input, never from arguments: those stand in the shell's history and in the process list.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from cooperatives.models import Organization
from payments import cards
from payments.models import Feed
from payments.providers import stripe_events


class Command(JsonLinesCommand):
    help = 'Connect an organization\'s Stripe account: {"secret_key": "…", "webhook_secret": "…"} on standard input.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=CommandParser)
        for verb in ("connect", "show"):
            verbs.add_parser(verb).add_argument("--organization", required=True, metavar="SLUG")

    def handle(self, *args: Any, verb: str, organization: str, **options: Any) -> None:
        owner = Organization.objects.filter(slug=organization).first()
        if owner is None:
            raise Unusable("UNKNOWN_ORGANIZATION", f"--organization: there is no {organization!r}")
        if verb == "connect":
            self.print_json(_shown(cards.connect(organization=owner, actor=None, at=timezone.now(), **_keys())))
            return
        for feed in Feed.objects.filter(organization=owner, provider=Feed.Provider.STRIPE, is_live=True).order_by("pk"):
            self.print_json(_shown(feed))


def _keys() -> dict[str, str]:
    try:
        keys = json.loads(sys.stdin.read())
    except ValueError:
        keys = None
    names = {"secret_key", "webhook_secret"}
    if not isinstance(keys, dict) or "secret_key" not in keys or not set(keys) <= names:
        raise Unusable(
            "BAD_INPUT", 'standard input: one JSON object {"secret_key", "webhook_secret"}, the second optional'
        )
    if not all(isinstance(value, str) for value in keys.values()):
        raise Unusable("BAD_INPUT", "standard input: both keys are texts")
    return keys


def _shown(feed: Feed) -> dict[str, Any]:
    """What is to be typed at Stripe, and how the connection stands; no key."""
    return {
        "account": feed.bank_account.number,
        "environment": feed.environment,
        "webhook_address": settings.SITE_URL + reverse("hook", args=[feed.provider, feed.token]),
        "webhook_events": list(stripe_events.EVENTS),
        "last_call_at": feed.last_call_at.isoformat() if feed.last_call_at else None,
        "balance_read_at": feed.pulled_at.isoformat() if feed.pulled_at else None,
        "trouble": feed.pull_trouble,
    }
