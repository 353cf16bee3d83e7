"""VietQR: written to the byte, read strictly, and drawn so that an independent reader agrees."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay

from base.refusals import Refused
from payments.providers import vietqr
from payments.providers.vietqr_tlv import crc, one_object

SAMPLES = Path(__file__).parents[2] / "samples" / "vietqr_vectors.json"
VECTORS = json.loads(SAMPLES.read_text(encoding="utf-8"))
VALID = [vector for vector in VECTORS if vector["expected"] == "valid"]
PIM = {True: "dynamic", False: "static", None: None}


def of(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["id"])


@of(VECTORS)
def test_only_what_is_valid_may_lead_to_a_transfer(vector) -> None:
    read = vietqr.decode(vector["payload"])
    assert read.valid == (vector["expected"] == "valid")
    assert bool(read.reasons) != read.valid
    if vector["expected"] == "other_scheme":
        assert read.scheme == vector["scheme"]


@of(VALID)
def test_fields_and_warnings_of_what_is_valid(vector) -> None:
    read = vietqr.decode(vector["payload"])
    assert (read.bin, read.account, read.service, read.amount_dong, read.memo, PIM[read.dynamic]) == tuple(
        vector[name] for name in ("bin", "account", "service", "amount", "memo", "pim")
    )
    assert set(read.warnings) == set(vector["warnings"])


@of([vector for vector in VECTORS if vector["expected"] == "invalid"])
def test_the_reasons_have_the_names_of_the_data(vector) -> None:
    assert set(vietqr.decode(vector["payload"]).reasons) == set(vector["reasons"])


@of([vector for vector in VECTORS if vector["encode"]])
def test_written_byte_for_byte(vector) -> None:
    written = vietqr.encode(
        bin=vector["bin"],
        account=vector["account"],
        amount_dong=vector["amount"],
        memo=vector["memo"],
        dynamic=vector["pim"] == "dynamic",
        service=vector["service"],
    )
    assert written == vector["payload"]


@of([vector for vector in VALID if vector["payload"].isascii()])
def test_any_other_character_in_any_place_is_refused(vector) -> None:
    payload = vector["payload"]
    for at, right in enumerate(payload):
        for wrong in (chr((ord(right) + 1) % 128), "0" if right != "0" else "1", " ", "\n"):
            if wrong == right or (at >= len(payload) - 4 and wrong.upper() == right.upper()):
                continue
            assert not vietqr.decode(payload[:at] + wrong + payload[at + 1 :]).valid


writable = st.fixed_dictionaries(
    {
        "bin": st.text(string.digits, min_size=6, max_size=6),
        "account": st.text(string.ascii_letters + string.digits, min_size=1, max_size=19),
        "amount_dong": st.none() | st.integers(1, 499_999_999),
        "memo": st.none() | st.text(string.ascii_uppercase + string.digits + " ", min_size=1, max_size=19),
        "dynamic": st.booleans(),
    }
)


@given(writable)
def test_what_we_write_we_read_and_so_do_others(fields) -> None:
    payload = vietqr.write(**fields)
    read = vietqr.decode(payload)
    assert read.valid
    assert {name: getattr(read, name) for name in fields} == fields
    theirs = QRPay(payload)
    assert theirs.is_valid
    assert (theirs.consumer.bank_bin, theirs.consumer.bank_number) == (fields["bin"], fields["account"])
    assert theirs.amount == (None if fields["amount_dong"] is None else str(fields["amount_dong"]))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"bin": "97043"}, "BAD_BIN"),
        ({"bin": "９70436"}, "BAD_BIN"),
        ({"account": ""}, "BAD_ACCOUNT"),
        ({"account": "0" * 20}, "BAD_ACCOUNT"),
        ({"account": "00-1"}, "BAD_ACCOUNT"),
        ({"amount_dong": 0}, "BAD_AMOUNT"),
        ({"amount_dong": -1}, "BAD_AMOUNT"),
        ({"amount_dong": 500_000_000}, "BAD_AMOUNT"),
        ({"memo": "A" * 20}, "BAD_MEMO"),
        ({"memo": "cp7k"}, "BAD_MEMO"),
        ({"memo": "CÁ"}, "BAD_MEMO"),
        ({"memo": "CP\n"}, "BAD_MEMO"),
        ({"service": "qr"}, "BAD_SERVICE"),
    ],
)
def test_what_we_never_write(changed, code) -> None:
    with pytest.raises(Refused) as refused:
        vietqr.write(**({"bin": "970436", "account": "1030000030"} | changed))
    assert refused.value.code == code
    assert refused.value.message


def sealed(*objects: tuple[str, str]) -> str:
    upto = "".join(one_object(tag, value) for tag, value in objects) + "6304"
    return upto + crc(upto)


def napas(bin="970436", account="1030000030", more=""):
    return one_object("00", "A000000727") + one_object("01", one_object("00", bin) + one_object("01", account) + more)


HEAD = [("00", "01"), ("01", "12")]
TAIL = [("53", "704"), ("54", "5000"), ("58", "VN")]


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", "0000"), ("58", "VN")], "amount_zero"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", "0.00"), ("58", "VN")], "amount_zero"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", "5000.00"), ("58", "VN")], "amount_has_decimals_for_VND"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", "5,000"), ("58", "VN")], "amount_syntax"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", ".5"), ("58", "VN")], "amount_syntax"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", ""), ("58", "VN")], "amount_syntax"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", "1" * 14), ("58", "VN")], "amount_syntax"),
        ([*HEAD, ("38", napas()), ("53", "840"), ("54", "5"), ("58", "VN")], "currency_not_704"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("58", "US")], "tag58_not_vn"),
        ([*HEAD, ("38", napas()), ("38", napas()), *TAIL], "duplicate_tag"),
        ([*HEAD, ("38", napas(more=one_object("01", "999"))), *TAIL], "duplicate_tag"),
        ([*HEAD, ("38", napas(account="0" * 20)), *TAIL], "account_over_19"),
        ([*HEAD, ("38", napas(account="")), *TAIL], "account_missing"),
        ([*HEAD, ("38", napas(bin="97043")), *TAIL], "bin_bad"),
        ([*HEAD, ("38", napas(bin="９70436")), *TAIL], "bin_bad"),
        ([*HEAD, ("38", napas(account="10３0")), *TAIL], "account_bad_chars"),
        ([*HEAD, *TAIL], "no_merchant_account_info"),
        ([*HEAD, ("38", napas()), *TAIL, ("62", "08")], "62_tlv_short_header"),
        ([*HEAD, ("38", napas()), *TAIL, ("62", one_object("08", "A\x85"))], "control_char"),
        ([("00", "01"), ("01", "13"), ("38", napas()), *TAIL], "tag01_bad"),
        ([*HEAD, ("27", napas()), *TAIL], "other_scheme"),
        ([*HEAD, ("38", one_object("00", "A000000775")), *TAIL], "other_scheme"),
    ],
)
def test_a_right_check_sum_alone_proves_nothing(objects, reason) -> None:
    read = vietqr.decode(sealed(*objects))
    assert not read.valid
    assert reason in read.reasons


@pytest.mark.parametrize(
    ("objects", "warning"),
    [
        ([("00", "01"), ("38", napas()), *TAIL], "tag01_missing"),
        ([*HEAD, ("38", napas()), ("53", "704"), ("54", "0005000"), ("58", "VN")], "amount_leading_zeros"),
        ([*HEAD, *TAIL, ("38", napas())], "unusual_tag_order"),
        ([*HEAD, ("38", napas()), *TAIL, ("59", "A" * 26)], "tag59_over_25"),
        ([*HEAD, ("38", napas()), *TAIL, ("62", one_object("08", ""))], "zero_length_value"),
        ([*HEAD, ("38", napas(bin="123456")), *TAIL], "service_missing"),
    ],
)
def test_what_circulates_and_is_harmless(objects, warning) -> None:
    read = vietqr.decode(sealed(*objects))
    assert read.valid
    assert warning in read.warnings


def test_a_dot_behind_whole_dong_and_a_lower_case_sum() -> None:
    payload = sealed(*HEAD, ("38", napas()), ("53", "704"), ("54", "50000."), ("58", "VN"))
    assert vietqr.decode(payload).amount_dong == 50_000
    lower = payload[:-4] + payload[-4:].lower()
    assert vietqr.decode(lower).valid


@given(st.text() | st.text("0123456789ACEN").map(lambda text: "000201" + text))
@example("\ud800")
@example("0002016304\ud800")
@example("000201" * 2_000)
def test_reading_never_raises(payload) -> None:
    assert not vietqr.decode(payload).valid
    vietqr.decode(payload + "6304" + crc(payload + "6304"))
