"""The one written form: RFC 8785 as another writer has it, and nothing that could be written in two ways."""

import json
from datetime import date
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from onething.security.canonical import canonical_json

keys = st.text(st.characters(max_codepoint=127), max_size=8)
texts = st.text() | st.text(alphabet='䶮𠮷👩‍👩‍👧\x00\x1f\x7f"\\/\u2028é')
contents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(content=contents)
def test_the_written_form_is_that_of_the_standard(content: Any) -> None:
    assert canonical_json(content) == rfc8785.dumps(content)


@given(content=contents)
def test_the_written_form_is_the_one_of_the_standard_library_too(content: Any) -> None:
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert canonical_json(content) == written


# what RFC 8785 shows in 3.2.2 and 3.2.3
STRING = ("\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/", r'''"€$\u000f\nA'B\"\\\\\"/"'''.encode())
LITERALS = ([None, True, False], b"[null,true,false]")
NUMBERS = ([333333333.33333329, 1e30, 4.50, 2e-3, 1e-27], b"[333333333.3333333,1e+30,4.5,0.002,1e-27]")
KEYS = (
    {"\u20ac": 5, "\r": 1, "\ufb33": 7, "1": 2, "\U0001f600": 6, "\u0080": 3, "\u00f6": 4},
    '{"\\r":1,"1":2,"\u0080":3,"\u00f6":4,"\u20ac":5,"\U0001f600":6,"\ufb33":7}'.encode(),
)


@pytest.mark.parametrize(("content", "written"), [STRING, LITERALS, NUMBERS, KEYS])
def test_the_other_writer_writes_what_the_standard_shows(content: Any, written: bytes) -> None:
    assert rfc8785.dumps(content) == written


@pytest.mark.parametrize(("content", "written"), [STRING, LITERALS])
def test_what_the_standard_shows_is_written_so(content: Any, written: bytes) -> None:
    assert canonical_json(content) == written


def test_order_of_keys_does_not_matter_and_text_is_not_normalised() -> None:
    assert canonical_json({"b": 1, "a": [2, {"d": 3, "c": 4}]}) == b'{"a":[2,{"c":4,"d":3}],"b":1}'
    assert canonical_json("é") != canonical_json("e\u0301")


@pytest.mark.parametrize(
    "content",
    [
        1.0, {"fee": 0.1}, 2**53, -(2**53), {"名": "x"}, {1: "x"}, date(2026, 11, 21), b"x", {"x": "\ud800"}, {1},
        NUMBERS[0], KEYS[0],
    ],
)  # fmt: skip
def test_what_could_be_written_in_two_ways_is_refused(content: Any) -> None:
    with pytest.raises(ValueError, match="content"):
        canonical_json(content)
