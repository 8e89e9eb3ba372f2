"""The time of a bundle in lines for people: what authors see when they check, draw or try out a definition."""

from collections.abc import Iterator

from definitions.terms import limit_text
from definitions.time_guide import SILENCE_MEANS, TimeGuide, length_text
from onething.domain.deadlines.extensions import OF_A_JOINT_CASE, OF_A_LICENCE
from onething.domain.deadlines.wording import RANK_NAMES
from onething.domain.definition.time_rules import OverdueHow


def summary(time: TimeGuide) -> str:
    """In one line: promised against statutory, and how long the longest chain takes."""
    joint = "（联合办理）" if time.joint else ""
    told = f"承诺{limit_text(time.promised)}，其中最长一路{length_text(time.critical_path)}；"
    told += f"法定{limit_text(time.statutory)}{joint}"
    if not time.by_law:
        return f"{told}，只按承诺计时"
    silent = sum(item.on_silence_basis is not None for item in time.items)
    return f"{told}，提醒 {len(time.ladder)} 级" + (f"，{silent} 个事项到期视为有决定" if silent else "")


def lines(time: TimeGuide) -> Iterator[str]:
    """All of it but what stands beside the items already."""
    names = {item.code: item.name for item in time.items}
    chain = "→".join(names[code] for code in time.critical_path.items)
    yield f"  最长一路：{chain}，承诺共{length_text(time.critical_path)}"
    if not time.by_law:
        yield "  只按承诺计时：受理后不能补正、中止、恢复或延长"
        return
    if time.notice and time.delivery:
        yield f"  一次性告知补正：收到后{limit_text(time.notice)}内，逾期未告知的，自收到之日起视为受理"
        yield f"  送达：作出决定后{limit_text(time.delivery)}内"
    if time.supplement:
        yield f"  补正：{limit_text(time.supplement)}内；{time.not_supplied_means}"
    if time.may_be_extended:
        who = RANK_NAMES[(OF_A_JOINT_CASE if time.joint else OF_A_LICENCE).approver]
        yield f"  延长（各一次）：整件事至多{limit_text(time.may_be_extended)}，经{who}批准"
        for item in time.items:
            more = f"至多{limit_text(item.may_be_extended)}" if item.may_be_extended else "法律没有规定可以延长"
            yield f"    {item.name}：{more}"
    for period in time.periods:
        yield f"  {period.text}"
    for inspection in time.inspections:
        yield f"  {inspection.text}"
    yield from _pauses(time)
    yield from _silence(time)
    if time.ladder:
        yield "  提醒与红黄牌"
        yield from (f"    {step.text}" for step in time.ladder)


def _pauses(time: TimeGuide) -> Iterator[str]:
    critical = "、".join(item.name for item in time.items if item.critical)
    yield f"  中止：遇不可抗力，经督办员批准；中止{critical}的，整件事也中止"
    for item in time.items:
        for one in item.may_pause:
            if one.at_most is not None:
                reach = "" if one.stops_law else "，只停承诺时限"
                yield f"    {item.name}：还可因{one.name}中止，至多{limit_text(one.at_most)}{reach}（{one.requires}）"


def _silence(time: TimeGuide) -> Iterator[str]:
    yield f"  法定时限{SILENCE_MEANS[OverdueHow.ESCALATE]}"
    for item in time.items:
        if item.on_silence is not OverdueHow.ESCALATE:
            basis = f"（{item.on_silence_basis}）" if item.on_silence_basis else ""
            yield f"    但{item.name}：{item.on_silence_means}{basis}"
