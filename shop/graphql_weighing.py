"""How heavy is a GraphQL document? Weighed before graphql-core's own rules see it.

Each fragment is visited once and remembered, and sums saturate, so the walk is linear in the size of
the document: a kilobyte of doubling fragments that stands for 67 million fields is told from an honest
query in a fraction of a millisecond. (Depth limiters that expand fragments are themselves the attack.)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
    is_introspection_type,
    is_list_type,
)

from shop.graphql_limits import (
    MAX_ALIASES,
    MAX_COST,
    MAX_DEPTH,
    MAX_MUTATIONS,
    MAX_PAGE,
    PageTooLarge,
    SubscriptionsRefused,
    TooCostly,
    TooDeep,
    TooManyAliases,
    TooManyMutations,
    check_arguments,
    check_literal,
)

_NESTED_ROWS = 5  # a list without pages is short by nature: the lines of an order, the photos of a product
_SCHEMA_ROWS = 8  # types, fields and arguments in an introspection
_SATURATED = 10**9
_MAX_NESTING = 4 * MAX_DEPTH  # of braces, inline fragments included


@dataclass(frozen=True, slots=True)
class Weight:
    """``depth`` and ``cost`` (fields the answer may hold) of a document's heaviest operation.
    ``introspects``: it reads the schema. ``by_variables``: the cost depends on the variables' values."""

    depth: int
    cost: int
    introspects: bool
    by_variables: bool


def weigh(document: DocumentNode, *, schema: GraphQLSchema, variables: Mapping[str, Any]) -> Weight:
    """Weigh a parsed, not yet validated document. Raises a TooHeavy; what is unknown weighs one field and
    is left to the rules of GraphQL, circular fragments too."""
    return _Scale(document, schema, variables).weight()


@dataclass(frozen=True, slots=True)
class _Load:
    depth: int = 0
    cost: int = 0
    fields: int = 0  # at the top of this selection, fragments expanded


