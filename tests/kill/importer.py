"""Imports one statement, to be killed while it does: ``python -m tests.kill.importer ACCOUNT ACTOR FILE``.

Says ``ready`` once everything is loaded and ``done`` once the file is written down and its first lines are settled.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.utils import timezone  # noqa: E402 — apps are loaded only now

from cooperatives.models import User  # noqa: E402
from payments.importing import import_statement  # noqa: E402


def main(account: str, actor: str, file: str) -> None:
    data, treasurer = Path(file).read_bytes(), User.objects.get(pk=actor)
    print("ready", flush=True)
    import_statement(bank_account_id=int(account), name=file, data=data, actor=treasurer, at=timezone.now())
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
