"""Memos as each route delivers them, with codes made here by the rule."""

import itertools
import json
import os
import random
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from tests.acceptance.conftest import Run, lines

pytestmark = pytest.mark.django_db

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def issued(body: str) -> str:
    """CP + six symbols + the two check symbols."""
    values = [SYMBOLS.index(symbol) for symbol in body]
    s0 = sum(values)
    s1 = sum(i * value for i, value in enumerate(values, start=1))
    c8 = (7 * s0 - s1) % 31
    c7 = (-s0 - c8) % 31
    return "CP" + body + SYMBOLS[c7] + SYMBOLS[c8]


def fits(eight: str) -> bool:
    if len(eight) != 8 or not set(eight) <= set(SYMBOLS):
        return False
    values = [SYMBOLS.index(symbol) for symbol in eight]
    return sum(values) % 31 == 0 and sum(i * v for i, v in enumerate(values, start=1)) % 31 == 0


A, B, C = issued("7K2M9Q"), issued("W3T8NE"), issued("2H5VRX")
LETTERS = issued("KMNPQR")
dice = random.Random(20261122)


def test_the_vector() -> None:
    assert A == "CP7K2M9Q9M"
    assert not fits("7K2MQX4")


def wrapped(text: str, every: int, with_: str) -> str:
    return with_.join(text[at : at + every] for at in range(0, len(text), every))


ENVELOPES = {
    "as we print it": "{}",
    "Vietcombank app": "MBVCB.7712345678.123456.{}.CT tu 0071000123456 NGUYEN THI HOA toi 1030000030 HTX YEN HOA",
    "Vietcombank app to another bank": "MBVCB.7712345678.123456.{} mua ca.CT tu 00710001 LE VAN A toi 113 HTX tai MB",
    "Vietcombank app without trace": "MBVCB.7712345678.{}.CT tu 0071000123456 TRAN THI B toi 1030000030 HTX YEN HOA",
    "Vietcombank web": "IBVCB.1234567890.{}",
    "newer NAPAS trace": "326BFTVG2X1ABCDE {} 326BFTVG2X1ABCDE",
    "IBT trace": "325IBT1kJW5C7KH9.{}.325IBT1kJW5C7KH9",
    "interbank": "020097042211221530222026ABCD123456.1234.153022.{}",
    "interbank short": "123456.221126.153022.{}",
    "MB": "{}- Ma GD ACSP/ xx123456",
    "MB trace": "{} Ma giao dich Trace123456 Trace 123456",
    "Techcombank into MB": "{} FT26326123456789",
    "Techcombank, glued": "{}FT26326123456789",
    "ACB": "{} GD 123456 221126-15:30:22",
    "ACB, glued": "{}GD 123456 221126-15:30:22",
    "TPBank": "{}-221126-15:30:22",
    "Sacombank": "{} CKN 123456 - NGUYEN THI HOA - Ngan hang A",
    "MoMo": "81234567890-{}-CHUYEN TIEN-OQCH0012-MOMO81234567890MOMO",
    "MoMo at Vietcombank": "PARTNER.DIRECT_DEBITS_VCB.MSE.12345678.20261122.12345678-0900000001_{}",
    "MoMo at ACB": "81234567890T0900000001T{}TCHUYEN TIEN",
    "BIDV": "TKThe :1030000030, tai VCB. {} -CTLNHIDI000123456-1/1-CRE-002",
    "VietinBank": "Chuyen tien den tu NAPAS Noi dung: {} (CT1111)",
    "VietinBank CT DEN": "CT DEN:632612345678 {}",
    "Agribank": "MB(123456)({})",
    "virtual account": "Q12345678 SEPAY1234 1 {}",
    "TKP glued": "TKP{} FT26326123456789",
    "SEVQR": "SEVQR {}",
    "glued before": "NAP{} xin cam on",
    "glued digits before": "123456{}",
    "goods behind it": "{} CA CHACH SAY KHO",
    "in a sentence": "Chau gui tien {} cho bac Hoa nhe, cam on bac",
    "quotes and brackets": "[\"{}\"] (2 bich) / #1",
    "underscores": "chuyen_tien_{}_mua_ca",
    "commas": "tien ca,{},2 goi",
}  # fmt: skip
FORMS = {
    "plain": lambda code: code,
    "lower case": str.lower,
    "first letter only": str.capitalize,
    "a space in the prefix": lambda code: "C P" + code[2:],
    "a dot in the prefix": lambda code: "C.P" + code[2:],
    "a dash behind the prefix": lambda code: "CP-" + code[2:],
    "in fours": lambda code: f"{code[:2]} {code[2:6]} {code[6:]}",
    "a space at every place": lambda code: " ".join(code),
    "a line break inside": lambda code: code[:5] + "\n" + code[5:],
    "a carriage return inside": lambda code: code[:7] + "\r\n" + code[7:],
    "a no-break space inside": lambda code: code[:6] + "\u00a0" + code[6:],
    "full-width": lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
    "one accent": lambda code: code.replace("M", "M\u0301", 1),
}


