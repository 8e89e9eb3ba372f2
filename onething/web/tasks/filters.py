"""Which tasks a queue shows, as its address says: so it survives opening a task, deciding it, going back and
refreshing."""

import re
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import BeforeValidator, Field, ValidationError

from onething.domain.base import Code
from onething.domain.kernel.case_no import DIGITS
from onething.edge.query import QueryModel, several
from onething.services.tasks.schemas import Due, Holder, QueueFilter, queue_filter
from onething.web.core.forms import Form
from onething.web.core.routes import with_query
from onething.web.tasks.wording import FLAG_SIGNS

MOST_TICKED = 100
"""Tasks that may be ticked at once: their numbers travel in the address."""

_TASK_ID = re.compile(f"{DIGITS}-[a-z0-9._-]{{1,80}}-[0-9]{{1,4}}")
LONGEST_TICKS = 12_000
"""Of as many numbers of tasks, with commas between."""
_BLANK_IS_NONE = BeforeValidator(lambda value: value or None)
_NOT_OF_FILTER = frozenset({"ticked"})
_OF_ONE_PAGE = frozenset({"after", "ticked"})
HOLDER_NAMES = {"mine": "我的", "unclaimed": "未认领"}
DUE_NAMES = {"overdue": "已超期", "today": "今天到期", "week": "本周到期"}
STATE_NAMES = {"open": "待办", "closed": "已办"}


class WorkQuery(QueryModel):
    """The queue's address. A browser's form also sends what was left empty. `ticked`: task ids, by commas."""

    state: Annotated[str | None, Field(pattern="^(open|closed)$"), _BLANK_IS_NONE] = None
    bundle: Annotated[Code | None, _BLANK_IS_NONE] = None
    item: Annotated[Code | None, _BLANK_IS_NONE] = None
    holder: Annotated[Holder | None, _BLANK_IS_NONE] = None
    due: Annotated[Due | None, _BLANK_IS_NONE] = None
    flags: Annotated[str | None, Field(max_length=200), _BLANK_IS_NONE] = None
    limit: Annotated[int | None, Field(ge=10, le=100), _BLANK_IS_NONE] = None
    after: Annotated[str | None, Field(max_length=400), _BLANK_IS_NONE] = None
    ticked: Annotated[str | None, Field(max_length=LONGEST_TICKS), _BLANK_IS_NONE] = None

    def chosen(self) -> QueueFilter:
        """Raises InvalidInput for a flag that there is not."""
        plain = self.model_dump(include={"bundle", "item", "holder", "due"})
        return queue_filter({**plain, "state": self.state or "open"}, several(self.flags))

    def address(self, **changes: str | None) -> str:
        """Of the queue with these changes; None takes one out. Another filter begins at its first page."""
        told = {**self.model_dump(mode="json", exclude_none=True), **changes}
        if changes.keys() - _OF_ONE_PAGE:
            told.pop("after", None)
        return with_query("/work", told)

    @property
    def words(self) -> str:
        """The filter and page, without what is ticked: to come back to."""
        return self.address(ticked=None).partition("?")[2]

    @property
    def ticks(self) -> tuple[str, ...]:
        return tuple(several(self.ticked))[:MOST_TICKED]


def back_of(sent: Form) -> str:
    """The words of the queue's query that a form says to go back to, as far as they can be read."""
    return filter_of(sent.value("back")).words


def ticked_in(sent: Form) -> tuple[str, ...]:
    """Which tasks a form has ticked, each once; what can be none's number is left out."""
    chosen = (one for one in sent.values("ticked") if _TASK_ID.fullmatch(one))
    return tuple(dict.fromkeys(chosen))[:MOST_TICKED]


def filter_of(words: str) -> WorkQuery:
    """What `words` of a query said. What can't be read is no filter: it is only where to go back to."""
    told = {name: value for name, value in parse_qsl(words) if name not in _NOT_OF_FILTER}
    try:
        return WorkQuery.model_validate(told)
    except ValidationError:
        return WorkQuery()


def parts(query: WorkQuery, names: dict[str, str]) -> list[tuple[str, str]]:
    """Each part of the filter in words, with the address of the queue without it. `names`: of bundles and items."""
    found = []
    if query.bundle:
        found.append((names.get(query.bundle, query.bundle), query.address(bundle=None, item=None)))
    if query.item:
        found.append((names.get(query.item, query.item), query.address(item=None)))
    if query.holder:
        found.append((HOLDER_NAMES[query.holder], query.address(holder=None)))
    if query.due:
        found.append((DUE_NAMES[query.due], query.address(due=None)))
    for flag in several(query.flags):
        rest = ",".join(one for one in several(query.flags) if one != flag)
        found.append((FLAG_SIGNS[flag][1], query.address(flags=rest)))
    return found
