"""What changed in a recording, in plain sentences."""

import json
from typing import Any

import pytest

from tests.record.sentences import LONGEST, of_json, of_lines, of_schemas

RECORDED: dict[str, Any] = {
    "components": {
        "schemas": {
            "Case": {
                "description": "One case.",
                "properties": {"status": {"type": "string"}, "note": {"type": "string", "maxLength": 10}},
                "required": ["status"],
            },
            "Status": {"enum": ["open", "closed"], "type": "string"},
        }
    },
    "paths": {
        "/cases": {
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"maximum": 50}},
                    {"name": "after", "in": "query"},
                ],
                "responses": {"200": {"description": "OK"}, "404": {"description": "none"}},
            },
            "post": {"summary": "apply"},
        }
    },
}
CASE, STATUS = RECORDED["components"]["schemas"]["Case"], RECORDED["components"]["schemas"]["Status"]
GET = RECORDED["paths"]["/cases"]["get"]


def changed(change: str) -> str:
    """The recorded document with one statement carried out on `d`, the copy."""
    document = json.loads(json.dumps(RECORDED))
    schemas = document["components"]["schemas"]
    names = {"d": document, "case": schemas["Case"], "status": schemas["Status"], "schemas": schemas}
    exec(change, {**names, "get": document["paths"]["/cases"]["get"], "paths": document["paths"]})
    return json.dumps(document)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("case['properties']['due'] = {'type': 'string'}", "field Case.due is new"),
        ("del case['properties']['note']", "field Case.note is gone"),
        ("case['properties']['note']['maxLength'] = 20", "field Case.note: maxLength was 10, is 20"),
        ("case['properties']['note']['pattern'] = 'x'", "field Case.note: pattern is new"),
        ("case['required'].append('note')", "field Case.note is required now"),
        ("case['required'] = []", "field Case.status is required no longer"),
        ("del case['required']", "of Case status are required no longer"),
        ("case['description'] = 'A case.'", 'schema Case: description was "One case.", is "A case."'),
        ("status['enum'].append('paused')", 'Status has gained the value "paused"'),
        ("status['enum'].remove('open')", 'Status has lost the value "open"'),
        ("schemas['Fee'] = {'type': 'integer'}", "schema Fee is new"),
        ("del schemas['Status']", "schema Status is gone"),
        ("paths['/fees'] = {'get': {}}", "path /fees is new"),
        ("del paths['/cases']", "path /cases is gone"),
        ("paths['/cases']['delete'] = {}", "DELETE /cases is new"),
        ("del paths['/cases']['post']", "POST /cases is gone"),
        ("paths['/cases']['post']['summary'] = 'file'", 'POST /cases: summary was "apply", is "file"'),
        ("get['parameters'].append({'name': 'q'})", "GET /cases: parameter q is new"),
        ("del get['parameters'][0]", "GET /cases: parameter limit is gone"),
        ("get['parameters'][0]['schema']['maximum'] = 9", "GET /cases: parameter limit: schema.maximum was 50, is 9"),
        ("get['responses']['409'] = {}", "GET /cases: response 409 is new"),
        ("del get['responses']['404']", "GET /cases: response 404 is gone"),
        ("d['info'] = {'title': 'x'}", "info is new"),
    ],
)
def test_each_change_of_the_api_is_one_sentence(change: str, sentence: str) -> None:
    assert of_json(of_schemas)(json.dumps(RECORDED), changed(change)) == [sentence]


def test_nothing_is_said_of_what_is_the_same() -> None:
    assert of_json(of_schemas)(json.dumps(RECORDED), json.dumps(RECORDED, indent=3, sort_keys=True)) == []


def test_members_that_only_change_places_are_the_same_but_for_their_order() -> None:
    assert of_json(of_schemas)(json.dumps(RECORDED), changed("get['parameters'].reverse()")) == [
        'GET /cases: parameters was ["[limit]", "[after]"], is ["[after]", "[limit]"]'
    ]


def test_a_definition_s_schema_has_fields_at_the_top() -> None:
    old = {"$defs": {"Item": {"properties": {}}}, "properties": {"name": {}}}
    new = {"$defs": {"Item": {"properties": {"fee": {}}}}, "properties": {"name": {}, "since": {}}}
    said = of_json(of_schemas)(json.dumps(old), json.dumps(new))
    assert said == ["field Item.fee is new", "field the document.since is new"]


@pytest.mark.parametrize(("old", "new"), [(1, True), (0, None), ("1", 1), ([], {}), (1, 1.0)])
def test_another_type_is_another_value(old: Any, new: Any) -> None:
    assert len(of_json()(json.dumps({"x": old}), json.dumps({"x": new}))) == 1


def test_lists_without_names_go_by_number_and_lists_of_values_by_value() -> None:
    assert of_json()('{"x": [{"a": 1}, {"a": 2}]}', '{"x": [{"a": 1}, {"a": 3}]}') == ["x[1].a was 2, is 3"]
    assert of_json()('{"x": [1, 2, 3]}', '{"x": [1, 3]}') == ["x[2] is gone"]
    assert of_json()('{"x": [1, 1]}', '{"x": [1, 1, 1]}') == ["x[2] is new"]


def test_long_values_are_cut() -> None:
    (sentence,) = of_json()('{"x": "short"}', json.dumps({"x": "y" * 500}))
    assert len(sentence) < 2 * LONGEST
    assert sentence.endswith("…")


def test_pages_by_their_lines() -> None:
    assert of_lines("a\nb\nc\n", "a\nB\nc\nd\n") == [
        'the line "b" is gone',
        'the line "B" is new',
        'the line "d" is new',
    ]
    assert of_lines("a\n", "a\n") == []
