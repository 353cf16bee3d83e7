"""Setting up the bank at the desk: the books of each account opened, sources connected, their keys and their end."""

import pytest

from cooperatives.models import BankAccount
from payments import feeds
from payments.models import Feed, OpeningBalance, Sighting
from storefront.desk_providers import OFFERED, WORDS
from tests.people import bank_account
from tests.storefront.desk_walk import body, signed_in

SECRET = "mot-khoa-bi-mat-dai"


@pytest.fixture
def treasurer(world):
    return signed_in(world.treasurer)


def connect(client, world, provider, **typed):
    sent = {"bank_account": world.bank_account.pk, "secret": SECRET, "key": "k", **typed}
    return client.post(f"/desk/bank/connect/{provider}/", sent)


def test_the_books_of_an_account_are_opened_once(world, treasurer):
    assert "Chưa mở sổ" in body(treasurer.get("/desk/"))
    typed = {"bank_account": world.bank_account.pk, "key": "k"}
    wrong = treasurer.post("/desk/bank/open/", {**typed, "amount_dong": "hai triệu"})
    assert wrong.status_code == 422
    assert "_error" in body(wrong)
    assert "hai triệu" in body(wrong)
    treasurer.post("/desk/bank/open/", {**typed, "amount_dong": "3.250.000"})
    assert OpeningBalance.objects.get().amount_dong == 3_250_000
    again = treasurer.post("/desk/bank/open/", {**typed, "amount_dong": "1"})
    assert again.status_code in {303, 422}
    assert OpeningBalance.objects.get().amount_dong == 3_250_000


def test_every_source_that_is_offered_has_its_words_and_its_form(treasurer):
    page = body(treasurer.get("/desk/bank/connect/"))
    for provider in OFFERED:
        assert f"/desk/bank/connect/{provider}/" in page
        form = body(treasurer.get(f"/desk/bank/connect/{provider}/"))
        assert ('name="secret"' in form) == bool(WORDS[provider].secret)
    assert treasurer.get("/desk/bank/connect/western-union/").status_code == 404


def test_sepay_is_connected_and_says_what_to_do_there(world, treasurer, settings):
    settings.SITE_URL = "https://cho.example"
    short = connect(treasurer, world, "sepay", auth="hmac", secret="ngắn")
    assert short.status_code == 422
    assert '-secret_error"' in body(short)
    for _tap in range(2):
        answer = connect(treasurer, world, "sepay", auth="apikey")
        assert answer.status_code == 303
    feed = Feed.objects.get()
    assert feeds.keys_of(feed) == [SECRET]
    page = body(treasurer.get(answer.headers["Location"]))
    assert f"https://cho.example/hooks/sepay/{feed.token}/" in page
    assert SECRET not in page
    assert "Chưa thấy tiền về" in page
    assert "my.sepay.vn" in page


def test_several_sources_stand_beside_each_other(world, treasurer):
    connect(treasurer, world, "sepay", auth="hmac")
    connect(treasurer, world, "casso")
    connect(treasurer, world, "casso-v1")
    assert connect(treasurer, world, "payos", client_id="ma-kenh-1", api_key="khoa-api-1").status_code == 303
    assert connect(treasurer, world, "sms", senders="Vietcombank, VCB").status_code == 303
    assert set(Feed.objects.values_list("provider", flat=True)) == set(OFFERED)
    payos = Feed.objects.get(provider="payos")
    assert feeds.credentials_of(payos) == {"client_id": "ma-kenh-1", "api_key": "khoa-api-1"}
    page = body(treasurer.get("/desk/bank/"))
    for feed in Feed.objects.all():
        assert f"/desk/bank/feeds/{feed.pk}/" in page
        assert feed.token not in page


@pytest.mark.parametrize(("provider", "missing"), [("payos", "client_id"), ("sms", "senders"), ("sepay", "auth")])
def test_what_a_source_needs_is_asked_for_beside_its_field(world, treasurer, provider, missing):
    answer = connect(treasurer, world, provider, **{missing: ""})
    assert answer.status_code == 422
    assert f"-{missing}_error" in body(answer)
    assert not Feed.objects.exists()


def test_a_phone_number_is_no_sender(world, treasurer):
    answer = connect(treasurer, world, "sms", senders="0912345678")
    assert answer.status_code == 422
    assert "-senders_error" in body(answer)


