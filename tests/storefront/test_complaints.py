"""Complaining without an account, and being answered at the desk of the organization it is about, and nowhere else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperatives.models import Message, Organization
from orders.complaining import MOST_FROM_ADDRESS
from orders.models import Complaint, ComplaintMessage
from tests.people import World
from tests.storefront.desk_walk import signed_in
from tests.storefront.making import order_as_guest, text_of

pytestmark = pytest.mark.django_db
TYPED = {
    "organization": "yen-hoa", "about": "goods", "text": "Hai gói bị <b>mốc</b>.", "name": "Hoàng Văn Dũng",
    "phone": "0912 345 678", "order_number": "",
}  # fmt: skip


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def complain(client: Client | None = None, **typed: str) -> Complaint:
    client = client or Client()
    answer = client.post("/complaints/", {"key": key_in(text_of(client.get("/complaints/"))), **TYPED, **typed})
    assert answer.status_code == 303, text_of(answer)
    found = Complaint.objects.latest("pk")
    assert answer.headers["Location"] == f"/complaints/{found.token}/"
    return found


def test_a_guest_complains_and_reads_the_promised_day(world: World) -> None:
    complaint = complain()
    page = text_of(Client().get(f"/complaints/{complaint.token}/"))
    assert complaint.number in page
    assert f"Hứa trả lời chậm nhất ngày {complaint.answer_by:%d/%m/%Y}" in page
    assert "Phần mềm không biết ngày lễ" in page
    assert "Hai gói bị &lt;b&gt;mốc&lt;/b&gt;." in page
    assert "0912" not in page  # whoever gets the link does not get the phone


def test_the_page_is_private(world: World) -> None:
    answer = Client().get(f"/complaints/{complain().token}/")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("token", ["x" * 43, "short", "%00" * 30, "a" * 200])
def test_another_token_is_nothing(world: World, token: str) -> None:
    complain()
    assert Client().get(f"/complaints/{token}/").status_code == 404
    assert Client().post(f"/complaints/{token}/say/", {"key": "k", "text": "Thôi"}).status_code == 404
    assert ComplaintMessage.objects.count() == 1


def test_links_fill_the_form_in(world: World) -> None:
    page = text_of(Client().get("/complaints/?of=kim-son&about=fake&order=DH-261122-7K2M"))
    assert '<option value="kim-son" selected>' in page
    assert re.search(r'value="fake"[^>]*checked', page)
    assert 'value="DH-261122-7K2M"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Hãy viết chuyện gì đã xảy ra."),
        ({"text": "x" * 2001}, "Dài quá 2000 chữ"),
        ({"phone": "123"}, "Số điện thoại chưa đúng"),
        ({"about": "gì đó"}, "Hãy chọn trong danh sách."),
        ({"organization": "khong-co"}, "Hãy chọn trong danh sách."),
        ({"organization": ""}, "Hãy chọn nơi bán hoặc nơi thu."),
        ({"name": ""}, "Hãy ghi tên"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    world: World, typed: dict[str, str], said: str
) -> None:
    client = Client()
    answer = client.post("/complaints/", {"key": "k", **TYPED, "order_number": "DH-261122-7K2M", **typed})
    assert answer.status_code == 422
    page = text_of(answer)
    assert said in page
    assert 'value="DH-261122-7K2M"' in page
    assert Complaint.objects.count() == 0


def test_a_second_tap_is_the_same_complaint(world: World) -> None:
    form = {"key": "cùng một lần", **TYPED}
    first, second = (Client().post("/complaints/", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Complaint.objects.count() == 1


def test_a_flood_from_one_address_is_answered_429_and_says_what_to_do(world: World) -> None:
    client = Client(REMOTE_ADDR="203.113.1.9")
    for _ in range(MOST_FROM_ADDRESS):
        complain(client)
    answer = client.post("/complaints/", {"key": "nữa", **TYPED})
    assert answer.status_code == 429
    assert "Hãy gọi điện" in text_of(answer)
    assert Complaint.objects.count() == MOST_FROM_ADDRESS


def test_the_order_is_tied_to_it_for_whoever_ordered(world: World) -> None:
    order = order_as_guest(Client(), world.variant)
    assert complain(order_number=order.number).order == order
    assert complain(order_number=order.number, phone="0987 654 321").order is None


def test_both_sides_write_and_the_desk_decides(world: World) -> None:
    complaint = complain()
    desk = signed_in(world.clerk)
    address = f"/desk/complaints/{complaint.number}/"
    assert complaint.number in text_of(desk.get("/desk/complaints/"))
    assert complaint.number in text_of(desk.get("/desk/"))
    answer = desk.post(f"{address}answer/", {"key": "a", "text": "Mai đổi gói mới."})
    assert answer.status_code == 303
    page = text_of(Client().get(f"/complaints/{complaint.token}/"))
    assert "Mai đổi gói mới." in page
    assert world.clerk.name in page
    guest = Client()
    said = guest.post(f"/complaints/{complaint.token}/say/", {"key": "b", "text": "Vâng, chiều nhé."})
    assert said.status_code == 303
    assert "Vâng, chiều nhé." in text_of(desk.get(address))
    closing = {"key": "c", "decision": "Đổi hai gói mới."}
    assert desk.post(f"{address}close/", closing).status_code == 404  # a clerk does not decide
    assert signed_in(world.treasurer).post(f"{address}close/", closing).status_code == 303
    page = text_of(Client().get(f"/complaints/{complaint.token}/"))
    assert "Đã xong ngày" in page
    assert "Đổi hai gói mới." in page
    assert 'action="/complaints/' not in page  # nothing more to write here
    assert guest.post(f"/complaints/{complaint.token}/say/", {"key": "d", "text": "Chưa ưng"}).status_code == 422
    assert list(Message.objects.filter(about=f"complaint:{complaint.pk}").values_list("kind", flat=True)) == [
        "complaint_received", "complaint_answered", "complaint_answered",
    ]  # fmt: skip
    assert complaint.number in text_of(desk.get("/desk/complaints/?show=closed"))


def test_a_late_answer_is_said_to_be_late_on_both_sides(world: World) -> None:
    complaint = complain()
    Complaint.objects.update(answer_by=timezone.now().date() - timedelta(days=2))
    assert "Quá ngày hứa" in text_of(Client().get(f"/complaints/{complaint.token}/"))
    assert "quá hạn" in text_of(signed_in(world.clerk).get("/desk/complaints/"))


def test_another_organizations_staff_find_nothing_and_change_nothing(world: World) -> None:
    complaint = complain()
    before = list(Complaint.objects.values()), list(ComplaintMessage.objects.values())
    for who in (world.other_treasurer, world.buyer):
        client = signed_in(who)
        listed = client.get("/desk/complaints/")
        assert complaint.number not in text_of(listed)
        for door, form in (
            ("", None), ("answer/", {"key": "x", "text": "Thôi"}), ("close/", {"key": "y", "decision": "Thôi"}),
        ):  # fmt: skip
            for number in (complaint.number, "KN-000000-2222"):
                address = f"/desk/complaints/{number}/{door}"
                answer = client.get(address) if form is None else client.post(address, form)
                assert answer.status_code == 404
    assert (list(Complaint.objects.values()), list(ComplaintMessage.objects.values())) == before


def test_a_shop_that_closed_meanwhile_is_told(world: World) -> None:
    Organization.objects.filter(slug="yen-hoa").update(is_open=False)
    answer = Client().post("/complaints/", {"key": "k", **TYPED})
    assert answer.status_code == 422
    assert Complaint.objects.count() == 0


def test_a_list_of_one_and_of_three_costs_the_same(world: World) -> None:
    client, counts = signed_in(world.clerk), []
    for more in (1, 2):
        for _ in range(more):
            complain()
        client.get("/desk/complaints/")  # what the first visit asks once
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/complaints/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
