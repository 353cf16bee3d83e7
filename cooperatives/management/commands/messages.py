"""``manage.py messages say``: says what waits in the outbox on the console, one JSON line a message said."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from cooperatives import saying
from cooperatives.models import Organization


class Command(JsonLinesCommand):
    help = "Say waiting messages through an adapter. SMS and Zalo adapters do not exist yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=CommandParser)
        say = verbs.add_parser("say", help="write them to standard error and mark them as said")
        say.add_argument("--organization", help="slug; default: all")
        say.add_argument("--through", choices=["console"], default="console")
        say.add_argument("--most", type=int, default=100)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = None
        if options["organization"]:
            organization = Organization.objects.filter(slug=options["organization"]).first()
            if organization is None:
                raise Unusable("UNKNOWN_ORGANIZATION", f"No organization has the slug {options['organization']!r}.")
        said = saying.say_waiting(
            organization=organization, through=options["through"], adapter=saying.console(self.stderr),
            at=timezone.now(), most=options["most"],
        )  # fmt: skip
        for message in said:
            self.print_json({"id": message.pk, "kind": message.kind, "about": message.about, "state": message.state})
