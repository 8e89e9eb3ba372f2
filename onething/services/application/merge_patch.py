"""JSON Merge Patch, as RFC 7396 has it: how drafts and corrections are changed."""

from collections.abc import Mapping
from typing import Any


def merge_patch(value: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """`value` with what `patch` names put in its place: objects member by member, a null takes a member out, and
    anything else (a list too) is replaced as a whole."""
    merged = dict(value)
    for name, one in patch.items():
        if one is None:
            merged.pop(name, None)
        elif isinstance(one, Mapping):
            before = merged.get(name)
            merged[name] = merge_patch(before if isinstance(before, Mapping) else {}, one)
        else:
            merged[name] = one
    return merged
