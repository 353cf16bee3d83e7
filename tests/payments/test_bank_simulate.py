"""``bank simulate`` plays the bank of a demo, and of nobody else."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import call_command
from django.test import Client

from base.command_line import Unusable
from cooperatives.models import Organization
from payments import closing, feeds, refunds, remitting
from payments.models import BankTransaction, Feed, Sighting
from payments.remittance_reading import of_text
from tests.payments.conftest import order_bags, request_of
from tests.payments.parcels_world import brought

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answers what is POSTed with our own pages; returns the addresses that were called."""
    called: list[str] = []

    class Answer:
        def __init__(self, response: Any) -> None:
            self.status_code, self.text = response.status_code, response.content.decode()

    def post(address: str, *, data: bytes, headers: dict[str, str], **_more: Any) -> Answer:
        called.append(address)
        path = "/" + address.split("/", 3)[3]
        return Answer(Client().generic("POST", path, data, content_type="application/json", headers=headers))

    monkeypatch.setattr(requests, "post", post)
    return called


@pytest.fixture
def demo(world, feed):
    Organization.objects.filter(pk=world.organization.pk).update(is_demo=True)
    return world


def simulate(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("bank", "simulate", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_is_due_is_paid_and_the_same_call_again_is_one_booking(demo, server):
    order = order_bags(demo, 2)
    answers = simulate("--code", request_of(order).code, "--times", "3")
    assert [(answer["status"], answer["dong"]) for answer in answers] == [(200, 150_000)] * 3
    order.refresh_from_db()
    assert (order.payment, BankTransaction.objects.count(), Sighting.objects.count()) == ("PAID", 1, 1)
    assert server[0].startswith("http://127.0.0.1:")


def test_a_file_of_calls(demo, server, tmp_path: Path):
    first, second = (request_of(order_bags(demo, 1)).code for _order in range(2))
    file = tmp_path / "calls.jsonl"
    file.write_text(
        f'{{"code": "{first}", "dong": 5000}}\n{{"code": "{second}", "memo": "tien ca"}}\n', encoding="utf-8"
    )
    simulate("--file", str(file), "--to", "http://127.0.0.1:1")
    assert sorted(BankTransaction.objects.values_list("amount_dong", "state")) == [
        (5_000, "SETTLED"), (75_000, "NEEDS_YOU"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["{", "[]", '{"code": 5}', '{"code": "CP", "memo": 5}'])
def test_a_line_that_is_no_call_is_named(demo, server, tmp_path: Path, line):
    file = tmp_path / "calls.jsonl"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(Unusable) as unusable:
        simulate("--file", str(file))
    assert (unusable.value.code, unusable.value.row) == ("BAD_FILE", 1)
    assert not server


def test_money_is_never_played_for_a_real_cooperative(world, feed, server):
    code = request_of(order_bags(world, 1)).code
    with pytest.raises(Unusable, match="demo"):
        simulate("--code", code)
    assert not server
    Feed.objects.filter(pk=feed.pk).update(environment="sandbox")
    assert simulate("--code", code)[0]["status"] == 200


def test_what_cannot_be_played_is_said(demo, server):
    code = request_of(order_bags(demo, 1)).code
    for arguments, said in [
        (("--code", "CP7K2M9Q9M"), "UNKNOWN_CODE"), (("--code", code, "--dong", "-1"), "BAD_AMOUNT"),
        (("--code", code, "--times", "0"), "BAD_TIMES"), (("--file", "/khong/co"), "BAD_FILE"),
    ]:  # fmt: skip
        with pytest.raises(Unusable) as unusable:
            simulate(*arguments)
        assert unusable.value.code == said
    Feed.objects.update(is_live=False)
    with pytest.raises(Unusable) as unusable:
        simulate("--code", code)
    assert unusable.value.code == "NO_FEED"
    assert not server


def test_no_server_is_said(demo, monkeypatch):
    def refuse(*_given: Any, **_more: Any) -> None:
        raise requests.ConnectionError("refused")

    monkeypatch.setattr(requests, "post", refuse)
    with pytest.raises(Unusable) as unusable:
        simulate("--code", request_of(order_bags(demo, 1)).code)
    assert unusable.value.code == "NO_SERVER"


def test_the_code_of_a_list_brings_what_it_still_waits_for(demo, server):
    one = brought(order_bags(demo, 2, pay_by="CASH"), demo)
    made = remitting.make(
        organization_id=demo.organization.pk, carrier_name="Nhà xe Hải Âu", actor=demo.treasurer, key="list",
        rows=of_text(f"{one.order.number}; 150.000; 20.000"), at=demo.now,
    )  # fmt: skip
    assert simulate("--code", made.code, "--dong", "100000")[0]["dong"] == 100_000
    assert simulate("--code", made.code)[0]["dong"] == 30_000
    made.refresh_from_db()
    assert (made.state, made.received_dong) == ("done", 130_000)
    with pytest.raises(Unusable) as refused:
        simulate("--code", made.code)
    assert refused.value.code == "UNKNOWN_CODE"


def test_the_code_of_an_ordered_refund_plays_the_line_that_leaves(demo, server, comes):
    order = order_bags(demo, 2)
    comes(request_of(order).code, 150_000)
    closing.cancel(order_id=order.pk, actor=demo.treasurer, reason="khách đổi ý", at=demo.now)
    refund = refunds.ask(
        order_id=order.pk, amount_dong=150_000, key="k", reason="đổi ý", actor=demo.treasurer, at=demo.now
    )
    with pytest.raises(Unusable):
        simulate("--code", refund.code)  # nobody ordered it yet
    refunds.order_out(
        refund_id=refund.pk, key="s", payee_bin="970415", payee_account="101872345678", payee_holder="HOANG VAN DUNG",
        actor=demo.treasurer, at=demo.now,
    )  # fmt: skip
    with pytest.raises(Unusable) as refused:
        simulate("--code", refund.code, "--provider", "payos")
    assert refused.value.code == "NO_FEED"
    assert simulate("--code", refund.code)[0]["status"] == 200
    refund.refresh_from_db()
    assert refund.state == "sent"


@pytest.mark.parametrize(("provider", "payment"), [("casso", "PAID"), ("payos", "PAID"), ("sms", "UNPAID")])
def test_every_source_can_be_played(demo, server, provider, payment):
    feeds.connect(
        bank_account=demo.bank_account, provider=provider, auth=feeds.AUTHS[provider][0],
        key=None if provider == "sms" else "khoa-bi-mat-cua-nguon", senders="Vietcombank", actor=None, at=demo.now,
    )  # fmt: skip
    order = order_bags(demo, 1)
    answers = simulate("--code", request_of(order).code, "--provider", provider, "--times", "2")
    assert [answer["status"] for answer in answers] == [200, 200]
    order.refresh_from_db()
    assert (order.payment, Sighting.objects.count()) == (payment, 1)
    assert f"/hooks/{provider}/" in server[0]


def test_a_source_that_is_not_connected_cannot_be_played(demo, server):
    with pytest.raises(Unusable) as refused:
        simulate("--code", request_of(order_bags(demo, 1)).code, "--provider", "payos")
    assert refused.value.code == "NO_FEED"
    assert server == []
