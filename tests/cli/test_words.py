"""What the terminal says: names instead of codes, what was told to the applicant, and Chinese when one mistypes."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console, RenderableType

from definitions.loader import load_catalog
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.vocabulary import Vocabulary
from onething.cli.views import application, deadlines
from onething.cli.views import case as views_case
from onething.cli.views import task as views_task
from tests.cli import in_process
from tests.support import people

BUNDLE = load_catalog().latest["enterprise-opening"]
VOCABULARY = Vocabulary.of(
    {
        **BUNDLE.model_dump(mode="json", exclude_none=True),
        "form": [one.model_dump(mode="json", exclude_none=True) for one in BUNDLE.form],
        "departments": [{"code": "amr", "name": "市场监督管理局"}, {"code": "bank", "name": "商业银行"}],
    }
)
REGISTRATION = {"code": "registration", "name": "企业设立登记", "department": "amr", "state": "approved", "round": 1}
BANK = {"code": "bank", "name": "银行预约开户", "department": "bank", "state": "open", "round": 1}
CASE: dict[str, Any] = {
    "case_no": "330100202611210000019",
    "name": "企业开办",
    "channel": "online",
    "status": "processing",
    "submitted_at": "2026-11-21T11:11:56Z",
    "items": [{**REGISTRATION, "outputs": {"uscc": "91330106MA2HYR5L3J", "established_on": "2026-11-21"}}, BANK],
    "answers": {"company_type": "llc", "prior_approval": False, "services": ["seal", "tax"]},
    "form": {
        "operating_term": "unlimited",
        "directors": [{**people.ZHANG.named, "position": ["director"]}],
        "of_a_newer_version": 1,
    },
    "materials": [{"code": "articles", "name": "公司章程", "state": "in_hand", "kept": "paper"}],
    "records": [
        {
            "key": "address-check",
            "name": "住所标准地址核验",
            "state": "in_hand",
            "result": "differs",
            "record": {"usage": "商业服务", "disputed": False},
            "labels": {"usage": "房屋用途", "disputed": "是否有争议登记"},
            "as_of": "2026-11-21T11:11:56Z",
        }
    ],
}


def shown(one: RenderableType) -> str:
    console = Console(file=StringIO(), width=200)
    console.print(one)
    assert isinstance(console.file, StringIO)
    return "\n".join(" ".join(line.split()) for line in console.file.getvalue().splitlines())


def test_a_task_shows_all_that_its_department_needs_in_words() -> None:
    form = [one.model_dump(mode="json") for one in BUNDLE.items[0].decision_form]
    task = {
        "task_id": "1-bank-1",
        "state": "open",
        "kind": "decide",
        "item_name": "银行预约开户",
        "decision_form": form,
        "case": CASE,
    }
    other = "该待办已由其他人员认领，请先由其放回。"
    task["available_actions"] = [
        {"act": "claim", "allowed": True},
        {"act": "decide", "allowed": False, "why": other},
        {"act": "consult", "allowed": False, "why": other},
        {"act": "of_a_newer_version", "allowed": False, "why": "须先登录。", "remedy": "请重新登录。"},
    ]
    text = shown(views_task.details(task, VOCABULARY, everything=True))
    for told in (
        "要设立哪一种企业？ 有限责任公司",
        "经营范围是否含有登记前须经批准的项目？ 否",
        "领取营业执照后，还要一并办理哪些事项？ 公章刻制备案、税务信息确认与发票领用",
        "营业期限 长期",
        f"董事、监事、经理 姓名 {people.ZHANG.name}，身份证件 {people.ZHANG.id_number}，职务 董事",
        "of_a_newer_version 1",
        "公司章程 articles 已有（纸质）",
        "调取的住所标准地址核验",
        "查询结果 与申请不一致",
        "是否有争议登记 否",
        "数据截至 2026-11-21 19:11:56",
        "“企业设立登记”的结果",
        "统一社会信用代码 91330106MA2HYR5L3J",
        "认领：onething task claim 1-bank-1",
        f"不能决定、征求意见、会签：{other}",
        "不能of_a_newer_version：须先登录。请重新登录。",
    ):
        assert told in text, text


def test_who_applies_reads_how_look_ups_ended() -> None:
    """Of a record that is another's there is no more than that."""
    rows = [
        {"name": "数据0", "state": "in_hand", "result": "matches"},
        {"name": "数据1", "state": "in_hand", "result": "differs"},
        {"name": "数据2", "state": "in_hand", "result": "found"},
        {"name": "数据3", "state": "in_hand", "result": "not_found"},
        {"name": "还没有答复的", "state": "pending"},
    ]
    told = dict(application.lookups(rows))
    assert list(told.values()) == ["与申请一致", "与申请不一致", "已查到", "未查到", "等待中"]


