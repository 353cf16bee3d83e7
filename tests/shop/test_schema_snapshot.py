"""schema.graphql is what the code answers by: its diff is read in review, and nobody forgets to write it."""

from graphql import build_schema, print_schema
from graphql.utilities import find_breaking_changes

from shop.schema import schema
from tests.house.tree import ROOT

PUBLISHED = ROOT / "schema.graphql"
REWRITE = "the schema has changed: python manage.py graphql_schema --out schema.graphql, then read its diff"


def test_the_published_schema_is_the_one_in_the_code() -> None:
    published = PUBLISHED.read_text(encoding="utf-8")
    lost = find_breaking_changes(build_schema(published), schema.graphql_schema)
    assert published.strip() == print_schema(schema.graphql_schema), "\n".join(
        [REWRITE, *(f"breaks callers: {change.description}" for change in lost)]
    )
