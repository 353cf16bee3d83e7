"""From lists and lots to paper: whose goods to fetch, what goes into whose bag, and the labels. In Vietnamese."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from base.money import figures
from base.periods import VIETNAM_OFFSET
from catalog.measures import shown_quantity
from catalog.models import Lot, Variant
from cooperatives.models import Organization
from cooperatives.phones import shown as shown_phone
from orders.packing_lists import FromLot, Lists, OfMember, OfOrder
from payments.paper.labels import Label, Size, labels
from payments.paper.packing import Block, sheet
from storefront.share_pictures import place_of

MOST_LABELS = 200


def fetch_sheet(lists: Lists, *, organization: Organization, said: str, at: datetime) -> bytes:
    """The list by owner: with her hamlet and number, to call on the way."""
    blocks = [_of_member(one) for one in lists.by_member]
    return sheet(
        title="LẤY HÀNG CỦA AI", organization=organization.name, said=_said(said, at), blocks=blocks,
        demo=organization.is_demo,
    )  # fmt: skip


def pack_sheet(lists: Lists, *, organization: Organization, said: str, at: datetime) -> bytes:
    """The list by buyer."""
    blocks = [_of_order(one) for one in lists.by_order]
    return sheet(
        title="GÓI CHO AI", organization=organization.name, said=_said(said, at), blocks=blocks,
        demo=organization.is_demo,
    )  # fmt: skip


def label_sheet(lots: Sequence[tuple[Lot, int]], *, size: Size) -> bytes:
    """``lots`` with how many labels each; every lot with its variant, product, organization and member loaded."""
    return labels([label for lot, times in lots for label in [_label(lot)] * times], size=size)


def _said(said: str, at: datetime) -> str:
    return f"{said} · in lúc {at.astimezone(VIETNAM_OFFSET):%H:%M ngày %d/%m/%Y}"


def _of_member(one: OfMember) -> Block:
    if one.member is not None:
        phone = f"điện thoại {shown_phone(one.member.user.phone)}" if one.member.user.phone else ""
        notes = tuple(part for part in (one.member.hamlet, phone) if part)
        return Block(one.member.user.name, notes, _lines(one.rows))
    title = "Chưa ai mang đến" if one.is_missing else "Hàng của hợp tác xã"
    return Block(title, (), _lines(one.rows))


def _lines(rows: Sequence[FromLot]) -> tuple[tuple[str, str, str], ...]:
    return tuple((_goods(row.variant), row.shown, f"lô {row.lot.code}" if row.lot else "") for row in rows)


def _goods(variant: Variant) -> str:
    return f"{variant.product.name}, {variant.name}"


def _of_order(one: OfOrder) -> Block:
    order = one.order
    to_pay = "đã trả tiền" if order.is_covered else f"thu {figures(order.total_dong - order.borne_dong)}"
    where = order.pickup_point.name if order.pickup_point else order.buyer_address
    notes = (
        f"{shown_phone(order.buyer_phone)} · {order.get_delivery_display()}{f': {where}' if where else ''}",
        f"{to_pay}{f' · {order.note}' if order.note else ''}",
    )
    lines = tuple(
        (
            f"{line.line.product_name}, {line.line.variant_name}",
            shown_quantity(line.line.variant, line.line.quantity) + (" · cân: ………" if line.is_weighed else ""),
            _from(line.parts),
        )
        for line in one.lines
    )
    return Block(f"{order.number} · {order.buyer_name}", notes, lines)


def _from(parts: Sequence[FromLot]) -> str:
    """Of whom: two owners' goods in one bag are named with how much of each."""
    named = []
    for part in parts:
        if part.lot is None:
            named.append(f"chưa có {part.shown}")
        else:
            owner = part.lot.member.user.name if part.lot.member else "hợp tác xã"
            named.append(f"{owner}, lô {part.lot.code}{f': {part.shown}' if len(parts) > 1 else ''}")
    return "; ".join(named)


def _label(lot: Lot) -> Label:
    variant, product = lot.variant, lot.variant.product
    shop = product.organization
    path = reverse("lot", args=[lot.trace])
    facts = [
        ("Khối lượng tịnh", shown_weight(variant)),
        ("Số lô", lot.code),
        ("Ngày làm ra", f"{lot.made_on:%d/%m/%Y}" if lot.made_on else ""),
        ("Hạn dùng", f"{lot.best_before:%d/%m/%Y}" if lot.best_before else ""),
        ("Bảo quản", product.storage),
        ("Người dị ứng lưu ý", product.allergens),
        ("Mã vạch", variant.gtin),
    ]
    maker = lot.member.user.name if lot.member is not None and lot.member.shows_name else ""
    phone = f" · {shown_phone(shop.phone)}" if shop.phone else ""
    return Label(
        product=product.name, variant=variant.name, facts=tuple((what, text) for what, text in facts if text),
        maker=f"{maker}, {shop.name}" if maker else shop.name,
        address=", ".join(part for part in (shop.address, place_of(shop)) if part) + phone,
        payload=settings.SITE_URL + path, written=_without_scheme(settings.SITE_URL + path), demo=shop.is_demo,
    )  # fmt: skip


def shown_weight(variant: Variant) -> str:
    """Net weight of one piece; goods by weight are written by hand when they are weighed."""
    if variant.sold_by == Variant.SoldBy.WEIGHT:
        return "………… g"
    return f"{variant.weight_g} g" if variant.weight_g else ""


def _without_scheme(address: str) -> str:
    return address.split("://", 1)[-1]


def said_of(order_count: int, chosen: str) -> str:
    """What a sheet is of: for its head."""
    return f"{order_count} đơn{f' · {chosen}' if chosen else ''}"
