"""The bank, played by ``manage.py bank simulate``; and by hand where a call is to be wrong."""

import json
import time
from typing import Any

import requests

from tests.market import Market

FEED = (
    "SELECT {} FROM payments_feed JOIN cooperatives_organization o ON o.id = organization_id WHERE o.slug = 'yen-hoa'"
)
"""A column of the demo cooperative's feed; the school and the waterworks have their own."""


class Bank:
    def __init__(self, market: Market) -> None:
        self.market = market

    def pays(self, code: str, dong: int | None = None, *, times: int = 1) -> list[dict[str, Any]]:
        """A transfer for ``code``: what is due, or ``dong``. Its call comes ``times`` times; each must get 200."""
        arguments = ["bank", "simulate", "--code", code, "--times", str(times), "--to", self.market.url]
        if dong is not None:
            arguments += ["--dong", str(dong)]
        return self._taken(self.market.printed(*arguments))

    def pays_with_memo(self, code: str, *, dong: int, memo: str) -> dict[str, Any]:
        """A transfer to the account of ``code``, with whatever the payer wrote. Must get 200."""
        calls = self.market.folder / "calls.jsonl"
        calls.write_text(json.dumps({"code": code, "dong": dong, "memo": memo}) + "\n", encoding="utf-8")
        [told] = self._taken(self.market.printed("bank", "simulate", "--file", str(calls), "--to", self.market.url))
        return told

    @staticmethod
    def _taken(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assert told
        assert {one["status"] for one in told} == {200}, told
        return told

    def line_of(self, memo: str) -> tuple[int, str, str]:
        """The one bank line whose memo holds ``memo``, once it has been looked at: its id, state and reason."""
        until = time.monotonic() + 60
        while True:
            found = self.market.rows(
                "SELECT id, state, reason FROM payments_banktransaction WHERE memo LIKE %s", f"%{memo}%"
            )
            if len(found) == 1 and found[0][1] != "NEW":
                return found[0][0], found[0][1], found[0][2]
            assert time.monotonic() < until, found
            time.sleep(0.1)

    def post(self, body: bytes, headers: dict[str, str]) -> requests.Response:
        """A call as anybody can make one, at the cooperative's real hook address."""
        [(token,)] = self.market.rows(FEED.format("token"))
        with requests.Session() as direct:
            direct.trust_env = False
            return direct.post(
                f"{self.market.url}/hooks/sepay/{token}/", data=body, headers=headers, timeout=30, allow_redirects=False
            )
