"""来前请窗口看一眼: asked for on a draft, answered by a counter, shown at the window; who sees it, and how long."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from onething.domain.errors import OneThingError
from onething.domain.principal import Assurance, OutletScope
from onething.store.tables import cases
from tests.api import acts
from tests.api.forms import opening, opening_with_papers
from tests.api.test_outlets import HALL, HALL_CLERK, PARTNER_CLERK, TOWN, TOWN_CLERK, VILLAGE
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf

DAY = timedelta(days=1)
FILE, OTHER, LEASE = "articles", "appointment-documents", "premises-lease"
TODAY, TOMORROW = "2026-03-02", "2026-03-03"
SEEN = [{"party": "applicant", "document": "resident_id", "presence": "in_person"}]


async def upload(town: Town, case_no: str, note: str = "one", code: str = FILE) -> None:
    files = {"file": ("a.pdf", pdf(note), "application/pdf")}
    kept = await town.client("citizen").put(f"/api/cases/{case_no}/materials/{code}", files=files)
    assert kept.status_code == 201, kept.text


async def photographed(town: Town) -> str:
    """A draft that needs three papers, with a photo of one."""
    body = opening_with_papers() | {"submit": False}
    case_no = str((await town.post("citizen", "/api/cases", body)).json()["case_no"])
    await upload(town, case_no)
    return case_no


async def asked(town: Town, **request: Any) -> str:
    case_no = await photographed(town)
    done = await town.post("citizen", f"/api/cases/{case_no}/precheck", request)
    assert done.status_code == 201, done.text
    return case_no


def answered(view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What is said of a draft as it was looked at: what was photographed is fine, the rest is missing."""
    materials = [
        {"code": one["code"], "verdict": "fine", "digest": one["digest"]}
        if "digest" in one
        else {"code": one["code"], "verdict": "missing"}
        for one in view["materials"]
    ]
    return {"materials": materials, "on": TOMORROW, "outlet": HALL, **changes}


async def answer(town: Town, case_no: str, who: str = "counter", **changes: Any) -> httpx.Response:
    view = await town.get(who, f"/api/prechecks/{case_no}")
    assert view.status_code == 200, view.text
    return await town.post(who, f"/api/prechecks/{case_no}/answer", answered(view.json(), **changes))


async def own(town: Town, case_no: str, who: str = "citizen") -> dict[str, Any]:
    shown = await town.get(who, f"/api/cases/{case_no}/precheck")
    assert shown.status_code == 200, shown.text
    view: dict[str, Any] = shown.json()
    return view


