"""What a carrier's words mean to us, in one table: each names one state of ours, and whether a person has to look.

Source of GHTK's: the status table of its webhook page (api.ghtk.vn/en/docs/submit-order/webhook), read in November
2026. Not confirmed by a live account: which of them its status call really gives. What is not here goes to a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Meaning:
    """``state``: the value of a Shipment.State. ``trouble``: why a person has to look, "" for nothing."""

    state: str
    trouble: Any = ""


_CAME_BACK = _("Hãng nói hàng đã về lại. Hãy xem hàng, rồi ghi hàng về kho hay bỏ.")

GHTK: Mapping[str, Meaning] = {
    "-1": Meaning("cancelled"),
    "1": Meaning("booked"),
    "2": Meaning("booked"),
    "12": Meaning("booked"),  # somebody is on her way to fetch it
    "8": Meaning("booked"),  # fetched later
    "128": Meaning("booked"),
    "7": Meaning("booked", _("Hãng không lấy được hàng. Gọi bưu tá, hoặc hủy rồi đặt lại.")),
    "127": Meaning("booked", _("Bưu tá báo không lấy được hàng. Hãy gọi cho họ.")),
    "123": Meaning("handed_over"),
    "3": Meaning("moving"),
    "4": Meaning("out"),
    "45": Meaning("out"),  # the courier says delivered; believed when the carrier does
    "10": Meaning("failed"),
    "410": Meaning("failed"),
    "49": Meaning("failed"),
    "9": Meaning("failed", _("Hãng không giao được và sẽ chuyển về. Hãy gọi người mua.")),
    "5": Meaning("delivered"),
    "6": Meaning("delivered"),  # and its money is on a list
    "20": Meaning("returning"),
    "21": Meaning("returning", _CAME_BACK),
    "11": Meaning("returning", _CAME_BACK),  # and its fees are on a list
    "13": Meaning("", _("Hãng nói sẽ bồi thường kiện này. Hãy hỏi họ, rồi ghi là thất lạc hoặc hư hỏng.")),
}
"""Returned is said by whoever has the goods in hand, lost and damaged by whoever has asked: a carrier's word moves a
parcel into none of the three."""

UNKNOWN = _("Hãng dùng chữ lạ “%(word)s”. Hãy xem trên trang của hãng, rồi tự ghi.")
