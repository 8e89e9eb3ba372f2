"""What goes wrong is told with its place, its reason and the next step; nothing ends in a traceback."""

import os
import subprocess
from pathlib import Path

import httpx
import pytest

from onething.cli.client.client import Client
from onething.cli.client.problem import REMEDIES, ApiProblem, ApiRefused
from onething.cli.commands import application_file
from onething.cli.terminal.failures import CommandFailed
from onething.domain.errors import FailureCode
from tests.cli import in_process


def answer(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, json=body, request=httpx.Request("POST", "http://api.test/api/cases"))


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return in_process.typed(*arguments, env={**os.environ, **(env or {})})


def test_each_error_is_shown_with_the_line_it_was_written_on(tmp_path: Path) -> None:
    file = tmp_path / "我的申请.yaml"
    file.write_text("bundle: newborn\nform:\n  mother_id: '123'\n", encoding="utf-8")
    application = application_file.read(file)
    body = {
        "title": "内容需要修改",
        "status": 422,
        "detail": "有 1 处需要修改。",
        "code": "invalid_request",
        "errors": [{"pointer": "/form/mother_id", "code": "invalid_value", "detail": "校验码不对。"}],
    }
    message = ApiProblem.of(answer(422, body)).message(application.lines)
    assert "/form/mother_id（我的申请.yaml 第 3 行）：校验码不对。" in message


def test_that_there_is_more_is_told_where_the_list_ends() -> None:
    errors = [{"pointer": "/form/a", "code": "unknown_field", "detail": "请删去。"}]
    body = {"title": "内容需要修改", "status": 422, "detail": "很多。", "code": "invalid_request", "errors": errors}
    assert "还有更多" not in ApiProblem.of(answer(422, body)).message()
    assert ApiProblem.of(answer(422, body | {"more": True})).message().splitlines()[2].startswith("  ……还有更多")


def test_the_standing_decision_is_shown() -> None:
    told = {"outcome": "approve", "outcome_name": "准予", "at": "2026-11-21T10:00:00+08:00"}
    standing = {**told, "department": "amr", "department_name": "市场监督管理局"}
    body = {"title": "冲突", "status": 409, "detail": "已决定。", "code": "already_decided", "standing": standing}
    message = ApiProblem.of(answer(409, body)).message()
    assert "已有的决定：准予，市场监督管理局 于 2026-11-21 10:00:00 作出" in message


def test_an_answer_of_something_else_is_not_taken_for_ours() -> None:
    page = httpx.Response(404, text="<html>", request=httpx.Request("GET", "http://proxy/api/cases"))
    assert "--url" in ApiProblem.of(page).message()


def test_remedies_are_for_codes_that_exist() -> None:
    assert set(REMEDIES) <= set(FailureCode)


TASK = "330100202611300000014-registration-1"


@pytest.mark.parametrize(
    ("status", "code", "typed", "told"),
    [
        (409, "already_decided", f"task claim {TASK}", "onething case show 330100202611300000014 --as officer.amr"),
        (409, "not_allowed_now", f"task claim {TASK}", f"onething task show {TASK} --as officer.amr"),
        (409, "not_allowed_now", "case accept 330100202611300000014", "onething case show 330100202611300000014"),
        (422, "missing_material", "case submit --into 330100202611300000014", "--draft"),
        (422, "missing_material", "case accept 330100202611300000014", None),
        (404, "not_found", f"task claim {TASK}", None),
        (500, "internal", f"task claim {TASK}", "管理员"),
        (503, "unavailable", f"task claim {TASK}", "过一会儿"),
        (401, "not_signed_in", f"task claim {TASK}", "onething login"),
    ],
)
def test_what_to_do_next_is_true_of_this_error_and_this_case(
    status: int, code: str, typed: str, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no more than that: nobody is sent to sign in by a conflict."""
    body = {"title": "题", "status": status, "detail": "细节。", "code": code}

    def refused(*_: object) -> Client:
        return Client("http://api.test", patience_s=0, transport=httpx.MockTransport(lambda _: answer(status, body)))

    monkeypatch.setattr("onething.cli.client.session.connect", refused)
    ended = in_process.run(*typed.split(), "--as", "officer.amr")
    assert isinstance(ended.exception, ApiRefused), ended.output
    _, _, remedy = ended.exception.message.partition("下一步：")
    assert (told in remedy) if told else not remedy, remedy
    assert ("login" in remedy) is (code == "not_signed_in")


def test_a_sentence_of_the_server_names_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    detail = "还缺：可以容缺受理的请列入 deferred；看过的在 seen 里写 9；其他照 something 办。"
    body = {"title": "题", "status": 409, "detail": detail, "code": "not_allowed_now"}

    def refused(*_: object) -> Client:
        return Client("http://api.test", patience_s=0, transport=httpx.MockTransport(lambda _: answer(409, body)))

    monkeypatch.setattr("onething.cli.client.session.connect", refused)
    ended = in_process.run("case", "accept", "330100202611300000014")
    assert isinstance(ended.exception, ApiRefused), ended.output
    assert "请列入 --defer；看过的在 --seen 里写 9；其他照 something 办。" in ended.exception.message


def test_dates_and_words_stay_texts(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("form: {born_on: 2026-11-10, surname: no}\n")
    assert application_file.read(file).body["form"] == {"born_on": "2026-11-10", "surname": "no"}


def test_papers_are_sent_and_files_follow(tmp_path: Path) -> None:
    (tmp_path / "章程.pdf").write_bytes(b"%PDF-1.7")
    file = tmp_path / "a.yaml"
    file.write_text(
        "materials:\n  - {code: articles, file: 章程.pdf}\n  - {code: lease, form: paper}\n", encoding="utf-8"
    )
    application = application_file.read(file)
    assert application.body["materials"] == [{"code": "lease", "form": "paper"}]
    assert application.uploads == (("articles", tmp_path / "章程.pdf"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("form:\n  a: 1\n  a: 2\n", "第 2 行已经有了"),
        ("form: [", "读到这里读不下去了"),
        ("- 1\n", "不是一份申请"),
        ("materials:\n  - {code: x, file: 没有.pdf}\n", "文件不存在"),
    ],
)
def test_a_file_that_is_no_application_is_told_why(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandFailed, match=told):
        application_file.read(file)


def test_nobody_listening_is_told_in_two_lines(tmp_path: Path) -> None:
    ended = run(
        "case", "list", "--as", "counter", "--url", "http://127.0.0.1:1", env={"XDG_CONFIG_HOME": str(tmp_path)}
    )
    assert ended.returncode == 3
    assert "onething up" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_not_signed_in_is_told_how(tmp_path: Path) -> None:
    ended = run("case", "list", "--url", "http://127.0.0.1:1", env={"XDG_CONFIG_HOME": str(tmp_path)})
    assert ended.returncode == 4
    assert "onething login" in ended.stderr


def test_a_mistyped_command_is_told_where_to_look() -> None:
    ended = run("case", "sumbit")
    assert ended.returncode == 2
    assert "看说明和例子：onething case --help" in ended.stderr


def test_what_is_no_number_of_a_case_goes_no_further() -> None:
    ended = run("case", "show", "330100x")
    assert ended.returncode == 2
    assert "'办件编号' 写得不对：应是提交时给出的一串数字。" in ended.stderr


def test_installing_the_schema_says_what_is_not_set() -> None:
    ended = run("schema", "install", env={"ONETHING_DATABASE_OWNER_URL": ""})
    assert ended.returncode == 1
    assert "ONETHING_DATABASE_OWNER_URL" in ended.stderr
