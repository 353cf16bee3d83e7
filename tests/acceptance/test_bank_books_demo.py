"""``bank simulate``, ``books audit`` and ``demo`` with arguments and files that a stranger might give."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client

from cooperatives.models import Organization
from payments.models import BankTransaction
from tests.acceptance.conftest import Run
from tests.payments.conftest import feed, order_bags, request_of  # noqa: F401
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(world: World, feed: Any, monkeypatch: pytest.MonkeyPatch) -> World:  # noqa: F811
    """The world as a demo, and our own pages behind ``requests.post``."""

    class Answer:
        def __init__(self, response: Any) -> None:
            self.status_code, self.text = response.status_code, response.content.decode()

    def post(address: str, *, data: bytes, headers: dict[str, str], **_more: Any) -> Answer:
        path = "/" + address.split("/", 3)[3]
        return Answer(Client().generic("POST", path, data, content_type="application/json", headers=headers))

    monkeypatch.setattr(requests, "post", post)
    Organization.objects.filter(pk=world.organization.pk).update(is_demo=True)
    return world


def test_a_code_in_any_case_pays_what_is_due(run: Run, demo: World) -> None:
    order = order_bags(demo, 2)
    code, answers = run("bank", "simulate", "--code", request_of(order).code.lower())
    assert code == 0
    assert [(answer["status"], answer["dong"]) for answer in answers] == [(200, 150_000)]
    order.refresh_from_db()
    assert order.payment == "PAID"


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ("{", "BAD_FILE"),
        ("", "BAD_FILE"),
        ("[1]", "BAD_FILE"),
        ('"CP"', "BAD_FILE"),
        ('{"dong": 1}', "BAD_FILE"),
        ('{"code": null}', "BAD_FILE"),
        ('{"code": "CP7K2M9Q9M"}', "UNKNOWN_CODE"),
        ('{"code": "%s", "dong": 0}', "BAD_AMOUNT"),
        ('{"code": "%s", "dong": -1}', "BAD_AMOUNT"),
        ('{"code": "%s", "dong": 1.5}', "BAD_AMOUNT"),
        ('{"code": "%s", "dong": "5"}', "BAD_AMOUNT"),
        ('{"code": "%s", "dong": true}', "BAD_AMOUNT"),
        ('{"code": "%s", "memo": ["x"]}', "BAD_FILE"),
        ('{"code": "%s", "memo": "\\ud800"}', "BAD_FILE"),
        ('{"code": "%s", "memo": "a\\u0000b"}', "BAD_FILE"),
    ],
)
def test_one_bad_line_sends_nothing(run: Run, demo: World, tmp_path: Path, bad: str, error: str) -> None:
    good = json.dumps({"code": request_of(order_bags(demo, 1)).code, "dong": 5_000})
    file = tmp_path / "calls"
    file.write_text(f"{good}\n{bad.replace('%s', json.loads(good)['code'])}\n{good}\n", encoding="utf-8")
    code, answers = run("bank", "simulate", "--file", str(file))
    assert (code, len(answers)) == (2, 1)
    assert (answers[0]["error"], answers[0]["row"]) == (error, 2)
    assert not BankTransaction.objects.exists()


def test_a_file_with_a_mark_and_odd_line_signs(run: Run, demo: World, tmp_path: Path) -> None:
    code = request_of(order_bags(demo, 1)).code
    file = tmp_path / "calls"
    file.write_text("\ufeff" + json.dumps({"code": code, "memo": "tien\u2028ca"}, ensure_ascii=False) + "\r\n")
    left, answers = run("bank", "simulate", "--file", str(file))
    assert (left, [answer["status"] for answer in answers]) == (0, [200])


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("simulate",),
        ("simulate", "--code", ""),
        ("simulate", "--code", "khong-co"),
        ("simulate", "--code", "CP7K2M9Q9M", "--file", "x"),
        ("simulate", "--file", ""),
        ("simulate", "--file", "/khong/co"),
        ("simulate", "--code", "CP7K2M9Q9M", "--times", "0"),
        ("simulate", "--code", "CP7K2M9Q9M", "--times", "101"),
        ("simulate", "--code", "CP7K2M9Q9M", "--times", "x"),
        ("simulate", "--code", "CP7K2M9Q9M", "--dong", "1.5"),
        ("simulate", "--code", "CP7K2M9Q9M", "--provider", "momo"),
    ],
)
def test_bank_arguments_that_cannot_be_used(run: Run, demo: World, arguments: tuple[str, ...]) -> None:
    code, answers = run("bank", *arguments)
    assert (code, len(answers)) == (2, 1)
    assert answers[0]["error"].isupper()


@pytest.mark.parametrize("dong", ["0", "-5", "99999999999999999999"])
def test_an_amount_that_is_none(run: Run, demo: World, dong: str) -> None:
    asked = request_of(order_bags(demo, 1)).code
    code, answers = run("bank", "simulate", "--code", asked, f"--dong={dong}")
    assert (code, [answer["error"] for answer in answers]) == (2, ["BAD_AMOUNT"])
    assert not BankTransaction.objects.exists()


@pytest.mark.parametrize(
    "to", ["khong-phai-dia-chi", "http://127.0.0.1:1", "http://[", "ftp://127.0.0.1/", "http://a b"]
)
def test_no_server_there(run: Run, world: World, feed: Any, to: str) -> None:  # noqa: F811
    Organization.objects.filter(pk=world.organization.pk).update(is_demo=True)
    code, answers = run("bank", "simulate", "--code", request_of(order_bags(world, 1)).code, "--to", to)
    assert (code, [answer["error"] for answer in answers]) == (2, ["NO_SERVER"])


AUDIT = {"organization", "unexplained_dong", "waiting_dong", "alarm_dong", "by_hand_dong", "entries", "checks"}


def test_books_audit(run: Run, demo: World) -> None:
    run("bank", "simulate", "--code", request_of(order_bags(demo, 1)).code)
    for arguments in ((), ("--organization", demo.organization.slug)):
        code, answers = run("books", "audit", *arguments)
        assert code == 0
        mine = [answer for answer in answers if answer["organization"] == demo.organization.slug]
        assert len(mine) == 1
        assert set(mine[0]) == AUDIT
        assert mine[0]["unexplained_dong"] == 0
        assert set(mine[0]["checks"].values()) == {"ok"}
        assert type(mine[0]["entries"]) is int


@pytest.mark.parametrize(
    "arguments",
    [(), ("burn",), ("audit", "--organization", "khong-co"), ("audit", "--organization", ""), ("audit", "x")],
)
def test_books_arguments_that_cannot_be_used(run: Run, demo: World, arguments: tuple[str, ...]) -> None:
    code, answers = run("books", *arguments)
    assert code == 2
    assert [set(answer) for answer in answers] == [{"error", "message"}]


@pytest.mark.parametrize("arguments", [("load",), ("reset",), (), ("paint",), ("load", "x")])
def test_the_demo_stays_away_from_real_books(run: Run, world: World, arguments: tuple[str, ...]) -> None:
    """And says so in one object; nothing of the real organization is touched."""
    code, answers = run("demo", *arguments)
    assert code == 2
    assert [set(answer) for answer in answers] == [{"error", "message"}]
    assert Organization.objects.filter(pk=world.organization.pk).exists()
