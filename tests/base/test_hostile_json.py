"""JSON from strangers: every rule has a text that breaks it."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.hostile_json import MAX_BYTES, MAX_DEPTH, BadJson, read_json


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'"' + b"a" * MAX_BYTES + b'"', "too_long"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"{} {}", "not_json"),
        (b"{'a': 1}", "not_json"),
        (b"[" * 21 + b"]" * 21, "too_deep"),
        (b"[" * 60_000, "too_deep"),
        (b'{"a":' * 9_000, "too_deep"),
        (b"]" * 50 + b"[" * 50, "too_deep"),
        (b"1.0", "fraction"),
        (b"1e6", "fraction"),
        (b"NaN", "not_a_number"),
        (b"-Infinity", "not_a_number"),
        (b"9007199254740992", "number_too_big"),
        (b"-9007199254740992", "number_too_big"),
        (b"9" * 60_000, "number_too_big"),
        (b'{"a": 1, "a": 1}', "key_twice"),
        (b'{"b": {"a": 1, "\\u0061": 2}}', "key_twice"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(BadJson) as refused:
        read_json(raw)
    assert refused.value.reason == reason


def test_brackets_inside_strings_are_not_depth() -> None:
    text = "[" * 500 + '\\"' + "{" * 500 + '"'
    assert read_json(json.dumps({"memo": text}).encode()) == {"memo": text}


def test_the_limits_themselves_are_allowed() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None
    assert read_json(b"-9007199254740991") == -(2**53 - 1)
    assert len(read_json(b'"' + b"a" * (MAX_BYTES - 2) + b'"')) == MAX_BYTES - 2


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    with contextlib.suppress(BadJson):
        read_json(raw)


whole = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | whole | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=200)
@given(values)
def test_an_honest_value_comes_back_as_it_was(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value
