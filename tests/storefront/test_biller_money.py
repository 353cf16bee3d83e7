"""The desk's money pages with bills behind the money: found, named, settled, undone, given back; nothing thinks of an
order where there is none."""

import pytest
from django.test import Client

from payments import bundles, cash, refunds, triage
from payments.models import BankTransaction, Explanation, PaymentRequest, Refund, Settlement
from tests import billers
from tests.payments.bills.incoming import comes_to
from tests.payments.conftest import is_clean
from tests.people import PASSWORD
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db
WORDS = "Nguyễn Văn An · 3A · tháng 03/2026"


@pytest.fixture
def nga(school):
    return signed_in(school.treasurer)


@pytest.fixture
def comes(school):
    return comes_to(school)


@pytest.fixture
def asked(school):
    return billers.bill(school.run, school.older, [(school.meals, 500_000), (school.boarding, 150_000)])


@pytest.fixture
def sisters(school):
    return billers.bill(school.run, school.younger, [(school.meals, 400_000)])


@pytest.mark.parametrize(
    "text",
    ["An", "3A", "654321", "0987 654 321", "650000", "650.000", "NGUYEN VAN AN", "an 3a", "An Trần Thị Hạnh"],
)
def test_a_bill_is_found_by_what_a_person_knows_of_it(school, nga, comes, asked, text):
    line = comes("ung ho", 650_001)
    page = body(nga.get(f"/desk/money/{line.pk}/", {"q": text}))
    assert WORDS in page
    assert f"?code={asked.code}#split" in page


def test_a_bill_paid_in_part_is_found_by_what_is_still_due(school, nga, comes, asked):
    comes(asked.code, 100_000)
    line = comes("not so con lai", 550_000)
    for text in ("550.000", "650.000"):
        assert WORDS in body(nga.get(f"/desk/money/{line.pk}/", {"q": text})), text
    assert WORDS not in body(nga.get(f"/desk/money/{line.pk}/", {"q": "550.001"}))


def test_every_word_has_to_fit(school, nga, comes, asked, sisters):
    line = comes("ung ho", 1)
    page = body(nga.get(f"/desk/money/{line.pk}/", {"q": "nguyen 1b"}))
    assert "Nguyễn Thị Bình · 1B" in page
    assert WORDS not in page


def test_by_code_and_by_number_too(school, nga, comes, asked):
    line = comes("ung ho", 650_001)
    for text in (asked.code, asked.code[:6].lower(), school.older.number):
        assert WORDS in body(nga.get(f"/desk/money/{line.pk}/", {"q": text})), text


def test_money_of_the_same_sum_hints_at_the_bill(school, nga, comes, asked):
    line = comes("tien cua con", 650_000)
    assert WORDS in body(nga.get(f"/desk/money/{line.pk}/"))


def test_assigned_settled_undone(school, nga, comes, asked):
    line = comes("tien cua con", 650_000)
    shown = nga.get(f"/desk/money/{line.pk}/?code={asked.code}")
    typed = {"code": asked.code, "dong": "650.000", "reason": "hỏi phụ huynh", "key": key_in(shown)}
    assert nga.post(f"/desk/money/{line.pk}/assign/", typed).status_code == 303
    page = body(nga.get(f"/desk/money/{line.pk}/"))
    assert f'<a href="/biller/bills/{asked.bill_id}/">{WORDS}</a>' in page
    settlement = Settlement.objects.get()
    assert nga.post(f"/desk/money/{line.pk}/undo/", {"settlement": settlement.pk}).status_code == 303
    asked.refresh_from_db()
    assert asked.state == "waiting"
    assert body(nga.get(f"/desk/money/{line.pk}/"))


def test_two_codes_in_one_transfer_are_proposed_with_their_names(school, nga, comes, asked, sisters):
    line = comes(f"{asked.code} {sisters.code}", 1_050_000)
    page = body(nga.get(f"/desk/money/{line.pk}/"))
    assert line.state == BankTransaction.State.NEEDS_YOU
    assert WORDS in page
    assert "Nguyễn Thị Bình · 1B · tháng 03/2026" in page


def test_a_bundle_is_named_by_its_children(school, nga, comes, asked, sisters):
    bundle = bundles.make(codes=[asked.code, sisters.code], at=school.now)
    line = comes(bundle.code, 1_050_000)
    page = body(nga.get(f"/desk/money/{line.pk}/"))
    assert "Nguyễn Văn An, Nguyễn Thị Bình · trả chung 2 khoản" in page
    assert bundle.code in page
    again = comes(bundle.code, 1_050_000)
    assert "trả chung 2 khoản" in body(nga.get(f"/desk/money/{again.pk}/"))
    found = nga.get(f"/desk/money/{comes('x', 5).pk}/", {"q": bundle.code})
    assert found.status_code == 200


def test_money_for_a_bill_that_was_paid_or_cancelled_says_so(school, nga, comes, asked, sisters):
    comes(asked.code, 650_000)
    page = body(nga.get(f"/desk/money/{comes(asked.code, 650_000).pk}/"))
    assert "đã nhận đủ trước khoản này" in page
    assert WORDS in page
    PaymentRequest.objects.filter(pk=sisters.pk).update(state="cancelled")
    page = body(nga.get(f"/desk/money/{comes(sisters.code, 400_000).pk}/"))
    assert "khoản này đã hủy" in page


