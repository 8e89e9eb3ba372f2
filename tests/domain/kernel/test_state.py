"""State and plan as they are stored: small, safe from older code, plans found by digests that last."""

import json

import pytest

from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import NewerState
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from tests.domain.builders import DAY, LADDER, Case, item, make_plan, record

ITEMS = 100


def hundred(clocks: ClockRules | None = None) -> Case:
    """Ten rows of ten items, each needing one of the row before; thirty releasable look-ups."""
    codes = [f"registration-{n:03}" for n in range(ITEMS)]
    data = [record(f"household-record-{n:02}", releasable=True) for n in range(30)]
    plan = make_plan(
        *(
            item(code, needs=[codes[n - 10]] if n >= 10 else [], data=[data[n].key] if n < 30 else [], days=n % 5)
            for n, code in enumerate(codes)
        ),
        data=data,
        clocks=clocks,
    )
    return Case(plan)


@pytest.mark.parametrize("clocks", [None, ClockRules(ladder=LADDER)], ids=["promises", "promises and law"])
def test_a_case_of_a_hundred_items_stays_within_300_bytes_an_item(clocks: ClockRules | None) -> None:
    case = hundred(clocks)
    case.accept()
    sizes = [len(case.state.to_json())]
    for command in case.record.open_commands():
        case.fetch_again(command)
    for n in range(ITEMS):
        case.approve(f"registration-{n:03}")
        sizes.append(len(case.state.to_json()))
        if n % 10 == 5:
            case.wait(DAY)
    assert case.status == "delivered"
    assert max(sizes) <= 300 * ITEMS, f"{max(sizes)} bytes for {ITEMS} items"


def test_a_plan_survives_json_and_keeps_its_digest_when_fields_are_added() -> None:
    plan = hundred().record.plan
    assert Plan.model_validate_json(plan.to_json()) == plan

    class LaterPlan(Plan):
        added: str = "as before"

    later = LaterPlan.model_validate_json(plan.to_json())
    assert later.digest == plan.digest
    assert later.model_copy(update={"added": "otherwise"}).to_json() != plan.to_json()


def test_newer_state_is_refused() -> None:
    raw = json.loads(hundred().state.to_json())
    with pytest.raises(NewerState):
        CaseState.from_json(json.dumps(raw | {"schema": 2}))
