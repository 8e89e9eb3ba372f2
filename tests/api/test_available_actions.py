"""What comes with a case and a task on what may be done next: complete, by right and by state, and for no message more.

That it agrees with what the API then does, for each act in each status: `test_facts.py`."""

from datetime import timedelta
from typing import Any

from onething.cli.terminal import labels
from onething.domain.principal import Assurance, Role
from onething.security.policy import TABLE, role_may
from onething.services.available.actions import OF_SUPERVISORS, ON_CASES, ON_TASKS
from onething.services.available.task_windows import KINDS
from tests.api.acts import accepted_case, approve, draft, open_case
from tests.api.lawful import task
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf

READERS = {
    Role.CITIZEN: "citizen",
    Role.COUNTER: "counter",
    Role.OFFICER: "officer.amr",
    Role.LEADER: "leader.amr",
    Role.SUPERVISOR: "supervisor",
}


async def actions(town: Town, who: str, path: str, **kwargs: Any) -> dict[str, dict[str, Any]]:
    """Act → what is told of it."""
    answer = await town.get(who, path, **kwargs)
    assert answer.status_code == 200, answer.text
    return {one.pop("act"): one for one in answer.json()["available_actions"]}


async def test_whoever_looks_is_told_of_every_act_that_their_role_may_ever_do(town: Town) -> None:
    case_no = await accepted_case(town)
    for role, who in READERS.items():
        told = await actions(town, who, f"/api/cases/{case_no}")
        of_items = OF_SUPERVISORS if role is Role.SUPERVISOR else ()
        assert told.keys() == {*(act for act in ON_CASES if role_may(role, act)), *of_items}
        assert all(one["allowed"] is ("why" not in one) for one in told.values()), told
        if role in (Role.OFFICER, Role.LEADER):
            of_task = await actions(town, who, task(case_no))
            assert of_task.keys() == {act for act in ON_TASKS if role_may(role, act) and "decide" in KINDS[act]}
            assert "available_actions" not in (await town.get(who, task(case_no))).json()["case"]


def test_the_two_tables_are_of_acts_on_tasks_and_on_cases() -> None:
    assert ON_TASKS.keys() == KINDS.keys()
    assert ON_CASES.keys().isdisjoint(ON_TASKS)
    assert {*ON_CASES, *ON_TASKS} <= TABLE.keys()
    assert set(labels.ACTS) == {*ON_CASES, *ON_TASKS}  # each has its words in the terminal


def test_what_a_supervisor_does_on_tasks_is_told_with_the_case() -> None:
    assert set(OF_SUPERVISORS) == {act for act in ON_TASKS if role_may(Role.SUPERVISOR, act)}


async def test_a_supervisor_is_told_what_may_be_done_with_some_item(fresh_town: Town) -> None:
    town = fresh_town
    path = f"/api/cases/{await accepted_case(town)}"
    told = await actions(town, "supervisor", path)
    assert told["suspend"] == {"allowed": True}
    assert told["resume"]["allowed"] is False
    body = {"basis": "force_majeure", "days": 2, "reason": "台风"}
    assert (await town.post("supervisor", f"{task(path.rpartition('/')[2])}/suspend", body)).status_code == 200
    assert (await actions(town, "supervisor", path))["resume"] == {"allowed": True}


async def test_a_mandate_opens_the_acts_that_it_names(fresh_town: Town) -> None:
    town = fresh_town
    helper = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper"}
    given = helper | {"acts": ["apply", "urge"], "expires_on": "2026-03-31"}
    assert (await town.post("citizen", "/api/mandates", given)).status_code == 201
    path = f"/api/cases/{await open_case(town, 'agent')}"
    told = await actions(town, "agent", path)
    # an urge is within the mandate, but not yet in time; a file that comes now supplements the case
    assert "已提交" in told["urge"]["why"]
    for act in ("supplement", "upload_material", "withdraw", "rate"):
        assert told[act]["allowed"] is False
        assert "只允许：申请、催办" in told[act]["why"]
    refused = await town.post("agent", f"{path}/withdraw")
    assert (refused.status_code, refused.json()["detail"]) == (403, told["withdraw"]["why"])
    files = {"file": ("a.pdf", pdf("notice"), "application/pdf")}
    upload = await town.client("agent").put(f"{path}/materials/name-notice", files=files)
    assert (upload.status_code, upload.json()["detail"]) == (403, told["upload_material"]["why"])
    assert town.rows("select count(*) from material_files") == [(0,)]
    mine = await actions(town, "citizen", path)
    assert mine["withdraw"] == mine["upload_material"] == {"allowed": True}


