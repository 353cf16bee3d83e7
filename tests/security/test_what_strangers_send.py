"""Addresses and bodies nobody's browser makes: answered, never stumbled over, and never kept."""

import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from payments.statements import excel
from storefront.request_size import MOST_FILE_BYTES, MOST_FORM_BYTES
from tests.storefront.desk_walk import signed_in

NUL = quote("\0")


@pytest.mark.parametrize(
    "address",
    [
        f"/?q={NUL}a", f"/?category={NUL}", f"/o/{NUL}/", f"/o/{'a' * 30}{NUL}/", f"/pay/{NUL}/", f"/basket/?out={NUL}",
        f"/desk/orders/{NUL}/", f"/desk/orders/?q=a{NUL}", f"/desk/orders/?show={NUL}", f"/desk/money/?day={NUL}",
        f"/desk/money/LINE/?q=a{NUL}", f"/desk/money/LINE/?code={NUL}", f"/member/?of={NUL}",
        "/desk/day/?day=0001-01-01", "/desk/day/?day=9999-12-31", "/desk/money/?day=0001-01-01",
        "/desk/money/99999999999999999999/", "/desk/receipts/9223372036854775808/",
    ],
)  # fmt: skip
def test_an_address_at_the_edge_is_answered(world, comes, address):
    line = comes("chuyen tien mua ca", 96_000)
    for client in (Client(), signed_in(world.treasurer)):
        assert client.get(address.replace("LINE", str(line.pk))).status_code < 500  # an exception would come through


@pytest.mark.parametrize("next_page", ["/a\r\nX-Evil: 1", "/a\nSet-Cookie: x=1", "/tìm/?q=cá"])
def test_the_way_back_is_quoted_before_it_becomes_a_header(db, next_page):
    answer = Client().post("/language/", {"lang": "en", "next": next_page})
    assert answer.status_code == 303
    assert answer.headers["Location"].isascii()
    assert not {"\r", "\n"} & set(answer.headers["Location"])
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    ("address", "size", "status"),
    [
        ("/language/", MOST_FORM_BYTES + 1, 413),
        ("/basket/add/", MOST_FORM_BYTES + 1, 413),
        ("/sign-in/", MOST_FORM_BYTES + 1, 413),
        ("/desk/statement/", MOST_FILE_BYTES + 1, 413),
        ("/desk/statement/", MOST_FORM_BYTES + 1, 404),  # read, and refused for who sent it
    ],
)
def test_a_strangers_file_is_refused_unread(db, address, size, status):
    """With the proof against forged forms, so that nothing else refuses it first."""
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    file = SimpleUploadedFile("x.bin", b"\0" * size)
    answer = client.post(address, {"csrfmiddlewaretoken": token, "file": file})
    assert answer.status_code == status
    if status == 413:
        assert "quá lớn" in answer.content.decode()
        assert "Content-Security-Policy" in answer.headers


def test_a_form_of_a_page_is_read(db):
    assert Client().post("/language/", {"lang": "en", "more": "x" * 1000}).status_code == 303


@pytest.mark.parametrize("pattern", [excel._MERGE, excel._ROW_NUMBER])
@pytest.mark.parametrize("tag", [b"<row ", b"<mergeCell ", b"<x:row ", b"<x:mergeCell "])
def test_unfinished_tags_are_read_once(pattern, tag):
    """A sheet of nothing else took 7 s for 100 KB, four times that for 200."""
    began = time.process_time()
    assert pattern.findall(tag * 200_000) == []
    assert time.process_time() - began < 2


def test_the_sheet_patterns_still_find_what_they_are_for():
    assert excel._ROW_NUMBER.findall(b'<row spans="1:3" r="7"><row r="9">') == [b"7", b"9"]
    assert excel._MERGE.findall(b'<mergeCell ref="A1:B2"/>') == [(b"A", b"1", b"B", b"2")]
