"""``manage.py demo load | reset | signins``: the demo's data and who can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from base.command_line import JsonLinesCommand
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import Organization
from storefront.demo import cast, loading, resetting
from storefront.demo.sign_ins import EVERYBODY


class Command(JsonLinesCommand):
    help = "Half a year of an invented cooperative, school and waterworks. Refused where a real organization exists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=CommandParser)
        load = verbs.add_parser("load", help="make the demo, print its sign-ins")
        load.add_argument("--if-empty", action="store_true", help="do nothing where any organization exists")
        verbs.add_parser("reset", help="drop all tables, make the demo anew, print its sign-ins")
        verbs.add_parser("signins", help="print the sign-ins of a demo that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "reset":
            resetting.drop_everything()
        if options["verb"] != "signins" and not (options.get("if_empty") and Organization.objects.exists()):
            loading.load(at=timezone.now())
        if demo_is_on() and Organization.objects.filter(is_demo=True).exists():
            for who in EVERYBODY:
                self.print_json({"role": who.role, "name": who.name, "phone": who.phone, "password": cast.PASSWORD})