@pytest.mark.parametrize("route", ENVELOPES)
@pytest.mark.parametrize("live", [False, True])
def test_a_whole_code_is_found_on_every_route(run: Run, tmp_path: Path, route: str, live: bool) -> None:
    forms = [code_form(A) for code_form in FORMS.values()] + [LETTERS, B]
    memos = [ENVELOPES[route].format(form) for form in forms]
    for with_, every in itertools.product((" ", "\n"), range(39, 51)):
        memos.append(wrapped(ENVELOPES[route].format(A), every, with_))
    expected = [A] * len(FORMS) + [LETTERS, B] + [A] * 24
    more: tuple[str, ...] = ()
    if live:
        (tmp_path / "live").write_text("".join(f"{code}\n" for code in (A, B, C, LETTERS)))
        more = ("--live", str(tmp_path / "live"))
    code, answers = run("codes", "find", *more, stdin=lines(*memos))
    assert code == 0
    wrong = [
        (memo, answer) for memo, answer, one in zip(memos, answers, expected, strict=True) if answer["codes"] != [one]
    ]
    assert not wrong, wrong[:3]
    assert all(not answer["bare"] and not answer["repaired"] for answer in answers), [
        (memo, answer) for memo, answer in zip(memos, answers, strict=True) if answer["bare"] or answer["repaired"]
    ][:3]


def test_several_codes_and_one_code_several_times(run: Run) -> None:
    memos = [
        f"{B} va {A}",
        f"{A} {A}",
        f"{A}{B}",
        f"{A.lower()}-{B} {A}",
        f"{C},{B},{A}",
        f"{A[2:]} {A}",
        f"{A} {B[2:]}",
    ]
    answers = run("codes", "find", stdin=lines(*memos))[1]
    assert [a["codes"] for a in answers] == [[B, A], [A], [A, B], [A, B], [C, B, A], [A], [A]]
    assert [a["bare"] for a in answers] == [[]] * 6 + [[B]]


def test_without_the_prefix(run: Run, tmp_path: Path) -> None:
    bare = A[2:]
    memos = [bare, f"tien {bare} ca", bare.lower(), f"MBVCB.123.{bare}.CT tu 1", f"P{bare}", f"C{bare}", f"XP{bare}",
             f"CX{bare}", f"PC{bare}", f"{bare} FT26326123456789"]  # fmt: skip
    (tmp_path / "live").write_text(f"{A}\n{B}\n")
    for more in ((), ("--live", str(tmp_path / "live"))):
        answers = run("codes", "find", *more, stdin=lines(*memos))[1]
        assert [(a["codes"], a["bare"]) for a in answers] == [([], [A])] * len(memos), list(
            zip(memos, answers, strict=True)
        )


NOTHING = [
    "", " ", "chuyen tien", "CHUYEN TIEN", "ca chach say kho 2 goi", "0912345678", "NGUYEN THI HOA chuyen tien",
    "FT26326123456789", "GD 123456-221126-15:30:22", "20261122", "22/11/2026 15:30:22", "Trace123456 Trace 123456",
    "MOMO81234567890MOMO", "thanh toan HD 2026-11", "CP", "CP2026", "CPVN", "CTY CP THUC PHAM", "cong ty CP xay dung",
    "COP BAU CP", "123123", "🐟🐟🐟", "\n\n", "CP 0912345678", "CP1030000030", "CP12345678", "ZaloPay",
]  # fmt: skip


