"""内部备注 and saved views: a department's own, and a person's own."""

from typing import Any

from tests.api import acts
from tests.api.town import Town

OFFICER, LEADER = "officer.amr", "leader.amr"
TEXT, MORE = "已电话核实住所，房东王五同意", "章程第三页待补签"


def note(case_no: str, item: str = "registration", round_no: int = 1) -> str:
    return f"/api/tasks/{case_no}-{item}-{round_no}/note"


async def write(town: Town, path: str, text: str, version: int, who: str = OFFICER) -> Any:
    return await town.client(who).put(path, json={"text": text, "version": version})


async def test_colleagues_write_one_note_and_nobody_loses_a_word(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    assert (await town.get(OFFICER, note(case_no))).json() == {"text": "", "version": 0}
    answer = await write(town, note(case_no), TEXT, 0)
    assert answer.status_code == 200, answer.text
    stored = (await town.get(LEADER, note(case_no))).json()
    assert stored == {"text": TEXT, "version": 1, "by": OFFICER, "at": "2026-03-02T09:00:00+08:00"}
    assert (await write(town, note(case_no), MORE, 0, LEADER)).status_code == 412
    assert (await write(town, note(case_no), TEXT + MORE, 1, LEADER)).json()["version"] == 2
    assert (await write(town, note(case_no), MORE, 1)).status_code == 412
    changed = (await town.get(OFFICER, note(case_no))).json()
    assert (changed["text"], changed["by"]) == (TEXT + MORE, LEADER)


async def test_it_is_kept_after_the_decision_and_through_rounds(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await write(town, note(case_no), TEXT, 0)
    await acts.approve(town, case_no, "registration")
    assert (await town.get(OFFICER, note(case_no))).json()["text"] == TEXT
    assert (await write(town, note(case_no), MORE, 1)).status_code == 200
    back = {"to": "registration", "reason": "执照有误"}
    assert (await town.post("officer.psb", f"/api/tasks/{case_no}-seal-1/return", back)).status_code == 200
    assert (await town.get(OFFICER, note(case_no, round_no=2))).json()["text"] == MORE


async def pin(town: Town, path: str, place: str, text: str, version: int, who: str = OFFICER) -> Any:
    return await town.client(who).put(path, json={"place": place, "text": text, "version": version})


async def test_pins_stand_at_a_field_or_a_material_beside_the_note(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    path = note(case_no)
    written = await pin(town, path, "material/articles", MORE, 0)
    assert written.status_code == 200, written.text
    assert (written.json()["place"], written.json()["version"]) == ("material/articles", 1)
    assert (await pin(town, path, "form/address", TEXT, 0, LEADER)).status_code == 200
    assert (await write(town, path, "备注", 0)).status_code == 200
    stored = (await town.get(LEADER, path)).json()
    assert (stored["text"], stored["version"]) == ("备注", 1)
    assert [(one["place"], one["text"], one["by"]) for one in stored["pins"]] == [
        ("form/address", TEXT, LEADER), ("material/articles", MORE, OFFICER),
    ]  # fmt: skip
    # each has a version of its own; taken back it is empty
    assert (await pin(town, path, "material/articles", TEXT, 0, LEADER)).status_code == 412
    assert (await pin(town, path, "material/articles", "", 1)).json()["version"] == 2
    assert [one["text"] for one in (await town.get(OFFICER, path)).json()["pins"]] == [TEXT, ""]
    kept = town.rows("select count(*) from task_notes where position(%s in encode(body, 'escape')) > 0", "addr")
    assert kept == [(0,)], "sealed"


async def test_a_pin_stands_where_there_is_something(fresh_town: Town) -> None:
    case_no = await acts.accepted_case(fresh_town)
    for place in ("form/no_such_field", "material/none", "elsewhere/x", "form/../x"):
        answer = await pin(fresh_town, note(case_no), place, TEXT, 0)
        assert answer.status_code == 422, place
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/place"]


async def test_nobody_else_reads_it_and_nothing_else_tells_it(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await write(town, note(case_no), TEXT, 0)
    await pin(town, note(case_no), "form/address", TEXT, 0)
    for who in ("officer.tax", "officer.psb", "counter", "supervisor", "citizen", "admin", "auditor"):
        answer = await town.get(who, note(case_no))
        assert answer.status_code in (403, 404), who
        assert TEXT not in answer.text
        assert (await write(town, note(case_no), MORE, 1, who)).status_code in (403, 404), who
    for who in ("citizen", "counter", OFFICER, "supervisor"):
        for path in (f"/api/cases/{case_no}", f"/api/cases/{case_no}/timeline", f"/api/cases/{case_no}/documents"):
            assert TEXT not in (await town.get(who, path)).text, (who, path)
    ((lines,),) = town.rows("select count(*) from journal where case_no = %s and line like '%%note/%%'", case_no)
    assert lines == 0
    assert town.rows("select count(*) from task_notes where body = %s", TEXT.encode()) == [(0,)]
    acts_done = town.rows(
        "select subject, act from access_log where act like '%%_note' and outcome = 'done' order by id"
    )
    assert acts_done == [(OFFICER, "write_note")] * 2


async def test_views_are_one_s_own(fresh_town: Town) -> None:
    town = fresh_town
    this_week = {"name": "本周要办", "filter": {"due": "week", "flags": ["urged"]}}
    answer = await town.post(OFFICER, "/api/views", this_week)
    assert answer.status_code == 201, answer.text
    saved = answer.json()
    assert (saved["id"], saved["name"], saved["filter"]["flags"]) == (1, "本周要办", ["urged"])
    assert (await town.post(OFFICER, "/api/views", {"name": "我的", "filter": {"holder": "mine"}})).json()["id"] == 2
    again = await town.post(OFFICER, "/api/views", {"name": "本周要办", "filter": {"due": "today"}})
    assert again.json()["id"] == 1
    mine = (await town.get(OFFICER, "/api/views")).json()["items"]
    assert [(view["name"], view["filter"].get("due")) for view in mine] == [("本周要办", "today"), ("我的", None)]
    assert (await town.get(LEADER, "/api/views")).json()["items"] == []
    assert (await town.client(LEADER).delete("/api/views/1")).status_code == 404
    assert (await town.client(OFFICER).delete("/api/views/1")).status_code == 204
    assert (await town.client(OFFICER).delete("/api/views/1")).status_code == 404
    for who in ("citizen", "counter", "supervisor"):
        assert (await town.get(who, "/api/views")).status_code == 403
    assert town.rows("select count(*) from queue_views where body like %s", "我的".encode()) == [(0,)]


async def test_there_are_twenty_at_most(fresh_town: Town) -> None:
    town = fresh_town
    for n in range(20):
        assert (await town.post(OFFICER, "/api/views", {"name": f"视图{n}"})).status_code == 201
    full = await town.post(OFFICER, "/api/views", {"name": "再来一个"})
    assert (full.status_code, "先删去" in full.json()["detail"]) == (409, True)
    assert (await town.post(OFFICER, "/api/views", {"name": "视图7", "filter": {"due": "today"}})).status_code == 201
    await town.client(OFFICER).delete("/api/views/5")
    assert (await town.post(OFFICER, "/api/views", {"name": "再来一个"})).json()["id"] == 5


async def test_a_filter_that_can_not_be_is_not_saved(town: Town) -> None:
    for wrong in (
        {"item": "registration"},
        {"bundle": "no-such"},
        {"flags": ["urgent"]},
        {"state": "closed", "due": "week"},
    ):
        answer = await town.post(OFFICER, "/api/views", {"name": "错的", "filter": wrong})
        assert answer.status_code == 422, wrong


async def test_phrases_are_one_s_own_and_few(fresh_town: Town) -> None:
    town = fresh_town
    for n in range(1, 31):
        answer = await town.post(OFFICER, "/api/phrases", {"text": f"第{n}条"})
        assert (answer.status_code, answer.json()) == (201, {"id": n, "text": f"第{n}条"}), answer.text
    assert (await town.post(OFFICER, "/api/phrases", {"text": "第7条"})).json()["id"] == 7, "not kept twice"
    full = await town.post(OFFICER, "/api/phrases", {"text": "再来一条"})
    assert (full.status_code, "先删去" in full.json()["detail"]) == (409, True)
    assert (await town.get(LEADER, "/api/phrases")).json()["items"] == []
    assert (await town.client(LEADER).delete("/api/phrases/7")).status_code == 404
    assert (await town.client(OFFICER).delete("/api/phrases/7")).status_code == 204
    assert (await town.client(OFFICER).delete("/api/phrases/7")).status_code == 404
    assert (await town.post(OFFICER, "/api/phrases", {"text": "再来一条"})).json()["id"] == 7
    assert len((await town.get(OFFICER, "/api/phrases")).json()["items"]) == 30
    for who in ("citizen", "counter", "supervisor"):
        assert (await town.get(who, "/api/phrases")).status_code == 403