async def test_from_asking_to_the_window(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    waiting = await own(town, case_no)
    assert (waiting["state"], waiting["late"], "code" in waiting) == ("open", False, False)
    assert waiting["promised_at"] == "2026-03-02T14:30:00+08:00"
    assert "不是收件" in waiting["effect"]
    (row,) = (await town.get("counter", "/api/prechecks")).json()["items"]
    assert (row["case_no"], row["promised_at"], row["late"]) == (case_no, waiting["promised_at"], False)

    said = await answer(town, case_no, note="执照副本不用带")
    assert said.status_code == 200, said.text
    assert (await town.get("counter", "/api/prechecks")).json()["items"] == []
    view = await own(town, case_no)
    assert view["answer"]["visit"]["on"] == TOMORROW
    assert view["answer"]["visit"]["outlet"]["name"] == "杭州市政务服务大厅"
    assert [one["opens_at"][11:16] for one in view["answer"]["visit"]["hours"]] == ["08:30", "13:30"]
    assert [one["verdict"] for one in view["answer"]["materials"]] == ["fine", "missing", "missing"]
    assert [one["name"] for one in view["bring"]][:2] == ["本人的有效身份证件", "公司章程"]
    assert len(view["bring"]) == 4

    town.clock.move(DAY)
    taken = await town.post("counter", f"/api/prechecks/{case_no}/take-over", {"code": view["code"].lower()})
    assert taken.status_code == 200, taken.text
    draft = (await town.get("counter", f"/api/cases/{case_no}")).json()
    assert (draft["channel"], draft["form"]["company_name"]) == ("counter", opening()["form"]["company_name"])
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 200  # it stays its applicant's
    papers = [{"code": OTHER}, {"code": LEASE}]
    as_read = {"If-Match": taken.headers["etag"]}
    for who, read in (("counter", as_read), ("citizen", {"If-Match": "*"})):
        for change in ({"id_number": people.LI.id_number}, {"id_type": "passport"}):
            headers = read | people.bearer(town.token(who))
            refused = await town.client(who).patch(
                f"/api/cases/{case_no}", json={"applicant": opening()["applicant"] | change}, headers=headers
            )
            assert refused.status_code == 422, refused.text
            (told,) = refused.json()["errors"]
            assert (told["pointer"], "请另开一份" in told["detail"]) == ("/applicant/id_number", True)
    etag = {"If-Match": taken.headers["etag"], **people.bearer(town.token("counter"))}
    changed = await town.client("counter").patch(
        f"/api/cases/{case_no}", json={"seen": SEEN, "materials": papers}, headers=etag
    )
    assert changed.status_code == 200, changed.text
    assert (await town.post("counter", f"/api/cases/{case_no}/submit")).status_code == 200
    await town.fetch_all(case_no)
    accepted = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert accepted.status_code == 200, accepted.text
    measured = (await town.get("supervisor", "/api/supervision/overview")).json()["first_visits"]
    assert measured["prechecked"] == {"visits": 1, "accepted": 1, "accepted_rate": 1.0}
    assert (measured["visits"], measured["others"]["visits"]) == (1, 0)
    assert town.rows("select body, code_hash from prechecks where case_no = %s", case_no) == [(None, None)]


async def test_nothing_of_it_is_a_receipt(fresh_town: Town) -> None:
    """No line of a journal, no command, no look-up, no clock."""
    town = fresh_town
    before = town.counts()
    case_no = await asked(town)
    assert (await answer(town, case_no)).status_code == 200
    after = town.counts()
    grown = {table for table in after if after[table] != before[table]}
    assert grown <= {
        *("access_log", "case_serials", "cases", "drafts", "idempotency", "material_files", "prechecks"),
        *("page_sessions", "measures"),
    }
    assert after["journal"] == before["journal"]


async def test_once_while_one_is_open_and_anew_when_it_was_answered(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    twice = await town.post("citizen", f"/api/cases/{case_no}/precheck")
    assert (twice.status_code, twice.json()["code"]) == (409, "not_allowed_now")
    assert (await answer(town, case_no)).status_code == 200
    code = (await own(town, case_no))["code"]
    assert (await town.post("citizen", f"/api/cases/{case_no}/precheck")).status_code == 201
    assert (await own(town, case_no))["state"] == "open"
    late = await town.post("counter", f"/api/prechecks/{case_no}/take-over", {"code": code})
    assert late.status_code == 422  # the answer before is no more
    assert len((await town.get("counter", "/api/prechecks")).json()["items"]) == 1


async def test_taken_back_the_counter_sees_nothing(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    photo = f"/api/prechecks/{case_no}/materials/{FILE}"
    assert (await town.get("counter", photo)).content == pdf("one")
    page = await town.get("counter", f"{photo}/pages/1")
    assert (page.headers["content-type"], page.headers["page-count"]) == ("image/jpeg", "1")
    for answer_first in (False, True):
        if answer_first:
            assert (await town.post("citizen", f"/api/cases/{case_no}/precheck")).status_code == 201
            assert (await answer(town, case_no)).status_code == 200
        gone = await town.client("citizen").delete(f"/api/cases/{case_no}/precheck")
        assert gone.status_code == 204
        for path in (f"/api/prechecks/{case_no}", photo):
            assert (await town.get("counter", path)).status_code == 404
        again = await town.client("citizen").delete(f"/api/cases/{case_no}/precheck")
        assert again.status_code == 404
    assert town.rows("select count(*) from prechecks") == [(0,)]


async def test_what_was_changed_since_is_said(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    assert (await answer(town, case_no)).status_code == 200
    view = await own(town, case_no)
    assert [one["changed"] for one in view["answer"]["materials"]] == [False, False, False]
    assert view["answer"]["form_changed"] is False
    await upload(town, case_no, "another")
    await upload(town, case_no, "lease", LEASE)
    form = {"form": {"liaison_phone": "13900000009"}}
    headers = {"If-Match": "*", **people.bearer(town.token("citizen"))}
    assert (await town.client().patch(f"/api/cases/{case_no}", json=form, headers=headers)).status_code == 200
    view = await own(town, case_no)
    assert {one["code"]: one["changed"] for one in view["answer"]["materials"]} == {
        FILE: True,
        OTHER: False,
        LEASE: True,
    }
    assert view["answer"]["form_changed"] is True


async def test_what_is_judged_is_what_was_seen(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    seen = (await town.get("counter", f"/api/prechecks/{case_no}")).json()
    await upload(town, case_no, "another")
    path = f"/api/prechecks/{case_no}/answer"
    late = await town.post("counter", path, answered(seen))
    assert (late.status_code, late.json()["code"]) == (409, "newer_material")
    assert (await answer(town, case_no)).status_code == 200
    twice = await town.post("counter", path, answered(seen))
    assert (twice.status_code, twice.json()["code"]) == (409, "not_allowed_now")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"materials": []}, "/materials"),
        ({"materials": [{"code": "nothing", "verdict": "fine"}]}, "/materials/0/code"),
        ({"materials": [{"code": FILE, "verdict": "replace"}]}, "/materials/0/what"),
        ({"materials": [{"code": LEASE, "verdict": "fine"}]}, "/materials/0/verdict"),
        ({"materials": [{"code": LEASE, "verdict": "missing"}] * 2}, "/materials/1/code"),
        ({"on": "2026-03-01"}, "/on"),  # yesterday
        ({"on": "2026-04-01"}, "/on"),  # too far ahead
        ({"on": "2026-03-08"}, "/on"),  # a Sunday, when the hall is closed
        ({"outlet": "999999999"}, "/outlet"),
        ({"outlet": VILLAGE}, "/outlet"),  # takes in no openings
    ],
)
async def test_an_answer_that_helps_nobody_is_refused(town: Town, changes: dict[str, Any], pointer: str) -> None:
    case_no = await asked(town)
    refused = await answer(town, case_no, **changes)
    assert refused.status_code == 422, refused.text
    assert pointer in [one["pointer"] for one in refused.json()["errors"]]
    assert (await own(town, case_no))["state"] == "open"


async def test_when_it_can_be_asked_for(town: Town) -> None:
    draft = (await town.post("citizen", "/api/cases", opening_with_papers() | {"submit": False})).json()["case_no"]
    path = f"/api/cases/{draft}/precheck"
    assert (await town.get("citizen", path)).status_code == 404
    nothing = await town.post("citizen", path)
    assert (nothing.status_code, "拍照上传" in nothing.json()["detail"]) == (409, True)
    await upload(town, draft)
    for outlet in ("999999999", VILLAGE):
        refused = await town.post("citizen", path, {"outlet": outlet})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/outlet")
    unanswered = opening(submit=False, answers={})
    open_ = (await town.post("citizen", "/api/cases", unanswered)).json()["case_no"]
    refused = await town.post("citizen", f"/api/cases/{open_}/precheck")
    assert (refused.status_code, "办理情形" in refused.json()["detail"]) == (409, True)
    submitted = await acts.open_case(town)
    late = await town.post("citizen", f"/api/cases/{submitted}/precheck")
    assert (late.status_code, late.json()["code"]) == (409, "not_allowed_now")
    offered = (await town.get("citizen", f"/api/cases/{draft}")).json()["available_actions"]
    assert {"act": "ask_precheck", "allowed": True} in offered


async def test_others_see_nothing(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    for who in ("citizen2", "agent"):
        for path in (f"/api/cases/{case_no}/precheck", f"/api/prechecks/{case_no}"):
            assert (await town.get(who, path)).status_code == 404, (who, path)
    for who in ("officer.amr", "supervisor", "admin"):
        assert (await town.get(who, f"/api/prechecks/{case_no}")).status_code == 403
        assert (await town.get(who, "/api/prechecks")).status_code == 403
    elsewhere = people.bearer(people.token(town.context, "counter", subject="far", region=people.ELSEWHERE))
    for path in (f"/api/prechecks/{case_no}", f"/api/prechecks/{case_no}/materials/{FILE}"):
        assert (await town.client().get(path, headers=elsewhere)).status_code == 404
    listed = await town.client().get("/api/prechecks", headers=elsewhere)
    assert listed.json() == {"items": [], "waiting": 0, "next": None}
    # by its number alone a draft is still nobody's to see, not even of the clerk who is to look at it
    for path in (f"/api/cases/{case_no}", f"/api/cases/{case_no}/materials/{FILE}"):
        assert (await town.get("counter", path)).status_code == 404
    assert (await town.get("citizen", f"/api/prechecks/{case_no}")).status_code == 404
    weak = people.bearer(people.token(town.context, "citizen", assurance=Assurance(level=1)))
    assert (await town.client().get(f"/api/cases/{case_no}/precheck", headers=weak)).status_code == 401


async def test_asked_of_an_outlet_it_is_that_one_s_and_the_region_s(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town, outlet=TOWN)
    for who, status in ((TOWN_CLERK, 200), ("counter", 200), (HALL_CLERK, 404), (PARTNER_CLERK, 404)):
        assert (await town.get(who, f"/api/prechecks/{case_no}")).status_code == status, who
        listed = [one["case_no"] for one in (await town.get(who, "/api/prechecks")).json()["items"]]
        assert listed == ([case_no] if status == 200 else []), who
    key = "the answer"
    body = answered((await town.get(TOWN_CLERK, f"/api/prechecks/{case_no}")).json())
    first = await town.post(TOWN_CLERK, f"/api/prechecks/{case_no}/answer", body, key=key)
    assert first.status_code == 200, first.text
    # sent to the hall: that one sees it now, and who answered gets the same answer again
    assert (await town.get(HALL_CLERK, f"/api/prechecks/{case_no}")).status_code == 200
    again = await town.post(TOWN_CLERK, f"/api/prechecks/{case_no}/answer", body, key=key)
    assert again.content == first.content
    code = {"code": (await own(town, case_no))["code"]}
    assert (await town.post(PARTNER_CLERK, f"/api/prechecks/{case_no}/take-over", code)).status_code == 404
    assert (await town.post(HALL_CLERK, f"/api/prechecks/{case_no}/take-over", code)).status_code == 200
    draft = (await town.get(HALL_CLERK, f"/api/cases/{case_no}")).json()
    assert draft["outlet"]["code"] == HALL


async def test_whom_a_draft_was_handed_over_to_does_not_delete_it_and_its_applicant_does(fresh_town: Town) -> None:
    """Neither by the API nor below it, with a file of the applicant's in it."""
    town = fresh_town
    case_no = await asked(town)
    assert (await answer(town, case_no)).status_code == 200
    code = {"code": (await own(town, case_no))["code"]}
    assert (await town.post("counter", f"/api/prechecks/{case_no}/take-over", code)).status_code == 200
    view = (await town.get("counter", f"/api/cases/{case_no}")).json()
    acts_ = {one["act"]: one["allowed"] for one in view["available_actions"]}
    assert (acts_["edit_draft"], acts_["submit"], acts_["delete_draft"]) == (True, True, False)
    refused = await town.client("counter").delete(f"/api/cases/{case_no}")
    assert refused.status_code == 403, refused.text
    clerk = people.actor(people.account(town.context, "counter"))
    with pytest.raises(OneThingError, match="您不能删除"):
        async with town.context.database.transaction(clerk) as tx:
            await cases.delete_draft(tx, case_no)
    kept = "select count(*) from cases where case_no = %s", "select count(*) from material_files where case_no = %s"
    assert [town.rows(query, case_no)[0][0] for query in kept] == [1, 1]
    own_one = (await town.post("counter", "/api/cases", opening(submit=False))).json()["case_no"]
    assert (await town.client("counter").delete(f"/api/cases/{own_one}")).status_code == 204
    assert (await town.client("citizen").delete(f"/api/cases/{case_no}")).status_code == 204


async def test_who_works_at_several_outlets_takes_over_where_the_person_was_told_to_come(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    assert (await answer(town, case_no)).status_code == 200
    code = {"code": (await own(town, case_no))["code"]}
    token = people.token(town.context, "counter", subject="both", outlets=OutletScope(own=(TOWN, HALL)))
    taken = await town.post("counter", f"/api/prechecks/{case_no}/take-over", code, headers=people.bearer(token))
    assert taken.status_code == 200, taken.text
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["outlet"]["code"] == HALL


async def test_only_with_the_code_and_until_the_day_is_over(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    path = f"/api/prechecks/{case_no}/take-over"
    assert (await town.post("counter", path, {"code": "23456789"})).status_code == 422  # not answered yet
    assert (await answer(town, case_no)).status_code == 200
    code = (await own(town, case_no))["code"]
    wrong = await town.post("counter", path, {"code": code[::-1]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/code")
    assert (await town.get("counter", f"/api/cases/{case_no}")).status_code == 404
    assert code not in (await town.get("counter", f"/api/prechecks/{case_no}")).text
    town.clock.move(2 * DAY)  # 9:00 on the day after
    for answer_ in (
        await town.get("counter", f"/api/prechecks/{case_no}"),
        await town.get("counter", f"/api/prechecks/{case_no}/materials/{FILE}"),
        await town.post("counter", path, {"code": code}),
    ):
        assert answer_.status_code == 404
    assert (await own(town, case_no))["over"] is True


async def test_one_that_waited_for_weeks_can_still_be_answered(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    town.clock.move(21 * DAY)  # a Monday
    assert (await town.get("counter", f"/api/prechecks/{case_no}")).json()["last_day"] == "2026-03-29"
    said = await answer(town, case_no, on="2026-03-24")
    assert said.status_code == 200, said.text


async def test_what_is_not_to_be_brought_any_more_is_not_shown(fresh_town: Town) -> None:
    """It was photographed before the answers were changed."""
    town = fresh_town
    case_no = await asked(town)
    assert (await town.get("counter", f"/api/prechecks/{case_no}/materials/{FILE}")).status_code == 200
    headers = {"If-Match": "*", **people.bearer(town.token("citizen"))}
    change = {"reuse": [FILE]}
    changed = await town.client().patch(f"/api/cases/{case_no}", json=change, headers=headers)
    assert changed.status_code == 200, changed.text
    shown = (await town.get("counter", f"/api/prechecks/{case_no}")).json()["materials"]
    assert FILE not in [one["code"] for one in shown]
    for page in ("", "/pages/1"):
        assert (await town.get("counter", f"/api/prechecks/{case_no}/materials/{FILE}{page}")).status_code == 404


async def test_late_ones_are_marked_and_the_longest_waiting_are_first(fresh_town: Town) -> None:
    town = fresh_town
    first = await asked(town)
    town.clock.move(timedelta(hours=4))
    second = await asked(town)
    town.clock.move(timedelta(hours=3))  # 16:00: the first was promised for 14:30
    whole = (await town.get("counter", "/api/prechecks?limit=1")).json()
    rest = (await town.get("counter", f"/api/prechecks?limit=1&after={whole['next']}")).json()
    assert [(one["case_no"], one["late"]) for one in (*whole["items"], *rest["items"])] == [
        (first, True),
        (second, False),
    ]
    assert (whole["waiting"], rest["next"]) == (2, None)
    assert (await own(town, first))["late"] is True


async def test_it_goes_with_the_draft(fresh_town: Town) -> None:
    town = fresh_town
    deleted, forgotten, submitted = [await asked(town) for _ in range(3)]
    assert (await town.client("citizen").delete(f"/api/cases/{deleted}")).status_code == 204
    assert (await town.get("counter", f"/api/prechecks/{deleted}")).status_code == 404
    papers = {"materials": [{"code": OTHER}, {"code": LEASE}]}
    headers = {"If-Match": "*", **people.bearer(town.token("citizen"))}
    assert (await town.client().patch(f"/api/cases/{submitted}", json=papers, headers=headers)).status_code == 200
    assert (await town.post("citizen", f"/api/cases/{submitted}/submit")).status_code == 200
    assert (await town.get("counter", f"/api/prechecks/{submitted}")).status_code == 404
    assert [one["case_no"] for one in (await town.get("counter", "/api/prechecks")).json()["items"]] == [forgotten]
    town.clock.move(31 * DAY)
    async with town.as_worker() as tx:
        assert await cases.forget_drafts(tx, town.clock.now()) == 1
    assert town.rows("select case_no from prechecks") == [(submitted,)]
    assert (await town.get("counter", "/api/prechecks")).json()["waiting"] == 0


async def test_asking_keeps_the_draft(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await photographed(town)
    town.clock.move(20 * DAY)
    assert (await town.post("citizen", f"/api/cases/{case_no}/precheck")).status_code == 201
    kept = (await town.get("citizen", f"/api/cases/{case_no}")).json()["expires_at"]
    assert kept[:10] == "2026-04-21"


async def test_its_person_learns_who_looked_and_that_it_was_answered(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    await town.get("counter", f"/api/prechecks/{case_no}/materials/{FILE}")
    assert (await answer(town, case_no)).status_code == 200
    lines = (await town.get("citizen", "/api/me/access")).json()["items"]
    of_it = [one["what"] for one in lines if one.get("case_no") == case_no]
    assert of_it == ["来前预看：答复", "来前预看：打开您请窗口看的草稿", "来前预看：打开您请窗口看的草稿"]
    (notice,) = (await town.get("citizen", "/api/me/notices")).json()["items"]
    assert (notice["kind"], notice["case_no"], notice["state"]) == ("precheck_answered", case_no, "answered")
    assert "2026-03-03 到杭州市政务服务大厅" in notice["text"]
    assert (await town.get("citizen2", "/api/me/notices")).json()["items"] == []


async def test_nobody_answers_of_their_own(fresh_town: Town) -> None:
    """Whoever works at the counter and is the applicant has a colleague look."""
    town = fresh_town
    case_no = await asked(town)
    body = answered((await town.get("counter", f"/api/prechecks/{case_no}")).json())
    token = people.token(town.context, "counter", subject="clerk", identity_number=people.ZHANG.id_number)
    refused = await town.post("counter", f"/api/prechecks/{case_no}/answer", body, headers=people.bearer(token))
    assert (refused.status_code, "本人的申请" in refused.json()["detail"]) == (403, True)


async def test_what_is_said_is_sealed(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await asked(town)
    assert (await answer(town, case_no, note="金丝雀的一句话")).status_code == 200
    ((row, body),) = town.rows("select p::text, body from prechecks p where case_no = %s", case_no)
    assert "金丝雀" not in row
    assert "金丝雀" in town.context.sealer.open(bytes(body), context=f"precheck/{case_no}").decode()
