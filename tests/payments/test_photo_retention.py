"""The photo of a parcel stays while anybody may ask about it, and goes half a year after that, file and name alike."""

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from orders import complaining, parcel_photos
from orders.models import Shipment
from payments import making_good, photo_retention, remittance_cash, remitting, working
from payments.models import BankTransaction
from payments.photo_retention import KEPT, let_go
from payments.remittance_reading import Row
from tests.payments.conftest import order_bags, request_of
from tests.payments.parcels_world import brought, sent
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    (tmp_path / "parcels").mkdir()
    return tmp_path / "parcels"


def photo(folder: Path, letter: str, *, at: datetime) -> str:
    """A file as parcel_photos.keep writes it."""
    name = f"{letter * 32}.jpg"
    (folder / name).write_bytes(b"\xff\xd8\xff")
    os.utime(folder / name, (at.timestamp(), at.timestamp()))
    return name


def left(folder: Path) -> str:
    """The first letters of the files there are, and of the names in the rows."""
    files = "".join(sorted(one.name[0] for one in folder.iterdir()))
    assert files == "".join(sorted(name[0] for name in Shipment.objects.values_list("photo", flat=True) if name))
    return files


def test_a_photo_goes_when_nothing_of_its_parcel_is_open(
    world: World, comes: Callable[..., BankTransaction], folder: Path
) -> None:
    by_her: dict[str, Any] = {"actor": world.treasurer, "at": world.now}
    paid = order_bags(world, 1)
    comes(request_of(paid).code, paid.total_dong)
    paid.refresh_from_db()
    brought(paid, world, photo=photo(folder, "a", at=world.now))
    collected = brought(order_bags(world, 2, pay_by="CASH"), world, photo=photo(folder, "b", at=world.now))
    short = brought(order_bags(world, 1, pay_by="CASH"), world, photo=photo(folder, "c", at=world.now))
    sent(order_bags(world, 1, pay_by="CASH"), world, photo=photo(folder, "d", at=world.now))
    complaint = complaining.write(
        organization_slug=world.organization.slug, about="goods", text="Gói rách", name="Dũng", phone=paid.buyer_phone,
        order_number="", address="203.0.113.7", key="k", at=world.now,
    )  # fmt: skip
    assert (let_go(at=world.now + KEPT), left(folder)) == (0, "abcd")

    later = world.now + KEPT + timedelta(seconds=1)
    assert (let_go(at=later), left(folder)) == (0, "abcd"), "she complains, and the coach has the money of two"
    complaining.close(complaint_id=complaint.pk, decision="Đổi gói khác", actor=world.manager, key="z", at=world.now)
    assert (let_go(at=later), left(folder)) == (1, "bcd")
    listed = remitting.make(
        organization_id=world.organization.pk, carrier_name="Nhà xe Hải Âu", key="list", **by_her,
        rows=[Row(1, str(collected), collected.collect_dong, 0)],
    )  # fmt: skip
    assert let_go(at=later) == 0
    remittance_cash.receive(remittance_id=listed.pk, amount_dong=collected.collect_dong, key="came", **by_her)
    assert (let_go(at=later), left(folder)) == (1, "cd")
    making_good.short(shipment_id=short.pk, amount_dong=short.collect_dong, reason="nộp thiếu", key="s", **by_her)
    assert (let_go(at=later), left(folder)) == (1, "d"), "it is still on its way"
    assert let_go(at=later) == 0


def test_what_a_crash_leaves_is_found_again(
    world: World, comes: Callable[..., BankTransaction], folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    order = order_bags(world, 1)
    comes(request_of(order).code, order.total_dong)
    order.refresh_from_db()
    named = photo(folder, "a", at=world.now)
    shipment = brought(order, world, photo=named)
    photo(folder, "e", at=world.now)  # kept, and its row never written
    photo(folder, "f", at=world.now + timedelta(days=100))  # the same, lately
    later = world.now + KEPT + timedelta(seconds=1)

    monkeypatch.setattr(parcel_photos, "drop", lambda _name: (_ for _ in ()).throw(PermissionError("read-only")))
    working.thin_if_due(last=None, at=later)
    shipment.refresh_from_db()
    assert (shipment.photo, len(list(folder.iterdir()))) == (named, 3)
    assert "could not be deleted" in caplog.text
    monkeypatch.undo()

    (folder / named).unlink()  # deleted, and the power went before its name did
    with caplog.at_level(logging.WARNING):
        assert working.thin_if_due(last=None, at=later) == later
    assert "2 photos of parcels" in caplog.text
    shipment.refresh_from_db()
    assert (shipment.photo, [one.name[0] for one in folder.iterdir()]) == ("", ["f"])


def test_many_are_let_go_of_in_small_parts(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_retention, "AT_ONCE", 2)
    shipment = sent(order_bags(world, 1, pay_by="CASH"), world)
    ended = world.now - KEPT - timedelta(days=1)
    Shipment.objects.filter(pk=shipment.pk).update(
        state="cancelled", ended_at=ended, photo=photo(folder, "0", at=ended)
    )
    for number in range(1, 6):
        shipment.pk, shipment.number, shipment.photo = None, number + 1, photo(folder, str(number), at=ended)
        shipment.state, shipment.ended_at, shipment.tracking = Shipment.State.CANCELLED, ended, ""
        shipment.save(force_insert=True)
    assert (let_go(at=world.now), left(folder)) == (6, "")
