"""Other departments are asked what they think of an item (协办), or for their agreement (会签): each has a task and a
clock of its own. It never stops the item's time: 行政许可法 Art. 45 does not list it.

What somebody said outlives the round in which they said it: an objection stands until its department agrees, a question
that was not answered yet is still to be answered. Agreement does not: it was given to what was sent back since, and is
asked for anew.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import consult_clock
from onething.domain.events.consults import ConsultAnswered, ConsultAsked, ConsultTakenBack
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import Consult, ConsultAnswer
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from onething.domain.kernel.task_ref import (
    TaskKind,
    consult_task,
)


def opinion_requested(reducer: Reducer, event: ConsultAsked) -> None:
    before, round_no = reducer.consults.get(event.item, ()), reducer.items[event.item].round
    new = []
    for n, department in enumerate(event.departments, event.n):
        due_at = deadlines_rules.start(reducer, consult_clock(event.item, n), agreed=event.limit)
        name = consult_task(event.item, n)
        reducer.task(TaskOpened(TaskKind.CONSULT, name, event.item, department, round_no, due_at))
        new.append(Consult(n=n, round=round_no, ask=event.n, department=department, rule=event.rule))
    reducer.consults[event.item] = (*before, *new)
    reducer.consulted[event.item] = new[-1].n


def answered(reducer: Reducer, event: ConsultAnswered) -> None:
    answer = answer_of(event)
    deadlines_rules.stop(reducer, consult_clock(event.item, event.n))
    reducer.task(TaskClosed(consult_task(event.item, event.n), event.round, answer))
    reducer.consults[event.item] = tuple(
        consult.model_copy(update={"answer": answer}) if consult.n == event.n else consult
        for consult in reducer.consults[event.item]
    )


def taken_back(reducer: Reducer, event: ConsultTakenBack) -> None:
    for consult in reducer.consults[event.item]:
        if consult.n in event.numbers:
            deadlines_rules.stop(reducer, consult_clock(event.item, consult.n), met=False)
            reducer.task(TaskClosed(consult_task(event.item, consult.n), consult.round, "taken_back"))
    reducer.consults[event.item] = tuple(one for one in reducer.consults[event.item] if one.n not in event.numbers)


def answer_of(event: ConsultAnswered) -> ConsultAnswer:
    return _ANSWERS[event.agrees]


_ANSWERS = {None: ConsultAnswer.ANSWERED, True: ConsultAnswer.AGREED, False: ConsultAnswer.DISAGREED}


def decided(reducer: Reducer, item: str) -> None:
    """Nobody waits for opinions on the item any more; what was said to a countersign is kept, should it come back."""
    said = tuple(one for one in reducer.consults.get(item, ()) if one.rule is not None and one.answer is not None)
    call_off(reducer, item)
    if said:
        reducer.consults[item] = said


def new_round(reducer: Reducer, item: str) -> None:
    """It is at its department once more: whoever agreed did so to what has been sent back."""
    if item in reducer.consults:
        reducer.consults[item] = tuple(
            one.model_copy(update={"answer": ConsultAnswer.LAPSED}) if one.answer is ConsultAnswer.AGREED else one
            for one in reducer.consults[item]
        )


def call_off(reducer: Reducer, item: str) -> None:
    """Nobody ever waits for opinions on the item any more."""
    for consult in reducer.consults.pop(item, ()):
        if consult.answer is None:
            deadlines_rules.stop(reducer, consult_clock(item, consult.n), met=False)
            reducer.task(TaskClosed(consult_task(item, consult.n), consult.round, "lapsed"))
