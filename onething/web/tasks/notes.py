"""内部备注: written beside an act, or by itself; what was typed goes along with whatever is pressed."""

from onething.domain.principal import Principal
from onething.services.core.context import AppContext
from onething.services.tasks import notes
from onething.services.tasks.schemas import NoteRequest, NoteView
from onething.web.core.forms import Form, as_request
from onething.web.core.typed_values import with_numbers

TEXT, VERSION, BEFORE = "note/text", "note/version", "note/before"
"""Names of the fields: the note, the version of the one that was read, and what that said."""
PIN, PIN_TEXT, PIN_VERSION = "pin/place", "pin/text", "pin/version"
"""And of what is pinned to a field or a material."""


def is_typed(sent: Form) -> bool:
    """Whether a note was changed."""
    return sent.has(TEXT) and sent.value(TEXT) != sent.value(BEFORE)


async def pin(context: AppContext, by: Principal, task_id: str, sent: Form) -> NoteView:
    """Raises as `keep`, and InvalidInput for a place that there is not."""
    typed = {"place": sent.value(PIN), "text": sent.value(PIN_TEXT), "version": sent.value(PIN_VERSION)}
    return await notes.write(context, by, task_id, as_request(NoteRequest, with_numbers(typed, "version")))


async def keep(context: AppContext, by: Principal, task_id: str, sent: Form) -> NoteView | None:
    """The note, if it was changed. Raises OneThingError STALE_VERSION where a colleague has written since, and
    RequestValidationError."""
    if not is_typed(sent):
        return None
    written = with_numbers({"text": sent.value(TEXT), "version": sent.value(VERSION)}, "version")
    return await notes.write(context, by, task_id, as_request(NoteRequest, written))
