"""What every line of the log goes through: whoever reads logs must not be able to open what a token opens."""

import logging
import re

_TOKEN_IN_PATH = re.compile(r"(/o/|/bills/h/|/hooks/[^/\s]*/)[^/\s]+")


class HideTokens(logging.Filter):
    """Django names the path of each refused request: the tokens of orders, households and bank feeds are taken out."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = _TOKEN_IN_PATH.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
