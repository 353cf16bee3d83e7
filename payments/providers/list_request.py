"""What a pull asks of a provider: an address, its headers and its parameters. Nothing here goes over a wire."""

from collections.abc import Mapping
from typing import NamedTuple

MOST_LIST_BYTES = 8 * 1024 * 1024
"""A page of 5,000 lines with the longest memos is about half of it."""


class ListRequest(NamedTuple):
    """One GET; ``headers`` hold the secret and are never logged."""

    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str]
