"""The decision table: what settles by itself, what waits for a person, and with which reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.matching import Asked, Found, Part, Proposal, Reason, Verdict, verdict

A, B, C = "CPAAAAAA22", "CPBBBBBB33", "CPCCCCCC44"


def asked(code=A, due_dong=185_000, state="open", organization_id=1, account_id=10):
    return Asked(code, due_dong, state, organization_id, account_id)


def decide(received_dong, *rows, codes=(), bare=(), repaired=(), unknown=(), **more):
    found = Found(tuple(codes), tuple(bare), tuple(repaired), tuple(unknown))
    return verdict(
        **(
            {"received_dong": received_dong, "found": found, "asked": rows, "organization_id": 1, "account_id": 10}
            | more
        )
    )


def test_one_code_behind_its_prefix_takes_what_came() -> None:
    assert decide(185_000, asked(), codes=[A]) == Verdict(A, 185_000)
    assert decide(100_000, asked(), codes=[A]) == Verdict(A, 100_000)
    assert decide(200_000, asked(), codes=[A]) == Verdict(A, 185_000, 15_000, Reason.OVERPAID)


def test_a_bare_code_needs_its_amount() -> None:
    assert decide(185_000, asked(), bare=[A]) == Verdict(A, 185_000)
    for received_dong in (1, 184_999, 185_001):
        held = decide(received_dong, asked(), bare=[A])
        assert held.needs_you
        assert held.reason is Reason.AMOUNT_DIFFERS
        assert held.proposals[0] == Proposal("bare", (Part(A, min(received_dong, 185_000)),))


def test_a_bare_code_inside_a_longer_word_waits_for_a_person() -> None:
    """A reference of the bank can hold one by chance, and in a class everybody owes the same."""
    found = Found(bare=(A,), inside=(A,))
    held = verdict(received_dong=185_000, found=found, asked=[asked()], organization_id=1, account_id=10)
    assert held == Verdict(reason=Reason.MISTYPED_CODE, proposals=(Proposal("bare", (Part(A, 185_000),)),))


def test_two_codes_with_the_exact_sum_are_one_tap() -> None:
    held = decide(300_000, asked(due_dong=100_000), asked(B, 200_000), codes=[A], bare=[B])
    assert held == Verdict(
        reason=Reason.TWO_CODES, proposals=(Proposal("split", (Part(A, 100_000), Part(B, 200_000)), best=True),)
    )


def test_two_codes_with_another_sum_propose_what_fits() -> None:
    rows = asked(due_dong=100_000), asked(B, 200_000)
    assert decide(150_000, *rows, codes=[A, B]) == Verdict(reason=Reason.TWO_CODES)
    only_one_of_them = decide(200_000, *rows, codes=[A, B])
    assert only_one_of_them.proposals == (Proposal("subset", (Part(B, 200_000),)),), "best must hold every code"
    with_the_payers_third = decide(350_000, *rows, codes=[A, B], same_payer=[asked(C, 50_000)])
    parts = (Part(A, 100_000), Part(B, 200_000), Part(C, 50_000))
    assert with_the_payers_third.proposals == (Proposal("subset", parts, best=True),)


def test_of_two_subsets_that_fit_none_is_best() -> None:
    rows = asked(due_dong=100_000), asked(B, 200_000)
    twins = [asked(C, 50_000), asked("CPDDDDDD55", 50_000)]
    held = decide(350_000, *rows, codes=[A, B], same_payer=twins)
    assert len(held.proposals) == 2
    assert not any(proposal.best for proposal in held.proposals)


def test_an_old_code_beside_the_new_one_settles_only_the_exact_amount() -> None:
    rows = asked(), asked(B, 0, "paid")
    assert decide(185_000, *rows, codes=[B, A]) == Verdict(A, 185_000)
    assert decide(100_000, *rows, codes=[B, A]).reason is Reason.TWO_CODES
    assert decide(185_000, *rows, codes=[B], bare=[A]).reason is Reason.TWO_CODES


def test_a_second_code_that_is_unknown_or_mistyped_stops_all_but_the_exact_amount() -> None:
    assert decide(185_000, asked(), codes=[A], unknown=[B]).reason is Reason.TWO_CODES
    assert decide(185_000, asked(), asked(B, 90_000), codes=[A], repaired=[B]) == Verdict(A, 185_000)
    assert decide(185_000, asked(), asked(B), codes=[A], repaired=[B]).reason is Reason.TWO_CODES
    assert decide(300_000, asked(), asked(B), codes=[A], repaired=[B]).reason is Reason.TWO_CODES


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (asked(state="paid", due_dong=0), Reason.ALREADY_PAID),
        (asked(state="expired"), Reason.LATE),
        (asked(state="cancelled"), Reason.CANCELLED_ORDER),
        (asked(account_id=11), Reason.OTHER_ACCOUNT),
        (asked(organization_id=2), Reason.OTHER_ORGANIZATION),
        (asked(organization_id=2, state="paid"), Reason.OTHER_ORGANIZATION),
    ],
)
@pytest.mark.parametrize("how", ["codes", "bare"])
def test_a_contradiction_goes_to_a_person(row, reason, how) -> None:
    held = decide(185_000, row, **{how: [A]})
    assert held.needs_you
    assert held.reason is reason


def test_nothing_of_another_organization_is_shown() -> None:
    foreign = asked(organization_id=2)
    assert decide(185_000, foreign, codes=[A]).proposals == ()
    assert decide(185_000, foreign, repaired=[A]) == Verdict(reason=Reason.NO_CODE)
    assert decide(370_000, foreign, asked(B, organization_id=2), codes=[A, B]) == Verdict(
        reason=Reason.OTHER_ORGANIZATION
    )
    assert decide(370_000, foreign, asked(B), codes=[A, B]).proposals == ()


def test_two_closed_codes_say_why() -> None:
    rows = asked(state="expired"), asked(B, state="expired")
    assert decide(370_000, *rows, codes=[A, B]).reason is Reason.LATE
    assert decide(370_000, rows[0], asked(B, state="cancelled"), codes=[A, B]).reason is Reason.TWO_CODES


def test_a_repair_is_proposed_never_booked() -> None:
    held = decide(185_000, asked(), repaired=[A])
    assert held == Verdict(
        reason=Reason.MISTYPED_CODE, proposals=(Proposal("repaired", (Part(A, 185_000),), best=True),)
    )
    assert decide(184_999, asked(), repaired=[A]) == Verdict(reason=Reason.MISTYPED_CODE)
    assert not any(p.best for p in decide(185_000, asked(), asked(B), repaired=[A, B]).proposals)


def test_no_code_suggests_what_the_same_payer_owes() -> None:
    assert decide(185_000) == Verdict(reason=Reason.NO_CODE)
    assert decide(185_000, unknown=[A]).reason is Reason.UNKNOWN_CODE
    held = decide(50_000, same_payer=[asked(C, 50_000), asked(B, 60_000), asked(A, 50_000, organization_id=2)])
    assert held == Verdict(reason=Reason.NO_CODE, proposals=(Proposal("same_payer", (Part(C, 50_000),)),))


def test_what_never_settles() -> None:
    assert decide(185_000, asked(), codes=[A], direction="out").reason is Reason.OUTGOING
    assert decide(185_000, asked(), codes=[A], currency="USD").reason is Reason.OTHER_CURRENCY
    assert decide(0, asked(), codes=[A]).reason is Reason.NO_AMOUNT
    by_sms = decide(185_000, asked(), codes=[A], only_by_sms=True)
    assert by_sms == Verdict(
        reason=Reason.SMS_ONLY, proposals=(Proposal("as_written", (Part(A, 185_000),), best=True),)
    )


rows = st.builds(
    asked,
    st.sampled_from([A, B, C]),
    st.integers(1, 10**6),
    st.sampled_from(["open", "paid", "expired", "cancelled"]),
    st.integers(1, 2),
    st.integers(10, 11),
)


@given(
    st.integers(1, 2 * 10**6),
    st.lists(rows, max_size=3, unique_by=lambda row: row.code),
    st.lists(st.sampled_from(["codes", "bare", "repaired"]), min_size=3, max_size=3),
)
def test_money_settles_only_on_an_open_request_of_ours_and_never_twice(received_dong, asked_rows, kinds) -> None:
    by_kind = {kind: [row.code for row, k in zip(asked_rows, kinds, strict=False) if k == kind] for kind in set(kinds)}
    result = decide(received_dong, *asked_rows, **by_kind)
    by_code = {row.code: row for row in asked_rows}
    if result.settles is not None:
        row = by_code[result.settles]
        assert (row.state, row.organization_id, row.account_id) == ("open", 1, 10)
        assert result.settles not in by_kind.get("repaired", [])
        assert result.settle_dong + result.excess_dong == received_dong
        assert 0 < result.settle_dong <= row.due_dong
        assert result.proposals == ()
    else:
        assert result.reason is not None
        assert (result.settle_dong, result.excess_dong) == (0, 0)
    for proposal in result.proposals:
        assert sum(part.dong for part in proposal.parts) <= received_dong
        assert all(by_code[part.code].organization_id == 1 for part in proposal.parts)
