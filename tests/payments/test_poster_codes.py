"""The code on a poster: the same for one account for ever, another for anything else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from base.codes import ALPHABET
from payments import poster_codes
from tests.people import World

numbers = st.text("0123456789ABCXYZ", min_size=1, max_size=19)


def test_it_is_what_posters_already_carry() -> None:
    """Changing how it is made would make every poster that hangs somewhere a liar."""
    assert poster_codes.code_of(slug="htx-yen-hoa", bin="970436", number="0011000123456") == "XQ8SRR"
    assert poster_codes.shown("7K2M9Q") == "7K2 M9Q"


def test_it_is_of_the_accounts_own_organization_bank_and_number(world: World) -> None:
    account = world.bank_account
    assert poster_codes.check_code(account) == poster_codes.code_of(
        slug=world.organization.slug, bin=account.bin, number=account.number
    )


@settings(max_examples=60)
@given(numbers, numbers)
def test_six_symbols_that_nobody_mistakes_and_another_number_has_another(one: str, other: str) -> None:
    code = poster_codes.code_of(slug="htx", bin="970436", number=one)
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    assert poster_codes.is_code(code)
    assert (code == poster_codes.code_of(slug="htx", bin="970436", number=other)) == (one == other)


def test_slug_bank_and_number_do_not_run_into_each_other() -> None:
    assert poster_codes.code_of(slug="a", bin="970436", number="1") != poster_codes.code_of(
        slug="a9", bin="70436", number="1"
    )
    assert poster_codes.code_of(slug="a", bin="970436", number="1") != poster_codes.code_of(
        slug="a", bin="970422", number="1"
    )


def test_what_is_no_code() -> None:
    for text in ("", "7K2M9", "7K2M9QQ", "7k2m9q", "7K2M90", "7K2 M9", "７K2M9Q"):
        assert not poster_codes.is_code(text)
