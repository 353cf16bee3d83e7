"""The payment page of a bill and of a bundle: what the QR carries, and nothing of who pays for whom or for what."""

import json
from io import BytesIO

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from cooperatives.models import Message
from payments import bundles, cash
from payments.bills import correcting, publishing
from payments.bills.correcting import Change
from payments.models import BillRun, HouseholdLink, PaymentRequest
from payments.requesting import payload_of
from tests.payments.bills.incoming import comes_to
from tests.storefront.household_world import Home, home
from tests.storefront.making import text_of

__all__ = ["home"]


@pytest.fixture
def bundle(home: Home) -> PaymentRequest:
    """Both children's bills, 725,000 đ."""
    return bundles.make(codes=[home.overdue.code, home.coming.code], at=home.school.now)


def pay_page(asked: PaymentRequest, client: Client | None = None) -> str:
    return text_of((client or Client()).get(f"/pay/{asked.code}/"))


def state_of(asked: PaymentRequest) -> dict[str, object]:
    return json.loads(Client().get(f"/pay/{asked.code}/status").content)


@pytest.mark.parametrize("which", ["overdue", "coming", "bundle"])
def test_the_page_shows_what_the_qr_carries_and_no_more(home: Home, bundle: PaymentRequest, which: str) -> None:
    asked = bundle if which == "bundle" else getattr(home, which)
    page = pay_page(asked)
    account = asked.bank_account
    for said in (account.number, account.holder, account.bank_name, asked.code):
        assert said in page
    school = home.school
    secrets = [
        school.older.name, school.younger.name, school.older.initials, school.younger.initials, school.older.number,
        school.younger.number, school.household.name, school.household.token, school.household.card_code,
        "lớp", "Tiền ăn", "Chăm sóc", "Hộ cận nghèo", "Tháng này", "Tháng trước", school.organization.name,
        "Quá hạn", "/bills/h/",
    ]  # fmt: skip
    secrets += [other.code for other in (home.overdue, home.coming, bundle) if other != asked]
    assert [secret for secret in secrets if secret in page] == []


@pytest.mark.parametrize("which", ["coming", "bundle"])
def test_a_bill_never_expires_and_the_page_does_not_say_so(home: Home, bundle: PaymentRequest, which: str) -> None:
    page = pay_page(bundle if which == "bundle" else home.coming)
    assert "Chờ tiền về đến" not in page
    assert "hợp tác xã bán hàng" not in page
    assert "Tiền vào thẳng tài khoản của nơi thu" in page


def test_the_picture_of_a_bundle_asks_for_all_of_it(bundle: PaymentRequest) -> None:
    picture = Client().get(f"/pay/{bundle.code}/qr.png").content
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    assert read.text == payload_of(bundle)
    assert "5406725000" in read.text
    assert bundle.code in read.text


def test_what_was_paid_of_a_bundle_elsewhere_is_no_longer_asked(home: Home, bundle: PaymentRequest) -> None:
    comes_to(home.school)(home.overdue.code, 150_000)
    bundle.refresh_from_db()
    assert state_of(bundle) == {"state": "part", "paid_dong": 150_000, "due_dong": 575_000}
    page = pay_page(bundle)
    assert "Đã nhận 150.000\u00a0₫, còn thiếu 575.000\u00a0₫" in page
    cash.receive(code=home.coming.code, amount_dong=575_000, actor=home.school.clerk, key="k", at=home.school.now)
    page = pay_page(bundle)
    assert state_of(bundle)["state"] == "paid"
    assert "Đã nhận đủ tiền" in page
    assert "Nơi thu đã nhận được tiền." in page
    assert bundle.bank_account.number not in page
    assert Client().get(f"/pay/{bundle.code}/qr.png").status_code == 404


def test_what_was_taken_off_a_bundles_bills_was_not_received(home: Home, bundle: PaymentRequest) -> None:
    school = home.school
    correcting.correct(
        bill_id=home.coming.bill_id, changes=[Change(school.meals.pk, -75_000)], reason="nghỉ ba buổi", key="k",
        actor=school.treasurer, at=school.now,
    )  # fmt: skip
    assert state_of(bundle) == {"state": "part", "paid_dong": 0, "due_dong": 650_000}
    page = pay_page(bundle)
    assert "Đã nhận" not in page
    assert "Còn phải trả 650.000\u00a0₫" in page
    comes_to(school)(bundle.code, 650_000)
    assert state_of(bundle) == {"state": "paid", "paid_dong": 650_000, "due_dong": 0}
    told = Message.objects.filter(organization=school.organization, kind=Message.Kind.BILL_PAID).latest("pk")
    assert "650.000" in told.text
    assert "725.000" not in told.text


def test_a_bundle_of_which_all_was_cancelled_got_nothing(home: Home, bundle: PaymentRequest) -> None:
    for run in BillRun.objects.filter(bills__request__bundled_in__bundle=bundle).distinct():
        publishing.cancel(run_id=run.pk, reason="phát hành nhầm", actor=home.school.treasurer, at=home.school.now)
    assert state_of(bundle) == {"state": "cancelled", "paid_dong": 0, "due_dong": 0}


def test_money_for_the_bundle_pays_the_bills(home: Home, bundle: PaymentRequest) -> None:
    comes_to(home.school)(bundle.code, 725_000)
    assert state_of(bundle)["state"] == "paid"
    for asked in (home.overdue, home.coming):
        assert state_of(asked)["state"] == "paid"
        assert "Nơi thu đã nhận được tiền." in pay_page(asked)


def test_too_much_is_carried_or_given_back(home: Home) -> None:
    comes_to(home.school)(home.overdue.code, 170_000)
    page = pay_page(home.overdue)
    assert "thừa 20.000\u00a0₫" in page
    assert "nơi thu trừ vào khoản sau hoặc trả lại" in page


def test_a_cancelled_bill_and_one_of_nothing_are_not_to_be_paid(home: Home) -> None:
    PaymentRequest.objects.filter(pk=home.coming.pk).update(state="cancelled")
    page = pay_page(home.coming)
    assert "Khoản này đã hủy" in page
    assert home.coming.bank_account.number not in page
    PaymentRequest.objects.filter(pk=home.overdue.pk).update(state="paid", asked_dong=0)
    page = pay_page(home.overdue)
    assert "Không phải trả gì" in page
    assert "<svg xmlns" not in page


@pytest.mark.parametrize("which", ["coming", "bundle"])
def test_only_a_browser_that_opened_the_household_gets_the_way_back(
    home: Home, bundle: PaymentRequest, which: str
) -> None:
    asked = bundle if which == "bundle" else home.coming
    client = Client()
    client.get(home.path)
    assert f'href="{home.path}"' in pay_page(asked, client)
    other = Client()
    other.get(f"/bills/h/{home.water.household.token}/")
    assert "/bills/h/" not in pay_page(asked, other)


def test_a_household_that_added_the_card_gets_the_way_back_to_its_own_page(home: Home) -> None:
    client = Client()
    client.get(home.path)
    assert "/bills/h/" not in pay_page(home.water.asked, client)
    HouseholdLink.objects.create(
        household=home.school.household, account=home.water.meter, at=home.water.household.card_made_at
    )
    assert f'href="{home.path}"' in pay_page(home.water.asked, client)


def test_the_status_of_a_bill_costs_one_question(home: Home, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        Client().get(f"/pay/{home.coming.code}/status")