class _Scale:
    def __init__(self, document: DocumentNode, schema: GraphQLSchema, variables: Mapping[str, Any]) -> None:
        self.schema, self.variables = schema, variables
        self.operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self.fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self.defaults = {
            definition.variable.name.value: definition.default_value
            for operation in self.operations
            for definition in operation.variable_definitions or ()
            if definition.default_value
        }
        self.loads: dict[str, _Load] = {}
        self.aliases = 0
        self.introspects = self.by_variables = False

    def weight(self) -> Weight:
        for default in self.defaults.values():
            check_literal(default)
        for fragment in _used_first(self.fragments):
            type_on = self.schema.get_type(fragment.type_condition.name.value)
            self.loads[fragment.name.value] = self.selections(fragment.selection_set, type_on, 0)
        depth = cost = 0
        for operation in self.operations:
            load = self.operation(operation)
            depth, cost = max(depth, load.depth), max(cost, load.cost)
        if self.aliases > MAX_ALIASES:
            raise TooManyAliases(limit=MAX_ALIASES)
        if depth > MAX_DEPTH:
            raise TooDeep(limit=MAX_DEPTH)
        if cost > MAX_COST:
            raise TooCostly(limit=MAX_COST, cost=cost)
        return Weight(depth, cost, self.introspects, self.by_variables)

    def operation(self, node: OperationDefinitionNode) -> _Load:
        if node.operation is OperationType.SUBSCRIPTION:
            raise SubscriptionsRefused
        load = self.selections(node.selection_set, self.schema.get_root_type(node.operation), 0)
        if node.operation is OperationType.MUTATION and load.fields > MAX_MUTATIONS:
            raise TooManyMutations(limit=MAX_MUTATIONS)
        return load

    def selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None, nesting: int) -> _Load:
        """``parent``: the type selected from, None where the document names something unknown."""
        if nesting > _MAX_NESTING:
            raise TooDeep(limit=MAX_DEPTH)
        depth = cost = fields = 0
        for selection in node.selections:
            check_arguments(selection)
            if isinstance(selection, FieldNode):
                load = self.field(selection, parent, nesting)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                type_on = self.schema.get_type(condition.name.value) if condition else parent
                load = self.selections(selection.selection_set, type_on, nesting + 1)
            elif isinstance(selection, FragmentSpreadNode):
                load = self.loads.get(selection.name.value, _Load())
            depth = max(depth, load.depth)
            cost = min(cost + load.cost, _SATURATED)
            fields = min(fields + load.fields, _SATURATED)
        return _Load(depth, cost, fields)

    def field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> _Load:
        self.aliases += node.alias is not None
        definition = self.definition(node.name.value, parent)
        times = self.rows(node, definition, parent) if definition else 1
        if node.selection_set is None:
            return _Load(1, 1, 1)
        below = self.selections(
            node.selection_set, get_named_type(definition.type) if definition else None, nesting + 1
        )
        # `ofType { ofType { … } }` only unwraps "list of non-null of": the standard introspection needs nine.
        step = 0 if node.name.value == "ofType" and parent and is_introspection_type(parent) else 1
        return _Load(below.depth + step, min(1 + times * below.cost, _SATURATED), 1)

    def definition(self, name: str, parent: GraphQLNamedType | None) -> GraphQLField | None:
        if name in ("__schema", "__type"):
            self.introspects = True
            return SchemaMetaFieldDef if name == "__schema" else TypeMetaFieldDef
        return getattr(parent, "fields", {}).get(name)

    def rows(self, node: FieldNode, definition: GraphQLField, parent: GraphQLNamedType | None) -> int:
        """How many times the children of this field may stand in the answer."""
        if "first" in definition.args:
            given = {argument.name.value: argument.value for argument in node.arguments or ()}
            return max(1, self.page(given.get("first"), definition.args["first"].default_value))
        holds = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
        if not is_list_type(holds):
            return 1
        if parent and is_introspection_type(parent):
            return _SCHEMA_ROWS
        if node.name.value == "edges" and parent and parent.name.endswith("Connection"):
            return 1  # counted by the `first` above it
        return _NESTED_ROWS

    def page(self, value: ValueNode | None, default: Any) -> int:
        """The page size a literal, a variable or the schema's default asks for. Raises PageTooLarge."""
        if isinstance(value, VariableNode):
            self.by_variables = True
            name = value.name.value
            if name in self.variables:
                size = self.variables[name]
                return default if size is None else _within_page(size)
            value = self.defaults.get(name)
        if value is None or isinstance(value, NullValueNode):
            return default if isinstance(default, int) else MAX_PAGE
        if isinstance(value, IntValueNode) and len(value.value) < 10:
            return _within_page(int(value.value))
        if isinstance(value, IntValueNode):
            raise PageTooLarge(limit=MAX_PAGE)
        return MAX_PAGE


def _within_page(size: Any) -> int:
    if isinstance(size, int) and size <= MAX_PAGE:
        return size
    if isinstance(size, int | float):
        raise PageTooLarge(limit=MAX_PAGE)
    return MAX_PAGE  # not a number: GraphQL's own rules will say so


def _used_first(fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FragmentDefinitionNode]:
    """Every fragment after those it spreads (where they go in circles, in any order); no recursion."""
    spreads = {name: list(_spreads(fragment)) for name, fragment in fragments.items()}
    seen: set[str] = set()
    for start in fragments:
        waiting = [(start, False)]
        while waiting:
            name, done = waiting.pop()
            if done:
                yield fragments[name]
            elif name not in seen and name in fragments:
                seen.add(name)
                waiting.append((name, True))
                waiting += [(inner, False) for inner in spreads[name]]


def _spreads(fragment: FragmentDefinitionNode) -> Iterator[str]:
    waiting = [fragment.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                waiting.append(selection.selection_set)