def test_an_sms_source_shows_its_address_and_its_senders_and_has_no_key(world, treasurer):
    connect(treasurer, world, "sms", senders="Vietcombank")
    feed = Feed.objects.get()
    page = body(treasurer.get(f"/desk/bank/feeds/{feed.pk}/"))
    assert feed.token in page
    assert "Vietcombank" in page
    assert "/rotate/" not in page
    assert "làm giả" in body(treasurer.get("/desk/bank/connect/sms/"))
    treasurer.post(f"/desk/bank/feeds/{feed.pk}/senders/", {"senders": "VCB, VCBDigibank", "key": "k"})
    feed.refresh_from_db()
    assert feed.senders == "VCB,VCBDigibank"


def test_a_key_is_rotated_and_the_old_one_dropped(treasurer, feed):
    address = f"/desk/bank/feeds/{feed.pk}/"
    assert "/drop-old-key/" not in body(treasurer.get(address))
    wrong = treasurer.post(f"{address}rotate/", {"secret": "ngắn", "key": "k"})
    assert wrong.status_code == 422
    assert '-secret_error"' in body(wrong)
    treasurer.post(f"{address}rotate/", {"secret": SECRET, "key": "k"})
    feed.refresh_from_db()
    assert len(feeds.keys_of(feed)) == 2
    assert "/drop-old-key/" in body(treasurer.get(address))
    treasurer.post(f"{address}drop-old-key/", {"key": "k2"})
    feed.refresh_from_db()
    assert feeds.keys_of(feed) == [SECRET]


def test_a_list_is_asked_for_once_there_is_a_token(treasurer, feed):
    address = f"/desk/bank/feeds/{feed.pk}/"
    without = treasurer.post(f"{address}pull-on/", {"key": "k"})
    assert without.status_code == 422
    assert '-api_token_error"' in body(without)
    treasurer.post(f"{address}pull-on/", {"api_token": "mot-token-doc", "key": "k"})
    feed.refresh_from_db()
    assert feed.pulls
    assert "mot-token-doc" not in body(treasurer.get(address))
    treasurer.post(f"{address}pull-off/", {"key": "k"})
    feed.refresh_from_db()
    assert not feed.pulls
    treasurer.post(f"{address}pull-on/", {"key": "k"})  # the token is known by now
    feed.refresh_from_db()
    assert feed.pulls


def test_what_goes_wrong_is_said(world, treasurer, feed):
    Feed.objects.filter(pk=feed.pk).update(
        forged_calls=3, unreadable_calls=2, pulls=True, pull_trouble="API token đã hết hạn"
    )
    for address in ("/desk/bank/", f"/desk/bank/feeds/{feed.pk}/"):
        page = body(treasurer.get(address))
        assert "3 lần sai khóa" in page
        assert "2 lần không đọc được" in page
        assert "API token đã hết hạn" in page


def test_a_source_that_is_disconnected_is_gone_and_its_evidence_stays(world, treasurer, feed, comes):
    line = comes("tien ca", 5_000)
    answer = treasurer.post(f"/desk/bank/feeds/{feed.pk}/disconnect/", {"key": "k"})
    assert answer.headers["Location"] == "/desk/bank/"
    assert treasurer.get(f"/desk/bank/feeds/{feed.pk}/").status_code == 404
    assert Sighting.objects.filter(transaction=line).exists()


def test_the_manager_never_sees_an_address(world, feed):
    page = body(signed_in(world.manager).get(f"/desk/bank/feeds/{feed.pk}/"))
    assert feed.token not in page
    assert "/rotate/" not in page


def test_another_organizations_source_is_not_there(world, feed):
    assert signed_in(world.other_treasurer).get(f"/desk/bank/feeds/{feed.pk}/").status_code == 404


def test_with_two_accounts_one_says_which(world, treasurer):
    assert '<select name="bank_account"' not in body(treasurer.get("/desk/bank/connect/casso/"))
    BankAccount.objects.filter(pk=world.bank_account.pk).update(is_default=False)
    second = bank_account(world.organization, number="0022000777")
    assert '<select name="bank_account"' in body(treasurer.get("/desk/bank/connect/casso/"))
    connect(treasurer, world, "casso", bank_account=second.pk)
    assert Feed.objects.get().bank_account == second
    assert connect(treasurer, world, "casso", bank_account=world.other_bank_account.pk).status_code == 422
