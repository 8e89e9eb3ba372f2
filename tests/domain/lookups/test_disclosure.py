"""Whose record it is, by what the source is asked with; and how a look-up ended, as far as digests tell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.kernel.state import DataState
from onething.domain.lookups.disclosure import (
    Disclosure,
    LookupResult,
    LookupSubject,
    disclosure,
    result_of,
    subject_of,
)
from onething.domain.plan.plan import PlanComparison
from onething.domain.principal import Principal, Role
from onething.domain.sources.compare_as import CompareAs
from onething.domain.sources.source import FastRetry, RetrySchedule, SlowRetry, SourceDefinition, SourceParam
from tests.domain.builders import Case, item, make_plan, record
from tests.support import people

RECORD, RESULT = Disclosure.RECORD, Disclosure.RESULT
MINE, YOURS = "0" * 32, "1" * 32
FORM = {
    name: FormField(id=name, label=name, type=kind)
    for name, kind in (
        ("mother_id", FormFieldType.RESIDENT_ID),
        ("father_id", FormFieldType.RESIDENT_ID),
        ("uscc", FormFieldType.USCC),
        ("vin", FormFieldType.TEXT),
        ("name", FormFieldType.PERSON_NAME),
    )
}


def source(**personal: bool) -> SourceDefinition:
    """Parameter → whether it is personal."""
    return SourceDefinition.model_validate(
        {
            "code": "register",
            "name": "登记",
            "department": "psb",
            "path": "/records",
            "params": [SourceParam(id=name, label=name, personal=said) for name, said in personal.items()],
            "fields": [{"id": "x", "label": "x"}],
            "timeout_s": 1,
            "retry": RetrySchedule(fast=FastRetry(first_s=1, attempts=1), slow=SlowRetry(every_s=1)),
            "patience_minutes": 1,
        }
    )


def caller(role: Role = Role.CITIZEN, identity: str | None = MINE) -> Principal:
    return people.principal(role).model_copy(update={"identity": identity})


@pytest.mark.parametrize(
    ("params", "personal", "numbers"),
    [
        ({"uscc": "uscc"}, False, ()),
        ({"number": "mother_id"}, True, ("mother_id",)),  # whatever the source says of it
        ({"plate": "vin"}, True, ()),
        ({"number": "mother_id", "plate": "vin"}, True, ("mother_id",)),
        ({"number": "mother_id", "spouse": "father_id"}, True, ("mother_id", "father_id")),
        ({"number": "answers.kind"}, False, ()),
        ({"unheard_of": "uscc"}, True, ()),
        ({"uscc": "no_such_field"}, False, ()),
    ],
)
def test_whom_it_is_about_is_told_by_what_it_is_asked_with(
    params: dict[str, str], personal: bool, numbers: tuple[str, ...]
) -> None:
    asked = source(uscc=False, number=False, spouse=False, plate=True)
    assert subject_of(params, asked, FORM) == LookupSubject(personal, numbers)


def test_a_source_that_is_gone_counts_as_personal() -> None:
    assert subject_of({"uscc": "uscc"}, None, FORM) == LookupSubject(True, ())


BOTH = LookupSubject(True, ("mother_id", "father_id"))
CASES: list[tuple[LookupSubject, dict[str, str], dict[str, Any], Disclosure]] = [
    (LookupSubject(False, ()), {}, {}, RECORD),
    (LookupSubject(False, ()), {}, {"in_hand": False}, RECORD),
    (LookupSubject(True, ()), {}, {}, RESULT),  # an address, a vehicle: nobody can say whose
    (LookupSubject(True, ("mother_id",)), {"mother_id": MINE}, {}, RECORD),
    (LookupSubject(True, ("mother_id",)), {"mother_id": MINE}, {"in_hand": False}, RESULT),
    (LookupSubject(True, ("mother_id",)), {"mother_id": YOURS}, {}, RESULT),
    (LookupSubject(True, ("mother_id",)), {"mother_id": YOURS}, {"represented": YOURS}, RECORD),
    (LookupSubject(True, ("mother_id",)), {}, {}, RESULT),
    (BOTH, {"mother_id": MINE, "father_id": YOURS}, {}, RESULT),
    (BOTH, {"mother_id": MINE}, {}, RESULT),
    (BOTH, {"mother_id": MINE, "father_id": YOURS}, {"represented": YOURS}, RECORD),
    (BOTH, {"mother_id": MINE, "father_id": MINE}, {}, RECORD),
]


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.AGENT])
@pytest.mark.parametrize(("subject", "indices", "more", "expected"), CASES)
def test_who_applies_gets_the_record_of_nobody_else(
    role: Role, subject: LookupSubject, indices: dict[str, str], more: dict[str, Any], expected: Disclosure
) -> None:
    assert disclosure(caller(role), subject, indices, **({"in_hand": True} | more)) is expected


@pytest.mark.parametrize("role", Role)
def test_only_who_is_in_office_works_with_records_of_others(role: Role) -> None:
    found = disclosure(caller(role), LookupSubject(True, ("mother_id",)), {"mother_id": YOURS}, in_hand=True)
    in_office = {Role.COUNTER, Role.OFFICER, Role.LEADER, Role.DEPARTMENT_SYSTEM, Role.WORKER}
    assert (found is RECORD) is (role in in_office)


index = st.sampled_from([MINE, YOURS, "2" * 32, ""])
subjects = st.builds(
    LookupSubject, st.booleans(), st.lists(st.sampled_from(["mother_id", "father_id"]), unique=True).map(tuple)
)
indices = st.dictionaries(st.sampled_from(["mother_id", "father_id"]), index)


@given(
    role=st.sampled_from(list(Role)),
    identity=st.sampled_from([MINE, YOURS]),
    subject=subjects,
    of=indices,
    represented=st.none() | st.sampled_from([MINE, YOURS]),
    in_hand=st.booleans(),
)
def test_what_is_left_out_never_widens_what_is_seen(
    role: Role,
    identity: str,
    subject: LookupSubject,
    of: dict[str, str],
    represented: str | None,
    in_hand: bool,
) -> None:
    """Who one is, for whom one acts, that the record is of this number, what the form says, each by itself."""

    def seen(who: Principal, numbers: dict[str, str], whom: str | None, *, bound: bool) -> bool:
        return disclosure(who, subject, numbers, represented=whom, in_hand=bound) is RECORD

    who = caller(role, identity)
    whole = seen(who, of, represented, bound=in_hand)
    assert seen(caller(role, None), of, represented, bound=in_hand) <= whole
    assert seen(who, of, None, bound=in_hand) <= whole
    assert seen(who, of, represented, bound=False) <= whole
    for name in of:
        assert (
            seen(who, {other: number for other, number in of.items() if other != name}, represented, bound=in_hand)
            <= whole
        )


# -- how it ended ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "compared", "expected"),
    [
        (("form.name", "data.deed.name"), {"form.name": "a", "data.deed.name": "a"}, LookupResult.MATCHES),
        (("form.name", "data.deed.name"), {"form.name": "a", "data.deed.name": "b"}, LookupResult.DIFFERS),
        (("form.name", "data.deed.name"), {"form.name": "a"}, LookupResult.FOUND),  # it says nothing of that
        (("form.name", "data.deed.name"), {"data.deed.name": "a"}, LookupResult.FOUND),
        # with what the application says; another register that says otherwise is no concern of this one
        (
            ("form.name", "data.deed.name", "data.other.name"),
            {"form.name": "a", "data.deed.name": "a", "data.other.name": "b"},
            LookupResult.MATCHES,
        ),
        (("data.deed.name", "data.other.name"), {"data.deed.name": "a", "data.other.name": "b"}, LookupResult.DIFFERS),
    ],
)
def test_a_record_matches_or_differs_where_it_is_compared(
    values: tuple[str, ...], compared: dict[str, str], expected: LookupResult
) -> None:
    plan = make_plan(item("a", data=["deed", "other"]), data=[record("deed"), record("other")])
    who = PlanComparison(code="who", name="姓名", kind=CompareAs.NAME, values=values, items=("a",))
    plan = plan.model_copy(update={"compare": (who,)})
    state = Case(plan).state.model_copy(update={"compared": compared, "data": {"deed": DataState.IN_HAND}})
    assert result_of(plan, state, "deed", ()) is expected


@pytest.mark.parametrize(
    ("standing", "without", "expected"),
    [
        (DataState.PENDING, (), None),
        (DataState.CHECKING, (), None),
        (DataState.IN_HAND, (), LookupResult.FOUND),
        (DataState.IN_HAND, ("deed",), LookupResult.FOUND),
        (DataState.ASKED, ("deed",), LookupResult.NOT_FOUND),
        (DataState.SUPPLIED, ("deed",), LookupResult.NOT_FOUND),
        (DataState.SUPPLIED, ("other",), None),  # patience ended: nobody knows
    ],
)
def test_where_nothing_is_compared_it_is_found_or_not(
    standing: DataState, without: tuple[str, ...], expected: LookupResult | None
) -> None:
    plan = make_plan(item("a", data=["deed"]), data=[record("deed")])
    state = Case(plan).state.model_copy(update={"data": {"deed": standing}})
    assert result_of(plan, state, "deed", without) is expected
