"""JSON from strangers: every rule has a text that breaks it."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.hostile_json import (
    MAX_BYTES,
    MAX_DEPTH,
    BadJson,
    WrittenNumber,
    canonical_json,
    read_for_proof,
    read_json,
)


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
    for read in (read_json, read_for_proof):
        with contextlib.suppress(BadJson):
            read(raw)


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


def test_any_numbers_come_as_written_and_never_as_an_int() -> None:
    read = read_json(b'[1.50, 1e5, 9007199254740992, -0, 7, {"a": 0.1}]', any_numbers=True)
    assert read == [WrittenNumber("1.50"), WrittenNumber("1e5"), WrittenNumber("9007199254740992"), WrittenNumber("-0"),
                    7, {"a": WrittenNumber("0.1")}]  # fmt: skip
    assert read_json(b"9" * 60_000, any_numbers=True) == WrittenNumber("9" * 60_000)
    for raw, reason in ((b"NaN", "not_a_number"), (b'{"a": 1, "a": 1}', "key_twice")):
        with pytest.raises(BadJson) as refused:
            read_json(raw, any_numbers=True)
        assert refused.value.reason == reason


def test_the_canonical_text_sorts_at_every_level_and_changes_nothing_else() -> None:
    raw = '{"b": [{"z": 1.50, "a": 1E5}, null, true], "a": "cá/\\u1ec1 \\"q\\"", "n": 12345678901234567890, "b2": {}}'
    assert canonical_json(read_for_proof(raw.encode())) == (
        '{"a":"cá/ề \\"q\\"","b":[{"a":1E5,"z":1.50},null,true],"b2":{},"n":12345678901234567890}'
    )


def test_a_proof_is_read_where_its_text_cannot_be_used() -> None:
    assert read_for_proof(b'{"a": 1, "a": 2, "b": NaN}') == {"a": 2, "b": WrittenNumber("NaN")}
    assert read_for_proof(b"[" * 100 + b"]" * 100)
    assert read_for_proof(b'"' + b"a" * MAX_BYTES + b'"')
    for raw in (b"[" * 101, b"{", b"\xff", b"", b'"' + b"a" * 1_048_576 + b'"'):
        with pytest.raises(BadJson):
            read_for_proof(raw)


@settings(max_examples=100)
@given(values)
def test_canonical_text_is_what_the_json_library_writes_for_whole_numbers(value: object) -> None:
    text = canonical_json(read_for_proof(json.dumps(value).encode()))
    assert text == json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
