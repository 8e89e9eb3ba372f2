"""The shapes that a source is told are those that its answers are held to, and values are found where it says."""

from typing import Any

import jsonschema_rs
import orjson
import pytest
from pydantic import ValidationError

from definitions.loader import load_catalog
from onething.connectors.sources import read_answer
from onething.domain.lookups.answers import SourceAnswerMalformed
from onething.domain.lookups.source_schema import reply_schema, request_schema
from onething.domain.sources.source import SourceDefinition
from tests.connectors.support import a_source

AT = "2026-03-02T09:00:00+08:00"
FIELDS: list[dict[str, Any]] = [
    {"id": "name", "label": "名称", "type": "text", "from": "data.ent.entName"},
    {"id": "capital", "label": "注册资本", "type": "number", "from": "data.ent.regCap", "required": False},
    {"id": "staff", "label": "人数", "type": "integer", "from": "data.staff", "required": False},
    {"id": "since", "label": "成立日期", "type": "date", "from": "data.more.estDate", "required": False},
    {"id": "listed", "label": "上市", "type": "boolean", "from": "data.listed"},
    {"id": "code", "label": "代码"},
]
GOOD: dict[str, Any] = {
    "meta": {"time": AT, "trace": "x"},
    "data": {"ent": {"entName": "甲", "regCap": 1.5}, "staff": 3, "listed": False, "more": {"estDate": "2026-03-02"}},
    "record": {"code": 7},
}


def mapped(**changed: Any) -> SourceDefinition:
    known = a_source().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return SourceDefinition.model_validate_json(
        orjson.dumps(known | {"fields": FIELDS, "as_of_from": "meta.time"} | changed)
    )


def changed(path: str, value: Any) -> dict[str, Any]:
    """`GOOD` with another value there, or, if that is `...`, with none."""
    reply: dict[str, Any] = orjson.loads(orjson.dumps(GOOD))
    *way, last = path.split(".")
    at = reply
    for part in way:
        at = at[part]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return reply


def test_values_are_found_where_the_definition_says() -> None:
    told = read_answer(mapped(), GOOD)
    assert told.record == {
        "name": "甲", "capital": 1.5, "staff": 3, "since": "2026-03-02", "listed": False, "code": 7,
    }  # fmt: skip
    assert told.as_of.isoformat() == AT


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("data.ent.entName", None, "data.ent.entName"),
        ("data.ent.entName", 3, "data.ent.entName"),
        ("data.ent", ..., "data.ent.entName"),
        ("data.ent", "甲", "data.ent"),
        ("data", None, "data"),
        ("data", ..., "data"),
        ("data.ent.regCap", "1.5", "data.ent.regCap"),
        ("data.ent.regCap", ..., None),
        ("data.staff", True, "data.staff"),
        ("data.staff", 1.5, "data.staff"),
        ("data.staff", None, None),
        ("data.more", ..., None),
        ("data.more", None, None),
        ("data.more.estDate", "20260302", "data.more.estDate"),
        ("data.more.estDate", "2026-02-30", "data.more.estDate"),
        ("data.listed", 0, "data.listed"),
        ("record.code", [], "record.code"),
        ("record.code", "7", None),
        ("meta.time", "gestern", "meta.time"),
        ("meta.time", ..., "meta.time"),
        ("data.surprise", {"any": "thing"}, None),
    ],
)
def test_what_is_not_as_agreed_is_named_and_the_schema_says_so_too(path: str, value: Any, wrong: str | None) -> None:
    reply = changed(path, value)
    validator = jsonschema_rs.validator_for(reply_schema(mapped()), validate_formats=True)
    assert validator.is_valid(reply) is (wrong is None), list(validator.iter_errors(reply))
    if wrong is None:
        read_answer(mapped(), reply)
        return
    with pytest.raises(SourceAnswerMalformed) as found:
        read_answer(mapped(), reply)
    assert found.value.problem == wrong


def test_requests_are_told_as_they_are_sent() -> None:
    validator = jsonschema_rs.validator_for(request_schema(mapped()))
    assert validator.is_valid({"uscc": "91"})
    assert not validator.is_valid({})


def test_every_packaged_source_has_sound_shapes() -> None:
    for source in load_catalog().sources.values():
        for schema in (request_schema(source), reply_schema(source)):
            jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize(
    "change",
    [
        {"fields": [*FIELDS, {"id": "again", "label": "又", "from": "data.staff"}]},
        {"fields": [*FIELDS, {"id": "whole", "label": "全", "from": "data.ent"}]},
        {"as_of_from": "record.code"},
        {"fields": [{"id": "a", "label": "a", "from": "data..x"}]},
        {"style": "callback", "ask_again_s": 60},
    ],
)
def test_places_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        mapped(**change)
