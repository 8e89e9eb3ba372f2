"""What the API says when it says no (RFC 9457), turned into something to read and act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.labels import RESULTS
from onething.cli.terminal.output import moment

REMEDIES: Mapping[str, str] = {
    "not_signed_in": "重新登录：onething login 用户名；用 ONETHING_TOKEN 的，换一个仍然有效的令牌。",
    "wrong_credentials": "核对用户名和口令；演示口令见 onething status，改过的放进 ONETHING_DEMO_PASSWORD。",
    "missing_material": "补上材料再提交；暂时没有的，可先存为草稿（--draft），或仍要提交、以后补（--incomplete）。",
    "not_permitted": "以有权限的账户再运行：onething login 用户名，或在命令后加 --as 账户。",
    "unknown_bundle": "看有哪些一件事：onething bundle list{who}。",
    "already_decided": "看现在的结果：onething case show {case}{who}。",
    "newer_material": "重新查看，再以列出的 --seen 决定：onething task show {task}{who}。",
    "newer_change": "重新查看列出的修改，再以 --seen 写明：onething case show {case}{who}。",
    "second_demand": "去掉新增的内容再试；确需新增的，由督办员以同一条命令要求。",
    "claimed_by_another": "由认领人或部门负责人放回后再办：onething task release {task}。",
    "not_allowed_now": "看现在能做什么：onething {show}{who}。",
    "version_missing": "先看过全文再确认：onething case confirm {case}{who}。",
    "stale_version": "重新查看后再试：onething case show {case}{who}。",
}
"""Failure code → what to do next, where the server's own sentence doesn't say it in terms of commands. Filled by
`CommandWords.fill`."""

_ONLY_WHERE = {"missing_material": "--draft"}
"""Remedies that only commands with this option have."""

REPEAT = "过一会儿再运行同一条命令；本机的整套系统是否在运行：onething status。"
OUR_FAULT = "再运行一次同一条命令；仍然如此的，把时间告诉管理员查日志（本机整套系统的在 onething status 列出的目录）。"


class Words(Protocol):
    """Of the command that was refused."""

    def place(self, place: str) -> str | None: ...

    def sentence(self, text: str) -> str: ...

    def fill(self, text: str) -> str: ...

    def offers(self, option: str) -> bool: ...


@dataclass(frozen=True)
class FieldError:
    """One thing wrong: a JSON pointer into what was sent (or a parameter's name), and what to do."""

    place: str
    detail: str
    code: str = ""


@dataclass(frozen=True)
class ApiProblem:
    status: int
    code: str
    title: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    more: bool = False
    standing: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, answer: httpx.Response) -> "ApiProblem":
        """Of any answer of 400 and up, even one that isn't the API's own (a proxy's page)."""
        try:
            body = answer.json()
        except ValueError:
            body = None
        if not isinstance(body, dict) or "code" not in body:
            detail = f"{answer.request.url} 答复 {answer.status_code}，不是一件事 API 的格式：请核对 --url。"
            return cls(answer.status_code, "unknown", "看不懂的答复", detail)
        errors = tuple(
            FieldError(str(one.get("pointer") or one.get("parameter") or "/"), str(one["detail"]), str(one.get("code")))
            for one in body.get("errors") or ()
        )
        return cls(
            status=answer.status_code,
            code=str(body["code"]),
            title=str(body.get("title", "")),
            detail=str(body.get("detail", "")),
            errors=errors,
            more=body.get("more") is True,
            standing=body.get("standing") or {},
        )

    def message(self, place_of: Mapping[str, str] | None = None, words: Words | None = None) -> str:
        """For people. `place_of`: pointer → where it stands in the file that was submitted; `words`: of the command."""
        told = words.sentence if words else str
        lines = [f"{self.title}（{self.code}）：{told(self.detail)}"]
        for error in self.errors:
            where = (place_of or {}).get(error.place)
            spoken = words.place(error.place) if words and not where else None
            lines.append(f"  {spoken or error.place}{f'（{where}）' if where else ''}：{told(error.detail)}")
        if self.more:
            lines.append("  ……还有更多，改正以上各处后重新提交再看。")
        if self.standing:
            outcome = str(self.standing.get("outcome", ""))
            said = self.standing.get("outcome_name") or RESULTS.get(outcome, outcome)
            by = self.standing.get("department_name") or self.standing.get("department", "")
            at = moment(self.standing.get("at"))
            lines.append(f"  已有的决定：{said}，{by} 于 {at} 作出")
        if remedy := self._remedy(words):
            lines.append(f"下一步：{remedy}")
        return "\n".join(lines)

    def _remedy(self, words: Words | None) -> str | None:
        if self.status >= 500:
            return OUR_FAULT if self.status == 500 else REPEAT
        for code in (self.code, *(error.code for error in self.errors)):
            option = _ONLY_WHERE.get(code)
            if words is not None and code in REMEDIES and (option is None or words.offers(option)):
                return words.fill(REMEDIES[code])
        return None


class ApiRefused(CommandFailed):
    """The API answered with a problem."""

    def __init__(
        self, problem: ApiProblem, place_of: Mapping[str, str] | None = None, words: Words | None = None
    ) -> None:
        code = ExitCode.UNREACHABLE if problem.status >= 500 else ExitCode.REFUSED
        super().__init__(problem.message(place_of, words), code)
        self.problem = problem
        self._place_of = place_of

    def in_words(self, words: Words) -> "ApiRefused":
        """The same, told in those of the command that was refused."""
        return ApiRefused(self.problem, self._place_of, words)


class Unreachable(CommandFailed):
    """No answer in time."""

    def __init__(self, base_url: str, cause: Exception | None) -> None:
        refused = isinstance(cause, httpx.ConnectError)
        strange = isinstance(cause, httpx.UnsupportedProtocol)
        reason = "没有程序在那里答复" if refused else "地址要以 http:// 或 https:// 开头" if strange else "没有及时答复"
        super().__init__(
            f"连不上 {base_url}：{reason}。\n"
            "下一步：本机的整套系统用 onething up 启动、onething status 查看；"
            "别处的服务用 --url 或环境变量 ONETHING_URL 指明。",
            ExitCode.UNREACHABLE,
        )
