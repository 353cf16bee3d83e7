"""The body of a provider's call, or none: bounded before it is read, whatever the call says of its length."""

from typing import BinaryIO

from django.http import HttpRequest

MOST_BYTES = 64 * 1024


def body_of(request: HttpRequest) -> bytes | None:
    """The body, or None when it is larger than any genuine call, or broke off while it came."""
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said and request.META.get("HTTP_TRANSFER_ENCODING"):
        return _body_in_chunks(request.META["wsgi.input"])
    said = said or "0"
    if not (said.isascii() and said.isdigit()) or len(said) > 9 or int(said) > MOST_BYTES:
        return None
    try:
        return request.body
    except OSError:  # Django's UnreadablePostError is one
        return None


def _body_in_chunks(stream: BinaryIO) -> bytes | None:
    """The same for a call that does not say its length: Django would take it for empty. Phones that forward texts send
    so, and the server ends the stream where the call ends."""
    body = b""
    try:
        while len(body) <= MOST_BYTES and (part := stream.read(MOST_BYTES + 1 - len(body))):
            body += part
    except OSError:
        return None
    return body if len(body) <= MOST_BYTES else None
