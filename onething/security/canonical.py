"""RFC 8785 (JCS): the one way to write a JSON value, so that anybody can compute its digest again."""

from typing import Any

import orjson

_LARGEST_EXACT_INTEGER = 2**53 - 1
_PLAIN = (str, bool, type(None))  # tuples made once: every line of a journal goes through here
_ARRAYS = (list, tuple)


def canonical_json(content: Any) -> bytes:
    """RFC 8785 bytes of `content`. ValueError for what different readers might read differently.

    Allowed: objects with ASCII keys, arrays, text, whole numbers up to 2^53 - 1, booleans, null. Text stays as it is.
    Within that, sorting keys as bytes is sorting them as RFC 8785 has it, and no number has two written forms.
    """
    _refuse_ambiguous(content)
    try:
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise ValueError("the content can't be written as JSON") from None


def _refuse_ambiguous(content: Any) -> None:
    if isinstance(content, _PLAIN):
        return
    if isinstance(content, dict):
        for key, value in content.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError("content: a key is not ASCII text")
            if not isinstance(value, _PLAIN):  # most are: a call for each would double the cost
                _refuse_ambiguous(value)
    elif isinstance(content, _ARRAYS):
        for element in content:
            _refuse_ambiguous(element)
    elif not isinstance(content, int) or abs(content) > _LARGEST_EXACT_INTEGER:
        raise ValueError(f"content: a {type(content).__name__} has no single written form")
