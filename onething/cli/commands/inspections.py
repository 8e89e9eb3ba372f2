"""`case inspection-…`: inspections that several departments make together, as the definition plans them."""

from typing import Annotated, Any

import typer

from onething.cli.client import session
from onething.cli.commands.intake import CaseNoArgument, print_standing

InspectionArgument = Annotated[str, typer.Argument(metavar="查验代码", help="如 site；case show 可以看到。")]
OnDayOff = Annotated[bool, typer.Option("--day-off", help="知道那天是休息日，仍在那天进行。")]


def _said(case_no: str, inspection: str, end: str, body: Any, url: str | None, account: str | None) -> None:
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/inspections/{inspection}/{end}", body))


def days(
    case_no: CaseNoArgument,
    inspection: InspectionArgument,
    on: Annotated[list[str], typer.Option("--on", metavar="日期", help="供选的日期，可多次。", show_default=False)],
    day_off: OnDayOff = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """牵头部门提供几个日期，由申请人选一个。

    \b
    例：
      onething case inspection-days 办件编号 site --on 2026-03-05 --on 2026-03-06 --on 2026-03-09 --as officer.housing
    """
    _said(case_no, inspection, "days", {"days": on, **_off(day_off)}, url, account)


def choose(
    case_no: CaseNoArgument,
    inspection: InspectionArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="日期", help="选定的日期。", show_default=False)] = None,
    none_fits: Annotated[bool, typer.Option("--none", help="提供的日期都不合适。")] = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """申请人在提供的日期中选一个，或者说都不合适。

    \b
    例：
      onething case inspection-choose 办件编号 site --on 2026-03-06 --as citizen
      onething case inspection-choose 办件编号 site --none --as citizen
    """
    body: dict[str, Any] = {"none_fits": True} if none_fits else {"on": on}
    _said(case_no, inspection, "choice", body, url, account)


def day(
    case_no: CaseNoArgument,
    inspection: InspectionArgument,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="在哪一天进行。", show_default=False)],
    day_off: OnDayOff = False,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """牵头部门确定日期（申请人说都不合适时），或者改期；申请人会收到告知。

    \b
    例：
      onething case inspection-day 办件编号 site --on 2026-03-10 --as officer.housing
    """
    _said(case_no, inspection, "day", {"on": on, **_off(day_off)}, url, account)


def record(
    case_no: CaseNoArgument,
    item: Annotated[str, typer.Argument(metavar="事项代码", help="本部门的事项。")],
    officers: Annotated[int, typer.Option("--officers", min=1, help="几人签字。", show_default=False)],
    point: Annotated[
        list[str] | None, typer.Option("--point", metavar="问题", help="需要整改的问题，可多次；没有的就是通过。")
    ] = None,
    unmended: Annotated[
        list[str] | None, typer.Option("--unmended", metavar="编号", help="复验时：仍没有改好的问题，可多次。")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="所见，只有部门看得到。")] = None,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """登记本部门事项的查验结果；复验只写上次的哪些问题仍没有改好，不提新的问题。

    \b
    例：
      onething case inspection-record 办件编号 fire --officers 2 --as officer.housing
      onething case inspection-record 办件编号 fire --officers 2 --point 二层疏散通道被占 --as officer.housing
      onething case inspection-record 办件编号 fire --officers 2 --unmended fire-1 --as officer.housing
    """
    body: dict[str, Any] = {"officers": officers}
    body |= {name: value for name, value in (("points", point), ("unmended", unmended), ("note", note)) if value}
    with session.connect(url, account) as client:
        print_standing(client, client.post(f"/api/cases/{case_no}/items/{item}/inspection", body))


def close(
    case_no: CaseNoArgument,
    inspection: InspectionArgument,
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """牵头部门汇总：各部门的问题合成一张整改清单，一次告知申请人。

    \b
    例：
      onething case inspection-list 办件编号 site --as officer.housing
    """
    _said(case_no, inspection, "list", None, url, account)


def rectified(
    case_no: CaseNoArgument,
    inspection: InspectionArgument,
    what: Annotated[str, typer.Option("--what", help="改了什么，凭什么看出。", show_default=False)],
    url: session.Url = None,
    account: session.As = None,
) -> None:
    """申请人报告清单上的问题已经整改，请部门复验。

    \b
    例：
      onething case inspection-rectified 办件编号 site --what 疏散通道已清空 --as citizen
    """
    _said(case_no, inspection, "rectified", {"what": what}, url, account)


def _off(day_off: bool) -> dict[str, object]:
    return {"on_day_off": True} if day_off else {}
