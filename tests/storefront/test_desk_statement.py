"""Statement files at the desk: whose they are, columns that a person points out, and how far a file has come."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from payments import mappings
from payments.models import BankTransaction, StatementFile, StatementMapping
from storefront import kept_uploads
from storefront.forms.desk_statement import letter
from tests.payments.conftest import statement
from tests.storefront.desk_walk import body, signed_in

STRANGE = (
    b"Ngay GD;Dien giai;So phat sinh;Con lai\n"
    b"14/03/2026;tien ca;150.000;150.000\n"
    b"15/03/2026;phi;-11.000;139.000\n"
)  # fmt: skip
POINTED = {
    "date": "0", "memo": "1", "amount": "2", "balance": "3", "date_order": "dmy", "thousands": ".", "key": "k1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def uploads_of_their_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


def send(client, world, data: bytes, name: str = "t3.csv", **more):
    sent = {"bank_account": world.bank_account.pk, "file": SimpleUploadedFile(name, data), "key": "k", **more}
    return client.post("/desk/statement/", sent)


@pytest.fixture
def wizard(treasurer, world) -> str:
    """The address at which the columns of STRANGE are pointed out."""
    answer = send(treasurer, world, STRANGE, columns="1")
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_the_page_of_a_file_counts_its_rows(world, treasurer, comes):
    comes("tien ca", 5_000)
    rows = [("15/03/2026", "FT1", 5_000, "tien ca"), ("15/03/2026", "FT2", 7_000, "le")]
    answer = send(treasurer, world, statement(rows))
    page = body(treasurer.get(answer.headers["Location"]))
    figures = re.findall(r"<td>(\d+)", page)
    assert figures[:3] == ["2", "1", "1"]  # rows, new, known before
    assert "Đã xử lý xong mọi dòng" in page
    assert "data-again" not in page


def test_a_file_that_still_works_looks_again_by_itself(world, treasurer):
    answer = send(treasurer, world, statement([("15/03/2026", "FT2", 7_000, "le")]))
    BankTransaction.objects.update(state="NEW")
    page = body(treasurer.get(answer.headers["Location"]))
    assert 'data-again="3"' in page
    assert '<meta http-equiv="refresh" content="3">' in page
    assert "xong 0 trên 1 dòng" in page


def test_a_file_of_another_bank_than_the_one_chosen_is_refused_beside_the_file(world, treasurer):
    answer = send(treasurer, world, statement([("15/03/2026", "FT2", 7_000, "le")]), bank="mb")
    assert answer.status_code == 422
    assert '-file_error"' in body(answer)
    assert "Tự chọn cột cho tệp này" in body(answer)
    assert not StatementFile.objects.exists()


def test_a_refused_file_can_be_pointed_out_without_sending_it_again(world, treasurer):
    answer = send(treasurer, world, STRANGE.replace(b"Ngay GD", b"???").replace(b"Con lai", b"!!!"))
    assert answer.status_code == 422
    link = re.search(r'href="(/desk/statement/columns/[^"]+)"', body(answer))
    assert link
    assert "tien ca" in body(treasurer.get(link[1].replace("&amp;", "&")))


def test_the_sample_is_shown_with_what_was_guessed(treasurer, wizard):
    page = body(treasurer.get(wizard))
    for shown in ("tien ca", "150.000", "A · Ngay GD", "D · Con lai"):
        assert shown in page
    assert not StatementFile.objects.exists()


def test_what_would_be_read_is_shown_before_anything_is_kept(treasurer, wizard):
    page = body(treasurer.post(wizard, {**POINTED, "look": "1"}))
    assert "2 dòng, khớp từng đồng" in page
    assert "Đầu kỳ 0\u00a0₫ + vào 150.000\u00a0₫ − ra 11.000\u00a0₫ = cuối kỳ 139.000\u00a0₫" in page
    assert "−11.000\u00a0₫" in page
    assert not StatementFile.objects.exists()
    assert not StatementMapping.objects.exists()


def test_without_balances_it_says_that_nothing_is_proved(treasurer, wizard):
    page = body(treasurer.post(wizard, {**POINTED, "balance": "", "look": "1"}))
    assert "chưa kiểm được bằng số dư" in page


def test_columns_are_remembered_for_the_account_and_read_the_next_file(world, treasurer, wizard):
    answer = treasurer.post(wizard, {**POINTED, "import": "1"})
    assert answer.status_code == 303
    assert BankTransaction.objects.count() == 2
    mapping = mappings.remembered(world.bank_account)
    assert mapping is not None
    assert (mapping.date, mapping.amount, mapping.thousands) == (0, 2, ".")
    assert treasurer.get(wizard).headers["Location"] == "/desk/statement/"  # what was kept is gone
    later = STRANGE.replace(b"14/03", b"16/02").replace(b"15/03", b"17/02")
    assert send(treasurer, world, later, bank="remembered").status_code == 303
    assert BankTransaction.objects.count() == 4
    assert StatementMapping.objects.filter(is_live=True).count() == 1


def test_nothing_remembered_is_said_beside_the_choice(world, treasurer):
    answer = send(treasurer, world, STRANGE, bank="remembered")
    assert answer.status_code == 422
    assert '-bank_error"' in body(answer)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"date": ""}, "date"),
        ({"memo": "2"}, "amount"),  # one column for two things
        ({"amount": "", "amount_in": "2"}, "amount"),
        ({"date": "99"}, "date"),
    ],
)
def test_columns_that_cannot_be_are_said_beside_their_field(treasurer, wizard, typed, field):
    answer = treasurer.post(wizard, {**POINTED, **typed, "import": "1"})
    page = body(answer)
    assert answer.status_code == 422
    assert "_error" in page
    assert "Chưa ghi." in page
    assert not StatementFile.objects.exists()


def test_wrong_columns_are_refused_by_the_rows_themselves(treasurer, wizard):
    answer = treasurer.post(wizard, {**POINTED, "amount": "3", "balance": "2", "import": "1"})
    assert answer.status_code == 422
    assert not StatementFile.objects.exists()


def test_a_kept_file_is_its_senders_alone(world, treasurer, wizard, monkeypatch):
    assert signed_in(world.manager).get(wizard).status_code == 404
    assert signed_in(world.other_treasurer).get(wizard).status_code == 404
    token = wizard.split("/")[4]
    whose = f"{world.organization.pk}:{world.treasurer.pk}"
    assert kept_uploads.find(token, whose=whose).data == STRANGE
    assert kept_uploads.find(token, whose="1:999999") is None
    assert kept_uploads.find("../../etc/passwd", whose=whose) is None
    later = time.time() + kept_uploads.KEPT_SECONDS + 1
    monkeypatch.setattr(kept_uploads.time, "time", lambda: later)
    assert kept_uploads.find(token, whose=whose) is None
    gone = treasurer.get(wizard, follow=True)
    assert "giữ quá hai giờ" in body(gone)
    kept_uploads.keep(name="x", data=b"", whose=whose)
    assert len(list(kept_uploads._folder().iterdir())) == 1  # what is too old is swept away


@pytest.mark.parametrize("account", ["", "x", "99999", "9" * 30])
def test_the_wizard_of_a_strange_account_is_not_there(treasurer, wizard, account):
    assert treasurer.get(wizard.partition("?")[0] + f"?account={account}").status_code == 404


def test_another_organizations_file_is_not_there(world, treasurer):
    answer = send(treasurer, world, statement([("15/03/2026", "FT2", 7_000, "le")]))
    assert signed_in(world.other_treasurer).get(answer.headers["Location"]).status_code == 404
    assert signed_in(world.manager).get(answer.headers["Location"]).status_code == 200


def test_columns_are_lettered_as_a_spreadsheet_does():
    assert [letter(at) for at in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
