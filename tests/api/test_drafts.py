"""Drafts are merged, deleted, forgotten with a warning, and read by the latest published version."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from onething.services.cases import search
from onething.store.tables import cases
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import APPLICANT, opening, opening_with_papers
from tests.api.lawful import plain_opening, written
from tests.api.town import Town
from tests.support import files, people

PNG = files.png()
DAY = timedelta(days=1)


async def patch(town: Town, case_no: str, version: int, change: dict[str, Any], **headers: str) -> httpx.Response:
    path, match = f"/api/cases/{case_no}", {"If-Match": f'"{version}"'}
    return await town.client("citizen").patch(path, json=change, headers=match | headers)


async def with_a_file(town: Town) -> str:
    draft = await town.post("citizen", "/api/cases", opening_with_papers() | {"submit": False})
    case_no = str(draft.json()["case_no"])
    sent = {"file": ("章程.png", PNG, "image/png")}
    kept = await town.client("citizen").put(f"/api/cases/{case_no}/materials/articles", files=sent)
    assert kept.status_code == 201, kept.text
    return case_no


async def test_a_change_is_merged_and_says_so(town: Town) -> None:
    """RFC 7396: one field that is sent wipes no other."""
    case_no = await acts.draft(town)
    whole = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    change = {"form": {"liaison_phone": "13900000009", "liaison_name": None}, "answers": {"invoices": None}}
    saved = await patch(town, case_no, 1, change, **{"Content-Type": "application/merge-patch+json"})
    assert (saved.status_code, saved.headers["accept-patch"]) == (200, "application/merge-patch+json"), saved.text
    after = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert after["form"] == {
        name: value
        for name, value in (whole["form"] | {"liaison_phone": "13900000009"}).items()
        if name != "liaison_name"
    }
    assert after["answers"] == {name: value for name, value in whole["answers"].items() if name != "invoices"}
    other = await town.post(
        "citizen", "/api/cases", opening(), headers={"Content-Type": "application/merge-patch+json"}
    )
    assert other.status_code == 415


async def test_any_version_is_as_good_as_the_one_read_where_the_caller_says_so(town: Town) -> None:
    """RFC 9110 13.1.1: `*` holds for whatever is there; of a list one must be what is there, strongly compared."""
    case_no = await acts.draft(town)
    path, client = f"/api/cases/{case_no}", town.client("citizen")
    two = [{"form": {name: "某"}} for name in ("liaison_name", "finance_officer_name")]
    both = await asyncio.gather(*(client.patch(path, json=one, headers={"If-Match": "*"}) for one in two))
    assert sorted(one.headers["etag"] for one in both) == ['"2"', '"3"']
    form = (await town.get("citizen", path)).json()["form"]
    assert (form["liaison_name"], form["finance_officer_name"]) == ("某", "某")
    for match, status in (('"1", "3"', 200), ('W/"4"', 412), ('"3", "5"', 412), ("x", 412), (" * ", 200)):
        saved = await client.patch(path, json={"form": {"liaison_name": "乙"}}, headers={"If-Match": match})
        assert saved.status_code == status, (match, saved.text)
    nowhere = await client.patch(f"{path[:-4]}0000", json={"form": {}}, headers={"If-Match": "*"})
    assert nowhere.status_code == 404
    assert (await town.post("citizen", f"{path}/submit", headers={"If-Match": "*"})).status_code == 200
    late = await client.patch(path, json={"form": {}}, headers={"If-Match": "*"})
    assert late.status_code == 409


async def test_who_confirms_what_another_wrote_says_which_version_they_read(town: Town) -> None:
    opened = await town.post("citizen2", "/api/cases", opening(submit=False))
    path = f"/api/cases/{opened.json()['case_no']}"
    blind = await town.post("citizen", f"{path}/submit", headers={"If-Match": "*"})
    assert (blind.status_code, blind.json()["code"]) == (428, "version_missing")
    assert (await town.post("citizen", f"{path}/submit", headers={"If-Match": '"1"'})).status_code == 200


async def test_a_draft_is_deleted_with_its_files(town: Town) -> None:
    case_no, path = (number := await with_a_file(town)), f"/api/cases/{number}"
    for who in ("citizen2", "counter", "officer.amr", None):
        assert (await town.client(who).delete(path)).status_code in (401, 403, 404)
    assert (await town.client("citizen").delete(path)).status_code == 204
    for table in ("cases", "drafts", "material_files"):
        assert town.rows(f"select 1 from {table} where case_no = %s", case_no) == []
    assert (await town.client("citizen").delete(path)).status_code == 404
    assert [
        row for (row,) in town.rows("select act from access_log where case_no = %s and act = 'delete_draft'", case_no)
    ]


async def test_what_is_submitted_is_withdrawn_and_not_deleted(town: Town) -> None:
    case_no = await acts.open_case(town)
    before = town.counts()
    answer = await town.client("citizen").delete(f"/api/cases/{case_no}")
    assert (answer.status_code, "请撤回" in answer.json()["detail"]) == (409, True), answer.text
    assert town.counts() == before


async def test_a_person_deletes_what_another_wrote_in_their_name(town: Town) -> None:
    body = {"bundle": "enterprise-opening", "applicant": people.LI.applicant, "submit": False}
    draft = await town.post("citizen", "/api/cases", body)
    case_no = draft.json()["case_no"]
    assert (await town.client("citizen2").delete(f"/api/cases/{case_no}")).status_code == 204
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 404


async def test_a_draft_says_when_it_is_forgotten_and_then_is(fresh_town: Town) -> None:
    town = fresh_town
    left, gone_on, submitted = await with_a_file(town), await acts.draft(town), await acts.open_case(town)
    told = (await town.get("citizen", f"/api/cases/{left}")).json()["expires_at"]
    assert told == "2026-04-01T09:00:00+08:00"
    rows = {one["case_no"]: one.get("expires_at") for one in (await town.get("citizen", "/api/cases")).json()["items"]}
    assert (rows[left], rows[submitted]) == (told, None)
    town.clock.move(29 * DAY)
    saved = await patch(town, gone_on, 1, {"form": {"liaison_phone": "13900000009"}})
    assert saved.json()["expires_at"] == "2026-04-30T09:00:00+08:00"
    assert await forget(town) == 0
    town.clock.move(DAY + timedelta(seconds=1))
    assert await forget(town) == 1
    assert town.rows("select case_no from cases order by 1") == [(one,) for one in sorted((gone_on, submitted))]
    assert town.rows("select 1 from material_files where case_no = %s", left) == []
    assert (await town.get("citizen", f"/api/cases/{left}")).status_code == 404


async def test_who_sends_a_file_goes_on_with_the_draft(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.draft(town)
    town.clock.move(29 * DAY)
    sent = {"file": ("章程.png", PNG, "image/png")}
    kept = await town.client("citizen").put(f"/api/cases/{case_no}/materials/articles", files=sent)
    assert kept.status_code == 201, kept.text
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["expires_at"] == "2026-04-30T09:00:00+08:00"
    town.clock.move(2 * DAY)
    assert await forget(town) == 0


async def test_what_was_replaced_in_a_draft_was_never_handed_in(town: Town) -> None:
    """No office reads a file that the applicant took out before applying: it may be anybody's."""
    case_no = await with_a_file(town)
    path = f"/api/cases/{case_no}/materials/articles"
    sent = {"file": ("章程.png", files.png(2), "image/png")}
    assert (await town.client("citizen").put(path, files=sent)).json()["version"] == 2
    await submit(town, case_no)
    assert town.rows("select version from material_files where case_no = %s", case_no) == [(2,)]
    for who in ("citizen", "counter"):
        assert (await town.get(who, f"{path}?version=1")).status_code == 404
        assert (await town.get(who, path)).content == files.png(2)
    (told,) = town.rows("select event from journal where case_no = %s and kind = 'submitted'", case_no)
    assert [(one["code"], one["version"]) for one in told[0]["versions"]] == [("articles", 2)]


