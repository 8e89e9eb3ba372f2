"""What is printed at the end: what happened, what holds, what does not and where to look."""

from collections import Counter
from collections.abc import Sequence

from chaos.evidence import Evidence, Finding
from chaos.invariants import INVARIANTS, Invariant

SHOWN = 8  # findings of one invariant


def judge(evidence: Evidence) -> list[tuple[Invariant, list[Finding]]]:
    return [(invariant, _checked(invariant, evidence)) for invariant in INVARIANTS]


def _checked(invariant: Invariant, evidence: Evidence) -> list[Finding]:
    """A check that can't be made is not passed, and does not keep the others from being made."""
    try:
        return list(invariant.check(evidence))
    except (ValueError, LookupError, AssertionError) as failure:
        return [Finding(type(failure).__name__, f"检查做不下去：{failure}")]


def verdict(judged: Sequence[tuple[Invariant, list[Finding]]]) -> list[str]:
    lines = []
    for invariant, findings in judged:
        lines.append(f"{'✗' if findings else '✓'} {invariant.title}{f'：{len(findings)} 处不符' if findings else ''}")
        lines += [f"    {finding.where}：{finding.what}" for finding in findings[:SHOWN]]
        if len(findings) > SHOWN:
            lines.append(f"    …… 另有 {len(findings) - SHOWN} 处")
    return lines


def summary(evidence: Evidence, restarts: dict[str, int]) -> list[str]:
    records = evidence.records.values()
    kinds = Counter(line.kind for record in records for line in record.lines)
    answers = [one for intent in evidence.intents for one in intent.heard]
    acknowledged = sum(intent.acknowledgement is not None for intent in evidence.intents)
    refused = sum(intent.refusal is not None for intent in evidence.intents)
    lost = sum(not one.definite for one in answers)
    workflows = Counter(one.status for one in evidence.workflows)
    calls, effects = sum(evidence.called_keys.values()), Counter(effect.kind for effect in evidence.effects)
    lines = [
        f"办件 {len(evidence.records)}：{_listed(Counter(record.status for record in records))}",
        f"请求 {len(evidence.intents)}，发出 {len(answers)} 次（{lost} 次无果）；确认 {acknowledged}，拒绝 {refused}",
        f"日志 {sum(kinds.values())} 行：{_listed(kinds)}",
        f"外部世界被问 {calls} 次（{len(evidence.called_keys)} 个键），生效 {effects.total()} 次：{_listed(effects)}",
        f"Temporal 现有工作流 {len(evidence.workflows)}：{_listed(workflows)}",
    ]
    for stop in evidence.stops:
        done = f"提交 {stop.submitted}，决定 {stop.decided}，打开后续事项 {stop.opened}"
        lines.append(f"停掉 {stop.what} 的 {stop.end - stop.begin:.0f} 秒里：{done}")
    lines.append(f"杀掉 {_listed(Counter(evidence.kills))}；重启 {_listed(Counter(restarts))}")
    return lines


def _listed(counts: Counter[str]) -> str:
    return "、".join(f"{name} {count}" for name, count in counts.most_common()) or "无"
