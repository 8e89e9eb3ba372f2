"""修改: what corrections have changed in an application, before and after, as far as the reader may see the form."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onething.domain.form.form_labels import place_name
from onething.domain.kernel.sealed_name import SealedName
from onething.services.core.context import AppContext
from onething.services.summaries.responses import LocalDateTime, ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values
from onething.store.record.hash_chain import Line


class ChangeView(ResponseModel):
    """One field of the application, or one cell of a list in it. `asked`: by the demand that was open then. Left out:
    there was nothing `before`, or is nothing `after`. `seq`: of the line by which it was changed."""

    pointer: str
    label: str
    before: Any = None
    after: Any = None
    asked: bool
    seq: int
    at: LocalDateTime


@dataclass(frozen=True, slots=True)
class Eyes:
    """`fields`: of the form, those that the reader may see; `whole`: all else of the application too, but for answers,
    which everybody sees who sees anything of it."""

    fields: Collection[str]
    whole: bool

    def see(self, pointer: str) -> bool:
        part, name = pointer.split("/")[1:3]
        return self.whole or part == "answers" or (part == "form" and name in self.fields)


def references(lines: Sequence[Line]) -> list[SealedName]:
    """Of what these lines changed."""
    return [SealedName.parse(line.event["changes"]) for line in lines if "changes" in line.event]


async def changed_by(
    context: AppContext, tx: Transaction, case_no: str, bundle: str, lines: Sequence[Line], eyes: Eyes
) -> Mapping[int, list[ChangeView]]:
    """Line → what it changed."""
    wanted = references(lines)
    if not wanted:
        return {}
    stored = context.values(case_no, await sealed_values.get_many(tx, case_no, wanted))
    definition, found = context.applications.definition(bundle), {}
    for line in lines:
        told = stored.get(line.event["changes"]) if "changes" in line.event else None
        if told is not None:
            found[line.seq] = [
                ChangeView(
                    **one,
                    label=place_name(definition, one["pointer"]),
                    seq=line.seq,
                    at=line.at,
                )
                for one in told["changes"]
                if eyes.see(one["pointer"])
            ]
    return found
