"""MT940 and CAMT.053: read whole with both balances proved, or refused with the entry that raised the doubt."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.statements.banks import read_statement
from payments.statements.sections import SeveralAccounts
from payments.statements.statement import DoubtfulStatement, StatementRead
from tests.payments.statements.layouts import ACCOUNT, OPENING, moves
from tests.payments.statements.messages import VERSION_8, camt, camt_statement, mt940

MOVED = moves(7)
CLOSING = MOVED[-1].balance
MT940 = mt940(MOVED)
CAMT = camt(camt_statement(MOVED))
OTHER = moves(4, seed=5, opening=1_000_000)


def read(text: str, **which: str) -> StatementRead:
    return read_statement(text.encode(), **which)


def refused(text: str, **which: str) -> tuple[str, int | None]:
    with pytest.raises(DoubtfulStatement) as doubt:
        read(text, **which)
    assert "%(" not in doubt.value.message
    return doubt.value.code, doubt.value.row


def check(found: StatementRead) -> None:
    assert [a.dong if a.direction == "in" else -a.dong for a in found.arrivals] == [m.dong for m in MOVED]
    assert [a.memo for a in found.arrivals] == [m.memo for m in MOVED]
    assert [a.reference for a in found.arrivals] == [m.reference for m in MOVED]
    assert [a.happened_at.isoformat() for a in found.arrivals] == [f"{m.day}T00:00:00+07:00" for m in MOVED]
    assert (found.account, found.opening_dong, found.closing_dong) == (ACCOUNT, OPENING, CLOSING)
    assert found.continuous
    assert (found.first_day, found.last_day) == (MOVED[0].day, MOVED[-1].day)


def test_mt940() -> None:
    found = read(MT940)
    check(found)
    assert [line.row for line in found.rows] == [5, 7, 9, 11, 13, 15, 17], "the lines of the file"
    assert found.rows[0].arrival.raw.startswith('[":61:260314')


def test_camt_053() -> None:
    found = read(CAMT)
    check(found)
    assert [line.row for line in found.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert {(a.payer_account, a.payer_name) for a in found.arrivals} == {("0071000123456", "NGUYEN THI HOA")}
    check(read(camt(camt_statement(MOVED, newer=True), version=VERSION_8)))
    check(read_statement(CAMT.replace("UTF-8", "UTF-16").encode("utf-16")))


def test_both_formats_of_one_export_have_the_same_ids() -> None:
    assert [a.source_id for a in read(MT940).arrivals] == [a.source_id for a in read(CAMT).arrivals]


def test_the_bank_that_was_asked_for_is_no_matter() -> None:
    check(read(MT940, bank="vietcombank"))
    check(read(CAMT, bank="mb"))


def test_pages_and_days_of_one_account_are_one_statement() -> None:
    check(read(mt940(MOVED, pages=3)))
    check(read(camt(camt_statement(MOVED[:4]), camt_statement(MOVED[4:]))))
    newest_first = read(camt(camt_statement(MOVED[4:]), camt_statement(MOVED[:4])))
    assert (newest_first.opening_dong, newest_first.closing_dong) == (OPENING, CLOSING)
    assert refused(camt(camt_statement(MOVED[:3]), camt_statement(MOVED[4:]))) == ("STATEMENT_BALANCE_BREAK", 4)
    pages = mt940(MOVED, pages=3).split("-\r\n")
    assert refused("-\r\n".join([pages[0], *pages[2:]]))[0] == "STATEMENT_BALANCE_BREAK"


@pytest.mark.parametrize(
    "both", [mt940(MOVED) + mt940(OTHER, account="1030000031"),
             camt(camt_statement(MOVED), camt_statement(OTHER, account="1030000031"))], ids=["mt940", "camt"],
)  # fmt: skip
def test_two_accounts_are_read_one_at_a_time(both: str) -> None:
    check(read(both, account=ACCOUNT))
    assert read(both, account="1030000031").closing_dong == OTHER[-1].balance
    with pytest.raises(SeveralAccounts, match="1030000031"):
        read(both)
    assert refused(both, account="1")[0] == "STATEMENT_ACCOUNT_NOT_THERE"


def test_the_envelope_of_swift_and_texts_over_several_lines() -> None:
    wrapped = MT940.replace("cá trạch, mẻ 2", "cá trạch,\r\nmẻ 2")
    text = "{1:F01VCBVVNVXAXXX0000000000}{2:O9400000000000VCBVVNVXAXXX}{3:{108:SK}}{4:\r\n" + wrapped[:-3] + "-}\r\n"
    found = read(text)
    assert found.rows[2].arrival.memo == "CP7K2M9Q2M cá trạch,\nmẻ 2"
    assert [line.row for line in found.rows][:4] == [6, 8, 10, 13]


def test_a_text_behind_the_closing_balance_is_nobodys() -> None:
    text = MT940.replace("-\r\n", ":64:C260317VND5,\r\n:86:Kính chào quý khách\r\nCP7K2M9Q9M\r\n-\r\n")
    check(read(text))


def test_a_reversal_goes_the_other_way() -> None:
    text = MT940.replace(f"C{MOVED[0].dong},", f"RC{MOVED[0].dong},")
    assert refused(text)[0] == "STATEMENT_CLOSING_DIFFERS"
    turned = text.replace(f":62F:C260317VND{CLOSING}", f":62F:C260317VND{CLOSING - 2 * MOVED[0].dong}")
    assert read(turned).rows[0].arrival.direction == "out"


SPOILT_MT940: dict[str, tuple[Callable[[str], str], str, int | None]] = {
    "an entry is missing": (lambda t: "\r\n".join([*t.split("\r\n")[:6], *t.split("\r\n")[8:]]), "CLOSING_DIFFERS", 17),
    "an entry stands twice": (lambda t: t.replace("\r\n:61:", "\r\n:61:" + t.split("\r\n:61:")[1] + "\r\n:61:", 1),
                              "CLOSING_DIFFERS", 21),
    "another currency": (lambda t: t.replace("VND", "USD"), "OTHER_CURRENCY", 4),
    "xu": (lambda t: t.replace(f"{MOVED[1].dong},N", f"{MOVED[1].dong},50N"), "FRACTION", 7),
    "the end is missing": (lambda t: t[: t.index(":62F:")], "BAD_MT940", 18),
    "an amount is cut": (lambda t: t.replace(f"{MOVED[1].dong},NTRF", f"{MOVED[1].dong}"), "BAD_MT940", 7),
    "an impossible day": (lambda t: t.replace(":61:2603140314", ":61:2602310314", 1), "BAD_DATE", 5),
    "an impossible day of entry": (lambda t: t.replace(":61:2603140314", ":61:2603140230", 1), "BAD_DATE", 5),
    "an unknown tag": (lambda t: t.replace(":28C:", ":99X:"), "BAD_MT940", 3),
    "a tag of the middle twice": (lambda t: t.replace(":28C:1/1", ":25:1030000031"), "BAD_MT940", 3),
    "full-width digits": (lambda t: t.replace(f"{MOVED[1].dong},", f"{MOVED[1].dong},".translate(
        {48 + n: 0xFF10 + n for n in range(10)})), "BAD_MT940", 7),
    "no account": (lambda t: t.replace(f"VCBVVNVX/{ACCOUNT}", "HTX YEN HOA"), "BAD_MT940", 2),
    "a wrong closing": (lambda t: t.replace(f"VND{CLOSING},", f"VND{CLOSING + 1},"), "CLOSING_DIFFERS", 19),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT_MT940)
def test_a_spoilt_mt940(what: str) -> None:
    spoil, code, row = SPOILT_MT940[what]
    assert spoil(MT940) != MT940
    assert refused(spoil(MT940)) == (f"STATEMENT_{code}", row)


SPOILT_CAMT: dict[str, tuple[Callable[[str], str], str, int | None]] = {
    "an entry is missing": (lambda t: t[: t.index("<Ntry>")] + t[t.index("</Ntry>") + 7 :], "TOTAL_DIFFERS", 1),
    "the same without a count": (lambda t: t[: t.index("<TxsSummry>")] + t[t.index("</Ntry>") + 7 :],
                                 "CLOSING_DIFFERS", 1),
    "another currency": (lambda t: t.replace("<Ccy>VND</Ccy>", "").replace("'VND'", "'EUR'"), "OTHER_CURRENCY", 1),
    "the account's currency": (lambda t: t.replace("<Ccy>VND", "<Ccy>USD"), "OTHER_CURRENCY", 1),
    "xu": (lambda t: t.replace(f">{MOVED[0].dong}<", f">{MOVED[0].dong}.5<"), "FRACTION", 1),
    "an exponent": (lambda t: t.replace(f">{MOVED[0].dong}<", ">1E+5<"), "BAD_NUMBER", 1),
    "a wrong side": (lambda t: t.replace("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>DBIT</CdtDbtInd><Sts>", 1),
                     "CLOSING_DIFFERS", 1),
    "no side": (lambda t: t.replace("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>", 1), "BAD_CAMT", 1),
    "an impossible day": (lambda t: t.replace("2026-03-14", "2026-02-31", 1), "BAD_DATE", 1),
    "cut": (lambda t: t[:-40], "BAD_CAMT", None),
    "no account": (lambda t: t.replace("<Acct>", "<X>").replace("</Acct>", "</X>"), "BAD_CAMT", None),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT_CAMT)
def test_a_spoilt_camt(what: str) -> None:
    spoil, code, row = SPOILT_CAMT[what]
    assert spoil(CAMT) != CAMT
    assert refused(spoil(CAMT)) == (f"STATEMENT_{code}", row)


def test_pending_entries_are_not_money_yet() -> None:
    pending = camt_statement(MOVED).replace("</Stmt>", "")
    pending += "<Ntry><Amt Ccy='VND'>5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry></Stmt>"
    check(read(camt(pending)))


def test_bombs_are_refused_at_once() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    for declared in (laughs, outside):
        text = CAMT.replace("<Document", f"{declared}<Document").replace(
            "NGUYEN THI HOA", "&b;" if "b" in declared else "&a;"
        )
        assert refused(text) == ("STATEMENT_BAD_CAMT", None)
    began = time.process_time()
    assert refused(CAMT.replace("<GrpHdr/>", "<a/>" * 2_100_000))[0] == "STATEMENT_TOO_BIG"
    check(read(CAMT.replace("<GrpHdr/>", "<a>" * 100_000 + "</a>" * 100_000)))  # deep, and harmless
    assert time.process_time() - began < 5


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_but_a_doubt(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([MT940.encode(), CAMT.encode()]))
    at = data.draw(st.integers(8, len(whole) - 1))
    new = data.draw(st.binary(max_size=4))
    damaged = whole[:at] + new + whole[at + data.draw(st.integers(0, 20)) :]
    try:
        found = read_statement(damaged)
    except DoubtfulStatement:
        return
    moved = sum(a.dong if a.direction == "in" else -a.dong for a in found.arrivals)
    assert found.opening_dong is None or found.closing_dong is None or found.opening_dong + moved == found.closing_dong
