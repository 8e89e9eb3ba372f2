"""Least data: each role reads what it needs and no more, each reading leaves a line, and text is kept to the byte."""

from typing import Any

import pytest

from onething.connectors.simulator.numbers import credit_code
from onething.domain.events.outcomes import EffectUndone
from tests.api import acts
from tests.api.forms import APPLICANT, opening
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf as pdf_of

PERSONAL = (people.ZHANG.name, people.ZHANG.id_number, people.ZHANG.phone, "买买提", "文一西路")


async def case(town: Town, who: str, case_no: str) -> dict[str, Any]:
    answer = await town.get(who, f"/api/cases/{case_no}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("who", ["citizen", "counter"])
async def test_the_applicants_side_reads_everything(town: Town, who: str) -> None:
    case_no = await acts.accepted_case(town)
    view = await case(town, who, case_no)
    assert view["form"] == opening()["form"]
    assert view["applicant"] == APPLICANT
    assert view["answers"] == opening()["answers"]
    assert {record["key"] for record in view["records"]} == {
        "name-reservation",
        "representative-identity",
        "address-check",
    }
    records = {one["key"]: one.get("record") for one in view["records"]}
    # of an address nobody can say whose it is: the office asked for it by duty, for the item that needs it
    assert {key for key, record in records.items() if record} >= {"name-reservation", "representative-identity"}
    assert not records["address-check"]
    assert view["records"][0]["labels"]["reservation_no"] == "名称保留编号"
    assert view["missing"] == []


async def test_an_officer_reads_the_fields_of_its_own_items(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    form = {who: (await case(town, f"officer.{who}", case_no))["form"] for who in ("amr", "psb", "tax")}
    assert "finance_officer_id" not in form["amr"].keys() | form["psb"].keys()
    assert "finance_officer_id" in form["tax"]
    assert "seal_kinds" in form["psb"]
    assert "seal_kinds" not in form["amr"].keys() | form["tax"].keys()
    assert "registered_capital" not in form["psb"]
    assert all("company_name" in fields for fields in form.values())


async def test_an_officer_reads_neither_phone_nor_others_records_nor_opinions(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    view = await case(town, "officer.tax", case_no)
    assert view["applicant"] == {key: value for key, value in APPLICANT.items() if key != "phone"}
    assert view["records"] == []
    assert "agent" not in view
    registration, _, tax = view["items"]
    assert "opinion" not in registration
    assert registration["outputs"]["uscc"] == credit_code(case_no)  # tax works with what registration gave
    assert [material["code"] for material in view["materials"]] == ["business-licence"]
    assert tax["state"] == "open"
    seal = await case(town, "officer.psb", case_no)
    assert {record["key"] for record in seal["records"]} == {"representative-identity"}


async def test_a_supervisor_reads_no_personal_data(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    answer = await town.get("supervisor", f"/api/cases/{case_no}")
    assert answer.status_code == 200
    assert not [text for text in PERSONAL if text in answer.text]
    assert {"form", "applicant", "answers", "records", "materials", "notices"}.isdisjoint(answer.json())
    assert [item["state"] for item in answer.json()["items"]] == ["approved", "open", "open"]
    timeline = await town.get("supervisor", f"/api/cases/{case_no}/timeline")
    assert not [text for text in (*PERSONAL, "officer.amr", "citizen2") if text in timeline.text]


@pytest.mark.parametrize(
    ("who", "status"),
    [("citizen2", 404), ("officer.transport", 404), ("agent", 404), ("admin", 403), ("auditor", 403), (None, 401)],
)
async def test_who_has_nothing_to_do_with_it(town: Town, who: str | None, status: int) -> None:
    case_no = await acts.open_case(town)
    for part in ("", "/timeline", "/clocks", "/documents", "/materials/articles", "/events"):
        answer = await town.get(who, f"/api/cases/{case_no}{part}")
        assert answer.status_code == status, part
        assert answer.headers["content-type"] == "application/problem+json"
        nowhere = await town.get(who, f"/api/cases/{'9' * 21}{part}")
        assert nowhere.status_code == status, part  # nor does anybody learn which cases exist


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        ("citizen", "accept", None),
        ("officer.amr", "accept", None),
        ("supervisor", "withdraw", None),
        ("officer.amr", "supplement", {"materials": [{"code": "name-notice", "form": "paper"}]}),
        ("citizen", "corrections", {"items": [{"pointer": "/form/address", "what": "x"}]}),
        ("admin", "withdraw", None),
    ],
)
async def test_who_may_not_do_it(town: Town, who: str, path: str, body: Any) -> None:
    case_no = await acts.open_case(town)
    before = town.counts()
    answer = await town.post(who, f"/api/cases/{case_no}/{path}", body)
    assert answer.status_code == 403, answer.text
    assert town.counts() == before
    act = {"corrections": "ask_corrections"}.get(path, path)
    logged = town.rows("select act, outcome from access_log where subject = %s and case_no = %s", who, case_no)
    assert logged == [(act, "not_permitted")]


async def test_tasks_are_the_departments_own(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    task = f"/api/tasks/{case_no}-registration-1"
    assert (await town.get("officer.tax", task)).status_code == 404
    assert (await town.post("officer.tax", f"{task}/decide", {"outcome": "refuse", "opinion": "x"})).status_code == 404
    assert (await town.post("counter", f"{task}/decide", {"outcome": "refuse", "opinion": "x"})).status_code == 403
    assert (await town.get("officer.tax", "/api/tasks?department=amr")).status_code == 403
    assert (await town.get("citizen", "/api/tasks")).status_code == 403
    view = (await town.get("officer.amr", task)).json()
    assert [field["id"] for field in view["decision_form"]] == ["uscc", "established_on"]
    assert view["case"]["case_no"] == case_no


async def test_views_are_logged(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    await town.get("officer.amr", f"/api/cases/{case_no}")
    await town.get("officer.amr", f"/api/tasks/{case_no}-registration-1")
    await town.get("citizen", f"/api/cases/{case_no}/documents")
    await town.get("citizen2", f"/api/cases/{case_no}")
    logged = town.rows("select subject, act, outcome, detail from access_log where case_no = %s order by id", case_no)
    assert logged == [
        ("officer.amr", "view_case", "done", None),
        ("officer.amr", "view_task", "done", "registration"),
        ("citizen", "view_documents", "done", None),
        ("citizen2", "view_case", "not_found", None),
    ]
    roles = town.rows("select distinct subject, role from access_log where case_no = %s", case_no)
    assert set(roles) == {("officer.amr", "officer"), ("citizen", "citizen"), ("citizen2", "citizen")}


@pytest.mark.parametrize("who", ["counter", "supervisor", "citizen2", "officer.amr"])
async def test_a_draft_is_nobody_elses_business(fresh_town: Town, who: str) -> None:
    town = fresh_town
    case_no = await acts.draft(town)
    path = f"/api/cases/{case_no}"
    pdf = {"file": ("a.pdf", pdf_of(), "application/pdf")}
    assert (await town.client("citizen").put(f"{path}/materials/articles", files=pdf)).status_code == 201
    assert (await town.get("citizen", f"{path}/materials/articles")).content == pdf_of()
    assert (await town.get(who, "/api/cases")).json()["items"] == []
    parts = ["", "/timeline", "/clocks"] + ([] if who == "supervisor" else ["/documents", "/materials/articles"])
    for part in parts:
        assert (await town.get(who, path + part)).status_code == 404, part


async def test_lists_that_are_refused_are_logged(fresh_town: Town) -> None:
    town = fresh_town
    refused = [
        await town.get("admin", "/api/cases"),
        await town.post("admin", "/api/cases/search", {"id_number": people.ZHANG.id_number}),
        await town.get("citizen", "/api/tasks"),
        await town.get("officer.tax", "/api/tasks?department=amr"),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    logged = town.rows("select subject, act, outcome from access_log order by id")
    acts_refused = [("admin", "list_cases"), ("admin", "search_cases"), ("citizen", "list_tasks"),
                    ("officer.tax", "list_tasks")]  # fmt: skip
    assert logged == [(*one, "not_permitted") for one in acts_refused]


async def test_text_is_kept_in_its_one_form(town: Town) -> None:
    """Half width where it is digits and letters, nothing at the ends, nothing that nobody sees; all else to the byte,
    composed or not."""
    odd = {
        "company_name": ("䶮𠮷👨👩e\u0301é（ＡＢＣ）", "䶮𠮷👨👩e\u0301é（ABC）"),
        "address": ("  杭州 市\u3000１号 \u200b", "杭州 市\u30001号"),
        "business_scope": ("ي مرحبا\n第二行\tЖ" + "长" * 1900,) * 2,
        "liaison_name": ("ᠮᠣᠩᠭᠣᠯ·བོད",) * 2,
        "finance_officer_name": ("نرگس\u200cزاده",) * 2,
    }
    whole = opening()
    whole["form"] |= {name: typed for name, (typed, _) in odd.items()}
    created = await town.post("citizen", "/api/cases", whole)
    assert created.status_code == 201, created.text
    form = (await case(town, "citizen", created.json()["case_no"]))["form"]
    assert {name: form[name] for name in odd} == {name: normal for name, (_, normal) in odd.items()}


async def test_nothing_personal_is_stored_open(town: Town) -> None:
    """Looked for in every column of every table: the application, a decision, a notice."""
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    await acts.correction(town)
    await acts.draft(town)
    tables = [name for (name,) in town.rows("select tablename from pg_tables where schemaname = 'public'")]
    for table in tables:
        for (row,) in town.rows(f"select to_jsonb(t)::text from {table} t"):
            texts = [text for text in (*PERSONAL, "符合条件", "电话打不通") if text in row or _hex(text) in row]
            assert not texts, table


def _hex(text: str) -> str:
    return text.encode().hex()


async def test_search_is_exact_and_knows_every_way_of_writing(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    applicant = {**APPLICANT, "id_number": people.WANG.id_number}
    other = await acts.open_case(town, "counter", applicant=applicant)
    number = people.ZHANG.id_number
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    for written in (number, number.lower(), full_width, f"{number[:6]} {number[6:14]} {number[14:]}"):
        found = await town.post("counter", "/api/cases/search", {"id_number": written, "reason": "来电查询进度"})
        assert [row["case_no"] for row in found.json()["items"]] == [case_no], written
    for written in (number[:-1], number[:6], "%", "张", number[:-1] + "5"):
        found = await town.post("counter", "/api/cases/search", {"id_number": written, "reason": "来电查询进度"})
        assert (found.status_code, found.json()["errors"][0]["pointer"]) == (422, "/id_number"), written
    paper = {"id_type": "military_id", "id_number": "军字第1234567号", "reason": "来电查询进度"}
    assert (await town.post("counter", "/api/cases/search", paper)).json()["items"] == []
    mine = await town.post("citizen", "/api/cases/search", {"id_number": people.WANG.id_number})
    assert mine.json()["items"] == []
    wang = {"id_number": people.WANG.id_number, "reason": "来电查询进度"}
    theirs = await town.post("counter", "/api/cases/search", wang)
    assert [row["case_no"] for row in theirs.json()["items"]] == [other]
    assert (await town.post("supervisor", "/api/cases/search", {"id_number": "1"})).status_code == 403


async def test_lists_page_by_page(fresh_town: Town) -> None:
    town = fresh_town
    opened = [await acts.open_case(town) for _ in range(5)]
    await acts.open_case(town, "citizen2", applicant=people.LI.applicant)
    seen: list[str] = []
    after = None
    while True:
        query = {"limit": "2", **({"after": after} if after else {})}
        page = (await town.get("citizen", "/api/cases", params=query)).json()
        assert len(page["items"]) <= 2
        seen += [row["case_no"] for row in page["items"]]
        after = page.get("next")
        if after is None:
            break
    assert seen == sorted(opened, reverse=True)
    for who, count in (("counter", 6), ("supervisor", 6), ("officer.amr", 6), ("officer.bank", 0), ("agent", 0)):
        assert len((await town.get(who, "/api/cases")).json()["items"]) == count, who
    withdrawn = opened[0]
    await town.post("citizen", f"/api/cases/{withdrawn}/withdraw")
    page = (await town.get("citizen", "/api/cases?status=withdrawn")).json()
    assert [row["case_no"] for row in page["items"]] == [withdrawn]
    page = (await town.get("citizen", "/api/cases?bundle=newborn")).json()
    assert page["items"] == []
    assert len((await town.get("citizen", "/api/cases?bundle=enterprise-opening")).json()["items"]) == 5


async def test_the_queue_page_by_page(fresh_town: Town) -> None:
    town = fresh_town
    cases = [await acts.accepted_case(town) for _ in range(3)]
    first = (await town.get("officer.amr", "/api/tasks?limit=2")).json()
    rest = (await town.get("officer.amr", f"/api/tasks?limit=2&after={first['next']}")).json()
    assert [row["case_no"] for row in first["items"] + rest["items"]] == sorted(cases)
    assert rest["next"] is None
    await acts.approve(town, cases[0], "registration")
    done = (await town.get("officer.amr", "/api/tasks?state=closed")).json()["items"]
    assert [(row["case_no"], row["result"]) for row in done] == [(cases[0], "approve")]


async def test_timeline_and_clocks(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    page = (await town.get("citizen", f"/api/cases/{case_no}/timeline?limit=3")).json()
    assert [entry["seq"] for entry in page["items"]] == [1, 2, 3]
    rest = (await town.get("citizen", f"/api/cases/{case_no}/timeline?after={page['next']}")).json()["items"]
    last = rest[-1]
    assert last["text"] == "“企业设立登记”准予登记"
    assert (last["role"], last["department"]) == ("officer", "amr")
    clocks = (await town.get("citizen", f"/api/cases/{case_no}/clocks")).json()["items"]
    assert [(clock["name"], clock["state"]) for clock in clocks] == [
        ("case", "running"), ("case:statutory", "running"), ("item:registration", "met"), ("item:seal", "running"),
        ("item:seal:statutory", "running"), ("item:tax", "running"), ("item:tax:statutory", "running"),
    ]  # fmt: skip
    assert "承诺 3 个工作日" in clocks[0]["explain"]
    assert clocks[0]["due_at"] == "2026-03-05T17:30:00+08:00"


async def test_people_read_names_and_local_times(town: Town) -> None:
    """What a clerk or a citizen reads aloud: no codes, no machine's way of writing a time."""
    case_no = await acts.accepted_case(town)
    (task,) = [
        one for one in (await town.get("officer.amr", "/api/tasks")).json()["items"] if one["case_no"] == case_no
    ]
    assert (task["name"], task["item_name"]) == ("企业开办", "企业设立登记")
    clocks = (await town.get("citizen", f"/api/cases/{case_no}/clocks")).json()["items"]
    assert "自 2026-03-02 09:00 起算，至 2026-03-05 17:30；" in clocks[0]["explain"]
    await town.post("citizen", f"/api/cases/{case_no}/withdraw")
    for command_id, command in (await town.commands(case_no)).items():
        if command.kind == "undo_effect":
            await town.outcome(case_no, EffectUndone(command=command_id, effect=command.target))
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "已释放“企业名称保留信息”" in [line["text"] for line in lines]


@pytest.mark.parametrize(
    ("path", "parameter"), [("/api/cases/123", "case_no"), ("/api/tasks/9", "task_id"), ("/api/bundles/No!", "code")]
)
async def test_a_number_that_is_none_is_told_without_a_pattern(town: Town, path: str, parameter: str) -> None:
    answer = await town.get("officer.amr", path)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"parameter": parameter, "code": "invalid_value", "detail": "格式不正确，请核对。"}],
    )


async def test_choices_are_told_without_quotes(town: Town) -> None:
    answer = await town.post("citizen", "/api/cases", opening(delivery={"method": "pigeon"}))
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["detail"]) == ("/delivery/method", "只能是 electronic、counter、post 之一。")
