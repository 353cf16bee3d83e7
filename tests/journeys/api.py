"""A client of /graphql/ as outsiders write one: HTTP, JSON, a bearer token."""

from typing import Any

import requests

from storefront.demo import cast

FIELDS = {
    "tokenCreate": ("TokenCreateInput", "token"),
    "lotReceive": ("LotReceiveInput", "lot { id left }"),
    "orderPlace": (
        "OrderPlaceInput",
        "orders { id number token state payment totalDong paymentRequests { code dueDong state } }",
    ),
    "orderPack": ("OrderPackInput", "order { number state payment }"),
    "orderHandOver": ("OrderHandOverInput", "order { number state payment }"),
    "orderCancel": ("OrderCancelInput", "order { number state payment }"),
    "bankTransactionAssign": ("BankTransactionAssignInput", "bankTransaction { id state reason unusedDong }"),
}


class Refused(AssertionError):
    """The door's own no, with its codes."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.codes = [error["code"] for error in errors]


class Api:
    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy, no .netrc
        self._http.headers.update({"Accept": "application/json"})
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"

    def signed_in(self, role: str) -> "Api":
        """As the demo's person of this role, by phone and password."""
        [who] = [one for one in cast.SIGN_INS if one.role == role]
        return Api(self.url, self.do("tokenCreate", phone=who.phone, password=cast.PASSWORD)["token"])

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data; fails on any error."""
        answer = self._http.post(
            f"{self.url}/graphql/", json={"query": document, "variables": variables}, timeout=20, allow_redirects=False
        )
        told = answer.json()
        assert answer.status_code == 200, told
        assert "errors" not in told, told
        data: dict[str, Any] = told["data"]
        return data

    def do(self, mutation: str, **given: Any) -> dict[str, Any]:
        """One mutation: its payload, or Refused."""
        kind, fields = FIELDS[mutation]
        document = (
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} errors {{ field code message }} }} }}"
        )
        payload: dict[str, Any] = self.ask(document, input=given)[mutation]
        if payload["errors"]:
            raise Refused(payload["errors"])
        return payload
