"""The printed account: each case line by line, its certificates, what it cost the outside world; then the summary."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from onething.cli.demo.outside import Toll
from onething.cli.demo.performance import Ending
from onething.cli.demo.play import Play
from onething.cli.terminal import labels
from onething.cli.terminal.listing import Listing, listing
from onething.cli.terminal.output import clock_time, duration

EFFECTS = {
    "record": "调取数据",
    "item": "办理事项",
    "release": "释放占用",
    "revocation": "撤回决定",
    "notice": "发送通知",
}


def tell(endings: Sequence[Ending | Play], out: Console) -> bool:
    """Print everything; whether every case ended as it should."""
    for ending in endings:
        if isinstance(ending, Ending):
            _tell_case(ending, out)
    out.print(Rule("汇总"))
    out.print(_summary(endings))
    differing = [(play.title, play.differences) for play in map(_play, endings) if play.differences]
    for title, differences in differing:
        for difference in differences:
            out.print(f"[red]✗ {escape(title)}：{escape(difference)}[/red]")
    if not differing:
        out.print(f"[green]✓ {len(endings)} 件办件的结果都与预期一致。[/green]")
    return not differing


def tell_pages(endings: Sequence[Ending | Play], url: str, out: Console, *, running: bool) -> None:
    """Where each role looks at what it made. `running`: somebody may go there now."""
    ended = [one.play for one in endings if isinstance(one, Ending)]
    if not ended:
        return
    first = ended[0]
    out.print(Rule("网页" if running else "网页（用 onething demo --keep 再演示一次，系统留着，就可以打开）"))
    for who, path in (
        ("citizen      申请人看自己的办件", f"/my/cases/{first.case_no}"),
        ("counter      综合窗口", "/counter"),
        ("officer.amr  部门的待办", "/work"),
        ("supervisor   督办", "/supervise"),
        ("不用登录     查进度", f"/progress?number={first.case_no}"),
    ):
        out.print(f"{who}  {url}{path}" if running else f"{who}  {path}", markup=False, highlight=False, soft_wrap=True)


def _play(ending: Ending | Play) -> Play:
    return ending.play if isinstance(ending, Ending) else ending


def _tell_case(ending: Ending, out: Console) -> None:
    out.print(Rule(f"{escape(ending.case['name'])}  {ending.play.case_no}  {labels.status(ending.case['status'])}"))
    departments = ending.departments
    out.print(_timeline(ending, {item["code"]: item["name"] for item in ending.case["items"]}))
    for one in ending.documents:
        verdict = "[green]验真通过[/green]" if ending.verified[one["number"]] else "[red]验真不通过[/red]"
        issuer = departments.get(one["department"], one["department"])
        out.print(f"证照  {escape(one['name'])}  {one['number']}  {escape(issuer)}颁发  {verdict}", soft_wrap=True)
    out.print(f"外部世界  {_toll(ending.toll)}\n", soft_wrap=True)


def _timeline(ending: Ending, names: dict[str, str]) -> Listing:
    table = listing("时刻", "历时", "办理人", "经过")
    first = datetime.fromisoformat(ending.timeline[0]["at"])
    for entry in ending.timeline:
        since = (datetime.fromisoformat(entry["at"]) - first).total_seconds()
        who = escape(labels.who(entry, ending.departments))
        table.add_row(clock_time(entry["at"]), duration(since), who, escape(_what(entry, names)))
    return table


def _what(entry: dict[str, Any], names: dict[str, str]) -> str:
    """The API's sentence; with the item's name where the sentence leaves it out."""
    text, name = str(entry["text"]), names.get(entry.get("item") or "")
    return f"{text}：{name}" if name and name not in text else text


def _toll(toll: Toll) -> str:
    done = "、".join(f"{EFFECTS.get(kind, kind)} {count}" for kind, count in sorted(toll.effects.items()))
    return (
        f"共 {toll.calls} 次请求，其中 {toll.failed} 次失败后重试；生效 {done or '无'}"
        f"；每个幂等键恰好生效一次{'' if not toll.doubled else '：否'}；已撤销 {toll.undone}"
    )


def _summary(endings: Sequence[Ending | Play]) -> Listing:
    table = listing("一件事", "办件编号", "结果", "事项", "证照", "请求（失败）", "用时", "与预期")
    for ending in endings:
        play = _play(ending)
        verdict = "[green]一致[/green]" if not play.differences else "[red]不一致[/red]"
        if isinstance(ending, Ending):
            table.add_row(
                escape(play.title),
                play.case_no,
                labels.status(ending.case["status"]),
                _counted(ending.case["items"]),
                str(len(ending.documents)),
                f"{ending.toll.calls}（{ending.toll.failed}）",
                duration(play.seconds),
                verdict,
            )
        else:
            table.add_row(escape(play.title), "", "未能提交", "", "", "", duration(play.seconds), verdict)
    return table


def _counted(items: list[dict[str, Any]]) -> str:
    """How many items ended in which state, in the order of first appearance."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item["state"]] = counts.get(item["state"], 0) + 1
    return "、".join(f"{labels.state(state)} {count}" for state, count in counts.items())
