"""Whoever reads the log can open nothing with it."""

import logging

import pytest
from django.conf import settings

from base.refusals import Refused
from payments.statements.banks import read_statement
from shop.log_lines import HideTokens
from tests.payments.statements import layouts, messages


def line(message, *args):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert HideTokens().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (("Method Not Allowed (%s): %s", "POST", "/o/abcDEF_123-xyz/"), "Method Not Allowed (POST): /o/…/"),
        (("Internal Server Error: %s", "/hooks/sepay/s3cr3t/"), "Internal Server Error: /hooks/sepay/…/"),
        (("Forbidden (%s): %s", "no Referer", "/o/abcDEF"), "Forbidden (no Referer): /o/…"),
        (("Not Found: %s", "/bills/h/abcDEF_123-xyz/receipt/7/"), "Not Found: /bills/h/…/receipt/7/"),
        (("Not Found: %s", "/p/ca-kho/"), "Not Found: /p/ca-kho/"),
        (("100% of it: %s", "/o/abc/"), "100% of it: /o/…/"),
    ],
)
def test_tokens_leave_the_line(said, written):
    if said[0].startswith("100%"):
        said = (said[0].replace("100%", "100%%"), *said[1:])
    assert line(*said) == written


def test_every_handler_goes_through_it():
    for handler in settings.LOGGING["handlers"].values():
        assert "tokens" in handler["filters"]


def test_a_statement_that_cannot_be_read_leaves_none_of_its_words(capfd):
    spoiled = messages.mt940(layouts.moves(4)).replace("FT26000000001", "FT26000000001\r\n001\r\n001")
    with pytest.raises(Refused):
        read_statement(spoiled.encode())
    assert "FT26000000001" not in "".join(capfd.readouterr())
    assert not logging.getLogger("mt940.tags.Statement").isEnabledFor(logging.ERROR)
