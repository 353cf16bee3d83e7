"""What a GraphQL request may ask at most, the refusals that say so, and the limits on its input values."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from graphql import ListValueNode, ObjectValueNode, StringValueNode, ValueNode

from base.refusals import Refused
from base.text import storable

MAX_DEPTH = 12
MAX_ALIASES = 100
MAX_PAGE = 100
MAX_LIST = 100
MAX_MUTATIONS = 4
MAX_COST = 50_000


class TooHeavy(Refused):
    """A document past one of the limits; nothing of it is run."""

    code: ClassVar[str] = "TOO_HEAVY"
    sentence: ClassVar[Any] = _("Câu truy vấn vượt giới hạn %(limit)s.")


class TooDeep(TooHeavy):
    """Fields, fragments or input values are nested too deeply."""

    code = "TOO_DEEP"
    sentence = _("Câu truy vấn lồng sâu hơn %(limit)s bậc.")


class TooManyAliases(TooHeavy):
    """More aliases than any page of ours needs."""

    code = "TOO_MANY_ALIASES"
    sentence = _("Câu truy vấn có hơn %(limit)s bí danh (alias).")


class PageTooLarge(TooHeavy):
    """``first`` asks for more rows than a page holds."""

    code = "PAGE_TOO_LARGE"
    sentence = _("Mỗi trang có nhiều nhất %(limit)s dòng.")


class ListTooLong(TooHeavy):
    """A list in the input is too long; send it in parts."""

    code = "LIST_TOO_LONG"
    sentence = _("Một danh sách gửi lên có nhiều nhất %(limit)s mục. Hãy chia ra gửi nhiều lần.")


class TooManyMutations(TooHeavy):
    """An operation moves too many things at once."""

    code = "TOO_MANY_MUTATIONS"
    sentence = _("Mỗi lần gửi có nhiều nhất %(limit)s thao tác ghi.")


class TooCostly(TooHeavy):
    """The answer could hold more fields than the ceiling."""

    code = "TOO_COSTLY"
    sentence = _("Câu truy vấn nặng %(cost)s, giới hạn là %(limit)s. Hãy xin ít dòng hoặc ít trường hơn.")


class SubscriptionsRefused(TooHeavy):
    """There are no subscriptions here; poll, or read the conditional status URL."""

    code = "SUBSCRIPTIONS_REFUSED"
    sentence = _("Không có subscription. Hãy hỏi lại theo chu kỳ.")


class BadText(TooHeavy):
    """A value holds NUL or half of a surrogate pair, which no database takes."""

    code = "BAD_TEXT"
    sentence = _("Có ký tự không đọc được trong dữ liệu gửi lên.")


def check_variables(variables: Mapping[str, Any]) -> None:
    """Raises ListTooLong, TooDeep or BadText for values no input of ours needs."""
    waiting: list[tuple[Any, int]] = [(variables, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise TooDeep(limit=MAX_DEPTH)
        if isinstance(value, list):
            if len(value) > MAX_LIST:
                raise ListTooLong(limit=MAX_LIST)
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, Mapping):
            waiting += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, str) and not storable(value):
            raise BadText()


def check_arguments(node: Any) -> None:
    """The same for literals in the arguments of a selection and of its directives."""
    for argument in getattr(node, "arguments", None) or ():
        check_literal(argument.value)
    for directive in node.directives or ():
        for argument in directive.arguments or ():
            check_literal(argument.value)


def check_literal(value: ValueNode) -> None:
    """The same for one literal, a variable's default among them."""
    waiting: list[tuple[ValueNode, int]] = [(value, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise TooDeep(limit=MAX_DEPTH)
        if isinstance(node, ListValueNode):
            if len(node.values) > MAX_LIST:
                raise ListTooLong(limit=MAX_LIST)
            waiting += [(item, depth + 1) for item in node.values]
        elif isinstance(node, ObjectValueNode):
            waiting += [(field.value, depth + 1) for field in node.fields]
        elif isinstance(node, StringValueNode) and not storable(node.value):
            raise BadText()
