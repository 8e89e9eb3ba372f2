"""What may be done next is told as commands that can be copied: every act has one, and every one is a command."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from onething.cli.client import session
from onething.cli.terminal.failures import CommandFailed
from onething.cli.views import actions
from onething.services.available import actions as available
from tests.cli.in_process import run

CASE: dict[str, Any] = {
    "case_no": "330100202611300000014",
    "items": [{"code": "registration", "state": "approved"}],
    "missing": ["articles", "premises-lease"],
    "open_fields": ["/form/liaison_phone", "/answers/premises"],
    "changes": [{"seq": 7, "asked": False}, {"seq": 9, "asked": False}, {"seq": 11, "asked": True}],
    "asked": [{"key": "address-check"}],
    "materials": [
        {"code": "articles", "state": "to_hand_in"},
        {"code": "premises-lease", "state": "missing"},
        {"code": "promised", "state": "committed_checking"},
    ],
}
TASK: dict[str, Any] = {
    "task_id": "330100202611300000014-registration-1",
    "case_no": CASE["case_no"],
    "kind": "decide",
    "state": "open",
    "item": "registration",
    "comparison": "premises",
    "outcomes": [
        {"code": "approve", "name": "准予", "effect": "well"},
        {"code": "refuse", "name": "不予", "effect": "refused"},
        {"code": "none", "name": "查无记录", "effect": "neutral"},
    ],
    "decision_form": [{"id": "uscc"}, {"id": "note", "required": False}],
    "decides_on": {"articles": 2},
    "look_up": {"fields": [{"id": "usage", "required": True}]},
    "consults": [{"mode": "countersign"}],
    "case": {
        "discrepancies": [{"code": "premises", "state": "resolved", "items": [], "values": [{"value": "form.a"}]}]
    },
}


def offered(view: dict[str, Any], told: Any, *acts: str) -> list[str]:
    listed = [{"act": act, "allowed": True} for act in acts]
    lines = list(told({**view, "available_actions": listed}, " --as counter"))
    return [line.partition("：")[2].strip() for line in lines if "onething" in line]


def test_every_act_has_its_command() -> None:
    assert actions.ON_CASES.keys() == available.ON_CASES.keys(), "an act that is new needs its command in views/actions"
    assert actions.ON_TASKS.keys() == available.ON_TASKS.keys(), "an act that is new needs its command in views/actions"


COMMANDS = [
    *offered(CASE, actions.of_case, *actions.ON_CASES),
    *offered(TASK, actions.of_task, *actions.ON_TASKS),
    *offered({**TASK, "kind": "undo"}, actions.of_task, "decide"),
    *offered({**TASK, "kind": "check", "material": "articles"}, actions.of_task),
    *offered({**TASK, "consults": []}, actions.of_task, "give_opinion"),
]


class Parsed(CommandFailed):
    """The command was understood, and would now speak to the server."""


@pytest.mark.parametrize("command", COMMANDS)
def test_each_is_a_command(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def understood(url: str | None, account: str | None) -> None:
        assert account == "counter"
        raise Parsed("understood")

    monkeypatch.setattr(session, "connect", understood)
    program, *arguments = shlex.split(command)
    assert program == "onething"
    ended = run(*arguments, *(["--yes"] if arguments[1] in ("withdraw", "discard") else []))
    if "文件" in arguments and "submit" in arguments:  # the only word that a command reads before it asks the server
        assert "没有文件 文件" in str(ended.exception)
    else:
        assert isinstance(ended.exception, Parsed), (command, ended.output, ended.exception)


def test_what_is_known_is_written_into_it() -> None:
    [accept] = offered(CASE, actions.of_case, "accept")
    no = CASE["case_no"]
    assert accept == f"onething case accept {no} --defer articles --defer premises-lease --seen 9 --as counter"
    [supplement] = offered(CASE, actions.of_case, "supplement")
    assert supplement == f"onething case supplement {no} --field liaison_phone=值 --paper premises-lease --as counter"
    [receive] = offered(CASE, actions.of_case, "receive_paper")
    assert receive == f"onething case receive {no} articles --as counter"
    approve, refuse, none = offered(TASK, actions.of_task, "decide")
    assert approve == f"onething task decide {TASK['task_id']} approve -o uscc=值 --seen articles=2 --as counter"
    assert refuse == f"onething task decide {TASK['task_id']} refuse --opinion 理由 --seen articles=2 --as counter"
    assert none == f"onething task decide {TASK['task_id']} none --seen articles=2 --as counter"
    held = {**TASK, "conditions": [{"id": "place", "says": "有住所。"}]}
    met, unmet, _ = offered(held, actions.of_task, "decide")
    assert (" --met place " in met, " --unmet place " in unmet) == (True, True)
    differing = {"discrepancies": [{"code": "premises", "state": "open", "items": ["registration"]}]}
    despite, *_ = offered({**TASK, "case": differing}, actions.of_task, "decide")
    assert "--despite premises --opinion 理由" in despite


def test_what_a_decision_ended_is_named_in_what_reopens_it() -> None:
    refused = {"code": "seal", "state": "refused"}
    [reopen] = offered({**CASE, "items": [*CASE["items"], refused]}, actions.of_case, "reopen_case")
    assert reopen == f"onething case reopen {CASE['case_no']} --item seal --basis 文号 --reason 理由 --as counter"


def test_a_case_is_reopened_for_all_items_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, Any]] = []
    items = [{"code": "seal", "name": "公章刻制备案", "department": "psb", "state": "open", "round": 2}]

    class Server:
        def post(self, path: str, body: Any) -> dict[str, Any]:
            said.append((path, body))
            return {"case_no": CASE["case_no"], "seq": 20, "status": "processing", "items": items}

    @contextmanager
    def connected(url: str | None, account: str | None) -> Iterator[Server]:
        yield Server()

    monkeypatch.setattr(session, "connect", connected)
    ended = run(
        *("case", "reopen", CASE["case_no"], "--item", "seal", "--item", "tax"),
        *("--basis", "杭政复〔2026〕12号", "--reason", "复议决定撤销"),
    )
    assert ended.exit_code == 0, ended.output
    body = {"items": ["seal", "tax"], "basis": "杭政复〔2026〕12号", "reason": "复议决定撤销"}
    assert said == [(f"/api/cases/{CASE['case_no']}/reopen", body)]
    assert "公章刻制备案" in ended.output
    assert "办理中" in ended.output


def test_why_not_is_told_to_who_asks() -> None:
    why = "该待办已由其他人员认领，请先由其放回。"
    listed = [{"act": "claim", "allowed": True}, {"act": "release", "allowed": False, "why": why}]
    listed += [{"act": "of_a_newer_version", "allowed": True}]
    task = {**TASK, "available_actions": listed}
    brief = "\n".join(actions.of_task(task))
    assert why not in brief
    assert "--all" in brief
    assert "of_a_newer_version（这一版命令行还没有" in brief
    assert f"不能放回：{why}" in "\n".join(actions.of_task(task, everything=True))


def test_nothing_left_is_said() -> None:
    assert list(actions.of_task({**TASK, "available_actions": []})) == ["现在没有您能做的。"]
