"""The pages for what went wrong."""

import logging
import re

import pytest
from django.test import Client, RequestFactory

from storefront.views import errors


@pytest.mark.django_db
def test_an_unknown_page_says_the_next_step(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "Xem hàng đang bán" in answer.content.decode()


@pytest.mark.django_db
def test_a_door_for_forms_that_is_opened_as_a_page_says_so_and_programs_get_the_bare_answer(client: Client) -> None:
    page = client.get("/basket/add/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Chưa có gì thay đổi" in page.content.decode()
    assert client.get("/basket/add/", headers={"accept": "application/json"}).content == b""


@pytest.mark.parametrize("later", ["/official/"])
@pytest.mark.django_db
def test_what_is_not_built_yet_answers_not_found(client: Client, later: str) -> None:
    assert client.get(later).status_code == 404


def test_our_own_bug_is_shown_without_the_database_and_with_the_reference_of_the_log(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    # No django_db mark: a query would fail this test. The request has neither session nor user, as after a crash.
    with caplog.at_level(logging.ERROR):
        answer = errors.broken(rf.get("/o/some-token/"))
    assert answer.status_code == 500
    page = answer.content.decode()
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", page)
    assert reference
    assert reference[1] in caplog.text
    assert "some-token" not in caplog.text
    assert "Tiền đã chuyển không mất" in page


@pytest.mark.django_db
def test_a_view_that_breaks_leads_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*args: object, **more: object) -> None:
        raise RuntimeError("a detail that nobody outside may read")

    monkeypatch.setattr("storefront.views.home.render", breaks)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"a detail" not in answer.content
