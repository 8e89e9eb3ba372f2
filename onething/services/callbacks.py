"""Data sources call back: what they say is recorded at the door, as if our own attempt had been told."""

from typing import Literal

from onething.connectors.caller import reason_word
from onething.connectors.sources import read_answer
from onething.domain.commands import parts_of_key
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.outside import Fetched, Refused, SourceAnswerMalformed
from onething.domain.source import SourceDefinition
from onething.services import look_ups
from onething.services.answers import Answer, View, answer
from onething.services.office import Office
from onething.services.requests import SourceAnswer
from onething.store import commands
from onething.store.actor import Actor
from onething.store.door import Took


class Taken(View):
    """`late`: nobody waits for it any more. It is kept, and what it holds is released."""

    took: Literal["recorded", "repeated", "late"]


async def source_answered(office: Office, code: str, sent: SourceAnswer) -> Answer:
    """200, or 202 if it was known already. The caller has checked the signature.

    Raises OneThingError NOT_FOUND for a key that is no look-up at this source, InvalidInput for a record that is not as
    its definition says.
    """
    source = office.catalog.sources.get(code)
    if source is None:
        raise _unknown_key()
    told = _read(source, sent)
    case_no, made_in, command = parts_of_key(sent.key)
    async with office.database.transaction(Actor.source(code, case_no), of_case=case_no) as tx:
        asked = await commands.called_back(tx, case_no, made_in, command)
        if asked is None:
            raise _unknown_key()
        need = (await office.shelf.plan(tx, asked.state.plan)).data_by_key.get(asked.target)
        if need is not None and need.source != code:
            raise _unknown_key()
        event, values = look_ups.came(office.sealer, case_no, command, asked.target, told)
        took = (await office.door.record_outcome(tx, case_no, asked.epoch, event, values=values)).took
    return answer(Taken(took=took.value), 202 if took is Took.REPEATED else 200)


def _read(source: SourceDefinition, sent: SourceAnswer) -> Fetched | Refused:
    if sent.refused:
        return Refused(reason_word(sent.reason))
    try:
        return read_answer(source, sent.model_dump())
    except SourceAnswerMalformed as wrong:
        pointer = "/" + wrong.problem.replace(".", "/")
        detail = "缺少，或不符合数据源定义的约定：请按定义补全后，用同一个 key 重新回调。"
        raise InvalidInput([FieldProblem(pointer, FailureCode.INVALID_VALUE, detail)]) from None


def _unknown_key() -> OneThingError:
    return OneThingError(
        FailureCode.NOT_FOUND, "没有以这个 key 向该数据源提出的查询：请原样带回查询时的 Idempotency-Key。"
    )