async def test_who_is_not_known_well_enough_is_told_the_remedy(town: Town) -> None:
    path = f"/api/cases/{await draft(town)}"
    weak = people.bearer(people.token(town.context, "citizen", assurance=Assurance(level=1)))
    told = await actions(town, "citizen", path, headers=weak)
    assert told["submit"]["allowed"] is False
    assert "重新登录" in told["submit"]["remedy"]
    assert told["edit_draft"] == told["upload_material"] == {"allowed": True}


async def test_a_draft_is_edited_submitted_or_nothing(town: Town) -> None:
    told = await actions(town, "citizen", f"/api/cases/{await draft(town)}")
    allowed = {act for act, one in told.items() if one["allowed"]}
    assert allowed == {"edit_draft", "delete_draft", "submit", "ask_precheck", "upload_material", "reissue_code"}
    assert "草稿" in told["withdraw"]["why"]


async def test_nobody_decides_on_a_task_of_their_own_case(fresh_town: Town) -> None:
    town = fresh_town
    path = task(await accepted_case(town))
    own = people.bearer(people.token(town.context, "officer.amr", identity_number=people.ZHANG.id_number))
    told = await actions(town, "officer.amr", path, headers=own)
    assert "本人的申请" in told["decide"]["why"]
    assert told["claim"] == {"allowed": True}  # it says nothing
    before = town.counts()
    refused = await town.post("officer.amr", f"{path}/decide", {"outcome": "refuse", "opinion": "理由"}, headers=own)
    assert (refused.status_code, "本人的申请" in refused.json()["detail"]) == (403, True)
    assert town.counts()["journal"] == before["journal"]
    assert (await actions(town, "officer.amr", path))["decide"] == {"allowed": True}


async def test_a_task_that_another_works_on(town: Town) -> None:
    path = task(await accepted_case(town))
    assert (await actions(town, "officer.amr", path))["transfer"]["allowed"] is False  # not claimed yet
    assert (await town.post("leader.amr", f"{path}/claim")).status_code == 200
    told = await actions(town, "officer.amr", path)
    for act in ("claim", "release", "transfer", "decide", "consult"):
        assert told[act] == {"allowed": False, "why": "该待办已由其他人员认领，请先由其放回。"}, act
    theirs = await actions(town, "leader.amr", path)
    assert theirs["claim"] == theirs["release"] == theirs["transfer"] == theirs["decide"] == {"allowed": True}


async def test_an_urge_too_soon_says_from_when_on(fresh_town: Town) -> None:
    town = fresh_town
    path = f"/api/cases/{await accepted_case(town)}"
    assert (await actions(town, "citizen", path))["urge"] == {"allowed": True}
    assert (await town.post("citizen", f"{path}/urge", {"text": "请尽快"})).status_code == 200
    assert "以后可以再次催办" in (await actions(town, "citizen", path))["urge"]["why"]
    assert (await actions(town, "officer.amr", path))["answer_urge"] == {"allowed": True}
    town.clock.move(timedelta(days=3))
    assert (await actions(town, "citizen", path))["urge"] == {"allowed": True}


async def test_a_finished_task_has_no_actions_left(town: Town) -> None:
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    told = await actions(town, "officer.amr", task(case_no))
    assert not [act for act, one in told.items() if one["allowed"]]


MESSAGES = {"citizen": 10, "counter": 12, "supervisor": 8, "officer.amr": 11, "task": 12}
"""From BEGIN to COMMIT; as many as before anything was told of actions. Offices also ask whether the applicant is no
more; who takes in or decides, what may be the same once more; all but departments, which urges were settled."""


async def test_it_takes_no_message_more(fresh_town: Town) -> None:
    """Each part of a case is asked for once: its head, its state, and what is shown of it."""
    town = fresh_town
    first, second = [await accepted_case(town) for _ in range(2)]
    said: list[str] = []
    readers = [who for who in MESSAGES if who != "task"]
    for who in readers:
        await town.get(who, f"/api/cases/{first}")  # what a first use prepares is not counted
    await town.get("officer.amr", task(first))
    pool = town.context.database._pool
    for connection in [await pool.acquire() for _ in range(pool.get_size())]:
        connection.add_query_logger(lambda record: said.append(record.query))
        await pool.release(connection)
    counted = {}
    for who in readers:
        await town.get(who, f"/api/cases/{second}")
        counted[who], said[:] = len(said), []
    await town.get("officer.amr", task(second))
    counted["task"] = len(said)
    assert counted == MESSAGES