async def test_a_file_that_the_case_did_not_need_comes_when_it_does(town: Town) -> None:
    """Nobody else keeps it until then; and sent again it is not taken for one that is there already."""
    case_no = await with_a_file(town)
    path, sent = f"/api/cases/{case_no}/materials/prior-approval", {"file": ("批件.png", PNG, "image/png")}
    assert (await town.client("citizen").put(path, files=sent)).status_code == 201
    await submit(town, case_no)
    assert (await town.get("counter", path)).status_code == 404, "nobody needs it"
    other = await town.post(
        "citizen", f"/api/cases/{case_no}/supplement", {"answers": {"prior_approval": True}, "incomplete": True}
    )
    assert "prior-approval" in other.json()["missing"], other.text
    kept = await town.client("citizen").put(path, files=sent)
    assert (kept.status_code, kept.json()["version"]) == (201, 1), kept.text
    view = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert "prior-approval" not in view["missing"]
    assert (await town.get("counter", path)).content == PNG


async def submit(town: Town, case_no: str) -> None:
    submitted = await town.post("citizen", f"/api/cases/{case_no}/submit", {"incomplete": True})
    assert submitted.status_code == 200, submitted.text


async def forget(town: Town) -> int:
    async with town.as_worker() as tx:
        return await cases.forget_drafts(tx, town.clock.now())


