"""A small primary school for the journeys of bills: who is in it, what its bills say, and what came for them.

It is founded once a session by founding.py, with the verbs of a real school. Each journey takes a family of its own.
What has become of a bill is read with plain SQL, past all of our own code.
"""

from dataclasses import dataclass

from storefront.demo import cast
from storefront.demo.billers import Biller as Cast
from storefront.demo.billers import Item
from tests.market import Market

FOUNDING = ("manage.py", "shell", "-c", "from tests.journeys import founding; founding.found()")
MEALS, BOARDING = "Tiền ăn bán trú", "Chăm sóc bán trú"
MEAL_DONG, BOARDING_DONG, SCHOOL_DAYS = 25_000, 150_000, 20
ACCOUNTANT = cast.SignIn("treasurer", "Phạm Thị Nga", "0900000602")

SCHOOL = Cast(
    slug="tieu-hoc-ben-da", name="Trường Tiểu học Bến Đá", kind="school", bills_for="school",
    about="Trường của hai xóm, dùng để thử.", address="Xóm Bến", representative="Lê Thị Thu", phone="+84900000600",
    bin="970415", bank_name="VietinBank", account="0000000000600", holder="TRUONG TIEU HOC BEN DA",
    carries_credit=True, opening_dong=5_000_000,
    people=((ACCOUNTANT, ("treasurer",)), (cast.SignIn("manager", "Lê Thị Thu", "0900000601"), ("manager",))),
    items=(
        Item(MEALS, "month", "counted", MEAL_DONG, unit_name="suất", ceiling_dong=30_000),
        Item(BOARDING, "month", "flat", BOARDING_DONG, ceiling_dong=180_000),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Child:
    """``meals``: how many days the child ate."""

    number: str
    name: str
    section: str
    meals: int = SCHOOL_DAYS

    @property
    def due_dong(self) -> int:
        return self.meals * MEAL_DONG + BOARDING_DONG

    @property
    def initials(self) -> str:
        return "".join(f"{word[0]}." for word in self.name.split())

    @property
    def shown(self) -> str:
        """All that a household's page says of a child: ``N.G.B. · lớp 3A · BD0001``."""
        return f"{self.initials} · lớp {self.section} · {self.number}"


@dataclass(frozen=True)
class Family:
    """``phone`` as typed, or empty: then the given name of a child is the second factor."""

    parent: str
    phone: str
    children: tuple[Child, ...]

    @property
    def due_dong(self) -> int:
        return sum(child.due_dong for child in self.children)

    @property
    def names(self) -> list[str]:
        """Of all of them, whole and by their parts: what stands on no page that opens without signing in."""
        whole = [self.parent, *(child.name for child in self.children)]
        return [*whole, *(name.split(maxsplit=1)[1] for name in whole)]


HANH = Family(
    "Trần Thị Hạnh", "0900000611",
    (Child("BD0001", "Nguyễn Gia Bảo", "3A"), Child("BD0002", "Nguyễn Khánh Vy", "1B", meals=17)),
)  # fmt: skip
LANH = Family(
    "Phạm Thị Lành", "",
    (Child("BD0003", "Lê Đức Khôi", "4A", meals=19), Child("BD0004", "Lê Thùy Anh", "2A")),
)  # fmt: skip
MAI = Family(
    "Hoàng Thị Mai", "0900000613",
    (Child("BD0005", "Đỗ Quang Huy", "5A"), Child("BD0006", "Đỗ Bảo Trâm", "2B", meals=18)),
)  # fmt: skip
SEN = Family(
    "Vũ Thị Sen", "0900000614",
    (Child("BD0007", "Bùi Tuấn Kiệt", "4B"), Child("BD0008", "Bùi Ngọc Hân", "1A", meals=16)),
)  # fmt: skip
NAMESAKE = Family("Tạ Thị Loan", "0900000615", (Child("BD0009", "Đỗ Quang Huy", "5B"),))
FAMILIES = (HANH, LANH, MAI, SEN, NAMESAKE)


@dataclass(frozen=True)
class School:
    """The school as it really runs."""

    market: Market

    def card_of(self, family: Family) -> str:
        """As it is printed on their card: ``7K2M9-Q9MAB``."""
        [(code,)] = self.market.rows("SELECT card_code FROM payments_household WHERE name = %s", family.parent)
        return f"{code[:5]}-{code[5:]}"

    def page_of(self, family: Family) -> str:
        """Where the QR on their card leads."""
        [(token,)] = self.market.rows("SELECT token FROM payments_household WHERE name = %s", family.parent)
        return f"/bills/h/{token}/"

    def code_of(self, child: Child) -> str:
        """What the slip says that is to be the memo."""
        [(code,)] = self.market.rows(
            "SELECT r.code FROM payments_paymentrequest r JOIN payments_bill b ON b.id = r.bill_id"
            " JOIN payments_billingaccount a ON a.id = b.account_id WHERE a.number = %s",
            child.number,
        )
        return str(code)

    def paid_of(self, child: Child) -> dict[str, int]:
        """Item → đồng of the documents that count for the child's bill, whichever request they came in by."""
        found = self.market.rows(
            "SELECT f.name, SUM(i.amount_dong) FROM payments_itemshare i"
            " JOIN payments_feeitem f ON f.id = i.fee_item_id"
            " JOIN payments_bill b ON b.id = i.bill_id JOIN payments_billingaccount a ON a.id = b.account_id"
            " JOIN payments_settlement s ON s.id = i.settlement_id"
            " WHERE a.number = %s AND s.undone_at IS NULL GROUP BY f.name",
            child.number,
        )
        return {name: int(dong) for name, dong in found}

    def credit_of(self, child: Child) -> int:
        """What the payer has to the child's credit, đồng."""
        [(dong,)] = self.market.rows(
            "SELECT COALESCE(SUM(l.credits - l.debits), 0) FROM cooperatives_ledgeraccount l, payments_billingaccount a"
            " WHERE a.number = %s AND l.kind = 'owed_to_payers' AND l.subject = 'account:' || a.id",
            child.number,
        )
        return int(dong)

    def audited(self) -> None:
        """Fails unless its books are clean, with nothing unexplained and nothing waiting for a person."""
        answer = self.market.audit(SCHOOL.slug)
        assert answer["unexplained_dong"] == 0
        assert set(answer["checks"].values()) == {"ok"}, answer
