"""Joins at the desk: seen, with their reason, made and taken back by a person; and a text message pasted by hand."""

import pytest

from payments import inbox
from payments.models import BankTransaction, Sighting, SightingMove
from tests.payments.conftest import arrival
from tests.storefront.desk_walk import body, signed_in

WHY = {"reason": "xem sao kê, cùng một lần chuyển", "key": "k"}
TEXT = "SD TK 0011000123456 +96,000VND luc 15-03-2026 09:00:00. SD 1,096,000VND. Ref tien ca"


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


@pytest.fixture
def two(comes) -> tuple[BankTransaction, BankTransaction]:
    return comes("tien ca chach", 150_000), comes("TT DON HANG CA", 150_000)


@pytest.fixture
def seen_twice(world, comes) -> BankTransaction:
    line = comes("tien ca", 72_000, reference="FT9")
    inbox.write_down(
        arrival=arrival("tien ca", 72_000, at=world.now, account=world.bank_account.number, reference="FT9"),
        organization=world.organization, bank_account=world.bank_account, source="casso:live", at=world.now,
    )  # fmt: skip
    return line


def test_two_lines_of_one_transfer_are_joined_with_one_tap(treasurer, two):
    first, second = two
    page = body(treasurer.get(f"/desk/money/{second.pk}/"))
    assert "Cùng một khoản, gộp lại" in page
    assert "tien ca chach" in page
    answer = treasurer.post(f"/desk/money/{second.pk}/join/", {**WHY, "other": first.pk})
    assert answer.headers["Location"].startswith("/desk/money/")
    assert Sighting.objects.values("transaction").distinct().count() == 1
    assert SightingMove.objects.count() == 1
    stays = Sighting.objects.first().transaction
    gone = second if stays == first else first
    page = body(treasurer.get(f"/desk/money/{stays.pk}/"))
    assert "Đã gộp từ:" in page
    assert "do người ghép" in page
    assert "Đã gộp vào:" in body(treasurer.get(f"/desk/money/{gone.pk}/"))
    assert "/join/" not in body(treasurer.get(f"/desk/money/{gone.pk}/"))


def test_the_line_that_is_used_stays(treasurer, two):
    first, second = two
    treasurer.post(f"/desk/money/{second.pk}/keep/", {"reason": "phải trả lại", "key": "k2", "code": ""})
    treasurer.post(f"/desk/money/{second.pk}/join/", {**WHY, "other": first.pk})
    first.refresh_from_db()
    assert first.joined_into_id == second.pk


def test_two_that_are_both_used_are_not_joined(treasurer, two):
    for number, line in enumerate(two):
        treasurer.post(f"/desk/money/{line.pk}/keep/", {"reason": "phải trả lại", "key": f"k{number}", "code": ""})
    answer = treasurer.post(f"/desk/money/{two[0].pk}/join/", {**WHY, "other": two[1].pk})
    assert answer.status_code == 422
    assert "Hãy gỡ ra trước" in body(answer)


def test_a_line_says_why_each_piece_stands_there_and_parts_with_it(treasurer, seen_twice):
    page = body(treasurer.get(f"/desk/money/{seen_twice.pk}/"))
    assert "SePay báo" in page
    assert "Casso báo" in page
    assert "trùng mã giao dịch của ngân hàng" in page
    second = seen_twice.sightings.last()
    without = treasurer.post(f"/desk/money/{seen_twice.pk}/part/", {"sighting": second.pk, "reason": "", "key": "k"})
    assert without.status_code == 422
    assert "Hãy ghi lý do" in body(without)
    answer = treasurer.post(f"/desk/money/{seen_twice.pk}/part/", {**WHY, "sighting": second.pk})
    assert answer.status_code == 303
    second.refresh_from_db()
    assert second.transaction_id != seen_twice.pk
    assert answer.headers["Location"] == f"/desk/money/{second.transaction_id}/"
    assert "/part/" not in body(treasurer.get(f"/desk/money/{seen_twice.pk}/"))


@pytest.mark.parametrize("sighting", ["", "x", "9" * 30, "999999"])
def test_evidence_of_another_line_is_not_parted_here(treasurer, seen_twice, sighting):
    assert treasurer.post(f"/desk/money/{seen_twice.pk}/part/", {**WHY, "sighting": sighting}).status_code == 404


def test_a_manager_sees_joins_and_moves_nothing(world, seen_twice):
    page = body(signed_in(world.manager).get(f"/desk/money/{seen_twice.pk}/"))
    assert "trùng mã giao dịch của ngân hàng" in page
    assert "/part/" not in page


# -- A pasted text --------------------------------------------------------------------------------------------


def paste(client, world, text: str = TEXT, **more):
    sent = {"bank_account": world.bank_account.pk, "text": text, "key": "k", **more}
    return client.post("/desk/bank/paste/", sent)


def test_what_was_read_is_shown_before_anything_is_kept(world, treasurer):
    page = body(paste(treasurer, world, look="1"))
    assert "96.000\u00a0₫" in page
    assert "chín mươi sáu nghìn đồng" in page.lower()
    assert "1.096.000\u00a0₫" in page
    assert not Sighting.objects.exists()


def test_a_text_is_kept_once_and_waits_for_a_person(world, treasurer):
    for _tap in range(2):
        answer = paste(treasurer, world, keep="1")
        assert answer.status_code == 303
    [line] = BankTransaction.objects.all()
    assert (line.state, line.reason, line.booked_at) == ("NEEDS_YOU", "SMS_ONLY", None)
    assert "Mới có tin nhắn" in body(treasurer.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("text", "field"),
    [("", "text"), ("Chúc mừng năm mới", "text"), (TEXT.replace("0011000123456", "0099000777"), "text")],
)
def test_what_is_no_text_of_this_account_is_refused_beside_it(world, treasurer, text, field):
    for button in ("look", "keep"):
        answer = paste(treasurer, world, text, **{button: "1"})
        assert answer.status_code == 422
        assert f"-{field}_error" in body(answer)
    assert not Sighting.objects.exists()


def test_a_text_that_does_not_say_the_direction_asks_for_it(world, treasurer):
    silent = "EIB QUAN 7 TK 0011000123456 15/03/26 12:38 TIEN CA CHACH 529,441VND SD 53,494,523VND"
    asked = paste(treasurer, world, silent, look="1")
    assert asked.status_code == 422
    assert "-direction_error" in body(asked)
    told = paste(treasurer, world, silent, keep="1", direction="in")
    assert told.status_code == 303
    assert BankTransaction.objects.get().direction == "in"
