"""Signed events of other systems: prefilled applications, each once, and who confirms them."""

import base64
import hashlib
import hmac
import json
import logging
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from onething.domain.identity import IdType
from onething.relay.reconciler import Reconciler
from onething.services.intake import prefill_events
from onething.store.connection.database import Database
from tests.api.town import Town
from tests.support import people

EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "examples" / "events" / "death-certificate.json").read_text()
)
SECRET = b"e" * 32


def signed(town: Town, body: bytes, id_: str, secret: bytes = SECRET, late_s: int = 0) -> dict[str, str]:
    """Spelled out anew, so that it is not our own code that agrees with itself."""
    at = str(int(town.clock.now().timestamp()) - late_s)
    mac = hmac.new(secret, b".".join([id_.encode(), at.encode(), body]), hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def event(id_: str, **data: Any) -> dict[str, Any]:
    made = deepcopy(EXAMPLE)
    made["id"] = id_
    made["data"] = {name: value for name, value in {**made["data"], **data}.items() if value is not None}
    return made


async def tell(town: Town, sent: dict[str, Any], **how: Any) -> httpx.Response:
    body = json.dumps(sent, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/cloudevents+json", **signed(town, body, "call-1", **how)}
    return await town.client().post("/api/events", content=body, headers=headers)


async def told(town: Town, sent: dict[str, Any]) -> str:
    answer = await tell(town, sent)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["prefill"])


async def test_the_named_applicant_confirms_and_submits(town: Town) -> None:
    prefill = await told(town, event("story-1"))
    assert prefill not in (await town.get("citizen", "/api/prefills")).text
    listed = (await town.get("citizen2", "/api/prefills")).json()["items"]
    assert prefill in [one["id"] for one in listed]
    seen = (await town.get("citizen2", f"/api/prefills/{prefill}")).json()
    assert seen["form"]["deceased_name"] == "沈启明"
    assert {"pointer": "/form/died_on", "label": "死亡日期", "changed": False} in seen["prefilled"]["values"]
    assert (await town.get("citizen", f"/api/prefills/{prefill}")).status_code == 404

    key = "confirm-story-1"
    opened = await town.post("citizen2", f"/api/prefills/{prefill}/confirm", {}, key=key)
    assert opened.status_code == 201, opened.text
    again = await town.post("citizen2", f"/api/prefills/{prefill}/confirm", {}, key=key)
    assert again.content == opened.content
    late = await town.post("counter", f"/api/prefills/{prefill}/confirm", {})
    assert late.status_code == 409
    assert "申请人本人" in late.json()["detail"]
    assert "沈" not in late.text

    case_no = opened.json()["case_no"]
    draft = await town.get("citizen2", f"/api/cases/{case_no}")
    assert draft.json()["channel"] == "event"
    form = draft.json()["form"] | {
        "died_on": "2026-02-15",
        "relation": "child",
        "applicant_address": "浙江省杭州市拱墅区示例路 88 号",
    }
    answers = {
        "place": "hospital",
        "remains": "cremated",
        "pension": "none",
        "medical_insurance": False,
        "housing_fund": False,
    }
    changed = await town.client("citizen2").patch(
        f"/api/cases/{case_no}",
        json={"form": form, "answers": answers, "delivery": {"method": "counter"}},
        headers={"If-Match": draft.headers["etag"]},
    )
    assert changed.status_code == 200, changed.text
    submitted = await town.post("citizen2", f"/api/cases/{case_no}/submit")
    assert submitted.status_code == 200, submitted.text
    whole = (await town.get("citizen2", f"/api/cases/{case_no}")).json()
    assert whole["channel"] == "event"
    by_pointer = {one["pointer"]: one for one in whole["prefilled"]["values"]}
    assert by_pointer["/form/died_on"]["changed"]
    assert not by_pointer["/form/deceased_id"]["changed"]
    assert whole["prefilled"]["event_id"] == "story-1"
    assert town.rows("select event ->> 'channel' from journal where case_no = %s and seq = 1", case_no) == [("event",)]


async def test_papers_of_other_kinds_and_other_ways_of_writing_are_read_into_one_form(town: Town) -> None:
    relative = {"kind": "passport", "number": "e1234 5678"}
    written = {"relative_id_number": relative, "relative_phone": "0571-88888888转8012", "died_on": "２０２６-１１-１６"}
    prefill = await told(
        town, event("papers-1", id_number=people.resident_id("330100", date(1946, 3, 9), 131).lower(), **written)
    )
    token = people.token(town.context, "citizen", identity_number="E12345678", identity_kind=IdType.PASSPORT)
    confirmed = await town.post("citizen", f"/api/prefills/{prefill}/confirm", {}, headers=people.bearer(token))
    assert confirmed.status_code == 201, confirmed.text
    path = f"/api/cases/{confirmed.json()['case_no']}"
    draft = (await town.get("citizen", path, headers=people.bearer(token))).json()
    applicant = draft["applicant"]
    assert (applicant["id_type"], applicant["id_number"]) == ("passport", "E12345678")
    assert applicant["phone"] == "0571-88888888-8012"
    assert draft["form"]["deceased_id"] == people.SHEN.paper
    assert draft["form"]["died_on"] == "2026-11-16"
    assert not any(one["changed"] for one in draft["prefilled"]["values"])
    wrong = await tell(town, event("papers-2", relative_id_number={"kind": "passport", "number": "？"}))
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/data/relative_id_number/number"]


async def test_a_repeat_gets_the_same_answer_and_no_second_draft(town: Town) -> None:
    first = await tell(town, event("twice"))
    reordered = event("twice") | {"time": "2026-11-17T00:00:00Z"}
    second = await tell(town, dict(reversed(reordered.items())))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.content == second.content
    assert town.rows("select count(*) from prefills where event_id = 'twice'") == [(1,)]
    other = await tell(town, event("twice", died_on="2026-11-14"))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_binary_mode_says_the_same(town: Town) -> None:
    sent = event("in-headers")
    structured = await tell(town, sent)
    body = json.dumps(sent["data"]).encode()
    attributes = {f"ce-{name}": sent[name] for name in ("specversion", "id", "source", "type")}
    headers = {"Content-Type": "application/json", **attributes}
    call = f"{sent['type']}/{sent['id']}"
    binary = await town.client().post("/api/events", content=body, headers=headers | signed(town, body, call))
    assert binary.status_code == 202, binary.text
    assert binary.content == structured.content
    # the signature does not cover the headers: another id under it is another call
    forged = headers | signed(town, body, call) | {"ce-id": "another"}
    assert (await town.client().post("/api/events", content=body, headers=forged)).status_code == 401


@pytest.mark.parametrize(
    "how", [{"secret": b"x" * 32}, {"late_s": 301}, {"late_s": -301}], ids=["another secret", "too late", "too early"]
)
async def test_who_signs_badly_is_refused(town: Town, how: dict[str, Any]) -> None:
    answer = await tell(town, event("bad"), **how)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    unknown = await tell(town, event("bad") | {"source": "/nobody"})
    assert unknown.status_code == 401
    assert town.rows("select count(*) from prefills where event_id = 'bad'") == [(0,)]


async def test_unknown_types_are_told_what_is_known(town: Town) -> None:
    answer = await tell(town, event("x") | {"type": "nhc.vaccination.done"})
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert problem["pointer"] == "/type"
    assert "nhc.death-certificate.issued" in problem["detail"]
    assert "nhc.birth-certificate.issued" in problem["detail"]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"id_number": "33010019460309131"}, "/data/id_number"),
        ({"died_on": "yesterday"}, "/data/died_on"),
        ({"name": None}, "/data/name"),
        ({"name": 7}, "/data/name"),
        ({"relative_id_number": ["x"]}, "/data/relative_id_number"),
        ({"region": "Hangzhou"}, "/data/region"),
    ],
)
async def test_data_that_does_not_fit_is_pointed_at(town: Town, data: dict[str, Any], pointer: str) -> None:
    answer = await tell(town, event("wrong", **data))
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_what_is_no_event_is_refused(town: Town) -> None:
    for wrong in ({"specversion": "0.3"}, {"id": ""}, {"id": "é"}, {"data": []}, {"type": None}):
        answer = await tell(town, event("no") | wrong)
        assert answer.status_code == 422, wrong
    body = b"[]"
    plain = await town.client().post("/api/events", content=body, headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415
    big = json.dumps(event("big", address="x" * 70_000)).encode()
    headers = {"Content-Type": "application/cloudevents+json", **signed(town, big, "c")}
    assert (await town.client().post("/api/events", content=big, headers=headers)).status_code == 413


async def test_without_an_applicant_the_counter_names_one(town: Town) -> None:
    prefill = await told(town, event("nobody", relative_name=None))
    assert prefill not in (await town.get("citizen2", "/api/prefills")).text
    missing = await town.post("counter", f"/api/prefills/{prefill}/confirm", {})
    assert [one["pointer"] for one in missing.json()["errors"]] == ["/applicant"]
    applicant = people.LI.applicant
    opened = await town.post("counter", f"/api/prefills/{prefill}/confirm", {"applicant": applicant})
    assert opened.status_code == 201, opened.text
    view = (await town.get("counter", f"/api/cases/{opened.json()['case_no']}")).json()
    assert view["applicant"]["name"] == people.LI.name
    assert "/applicant/name" not in [one["pointer"] for one in view["prefilled"]["values"]]


async def test_only_its_region_and_its_person_see_one(town: Town) -> None:
    elsewhere = await told(town, event("far", region="440100"))
    assert elsewhere not in (await town.get("counter", "/api/prefills?limit=200")).text
    assert (await town.get("counter", f"/api/prefills/{elsewhere}")).status_code == 404
    assert (await town.post("counter", f"/api/prefills/{elsewhere}/confirm", {})).status_code == 404
    for who in ("agent", "officer.psb", "supervisor", "admin"):
        assert (await town.get(who, "/api/prefills")).status_code == 403
    refused = await town.post("citizen2", f"/api/prefills/{elsewhere}/confirm", {"applicant": people.ZHAO.applicant})
    assert refused.status_code == 422
    opened = await town.post("citizen2", f"/api/prefills/{elsewhere}/confirm")
    assert opened.json()["case_no"].startswith("440100")


async def test_what_it_says_is_sealed_and_looking_is_logged(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    prefill = await told(town, event("sealed"))
    (row,) = town.rows("select p::text, body from prefills p where id = %s", prefill)
    ours = [str(record.__dict__) for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert ours
    for text in (people.SHEN.name, people.SHEN.id_number, "13800000011"):
        assert text not in row[0]
        assert text.encode() not in bytes(row[1])
        assert text not in "".join(ours)
    await town.get("counter", f"/api/prefills/{prefill}")
    assert ("counter",) in town.rows("select subject from access_log where detail = %s", f"seen:{prefill}")
    opened = await town.post("counter", f"/api/prefills/{prefill}/confirm", {})
    assert opened.status_code == 201, opened.text
    confirmed = "select subject from access_log where act = 'confirm_prefill' and case_no = %s"
    assert town.rows(confirmed, opened.json()["case_no"]) == [("counter",)]
    assert town.rows("select body from prefills where id = %s", prefill) == [(None,)]


async def test_what_the_definition_does_not_name_is_not_kept(town: Town) -> None:
    prefill = await told(town, event("more", cause_of_death="金丝雀的病因"))
    shown = await town.get("counter", f"/api/prefills/{prefill}")
    assert (shown.status_code, "金丝雀" in shown.text) == (200, False)
    ((body,),) = town.rows("select body from prefills where id = %s", prefill)
    assert "金丝雀" not in town.context.sealer.open(bytes(body), context=prefill_events.context(prefill)).decode()
    case_no = (await town.post("counter", f"/api/prefills/{prefill}/confirm", {})).json()["case_no"]
    assert "金丝雀" not in (await town.get("counter", f"/api/cases/{case_no}")).text


async def test_what_nobody_confirms_is_forgotten(fresh_town: Town) -> None:
    town = fresh_town
    kept, old = await told(town, event("kept")), await told(town, event("old"))
    town.change("update prefills set expires_at = %s where id = %s", town.clock.now() - timedelta(seconds=1), old)
    assert (await town.get("counter", f"/api/prefills/{old}")).status_code == 404
    database: Database = town._worker
    await Reconciler(database, town.clock, lambda: None).tidy_now_and_then()  # type: ignore[arg-type, return-value]
    assert town.rows("select id from prefills") == [(kept,)]