@pytest.mark.parametrize("count", [1, 1000, 100_000])
def test_memos_without_a_code_find_nothing(run: Run, tmp_path: Path, count: int) -> None:
    open_codes = {A} | {issued("".join(dice.choices(SYMBOLS, k=6))) for _ in range(count - 1)}
    (tmp_path / "live").write_text("".join(f"{code}\n" for code in sorted(open_codes)))
    memos = [*NOTHING, B if B not in open_codes else "-", f"tien {C}" if C not in open_codes else "-"]
    answers = run("codes", "find", "--live", str(tmp_path / "live"), stdin=lines(*memos))[1]
    assert [memo for memo, a in zip(memos, answers, strict=True) if a["codes"] or a["bare"]] == []


def test_memos_without_a_code_find_nothing_without_a_list(run: Run) -> None:
    answers = run("codes", "find", stdin=lines(*NOTHING))[1]
    found = [(memo, a) for memo, a in zip(NOTHING, answers, strict=True) if a["codes"] or a["bare"]]
    assert found == []


def damage(code: str, kind: str) -> str:
    body = code[2:]
    at = dice.randrange(8)
    if kind == "wrong":
        return "CP" + body[:at] + dice.choice(SYMBOLS.replace(body[at], "")) + body[at + 1 :]
    if kind == "lost":
        return "CP" + body[:at] + body[at + 1 :]
    if kind == "extra":
        return "CP" + body[:at] + dice.choice(SYMBOLS) + body[at:]
    at = dice.randrange(7)
    return "CP" + body[:at] + body[at + 1] + body[at] + body[at + 2 :]


@pytest.mark.parametrize("count", [1, 1000, 100_000])
@pytest.mark.parametrize("kind", ["wrong", "swapped", "lost", "extra"])
def test_one_slip_is_offered_and_never_found(run: Run, tmp_path: Path, kind: str, count: int) -> None:
    open_codes = sorted({issued("".join(dice.choices(SYMBOLS, k=6))) for _ in range(count)})
    (tmp_path / "live").write_text("".join(f"{code}\n" for code in open_codes))
    asked = []
    while len(asked) < 200:
        code = dice.choice(open_codes)
        hurt = damage(code, kind)
        if code[2:] not in hurt:
            asked.append(
                (
                    dice.choice(("{}", "tien ca {}", "MBVCB.12.{}.CT tu 1", "{} GD 123456 221126-15:30:22")).format(
                        hurt
                    ),
                    code,
                )
            )
    answers = run("codes", "find", "--live", str(tmp_path / "live"), stdin=lines(*(memo for memo, _ in asked)))[1]
    for (memo, code), answer in zip(asked, answers, strict=True):
        # "CP…" less its last G, before "GD": what stands there is the code, and no reader could tell
        assert answer["codes"] in ([], [code]), (memo, code, answer)
        assert answer["bare"] == [], (memo, code, answer)
    missed = [x for x in zip(asked, answers, strict=True) if x[0][1] not in x[1]["repaired"] + x[1]["codes"]]
    assert len(missed) <= 10, missed


@pytest.mark.parametrize("kind", ["wrong", "swapped", "lost", "extra"])
def test_one_slip_without_prefix_is_offered_among_open_codes(run: Run, tmp_path: Path, kind: str) -> None:
    (tmp_path / "live").write_text(f"{A}\n{B}\n{C}\n")
    asked = []
    while len(asked) < 60:
        code = dice.choice((A, B, C))
        hurt = damage(code, kind)[2:]
        if code[2:] not in hurt:
            asked.append((dice.choice(("{}", "tien ca {}", "{} cam on")).format(hurt), code))
    answers = run("codes", "find", "--live", str(tmp_path / "live"), stdin=lines(*(memo for memo, _ in asked)))[1]
    assert all(not answer["codes"] for answer in answers)
    missed = [x for x in zip(asked, answers, strict=True) if x[0][1] not in x[1]["repaired"]]
    assert len(missed) <= 3, missed


def test_a_slip_without_a_list_names_every_candidate_behind_the_prefix(run: Run) -> None:
    answers = run("codes", "find", stdin=lines("CP7K2M9Q9", "CP7K2M9Q9N", "CPK72M9Q9M", "CP7K2MM9Q9M", "CP7K2M9Q"))[1]
    assert all(A in answer["repaired"] and not answer["codes"] for answer in answers[:4]), answers
    assert answers[4] == {"codes": [], "bare": [], "repaired": []}  # two symbols are gone


