"""Taking lists in on pages: choose, look at the columns, see what would happen, take it in, mend the faulty rows."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from payments.models import BillingAccount, BillRun, Reading, RosterImport, RunCount, RunItem
from tests import billers
from tests.payments.bills.roster_files import HEAD, ROWS, xlsx
from tests.storefront.desk_walk import body, key_in, plain, signed_in

pytestmark = pytest.mark.django_db
FAULTY = [4, "HS-04", "+Vũ Văn Dũng", "3A", "", "12345"]


@pytest.fixture(autouse=True)
def uploads_of_their_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def nga(school):
    BillingAccount.objects.all().delete()
    return signed_in(school.treasurer)


def send(client, data: bytes, what: str = "pupil", name: str = "ds.xlsx"):
    return client.post("/biller/import/", {"what": what, "file": SimpleUploadedFile(name, data), "key": "k"})


def guessed(client, address: str, **more: str) -> dict[str, str]:
    """The form of the columns as it was shown."""
    page = body(client.get(address))
    chosen = re.findall(r'<select name="(\w+)".*?</select>', page, re.DOTALL)
    typed = {}
    for name in chosen:
        part = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
        picked = re.search(r'value="([^"]*)"\s+selected', part[0] if part else "")
        typed[name] = picked[1] if picked else ""
    day = re.search(r'name="day" value="([^"]+)"', page)
    return {**typed, "day": day[1] if day else "", "key": key_in(client.get(address)), **more}


def test_a_file_is_looked_at_taken_in_and_its_faulty_rows_given_back(school, nga):
    answer = send(nga, xlsx([HEAD, *ROWS, FAULTY]))
    assert answer.status_code == 303
    page = body(nga.get(answer.url))
    for shown in ("C · Họ và tên", "Nguyễn Văn An", "Máy đã đoán"):
        assert shown in page
    looked = body(nga.post(answer.url, guessed(nga, answer.url, look="1")))
    for shown in ("Nhận 3 dòng tốt", "Dòng 5", "“12345” không phải số điện thoại đúng", "Lê Thị Bình"):
        assert shown in looked
    assert not BillingAccount.objects.exists()
    typed = guessed(nga, answer.url, take="1")
    done = nga.post(answer.url, typed)
    assert done.status_code == 303
    assert BillingAccount.objects.count() == 3
    page = body(nga.get(done.url))
    assert "1 dòng chưa nhận vì có lỗi" in page
    sheet = load_workbook(io.BytesIO(b"".join(nga.get(f"{done.url}faults.xlsx").streaming_content))).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == [*HEAD, "Dòng", "Lý do"]
    assert rows[1][2] == "'+Vũ Văn Dũng"  # nothing that a spreadsheet would run
    assert rows[1][6] == 5
    assert b"12345" in b"".join(nga.get(f"{done.url}faults.csv").streaming_content)
    assert nga.get(f"{done.url}faults.pdf").status_code == 404


def test_the_mended_sheet_of_faulty_rows_comes_in_as_it_is(school, nga):
    mended = xlsx([[*HEAD, "Dòng", "Lý do"], ["4", "HS-04", "Vũ Văn Dũng", "3A", "", "0912345679", 5, "…"]])
    address = send(nga, mended).url
    assert nga.post(address, guessed(nga, address, take="1")).status_code == 303
    assert BillingAccount.objects.get().name == "Vũ Văn Dũng"


def test_the_same_file_again_says_that_nothing_is_new(school, nga):
    for _time in range(2):
        address = send(nga, xlsx()).url
        looked = body(nga.post(address, guessed(nga, address, look="1")))
        nga.post(address, guessed(nga, address, take="1"))
    assert "Không có gì mới để nhận" in looked
    assert [(one.added, one.same) for one in RosterImport.objects.order_by("pk")] == [(3, 0), (0, 3)]


def test_what_would_change_is_shown_before_it_does(school, nga):
    for rows in (ROWS, [[1, "HS-01", "Nguyễn Văn Ân", *ROWS[0][3:]], *ROWS[1:]]):
        address = send(nga, xlsx([HEAD, *rows])).url
        looked = body(nga.post(address, guessed(nga, address, look="1")))
        nga.post(address, guessed(nga, address, take="1"))
    assert "Nguyễn Văn An → <strong>Nguyễn Văn Ân</strong>" in looked
    assert BillingAccount.objects.get(number="HS-01").name == "Nguyễn Văn Ân"


def test_columns_that_nobody_knows_are_asked_for_and_pointed_out(school, nga):
    address = send(nga, xlsx([["x", "y"], ["An Nguyễn", "m1"], ["Bình Lê", "m2"]])).url
    typed = guessed(nga, address, take="1")
    wrong = nga.post(address, {**typed, "name": ""})
    assert wrong.status_code == 422
    assert "Hãy chỉ ra cột này" in body(wrong)
    assert nga.post(address, {**typed, "name": "0", "number": "0"}).status_code == 422
    assert nga.post(address, {**typed, "name": "0", "number": "1"}).status_code == 303
    assert set(BillingAccount.objects.values_list("name", "number")) >= {("An Nguyễn", "m1"), ("Bình Lê", "m2")}


@pytest.mark.parametrize(("data", "said"), [(b"%PDF-1.7", "Chưa đọc được tệp PDF"), (b"\xd0\xcf\x11\xe0" * 99, "")])
def test_a_file_that_cannot_be_read_is_refused_beside_the_file(school, nga, data, said):
    answer = send(nga, data)
    assert answer.status_code == 422
    assert said in body(answer)
    assert "_error" in body(answer)


def test_readings_and_counts_come_in_by_the_same_way(school, nga):
    billers.billing_account(school.organization, "Phạm Tám", number="0012", kind="meter")
    address = send(nga, xlsx([["Số đồng hồ", "Chỉ số cũ", "Chỉ số mới"], [12, 5, 9]]), what="readings").url
    assert nga.post(address, guessed(nga, address, take="1", month="2026-02", day="2026-02-28")).status_code == 303
    assert Reading.objects.get().used == 4
    assert nga.post(address, {"month": "x", "key": "k", "day": "2026-02-28"}).status_code == 303  # kept no longer
    assert send(nga, xlsx(), what="counts").status_code == 422  # no draft waits for any
    draft = billers.bill_run(school.organization, school.bank_account, name="Nháp")
    BillRun.objects.filter(pk=draft.pk).update(state="draft")
    RunItem.objects.create(run=draft, fee_item=school.meals)
    address = send(nga, xlsx([["Mã", "Số suất"], ["0012", 20]]), what="counts").url
    typed = guessed(nga, address, take="1", place=f"{draft.pk}:{school.meals.pk}")
    assert nga.post(address, typed).status_code == 303
    assert RunCount.objects.get().quantity == 20


def test_the_collector_brings_readings_alone(school, nga):
    tam = signed_in(school.clerk)
    page = body(tam.get("/biller/import/"))
    assert "Chỉ số đồng hồ" in page
    assert "Danh sách học sinh" not in page
    assert send(tam, xlsx(), what="pupil").status_code == 422
    done = RosterImport.objects.create(
        organization=school.organization, kind="accounts", name="x", sha256="", mapping={}, rows=0, added=0, changed=0,
        same=0, at=school.now,
    )  # fmt: skip
    assert tam.get(f"/biller/imports/{done.pk}/").status_code == 404
    assert nga.get(f"/biller/imports/{done.pk}/").status_code == 200


def test_a_kept_file_and_an_import_are_the_billers_own(school, nga, world):
    world.other_organization.bills = True
    world.other_organization.save()
    chi = signed_in(world.other_treasurer)
    address = send(nga, xlsx()).url
    assert chi.get(address).headers["Location"] == "/biller/import/"  # as for a token that never was
    assert chi.get("/biller/import/" + "A" * 32 + "/pupil/").headers["Location"] == "/biller/import/"
    assert nga.get(address.replace("/pupil/", "/other/")).status_code == 404
    done = nga.post(address, guessed(nga, address, take="1")).url
    chi = signed_in(world.other_treasurer)  # who has not been told of a file that is gone
    for tail in ("", "faults.xlsx"):
        there, nowhere = chi.get(done + tail), chi.get("/biller/imports/999999/" + tail)
        assert (there.status_code, plain(there)) == (404, plain(nowhere))