def test_the_applicant_reads_what_is_to_be_corrected() -> None:
    items = [
        {"material": "articles", "what": "没有全体股东签名。"},
        {"pointer": "/form/liaison_phone", "what": "打不通。"},
        {"pointer": "/answers/premises", "what": "与合同不符。"},
    ]
    notice = {"seq": 6, "kind": "corrections_asked", "content": {"items": items}}
    case = {**CASE, "status": "correction", "notices": [notice], "missing": ["articles"]}
    text = shown(views_case.overview(case, VOCABULARY))
    assert "请补正 公司章程：没有全体股东签名。" in text
    assert "请补正 联络员手机：打不通。" in text
    assert "请补正 住所（经营场所）属于哪种情况？：与合同不符。" in text
    assert "还缺材料：公司章程（articles）" in text
    assert "请补正" not in shown(views_case.overview({**case, "status": "processing"}, VOCABULARY))


def test_a_name_that_may_look_otherwise_elsewhere_is_told() -> None:
    name = {"pointer": "/applicant/name", "label": "申请人姓名或名称", "characters": ["U+E863", "U+3FFFD"]}
    told = "申请人姓名或名称里的 U+E863、U+3FFFD 各处显示可能不同"
    assert told in shown(views_case.overview({**CASE, "names_to_ask": [name]}, VOCABULARY))


def test_a_draft_by_another_is_read_in_words_and_with_the_kind_of_paper() -> None:
    draft = {
        "applicant": {"name": "Seán", "id_type": "passport", "id_number": "E12345678"},
        "answers": {"company_type": "llc"},
        "form": {"representative_id": {"kind": "hm_travel_permit", "number": "H12345678"}},
    }
    text = shown(views_case.whole_draft(draft, VOCABULARY))
    assert "Seán 护照 E12345678" in text
    assert "港澳居民来往内地通行证 H12345678" in text
    assert "有限责任公司" in text


def test_the_applicant_reads_what_a_department_wants_anew_while_it_waits() -> None:
    notice = {
        "kind": "item_corrections_asked",
        "item": "registration",
        "content": {"materials": ["articles"], "what": "缺少签名"},
    }
    waiting = {**CASE, "notices": [notice], "items": [{**REGISTRATION, "state": "correction"}, BANK]}
    told = "“企业设立登记”请补正 公司章程：缺少签名"
    assert told in shown(views_case.overview(waiting, VOCABULARY))
    supplied = {**waiting, "items": [{**REGISTRATION, "state": "open"}, BANK]}
    assert told not in shown(views_case.overview(supplied, VOCABULARY))


def test_why_it_was_not_accepted_or_refused_and_what_stands() -> None:
    content = {"reason": "不属于本机关职权范围", "basis": "行政许可法第三十二条"}
    rejected = {**CASE, "status": "rejected", "notices": [{"kind": "rejected", "content": content}]}
    told = "不予受理的理由：不属于本机关职权范围（依据：行政许可法第三十二条）"
    assert told in shown(views_case.overview(rejected, VOCABULARY))
    refused = {
        **CASE,
        "status": "terminated",
        "items": [REGISTRATION, {**BANK, "state": "refused", "outcome_name": "不予", "opinion": "信息有误"}],
    }
    text = shown(views_case.overview(refused, VOCABULARY))
    assert "“银行预约开户”不予的理由：信息有误" in text
    assert "继续有效" not in text
    kept = shown(views_case.overview({**refused, "standing": ["registration"]}, VOCABULARY))
    assert "已办成，继续有效：企业设立登记" in kept


