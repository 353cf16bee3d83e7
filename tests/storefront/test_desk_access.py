"""The wrong person gets "not found" at every door of the desk, and nothing has changed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cooperatives.models import Message, RoleGrant
from payments import inbox, refunds, triage
from payments.models import Settlement
from tests.payments.conftest import arrival, request_of, statement
from tests.storefront.desk_walk import everything, order_today, signed_in

PAGES = {
    "/desk/": {"manager", "treasurer", "clerk"},
    "/desk/orders/": {"manager", "treasurer", "clerk"},
    "/desk/goods/": {"manager", "treasurer", "clerk"},
    "/desk/goods/new/": {"manager", "clerk"},
    "/desk/reviews/": {"manager", "treasurer", "clerk"},
    "/desk/words/": {"manager", "clerk"},
    "/desk/messages/": {"manager", "treasurer", "clerk"},
    "/desk/money/": {"manager", "treasurer"},
    "/desk/money/evidence/": {"manager", "treasurer"},
    "/desk/day/": {"manager", "treasurer"},
    "/desk/checks/": {"manager", "treasurer"},
    "/desk/statement/": {"treasurer"},
    "/desk/members/": {"manager", "treasurer"},
    "/desk/members/new/": {"manager"},
    "/desk/bank/": {"manager", "treasurer"},
    "/desk/bank/connect/": {"treasurer"},
    "/desk/bank/connect/casso/": {"treasurer"},
    "/desk/bank/connect/stripe/": {"treasurer"},
    "/desk/bank/paste/": {"treasurer"},
    "/desk/refunds/": {"manager", "treasurer"},
    "/desk/cod/": {"manager", "treasurer", "clerk"},
    "/desk/cod/new/": {"treasurer"},
    "/desk/cod/differences.csv": {"manager", "treasurer"},
    "/desk/shipments/": {"manager", "treasurer", "clerk"},
    "/desk/carriers/": {"manager", "treasurer"},
}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", ["manager", "treasurer", "clerk", "buyer"])
def test_each_page_is_for_those_who_work_with_it(world, address, who):
    answer = signed_in(getattr(world, who)).get(address)
    assert answer.status_code == (200 if who in PAGES[address] else 404)


@pytest.mark.parametrize("address", [*PAGES, "/desk/orders/DH-000000-0000/", "/desk/money/999/"])
def test_a_guest_signs_in_first_and_learns_nothing(db, address):
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_a_role_that_has_ended_opens_nothing(world):
    yesterday = timezone.now().date() - timedelta(days=2)
    RoleGrant.objects.filter(user=world.treasurer).update(until=yesterday)
    assert signed_in(world.treasurer).get("/desk/").status_code == 404


@pytest.fixture
def deeds(world, comes, feed):
    """Every form at the desk, filled in rightly, with those who may send it."""
    paid, cash = order_today(world), order_today(world, pay_by="CASH")
    line = comes(request_of(paid).code, paid.total_dong)
    unclear = comes("chuyen tien mua ca", 96_000)
    [settlement] = Settlement.objects.filter(transaction=line)
    twin, other_twin = comes("mot lan", 71_000), comes("mot lan nua", 71_000)
    left, going = comes("phi", 11_000, direction="out"), comes("tra lai", 3_000, direction="out")
    seen_twice = comes("hai noi bao", 72_000, reference="FT9")
    told_again = arrival("hai noi bao", 72_000, at=world.now, account=world.bank_account.number, reference="FT9")
    inbox.write_down(
        arrival=told_again, organization=world.organization, bank_account=world.bank_account, source="casso:live",
        at=world.now,
    )  # fmt: skip
    nobodys, kept = comes("khong cua ai", 73_000), comes("giu lai", 74_000)
    deed = {"reason": "khách gọi hỏi", "actor": world.treasurer, "at": timezone.now()}
    triage.keep_as_debt(transaction_id=kept.pk, code=None, key="a1", **deed)
    task = refunds.ask(transaction_id=kept.pk, amount_dong=2_000, key="a2", **deed)
    payee = {"payee_bin": "970407", "payee_account": "19033445566", "payee_holder": "NGUYEN THU HA"}
    ordered = refunds.ask(transaction_id=kept.pk, amount_dong=3_000, key="a3", **payee, **deed)
    refunds.order_out(refund_id=ordered.pk, actor=world.treasurer, key="a4", at=timezone.now())
    text = {
        "bank_account": world.bank_account.pk,
        "text": "SD TK 0011000123456 +96,000VND luc 15-03-2026 09:00:00. SD 1,096,000VND. Ref tien ca",
    }  # fmt: skip
    message = Message.objects.filter(organization=world.organization).first()
    staff, money = {"manager", "treasurer", "clerk"}, {"treasurer"}
    fresh = order_today(world)
    file = SimpleUploadedFile("t3.csv", statement([("14/03/2026", "FT1", 5_000, "TIEN LE")]))
    new = {"name": "Bánh đa", "category": "do-kho", "unit": "gói", "price_dong": "20.000", "key": "k1"}
    reason = {"reason": "hỏi rồi, đúng người này", "key": "k2"}
    row = {"code": request_of(fresh).code, "dong": "96000"}
    return {
        f"/desk/orders/{paid.number}/pack/": ({}, staff),
        f"/desk/orders/{paid.number}/hand-over/": ({}, staff),
        f"/desk/orders/{cash.number}/cash/": ({"amount_dong": "150000", "key": "k3"}, {"treasurer", "clerk"}),
        f"/desk/orders/{cash.number}/cancel/": ({"reason": "khách gọi hủy", "key": "k4"}, {"manager", "treasurer"}),
        f"/desk/money/{unclear.pk}/assign/": ({**reason, **row}, money),
        f"/desk/money/{unclear.pk}/keep/": (reason, money),
        f"/desk/money/{unclear.pk}/dismiss/": (reason, money),
        f"/desk/money/{line.pk}/undo/": ({"settlement": settlement.pk}, money),
        f"/desk/money/{twin.pk}/join/": ({**reason, "other": other_twin.pk}, money),
        f"/desk/money/{seen_twice.pk}/part/": ({**reason, "sighting": seen_twice.sightings.last().pk}, money),
        f"/desk/money/{left.pk}/explain/": ({**reason, "kind": "bank_fee"}, money),
        f"/desk/money/{going.pk}/match/": ({**reason, "refund": ordered.code}, money),
        f"/desk/money/{nobodys.pk}/return/": (reason, money),
        f"/desk/refunds/new/?line={kept.pk}": ({**reason, "amount_dong": "1000"}, money),
        f"/desk/refunds/{task.code}/order/": ({**payee, "key": "k17"}, money),
        f"/desk/refunds/{ordered.code}/cancel/": (reason, money),
        "/desk/bank/paste/": ({**text, "keep": "1", "key": "k18"}, money),
        f"/desk/goods/{world.product.pk}/withdraw/": ({}, {"manager", "clerk"}),
        f"/desk/goods/{world.product.pk}/publish/": ({}, {"manager", "clerk"}),
        "/desk/goods/new/": (new, {"manager", "clerk"}),
        f"/desk/lots/{world.variant.pk}/new/": ({"quantity": "5", "key": "k5"}, {"manager", "clerk"}),
        f"/desk/messages/{message.pk}/said/": ({}, staff),
        f"/desk/members/{world.member_an.pk}/baseline/": (
            {"monthly_dong": "700000", "method": "book", "covers": "3 tháng trước", "key": "k6"}, {"manager"},
        ),
        "/desk/members/new/": ({"name": "Lê Thị Mơ", "joined_on": "2026-03-01", "key": "k7"}, {"manager"}),
        "/desk/statement/": ({"bank_account": world.bank_account.pk, "file": file, "key": "k8"}, money),
        "/desk/bank/open/": (
            {"bank_account": world.bank_account.pk, "amount_dong": "1000000", "key": "k9"}, {"manager", "treasurer"},
        ),
        "/desk/bank/connect/sms/": ({"bank_account": world.bank_account.pk, "senders": "VCB", "key": "k10"}, money),
        f"/desk/bank/feeds/{feed.pk}/rotate/": ({"secret": "mot-khoa-bi-mat", "key": "k11"}, money),
        f"/desk/bank/feeds/{feed.pk}/drop-old-key/": ({"key": "k12"}, money),
        f"/desk/bank/feeds/{feed.pk}/senders/": ({"senders": "BIDV", "key": "k13"}, money),
        f"/desk/bank/feeds/{feed.pk}/pull-on/": ({"api_token": "mot-token-doc", "key": "k14"}, money),
        f"/desk/bank/feeds/{feed.pk}/pull-off/": ({"key": "k15"}, money),
        f"/desk/bank/feeds/{feed.pk}/disconnect/": ({"key": "k16"}, money),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["guest", "buyer", "other_treasurer", "clerk", "manager", "member"])
def test_every_form_of_a_stranger_changes_nothing(world, deeds, who):
    before = everything()
    person = None if who == "guest" else world.member_an.user if who == "member" else getattr(world, who)
    client = signed_in(person) if person else Client()
    names_its_own = {
        "/desk/goods/new/",
        "/desk/members/new/",
        "/desk/statement/",
        "/desk/bank/connect/sms/",
        "/desk/bank/paste/",
    }
    for address, (typed, allowed) in deeds.items():
        if who in allowed or (who == "other_treasurer" and address in names_its_own):
            continue  # what names no thing of ours is done at one's own desk
        answer = client.post(address, typed)
        assert answer.status_code == 404, address
    assert everything() == before


def test_a_statement_for_another_organizations_account_is_refused(world, deeds):
    typed, _allowed = deeds["/desk/statement/"]
    before = everything()
    answer = signed_in(world.other_treasurer).post("/desk/statement/", typed)
    assert answer.status_code == 422
    assert everything() == before


def test_the_right_person_gets_through_every_form(world, deeds):
    """So that the test above cannot pass by sending forms that nobody could send."""
    people = {"treasurer": world.treasurer, "clerk": world.clerk, "manager": world.manager}
    conflicting = {address for address in deeds if address.endswith(("/keep/", "/dismiss/", "/undo/", "/cancel/"))}
    for address, (typed, allowed) in deeds.items():
        if address in conflicting:
            continue
        answer = signed_in(people[sorted(allowed)[0]]).post(address, typed)
        assert answer.status_code in {302, 303}, (address, answer.content.decode())


def test_a_get_on_a_deed_does_nothing(world, deeds):
    client = signed_in(world.treasurer)
    before = everything()
    for address in deeds:
        client.get(address)
    assert everything() == before


def test_one_works_for_the_organization_one_has_chosen(world):
    RoleGrant.objects.create(
        user=world.treasurer, organization=world.other_organization, role="clerk", since=world.now.date()
    )
    order = order_today(world)
    client = signed_in(world.treasurer)
    assert client.get(f"/desk/orders/{order.number}/").status_code == 200
    assert client.post("/desk/switch/", {"organization": "kim-son"}).status_code == 303
    assert client.get("/desk/money/").status_code == 404  # a clerk there
    assert client.get(f"/desk/orders/{order.number}/").status_code == 404
    assert client.post("/desk/switch/", {"organization": "not-mine"}).status_code == 404
