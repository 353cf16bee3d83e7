"""The page where anybody asks whether a QR is really theirs."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cooperatives.models import Organization, Tries
from payments.poster_codes import check_code
from payments.providers import vietqr, vietqr_images
from storefront.views.checking import MOST_PHOTOS
from tests.people import World
from tests.storefront.making import text_of

pytestmark = pytest.mark.django_db
THEIRS = vietqr.write(bin="970422", account="999988887777")


def photo_of(*payloads: str) -> SimpleUploadedFile:
    """The pictures of these codes side by side."""
    drawn = [
        Image.open(io.BytesIO(vietqr_images.png(payload, holder="AI DO", account="1", bank="B"))).convert("L")
        for payload in payloads
    ]
    wall = Image.new("L", (sum(one.width for one in drawn) + 60, max(one.height for one in drawn) + 60), 200)
    left = 20
    for one in drawn:
        wall.paste(one, (left, 30))
        left += one.width + 20
    out = io.BytesIO()
    wall.save(out, "JPEG", quality=85)
    return SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg")


def sent(photo: object, client: Client | None = None) -> tuple[int, str]:
    answer = (client or Client()).post("/check/", {"key": "k", "photo": photo})
    return answer.status_code, text_of(answer)


def ours(world: World) -> str:
    return vietqr.write(bin=world.bank_account.bin, account=world.bank_account.number)


def test_the_check_code_says_whose_account_it_is_and_what_the_bank_must_show(world: World) -> None:
    page = text_of(Client().get("/check/", {"q": check_code(world.bank_account)}))
    for said in ("Đúng là tài khoản của HTX Nông sản Yên Hòa", "HTX NONG SAN", "Vietcombank", "0011000123456"):
        assert said in page
    assert "Đối chiếu lúc" in page


def test_a_number_that_is_nobodys_is_said_to_be_and_who_to_call(world: World) -> None:
    page = text_of(Client().get("/check/?q=99887766"))
    assert "Không phải tài khoản của nơi nào ở đây" in page
    assert "Đừng chuyển tiền" in page
    assert "tel:+84229123456" in page
    assert "Đúng là tài khoản" not in page


def test_a_photo_of_our_poster_is_ours(world: World) -> None:
    status, page = sent(photo_of(ours(world)))
    assert (status, "Đúng là tài khoản của HTX Nông sản Yên Hòa" in page) == (200, True)


def test_a_sticker_over_one_of_two_is_told_first(world: World) -> None:
    status, page = sent(photo_of(ours(world), THEIRS))
    assert status == 200
    assert "Thấy 2 mã" in page
    assert page.index("Không phải tài khoản của nơi nào ở đây") < page.index("Đúng là tài khoản")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ảnh này trống"),
        (b"GIF89a" + b"\0" * 400, "không phải ảnh"),
        (b"\xff\xd8\xff" + b"\0" * 400, "không phải ảnh"),
        (b"<script>alert(1)</script>", "không phải ảnh"),
    ],
)
def test_what_is_no_photo_is_refused_kindly(world: World, content: bytes, said: str) -> None:
    status, page = sent(SimpleUploadedFile("x.jpg", content, "image/jpeg"))
    assert status == 422
    assert said in page
    assert "alert(1)" not in page


def test_without_a_photo_it_asks_for_one(world: World) -> None:
    answer = Client().post("/check/", {"key": "k"})
    assert answer.status_code == 422
    assert "Hãy chụp hoặc chọn một ảnh." in text_of(answer)


def test_a_photo_as_heavy_as_phones_make_it_comes_through_and_a_film_does_not(world: World) -> None:
    heavy = SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + b"\0" * 3_000_000, "image/jpeg")
    assert sent(heavy)[0] == 422  # read, and no photo
    film = SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + b"\0" * 9_000_000, "image/jpeg")
    assert sent(film)[0] == 413


def test_nobody_keeps_the_machine_busy(world: World) -> None:
    client = Client(REMOTE_ADDR="203.113.1.9")
    for _ in range(MOST_PHOTOS):
        assert sent(SimpleUploadedFile("x.jpg", b"GIF89a", "image/jpeg"), client)[0] == 422
    status, page = sent(photo_of(ours(world)), client)
    assert status == 429
    assert "Đúng là tài khoản" not in page
    assert "Gõ số tài khoản" in page
    assert sent(photo_of(ours(world)), Client(REMOTE_ADDR="203.113.1.10"))[0] == 200
    assert "203.113.1.9" not in str(list(Tries.objects.values()))


@pytest.mark.parametrize("q", ["", "   ", "<b>đậm</b>", "\x00", "a" * 5000, "😀", "'; DROP TABLE--"])
def test_whatever_is_typed_is_answered_by_a_page(world: World, q: str) -> None:
    answer = Client().get("/check/", {"q": q})
    assert answer.status_code == 200
    assert "<b>đậm" not in text_of(answer)
    assert "Đúng là tài khoản" not in text_of(answer)


def test_a_web_address_in_a_code_is_no_link_on_our_page(world: World) -> None:
    _status, page = sent(photo_of("https://evil.example/login?x=<i>"))
    assert "Đây không phải mã chuyển khoản VietQR" in page
    assert 'href="https://evil.example' not in page
    assert "<i>" not in page


def test_a_demo_account_is_never_called_real(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(is_demo=True)
    assert "tài khoản không có thật" in text_of(Client().get("/check/", {"q": world.bank_account.number}))


def test_nothing_is_stored_and_nobody_is_remembered(world: World) -> None:
    client = Client()
    sent(photo_of(ours(world)), client)
    client.get("/check/?q=99887766")
    assert "sessionid" not in client.cookies