def test_who_waits_for_an_item_reads_why_it_stands_still() -> None:
    content = {"basis": "hearing", "days": 10, "reason": "须听取意见"}
    notices = [
        {"seq": 9, "kind": "clock_suspended", "item": "bank", "content": content},
        {"seq": 12, "kind": "clock_extended", "item": "registration", "content": {"days": 5, "reason": "须核实"}},
        {"seq": 13, "kind": "clock_extended", "content": {"days": 15, "reason": "须会商"}},
    ]
    items = [REGISTRATION, {**BANK, "state": "suspended"}]
    text = shown(views_case.overview({**CASE, "notices": notices, "items": items}, VOCABULARY))
    assert "“银行预约开户”已中止计时（听证，预计 10 天）：须听取意见" in text
    assert "“企业设立登记”的期限已延长 5 天：须核实" in text
    assert "“企业开办”的期限已延长 15 天：须会商" in text
    assert "已中止计时" not in shown(views_case.overview({**CASE, "notices": notices}, VOCABULARY))


CLOCK: dict[str, Any] = {
    "name": "item:bank:statutory",
    "title": "银行预约开户",
    "item": "bank",
    "legal_effect": "statutory",
    "state": "running",
    "started_at": "2026-03-05T09:00:00+08:00",
    "due_at": "2026-03-10T17:30:00+08:00",
    "provisional": False,
    "unit": "working_day",
    "budget": 2,
    "extensions": 1,
    "left": 1,
    "pauses": [{"since": "2026-03-06T09:00:00+08:00", "until": "2026-03-07T09:00:00+08:00", "text": "听证"}],
    "explain": "“银行预约开户”法定 1 个工作日，延长 1 个工作日。",
    "days": [
        {"date": "2026-03-05", "counted": 0, "reason": "event_day", "text": "起算当日，不计入"},
        {"date": "2026-03-06", "counted": 0, "reason": "paused", "text": "听证，中止计时，不计入"},
        {"date": "2026-03-09", "counted": 1, "reason": "workday", "text": "工作日，计入"},
        {"date": "2026-03-10", "counted": 1, "reason": "workday", "text": "工作日，计入"},
    ],
}


def test_a_date_explains_itself_day_by_day_and_the_sum_is_the_budget() -> None:
    lines = shown(deadlines.explained(CLOCK)).splitlines()
    assert "2026-03-05 周四 起算当日，不计入" in lines
    assert "2026-03-10 周二 1 工作日，计入" in lines
    assert "中止：听证，自 2026-03-06 09:00:00，至 2026-03-07 09:00:00" in lines
    assert "合计 2 个工作日（含延长 1），期限 2 个工作日（含延长 1）" in lines
    cut = shown(deadlines.explained({**CLOCK, "more_days": True}))
    assert "以后的日子不再列出" in cut
    assert "合计" not in cut


def test_a_clock_that_stands_still_has_no_date() -> None:
    still = {key: value for key, value in CLOCK.items() if key != "due_at"} | {"state": "suspended"}
    text = shown(deadlines.table([CLOCK, still]))
    assert "法定 2 个工作日（含延长 1） 1 个工作日 2026-03-05 09:00:00 2026-03-10 17:30:00 正在计时" in text
    assert "法定 2 个工作日（含延长 1） 1 个工作日 2026-03-05 09:00:00 已中止" in text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("bogus", "没有命令“bogus”。"),
        ("case show", "缺少“办件编号”。"),
        ("case show 33010020260302000019 2", "多写了：2。"),
        ("case list --bogus", "没有选项 --bogus"),
        ("case list --as", "--as 后面要写值。"),
        ("case list --limit 900", "不能大于 200"),
        ("definitions check --folder /nope", "“/nope”不存在。"),
    ],
)
def test_a_mistyped_command_is_told_in_chinese(typed: str, told: str) -> None:
    ended = in_process.run(*typed.split(), env={"COLUMNS": "200"})
    assert ended.exit_code == 2
    assert told in ended.output


