"""A poster held against our own rows: only bank and number together are ours, whatever a code says of itself."""

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from cooperatives.models import BankAccount, Organization
from payments import requesting
from payments.models import Feed, PaymentLink
from payments.payee_checks import Answer, Kind, about_code, about_codes, about_typed
from payments.poster_codes import check_code, shown
from payments.providers import vietqr
from payments.providers.vietqr_tlv import crc, one_object
from tests.payments.conftest import order_bags, request_of
from tests.people import World

pytestmark = pytest.mark.django_db
OURS, BIN = "0011000123456", "970436"


def named(payload: str, name: str) -> str:
    """The same code with a name in tag 59, as some writers do."""
    upto = payload[:-8] + one_object("59", name) + "6304"
    return upto + crc(upto)


def one(answers: list[Answer]) -> Answer:
    (answer,) = answers
    return answer


def test_our_own_qr_is_ours_with_what_stands_in_our_rows(world: World) -> None:
    asked = request_of(order_bags(world))
    answer = about_code(requesting.payload_of(asked))
    assert answer.is_ours
    assert answer.known is not None
    assert (answer.known.organization, answer.known.number, answer.known.holder, answer.known.bank_name) == (
        world.organization, OURS, "HTX NONG SAN", "Vietcombank",
    )  # fmt: skip
    assert (answer.said.dong, answer.said.memo, answer.payment_code) == (150_000, asked.code, asked.code)


@pytest.mark.parametrize("typed", [OURS, "0011 000 123 456", "0011.000.123-456", f"  {OURS}\n"])
def test_a_number_is_read_as_people_type_it(world: World, typed: str) -> None:
    answer = one(about_typed(typed))
    assert answer.is_ours
    assert answer.known is not None
    assert answer.known.check_code == check_code(world.bank_account)


def test_the_check_code_of_a_poster_leads_to_its_account(world: World) -> None:
    code = check_code(world.bank_account)
    for typed in (code, code.lower(), shown(code), f" {code[:3]}-{code[3:]} "):
        answer = one(about_typed(typed))
        assert answer.is_ours
        assert answer.known is not None
        assert answer.known.number == OURS


def test_a_code_of_nobodys_is_nobodys(world: World) -> None:
    answer = one(about_typed("222222" if check_code(world.bank_account) != "222222" else "333333"))
    assert (answer.kind, answer.known) == (Kind.STRANGER, None)


def test_another_account_is_a_strangers(world: World) -> None:
    payload = vietqr.write(bin="970422", account="999988887777")
    assert about_code(payload).kind is Kind.STRANGER
    assert one(about_typed("999988887777")).kind is Kind.STRANGER
    assert one(about_typed(payload)) == about_code(payload)


@pytest.mark.parametrize("name", ["HTX NONG SAN", "HTX Nông sản Yên Hòa", "HTX Nong san", "Htx Nông Sản Yên"])
def test_a_strangers_account_under_our_name_is_called_just_that(world: World, name: str) -> None:
    answer = about_code(named(vietqr.write(bin="970422", account="999988887777"), name))
    assert answer.kind is Kind.BORROWED_NAME
    assert answer.known is not None
    assert answer.known.organization == world.organization


def test_our_name_does_not_make_a_code_ours_and_a_strange_name_does_not_take_it_away(world: World) -> None:
    assert about_code(named(vietqr.write(bin=BIN, account=OURS), "NGUYEN VAN LA")).is_ours


@pytest.mark.parametrize("tag", ["02", "26", "37", "39", "51"])
def test_our_account_beside_another_payee_is_not_ours(world: World, tag: str) -> None:
    """A card number (02) or a wallet (26 and on): its app pays that one, and never looks at tag 38."""
    ours = vietqr.write(bin=BIN, account=OURS)
    payee = "4000123456789017" if tag == "02" else one_object("00", "A000000775") + one_object("01", "0123456789")
    start = ours.index("38") if tag < "38" else ours.index("5303704")
    upto = ours[:start] + one_object(tag, payee) + ours[start:-8] + "6304"
    assert vietqr.decode(upto + crc(upto)).valid
    assert about_code(upto + crc(upto)).kind is Kind.BROKEN


