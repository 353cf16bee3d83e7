"""An ObjectType read from a model, with the house's choices made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene
from django.db import models
from graphene_django import DjangoObjectType
from graphene_django.converter import convert_django_field

from base.graphql.dong import Dong


class ModelType(DjangoObjectType):
    """``fields`` must be listed; the id is relay's; choices stay plain until an explicit enum is given;
    nested relations are plain lists (short by nature, preloaded at the root); `_dong` columns are ``Dong``."""

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, fields: Any = None, **options: Any) -> None:
        if not isinstance(fields, tuple | list):
            raise TypeError(f"{cls.__name__}: list its fields, or a new column is public the day it is migrated")
        options.setdefault("interfaces", (graphene.relay.Node,))
        options.setdefault("convert_choices_to_enum", False)
        options.setdefault("use_connection", False)
        super().__init_subclass_with_meta__(fields=fields, **options)


def _knowing_dong(number: Callable[..., Any]) -> Callable[..., Any]:
    def convert(field: models.Field[Any, Any], registry: Any = None) -> Any:
        if field.name.endswith("_dong"):
            return Dong(description=str(field.help_text), required=not field.null)
        return number(field, registry)

    return convert


for _kind in (models.BigIntegerField, models.IntegerField, models.PositiveIntegerField):
    convert_django_field.register(_kind, _knowing_dong(convert_django_field.dispatch(_kind)))
