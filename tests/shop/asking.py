"""Asks the real schema at the real door, as whoever is signed in, and counts what it costs."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class Door:
    """``/graphql/`` for one caller: a guest, a session, or the bearer of ``token``."""

    def __init__(self, person: Any = None, *, token: str = "") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"} if token else {})
        if person is not None:
            self.client.force_login(person)

    def answer(self, document: str, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        response = self.client.post(
            "/graphql/", {"query": document, "variables": variables}, content_type="application/json"
        )
        assert response.status_code == 200, response.content
        return response.json()  # type: ignore[attr-defined, no-any-return]

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = self.answer(document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]  # type: ignore[no-any-return]

    def counted(self, document: str, **variables: Any) -> tuple[dict[str, Any], int]:
        """The data, and how many queries the whole request took: who asks, and what is answered."""
        with CaptureQueriesContext(connection) as captured:
            data = self.ask(document, **variables)
        return data, sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured.captured_queries)
