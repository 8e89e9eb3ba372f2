"""Other departments are asked what they think of an item (协办), or for their agreement (会签): each has a task and a
clock of its own. It never stops the item's time: 行政许可法 Art. 45 does not list it.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import step_clock
from onething.domain.events.consults import ConsultAnswered, ConsultAsked
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import Consult, ConsultAnswer
from onething.domain.kernel.step_result import TaskClosed, TaskKind, TaskOpened, consult_task


def asked(turn: Turn, event: ConsultAsked) -> None:
    before, visit = turn.consults.get(event.item, ()), turn.items[event.item].round
    new = []
    for n, department in enumerate(event.departments, event.n):
        due_at = deadlines_rules.start(turn, step_clock(event.item, n), agreed=event.limit)
        name = consult_task(event.item, n)
        turn.task(TaskOpened(TaskKind.CONSULT, name, event.item, department, visit, due_at))
        new.append(Consult(n=n, ask=event.n, department=department, rule=event.rule))
    turn.consults[event.item] = (*before, *new)


def answered(turn: Turn, event: ConsultAnswered) -> None:
    answer = answer_of(event)
    deadlines_rules.stop(turn, step_clock(event.item, event.n))
    turn.task(TaskClosed(consult_task(event.item, event.n), event.round, answer))
    turn.consults[event.item] = tuple(
        consult.model_copy(update={"answer": answer}) if consult.n == event.n else consult
        for consult in turn.consults[event.item]
    )


def answer_of(event: ConsultAnswered) -> ConsultAnswer:
    return _ANSWERS[event.agrees]


_ANSWERS = {None: ConsultAnswer.ANSWERED, True: ConsultAnswer.AGREED, False: ConsultAnswer.DISAGREED}


def call_off(turn: Turn, item: str) -> None:
    """Nobody waits for opinions on the item any more."""
    for consult in turn.consults.pop(item, ()):
        if consult.answer is None:
            deadlines_rules.stop(turn, step_clock(item, consult.n), met=False)
            turn.task(TaskClosed(consult_task(item, consult.n), turn.items[item].round, "lapsed"))
