"""Where a parcel goes: province and commune of today, hamlet, landmark; kept with code and names as of that day.

No house number is asked for: a hamlet has no street names. Communes are of base/places; whoever chose hers by the name
of before July 2025 has that name kept beside it, because carriers and old neighbours still go by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from base.places import divisions, spots
from base.places.divisions import Commune
from base.places.spots import BadAddressCode
from base.refusals import Refused
from cooperatives.models import Organization
from orders.buyers import LONGEST_ADDRESS, BadAddress, one_line
from orders.models import Order
from orders.postage import Place

LONGEST_HAMLET = 80
LONGEST_LANDMARK = 160


class BadCommune(Refused):
    """No commune was chosen, or there is none with this code on this day."""

    code = "BAD_COMMUNE"
    sentence = _("Hãy chọn xã, phường nơi nhận hàng.")


class BadHamlet(Refused):
    """A hamlet is needed and missing, or it is longer than 80."""

    code = "BAD_HAMLET"
    sentence = _("Hãy ghi thôn, xóm hoặc số nhà, đường, không quá %(longest)s chữ.")


class BadLandmark(Refused):
    """What it is near is needed and missing, or is longer than 160."""

    code = "BAD_LANDMARK"
    sentence = _("Hãy ghi nhà ở gần đâu để người mang đến tìm được, không quá %(longest)s chữ.")


class BadPlusCode(Refused):
    """Not a full Open Location Code."""

    code = "BAD_PLUS_CODE"
    sentence = _("Mã vị trí chưa đúng. Ví dụ: 7PG85264+R2. Không có thì để trống.")


REFUSALS: tuple[type[Refused], ...] = (BadCommune, BadHamlet, BadLandmark, BadPlusCode, BadAddressCode, BadAddress)


@dataclass(frozen=True, slots=True)
class Address:
    """As typed. ``commune_code`` of base/places; ``former_code`` of the old commune by whose name it was found.

    ``plus_code``: of a pin. ``scheme`` and ``code``: a household code. ``text``: all of it in one line, as programs
    of before sent it; only a neighbour finds her way by that alone.
    """

    commune_code: str = ""
    former_code: str = ""
    hamlet: str = ""
    landmark: str = ""
    plus_code: str = ""
    scheme: str = ""
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The columns of an Order, and the place that postage is counted by."""

    buyer_address: str = ""
    commune_code: str = ""
    commune_name: str = ""
    former_name: str = ""
    hamlet: str = ""
    landmark: str = ""
    plus_code: str = ""
    address_scheme: str = ""
    address_code: str = ""

    def write_on(self, order: Order) -> None:
        for name in self.__dataclass_fields__:
            setattr(order, name, getattr(self, name))


def checked_address(address: Address, *, delivery: str, own_commune: str, on: date) -> Written:
    """``address`` as it is stored with an order that goes by ``delivery``. Needs no database.

    Picked up: nothing is needed, and nothing is kept. ``own_commune``: where a neighbour goes when
    none was chosen ("" when the sellers of a basket are not of one commune). Raises what REFUSALS lists.
    """
    text = one_line(address.text)
    if len(text) > LONGEST_ADDRESS:
        raise BadAddress(field="address", longest=LONGEST_ADDRESS)
    if delivery == Order.Delivery.PICKUP:
        return Written()
    by_neighbour = delivery == Order.Delivery.HOME
    hamlet, landmark = one_line(address.hamlet), one_line(address.landmark)
    if by_neighbour and not any((address.commune_code, hamlet, landmark)):
        if not text:
            raise BadAddress(field="address", longest=LONGEST_ADDRESS)
        return Written(buyer_address=text)
    code = address.commune_code or (own_commune if by_neighbour else "")
    commune = divisions.commune(code, on=on)
    if commune is None:
        raise BadCommune(field="commune")
    plus_code, scheme, household = _spot(address)
    is_pinned = bool(plus_code or household)
    if len(hamlet) > LONGEST_HAMLET or (by_neighbour and not hamlet):
        raise BadHamlet(field="hamlet", longest=LONGEST_HAMLET)
    if delivery != Order.Delivery.COACH and not (hamlet or landmark or text):
        raise BadHamlet(field="hamlet", longest=LONGEST_HAMLET)
    if len(landmark) > LONGEST_LANDMARK or (by_neighbour and not landmark and not is_pinned):
        raise BadLandmark(field="landmark", longest=LONGEST_LANDMARK)
    name = full_name(commune, on=on)
    parts = (hamlet, landmark, "" if hamlet or landmark else text, name)
    return Written(
        buyer_address=", ".join(part for part in parts if part), commune_code=commune.code, commune_name=name,
        former_name=former_name(commune, address.former_code), hamlet=hamlet, landmark=landmark, plus_code=plus_code,
        address_scheme=scheme, address_code=household,
    )  # fmt: skip


def shared_commune(sellers: Iterable[Organization]) -> str:
    """The commune of all of them; "" where they are of several, or one has not said where it is."""
    codes = {seller.commune_code for seller in sellers}
    return codes.pop() if len(codes) == 1 else ""


def place_of(commune_code: str) -> Place:
    """The codes that postage goes by; those of a code that nobody knows are empty."""
    commune = divisions.commune(commune_code) if commune_code else None
    return Place(commune.code, commune.province) if commune else Place()


def full_name(commune: Commune, *, on: date | None = None) -> str:
    """``xã Yên Mô, tỉnh Ninh Bình``."""
    province = divisions.province(commune.province, on=on)
    assert province is not None, "every commune lies in a province"
    return f"{commune.full_name}, {province.full_name}"


def former_name(commune: Commune, former_code: str) -> str:
    """``xã Yên Hòa, huyện Yên Mô, Ninh Bình``; "" where that old commune is no part of it."""
    for former in commune.predecessors:
        if former.code == former_code:
            return f"{former.full_name}, {former.district.type} {former.district.name}, {former.province_name}"
    return ""


def _spot(address: Address) -> tuple[str, str, str]:
    """Pin, scheme and household code in the form that is stored. Raises BadPlusCode, BadAddressCode."""
    pin = household = ""
    if address.plus_code.strip():
        try:
            pin = spots.address_code(spots.Scheme.OLC, address.plus_code).value
        except BadAddressCode as error:
            raise BadPlusCode(field="plus_code") from error
    if address.code.strip():
        household = spots.address_code(address.scheme, address.code).value
    return pin, address.scheme if household else "", household