def test_our_number_at_another_bank_is_not_ours(world: World) -> None:
    answer = about_code(vietqr.write(bin="970422", account=OURS))
    assert (answer.kind, answer.said.bank_name) == (Kind.OTHER_BANK, "MB Bank")
    assert answer.known is not None
    assert answer.known.bank_name == "Vietcombank"


def test_an_account_that_was_given_up_is_old_and_a_closed_shops_is_nobodys(world: World) -> None:
    BankAccount.objects.filter(pk=world.bank_account.pk).update(is_active=False, is_default=False)
    assert one(about_typed(OURS)).kind is Kind.OLD
    Organization.objects.filter(pk=world.organization.pk).update(is_open=False)
    assert one(about_typed(OURS)).kind is Kind.STRANGER


def test_an_account_made_for_one_payment_is_ours_until_that_is_over(world: World, feed: Feed) -> None:
    link = PaymentLink.objects.create(
        organization=world.organization, feed=feed, payment_request=request_of(order_bags(world)), number="12",
        amount_dong=150_000, key="k", state=PaymentLink.State.OPEN, account_bin="970418", account_number="VQRQ0001",
        account_holder="HTX NONG SAN", created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    payload = vietqr.write(bin="970418", account="VQRQ0001", amount_dong=150_000)
    assert about_code(payload).kind is Kind.OURS
    PaymentLink.objects.filter(pk=link.pk).update(state=PaymentLink.State.EXPIRED)
    assert about_code(payload).kind is Kind.OLD


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (vietqr.write(bin=BIN, account=OURS)[:-4] + "0000", Kind.BROKEN),
        (vietqr.write(bin=BIN, account=OURS)[:40], Kind.BROKEN),
        ("https://vietcombank-xac-thuc.example/login", Kind.NO_TRANSFER),
        ("javascript:alert(1)", Kind.NO_TRANSFER),
        ("http://[", Kind.NO_TRANSFER),
        ("", Kind.NO_TRANSFER),
        (f"{settings.SITE_URL}/check/", Kind.OUR_PAGE),
        (f"{settings.SITE_URL}.example/check/", Kind.NO_TRANSFER),
        (f"{settings.SITE_URL.replace('//', '//ours@evil.example/')}", Kind.NO_TRANSFER),
    ],
)
def test_what_is_no_transfer_of_ours_is_said_to_be_none(world: World, payload: str, kind: Kind) -> None:
    assert about_code(payload).kind is kind


@pytest.mark.parametrize("text", ["", "   ", "xin chào", "0011/000", "\x00", "a" * 601, "12", "😀😀😀😀😀😀"])
def test_what_is_neither_code_nor_number_is_asked_again(world: World, text: str) -> None:
    assert one(about_typed(text)).kind is Kind.UNREAD


def test_of_several_codes_the_one_not_to_pay_comes_first(world: World) -> None:
    mine, theirs = vietqr.write(bin=BIN, account=OURS), vietqr.write(bin="970422", account="999988887777")
    web = "https://example.vn/"
    assert [answer.kind for answer in about_codes([mine, web, theirs])] == [
        Kind.STRANGER, Kind.NO_TRANSFER, Kind.OURS,
    ]  # fmt: skip


@limits(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200) | st.text("0123456789A", max_size=80).map(lambda tail: f"000201{tail}"))
def test_nothing_that_is_typed_or_scanned_breaks_it_or_becomes_ours(world: World, text: str) -> None:
    for answer in (*about_typed(text), about_code(text)):
        assert not answer.is_ours
        assert len(answer.said.text) <= 80
        assert "<" not in answer.said.text


def test_asking_costs_the_same_however_many_accounts_there_are(world: World, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        about_typed(OURS)
    with django_assert_num_queries(2):  # type: ignore[operator]
        about_code(vietqr.write(bin="970422", account="999988887777"))
