"""For anybody: the catalogue, signing in, progress by query code, verifying a certificate, health, the document."""

import pytest

from onething.connectors.simulator.numbers import credit_code
from tests.api import acts
from tests.api.forms import APPLICANT, opening
from tests.api.town import Town

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_bundles_on_offer(town: Town) -> None:
    rows = (await town.get(None, "/api/bundles")).json()["items"]
    assert {"enterprise-opening", "death-deregistration", "newborn", "transport-business"} <= {r["code"] for r in rows}
    for row in rows:
        for ref in (row["code"], f"{row['code']}@{row['version']}"):
            shown = (await town.get(None, f"/api/bundles/{ref}")).json()
            assert (shown["code"], shown["version"]) == (row["code"], row["version"])
            assert shown["items"]
            assert {department["code"] for department in shown["departments"]} == set(row["departments"])
    assert (await town.get(None, "/api/bundles/moon")).json()["code"] == "unknown_bundle"
    assert (await town.get(None, "/api/bundles/newborn@99")).status_code == 404


async def test_the_guide_tells_about_time(town: Town) -> None:
    """Limits, the longest chain, what may stand still, what silence means: in words and in codes."""
    time = (await town.get(None, "/api/bundles/transport-business")).json()["time"]
    assert (time["promised"]["amount"], time["statutory"]["amount"], time["joint"]) == (10, 45, True)
    assert time["critical_path"]["length"] == [{"amount": 9, "unit": "working_day", "for": "office"}]
    permit = {item["code"]: item for item in time["items"]}["permit"]
    hearing = next(one for one in permit["may_pause"] if one["basis"] == "hearing")
    assert hearing["at_most"] == {"amount": 20, "unit": "working_day", "for": "office"}
    assert hearing["requires"].startswith("《中华人民共和国行政许可法》第四十七条")
    assert hearing["stops_law"]
    assert (permit["critical"], permit["on_silence"]) == (True, "escalate")
    assert "不等于准予" in permit["on_silence_means"]
    assert "逾期未补正的" in time["not_supplied_means"]
    answers = {"answers": {"licence": "existing"}}
    plan = (await town.post(None, "/api/bundles/transport-business/plan", answers)).json()
    assert [item["code"] for item in plan["time"]["items"]] == [item["code"] for item in plan["items"]]
    assert plan["time"]["critical_path"]["length"][0]["amount"] == 8


async def test_the_guide_tells_where_promises_are_all_that_is_counted(promises_only: Town) -> None:
    time = (await promises_only.get(None, "/api/bundles/enterprise-opening")).json()["time"]
    assert (time["by_law"], time["ladder"]) == (False, [])


async def test_the_plan_of_some_answers(town: Town) -> None:
    answer = await town.post(None, "/api/bundles/enterprise-opening/plan", {"answers": opening()["answers"]})
    assert answer.status_code == 200, answer.text
    plan = answer.json()
    assert [item["code"] for item in plan["items"]] == ["registration", "seal", "tax"]
    assert (plan["within"], plan["items"][0]["within"]) == ("受理后3个工作日", "受理后1个工作日")
    expected = plan["expected"]
    assert expected["if_accepted_at"] == "2026-03-02T09:00:00+08:00"
    assert expected["due_at"] == "2026-03-05T17:30:00+08:00"
    assert expected["items"]["registration"] == "2026-03-03T17:30:00+08:00"
    wrong = await town.post(None, "/api/bundles/enterprise-opening/plan", {"answers": {"premises": "moon"}})
    assert {one["pointer"] for one in wrong.json()["errors"]} == {"/answers/company_type", "/answers/premises"}


async def test_asking_for_a_plan_leaves_no_record(fresh_town: Town) -> None:
    """In no table at all, whatever there may be by now."""
    town = fresh_town
    tables = [name for (name,) in town.rows("select tablename from pg_tables where schemaname = 'public'")]

    def held() -> dict[str, int]:
        return {name: town.rows(f"select count(*) from {name}")[0][0] for name in tables}

    before = held()
    for who in (None, "citizen", "counter"):
        answer = await town.post(who, "/api/bundles/enterprise-opening/plan", {"answers": opening()["answers"]})
        assert answer.status_code == 200, answer.text
    await town.context.refusals.flush(everything=True)
    assert held() == before


async def test_every_definitions_examples_have_a_plan(town: Town) -> None:
    for definition in town.context.catalog.latest.values():
        for example in definition.examples:
            answer = await town.post(None, f"/api/bundles/{definition.code}/plan", {"answers": example.answers})
            assert answer.status_code == 200, answer.text
            assert [item["code"] for item in answer.json()["items"]] == list(example.expect.items)


