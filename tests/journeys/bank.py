"""The bank, played by ``manage.py bank simulate``; and by hand where a call is to be wrong."""

import json
import time
from typing import Any

from tests.market import Market


class Bank:
    def __init__(self, market: Market) -> None:
        self.market = market

    def pays(self, code: str, dong: int | None = None, *, times: int = 1) -> list[dict[str, Any]]:
        """A transfer for ``code``, what is due unless said otherwise; the call comes ``times`` times. All must get 200."""
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

    def line_of(self, memo: str) -> dict[str, Any]:
        """The bank line with this memo, once it is no longer NEW: id, state, reason and used_dong."""
        until = time.monotonic() + 10
        while True:
            found = self.market.rows(
                "SELECT id, state, reason, used_dong FROM payments_banktransaction WHERE memo LIKE %s", f"%{memo}%"
            )
            if len(found) == 1 and found[0][1] != "NEW":
                return dict(zip(("id", "state", "reason", "used_dong"), found[0], strict=True))
            assert time.monotonic() < until, found
            time.sleep(0.1)
