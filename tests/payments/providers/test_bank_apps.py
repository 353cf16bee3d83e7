"""Links that open a bank app: what they carry is exactly what was asked for, or nothing at all."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.providers import bank_apps
from payments.providers.bank_apps import APPS, app_of, way

BACK = "https://cho.example/pay/CP7K2M9Q9M/"
MB = app_of("mb")
assert MB is not None


def told(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def test_the_address_is_the_documented_one_letter_by_letter() -> None:
    opened = way(
        MB, bin="970436", account="0011000123456", amount_dong=185_000, memo="CP7K2M9Q9M", holder="HTX NONG SAN",
        back=BACK,
    )  # fmt: skip
    assert opened.fills
    assert opened.url == (
        "https://dl.vietqr.io/pay?app=mb&ba=0011000123456@vcb&am=185000&tn=CP7K2M9Q9M&bn=HTX%20NONG%20SAN"
        "&url=https%3A%2F%2Fcho.example%2Fpay%2FCP7K2M9Q9M%2F"
    )


def test_the_five_banks_that_fill_it_in_and_no_other() -> None:
    assert {app.name for app in APPS if app.fills} == {"OCB", "ACB", "BIDV", "VietinBank", "MB Bank"}
    assert len({app.id for app in APPS}) == len(APPS)


@pytest.mark.parametrize("app", [app for app in APPS if not app.fills], ids=lambda app: app.id)
def test_an_app_that_only_opens_is_told_nothing_about_the_payment(app: bank_apps.App) -> None:
    opened = way(app, bin="970436", account="0011", amount_dong=1000, memo="CP7K2M9Q9M", holder="AN", back=BACK)
    assert opened == (app, f"https://dl.vietqr.io/pay?app={app.id}", False)


def test_a_bank_whose_name_there_we_do_not_know_is_not_guessed() -> None:
    opened = way(MB, bin="999999", account="0011", amount_dong=1000, memo="CP7K2M9Q9M", holder="AN", back=BACK)
    assert opened == (MB, "https://dl.vietqr.io/pay?app=mb", False)


def test_more_than_one_transfer_carries_is_left_to_the_payer() -> None:
    opened = way(MB, bin="970436", account="0011", amount_dong=None, memo="CP7K2M9Q9M", holder="AN", back=BACK)
    assert "am" not in told(opened.url)


@settings(max_examples=100)
@given(
    account=st.text("ABCxyz0123456789", min_size=1, max_size=19), amount=st.integers(1, 499_999_999),
    memo=st.text("ABC XYZ0189", min_size=1, max_size=19).filter(str.strip),
    holder=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30),
)  # fmt: skip
def test_whatever_stands_in_it_nothing_becomes_another_field(account: str, amount: int, memo: str, holder: str) -> None:
    opened = way(MB, bin="970418", account=account, amount_dong=amount, memo=memo, holder=holder, back=BACK)
    assert urlsplit(opened.url)[:3] == ("https", "dl.vietqr.io", "/pay")
    assert told(opened.url) == {
        "app": "mb", "ba": f"{account}@bidv", "am": str(amount), "tn": memo, "bn": holder, "url": BACK,
    }  # fmt: skip


def test_what_a_phone_remembered_may_be_anything() -> None:
    for text in ("", "MB", "mb&ba=1", "x" * 9000, "../"):
        assert app_of(text) is None
