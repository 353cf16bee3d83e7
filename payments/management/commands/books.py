"""``books audit``: recompute the books and say whether they add up."""

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from base.command_line import JsonLinesCommand, Unusable
from cooperatives.models import Organization
from payments.audit import audit


class Command(JsonLinesCommand):
    help = "Check the books. One JSON line an organization; exit 1 unless unexplained_dong is 0 and every check is ok."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        checking = verbs.add_parser("audit", help="recompute every balance from its documents and compare")
        checking.add_argument("--organization", metavar="ID", help="one organization's slug; without it, all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = Organization.objects.order_by("slug")
        if options["organization"] is not None:
            organizations = organizations.filter(slug=options["organization"])
            if not organizations:
                raise Unusable("UNKNOWN_ORGANIZATION", f"No organization has the slug {options['organization']!r}.")
        all_clean = True
        for organization in organizations:
            result = audit(organization, at=timezone.now())
            all_clean = all_clean and result.is_clean
            self.print_json(
                {
                    "organization": result.organization,
                    "unexplained_dong": result.unexplained_dong,
                    "waiting_dong": result.waiting_dong,
                    "alarm_dong": result.alarm_dong,
                    "by_hand_dong": result.by_hand_dong,
                    "entries": result.entries,
                    "checks": result.checks,
                }
            )
        if not all_clean:
            sys.exit(1)