def test_cut_short_is_never_a_code(run: Run, tmp_path: Path) -> None:
    (tmp_path / "live").write_text(f"{A}\n")
    memos = [A[:n] + tail for n in range(2, 10) for tail in ("", "...", "~", " CT tu 0071000123456", " GD 123456")]
    answers = run("codes", "find", "--live", str(tmp_path / "live"), stdin=lines(*memos))[1]
    assert [memo for memo, answer in zip(memos, answers, strict=True) if answer["codes"] or answer["bare"]] == []


@pytest.mark.parametrize(
    "content",
    [
        "{a}\n{b}\n",
        "{a}\n{b}",
        "{a}\r\n{b}\r\n",
        "\ufeff{a}\n{b}\n",
        '{{"code": "{a}"}}\n{{"code": "{b}"}}\n',
        '"{a}"\n"{b}"\n',
        "  {a}  \n\n{b}\n{a}\n",
    ],
)
def test_the_list_of_open_codes_in_every_dress(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "live").write_bytes(content.format(a=A, b=B.lower()).encode())
    answers = run("codes", "find", "--live", str(tmp_path / "live"), stdin=lines(f"{A} {B} {C}"))[1]
    assert answers == [{"codes": [A, B], "bare": [], "repaired": []}]


def test_lines(run: Run) -> None:
    stdin = b"\n".join(
        [A.encode(), b"", b"\xff" + A.encode() + b"\xfe", A.encode() + b"\r", b'"CP7K2M', b"null", B.encode()]
    )
    code, answers = run("codes", "find", stdin=stdin)
    assert code == 0
    assert [answer["codes"] for answer in answers] == [[A], [], [A], [A], [], [], [B]]
    assert run("codes", "find", stdin=b"")[1] == []
    assert run("codes", "find", stdin=unicodedata.normalize("NFD", f"Tiền cá {A} đã trả").encode())[1][0]["codes"] == [
        A
    ]
    started = time.thread_time()
    assert len(run("codes", "find", stdin=b"CP7K2M9Q9" * 110_000 + b"\n" + b"A" * 1_000_000 + b"\n")[1]) == 2
    assert time.thread_time() - started < 20


def test_new_codes_pass_the_rule(run: Run) -> None:
    code, answers = run("codes", "new", "--count", "5000")
    assert code == 0
    made = [answer["code"] for answer in answers]
    assert len(set(made)) == 5000
    assert all(one.startswith("CP") and fits(one[2:]) for one in made)
    assert [list(answer) for answer in answers[:1]] == [["code"]]


@pytest.mark.parametrize(
    "arguments",
    [("new", "--count", "0"), ("new", "--count", "-5"), ("new", "--count", "x"), ("new", "--count", "1.5"),
     ("new", "--count", "٣x"), (), ("lose",), ("find", "--live", "/nowhere/at/all"),
     ("find", "--live", "."), ("find", "--live")],
)  # fmt: skip
def test_what_cannot_be_used(run: Run, arguments: tuple[str, ...]) -> None:
    code, answers = run("codes", *arguments, stdin=b"x\n")
    assert code == 2
    assert [set(answer) for answer in answers] == [{"error", "message"}]


def test_a_flood_of_memos(run: Run, tmp_path: Path) -> None:
    """At least 2,000 memos a second on one core, against 100,000 open codes."""
    open_codes = sorted({issued("".join(dice.choices(SYMBOLS, k=6))) for _ in range(100_000)})
    (tmp_path / "live").write_text("".join(json.dumps({"code": code}) + "\n" for code in open_codes))
    memos = [dice.choice(list(ENVELOPES.values())).format(dice.choice(open_codes)) for _ in range(20_000)]
    started = time.thread_time()
    answers = run("codes", "find", "--live", str(tmp_path / "live"), stdin=lines(*memos))[1]
    assert time.thread_time() - started < 20
    assert all(len(answer["codes"]) == 1 for answer in answers)


def test_a_terminal_that_knows_no_vietnamese(tmp_path: Path) -> None:
    """Answers are UTF-8 whatever the locale says, refusals too."""
    root = Path(__file__).parents[2]
    for arguments in (("vietqr", "encode", "--bin", "1", "--account", "2"), ("statement", "read", str(tmp_path))):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=root, capture_output=True, timeout=60, check=False,
            env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        )  # fmt: skip
        assert done.returncode == 2, done.stderr.decode(errors="replace")
        answer = json.loads(done.stdout.decode("utf-8"))
        assert set(answer) == {"error", "message"}
