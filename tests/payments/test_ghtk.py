"""GHTK's bytes: what its answers come to, what of them is refused; and the table of its words."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.refusals import Refused
from orders.models import Shipment
from payments.carriers import ghtk
from payments.carriers.contract import (
    Access,
    CarrierSaidNo,
    CarrierUnreadable,
    Parcel,
    ParcelUnknown,
    Place,
    ServesNot,
)
from payments.carriers.words import GHTK

ACCESS = Access("live", "khoa-bi-mat-01", "S123")
HOME = Place(name="HTX", phone="0229123456", street="Thôn 1", ward="xã Yên Hòa", district="huyện Yên Mô",
             province="Ninh Bình")  # fmt: skip
PARCEL = Parcel(client_id="DH-1-1", sender=HOME, receiver=HOME, goods="Cá kho", weight_g=1250, value_dong=300_000,
                collect_dong=320_000, note="x" * 300)  # fmt: skip


def said(**answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


def test_what_is_asked_carries_sum_weight_and_names_and_shows_no_key() -> None:
    asked = ghtk.ask_to_carry(access=ACCESS, parcel=PARCEL)
    order = asked.json["order"]
    assert (order["id"], order["pick_money"], order["is_freeship"], order["hamlet"]) == ("DH-1-1", 320_000, 1, "Khác")
    assert (asked.json["products"][0]["weight"], order["weight_option"], len(order["note"])) == (1250, "gram", 120)
    assert asked.headers == {"Token": "khoa-bi-mat-01", "X-Client-Source": "S123"}
    assert "khoa" not in asked.url + repr(ACCESS) + json.dumps(asked.json)
    where = ghtk.ask_where(access=Access("sandbox", "k" * 8), client_id="DH-1-1")
    assert where.url == "https://services-staging.ghtklab.com/services/shipment/v2/partner_id:DH-1-1"


def test_a_parcel_it_had_already_is_the_same_parcel() -> None:
    made = ghtk.booked(
        said(success=True, order={"partner_id": "DH-1-1", "label": "S1.A1", "fee": "30400", "insurance_fee": 1500}),
        client_id="DH-1-1",
    )
    assert (made.tracking, made.fee_dong, made.was_known) == ("S1.A1", 31_900, False)
    known = said(success=False, error={"code": "ORDER_ID_EXIST", "partner_id": "DH-1-1", "ghtk_label": "S1.A1"})
    assert ghtk.booked(known, client_id="DH-1-1").was_known
    with pytest.raises(CarrierUnreadable, match="another_parcel"):
        ghtk.booked(known, client_id="DH-1-2")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"<html>", CarrierUnreadable),
        (said(success=True), CarrierUnreadable),
        (said(success=True, order={"partner_id": "DH-1-1", "label": "S1", "fee": 30.5}), CarrierUnreadable),
        (said(success=True, order={"partner_id": "DH-1-1", "label": "S1", "fee": "-1"}), CarrierUnreadable),
        (said(success=True, order={"partner_id": "DH-1-1", "label": "x" * 41, "fee": 1}), CarrierUnreadable),
        (said(success="true", order={}), CarrierSaidNo),
        (said(success=False, message="Thiếu \u0000 quận"), CarrierSaidNo),
    ],
)
def test_no_parcel_is_made_of_anything_else(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as no:
        ghtk.booked(body, client_id="DH-1-1")
    assert "\x00" not in str(no.value)


def test_prices() -> None:
    assert ghtk.price(said(success=True, fee={"fee": 30400, "insurance_fee": 0, "delivery": True})).fee_dong == 30_400
    with pytest.raises(ServesNot):
        ghtk.price(said(success=True, fee={"fee": 0, "delivery": False}))
    with pytest.raises(CarrierSaidNo):
        ghtk.price(said(success=False, message="Xin hãy gửi trường district."))


def test_news_names_its_parcel_its_time_and_its_money() -> None:
    order = {"label_id": "S1", "partner_id": "DH-1-1", "status": "5", "status_text": "Đã giao hàng",
             "modified": "2026-11-20 10:00:00",
             "pick_money": 47000, "ship_money": "16500", "insurance": "500"}  # fmt: skip
    told = ghtk.news(said(success=True, order=order), tracking="S1", client_id="DH-1-1")
    assert (told.state, told.word, told.collects_dong, told.fee_dong) == ("delivered", "5 Đã giao hàng", 47_000, 17_000)
    assert told.happened_at.isoformat() == "2026-11-20T10:00:00+07:00"
    strange = ghtk.news(said(success=True, order=order | {"status": "77", "status_text": "Lên mây"}))
    assert strange.state == ""
    assert "77 Lên mây" in strange.trouble
    for wrong in ({"label_id": "S2"}, {"partner_id": "DH-9-1"}, {"modified": "hôm qua"}):
        with pytest.raises(CarrierUnreadable):
            ghtk.news(said(success=True, order=order | wrong), tracking="S1", client_id="DH-1-1")
    with pytest.raises(ParcelUnknown):
        ghtk.news(said(success=False, message="Không tìm thấy"))


def test_called_off_once_or_twice_is_called_off_and_fetched_is_not() -> None:
    ghtk.stopped(said(success=True, message=""))
    ghtk.stopped(said(success=False, message="Đơn hàng đã đã ở trạng thái hủy"))
    ghtk.stopped(said(success=False, message="x", error_code="50101"))
    with pytest.raises(ParcelUnknown):
        ghtk.stopped(said(success=False, message="?", error_code=50109))
    with pytest.raises(CarrierSaidNo):
        ghtk.stopped(said(success=False, message="Đơn đã lấy hàng, không thể hủy đơn."))


def test_a_call_is_read_as_form_and_as_json_and_gives_two_names_only() -> None:
    form = b"label_id=S1.A1.17&partner_id=DH-1-1&status_id=5&pick_money=1"
    assert ghtk.hint(form, is_json=False) == ghtk.hint(said(label_id="S1.A1.17", partner_id="DH-1-1"), is_json=True)
    for bad in (b"", b"status_id=5", b"label_id=%00", b"\xff\xfe", b"&".join(b"a=1" for _ in range(60))):
        with pytest.raises(CarrierUnreadable):
            ghtk.hint(bad, is_json=False)


def test_every_word_of_the_table_is_a_state_of_ours_or_a_persons_affair() -> None:
    assert {one.state for one in GHTK.values()} <= {"", *Shipment.State.values}
    assert all(one.trouble for one in GHTK.values() if not one.state)
    # Whoever holds the goods says that they are back; whoever has asked says that they are lost.
    assert not {one.state for one in GHTK.values()} & {"returned", "lost", "damaged", "draft"}


WORDS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=50), st.sampled_from(["5", "DH-1-1", "S1"])
)
FIELDS = st.sampled_from(
    [
        "success",
        "message",
        "error",
        "error_code",
        "order",
        "fee",
        "label",
        "label_id",
        "partner_id",
        "status",
        "modified",
    ]
)
ANSWERS = st.dictionaries(FIELDS, st.one_of(WORDS, st.dictionaries(FIELDS, WORDS, max_size=6)), max_size=6)


@settings(max_examples=50)
@given(answer=ANSWERS, cut=st.integers(0, 400))
def test_whatever_a_carrier_answers_is_read_or_refused(answer: dict[str, object], cut: int) -> None:
    for body in (said(**answer), said(**answer)[:cut]):
        with suppress(Refused):
            ghtk.price(body)
        with suppress(Refused):
            assert ghtk.booked(body, client_id="DH-1-1").tracking
        with suppress(Refused):
            assert ghtk.news(body, client_id="DH-1-1").client_id == "DH-1-1"
        with suppress(Refused):
            ghtk.stopped(body)
        with suppress(Refused):
            ghtk.hint(body, is_json=True)
