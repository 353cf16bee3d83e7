"""Two billers on their first days, as data: a school that has nothing yet, and a waterworks before its first bills.

opening_day.py founds them in an empty database, with the verbs of real ones.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import requests

from payments.providers import sepay
from storefront.demo.billers import Biller, Item
from storefront.demo.cast import SignIn
from tests.market import Market

FOUNDING = ("manage.py", "shell", "-c", "from tests.journeys import opening_day; opening_day.found()")

SCHOOL_ACCOUNTANT = SignIn("treasurer", "Vũ Thị Lan", "0900000702")
SCHOOL = Biller(
    slug="tieu-hoc-cau-tre", name="Trường Tiểu học Cầu Tre", kind="school", bills_for="school",
    about="Trường mới mở bàn thu, dùng để thử.", address="Xóm Cầu", representative="Đỗ Văn Minh", phone="+84900000700",
    bin="970436", bank_name="Vietcombank", account="0000000000700", holder="TRUONG TIEU HOC CAU TRE",
    carries_credit=True, opening_dong=0, items=(),
    people=((SCHOOL_ACCOUNTANT, ("treasurer",)), (SignIn("manager", "Đỗ Văn Minh", "0900000701"), ("manager",))),
)  # fmt: skip

WATER_TREASURER = SignIn("treasurer", "Trịnh Thị Hằng", "0900000802")
COLLECTOR = SignIn("clerk", "Bùi Văn Thọ", "0900000803")
WATER_USED, UPKEEP = "Nước sạch", "Duy trì đồng hồ"
WATER = Biller(
    slug="nuoc-sach-khe-da", name="Tổ Nước sạch Khe Đá", kind="utility", bills_for="water",
    about="Hai xóm chung một giếng khoan, dùng để thử.", address="Xóm Thượng", representative="Lê Văn Nước",
    phone="+84900000800", bin="970405", bank_name="Agribank", account="0000000000800", holder="TO NUOC SACH KHE DA",
    carries_credit=True, opening_dong=2_000_000,
    people=(
        (WATER_TREASURER, ("treasurer",)), (COLLECTOR, ("clerk",)),
        (SignIn("manager", "Lê Văn Nước", "0900000801"), ("manager",)),
    ),
    items=(
        Item(WATER_USED, "month", "metered", 0, unit_name="m³", steps=((10, 6_000), (20, 7_500), (None, 9_500))),
        Item(UPKEEP, "month", "flat", 5_000, refundable=False),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Home:
    """A household with one meter, that showed ``old`` after a month in which it used ``usual``."""

    owner: str
    phone: str
    number: str
    hamlet: str
    old: int
    usual: int


LUA = Home("Đinh Thị Lụa", "0900000811", "KD-001", "Xóm Thượng", old=112, usual=12)
SON = Home("Trần Văn Sơn", "0900000812", "KD-002", "Xóm Thượng", old=340, usual=9)
TUYET = Home("Phùng Thị Tuyết", "0900000813", "KD-003", "Xóm Hạ", old=112, usual=12)
HOMES = (LUA, SON, TUYET)


def water_dong(used: int) -> int:
    """What so many m³ cost: 10 at 6,000, 10 more at 7,500, the rest at 9,500."""
    return 6_000 * min(used, 10) + 7_500 * max(0, min(used, 20) - 10) + 9_500 * max(0, used - 20)


@dataclass(frozen=True)
class Newcomers:
    """The two of them as they really run."""

    market: Market

    def page_of(self, home: Home) -> str:
        """Where the QR on their card leads."""
        [(token,)] = self.market.rows("SELECT token FROM payments_household WHERE name = %s", home.owner)
        return f"/bills/h/{token}/"

    def readings_of(self, home: Home) -> list[tuple[str, int, int, bool]]:
        """Month, old and new value, and whether it counts; each reading that was ever written down."""
        found = self.market.rows(
            "SELECT r.month, r.old_value, r.new_value, r.is_live FROM payments_reading r"
            " JOIN payments_billingaccount a ON a.id = r.account_id WHERE a.number = %s ORDER BY r.id",
            home.number,
        )
        return [(month, old, new, bool(live)) for month, old, new, live in found]

    def bills_of(self, home: Home) -> list[tuple[str, str, int, int]]:
        """Code, state, asked and paid đồng of each bill, the oldest first."""
        found = self.market.rows(
            "SELECT r.code, r.state, r.asked_dong, r.credited_dong FROM payments_paymentrequest r"
            " JOIN payments_billingaccount a ON a.id = r.account_id WHERE a.number = %s AND r.bill_id IS NOT NULL"
            " ORDER BY r.bill_id",
            home.number,
        )
        return [(code, state, int(asked), int(paid)) for code, state, asked, paid in found]

    def credit_of(self, home: Home) -> int:
        """What the books owe to whoever pays for the meter, đồng."""
        [(dong,)] = self.market.rows(
            "SELECT COALESCE(SUM(l.credits - l.debits), 0) FROM cooperatives_ledgeraccount l, payments_billingaccount a"
            " WHERE a.number = %s AND l.kind = 'owed_to_payers' AND l.subject = 'account:' || a.id",
            home.number,
        )
        return int(dong)

    def refunds_of(self, home: Home) -> list[tuple[str, str, int]]:
        """Code, state and đồng of each task to give money back to whoever pays for the meter."""
        found = self.market.rows(
            "SELECT f.code, f.state, f.amount_dong FROM payments_refund f JOIN payments_billingaccount a"
            " ON a.id = f.account_id WHERE a.number = %s ORDER BY f.id",
            home.number,
        )
        return [(code, state, int(dong)) for code, state, dong in found]

    def waterworks_sends(self, *, memo: str, dong: int) -> None:
        """Its bank tells of money that went out. Must get 200."""
        script = (
            "from payments.feeds import keys_of; from payments.models import Feed;"
            f" feed = Feed.objects.get(bank_account__number='{WATER.account}'); print(feed.token, keys_of(feed)[0])"
        )
        token, key = self.market.manage("shell", "-c", script).stdout.splitlines()[-1].split()
        now = datetime.now(UTC)
        body = sepay.call_body(
            source_id=int(now.timestamp()), account=WATER.account, dong=dong, memo=f"IBFT {memo} tra lai",
            happened_at=now, direction="out",
        )  # fmt: skip
        with requests.Session() as direct:
            direct.trust_env = False
            answer = direct.post(
                f"{self.market.url}/hooks/sepay/{token}/", data=body, timeout=10, allow_redirects=False,
                headers=sepay.signed_call(key=key, body=body, now=int(now.timestamp())),
            )  # fmt: skip
        assert answer.status_code == 200, answer.text

    def audited(self) -> None:
        """Fails unless both have clean books."""
        for biller in (SCHOOL, WATER):
            answer = self.market.audit(biller.slug)
            assert answer["unexplained_dong"] == 0, answer
            assert set(answer["checks"].values()) == {"ok"}, answer
