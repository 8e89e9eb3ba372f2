"""What is malformed is refused precisely, and leaves no row behind."""

import json
from typing import Any

import httpx
import pytest

from tests.api.forms import opening, opening_with_papers
from tests.api.town import Town
from tests.support import people

JSON = {"Content-Type": "application/json"}


def errors(answer: httpx.Response) -> dict[str, str]:
    """Place → code."""
    return {one.get("pointer", one.get("parameter")): one["code"] for one in answer.json()["errors"]}


async def send(town: Town, raw: bytes, **headers: str) -> httpx.Response:
    every = {"Idempotency-Key": "k", **JSON, **headers}
    return await town.client("citizen").post("/api/cases", content=raw, headers=every)


def raw_opening(**changes: Any) -> bytes:
    return json.dumps(opening(**changes)).encode()


MALFORMED: list[tuple[str, bytes, int, str]] = [
    ("no JSON", b"{", 400, "malformed_json"),
    ("empty", b"", 400, "malformed_json"),
    ("byte order mark", b"\xef\xbb\xbf{}", 400, "malformed_json"),
    ("invalid UTF-8", raw_opening()[:-1] + b', "x": "\xff"}', 400, "malformed_json"),
    ("overlong UTF-8", b'{"bundle": "\xc0\xaf"}', 400, "malformed_json"),
    ("duplicate key", b'{"bundle": "a", "bundle": "b"}', 400, "malformed_json"),
    ("duplicate key inside", b'{"form": {"a": 1, "a": 1}}', 400, "malformed_json"),
    ("NaN", b'{"form": {"a": NaN}}', 400, "malformed_json"),
    ("infinity", b'{"form": {"a": -Infinity}}', 400, "malformed_json"),
    ("deep", b"[" * 50_000 + b"]" * 50_000, 400, "malformed_json"),
    ("deep but readable", b'{"form": {"a": ' + b"[" * 60 + b"]" * 60 + b"}}", 422, "invalid_request"),
    ("deepest", b'{"form": {"a": ' + b"[" * 31 + b"]" * 31 + b"}}", 422, "invalid_request"),
    ("too many values", b'{"form": [' + b"1," * 10_000 + b"1]}", 413, "too_large"),
    ("a long name", b'{"' + b"a" * 201 + b'": 1}', 422, "invalid_request"),
    ("too large", b'"' + b"a" * 1_000_001 + b'"', 413, "too_large"),
    ("a list", b"[]", 422, "invalid_request"),
    ("a text", b'"x"', 422, "invalid_request"),
    ("null", b"null", 422, "invalid_request"),
]


@pytest.mark.parametrize(("raw", "status", "code"), [m[1:] for m in MALFORMED], ids=[m[0] for m in MALFORMED])
async def test_malformed_bodies(town: Town, raw: bytes, status: int, code: str) -> None:
    before = town.counts()
    answer = await send(town, raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert town.counts() == before


WRONG: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("unknown field", {"surprise": 1}, {"/surprise": "unknown_field"}),
    ("unknown in applicant", {"applicant": {**opening()["applicant"], "age": 3}}, {"/applicant/age": "unknown_field"}),
    ("type of form", {"form": []}, {"/form": "invalid_value"}),
    ("type of submit", {"submit": "yes"}, {"/submit": "invalid_value"}),
    ("number for text", {"bundle": 5}, {"/bundle": "invalid_value"}),
    ("unknown bundle", {"bundle": "no-such-thing"}, {"/bundle": "unknown_bundle"}),
    ("huge number", {"form": {"employees": 10**30}}, {"/form/employees": "invalid_value"}),
    ("huge float", {"form": {"employees": 1e300}}, {"/form/employees": "invalid_value"}),
    ("lone surrogate", {"form": {"company_name": "\ud800"}}, {"/form/company_name": "invalid_value"}),
    ("NUL", {"form": {"company_name": "a\0b"}}, {"/form/company_name": "invalid_value"}),
    ("answer that is a number", {"answers": {"company_type": 1.5}}, {"/answers/company_type": "invalid_value"}),
    ("unknown answer", {"answers": {**opening()["answers"], "moon": True}}, {"/answers/moon": "unknown_field"}),
    ("unknown material", {"materials": [{"code": "moon", "form": "paper"}]}, {"/materials/0/code": "unknown_material"}),
    ("channel of others", {"channel": "counter"}, {"/channel": "invalid_value"}),
    ("delivery without address", {"delivery": {"method": "post"}}, {"/delivery/address": "missing_value"}),
]


