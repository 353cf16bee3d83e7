"""GHTK as its papers have it, on this machine: prices, takes, tells of and cancels parcels, for one key.

A real HTTP server. What a test may spoil: ``broken`` (every answer is half of one), ``down`` (503), ``slow_s``,
``deaf`` (takes the parcel, and breaks the line before it answers), ``says`` (any word at all for a parcel).
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from django.conf import LazySettings

from base.periods import VIETNAM_OFFSET

KEY = "khoa-thu-cua-hang-van-chuyen"
HOST = "services-staging.ghtklab.com"
LIVE_HOST = "services.giaohangtietkiem.vn"
FETCHED = {3, 4, 5, 6, 9, 10, 20, 21, 45, 49, 123, 410}
WORDS = {
    -1: "Hủy đơn hàng", 1: "Chưa tiếp nhận", 2: "Đã tiếp nhận", 3: "Đã lấy hàng", 4: "Đang giao hàng",
    5: "Đã giao hàng", 6: "Đã đối soát", 9: "Không giao được hàng", 20: "Đang trả hàng", 21: "Đã trả hàng",
}  # fmt: skip


@dataclass
class Held:
    """One parcel as the carrier has it."""

    label: str
    client_id: str
    wanted: dict[str, Any]
    status: int = 2
    modified: str = "2026-03-15 09:00:00"
    pick_money: int = 0


@dataclass
class FakeCarrier:
    address: str = ""
    parcels: dict[str, Held] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    broken: bool = False
    down: bool = False
    deaf: bool = False
    slow_s: float = 0
    unserved: str = ""
    refuses: str = ""
    fee_dong: int = 30_400
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def says(self, client_id: str, status: int, *, at: datetime, pick_money: int | None = None) -> Held:
        """From now on the parcel stands there."""
        held = self.parcels[client_id]
        held.status, held.modified = status, f"{at.astimezone(VIETNAM_OFFSET):%Y-%m-%d %H:%M:%S}"
        if pick_money is not None:
            held.pick_money = pick_money
        return held

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any, token: str) -> tuple[int, Any]:
        self.calls.append(f"{method} {path}")
        if self.down:
            return 503, {"success": False, "message": "Service Unavailable"}
        if token != KEY:
            return 401, {"success": False, "message": "Cần cung cấp token hợp lệ", "error_code": "20101"}
        door, _slash, name = path.removeprefix("/services/shipment/").partition("/")
        name = unquote_plus(name)
        if (method, door) == ("GET", "fee"):
            return self._price(query)
        if (method, door) == ("POST", "order"):
            return self._take(body)
        if (method, door) == ("GET", "v2"):
            held = self._named(name)
            return (200, self._told(held)) if held else (200, {"success": False, "message": "Không tìm thấy đơn"})
        if (method, door) == ("POST", "cancel"):
            return self._stop(self._named(name))
        return 404, {"success": False, "message": "Đường dẫn không tồn tại", "error_code": "10104"}

    def _price(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        for field_name in ("pick_district", "pick_province", "district", "province", "weight"):
            if not query.get(field_name, [""])[0]:
                return 422, {"success": False, "message": f"Xin hãy gửi trường {field_name}."}
        serves = query["province"][0] != self.unserved
        fee = {"name": "area1", "fee": self.fee_dong, "insurance_fee": 0, "delivery": serves, "ratio": 1.5}
        return 200, {"success": True, "message": "", "fee": fee}

    def _take(self, body: Any) -> tuple[int, Any]:
        wanted = body["order"]
        if self.refuses:
            return 422, {"success": False, "message": self.refuses, "error_code": "30306"}
        with self._lock:
            held = self.parcels.get(wanted["id"])
            if held is not None:
                known = {"code": "ORDER_ID_EXIST", "partner_id": held.client_id, "ghtk_label": held.label,
                         "created": held.modified, "status": held.status}  # fmt: skip
                return 200, {"success": False, "message": "Mã đơn hàng đã tồn tại", "error": known}
            label = f"S1.A1.{17_000_000 + len(self.parcels)}"
            held = Held(label, wanted["id"], body, pick_money=wanted["pick_money"])
            self.parcels[wanted["id"]] = held
        told = {"partner_id": held.client_id, "label": label, "area": "1", "fee": str(self.fee_dong),
                "insurance_fee": "0", "status_id": 2, "products": []}  # fmt: skip
        return 200, {"success": True, "message": "", "order": told}

    def _stop(self, held: Held | None) -> tuple[int, Any]:
        if held is None:
            return 400, {"success": False, "message": "Không tìm thấy vận đơn trên hệ thống", "error_code": "50109"}
        if held.status == -1:
            return 200, {"success": False, "message": "Đơn hàng đã ở trạng thái hủy"}
        if held.status in FETCHED:
            return 200, {"success": False, "message": "Đơn đã lấy hàng, không thể hủy đơn.", "error_code": "50102"}
        held.status = -1
        return 200, {"success": True, "message": "", "log_id": "1"}

    def _named(self, name: str) -> Held | None:
        if name.startswith("partner_id:"):
            return self.parcels.get(name.removeprefix("partner_id:"))
        return next((held for held in self.parcels.values() if held.label == name), None)

    def _told(self, held: Held) -> Any:
        order = {"label_id": held.label, "partner_id": held.client_id, "status": str(held.status),
                 "status_text": WORDS.get(held.status, "?"), "created": held.modified, "modified": held.modified,
                 "ship_money": str(self.fee_dong), "insurance": "0", "pick_money": held.pick_money,
                 "weight": "300", "message": "", "customer_fullname": "x", "address": "x"}  # fmt: skip
        return {"success": True, "message": "", "order": order}


@contextmanager
def running() -> Iterator[FakeCarrier]:
    """On a free port of 127.0.0.1 until the block ends."""
    fake = FakeCarrier()

    class Door(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, told = fake.answer(
                self.command, parts.path.rstrip("/"), parse_qs(parts.query), json.loads(body) if body else None,
                self.headers.get("Token", ""),
            )  # fmt: skip
            time.sleep(fake.slow_s)
            if fake.deaf:
                self.close_connection = True
                return
            written = json.dumps(told, ensure_ascii=False).encode()
            written = written[: len(written) // 2] if fake.broken else written
            self.send_response(status)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def do_GET(self) -> None:
            self._any()

        def do_POST(self) -> None:
            self._any()

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    fake.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@pytest.fixture
def carrier(settings: LazySettings) -> Iterator[FakeCarrier]:
    """The carrier, whom every call to GHTK reaches."""
    with running() as fake:
        settings.PROVIDER_STAND_INS = {HOST: fake.address, LIVE_HOST: fake.address}
        yield fake
