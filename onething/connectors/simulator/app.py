"""The simulator as a web application: the world's endpoints, and the control and lists of tests and the demo."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from onething.connectors.simulator.behaviour import Behaviour
from onething.connectors.simulator.callbacks import Callbacks
from onething.connectors.simulator.journal import Journal
from onething.connectors.simulator.memory import Calls, Memory, Side
from onething.connectors.simulator.world import World
from onething.domain.base import Code
from onething.domain.calendar.time_source import SystemClock, TimeSource
from onething.security.signed_calls import SharedSecrets

Since = Annotated[int, Query(ge=0)]
HistoryLimit = Annotated[int, Query(ge=1, le=100_000)]


def create_app(
    state: Path | None = None, clock: TimeSource | None = None, secrets: SharedSecrets | None = None
) -> FastAPI:
    """One world. With `state`, effects and behaviours outlive the process; calls don't. `secrets` sign callbacks."""
    clock = clock or SystemClock()
    memory = Memory(Journal(state))
    calls = Calls()
    callbacks = Callbacks(secrets or SharedSecrets(), clock)
    app = FastAPI(title="OneThing: simulated outside world", openapi_url=None)
    app.state.callbacks = callbacks
    app.router.routes.extend(World(memory, calls, callbacks, clock).routes())
    app.add_exception_handler(ValidationError, _invalid)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/control")
    async def control() -> dict[Side, dict[str, Behaviour]]:
        """Behaviours that were set; every other code has the default."""
        return memory.behaviours

    @app.put("/control/{side}/{code}")
    async def change(side: Side, code: Code, change: Annotated[dict[str, Any], Body()]) -> Behaviour:
        """Set some fields; answers the whole behaviour. 422 for unknown fields and wrong values."""
        behaviour = memory.behaviour(side, code).changed(change)
        await memory.behave(side, code, behaviour)
        return behaviour

    @app.get("/calls")
    async def list_calls(since: Since = 0, limit: HistoryLimit = 1000, key: str | None = None) -> JSONResponse:
        """What was asked, oldest first. `next` is the `since` of the next page, null at the end."""
        page = calls.page(since, limit, key)
        items = [asdict(call) | {"at": call.at.isoformat()} for call in page]
        return JSONResponse({"items": items, "next": page[-1].index + 1 if len(page) == limit else None})

    @app.delete("/calls", status_code=204)
    async def clear_calls() -> None:
        calls.clear()

    @app.get("/callbacks")
    async def list_callbacks(key: str | None = None) -> JSONResponse:
        """How it called back, oldest first: one line a call."""
        made = [one for one in callbacks.made if key in (None, one.key)]
        return JSONResponse({"items": [asdict(one) | {"at": one.at.isoformat()} for one in made]})

    @app.get("/effects")
    async def list_effects(key: str | None = None, case_no: str | None = None) -> JSONResponse:
        """What was really done: one line a key."""
        return JSONResponse(
            {
                "items": [
                    {
                        "kind": effect.kind,
                        "code": effect.code,
                        "key": effect.key,
                        "of_key": effect.of_key,
                        "case_no": effect.case_no,
                        "at": effect.at,
                        "effects": effect.effects,
                        "undone": effect.undone,
                    }
                    for effect in memory.effects.values()
                    if key in (None, effect.key) and case_no in (None, effect.case_no)
                ]
            }
        )

    return app


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ValidationError):
        raise error
    detail = error.errors(include_url=False, include_context=False, include_input=False)
    return JSONResponse({"detail": detail}, status_code=422)