def in_two_versions(folder: Path) -> Path:
    """The second one has no liaison any more."""
    written(folder, plain_opening())
    second = plain_opening().replace("\nversion: 1\n", "\nversion: 2\n", 1)
    section = second[second.index("  - id: liaison\n") : second.index("  - id: seals\n")]
    without = second.replace(section, "", 1).replace("liaison, ", "").replace(", liaison]", "]")
    (folder / "catalog" / "enterprise-opening" / "v2.yaml").write_text(without, encoding="utf-8")
    return folder


async def test_a_draft_is_read_by_the_latest_version(town_by: TownBy) -> None:
    async with town_by(in_two_versions) as town:
        body = opening(bundle="enterprise-opening@1", applicant=APPLICANT, submit=False)
        case_no = (await town.post("citizen", "/api/cases", body)).json()["case_no"]
        town.rows("update cases set bundle = 'enterprise-opening@1' where case_no = %s returning 1", case_no)
        path = f"/api/cases/{case_no}"
        assert (await town.get("citizen", path)).json()["bundle"] == "enterprise-opening@2"
        refused = await town.post("citizen", f"{path}/submit")
        assert {one["pointer"] for one in refused.json()["errors"]} == {"/form/liaison_name", "/form/liaison_phone"}
        await patch(town, case_no, 1, {"form": {"liaison_name": None, "liaison_phone": None}})
        assert (await town.post("citizen", f"{path}/submit")).status_code == 200
        assert (await town.get("counter", path)).json()["bundle"] == "enterprise-opening@2"


async def test_what_is_submitted_while_it_is_read_is_read_as_what_it_is_now(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = (
        await town.post(
            "citizen",
            "/api/cases",
            opening_with_papers("articles", "appointment-documents", "premises-lease") | {"submit": False},
        )
    ).json()["case_no"]
    real = search.standing_of
    sent: list[int] = []

    async def meanwhile(*arguments: Any) -> Any:
        found = await real(*arguments)
        if not sent:
            sent.append(0)
            sent[0] = (await town.post("citizen", f"/api/cases/{case_no}/submit")).status_code
        return found

    monkeypatch.setattr(search, "standing_of", meanwhile)
    read = await town.get("citizen", f"/api/cases/{case_no}")
    assert (sent, read.status_code) == ([200], 200), read.text
    assert read.json()["status"] == "submitted"
