"""Goods that come back over the desk's counter, and cash that goes out of its box, as people see it."""

import pytest
from django.test import Client

from orders.models import Order, Return
from payments import cash, handing_over
from payments.models import CashVoucher, Refund
from tests.payments.conftest import is_clean, order_bags, request_of
from tests.people import World
from tests.storefront.desk_walk import body, signed_in

WHY = {"reason": "túi hở miệng, cá ẩm", "key": "k1"}
PAYEE = {"payee_bin": "970407", "payee_account": "19033445566", "payee_holder": "Hoàng Văn Dũng"}


@pytest.fixture
def treasurer(world: World) -> Client:
    return signed_in(world.treasurer)


@pytest.fixture
def sold(world: World) -> Order:
    """Two bags, 150,000 đ, the cash in the treasurer's box."""
    order = order_bags(world, 2, pay_by="CASH", at=world.now)
    cash.receive(
        code=request_of(order).code, amount_dong=150_000, actor=world.treasurer, key="thu", at=world.now
    )  # fmt: skip
    return handing_over.hand_over(order_id=order.pk, actor=world.clerk, at=world.now)


def told(order: Order, bags: str, **more: str) -> dict[str, str]:
    line = order.lines.get().pk
    return {f"quantity_{line}": bags, f"fate_{line}": "to_lot", "refund": "debt", **WHY, **more}


def shown_in(page: str) -> str:
    """What the sums on the page were worked out for."""
    return page.split('name="shown" value="')[1].split('"')[0]


def test_the_sums_are_seen_before_goods_are_taken_back_and_the_code_to_scan_after(
    world: World, treasurer: Client, sold: Order
) -> None:
    address = f"/desk/orders/{sold.number}/return/"
    assert address in body(treasurer.get(f"/desk/orders/{sold.number}/"))
    assert "Đã quá hạn trả hàng" in body(treasurer.get(address))  # sold in March, by the clock of the test
    asked = told(sold, "1", refund="transfer", **PAYEE)
    page = body(treasurer.post(address, asked))  # nothing was worked out yet: the sums first
    for seen in ("67.500", "7.500", "75.000", "Nguyễn Thị An", "Ghi xong thì không gỡ được"):
        assert seen in page
    assert not Return.objects.exists()
    changed = body(treasurer.post(address, {**asked, f"quantity_{sold.lines.get().pk}": "2", "shown": shown_in(page)}))
    assert "135.000" in changed
    assert not Return.objects.exists()
    done = treasurer.post(address, {**asked, "shown": shown_in(page)})
    refund = Refund.objects.get()
    assert done["Location"] == f"/desk/refunds/{refund.code}/"
    assert refund.state == Refund.State.ORDERED
    desk = body(treasurer.get(f"/desk/orders/{sold.number}/"))
    assert "Hàng đã trả lại" in desk
    buyer = body(Client().get(f"/o/{sold.token}/"))
    for seen in ("Hàng đã trả lại", "túi hở miệng, cá ẩm", "Đang trả lại"):
        assert seen in buyer
    assert "Nguyễn Thị An" not in buyer.split("Hàng đã trả lại")[1].split("</section>")[0]
    assert is_clean(world.organization, at=world.now)


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_taken(treasurer: Client, sold: Order) -> None:
    address = f"/desk/orders/{sold.number}/return/"
    for bags, said in (("3", "chỉ còn giữ"), ("hai", "Chưa đọc được số lượng"), ("", "Hãy ghi hàng nào trả lại")):
        answer = treasurer.post(address, told(sold, bags))
        assert answer.status_code == 422
        assert said in body(answer)
    assert treasurer.post(address, told(sold, "1", reason="")).status_code == 422
    assert not Return.objects.exists()


