"""What the API says when it says no (RFC 9457), turned into something to read and act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.cli.terminal.labels import DECISIONS
from onething.cli.terminal.output import moment

REMEDIES: Mapping[str, str] = {
    "not_signed_in": "请先登录：onething login 用户名；或在命令后加 --as 账户（本机整套系统的演示账户）。",
    "wrong_credentials": "演示账户的口令见 onething status；用环境变量 ONETHING_DEMO_PASSWORD 指明。",
    "not_permitted": "换一个有权限的账户再试，例如 --as counter 或 --as officer.amr。",
    "unknown_bundle": "看有哪些一件事：onething definitions check。",
    "missing_material": "补上材料再提交；首次提交时暂时没有的，可先存为草稿：onething case submit 文件 --draft。",
    "already_decided": "看现在的结果：onething case show 办件编号。",
    "newer_material": "重新查看：onething task show 待办编号，再以列出的 --seen 决定。",
    "second_demand": "去掉新增的内容再试；部门确需新增的：onething task correct 待办编号 … --as supervisor。",
    "claimed_by_another": "请先与认领人协商，由其放回（onething task release 待办编号）后再办。",
    "not_allowed_now": "看现在的状态：onething case show 办件编号。",
}
"""Failure code → what to do next, where the server's own sentence doesn't say it in terms of commands."""

REPEAT = "服务暂时不可用：过一会儿再运行同一条命令；本机的整套系统可用 onething status 查看。"


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

    def message(self, place_of: Mapping[str, str] | None = None) -> str:
        """For people. `place_of`: pointer → where it stands in the file that was submitted."""
        lines = [f"{self.title}（{self.code}）：{self.detail}"]
        for error in self.errors:
            where = (place_of or {}).get(error.place)
            lines.append(f"  {error.place}{f'（{where}）' if where else ''}：{error.detail}")
        if self.more:
            lines.append("  ……还有更多，改正以上各处后重新提交再看。")
        if self.standing:
            outcome = str(self.standing.get("outcome", ""))
            by = self.standing.get("department_name") or self.standing.get("department", "")
            at = moment(self.standing.get("at"))
            lines.append(f"  已有的决定：{DECISIONS.get(outcome, outcome)}，{by} 于 {at} 作出")
        codes = (self.code, *(error.code for error in self.errors))
        remedy = REPEAT if self.status >= 500 else next((REMEDIES[code] for code in codes if code in REMEDIES), None)
        if remedy:
            lines.append(f"下一步：{remedy}")
        return "\n".join(lines)


class ApiRefused(CommandFailed):
    """The API answered with a problem."""

    def __init__(self, problem: ApiProblem, place_of: Mapping[str, str] | None = None) -> None:
        code = ExitCode.UNREACHABLE if problem.status >= 500 else ExitCode.REFUSED
        super().__init__(problem.message(place_of), code)
        self.problem = problem


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
