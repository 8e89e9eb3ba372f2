"""Generated requests against the API's own description: no 5xx, and every answer as it is described."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Live
from tests.api.forms import opening
from tests.support import people
from tests.support.patience import PATIENCE_S
from tests.support.whole import WHOLE

pytestmark = pytest.mark.slow

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
BOUNDED = settings(
    max_examples=10 if WHOLE else 3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def new_case(live: Live) -> str:
    headers = {**people.bearer(live.token("citizen")), "Idempotency-Key": uuid4().hex}
    answer = httpx.post(f"{live.url}/api/cases", json=opening(), headers=headers, timeout=PATIENCE_S)
    return str(answer.json()["case_no"])


@pytest.mark.timeout(1800)
def test_generated_requests(live: Live) -> None:
    callers = cycle(["citizen", "counter", "officer.amr", "citizen", "counter", "supervisor", None])
    schema = schemathesis.openapi.from_url(f"{live.url}/api/openapi.json", timeout=PATIENCE_S).exclude(
        path_regex="events$"
    )
    seen: Counter[int] = Counter()
    for operation in schema.get_all_operations():
        case_no = new_case(live)
        known = {"case_no": case_no, "task_id": f"{case_no}-registration-1", "code": "enterprise-opening"}
        generated = operation.ok().as_strategy()
        BOUNDED(given(case=generated)(_conforms(live, known, callers, seen)))()
    assert {200, 401, 403, 404, 409, 422} <= seen.keys()


def _conforms(
    live: Live, known: dict[str, str], callers: Iterator[str | None], seen: Counter[int]
) -> Callable[[schemathesis.Case], None]:
    def conforms(case: schemathesis.Case) -> None:
        who = next(callers)
        headers = people.bearer(live.token(who)) if who else {}
        if who != "supervisor":
            # parameters that lead somewhere
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        answer = case.call(headers=headers, timeout=PATIENCE_S)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    return conforms