def test_cash_back_ends_at_its_slip_which_prints_and_is_voided(world: World, treasurer: Client, sold: Order) -> None:
    address = f"/desk/orders/{sold.number}/return/"
    asked = told(sold, "2", refund="cash")
    page = body(treasurer.post(address, asked))
    done = treasurer.post(address, {**asked, "shown": shown_in(page)})
    assert done["Location"] == "/desk/cash/out/1/"
    assert "Phiếu chi số 1" in body(treasurer.get("/desk/cash/out/1/"))
    for size in ("a5", "58mm"):
        slip = treasurer.get(f"/desk/cash/out/1/slip.pdf?size={size}")
        assert slip.content.startswith(b"%PDF")
        assert slip["Content-Disposition"] == 'attachment; filename="phieu-chi-000001.pdf"'
    assert treasurer.get("/desk/cash/out/1/slip.pdf?size=a0").status_code == 404
    sold.refresh_from_db()
    assert sold.state == Order.State.RETURNED
    assert "Đã trả lại hàng" in body(Client().get(f"/o/{sold.token}/"))
    treasurer.post("/desk/cash/out/1/void/", {"reason": "khách chưa lấy", "key": "v"})
    assert not CashVoucher.objects.get().is_live
    assert "đã hủy" in body(treasurer.get("/desk/cash/"))
    assert is_clean(world.organization, at=world.now)


def test_a_member_is_paid_out_of_what_the_clerk_handed_over(world: World, treasurer: Client, sold: Order) -> None:
    clerk, an = signed_in(world.clerk), world.member_an
    treasurer.post(
        "/desk/cash/hand-over/", {"to_keeper_id": world.clerk.pk, "amount_dong": "50.000", "note": "", "key": "h1"}
    )
    waiting = body(clerk.get("/desk/cash/"))
    number = waiting.split("/desk/cash/hand-overs/")[1].split("/")[0]
    clerk.post(f"/desk/cash/hand-overs/{number}/accept/", {"counted_dong": "50000", "key": "h2"})
    assert clerk.get(f"/desk/cash/out/members/{an.pk}/").status_code == 404  # a clerk pays drivers only
    cost = {"kind": "carriage", "amount_dong": "20.000", "to_name": "Anh Tài", "reason": "cước xe", "key": "c1"}
    assert clerk.post("/desk/cash/out/cost/", cost)["Location"] == "/desk/cash/out/1/"
    assert clerk.post("/desk/cash/out/cost/", {**cost, "kind": "spending", "key": "c2"}).status_code == 422
    paid = {"amount_dong": "100.000", "to_name": "Chồng chị An", "reason": "", "key": "p1"}
    assert treasurer.post(f"/desk/cash/out/members/{an.pk}/", paid)["Location"] == "/desk/cash/out/2/"
    too_much = treasurer.post(f"/desk/cash/out/members/{an.pk}/", {**paid, "amount_dong": "900.000", "key": "p2"})
    assert too_much.status_code == 422
    herself = signed_in(an.user)
    own = body(herself.get("/member/statement/"))
    for seen in ("135.000", "−100.000", "phiếu chi số 2"):
        assert seen in own
    assert "phiếu chi số 2" in body(treasurer.get(f"/desk/members/{an.pk}/statement/"))
    assert is_clean(world.organization, at=world.now)


def test_strangers_and_those_who_may_not_find_nothing(world: World, sold: Order) -> None:
    doors = [
        f"/desk/orders/{sold.number}/return/", "/desk/cash/", "/desk/cash/out/cost/", "/desk/cash/out/1/",
        f"/desk/cash/out/members/{world.member_an.pk}/", f"/desk/members/{world.member_an.pk}/statement/",
        f"/desk/cash/out/orders/{sold.number}/",
    ]  # fmt: skip
    buyer, chi = signed_in(world.buyer), signed_in(world.other_treasurer)
    for door in doors:
        assert buyer.get(door).status_code == 404
        mine = door in ("/desk/cash/", "/desk/cash/out/cost/")  # those are her own organization's
        assert chi.get(door).status_code == (200 if mine else 404)
    assert signed_in(world.clerk).get(doors[0]).status_code == 404
