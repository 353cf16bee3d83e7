"""A bug behind the real schema: the client gets a reference, the log gets everything."""

import logging
from typing import Any

import pytest
from django.db import OperationalError

from payments import checkout, requesting
from tests.shop.asking import Door

pytestmark = pytest.mark.django_db

SECRET = "could not connect: user=chophien password=hunter2 host=10.0.0.7"
PLACE = """mutation { orderPlace(input: {lines: [], buyer: {name: "D", phone: "0912000004"}, idempotencyKey: "1"}) {
  orders { number } errors { code message }
} }"""
ASKED = '{ paymentRequest(code: "CP7K2M9QXX") { code } }'


@pytest.mark.parametrize(
    "bug", [ValueError(SECRET), OperationalError(SECRET), KeyError(SECRET), AssertionError(SECRET)]
)
@pytest.mark.parametrize(
    ("module", "verb", "document"), [(checkout, "place", PLACE), (requesting, "public_request", ASKED)]
)
def test_nothing_of_a_bug_reaches_the_client(
    module: Any, verb: str, document: str, bug: Exception, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_arguments: Any, **_named: Any) -> None:
        raise bug

    monkeypatch.setattr(module, verb, fails)
    with caplog.at_level(logging.ERROR):
        answer = Door().answer(document)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    reference = error["extensions"]["reference"]
    assert not [word for word in ("hunter2", "10.0.0.7", type(bug).__name__, "Traceback") if word in str(answer)]
    (logged,) = [record for record in caplog.records if reference in record.getMessage()]
    assert logged.exc_info
    assert logged.exc_info[1] is bug
