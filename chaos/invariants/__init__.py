"""What must hold after any storm. Each takes the evidence and yields findings; all are pure, and tested on bad data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chaos.evidence import Evidence, Finding
from chaos.invariants import endings, facts, outside, privacy, record, storm

Check = Callable[[Evidence], Iterable[Finding]]


@dataclass(frozen=True)
class Invariant:
    title: str
    check: Check


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("每个剧本都演到了最后", endings.played_to_the_end),
    Invariant("每个办件的结局都在剧本允许之内", endings.as_the_script_allows),
    Invariant("办结后没有留下未了的指令、待办、时限、交接", endings.at_rest),
    Invariant("每次办结恰好告知一次", endings.told_once),
    Invariant("没有一个请求始终得不到答复", facts.everybody_was_answered),
    Invariant("答复过的事实一件不少、一件不多，恰好在日志里出现一次", facts.acknowledged_exactly_once),
    Invariant("同一个 Idempotency-Key 的答复始终相同，且只留存一份", facts.one_answer_a_key),
    Invariant("拒绝的理由属实：409 所说的决定就是日志里的决定", facts.refusals_tell_the_truth),
    Invariant("没有内部错误（500）", facts.no_internal_errors),
    Invariant("日志无缺号，散列链完整", record.chains_hold),
    Invariant("由日志重放得到的状态等于存储的状态", record.journal_folds_to_state),
    Invariant("待办与事项的状态一致", record.tasks_fit_items),
    Invariant("证照恰好各一份，且验真通过", record.certificates_once),
    Invariant("每个幂等键在外部世界恰好生效一次，且都出自本系统的指令", outside.one_effect_a_key),
    Invariant("办成的指令在外部世界都有对应的生效", outside.done_means_done),
    Invariant("撤销的恰好是做过的", outside.undo_touched_what_was_done),
    Invariant("Temporal 里没有多余的或失败的工作流", storm.workflows_are_over),
    Invariant("停了工作进程或 Temporal，人照样能办", storm.people_went_on),
    Invariant("计划的杀进程都发生了", storm.faults_happened),
    Invariant("该考的情形都出现过", storm.enough_happened),
    Invariant("Temporal 与日志里没有个人信息", privacy.nothing_leaked),
)
