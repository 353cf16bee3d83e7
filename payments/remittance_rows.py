"""The rows of a carrier's list beside our parcels: which parcel is meant, and what speaks against a row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from base.money import figures
from base.refusals import Refused
from base.text import storable
from cooperatives.models import Organization
from orders.models import Shipment
from payments import with_carrier
from payments.remittance_reading import Row
from payments.with_carrier import Carried

State = Shipment.State

SENTENCES: dict[str, Any] = {
    "NO_PARCEL": _("Chưa có mã vận đơn hoặc mã đơn."),
    "BAD_FIGURE": _("“%(text)s” không phải số tiền đồng viết rõ ràng."),
    "MIXED_FIGURES": _("“%(text)s” viết khác kiểu với các số phía trên (dấu ngăn hàng nghìn khác)."),
    "FRACTION": _("“%(text)s” có phần lẻ dưới một đồng."),
    "NEGATIVE": _("“%(text)s” là số âm. Ghi tiền đã thu và cước bằng số từ 0 trở lên."),
    "TOO_MANY_CELLS": _("Dòng này có nhiều hơn ba ô: mã; tiền đã thu; cước."),
    "NET_DIFFERS": _("Tiền thu trừ cước không bằng số thực nhận ghi trong bảng."),
    "TOTAL_DIFFERS": _("Dòng tổng không bằng tổng các dòng: bảng bị cắt hoặc đã sửa. Xem lại rồi xóa dòng này."),
    "UNKNOWN_PARCEL": _("Không có kiện nào mang mã này. Ghi mã vận đơn, hoặc mã đơn."),
    "SEVERAL_PARCELS": _("Nhiều kiện mang mã này. Ghi mã đơn kèm số kiện, ví dụ DH-261122-7K2M-2."),
    "TWICE": _("Kiện này còn ở dòng %(other)s."),
    "NOTHING": _("Không thu gì và không có cước thì không cần ghi."),
    "NOT_DELIVERED": _("Kiện này %(state)s trong sổ, chưa ghi đã giao."),
    "SAYS_MORE": _("Bảng ghi thu %(said)s, trong sổ chỉ còn %(free)s với người mang của kiện này."),
}  # fmt: skip


class RowsRefused(Refused):
    """Rows that cannot be taken as they stand. ``checked``: all of them, each with what is wrong with it."""

    code = "REMITTANCE_ROWS"
    sentence = _("Dòng %(row)s: %(why)s (%(count)s dòng cần xem lại). Chưa ghi gì.")

    def __init__(self, checked: Sequence["Checked"]) -> None:
        wrong = [one for one in checked if one.fault]
        super().__init__(field="rows", row=wrong[0].row.number, why=wrong[0].why, count=len(wrong))
        self.checked = checked


class NoRows(Refused):
    """A list names a parcel at least."""

    code = "REMITTANCE_NO_ROWS"
    sentence = _("Hãy ghi ít nhất một kiện.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A row, the parcel that it means, its sums in the books, and the code of what is wrong ("" for nothing)."""

    row: Row
    shipment: Shipment | None
    sums: Carried
    fault: str = ""
    other: int = 0
    """The row that names the same parcel."""

    @property
    def why(self) -> str:
        """In words; "" for a row that can be taken."""
        if not self.fault:
            return ""
        text = self.row.fee_text if self.row.said_dong is not None else self.row.said_text
        return str(SENTENCES[self.fault]) % {
            "text": text, "other": self.other, "said": figures(self.row.said_dong or 0),
            "free": figures(self.free_dong),
            "state": self.shipment.get_state_display() if self.shipment else "",
        }  # fmt: skip

    @property
    def free_dong(self) -> int:
        """What may be with its carrier: of a parcel that is on its way, what is to be collected."""
        if self.shipment is not None and self.shipment.is_away and not self.sums.collected_dong:
            return self.shipment.collect_dong
        return self.sums.free_dong

    @property
    def says_less_dong(self) -> int:
        """So much less than was collected does the row say."""
        if self.fault or self.row.said_dong is None or not self.row.said_dong:
            return 0
        return self.free_dong - self.row.said_dong

    @property
    def is_away(self) -> bool:
        """Its money is on the list before anybody said that it was delivered."""
        return self.shipment is not None and self.shipment.is_away and not self.sums.collected_dong

    @property
    def is_silent(self) -> bool:
        """It was to bring money, and the list says that it brought none: it came back, or was lost."""
        return bool(self.shipment and not self.fault and not self.row.said_dong and self.shipment.collect_dong)


def check(organization: Organization, rows: Sequence[Row], *, delivered_too: bool = False) -> list[Checked]:
    """Each row beside its parcel, in five queries. ``delivered_too``: money of a parcel that is on its way counts as
    the news that it was delivered."""
    by_name = _parcels(organization, rows)
    meant = [by_name.get(row.parcel.upper(), []) for row in rows]
    sums = with_carrier.carried({one.pk for some in meant for one in some})
    first: dict[int, int] = {}
    checked = []
    for row, some in zip(rows, meant, strict=True):
        shipment = _the_one(some, sums)
        own = sums[shipment.pk] if shipment else Carried()
        fault = row.fault or _of_parcel(some, shipment)
        other = first.setdefault(shipment.pk, row.number) if shipment and not fault else row.number
        one = Checked(row, shipment, own, fault, other)
        if not fault:
            one = Checked(row, shipment, own, _of_sums(one, delivered_too=delivered_too), other)
        checked.append(one)
    return checked


def _parcels(organization: Organization, rows: Sequence[Row]) -> dict[str, list[Shipment]]:
    """The parcels that a row may mean, by what may stand there: tracking number, order number, or both numbers."""
    named = {row.parcel.upper() for row in rows if row.parcel and storable(row.parcel)}
    orders = named | {name.rpartition("-")[0] for name in named}
    here = Shipment.objects.filter(organization=organization).exclude(state=State.CANCELLED)
    found = here.alias(said=Upper("tracking")).filter(Q(said__in=named) | Q(order__number__in=orders))
    by_name: dict[str, list[Shipment]] = {}
    for one in found.select_related("order", "connection").order_by("pk"):
        for name in {one.tracking.upper(), one.order.number.upper(), f"{one.order.number}-{one.number}".upper()}:
            if name in named:
                by_name.setdefault(name, []).append(one)
    return by_name


def _the_one(some: Sequence[Shipment], sums: dict[int, Carried]) -> Shipment | None:
    """Of several parcels of one order, the only one whose money is out there."""
    if len(some) <= 1:
        return some[0] if some else None
    bring = [one for one in some if sums[one.pk].free_dong or (one.is_away and one.collect_dong)]
    return bring[0] if len(bring) == 1 else None


def _of_parcel(some: Sequence[Shipment], shipment: Shipment | None) -> str:
    if shipment is not None:
        return ""
    return "SEVERAL_PARCELS" if some else "UNKNOWN_PARCEL"


def _of_sums(one: Checked, *, delivered_too: bool) -> str:
    if one.other != one.row.number:
        return "TWICE"
    if not one.row.said_dong:
        return "" if one.row.fee_dong else "NOTHING"
    if one.row.said_dong > one.free_dong:
        return "SAYS_MORE"
    return "NOT_DELIVERED" if one.is_away and not delivered_too else ""


def net_dong(checked: Sequence[Checked]) -> int:
    """What rows without fault bring, less what is kept."""
    return sum((one.row.said_dong or 0) - (one.row.fee_dong or 0) for one in checked if not one.fault)


def faults(checked: Sequence[Checked]) -> Counter[str]:
    """How many rows have which fault."""
    return Counter(one.fault for one in checked if one.fault)