def test_whom_a_case_waits_for_and_what_comes_of_it() -> None:
    began, until = "2026-03-02T09:00:00+08:00", "2026-03-04T17:30:00+08:00"
    one = {"name": "不动产登记", "department_name": "自然资源局", "since": began, "until": until, "calls_back": False}
    for asked, told in (
        ({"then": "material"}, "正在查询“不动产登记”：自然资源局，2026-03-02 09:00:00起，最晚等到2026-03-04 17:30:00"),
        (
            {"then": "wait"},
            "“不动产登记”从2026-03-02 09:00:00起在等自然资源局，没有其他办法代替；已告知主管部门和督办员",
        ),
        (
            {"then": "wait", "by_hand": True, "by_hand_until": until},
            "自然资源局正在人工核查，最晚到2026-03-04 17:30:00；同时继续查询",
        ),
        ({"then": "wait", "by_hand": True}, "自然资源局正在人工核查，已超过约定的时间；同时继续查询"),
    ):
        text = shown(views_case.overview({**CASE, "asked": [{**one, **asked}]}, VOCABULARY))
        assert told in text, text
    paper = {"code": "deed-copy", "name": "不动产权证复印件", "state": "asked", "may_promise": True}
    text = shown(views_case.overview({**CASE, "materials": [paper], "missing": ["deed-copy"]}, VOCABULARY))
    assert f"可以承诺代替：onething case supplement {CASE['case_no']} --promise deed-copy" in text


def test_who_looks_by_hand_reads_what_for_and_how_to_write_it_down() -> None:
    wanted = {
        "source": "real-estate",
        "name": "不动产登记",
        "params": [{"id": "address", "label": "住所地址", "value": "文一西路1号"}],
        "fields": [{"id": "disputed", "label": "是否有争议登记", "type": "boolean", "required": True}],
    }
    task = {"task_id": "1-deed.by-hand-1", "kind": "manual_check", "item_name": "不动产登记", "case": CASE} | {
        "available_actions": [{"act": "look_by_hand", "allowed": True}],
        "decision_form": [],
        "state": "open",
    }
    text = shown(views_task.details({**task, "look_up": wanted}, VOCABULARY))
    for told in (
        "请人工核查：不动产登记",
        "住所地址 文一西路1号",
        "disputed 是否有争议登记 true 或 false 是",
        "登记人工核查（查无此记录）：onething task look-up 1-deed.by-hand-1 --not-found --note 依据",
    ):
        assert told in text, text
    over = {**task, "available_actions": []}
    assert "look-up" not in shown(views_task.details(over, VOCABULARY))  # nothing to be looked for any more


@pytest.mark.parametrize("given", [[], ["-r", "usage=商业", "--not-found"]])
def test_a_record_is_found_or_not(given: list[str]) -> None:
    result = in_process.run("task", "look-up", "1-deed.by-hand-1", "--note", "查登记簿", *given)
    assert isinstance(result.exception, CommandFailed)
    assert result.exception.exit_code == ExitCode.USAGE


def test_an_urge_says_with_whom_it_is_whether_it_was_read_and_when_the_answer_is_due() -> None:
    read = {"department": "amr", "department_name": "市场监督管理局", "at": "2026-11-23T02:00:00Z"}
    unread = {"department": "bank", "department_name": "商业银行"}
    urge = {
        "kind": "urge",
        "since": "2026-11-23T01:00:00Z",
        "due_at": "2026-11-24T09:30:00Z",
        "read_by": [read, unread],
    }
    order = {"kind": "supervision", "item": "bank", "since": "2026-11-23T01:00:00Z"}
    said = shown(views_case.overview({**CASE, "reminders": [urge, order]}, VOCABULARY))
    assert "催办整个办件：2026-11-23 09:00:00已送达，应在2026-11-24 17:30:00前答复" in said
    assert "市场监督管理局已于2026-11-23 10:00:00阅读；商业银行还没有阅读" in said
    assert "督办“银行预约开户”：2026-11-23 09:00:00已送达" in said


def test_how_an_inspection_stands_and_what_is_to_be_mended() -> None:
    part = {"item": "fire", "name": "消防验收", "department": "housing", "state": "points", "text": "有需整改的问题"}
    one = {
        "code": "site",
        "name": "现场联合验收",
        "text": "整改中，请在 2026-04-03 前改好并报告",
        "parts": [part],
        "points": [{"id": "fire-1", "text": "疏散通道被占用"}],
    }
    text = shown(views_case.overview({**CASE, "inspections": [one]}, VOCABULARY))
    assert "现场联合验收：整改中，请在 2026-04-03 前改好并报告（消防验收有需整改的问题）" in text
    assert "fire-1 疏散通道被占用" in text