def test_too_much_is_given_back_from_the_page_of_the_line(school, nga, comes, asked):
    line = comes(asked.code, 700_000)
    page = body(nga.get(f"/desk/money/{line.pk}/"))
    assert "Còn dư 50.000\u00a0₫ của Nguyễn Văn An · 3A" in page
    door = f"/desk/refunds/new/?account={school.older.pk}&line={line.pk}"
    assert door.replace("&", "&amp;") in page
    assert "Nguyễn Văn An · 3A" in body(nga.get("/desk/refunds/"))
    shown = nga.get(door)
    assert 'value="50000"' in body(shown)
    typed = {"amount_dong": "50.000", "payee_bin": "", "payee_account": "", "payee_holder": "", "reason": "trả thừa"}
    answer = nga.post(door, {**typed, "key": key_in(shown)})
    assert answer.status_code == 303, body(answer)
    refund = Refund.objects.get()
    assert (refund.account, refund.amount_dong) == (school.older, 50_000)
    for address in (answer.url, "/desk/refunds/", f"/desk/money/{line.pk}/"):
        assert "50.000\u00a0₫" in body(nga.get(address))
    assert "Nguyễn Văn An · 3A" in body(nga.get(answer.url))


def test_kept_as_a_debt_of_the_account(school, nga, comes, asked):
    comes(asked.code, 650_000)
    again = comes(asked.code, 650_000)
    triage.keep_as_debt(
        transaction_id=again.pk, code=asked.code, reason="chuyển hai lần", actor=school.treasurer, key="k",
        at=school.now,
    )  # fmt: skip
    page = body(nga.get(f"/desk/money/{again.pk}/"))
    assert "(Nguyễn Văn An · 3A)" in page
    assert "Còn dư 650.000\u00a0₫" in page
    for show in ("look", "today", "over", "all"):
        assert nga.get(f"/desk/money/?show={show}").status_code == 200
    page = body(nga.get("/biller/too-much/"))
    assert "chuyển thêm 650.000\u00a0₫ khi đã trả đủ" in page


def test_a_refund_of_bills_is_shown_in_every_list(school, nga, comes, asked):
    comes(asked.code, 700_000)
    refund = refunds.ask(
        account_id=school.older.pk, amount_dong=50_000, payee_bin="970407", payee_account="1903", payee_holder="HANH",
        reason="thừa", actor=school.treasurer, key="k", at=school.now,
    )  # fmt: skip
    refunds.order_out(
        refund_id=refund.pk, payee_bin="970407", payee_account="1903", payee_holder="HANH", from_account_id=None,
        actor=school.treasurer, key="k2", at=school.now,
    )  # fmt: skip
    assert "Nguyễn Văn An · 3A" in body(nga.get("/desk/refunds/?show=ordered"))
    out = comes(refund.code, 50_000, direction="out")
    assert nga.get(f"/desk/money/{out.pk}/").status_code == 200
    assert "Nguyễn Văn An · 3A" in body(nga.get("/desk/refunds/?show=done"))


def test_cash_that_was_brought_to_the_bank_empties_the_box(school, nga, comes, asked):
    cash.receive(code=asked.code, amount_dong=650_000, actor=school.clerk, key="k", at=school.now)
    line = comes("nop tien mat", 650_000)
    shown = nga.get(f"/desk/money/{line.pk}/")
    assert "Tâm · 650.000\u00a0₫" in body(shown)
    typed = {"kind": "banked", "keeper_id": school.clerk.pk, "reason": "nộp quỹ", "key": key_in(shown)}
    assert nga.post(f"/desk/money/{line.pk}/explain/", typed).status_code == 303
    assert Explanation.objects.get().keeper == school.clerk
    assert "Tâm" in body(nga.get(f"/desk/money/{line.pk}/"))
    assert is_clean(school.organization, at=school.now)


def test_a_receipt_for_a_bill_is_shown_where_bills_are(school, nga, asked):
    receipt = cash.receive(code=asked.code, amount_dong=650_000, actor=school.clerk, key="k", at=school.now)
    answer = nga.get(f"/desk/receipts/{receipt.number}/")
    assert (answer.status_code, answer.url) == (303, f"/biller/cash/receipts/{receipt.number}/")


def test_of_another_biller_nothing_is_given_back_here(school, nga, world):
    strange = billers.billing_account(world.organization, "Người khác")
    assert nga.get(f"/desk/refunds/new/?account={strange.pk}").status_code == 404
    for nonsense in ("0", "x", "9" * 30, "²"):
        assert nga.get("/desk/refunds/new/", {"account": nonsense}).status_code == 404


def test_who_only_bills_has_a_desk_without_goods(school, nga):
    assert nga.get("/desk/").url == "/biller/"
    page = body(nga.get("/desk/money/"))
    for door in ("/desk/orders/", "/desk/goods/", "/desk/members/"):
        assert f'href="{door}"' not in page
    assert 'href="/biller/"' in page
    assert nga.get("/after-sign-in/").url == "/biller/"


def test_who_also_sells_keeps_the_desk_of_goods(school, nga, world):
    school.organization.sells = True
    school.organization.save()
    page = body(nga.get("/desk/"))
    assert 'href="/desk/orders/"' in page
    assert 'href="/biller/"' in page
    assert nga.get("/after-sign-in/").url == "/desk/"
    assert 'href="/biller/"' not in body(signed_in(world.treasurer).get("/desk/"))


def test_signing_in_leads_the_accountant_to_her_desk(school):
    client = Client()
    answer = client.post("/sign-in/", {"login": "0911 000 002", "password": PASSWORD}, follow=True)
    assert answer.request["PATH_INFO"] == "/biller/"
