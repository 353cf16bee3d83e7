"""Idempotency by the sender's key: repeating a finished thing returns the finished thing."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import KeyReused, Refused
from cooperatives.models import DoneOnce, User


class BadKey(Refused):
    code = "BAD_KEY"
    sentence = _("Mã chống lặp phải có từ 1 đến 100 ký tự.")


def fingerprint(meaning: Any) -> str:
    """SHA-256 over canonical JSON of an input. The clock and the actor do not belong in it."""
    text = json.dumps(meaning, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def done_once(
    *, verb: str, actor: User | None, key: str | None, meaning: Any, at: datetime, do: Callable[[], str]
) -> tuple[str, bool]:
    """Run ``do`` unless ``key`` has finished before; returns its result text and whether this is a replay.

    Needs an open transaction (asserted): key and deed stand or fall together. ``do`` returns a short
    text that finds the thing again ("orders:12,13"). Raises KeyReused when the same key comes with
    another ``meaning``, BadKey for an empty or over-long key. ``key`` None, for senders that made none: the same
    ``meaning`` is the same deed until the Vietnamese day of ``at`` ends.
    """
    assert connection.in_atomic_block, "done_once needs an open transaction"
    digest = fingerprint(meaning)
    if key is None:
        key = f"{vietnam_day(at)}:{digest}"
    if not 1 <= len(key) <= 100 or not key.isprintable():
        raise BadKey(field="idempotency_key")
    caller = f"user:{actor.pk}" if actor else "anyone"
    # The insert waits for a rival with the same key to commit, then finds its row.
    DoneOnce.objects.bulk_create(
        [DoneOnce(verb=verb, caller=caller, key=key, fingerprint=digest, at=at)], ignore_conflicts=True
    )
    row = DoneOnce.objects.get(verb=verb, caller=caller, key=key)
    if row.fingerprint != digest:
        raise KeyReused(field="idempotency_key")
    if row.result:
        return row.result, True
    result = do()
    assert result
    DoneOnce.objects.filter(pk=row.pk).update(result=result)
    return result, False
