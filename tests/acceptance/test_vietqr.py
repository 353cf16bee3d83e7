"""Payloads that no list of ours holds, built here by an encoder of their own from the published format alone."""

import urllib.parse

import pytest

from tests.acceptance.conftest import Run, lines

pytestmark = pytest.mark.django_db  # a command closes its connections

KEYS = ["valid", "reasons", "warnings", "scheme", "bin", "account", "service", "amount", "memo", "dynamic"]


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE bit by bit: not the library function that the product uses."""
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _bit in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
            register &= 0xFFFF
    return f"{register:04X}"


def t(tag: str, value: str, length: int | str | None = None) -> str:
    return tag + (f"{len(value):02d}" if length is None else str(length).rjust(2, "0")) + value


def sealed(body: str) -> str:
    return body + "6304" + crc(body + "6304")


def napas(bank: str = "970436", account: str = "0071000123456", service: str | None = "QRIBFTTA") -> str:
    inner = t("00", "A000000727") + t("01", t("00", bank) + t("01", account))
    return t("38", inner + (t("02", service) if service else ""))


def payload(**tags: str | None) -> str:
    """A good dynamic code; ``t54="…"`` puts another value, None leaves the object out, ``after`` adds text."""
    values = {"t00": "01", "t01": "12", "t38": None, "t53": "704", "t54": "50000", "t58": "VN"} | tags
    body = ""
    for tag in ("00", "01"):
        if values[f"t{tag}"] is not None:
            body += t(tag, str(values[f"t{tag}"]))
    body += str(tags["m"]) if "m" in tags else napas()
    for tag in ("53", "54", "58"):
        if values[f"t{tag}"] is not None:
            body += t(tag, str(values[f"t{tag}"]))
    return sealed(body + str(tags.get("after") or ""))


def test_the_two_encoders_agree_on_the_official_sample() -> None:
    sample = sealed(
        t("00", "01") + t("01", "12") + napas("970403", "0011012345678") + t("53", "704") + t("54", "180000")
        + t("58", "VN") + t("62", t("01", "NPS6869") + t("08", "thanh toan don hang"))
    )  # fmt: skip
    assert sample.endswith("63042E2E")


HEAD, TAIL = t("00", "01") + t("01", "12"), t("53", "704") + t("58", "VN")
GUID = t("00", "A000000727")
WHO = t("00", "970436") + t("01", "0071000123456")
GOOD = payload()

REFUSED = {
    "nothing": "",
    "a blank": " ",
    "no CRC at all": GOOD[:-8],
    "a CRC of three": GOOD[:-1],
    "a CRC that is not hex": GOOD[:-4] + "ZZZZ",
    "a CRC with a full-width digit": GOOD[:-1] + "１",
    "a CRC with a sign": GOOD[:-4] + "+" + GOOD[-3:],
    "a CRC of another start value": GOOD[:-4] + "0000",
    "something after the CRC": GOOD + "A",
    "a second CRC": sealed(GOOD),
    "63 in the middle": sealed(HEAD + t("63", "ABCD") + napas() + TAIL),
    "a leading blank": " " + GOOD,
    "a trailing blank": GOOD + " ",
    "a trailing return": GOOD + "\r",
    "a leading blank under the CRC": sealed(" " + GOOD[:-8]),
    "a byte-order mark": "\ufeff" + GOOD,
    "a NUL in the memo": payload(after=t("62", t("08", "AB\0C"))),
    "a line break in the memo": payload(after=t("62", t("08", "AB\nC"))),
    "a tab in a name": payload(after=t("59", "HTX\tYEN HOA")),
    "a C1 control in the memo": payload(after=t("62", t("08", "AB\x85C"))),
    "DEL in the memo": payload(after=t("62", t("08", "AB\x7fC"))),
    "URL-encoded": urllib.parse.quote(payload(after=t("62", t("08", "TIEN CA")))),
    "header of three characters": sealed(GOOD[:-8] + "620"),
    "tag of letters": sealed(GOOD[:-8] + t("AB", "XX")),
    "tag of Arabic-Indic digits": sealed(GOOD[:-8] + t("٥٩", "XX")),
    "length of letters": sealed(GOOD[:-8] + "59XXAB"),
    "length of full-width digits": sealed(GOOD[:-8] + "59０２AB"),
    "length with a sign": sealed(GOOD[:-8] + "59+2AB"),
    "length with a blank": sealed(GOOD[:-8] + "59 2AB"),
    "value shorter than its length": sealed(GOOD[:-8] + "5950AB"),
    "38 header short": sealed(HEAD + t("38", GUID + t("01", WHO) + "02") + TAIL),
    "38 value short": sealed(HEAD + t("38", GUID + t("01", WHO) + "0209QRIBFTTA") + TAIL),
    "38 non-digit": sealed(HEAD + t("38", GUID + t("01", WHO) + "0X02AB") + TAIL),
    "38.01 header short": sealed(HEAD + t("38", GUID + t("01", WHO + "02")) + TAIL),
    "38.01 value short": sealed(HEAD + t("38", GUID + t("01", t("00", "970436") + "011400710001234")) + TAIL),
    "38.01 inner length one off (6.1.1)": sealed(
        HEAD + t("38", GUID + t("01", t("00", "970436") + "01120071000123456")) + TAIL
    ),
    "38.01 non-digit": sealed(HEAD + t("38", GUID + t("01", WHO + "XX02AB")) + TAIL),
    "62 header short": payload(after=t("62", "080")),
    "62 value short": payload(after=t("62", "0809AB")),
    "62 non-digit": payload(after=t("62", "A803ABC")),
    "54 twice": sealed(HEAD + napas() + t("53", "704") + t("54", "5000") + t("54", "5000") + t("58", "VN")),
    "38 twice, alike": sealed(HEAD + napas() + napas() + TAIL),
    "38 twice, two payees": sealed(HEAD + napas() + napas("970422", "99") + TAIL),
    "59 twice": payload(after=t("59", "A") + t("59", "B")),
    "80 twice": payload(after=t("80", "123") + t("80", "123")),
    "00 twice": sealed(t("00", "01") + GOOD[:-8]),
    "00 second": sealed(t("01", "12") + t("00", "01") + napas() + TAIL),
    "00 missing": sealed(t("01", "12") + napas() + TAIL),
    "00 is 02": payload(t00="02"),
    "00 is 1": payload(t00="1"),
    "00 empty": payload(t00=""),
    "01 is 10": payload(t01="10"),
    "01 is 13": payload(t01="13"),
    "01 is 1": payload(t01="1"),
    "01 is Arabic-Indic": payload(t01="١٢"),
    "53 missing": payload(t53=None),
    "53 is 840": payload(t53="840"),
    "53 is VND": payload(t53="VND"),
    "53 is full-width": payload(t53="７０４"),
    "53 empty": payload(t53=""),
    "58 missing": payload(t58=None),
    "58 is US": payload(t58="US"),
    "58 is lower case": payload(t58="vn"),
    "58 empty": payload(t58=""),
    **{
        f"amount {amount!r}": payload(t54=amount)
        for amount in (
            "0", "00", "0.", "-50000", "+50000", "5e4", "5E4", "50 000", " 50000", "50000 ", "50,000", "50.000.000",
            "50000.5", "50000.05", ".5", ".", "0x10", "５００００", "٥٠٠٠٠", "५००००", "50_000", "NaN",
            "12345678901234", "inf", "50k", "50000₫", "²", "1/2",
        )
    },
    "no merchant account": sealed(HEAD + TAIL),
    "38 without GUID": sealed(HEAD + t("38", t("01", WHO) + t("02", "QRIBFTTA")) + TAIL),
    "38 with VNPAY's GUID": sealed(HEAD + t("38", t("00", "A000000775") + t("01", WHO)) + TAIL),
    "38 GUID in lower case": sealed(HEAD + t("38", t("00", "a000000727") + t("01", WHO)) + TAIL),
    "38 without 01": sealed(HEAD + t("38", GUID + t("02", "QRIBFTTA")) + TAIL),
    "38.01 empty": sealed(HEAD + t("38", GUID + t("01", "") + t("02", "QRIBFTTA")) + TAIL),
    "38.01 without account": sealed(HEAD + t("38", GUID + t("01", t("00", "970436"))) + TAIL),
    "38.01 account empty": sealed(HEAD + napas(account="") + TAIL),
    "38.01 without BIN": sealed(HEAD + t("38", GUID + t("01", t("01", "0071000123456"))) + TAIL),
    **{
        f"BIN {b!r}": sealed(HEAD + napas(bank=b) + TAIL)
        for b in ("97043", "9704361", "97043A", "９７０４３６", "97043 ", "97043²", "")
    },
    **{
        f"account {a!r}": sealed(HEAD + napas(account=a) + TAIL)
        for a in ("1" * 20, "0071-00012", "0071 00012", "007100０12", "TÀIKHOAN", "00٧1", "a@b", "0071.00", "12_3", "'")
    },
    "GUID twice": sealed(HEAD + t("38", GUID + GUID + t("01", WHO)) + TAIL),
    "38.01 twice: two payees": sealed(HEAD + t("38", GUID + t("01", WHO) + t("01", WHO[:-1] + "9")) + TAIL),
    "two accounts in 38.01": sealed(HEAD + t("38", GUID + t("01", WHO + t("01", "99"))) + TAIL),
    "template 38 swallows 53 and 58": sealed(HEAD + "3899" + napas()[4:] + TAIL + t("62", t("08", "A"))),
    "VNPAY merchant": sealed(
        t("00", "01") + t("01", "11") + t("26", t("00", "A000000775") + t("01", "0312345678")) + t("52", "5812")
        + t("53", "704") + t("58", "VN") + t("59", "QUAN CA") + t("60", "NINH BINH") + t("62", t("07", "YENMO01"))
    ),
    "VNPAY wallet card": sealed(t("00", "01") + t("01", "10") + t("03", "VNPayWallet") + TAIL),
    "EVN bill": sealed(
        t("00", "01") + t("01", "11") + t("26", t("00", "00") + t("01", "0100100079001")) + t("52", "4900")
        + t("53", "704") + t("58", "VN") + t("59", "CONG TY DIEN LUC NINH BINH") + t("62", t("06", "PA12345678901"))
    ),
    "ShopeePay": sealed(
        t("00", "01") + t("01", "11") + t("26", t("00", "vn.airpay.www") + t("01", "123456")) + t("53", "704")
        + t("58", "VN")
    ),
    "UTF-8 byte lengths in the memo": payload(after=t("62", "0810" + "tiền cá", 14)),
    "UTF-8 byte lengths in the name": payload(after="5909" + "Yên Hòa"),
    "a foreign code": "https://vietqr.net/pay?x=1",
    "only digits": "0" * 200,
    "very long": "5999" * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused(run: Run, what: str) -> None:
    code, answers = run("vietqr", "decode", stdin=lines(REFUSED[what]))
    assert code == 0
    (answer,) = answers
    assert list(answer) == KEYS
    assert answer["valid"] is False
    assert answer["reasons"] or answer["scheme"] not in ("vietqr", "none", None)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("no CRC at all", "no_crc_tag_at_end"),
        ("a CRC that is not hex", "crc_not_hex"),
        ("a CRC of another start value", "bad_crc"),
        ("header of three characters", "tlv_short_header"),
        ("tag of letters", "tlv_nondigit_header"),
        ("value shorter than its length", "tlv_value_shorter_than_length"),
        ("54 twice", "duplicate_tag"),
        ("38 twice, two payees", "duplicate_tag"),
        ("00 second", "tag00_not_first"),
        ("00 is 02", "tag00_bad"),
        ("01 is 13", "tag01_bad"),
        ("53 missing", "missing_tag53"),
        ("58 missing", "missing_tag58"),
        ("53 is 840", "currency_not_704"),
        ("amount '0'", "amount_zero"),
        ("amount '50,000'", "amount_syntax"),
        ("amount '50000.5'", "amount_has_decimals_for_VND"),
        ("no merchant account", "no_merchant_account_info"),
        ("38 without GUID", "38_guid_missing_or_unknown"),
        ("38 without 01", "missing_38_01"),
        ("38.01 without account", "account_missing"),
        ("BIN '97043'", "bin_bad"),
        ("account '0071-00012'", "account_bad_chars"),
        ("a NUL in the memo", "control_char"),
        ("UTF-8 byte lengths in the memo", "lengths_counted_in_utf8_bytes"),
    ],
)
def test_the_reason_is_named_as_in_the_papers(run: Run, what: str, reason: str) -> None:
    assert reason in run("vietqr", "decode", stdin=lines(REFUSED[what]))[1][0]["reasons"]


@pytest.mark.parametrize(
    ("what", "part"),
    [("38 value short", "38"), ("38.01 value short", "38"), ("62 value short", "62"), ("62 non-digit", "62")],
)
def test_nested_damage_names_its_template(run: Run, what: str, part: str) -> None:
    reasons = run("vietqr", "decode", stdin=lines(REFUSED[what]))[1][0]["reasons"]
    assert any(part in reason and "tlv" in reason for reason in reasons), reasons


@pytest.mark.parametrize(
    ("what", "scheme"),
    [
        ("VNPAY merchant", "vnpay"),
        ("VNPAY wallet card", "vnpay_wallet_card"),
        ("EVN bill", "evn"),
    ],
)
def test_other_schemes_are_named(run: Run, what: str, scheme: str) -> None:
    assert run("vietqr", "decode", stdin=lines(REFUSED[what]))[1][0]["scheme"] == scheme


PLAIN = {
    "bin": "970436", "account": "0071000123456", "service": "QRIBFTTA", "amount": 50000, "memo": None, "dynamic": True
}  # fmt: skip
WARNED = {
    "lower-case CRC": (GOOD[:-4] + GOOD[-4:].lower(), {}),
    "static with an amount": (payload(t01="11"), {"dynamic": False}),
    "dynamic without an amount": (payload(t54=None), {"amount": None}),
    "01 missing": (payload(t01=None), {"dynamic": None}),
    "leading zeros in the amount": (payload(t54="00050000"), {"amount": 50000}),
    "memo of 26": (payload(after=t("62", t("08", "A" * 26))), {"memo": "A" * 26}),
    "memo of 89": (payload(after=t("62", t("08", "B" * 89))), {"memo": "B" * 89}),
    "memo with accents, counted in characters": (payload(after=t("62", t("08", "tiền cá"))), {"memo": "tiền cá"}),
    "62 before 38": (
        sealed(HEAD + t("62", t("08", "CA CHACH")) + napas() + t("53", "704") + t("54", "50000") + t("58", "VN")),
        {"memo": "CA CHACH"},
    ),
    "58 before 53": (
        sealed(HEAD + napas() + t("58", "VN") + t("54", "50000") + t("53", "704")),
        {},
    ),
    "38.02 missing": (payload(m=napas(service=None)), {"service": None}),
    "empty 62": (payload(after="6200"), {}),
    "empty memo": (payload(after=t("62", "0800")), {"memo": ...}),
    "empty name": (payload(after="5900"), {}),
    "name of 31": (payload(after=t("59", "N" * 31)), {}),
    "62.09 wrong": (payload(after=t("62", t("08", "X") + t("09", "QZ"))), {"memo": "X"}),
    "odd 55": (payload(after=t("55", "07")), {}),
    "reserved tag 70": (payload(after=t("70", "X")), {}),
    "account with letters": (payload(m=napas(account="MS00P0123AB")), {"account": "MS00P0123AB"}),
    "MoMo": (
        sealed(
            HEAD + napas("971025", "PSP0012345678901") + t("53", "704") + t("54", "50000") + t("58", "VN")
            + t("62", t("05", "MOMOW2W12345") + t("08", "CP7K2M9Q9M"))
        ),
        {"bin": "971025", "account": "PSP0012345678901", "memo": "CP7K2M9Q9M"},
    ),
    "MoMo of before": (
        payload(m=napas("970454", "99MM23331M12345"), after=t("80", "123")),
        {"bin": "970454", "account": "99MM23331M12345"},
    ),
    "ZaloPay": (payload(m=napas("970454", "99ZP23331M1234")), {"bin": "970454", "account": "99ZP23331M1234"}),
}  # fmt: skip


@pytest.mark.parametrize("what", WARNED)
def test_read_with_a_warning(run: Run, what: str) -> None:
    text, differs = WARNED[what]
    (answer,) = run("vietqr", "decode", stdin=lines(text))[1]
    assert answer["valid"] is True, answer
    assert answer["reasons"] == []
    assert answer["warnings"], answer
    assert answer["scheme"] == "vietqr"
    for field, value in (PLAIN | differs).items():
        assert value is ... or answer[field] == value, field


PLAINLY = {
    "amount with its dot": (payload(t54="50000."), {}),
    "no amount, static": (payload(t01="11", t54=None), {"amount": None, "dynamic": False}),
    "card": (payload(m=napas("970403", "9704031101234567", "QRIBFTTC")), {
        "bin": "970403", "account": "9704031101234567", "service": "QRIBFTTC"}),
    "BIN of Cake": (payload(m=napas("546034", "0123456789")), {"bin": "546034", "account": "0123456789"}),
    "BIN that nobody knows": (payload(m=napas("123456", "1")), {"bin": "123456", "account": "1"}),
    "account of zeros": (payload(m=napas(account="0000000000000000001")), {"account": "0000000000000000001"}),
    "13 digits": (payload(t54="9999999999999"), {"amount": 9_999_999_999_999}),
    "one đồng": (payload(t54="1"), {"amount": 1}),
    "account before BIN": (
        sealed(
            HEAD + t("38", GUID + t("01", t("01", "0071000123456") + t("00", "970436")) + t("02", "QRIBFTTA"))
            + t("53", "704") + t("54", "50000") + t("58", "VN")
        ),
        {},
    ),
    "MCC 0000": (sealed(HEAD + napas() + t("52", "0000") + t("53", "704") + t("54", "50000") + t("58", "VN")), {}),
    "memo of 25": (payload(after=t("62", t("08", "C" * 25))), {"memo": "C" * 25}),
    "memo with 6304 in it": (payload(after=t("62", t("08", "6304ABCD"))), {"memo": "6304ABCD"}),
    "full merchant form": (
        payload(after=t("59", "HTX YEN HOA") + t("60", "NINH BINH") + t("61", "430000") + t("62", t("08", "CP"))),
        {"memo": "CP"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PLAINLY)
def test_read_plainly(run: Run, what: str) -> None:
    text, differs = PLAINLY[what]
    (answer,) = run("vietqr", "decode", stdin=text.encode() + b"\n")[1]
    assert answer["valid"] is True, answer
    assert {field: answer[field] for field in PLAIN} == PLAIN | differs


def test_lines(run: Run) -> None:
    """Blank lines, a return before the newline, no final newline, bytes that are not UTF-8, JSON that is no string."""
    stdin = b"\n".join(
        [GOOD.encode(), b"", GOOD.encode() + b"\r", b"\xff\xfe", b"[1]", b"null", b'"half', GOOD.encode()]
    )
    code, answers = run("vietqr", "decode", stdin=stdin)
    assert code == 0
    assert [answer["valid"] for answer in answers] == [True] + [False] * 6 + [True]
    assert run("vietqr", "decode", stdin=b"") == (0, [])
    assert len(run("vietqr", "decode", stdin=b"0" * 1_000_000 + b"\n" + GOOD.encode())[1]) == 2
    assert len(run("vietqr", "decode", stdin=lines("\u2028" + GOOD, "\ud800", GOOD))[1]) == 3


ASKED = ("--bin", "970436", "--account", "0071000123456")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), sealed(t("00", "01") + t("01", "11") + napas() + TAIL)),
        (("--static",), sealed(t("00", "01") + t("01", "11") + napas() + TAIL)),
        (("--dynamic",), sealed(HEAD + napas() + TAIL)),
        (("--amount", "50000"), GOOD),
        (("--amount", "50000", "--dynamic"), GOOD),
        (("--amount", "50000", "--static"), payload(t01="11")),
        (("--amount", "1"), payload(t54="1")),
        (("--amount", "499999999"), payload(t54="499999999")),
        (("--amount", "50000", "--memo", "CP7K2M9Q9M"), payload(after=t("62", t("08", "CP7K2M9Q9M")))),
        (("--amount", "50000", "--memo", "A" * 19), payload(after=t("62", t("08", "A" * 19)))),
        (("--amount", "50000", "--memo", ""), GOOD),
        (("--amount", "50000", "--service", "QRIBFTTC"), payload(m=napas(service="QRIBFTTC"))),
        (("--memo", "0 1"), sealed(t("00", "01") + t("01", "11") + napas() + TAIL + t("62", t("08", "0 1")))),
    ],
)
def test_encode_writes_byte_for_byte(run: Run, more: tuple[str, ...], expected: str) -> None:
    assert run("vietqr", "encode", *ASKED, *more) == (0, [{"payload": expected}])


@pytest.mark.parametrize(
    "arguments",
    [
        (*ASKED, "--memo", "A" * 20),
        (*ASKED, "--memo", "cp7k2m9q9m"),
        (*ASKED, "--memo", "TIEN-CA"),
        (*ASKED, "--memo", "TIỀN"),
        (*ASKED, "--memo", "A\n"),
        (*ASKED, "--memo", "Ａ"),
        (*ASKED, "--memo", "٣"),
        (*ASKED, "--amount", "0"),
        (*ASKED, "--amount", "-1"),
        (*ASKED, "--amount", "500000000"),
        (*ASKED, "--amount", "1" * 5000),
        (*ASKED, "--amount", "1.5"),
        (*ASKED, "--amount", "50.000"),
        (*ASKED, "--amount", "1e3"),
        (*ASKED, "--amount", ""),
        (*ASKED, "--service", ""),
        (*ASKED, "--service", "QRIBFTTA1234"),
        (*ASKED, "--service", "QR IBFT"),
        (*ASKED, "--service", "QRIBFTTÀ"),
        ("--bin", "97043", "--account", "1"),
        ("--bin", "９７０４３６", "--account", "1"),
        ("--bin", "970436", "--account", ""),
        ("--bin", "970436", "--account", "1" * 20),
        ("--bin", "970436", "--account", "12 34"),
        ("--bin", "970436", "--account", "１２３"),
        ("--bin", "970436", "--account", "12\n"),
        ("--account", "1"),
        ("--bin", "970436"),
        (*ASKED, "--static", "--dynamic"),
        (*ASKED, "--colour", "red"),
    ],
)
def test_encode_refuses_with_one_object_and_two(run: Run, arguments: tuple[str, ...]) -> None:
    code, answers = run("vietqr", "encode", *arguments)
    assert code == 2
    (answer,) = answers
    assert answer["error"].isupper()
    assert answer["message"]


def test_what_is_written_is_read_without_a_warning(run: Run) -> None:
    for account in ("0", "0000123", "9" * 19):
        (written,) = run("vietqr", "encode", "--bin", "970422", "--account", account, "--amount", "7", "--memo", "A 1")[
            1
        ]
        (read,) = run("vietqr", "decode", stdin=written["payload"].encode())[1]
        assert (read["valid"], read["warnings"], read["account"], read["amount"]) == (True, [], account, 7)
