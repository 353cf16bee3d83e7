"""A household's page: everything of theirs, what is due first, one QR for one or several, and nobody else's."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cooperatives.models import RoleGrant
from payments import cash, refunds
from payments.bills import adding_cards, looking_up
from payments.models import Bill, BillRun, BundlePart, Household, HouseholdLink, PaymentRequest
from storefront import remembered_bills
from tests import billers
from tests.billers import School
from tests.payments.bills.incoming import comes_to
from tests.storefront.household_world import TODAY, Home, adjusted, bill_of, home
from tests.storefront.making import text_of

__all__ = ["home"]


def page_of(home: Home, client: Client | None = None, *, more: str = "") -> str:
    answer = (client or Client()).get(home.path + more)
    assert answer.status_code == 200
    return text_of(answer)


# -- What stands on it -------------------------------------------------------------------------------------------


def test_all_children_are_there_the_overdue_first_and_the_total_in_words(home: Home) -> None:
    page = page_of(home)
    assert "725.000\u00a0₫" in page
    assert "bảy trăm hai mươi lăm nghìn đồng" in page
    assert "Trong đó 150.000\u00a0₫ đã quá hạn" in page
    assert page.index(home.overdue.code) < page.index(home.coming.code)
    assert "Quá hạn từ" in page
    for asked in (home.overdue, home.coming):
        assert f'href="/pay/{asked.code}/"' in page
    assert "Nước sạch" not in page


def test_a_child_is_initials_class_and_number(home: Home) -> None:
    page = page_of(home)
    for who in (home.school.older, home.school.younger):
        assert f"{who.initials} · lớp {who.section} · {who.number}" in page
        assert who.name not in page
    assert home.school.household.name not in page
    assert "987654321" not in page
    assert "0987 654 321" not in page


def test_a_bill_says_what_it_is_made_of(home: Home) -> None:
    adjusted(home.coming, home.school.meals, -50_000, "Nghỉ ốm 2 ngày")
    page = page_of(home)
    assert "20 suất × 25.000\u00a0₫" in page
    assert "Giảm 75.000\u00a0₫: Hộ cận nghèo" in page
    assert "Điều chỉnh: Tiền ăn bán trú" in page
    assert "Nghỉ ốm 2 ngày" in page
    assert "−50.000\u00a0₫" in page
    assert "525.000\u00a0₫" in page


def test_a_meter_shows_old_new_used_and_each_step(home: Home) -> None:
    page = text_of(Client().get(f"/bills/h/{home.water.household.token}/"))
    for said in ("Đồng hồ DH0112 · Xóm 3", "Số cũ 118, số mới 132, dùng 14 m³", "10 m³ × 6.000\u00a0₫ = 60.000\u00a0₫"):
        assert said in page
    assert "4 m³ × 7.500\u00a0₫ = 30.000\u00a0₫" in page


def test_what_was_paid_stands_below_with_when_how_and_a_receipt(home: Home) -> None:
    comes_to(home.school)(f"MB {home.overdue.code} nop tien", 150_000)
    clerk = home.school.clerk
    cash.receive(code=home.coming.code, amount_dong=575_000, actor=clerk, key="k1", at=home.school.now)
    page = page_of(home)
    assert "Không còn khoản nào phải đóng" in page
    assert "Chuyển khoản 150.000\u00a0₫, ngày 15/03/2026" in page
    assert "phiếu thu số 1" in page
    receipt = text_of(Client().get(f"{home.path}receipt/{bill_of(home.coming).pk}/"))
    for said in ("Biên nhận", "Đã nhận đủ 575.000\u00a0₫", "năm trăm bảy mươi lăm nghìn đồng", "Chăm sóc bán trú"):
        assert said in receipt
    assert home.school.older.name not in receipt
    assert "không phải hóa đơn" in receipt


def test_a_part_leaves_the_rest(home: Home) -> None:
    comes_to(home.school)(home.coming.code, 200_000)
    page = page_of(home)
    assert "Đã trả 200.000\u00a0₫ trong 575.000\u00a0₫." in page
    assert "Trả riêng 375.000\u00a0₫" in page
    assert "Chuyển khoản 200.000\u00a0₫" in page


def test_what_was_paid_too_much_waits_as_credit(home: Home) -> None:
    comes_to(home.school)(home.overdue.code, 170_000)
    assert "Còn dư 20.000\u00a0₫. Tự trừ vào khoản mới." in page_of(home)


def test_what_goes_back_is_said_until_it_has_gone_and_after(home: Home) -> None:
    school = home.school
    comes_to(school)(home.overdue.code, 170_000)
    account = home.overdue.account
    assert account is not None
    task = refunds.ask(
        account_id=account.pk, amount_dong=20_000, reason="phụ huynh xin lại", actor=school.treasurer, key="k",
        at=school.now,
    )  # fmt: skip
    assert "Nơi thu đang trả lại 20.000\u00a0₫." in page_of(home)
    refunds.order_out(
        refund_id=task.pk, payee_bin="970436", payee_account="0123456789", payee_holder="TRAN THI HANH",
        actor=school.treasurer, key="out", at=school.now,
    )  # fmt: skip
    comes_to(school)(task.code, 20_000, direction="out")
    page = page_of(home)
    assert "đang trả lại" not in page
    assert f"Nơi thu đã trả lại 20.000\u00a0₫ ngày {school.now:%d/%m/%Y}." in page


def test_a_bill_that_was_cancelled_is_done_and_asks_for_nothing(home: Home) -> None:
    PaymentRequest.objects.filter(pk=home.coming.pk).update(state="cancelled")
    Bill.objects.filter(pk=home.coming.bill_id).update(cancelled_at=home.school.now)
    page = page_of(home)
    assert "Đã hủy, không phải trả." in page
    assert "150.000\u00a0₫" in page
    assert f'href="/pay/{home.coming.code}/"' not in page


def test_nothing_yet_says_so(school: School) -> None:
    page = text_of(Client().get(f"/bills/h/{school.household.token}/"))
    assert "Nơi thu chưa phát hành khoản nào cho nhà mình" in page
    assert school.older.number in page


def test_older_months_are_a_tap_away(home: Home) -> None:
    PaymentRequest.objects.update(state="paid")
    BillRun.objects.filter(bills=home.overdue.bill_id).update(month="2019-01")
    page = page_of(home)
    assert "Tháng 01/2019" not in page
    assert f"Tháng {TODAY:%m/%Y}" in page
    assert 'href="?all"' in page
    everything = page_of(home, more="?all")
    assert "Tháng 01/2019" in everything
    assert 'href="?all"' not in everything


# -- Paying several ------------------------------------------------------------------------------------------------


def test_all_of_one_biller_are_one_tap_and_one_code(home: Home) -> None:
    page = page_of(home)
    assert "Trả tất cả 725.000\u00a0₫ cho Trường Tiểu học Hoa Sen" in page
    codes = [home.overdue.code, home.coming.code]
    answer = Client().post(f"{home.path}pay/", {"code": codes})
    bundle = PaymentRequest.objects.get(is_bundle=True)
    assert (answer.status_code, answer["Location"]) == (303, f"/pay/{bundle.code}/")
    assert bundle.asked_dong == 725_000
    assert set(BundlePart.objects.values_list("part__code", flat=True)) == set(codes)
    again = Client().post(f"{home.path}pay/", {"code": codes})
    assert again["Location"] == answer["Location"]
    assert PaymentRequest.objects.filter(is_bundle=True).count() == 1


def test_one_chosen_bill_is_its_own_code(home: Home) -> None:
    assert Client().post(f"{home.path}pay/", {"code": home.coming.code})["Location"] == f"/pay/{home.coming.code}/"


def test_nothing_chosen_says_what_to_do(home: Home) -> None:
    client = Client()
    answer = client.post(f"{home.path}pay/", {})
    assert answer.status_code == 303
    assert "Hãy đánh dấu các khoản muốn trả" in page_of(home, client)


def test_two_billers_are_two_codes_and_the_page_says_so(home: Home) -> None:
    link(home)
    page = page_of(home)
    assert "Mỗi nơi thu một mã QR" in page
    assert page.count('<h2 id="payee-') == 2
    client = Client()
    both = {"code": [home.water.asked.code, home.coming.code]}
    assert client.post(f"{home.path}pay/", both)["Location"] == home.path
    assert "không trả chung một lần được" in page_of(home, client)
    assert not PaymentRequest.objects.filter(is_bundle=True).exists()


@pytest.mark.parametrize("code", ["CP7K2M9Q9M", "x", "", "\0", "CPAAAAAAAA"])
def test_a_code_of_somebody_else_is_not_paid_here(home: Home, code: str) -> None:
    other = billers.billing_account(home.school.organization, "Lê Minh Châu")
    strange = billers.bill(home.school.run, other, [(home.school.boarding, 150_000)])
    for wanted in (code, strange.code, home.water.asked.code):
        answer = Client().post(f"{home.path}pay/", {"code": [home.coming.code, wanted]})
        assert answer.status_code == 404
    assert Client().post(f"{home.path}pay/", {"code": ["CP7K2M9Q9M"] * 500}).status_code == 404


# -- Another card --------------------------------------------------------------------------------------------------


def link(home: Home, *, by: str = "", client: Client | None = None) -> Client:
    client = client or Client()
    typed = {"code": by or home.water.household.card_code, "second_factor": "4321"}
    answer = client.post(f"{home.path}add/", typed)
    assert answer.status_code == 303, text_of(answer)
    return client


@pytest.mark.parametrize("by", ["card", "bill"])
def test_another_billers_card_brings_its_meter(home: Home, by: str) -> None:
    page = page_of(home, link(home, by="" if by == "card" else home.water.asked.code))
    for said in ("Đã thêm vào trang này.", "Đồng hồ DH0112", "HTX Nước sạch Đồng Văn", "815.000\u00a0₫"):
        assert said in page
    assert f'name="account" value="{home.water.meter.pk}"' in page
    assert f'name="account" value="{home.school.older.pk}"' not in page


def test_adding_it_again_adds_nothing_and_it_can_be_taken_off(home: Home) -> None:
    client = link(home, client=link(home))
    assert HouseholdLink.objects.count() == 1
    assert client.post(f"{home.path}remove/", {"account": home.water.meter.pk}).status_code == 303
    assert "DH0112" not in page_of(home, client)
    for wrong in (home.water.meter.pk, home.school.older.pk, "x", "9" * 30, ""):
        assert client.post(f"{home.path}remove/", {"account": wrong}).status_code == 404


def test_its_own_card_is_already_here(home: Home) -> None:
    typed = {"code": home.school.household.card_code, "second_factor": "4321"}
    answer = Client().post(f"{home.path}add/", typed)
    assert answer.status_code == 422
    assert "của chính trang này rồi" in text_of(answer)


def test_a_wrong_second_factor_adds_nothing_and_says_no_more_than_the_front_door(home: Home) -> None:
    for code in (home.water.household.card_code, "ABCDEFGHJK"):
        answer = Client().post(f"{home.path}add/", {"code": code, "second_factor": "0000"})
        assert answer.status_code == 422
        assert "không khớp với nhau" in text_of(answer)
    assert not HouseholdLink.objects.exists()


def test_adding_waits_like_looking_up(home: Home) -> None:
    typed = {"code": home.water.household.card_code, "second_factor": "0000"}
    client = Client()
    assert [client.post(f"{home.path}add/", typed).status_code for _try in range(11)] == [422] * 10 + [429]


def test_a_card_made_anew_ends_what_was_added_by_the_old_one(home: Home) -> None:
    link(home)
    later = timezone.now() + timedelta(seconds=1)
    Household.objects.filter(pk=home.water.household.pk).update(card_made_at=later)
    assert "DH0112" not in page_of(home)


def test_one_page_takes_no_whole_village(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding_cards, "MOST", 0)
    answer = Client().post(f"{home.path}add/", {"code": home.water.household.card_code, "second_factor": "4321"})
    assert answer.status_code == 422
    assert "nhiều nhất 40" in text_of(answer)


# -- Who gets in ---------------------------------------------------------------------------------------------------


def test_the_link_is_enough_and_is_kept_from_others(home: Home) -> None:
    for path in (home.path, f"{home.path}receipt/{home.coming.bill_id}/"):
        answer = Client().get(path)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
        assert '<meta name="robots" content="noindex, nofollow">' in text_of(answer)


@pytest.mark.parametrize("token", ["x", "a" * 32, "a" * 43, "a" * 400, "é", "..%2f..", "%00"])
def test_a_wrong_link_is_not_found(home: Home, token: str) -> None:
    for path in ("", "receipt/1/"):
        assert Client().get(f"/bills/h/{token}/{path}").status_code == 404
    for path in ("pay/", "add/", "remove/"):
        assert Client().post(f"/bills/h/{token}/{path}").status_code == 404


def test_a_receipt_of_another_household_is_not_found(home: Home) -> None:
    assert Client().get(f"{home.path}receipt/{home.water.asked.bill_id}/").status_code == 404
    assert Client().get(f"{home.path}receipt/9223372036854775808/").status_code == 404


def test_an_old_card_opens_nothing(home: Home) -> None:
    Household.objects.filter(pk=home.school.household.pk).update(token="n" * 32)
    assert Client().get(home.path).status_code == 404


def test_staff_elsewhere_are_strangers_here(home: Home) -> None:
    client = Client()
    person = home.school.manager
    RoleGrant.objects.filter(user=person).delete()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert home.school.older.number not in text_of(client.get("/bills/"))


# -- Questions and weight ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bills", [1, 3])
def test_more_bills_ask_no_more_questions(school: School, bills: int, django_assert_num_queries: object) -> None:
    for number in range(bills):
        run = billers.bill_run(school.organization, school.bank_account)
        asked = billers.bill(run, (school.older, school.younger)[number % 2], [(school.boarding, 150_000)])
        if number == 2:
            comes_to(school)(asked.code, 150_000)
    client = Client()
    path = f"/bills/h/{school.household.token}/"
    client.get(path)  # remembers it
    # session, household; accounts, bills, lines, payments, refunds, credit, older bills
    with django_assert_num_queries(9):  # type: ignore[operator]
        client.get(path)


@pytest.mark.parametrize("bills", [1, 3])
def test_a_meter_with_steps_asks_one_more(home: Home, bills: int, django_assert_num_queries: object) -> None:
    for _number in range(bills - 1):
        run = billers.bill_run(home.water.organization, home.water.asked.bank_account)
        billers.bill(run, home.water.meter, [(home.water.item, 90_000)])
    client = Client()
    path = f"/bills/h/{home.water.household.token}/"
    client.get(path)
    with django_assert_num_queries(10):  # type: ignore[operator]
        client.get(path)


def test_three_accounts_with_a_year_of_bills_are_under_50_kb(home: Home) -> None:
    link(home)
    for month in range(1, 13):
        for who, owner in ((home.school.older, home.school), (home.school.younger, home.school)):
            run = billers.bill_run(owner.organization, owner.bank_account, month=f"{2025 + month // 12}-{month:02d}")
            asked = billers.bill(run, who, [(home.school.meals, 500_000), (home.school.boarding, 150_000)])
            if month > 2:
                PaymentRequest.objects.filter(pk=asked.pk).update(state="paid", credited_dong=650_000)
    assert len(Client().get(home.path + "?all").content) <= 50_000


# -- The front door ------------------------------------------------------------------------------------------------


def test_code_and_digits_lead_to_the_page_and_this_browser_finds_it_again(home: Home) -> None:
    client = Client()
    answer = client.post("/bills/", {"code": home.coming.code.lower(), "second_factor": "0987 654 321"})
    assert (answer.status_code, answer["Location"]) == (303, home.path)
    assert f'href="{home.path}"' in text_of(client.get("/bills/"))
    assert home.path not in text_of(Client().get("/bills/"))
    assert client.post("/bills/forget/").status_code == 303
    assert home.path not in text_of(client.get("/bills/"))


def test_a_wrong_code_and_a_wrong_factor_are_answered_to_the_letter_alike(home: Home) -> None:
    said = set()
    for code in (home.coming.code, home.school.household.card_code, "CP7K2M9Q9M", "ABCDEFGHJK", "khong phai", "CPX"):
        answer = Client().post("/bills/", {"code": code, "second_factor": "0000"}, REMOTE_ADDR=f"10.0.0.{len(code)}")
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(answer)).replace(code, "CODE")
        said.add((answer.status_code, page, str(sorted(answer.headers.items())).replace(code, "CODE")))
    assert len({status for status, _page, _headers in said}) == 1
    assert len({page for _status, page, _headers in said}) == 1
    assert "không khớp với nhau" in said.pop()[1]


def test_empty_fields_cost_no_try(home: Home) -> None:
    for typed in ({}, {"code": home.coming.code}, {"second_factor": "4321"}, {"code": "x" * 41, "second_factor": "1"}):
        for _try in range(11):
            assert Client().post("/bills/", typed).status_code == 422


def test_who_tried_too_often_is_told_how_long_and_comes_back_with_the_ticket(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"code": home.coming.code, "second_factor": "0000"}
    client = Client()
    for _try in range(10):
        assert client.post("/bills/", typed).status_code == 422
    answer = client.post("/bills/", {**typed, "second_factor": "4321"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    page = text_of(answer)
    assert "Đợi 30 giây" in page
    assert 'data-wait="30"' in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page[page.index("data-wait=") :]))
    assert hidden["code"] == home.coming.code
    early = client.post("/bills/", hidden)
    assert early.status_code == 429
    assert int(early["Retry-After"]) <= 30
    later = timezone.now() + timedelta(seconds=31)
    monkeypatch.setattr("storefront.views.bills.looking_up.timezone.now", lambda: later)
    assert client.post("/bills/", hidden)["Location"] == home.path


def test_a_browser_that_knows_a_household_is_not_slowed_by_its_address(home: Home) -> None:
    known = Client()
    known.get(home.path)
    for number in range(10):
        Client().post("/bills/", {"code": f"wrong {number}", "second_factor": "0000"})
    typed = {"code": home.water.asked.code, "second_factor": "4321"}
    assert Client().post("/bills/", typed).status_code == 429
    assert known.post("/bills/", typed).status_code == 303


def test_a_proxy_of_ours_says_who_it_is(home: Home, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(looking_up, "find", lambda **said: seen.append(said["address"]))
    typed = {"code": home.coming.code, "second_factor": "0000"}
    Client().post("/bills/", typed, REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": "1.2.3.4"})
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    Client().post("/bills/", typed, REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4"})
    assert seen == ["10.0.0.9", "1.2.3.4"]


def test_a_bill_of_no_household_opens_alone_and_only_here(home: Home) -> None:
    alone = billers.billing_account(home.school.organization, "Lê Minh Châu", section="2C")
    asked = billers.bill(home.school.run, alone, [(home.school.boarding, 150_000)])
    client = Client()
    answer = client.post("/bills/", {"code": asked.code, "second_factor": "Châu"})
    assert answer["Location"] == f"/bills/one/{asked.code}/"
    page = text_of(client.get(answer["Location"]))
    assert "Còn phải trả 150.000\u00a0₫" in page
    assert "L.M.C. · lớp 2C" in page
    assert alone.name not in page
    assert Client().get(answer["Location"]).status_code == 404
    assert client.get(f"/bills/one/{home.coming.code}/").status_code == 404
    assert answer["Location"] in text_of(client.get("/bills/"))


@pytest.mark.parametrize("held", [None, "x", {"a": 1}, [1, None], ["../x"], ["t" * 44]])
def test_a_damaged_memory_is_an_empty_one(held: object) -> None:
    session = {remembered_bills.HOUSEHOLDS: held, remembered_bills.CODES: held}
    assert remembered_bills.tokens_in(session) == []
    assert remembered_bills.codes_in(session) == []


def test_five_households_are_remembered_the_latest_first() -> None:
    session: dict[str, object] = {}
    for number in range(7):
        remembered_bills.household_opened(session, f"{number:030d}")
    assert [int(token) for token in remembered_bills.tokens_in(session)] == [6, 5, 4, 3, 2]


def test_a_code_in_the_address_is_filled_in_and_is_text(db: None) -> None:
    page = text_of(Client().get("/bills/", {"code": '"><b>x'}))
    assert 'value="&quot;&gt;&lt;b&gt;x"' in page
