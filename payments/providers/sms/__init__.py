"""Balance-change SMS: what the text says (``parse``), and the door's reader for a phone that forwards them."""

from payments.providers.sms.forwarding import arrival_of, read, sender_of
from payments.providers.sms.notice import NotANotice, Notice
from payments.providers.sms.reading import parse

__all__ = ["NotANotice", "Notice", "arrival_of", "parse", "read", "sender_of"]