async def test_signing_in(fresh_town: Town) -> None:
    town = fresh_town
    client = town.client()
    answer = await client.post("/api/auth/token", data={"username": "officer.tax", "password": "onething"})
    assert answer.status_code == 200, answer.text
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 8 * 3600)
    headers = {"Authorization": f"bearer {token['access_token']}"}
    assert (await client.get("/api/tasks", headers=headers)).status_code == 200
    for name, password in (("officer.tax", "wrong"), ("nobody", "onething")):
        refused = await client.post("/api/auth/token", data={"username": name, "password": password})
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_credentials")
    await town.context.refusals.flush(everything=True)
    lines = town.rows("select subject, outcome, detail from access_log where act = 'sign_in' order by id")
    assert lines == [
        ("officer.tax", "done", None),
        ("", "wrong_credentials", "officer.tax"),
        ("", "wrong_credentials", None),  # a name that nobody has may be a password
    ]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"username": "citizen", "password": "onething"}', {"Content-Type": "application/json"}, 415),
        (b"", FORM, 422),
        (b"username=citizen", FORM, 422),
        (b"username=citizen&password=onething&moon=1", FORM, 422),
        (b"username=citizen&password=onething&grant_type=moon", FORM, 422),
        (b"username=%00&password=onething", FORM, 422),
        (b"username=%ff%fe&password=onething", FORM, 401),
        (b"username=" + b"a" * 5000, FORM, 413),
    ],
)
async def test_odd_sign_ins(town: Town, content: bytes, headers: dict[str, str], status: int) -> None:
    answer = await town.client().post("/api/auth/token", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer " + "a" * 5000])
async def test_odd_tokens(town: Town, header: str) -> None:
    answer = await town.client().get("/api/cases", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_who_is_not_signed_in_makes_nobody_read_a_body(town: Town) -> None:
    answer = await town.client().post("/api/cases", content=b"{", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 401


async def test_progress_by_query_code(fresh_town: Town) -> None:
    town = fresh_town
    opened = (await town.post("citizen", "/api/cases", opening())).json()
    case_no, code = opened["case_no"], opened["query_code"]
    await town.fetch_all(case_no)
    await town.post("counter", f"/api/cases/{case_no}/accept")
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}"):
        answer = await town.get(None, f"/api/progress/{case_no}", params={"code": typed})
        assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["status"], shown["text"], shown["due_at"]) == ("processing", "办理中", "2026-03-05T17:30:00+08:00")
    assert shown["items"][0]["holder"] == town.context.catalog.departments["amr"]
    personal = ("张", APPLICANT["phone"], APPLICANT["id_number"], "文一", "officer", "citizen")
    assert not [text for text in personal if text in answer.text]
    for number, wrong in ((case_no, "WRONGCOD"), ("9" * 21, code)):
        answer = await town.get(None, f"/api/progress/{number}", params={"code": wrong})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_certificates_are_shown_and_verified(town: Town) -> None:
    case_no = await acts.closed(town)
    documents = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    assert [document["name"] for document in documents] == ["营业执照", "公章刻制备案证明"]
    licence = documents[0]
    assert licence["content"]["bearer"] == "张𠮷䶮"
    assert licence["content"]["department"] == "市场监督管理局"
    seals = {one["label"]: one["value"] for one in documents[1]["content"]["fields"]}
    assert seals["需要刻制的印章"] == "法定名称章"
    assert seals["统一社会信用代码"] == credit_code(case_no)  # which registration gave
    assert [d["item"] for d in (await town.get("officer.tax", f"/api/cases/{case_no}/documents")).json()["items"]] == [
        "registration"
    ]
    answer = await town.get(None, licence["verify"])
    verified = answer.json()
    assert (verified["genuine"], verified["valid"], verified["revoked"]) == (True, True, False)
    assert not [text for text in ("张", APPLICANT["id_number"], case_no + "/") if text in answer.text]
    assert (await town.get(None, "/api/certificates/999/verify")).status_code == 404


async def test_health(town: Town) -> None:
    assert (await town.get(None, "/healthz")).json() == {"status": "ok"}
    assert (await town.get(None, "/readyz")).json() == {"status": "ready"}


async def test_the_api_describes_itself(town: Town) -> None:
    document = (await town.get(None, "/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    calls = [call for path in document["paths"].values() for call in path.values()]
    for call in calls:
        for status, answer in call["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], call["summary"]
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in str(document)
