"""The collector's desk: found by a few letters, taken as the button says, once, and seen by those who may."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from cooperatives.models import User
from payments import cash, cash_boxes
from payments.models import CashCount, CashHandover, CashReceipt, PaymentRequest
from tests.payments.cash_world import School, bill, pupil, school

__all__ = ["school"]

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def of(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def lan(school: School) -> Client:
    return of(school.lan)


def form_of(page: str, action: str) -> dict[str, list[str] | str]:
    """What a browser without scripts would send for the form with this action, ticks included."""
    [body] = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    sent: dict[str, list[str] | str] = {}
    bills = []
    for tag in re.findall(r"<input[^>]*>", body):
        attributes = dict(re.findall(r'([a-z_]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox":
            bills += [attributes["value"]] if " checked" in tag else []
        elif "name" in attributes and attributes.get("type") != "radio":
            sent[attributes["name"]] = attributes.get("value", "")
    return {**sent, "bill": bills} if bills else sent


def take_address(school: School) -> str:
    return f"/biller/cash/of/{school.an.pk}/"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_few_letters_find_her_and_the_only_one_opens_at_once(school, lan):
    bill(school.an, {school.meals: 50_000})
    assert lan.get("/biller/cash/", {"q": "anh"}).headers["Location"] == take_address(school)
    several = read(lan, "/biller/cash/?q=3a")
    assert "Nguyễn Thị Ánh" in several
    assert "50.000" in several
    assert "Không thấy ai như vậy" in read(lan, "/biller/cash/?q=zzz")


def test_all_that_is_due_is_ticked_and_one_tap_takes_it(school, lan):
    sooner, later = (
        bill(school.brother, {school.meals: 60_401}),
        bill(school.an, {school.meals: 120_401}, due_on=date(2026, 5, 1)),
    )
    shown = read(lan, take_address(school))
    assert shown.index(f'id="bill-{sooner.bill_id}"') < shown.index(f'id="bill-{later.bill_id}"')
    assert "Thu 181.000" in shown.replace("\xa0", " ")
    assert "một trăm tám mươi mốt nghìn đồng" in shown
    assert "Làm tròn từ 180.802" in shown
    sent = form_of(shown, take_address(school))
    answer = lan.post(take_address(school), sent)
    receipt = CashReceipt.objects.get()
    assert answer.headers["Location"] == f"/biller/cash/receipts/{receipt.number}/"
    assert (receipt.amount_dong, receipt.credited_dong, receipt.keeper) == (181_000, 180_802, school.lan)
    again = lan.post(take_address(school), sent)  # a double tap, or back and reload
    assert again.headers["Location"] == answer.headers["Location"]
    assert CashReceipt.objects.count() == 1
    paper = read(lan, answer.headers["Location"])
    for said in ("Phiếu thu số 1", "181.000", "Nguyễn Văn Bảo", "Nguyễn Thị Ánh", "Người tiếp theo", "hóa đơn"):
        assert (said in paper) == (said != "hóa đơn")


def test_what_was_unticked_is_worked_out_anew_before_anything_is_taken(school, lan):
    one, two = bill(school.an, {school.meals: 50_000}), bill(school.brother, {school.meals: 30_000})
    sent = form_of(read(lan, take_address(school)), take_address(school))
    answer = lan.post(take_address(school), sent | {"bill": [str(two.bill_id)]})
    assert answer.headers["Location"] == f"{take_address(school)}?bill={two.bill_id}"
    assert not CashReceipt.objects.exists()
    fewer = read(lan, answer.headers["Location"])
    assert "Thu 30.000" in fewer
    lan.post(take_address(school), form_of(fewer, take_address(school)))
    assert [PaymentRequest.objects.get(pk=asked.pk).state for asked in (one, two)] == ["waiting", "paid"]


def test_less_is_read_back_before_it_is_taken(school, lan):
    asked = bill(school.an, {school.meals: 50_000, school.fees: 20_000})
    sent = form_of(read(lan, take_address(school)), take_address(school))
    answer = lan.post(take_address(school), sent | {"part": "30.000"})
    assert not CashReceipt.objects.exists()
    shown = read(lan, answer.headers["Location"])
    assert "Thu 30.000" in shown
    assert "ba mươi nghìn đồng" in shown
    assert "Còn lại 40.000" in shown
    lan.post(take_address(school), form_of(shown, take_address(school)))
    assert PaymentRequest.objects.get(pk=asked.pk).due_dong == 40_000
    assert "30.000" in read(lan, "/biller/cash/")


def test_more_than_is_due_is_not_offered_to_be_taken(school, lan):
    bill(school.an, {school.meals: 50_000})
    shown = read(lan, f"{take_address(school)}?part=60000")
    assert "Nhiều hơn số còn phải trả" in shown
    assert "Thu 50.000" in shown
    for nonsense in ("abc", "-5", "9" * 40, "٣٠"):
        assert "Thu 50.000" in read(lan, f"{take_address(school)}?part={nonsense}")


def test_what_a_transfer_paid_meanwhile_is_not_taken_again(school, lan):
    asked = bill(school.an, {school.meals: 50_000})
    sent = form_of(read(lan, take_address(school)), take_address(school))
    cash.receive(code=asked.code, amount_dong=50_000, actor=school.nga, key="x", at=timezone.now())
    answer = lan.post(take_address(school), sent)
    assert answer.status_code == 422
    assert "Không còn khoản nào phải trả" in answer.content.decode()
    assert CashReceipt.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"key": "k"}, {"key": "k", "bill": ["x", "9" * 30]}, {"key": "k", "bill": ["1"], "take_dong": "-1"},
             {"key": "k", "bill": ["987654"], "take_dong": "5", "shown": "987654"}, {"key": "k\x00", "part": "abc"}]
)  # fmt: skip
def test_a_broken_form_takes_nothing(school, lan, sent):
    bill(school.an, {school.meals: 50_000})
    assert lan.post(take_address(school), sent).status_code in {303, 404, 422}
    assert not CashReceipt.objects.exists()


def test_a_receipt_is_voided_on_its_page_and_taken_anew(school, lan):
    asked = bill(school.an, {school.meals: 50_000})
    cash.receive(code=asked.code, amount_dong=50_000, actor=school.lan, key="x", at=timezone.now())
    address = "/biller/cash/receipts/1/"
    sent = form_of(read(lan, address), f"{address}void/")
    assert lan.post(f"{address}void/", sent | {"reason": ""}).status_code == 422
    assert lan.post(f"{address}void/", sent | {"reason": "ghi nhầm cháu"}).status_code == 303
    shown = read(lan, address)
    assert "đã hủy" in shown
    assert "ghi nhầm cháu" in shown
    assert f'{address}void/"' not in shown
    assert f"/biller/cash/of/{school.an.pk}/" in shown


def test_another_collector_reads_a_receipt_and_does_not_void_it(school, lan):
    asked = bill(school.an, {school.meals: 50_000})
    cash.receive(code=asked.code, amount_dong=50_000, actor=school.nga, key="x", at=timezone.now())
    assert "void" not in read(lan, "/biller/cash/receipts/1/")
    answer = lan.post("/biller/cash/receipts/1/void/", {"key": "k", "reason": "tôi thử xem"})
    assert answer.status_code == 422
    assert CashReceipt.objects.get().is_live


def fill(school: School, dong: int) -> None:
    asked = bill(school.khanh, {school.meals: dong})
    cash.receive(code=asked.code, amount_dong=dong, actor=school.lan, key=f"f{asked.pk}", at=timezone.now())


def test_cash_goes_from_one_to_the_other_when_she_has_counted_it(school, lan):
    fill(school, 500_000)
    sent = form_of(read(lan, "/biller/cash/box/"), "/biller/cash/box/hand-over/")
    assert sent["amount_dong"] == "500.000"
    assert lan.post("/biller/cash/box/hand-over/", sent | {"to_keeper_id": school.binh.pk}).status_code == 303
    handover, binh = CashHandover.objects.get(), of(school.binh)
    accept = f"/biller/cash/hand-overs/{handover.pk}/accept/"
    shown = read(binh, "/biller/cash/box/")
    assert "Vũ Thị Lan giao 500.000" in shown.replace("\xa0", " ")
    assert "lần bàn giao chờ đếm" in read(binh, "/biller/cash/boxes/")
    wrong = binh.post(accept, form_of(shown, accept) | {"counted_dong": "499.000"})
    assert wrong.status_code == 422
    assert "không bằng số bàn giao" in wrong.content.decode()
    assert binh.post(accept, form_of(shown, accept) | {"counted_dong": "500.000"}).status_code == 303
    assert cash_boxes.box_dong(school.organization, school.binh) == 500_000
    assert "Bình" in read(lan, "/biller/cash/box/")


def test_what_is_refused_comes_back_with_its_reason(school, lan):
    fill(school, 500_000)
    sent = form_of(read(lan, "/biller/cash/box/"), "/biller/cash/box/hand-over/")
    lan.post("/biller/cash/box/hand-over/", sent | {"to_keeper_id": school.binh.pk})
    handover, binh = CashHandover.objects.get(), of(school.binh)
    refuse = f"/biller/cash/hand-overs/{handover.pk}/refuse/"
    binh.post(refuse, form_of(read(binh, "/biller/cash/box/"), refuse) | {"reason": "thiếu một tờ"})
    assert "thiếu một tờ" in read(lan, "/biller/cash/box/")
    withdraw = f"/biller/cash/hand-overs/{handover.pk}/withdraw/"
    assert lan.post(withdraw, {"key": "k"}).status_code == 422  # it is decided already


def test_the_books_sum_is_shown_only_after_she_has_counted(school, lan):
    fill(school, 512_000)
    shown = read(lan, "/biller/cash/count/")
    assert "512.000" not in shown
    sent = form_of(shown, "/biller/cash/count/")
    wrong = lan.post("/biller/cash/count/", sent | {"counted_dong": "510.000"})
    assert wrong.status_code == 422
    assert "lệch 2.000" in wrong.content.decode().replace("\xa0", " ")
    answer = lan.post("/biller/cash/count/", sent | {"counted_dong": "510.000", "note": "trả nhầm tiền thối"})
    assert answer.status_code == 303
    sheet = read(lan, answer.headers["Location"])
    assert "trả nhầm tiền thối" in sheet
    assert "510.000" in sheet
    assert CashCount.objects.get().counted_dong == 510_000


def test_who_sees_what(school, lan):
    asked = bill(school.an, {school.meals: 50_000})
    cash.receive(code=asked.code, amount_dong=50_000, actor=school.lan, key="x", at=timezone.now())
    today = timezone.localdate()
    hers, binhs = (f"/biller/cash/days/{one.pk}/{today}/" for one in (school.lan, school.binh))
    pages = ["/biller/cash/", take_address(school), "/biller/cash/receipts/1/", "/biller/cash/box/",
             "/biller/cash/count/", hers, binhs, "/biller/cash/boxes/"]  # fmt: skip

    def codes(person: User) -> list[int]:
        client = of(person)
        return [client.get(address).status_code for address in pages]

    world = school.world
    assert codes(school.lan) == [200, 200, 200, 200, 200, 200, 404, 404]
    assert codes(school.binh) == [200] * 8
    assert codes(world.manager) == [303, 404, 200, 404, 404, 200, 200, 200]
    for stranger in (world.other_treasurer, world.buyer):
        assert set(codes(stranger)) == {404}
    assert Client().get("/biller/cash/").status_code == 302
    assert lan.get("/biller/cash/days/1/not-a-day/").status_code == 404


def test_a_pupil_of_another_biller_is_not_there(school, lan):
    theirs = pupil(school.world.other_organization, "Ai Đó", number="X1")
    assert lan.get(f"/biller/cash/of/{theirs.pk}/").status_code == 404
    assert lan.post(f"/biller/cash/of/{theirs.pk}/", {"key": "k"}).status_code == 404
