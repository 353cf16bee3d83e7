"""SePay's calls as a stranger would twist them: proof, clock, JSON and fields."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.acceptance.conftest import Run

pytestmark = pytest.mark.django_db

KEY = "whsec_khong_dung_that"
NOW = 1_795_000_000
FORGED = {"verdict": "forged", "arrivals": []}
UNREADABLE = {"verdict": "unreadable", "arrivals": []}

CALL: dict[str, Any] = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2026-11-18 14:02:37",
    "accountNumber": "0071000123456",
    "subAccount": None,
    "code": None,
    "content": "CP7K2M9Q9M tien ca chach",
    "transferType": "in",
    "transferAmount": 185000,
    "accumulated": 0,
    "referenceCode": "FT26322123456789",
    "description": "BankAPINotify CP7K2M9Q9M tien ca chach",
}
ARRIVAL = {
    "source_id": "92704",
    "account": "0071000123456",
    "dong": 185000,
    "direction": "in",
    "memo": "CP7K2M9Q9M tien ca chach",
    "happened_at": "2026-11-18T14:02:37+07:00",
}


def text(**fields: Any) -> str:
    """A body with these fields put in; ``...`` takes one out."""
    call = {name: value for name, value in (CALL | fields).items() if value is not ...}
    return json.dumps(call, ensure_ascii=False)


def signed(body: str, *, at: int | str = NOW, key: str = KEY) -> dict[str, str]:
    raw = str(at).encode() + b"." + body.encode("utf-8", "surrogatepass")
    proof = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()
    return {"X-SePay-Timestamp": str(at), "X-SePay-Signature": "sha256=" + proof}


def line(headers: Any, body: Any) -> bytes:
    return json.dumps({"headers": headers, "body": body}).encode() + b"\n"


@pytest.fixture
def read(run: Run) -> Any:
    def read(
        *stdin: bytes, auth: str | None = None, now: int | None = NOW, keys: tuple[str, ...] = (KEY,)
    ) -> list[Any]:
        more = [part for key in keys for part in ("--key", key)]
        more += [] if auth is None else ["--auth", auth]
        more += [] if now is None else ["--now", str(now)]
        code, answers = run("webhook", "read", "--provider", "sepay", *more, stdin=b"".join(stdin))
        assert code == 0
        return answers

    return read


def one(read: Any, headers: Any, body: Any, **options: Any) -> Any:
    (answer,) = read(line(headers, body), **options)
    return answer


def test_a_genuine_call(read: Any) -> None:
    accepted = {"verdict": "accepted", "arrivals": [ARRIVAL]}
    for auth in (None, "hmac"):
        assert one(read, signed(text()), text(), auth=auth) == accepted
    for auth in (None, "apikey"):
        assert one(read, {"Authorization": f"Apikey {KEY}"}, text(), auth=auth) == accepted


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_header_names_in_any_case(read: Any, change: Any) -> None:
    headers = {change(name): value for name, value in signed(text()).items()}
    assert one(read, headers, text())["verdict"] == "accepted"
    assert one(read, {change("authorization"): f"Apikey {KEY}"}, text())["verdict"] == "accepted"
    assert one(read, headers | {"Host": "x", "x-forwarded-for": "127.0.0.1"}, text())["verdict"] == "accepted"


PROOF = signed(text())
HEX = PROOF["X-SePay-Signature"].removeprefix("sha256=")
NO_PROOF = {
    "nothing": {},
    "only the time": {"X-SePay-Timestamp": str(NOW)},
    "only the signature": {"X-SePay-Signature": PROOF["X-SePay-Signature"]},
    "no prefix": PROOF | {"X-SePay-Signature": HEX},
    "wrong prefix": PROOF | {"X-SePay-Signature": "sha512=" + HEX},
    "prefix twice": PROOF | {"X-SePay-Signature": "sha256=sha256=" + HEX},
    "empty": PROOF | {"X-SePay-Signature": ""},
    "prefix alone": PROOF | {"X-SePay-Signature": "sha256="},
    "cut": PROOF | {"X-SePay-Signature": "sha256=" + HEX[:-1]},
    "longer": PROOF | {"X-SePay-Signature": "sha256=" + HEX + "0"},
    "not ASCII": PROOF | {"X-SePay-Signature": "sha256=" + HEX[:-1] + "é"},
    "a surrogate": PROOF | {"X-SePay-Signature": "sha256=\ud800"},
    "another key": signed(text(), key="khac"),
    "an empty key": signed(text(), key=""),
    "another body": signed(text(transferAmount=1)),
    "a space more in the body": signed(text() + " "),
    "time changed": PROOF | {"X-SePay-Timestamp": str(NOW + 1)},
    "two times, two cases": PROOF | {"x-sepay-timestamp": str(NOW)},
    "two signatures, two cases": PROOF | {"x-sepay-signature": "sha256=" + "0" * 64},
    "signature wrong, key right": PROOF | {"X-SePay-Signature": "sha256=" + "0" * 64, "Authorization": f"Apikey {KEY}"},
    "signature empty, key right": {"X-SePay-Signature": "", "Authorization": f"Apikey {KEY}"},
    "Bearer": {"Authorization": f"Bearer {KEY}"},
    "the bare key": {"Authorization": KEY},
    "two blanks": {"Authorization": f"Apikey  {KEY}"},
    "the key of another": {"Authorization": "Apikey khac"},
    "an empty key shown": {"Authorization": "Apikey "},
    "Apikey alone": {"Authorization": "Apikey"},
    "the key cut": {"Authorization": f"Apikey {KEY[:-1]}"},
    "the key in upper case": {"Authorization": f"Apikey {KEY.upper()}"},
    "the key in another header": {"X-Secret-Key": KEY},
    **{
        f"time {at!r}": signed(text(), at=at)
        for at in (
            "", " ", f" {NOW}", f"{NOW} ", f"+{NOW}", f"-{NOW}", f"{NOW}.0", f"{NOW / 1:e}", hex(NOW), f"{NOW * 1000}",
            "".join(chr(0xFF10 + int(d)) for d in str(NOW)), "".join(chr(0x660 + int(d)) for d in str(NOW)), "9" * 5000,
            "0", NOW + 301, NOW - 301, f"{NOW}\n", f"1_{NOW}", "null", "２" + str(NOW)[1:], "²" + str(NOW)[1:],
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("what", NO_PROOF)
def test_no_valid_proof(read: Any, what: str) -> None:
    assert one(read, NO_PROOF[what], text()) == FORGED


@pytest.mark.parametrize("off", [-300, -299, -1, 0, 1, 299, 300])
def test_five_minutes_either_way(read: Any, off: int) -> None:
    assert one(read, signed(text(), at=NOW + off), text())["verdict"] == "accepted"


def test_the_mode_that_is_chosen_decides(read: Any) -> None:
    by_key = {"Authorization": f"Apikey {KEY}"}
    assert one(read, by_key, text(), auth="hmac") == FORGED
    assert one(read, PROOF, text(), auth="apikey") == FORGED
    assert one(read, PROOF | by_key, text(), auth="apikey")["verdict"] == "accepted"
    assert one(read, PROOF | {"Authorization": "Apikey x"}, text(), auth="hmac")["verdict"] == "accepted"
    assert one(read, PROOF, text(), now=NOW + 301) == FORGED
    assert one(read, PROOF, text(), now=None) == FORGED  # by the clock it lies far off
    assert one(read, PROOF, text(), keys=("cu", KEY))["verdict"] == "accepted"


ACCEPTED = {
    "no sub-account": ({"subAccount": ""}, {}),
    "a sub-account": ({"subAccount": "VQRQ0001"}, {}),
    "no sub-account at all": ({"subAccount": ...}, {}),
    "a code from the dashboard": ({"code": "CP7K2M9Q9M"}, {}),
    "a code of the sandbox": ({"code": ""}, {}),
    "a field of tomorrow": ({"counterAccountName": "NGUYEN THI HOA", "more": {"a": [1, None]}}, {}),
    "nothing": ({"transferAmount": 0}, {"dong": 0}),
    "out": ({"transferType": "out"}, {"direction": "out"}),
    "an empty memo": ({"content": ""}, {"memo": ""}),
    "no description": ({"description": ...}, {}),
    "no gateway": ({"gateway": ...}, {}),
    "a memo with accents": ({"content": "Tiền cá chạch – 2 gói ✓"}, {"memo": "Tiền cá chạch – 2 gói ✓"}),
    "a memo of two lines": ({"content": "CP7K2M\n9Q9M"}, {"memo": "CP7K2M\n9Q9M"}),
    "a long memo": ({"content": "a" * 30_000}, {"memo": "a" * 30_000}),
    "2**53-1": ({"transferAmount": 2**53 - 1}, {"dong": 2**53 - 1}),
    "a large id": ({"id": 2**53 - 1}, {"source_id": str(2**53 - 1)}),
    "an account with letters": ({"accountNumber": "VQRQ0001abc"}, {"account": "VQRQ0001abc"}),
    "a year's end": ({"transactionDate": "2026-12-31 23:59:59"}, {"happened_at": "2026-12-31T23:59:59+07:00"}),
    "a leap day": ({"transactionDate": "2028-02-29 00:00:00"}, {"happened_at": "2028-02-29T00:00:00+07:00"}),
    "no reference": ({"referenceCode": None}, {}),
    "a negative balance": ({"accumulated": -5}, {}),
    "a balance with a fraction": ({"accumulated": 1.5}, {}),
    "a fraction in a field of tomorrow": ({"rate": 1e-7, "more": [{"fee": 0.5}]}, {}),
    "a number beyond 2**53 in a field of tomorrow": ({"trace": 10**30}, {}),
}  # fmt: skip


@pytest.mark.parametrize("what", ACCEPTED)
def test_genuine_and_usable(read: Any, what: str) -> None:
    fields, differs = ACCEPTED[what]
    body = text(**fields)
    answer = one(read, signed(body), body)
    assert answer == {"verdict": "accepted", "arrivals": [ARRIVAL | differs]}
    assert type(answer["arrivals"][0]["dong"]) is int
    assert one(read, {"Authorization": f"Apikey {KEY}"}, body) == answer


def test_escapes_are_signed_as_they_came(read: Any) -> None:
    body = json.dumps(CALL | {"content": "Tiền cá 1/2"}).replace("/", "\\/")
    assert "\\u1ec1" in body
    assert "\\/" in body
    (arrival,) = one(read, signed(body), body)["arrivals"]
    assert arrival["memo"] == "Tiền cá 1/2"
    assert one(read, signed(text(content="Tiền cá 1/2")), body) == FORGED
    spaced = "\n  " + text().replace(",", " ,\r\n\t") + "  \n"
    assert one(read, signed(spaced), spaced)["arrivals"] == [ARRIVAL | {"memo": ARRIVAL["memo"]}]


def nested(depth: int) -> str:
    """A body whose extra field makes it ``depth`` brackets deep."""
    return text()[:-1] + ', "x": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


def padded(size: int) -> str:
    body = text(pad="")
    return text(pad="a" * (size - len(body.encode())))


UNUSABLE = {
    "nothing": "",
    "a blank": " ",
    "null": "null",
    "a list": f"[{text()}]",
    "a string": json.dumps(text()),
    "a number": "1",
    "cut": text()[:-1],
    "something behind it": text() + "x",
    "two calls": text() + text(),
    "a byte-order mark": "\ufeff" + text(),
    "single quotes": text().replace('"', "'"),
    "a trailing comma": text()[:-1] + ",}",
    "a comment": text() + "// ok",
    "NaN": text().replace("185000", "NaN"),
    "Infinity": text().replace("185000", "Infinity"),
    "a float": text().replace("185000", "185000.0"),
    "an exponent": text().replace("185000", "185e3"),
    "a big exponent": text().replace("185000", "1E400"),
    "NaN elsewhere": text().replace('"accumulated": 0', '"accumulated": NaN'),
    "2**53": text(transferAmount=2**53),
    "2**64": text(transferAmount=2**64),
    "ten thousand digits": text().replace("185000", "9" * 10_000),
    "negative": text(transferAmount=-185000),
    "amount as text": text(transferAmount="185000"),
    "amount with dots": text(transferAmount="185.000"),
    "amount true": text(transferAmount=True),
    "amount null": text(transferAmount=None),
    "amount missing": text(transferAmount=...),
    "amount a list": text(transferAmount=[185000]),
    "leading zero": text().replace("185000", "0185000"),
    "plus sign": text().replace("185000", "+185000"),
    "full-width amount": text().replace("185000", "１８５０００"),
    "amount twice": text()[:-1] + ', "transferAmount": 1}',
    "id twice": text()[:-1] + ', "id": 92704}',
    "amount twice, escaped": text()[:-1] + ', "transfer\\u0041mount": 1}',
    "IN": text(transferType="IN"),
    "credit": text(transferType="credit"),
    "direction missing": text(transferType=...),
    "direction null": text(transferType=None),
    "direction with a blank": text(transferType="in "),
    "id as text": text(id="92704"),
    "id missing": text(id=...),
    "id null": text(id=None),
    "id negative": text(id=-1),
    "id 2**53": text(id=2**53),
    "id a float": text().replace("92704", "92704.0"),
    "id true": text(id=True),
    "account missing": text(accountNumber=...),
    "account null": text(accountNumber=None),
    "account empty": text(accountNumber=""),
    "account a number": text(accountNumber=71000123456),
    "content missing": text(content=...),
    "content a number": text(content=5),
    "content a list": text(content=["CP7K2M9Q9M"]),
    "date missing": text(transactionDate=...),
    "date null": text(transactionDate=None),
    "date a number": text(transactionDate=NOW),
    "21 deep": nested(21),
    "10,000 deep": nested(10_000),
    "64 KB and one": padded(64 * 1024 + 1),
    "a megabyte": padded(1_000_000),
    **{
        f"date {when!r}": text(transactionDate=when)
        for when in (
            "", "2026-02-30 10:00:00", "2026-13-01 10:00:00", "18/11/2026 14:02:37", "11/18/2026 14:02:37", "hom qua",
            "2026-11-18", "2026-11-18 25:00:00", "2026-11-18 14:60:00", "2026-11-18 14:02", "26-11-18 14:02:37",
            "２０２６-11-18 14:02:37", "0000-00-00 00:00:00", "2026-11-18 14:02:61", "1795000000",
            "2026-11-18 14:02:37 ICT",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("what", UNUSABLE)
def test_genuine_and_not_usable(read: Any, what: str) -> None:
    body = UNUSABLE[what]
    assert one(read, signed(body), body) == UNREADABLE
    assert one(read, {"Authorization": f"Apikey {KEY}"}, body) == UNREADABLE
    assert one(read, {}, body) == FORGED


def test_just_within_the_limits(read: Any) -> None:
    for body in (nested(20), padded(64 * 1024), text(note="[" * 100 + '"' + "{" * 100)):
        assert one(read, signed(body), body)["verdict"] == "accepted"


def test_a_test_call_with_id_0(read: Any) -> None:
    body = text(id=0)
    assert one(read, signed(body), body) == {"verdict": "not_for_us", "arrivals": []}
    assert one(read, {}, body) == FORGED


def test_every_line_has_its_answer(read: Any) -> None:
    good = line(signed(text()), text())
    odd = [
        b"\n", b" \n", b"null\n", b"[]\n", b'"x"\n', b"{}\n", b"{\n", b"\xff\xfe\n", b"1\n", line([], text()),
        line({}, {}), line(None, text()), line({"Authorization": 5}, text()),
        line({"Authorization": [f"Apikey {KEY}"]}, text()),
        b'{"headers": {}}\n', b'{"body": ""}\n', b"[" * 100_000 + b"\n", line({}, "\ud800"), b"x" * 1_000_000 + b"\n",
    ]  # fmt: skip
    answers = read(*(part for one_odd in odd for part in (one_odd, good)))
    assert len(answers) == 2 * len(odd)
    assert [answer["verdict"] for answer in answers[::2]] == ["forged"] * len(odd)
    assert [answer["verdict"] for answer in answers[1::2]] == ["accepted"] * len(odd)
    assert read() == []
    assert [a["verdict"] for a in read(good.replace(b"\n", b"\r\n"), good.rstrip(b"\n"))] == ["accepted", "accepted"]
    deep = json.dumps({"headers": signed(text()), "body": text(), "more": 1}).encode()
    assert read(deep)[0]["verdict"] == "accepted"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("read",),
        ("read", "--provider", "sepay"),
        ("read", "--provider", "nganhang", "--key", "k"),
        ("read", "--provider", "", "--key", "k"),
        ("read", "--provider", "sepay", "--key", "k", "--auth", "none"),
        ("read", "--provider", "sepay", "--key", "k", "--now", "x"),
        ("read", "--provider", "sepay", "--key", "k", "--now", "1.5"),
        ("write", "--provider", "sepay", "--key", "k"),
    ],
)
def test_arguments_that_cannot_be_used(run: Run, arguments: tuple[str, ...]) -> None:
    code, answers = run("webhook", *arguments, stdin=line(PROOF, text()))
    assert code == 2
    (answer,) = answers
    assert answer["error"] == answer["error"].upper()
    assert answer["message"]


def test_an_empty_key_proves_nothing(read: Any) -> None:
    assert one(read, signed(text(), key=""), text(), keys=("",)) == FORGED
    assert one(read, {"Authorization": "Apikey "}, text(), keys=("",)) == FORGED
