"""Rows of any version of the tables, in plain SQL terms: what must be given is given, the rest is filled in.

Made from the models as a migration knows them, so that it works at every migration, whatever columns there are.
"""

from datetime import date, datetime
from typing import Any

from django.db import models

from base.periods import VIETNAM_OFFSET

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=VIETNAM_OFFSET)
_next = iter(range(1, 10**6))


def fill(model: type[models.Model], **given: Any) -> models.Model:
    """A new row with ``given``; every other column that needs a value gets one that clashes with no other row's.

    Columns that this version does not have yet are left out of ``given``, and a None where there must be something.
    A foreign key that must be there points at the first row of its table.
    """
    named = {field.name: field for field in model._meta.concrete_fields}
    values = {name: value for name, value in given.items() if name in named and (value is not None or named[name].null)}
    for name, field in named.items():
        if name not in values and not (field.primary_key or field.null or field.has_default()):
            values[name] = _something_for(field)
    return model._default_manager.create(**values)


def _something_for(field: models.Field) -> Any:
    if field.is_relation:
        return field.related_model._default_manager.order_by("pk").first() or fill(field.related_model)
    if isinstance(field, models.DateTimeField):
        return NOW
    if isinstance(field, models.DateField):
        return date(2026, 3, 15)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return b""
    if field.choices:
        return field.choices[0][0]
    if field.blank and not field.unique:
        return ""
    return f"{next(_next)}"[: field.max_length or 9]
