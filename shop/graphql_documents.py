"""Documents are read once: parsed, weighed and validated once a process, then known by their text."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate
from graphql.validation.rules import overlapping_fields_can_be_merged

from shop.graphql_limits import check_variables
from shop.graphql_weighing import Weight, weigh

MAX_CHARACTERS = 16 * 1024
MAX_TOKENS = 2_000
MAX_ERRORS = 10
_REMEMBERED_CHARACTERS = 512 * 1024  # strangers choose the texts; a parsed one takes some 60 times its length

# graphql-core compares fields of one name pairwise; its own budget of 500,000 lets 16 KB cost half a second.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 50_000
# "Did you mean 'bankTransactions'?" tells a stranger our names. The package hides the module behind its function.
sys.modules["graphql.pyutils.did_you_mean"].MAX_LENGTH = 0  # type: ignore[attr-defined]


class Unreadable(Exception):
    """GraphQL's own no: ``errors`` with its messages, ``code`` for machines."""

    def __init__(self, code: str, errors: list[GraphQLError]) -> None:
        super().__init__(code)
        self.code, self.errors = code, errors


@dataclass(frozen=True, slots=True)
class Known:
    """A document that may be run, and what it weighs with the variables it came with."""

    document: DocumentNode
    weight: Weight


class Documents:
    """What one schema has been asked before. Only texts that passed every limit and rule are remembered,
    least recently used forgotten first, bounded by their total length."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def read(self, text: str, variables: Mapping[str, Any]) -> Known:
        """The document to run. Raises Unreadable, or one of shop.graphql_limits' TooHeavy."""
        check_variables(variables)
        with self._lock:
            known = self._known.get(text)
            if known:
                self._known.move_to_end(text)
        if known and not known.weight.by_variables:
            return known
        document = known.document if known else _parsed(text)
        fresh = Known(document, weigh(document, schema=self.schema, variables=variables))
        if not known:
            errors = validate(self.schema, document, max_errors=MAX_ERRORS)
            if errors:
                raise Unreadable("GRAPHQL_VALIDATION_FAILED", errors)
            self._remember(text, fresh)
        return fresh

    def _remember(self, text: str, known: Known) -> None:
        with self._lock:
            if text not in self._known:
                self._characters += len(text)
            self._known[text] = known
            while self._characters > _REMEMBERED_CHARACTERS:
                forgotten, _ = self._known.popitem(last=False)
                self._characters -= len(forgotten)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=MAX_TOKENS, max_source_length=MAX_CHARACTERS)
    except GraphQLError as error:
        aborted = error.message.endswith("Parsing aborted.")  # past a limit, not a slip of the pen
        raise Unreadable("TOO_LARGE" if aborted else "GRAPHQL_PARSE_FAILED", [error]) from None
