"""Noun-first mutations: one ``input`` in; the object and typed ``errors { field code message }`` out."""

from inspect import cleandoc
from typing import Any, ClassVar, Self

import graphene
from graphene.utils.str_converters import to_camel_case

from base.refusals import Refused


class UndeclaredRefusal(TypeError):
    """A verb refused with a code that its mutation does not publish. A bug: declare it in ``Meta.refusals``."""


def error_type(mutation_name: str, *refusals: type[Refused]) -> type[graphene.ObjectType]:
    """``OrderPlace`` → the type ``OrderPlaceError`` with its own enum ``OrderPlaceErrorCode``.

    The enum's values are the refusals' codes, described by the first line of their docstrings.
    Raises TypeError where none is given: GraphQL has no empty enum.
    """
    if not refusals:
        raise TypeError(f"{mutation_name}: name the refusals that its verb raises")
    said = {refusal.code: cleandoc(refusal.__doc__ or "").partition("\n")[0] for refusal in refusals}

    def describe(value: Any) -> str:
        return f"Why {mutation_name} was refused." if value is None else said[value.value]

    code = graphene.Enum(f"{mutation_name}ErrorCode", [(name, name) for name in sorted(said)], description=describe)
    return type(
        f"{mutation_name}Error",
        (graphene.ObjectType,),
        {
            "__doc__": f"One reason why {mutation_name} changed nothing.",
            "field": graphene.String(description="The input field it belongs to, when there is one."),
            "code": graphene.Field(code, required=True),
            "message": graphene.String(required=True, description="A sentence for a person."),
        },
    )


class Mutation(graphene.Mutation):
    """Translate, one call, translate back. A subclass writes ``perform`` and declares what it may refuse:

    .. code-block:: python

        class OrderPlace(Mutation):
            class Meta:
                refusals = (placing.EmptyBasket, stock.SoldOut, KeyReused)

            class Arguments:
                input = OrderPlaceInput(required=True)

            orders = graphene.List(graphene.NonNull(Order))

            @classmethod
            def perform(cls, info, input):
                return cls(orders=placing.place(viewer=viewer_of(info), at=timezone.now(), …))

    Only ``Refused`` becomes an entry of ``errors``, with the object null; anything else is a bug and
    goes on to the view, which logs it whole.
    """

    class Meta:
        abstract = True

    refused_as: ClassVar[type[graphene.ObjectType]]
    declared_codes: ClassVar[frozenset[str]]

    @classmethod
    def __init_subclass_with_meta__(cls, refusals: tuple[type[Refused], ...] = (), **options: Any) -> None:
        name = options.get("name") or cls.__name__
        cls.refused_as = error_type(name, *refusals)
        cls.declared_codes = frozenset(refusal.code for refusal in refusals)
        cls.errors = graphene.Field(
            graphene.NonNull(graphene.List(graphene.NonNull(cls.refused_as))),
            description="Empty when it was done.",
        )
        super().__init_subclass_with_meta__(**options)

    @classmethod
    def perform(cls, info: graphene.ResolveInfo, input: Any) -> Self:
        """One call into a verb. Raises the declared refusals; returns ``cls(thing=…)``."""
        raise NotImplementedError

    @classmethod
    def mutate(cls, _root: Any, info: graphene.ResolveInfo, input: Any) -> Self:
        """What graphene calls. Raises UndeclaredRefusal and whatever ``perform`` did not foresee."""
        try:
            payload = cls.perform(info, input)
        except Refused as refused:
            if refused.code not in cls.declared_codes:
                raise UndeclaredRefusal(f"{cls.__name__} does not declare {refused.code}") from refused
            field = ".".join(map(to_camel_case, refused.field.split("."))) if refused.field else None
            return cls(errors=[cls.refused_as(field=field, code=refused.code, message=refused.message)])
        payload.errors = []
        return payload