@pytest.mark.parametrize(("change", "found"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
async def test_wrong_content_is_told_by_pointer(town: Town, change: dict[str, Any], found: dict[str, str]) -> None:
    before = town.counts()
    answer = await send(town, json.dumps(opening(**change)).encode())
    assert answer.status_code == 422, answer.text
    assert errors(answer).items() >= found.items(), answer.text
    assert town.counts() == before


async def test_everything_is_told_at_once(town: Town) -> None:
    whole = opening_with_papers("articles")
    whole["applicant"]["id_number"] = "110105194912310021"
    whole["form"]["representative_id"] = "１"
    del whole["form"]["company_name"]
    before = town.counts()
    answer = await town.post("citizen", "/api/cases", whole)
    assert answer.status_code == 422
    assert errors(answer) == {
        "/applicant/id_number": "invalid_value",
        "/form/company_name": "missing_value",
        "/form/representative_id": "invalid_value",
        "/materials": "missing_material",
    }
    missing = [one["detail"] for one in answer.json()["errors"] if one["pointer"] == "/materials"]
    assert len(missing) == 2
    assert missing[0].startswith("缺少材料“法定代表人、董事、监事和经理的任职文件”")
    assert town.counts() == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/json; charset=gbk", "multipart/form-data", ""]
)
async def test_other_content_types(town: Town, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {"Content-Type": ""}
    answer = await send(town, raw_opening(), **headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")


async def test_the_body_is_cut_off_at_the_limit(town: Town) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 100_000
            yield b" " * 100_000

    headers = {"Idempotency-Key": "k", **JSON}
    answer = await town.client("citizen").post("/api/cases", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert sent <= 1_300_000


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/cases?moon=1", "moon"),
        ("/api/cases?limit=0", "limit"),
        ("/api/cases?limit=x", "limit"),
        ("/api/cases?limit=1&limit=2", "limit"),
        ("/api/cases?moon=1&moon=2", "moon"),
        ("/api/cases?bundle=a%00", "bundle"),
        ("/api/cases?bundle=%ff", "bundle"),
        ("/api/supervision/overview?from=x", "from"),
        ("/api/supervision/overview?first=2026-01-01", "first"),
        ("/api/cases?status=moon", "status"),
        ("/api/cases?bundle=A", "bundle"),
        ("/api/cases/123", "case_no"),
        ("/api/cases/%00", "case_no"),
        ("/api/tasks/abc", "task_id"),
        ("/api/cases/33010020260302000001x/timeline", "case_no"),
    ],
)
async def test_path_and_query_are_checked(town: Town, path: str, parameter: str) -> None:
    answer = await town.get("citizen", path)
    assert answer.status_code == 422, answer.text
    assert parameter in errors(answer)


async def test_no_route_takes_a_parameter_that_it_does_not_name(town: Town) -> None:
    """Whatever else is wrong with these requests, each is told of the parameter too. Signatures come first, though."""
    described = (await town.get(None, "/api/openapi.json")).json()["paths"]
    signed = {path for path in described if path.startswith("/api/callbacks/")}
    client, accepted = town.client("citizen"), []
    headers = {"Idempotency-Key": "k", "If-Match": "1"}
    for path, calls in described.items():
        for method in calls.keys() if path not in signed else ():
            form = path == people.SIGN_IN_PATH
            body = {"data": {"username": "a"}} if form else {} if method == "get" else {"json": {}}
            answer = await client.request(method, f"{path}?moon=1", **body, headers=headers)
            if answer.status_code != 422 or errors(answer).get("moon") != "unknown_field":
                accepted.append((method, path, answer.status_code))
    assert accepted == []


@pytest.mark.parametrize("after", ["x", "bnVsbA", "W251bGwsICIiXQ", "WyIyMDI2LTAxLTAxIiwgIiJd", "%E4%B8%AD"])
async def test_foreign_cursors(town: Town, after: str) -> None:
    for who, path in (("citizen", "/api/cases"), ("officer.amr", "/api/tasks")):
        answer = await town.get(who, f"{path}?after={after}")
        assert answer.status_code == 422, answer.text


async def test_a_key_is_needed_and_checked(town: Town) -> None:
    before = town.counts()
    client = town.client("citizen")
    missing = await client.post("/api/cases", json=opening())
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_missing")
    long = await client.post("/api/cases", json=opening(), headers={"Idempotency-Key": "k" * 201})
    assert long.status_code == 422
    odd = await client.post("/api/cases", json=opening(), headers={"Idempotency-Key": "\xe4".encode("latin-1")})  # type: ignore[dict-item]
    assert odd.status_code == 422
    assert town.counts() == before


async def test_a_body_where_none_is_needed(town: Town) -> None:
    created = await town.post("citizen", "/api/cases", opening())
    path = f"/api/cases/{created.json()['case_no']}/withdraw"
    unknown = await town.post("citizen", path, {"reason": "x"})
    assert errors(unknown) == {"/reason": "unknown_field"}
    empty = await town.post("citizen", path, {})
    assert empty.status_code == 200, empty.text


async def test_unknown_paths_and_methods(town: Town) -> None:
    nowhere = await town.get("citizen", "/api/moon")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    slash = await town.get("citizen", "/api/cases/")
    assert slash.status_code == 404
    wrong = await town.client("citizen").delete("/api/cases")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["allow"] or "POST" in wrong.headers["allow"]


async def test_an_unexpected_failure_says_nothing_of_its_content(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"{people.ZHANG.name} {people.ZHANG.id_number}")

    monkeypatch.setattr(type(town.context.applications), "judge", fail)
    answer = await town.post("citizen", "/api/cases", opening())
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert people.ZHANG.id_number not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


async def test_logs_hold_neither_case_numbers_nor_queries(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    created = (await town.post("citizen", "/api/cases", opening())).json()
    await town.get("citizen", f"/api/cases/{created['case_no']}")
    await town.get(None, f"/api/progress/{created['case_no']}?code={created['query_code']}")
    assert "GET /api/progress/{case_no} 200" in caplog.text
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    for secret in (created["case_no"], created["query_code"], "张", people.ZHANG.id_number):
        assert secret not in ours


async def test_answers_are_not_to_be_sniffed_framed_or_kept(town: Town) -> None:
    answer = await town.get("citizen", "/api/cases")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
