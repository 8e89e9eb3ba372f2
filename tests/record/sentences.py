"""Differences as plain sentences. Each kind says how its places are called; what it does not know is a dotted path."""

import json
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

from tests.record.differences import Difference, What, differences

LONGEST = 60  # characters of a value that a sentence repeats

Words = Callable[[Difference], str | None]
"""The sentence for a difference, or None for the plain one."""


def said(found: Iterable[Difference], words: Words = lambda _: None) -> list[str]:
    return [words(one) or plainly(dotted(one.where) or "the whole", one) for one in found]


def plainly(subject: str, difference: Difference) -> str:
    if difference.what is What.CHANGED:
        return f"{subject} was {short(difference.old)}, is {short(difference.new)}"
    return f"{subject} is {difference.what}"


def dotted(where: Sequence[str]) -> str:
    return ".".join(where).replace(".[", "[")


def short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def of_lines(old: str, new: str) -> list[str]:
    """For pages: their lines that are new, gone or changed."""
    before, after = old.splitlines(), new.splitlines()
    found: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        found += [f"the line {short(line)} is gone" for line in before[i1:i2]]
        found += [f"the line {short(line)} is new" for line in after[j1:j2]]
    return found


def of_json(words: Words = lambda _: None) -> Callable[[str, str], list[str]]:
    return lambda old, new: said(differences(json.loads(old), json.loads(new)), words)


def of_schemas(difference: Difference) -> str | None:
    """For OpenAPI documents and JSON Schemas: fields as `Model.field`, calls as `GET /path`."""
    match difference.where:
        case ("paths", path):
            return plainly(f"path {path}", difference)
        case ("paths", path, method, *rest):
            return plainly(_of_call(f"{method.upper()} {path}", rest), difference)
        case ("components", "schemas", model, *rest) | ("$defs", model, *rest):
            return _of_model(model, rest, difference)
        case ("properties" | "required" | "additionalProperties", *_):
            return _of_model("the document", list(difference.where), difference)
        case _:
            return None


def _of_call(call: str, rest: list[str]) -> str:
    match rest:
        case []:
            return call
        case ["parameters", parameter, *inner]:
            return _within(f"{call}: parameter {parameter.strip('[]')}", inner)
        case ["responses", status, *inner]:
            return _within(f"{call}: response {status}", inner)
        case _:
            return _within(call, rest)


def _of_model(model: str, rest: list[str], difference: Difference) -> str:
    gone = difference.what is What.GONE
    match rest:
        case []:
            return plainly(f"schema {model}", difference)
        case ["properties", field, *inner]:
            return plainly(_within(f"field {model}.{field}", inner), difference)
        case ["required", field]:
            return f"field {model}.{json.loads(field[1:-1])} is {'required no longer' if gone else 'required now'}"
        case ["enum", value]:
            return f"{model} {'has lost' if gone else 'has gained'} the value {value[1:-1]}"
        case ["required"] if gone or difference.what is What.NEW:
            names = ", ".join(difference.old or difference.new)
            return f"of {model} {names} {'are required no longer' if gone else 'are required now'}"
        case _:
            return plainly(_within(f"schema {model}", rest), difference)


def _within(subject: str, inner: Sequence[str]) -> str:
    return f"{subject}: {dotted(inner)}" if inner else subject
