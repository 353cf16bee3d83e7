"""Money that carriers bring, as the desk sees it: who has it, lists made and paid, and a sheet that runs nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from orders.models import Shipment
from payments import remitting
from payments.models import Remittance
from payments.remittance_reading import Row
from tests.payments.conftest import order_bags
from tests.payments.parcels_world import brought, sent
from tests.storefront.desk_walk import body, signed_in

COACH = "Nhà xe Hải Âu"


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


@pytest.fixture
def parcel(world) -> Shipment:
    return brought(order_bags(world, 2, pay_by="CASH"), world)


def listed(world, parcel, *, key="list", fee=32_000) -> Remittance:
    return remitting.make(
        organization_id=world.organization.pk, carrier_name=COACH, rows=[Row(1, str(parcel), 150_000, fee)],
        actor=world.treasurer, key=key, at=world.now,
    )  # fmt: skip


def typed(rows: str, **more: str) -> dict[str, str]:
    return {"carrier_name": COACH, "made_on": "2026-03-15", "rows": rows, "key": "k1", **more}


def test_a_list_is_read_first_then_made_and_its_qr_shown(treasurer, world, parcel):
    page = body(treasurer.get("/desk/cod/"))
    assert COACH in page
    assert "150.000\u00a0₫" in page
    asked = body(treasurer.get("/desk/cod/new/", {"carrier": COACH}))
    assert f"{parcel}; 150000; 0" in asked
    wrong = treasurer.post("/desk/cod/new/", typed(f"{parcel}; 15O.000; 0", make="1"))
    assert wrong.status_code == 422
    assert "15O.000" in body(wrong)
    look = treasurer.post("/desk/cod/new/", typed(f"{parcel}; 150.000; 32.000", look="1"))
    assert (look.status_code, Remittance.objects.count()) == (200, 0)
    assert "118.000\u00a0₫" in body(look)
    made = treasurer.post("/desk/cod/new/", typed(f"{parcel}; 150.000; 32.000", make="1"))
    remittance = Remittance.objects.get()
    assert made.headers["Location"] == f"/desk/cod/{remittance.code}/"
    treasurer.post("/desk/cod/new/", typed(f"{parcel}; 150.000; 32.000", make="1"))  # a double tap
    assert Remittance.objects.count() == 1
    assert "một trăm mười tám nghìn đồng" in body(treasurer.get(made.headers["Location"])).lower()
    assert treasurer.get(f"{made.headers['Location']}qr.png").headers["Content-Type"] == "image/png"


def test_a_carriers_file_is_shown_as_text_to_be_mended_before_it_is_made(treasurer, world, parcel):
    away = sent(order_bags(world, 1, pay_by="CASH"), world)
    book, stream = Workbook(), io.BytesIO()
    for row in (["Mã đơn", "Thu hộ", "Phí"], [parcel.order.number, 150000, 32000], [away.order.number, 75000, 0]):
        book.active.append(row)
    book.save(stream)
    sheet = SimpleUploadedFile("doi-soat.xlsx", stream.getvalue())
    shown = treasurer.post("/desk/cod/new/", {**typed(""), "file": sheet, "make": "1"})
    assert (shown.status_code, Remittance.objects.count()) == (422, 0)  # one is still on its way
    text = f"{parcel.order.number}; 150000; 32000\n{away.order.number}; 75000; 0"
    assert text in body(shown)
    treasurer.post("/desk/cod/new/", typed(text, delivered_too="on", make="1"))
    assert Remittance.objects.get().net_dong == 193_000
    assert Shipment.objects.get(pk=away.pk).state == "delivered"


def test_the_clerk_takes_a_neighbours_cash_and_a_buyer_sees_nothing(world, parcel):
    remittance = listed(world, parcel, fee=0)
    clerk = signed_in(world.clerk)
    assert 'href="/desk/cod/"' in body(clerk.get("/desk/cash/"))
    assert remittance.code in body(clerk.get("/desk/cod/?show=lists"))
    address = f"/desk/cod/{remittance.code}/"
    too_much = clerk.post(f"{address}cash/", {"amount_dong": "150.001", "key": "c0"})
    assert too_much.status_code == 422
    assert clerk.post(f"{address}cash/", {"amount_dong": "150.000", "key": "c1"}).status_code == 303
    payment = remittance.payments.get()
    assert (payment.keeper, payment.amount_dong) == (world.clerk, 150_000)
    assert clerk.post(f"{address}cash/{payment.pk}/undo/", {"key": "u"}).status_code == 422
    clerk.post(f"{address}cash/{payment.pk}/undo/", {"reason": "đếm nhầm", "key": "u"})
    payment.refresh_from_db()
    assert payment.undone_at is not None
    for who in (world.buyer, world.other_treasurer):
        for path in ("", "qr.png"):
            assert signed_in(who).get(f"{address}{path}").status_code == 404
    assert clerk.get("/desk/cod/differences.csv").status_code == 404
    assert clerk.post(f"{address}cancel/", {"reason": "thử", "key": "x"}).status_code == 404


def test_a_transfer_is_given_to_lists_by_one_tap_and_taken_back(treasurer, world, parcel, comes):
    second = brought(order_bags(world, 2, pay_by="CASH"), world)
    lists = [listed(world, one, key=str(one)) for one in (parcel, second)]
    line = comes("nha xe tra tien", 236_000)
    page = body(treasurer.get(f"/desk/money/{line.pk}/"))
    assert all(one.code in page for one in lists)
    parts = {"code": [one.code for one in lists], "dong": ["118000", "118000"]}
    treasurer.post(f"/desk/money/{line.pk}/assign/", {**parts, "reason": "theo gợi ý", "key": "a1"})
    line.refresh_from_db()
    assert line.state == "SETTLED"
    paid = lists[0].payments.get()
    assert "Tiền thu hộ, bảng kê của" in body(treasurer.get(f"/desk/money/{line.pk}/"))
    treasurer.post(f"/desk/money/{line.pk}/undo/", {"remittance_payment": str(paid.pk)})
    line.refresh_from_db()
    assert line.unused_dong == 118_000


def test_a_list_is_dropped_or_written_off_with_a_reason(treasurer, world, parcel):
    remittance = listed(world, parcel)
    address = f"/desk/cod/{remittance.code}/"
    assert treasurer.post(f"{address}cancel/", {"key": "c"}).status_code == 422
    treasurer.post(f"{address}cancel/", {"reason": "lập nhầm", "key": "c"})
    again = listed(world, parcel, key="again")
    treasurer.post(f"/desk/cod/{again.code}/write-off/", {"reason": "nhà xe nghỉ chạy", "key": "w"})
    states = dict(Remittance.objects.values_list("code", "state"))
    assert states == {remittance.code: "cancelled", again.code: "done"}
    assert "118.000\u00a0₫" in body(treasurer.get(f"/desk/cod/{again.code}/"))


def test_the_sheet_runs_no_formula_and_its_amounts_are_numbers(treasurer, world, parcel):
    Shipment.objects.filter(pk=parcel.pk).update(bearer_name='=HYPERLINK("http://x")')
    csv = treasurer.get("/desk/cod/differences.csv?since=2026-01-01").getvalue().decode("utf-8-sig")
    assert "\"'=HYPERLINK" in csv
    data = treasurer.get("/desk/cod/differences.xlsx?since=2026-01-01").getvalue()
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert rows[1][1].startswith("'=")
    assert rows[1][-1] == 150_000
    assert treasurer.get("/desk/cod/differences.exe").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_often_for_one_row_as_for_three(treasurer, world, rows, django_assert_num_queries):
    parcels = [brought(order_bags(world, 2, pay_by="CASH"), world) for _ in range(rows)]
    for one in parcels:
        listed(world, one, key=str(one))
    together = [brought(order_bags(world, 2, pay_by="CASH"), world) for _ in range(rows)]
    remittance = remitting.make(
        organization_id=world.organization.pk, carrier_name=COACH, key="together",
        rows=[Row(n, str(one), 150_000, 0) for n, one in enumerate(together)], actor=world.treasurer, at=world.now,
    )  # fmt: skip
    treasurer.get("/desk/cod/")  # the standing is known for a while from here on
    for address, queries in (
        ("/desk/cod/", 12), ("/desk/cod/?show=lists", 6), ("/desk/cod/?show=all&since=2026-01-01", 11),
        (f"/desk/cod/{remittance.code}/", 15),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            assert treasurer.get(address).status_code == 200
