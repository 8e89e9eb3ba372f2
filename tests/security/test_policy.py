"""The policy table: total, least data, and no relation that unknown facts could satisfy."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import DEPARTMENT_ROLES, Assurance, Principal, Role
from onething.security.assurance import Needed
from onething.security.policy import (
    ATTESTING,
    BY_CODE,
    NOTHING_KNOWN,
    ROLE_NAMES,
    TABLE,
    Act,
    Allowed,
    Denied,
    Facts,
    NotPermitted,
    Relation,
    judge,
    matrix,
    may,
    needed,
    require,
    role_may,
    visible_fields,
)
from tests.support import people

ME, YOU = "a" * 32, "b" * 32  # blind indices of identities proved


def caller(
    role: Role, *, subject: str = "me", department: str = "psb", region: str = "330100", identity: str | None = None
) -> Principal:
    """The applying side has proved who it is; staff's tokens need not say."""
    who = people.principal(role, department, subject=subject, region=region)
    known = identity or (ME if role in (Role.CITIZEN, Role.AGENT) else None)
    return who.model_copy(update={"identity": known})


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINE = Facts(applicant=ME, region="330100", departments=frozenset({"psb"}), task_department="psb", at=NOW)

facts = st.builds(
    Facts,
    applicant=st.sampled_from([None, ME, YOU]),
    drafted_by=st.sampled_from([None, "me", "you"]),
    mandated=st.booleans(),
    region=st.sampled_from([None, "330100", "330200"]),
    departments=st.frozensets(st.sampled_from(["psb", "tax"])),
    task_department=st.sampled_from([None, "psb", "tax"]),
    at=st.sampled_from([None, NOW]),
)
callers = st.builds(caller, st.sampled_from(Role), subject=st.sampled_from(["me", "you"]))


def test_every_act_and_role_has_an_answer() -> None:
    assert list(TABLE) == list(Act)
    for act in Act:
        assert bool(TABLE[act]) is (act not in BY_CODE), f"nobody may {act}"
        for role in Role:
            assert may(caller(role), act, replace(MINE, drafted_by="me")) is role_may(role, act)


@given(who=callers, act=st.sampled_from(Act), known=facts)
def test_require_raises_what_is_judged(who: Principal, act: Act, known: Facts) -> None:
    said = judge(who, act, known)
    assert may(who, act, known) is isinstance(said, Allowed)
    if isinstance(said, Allowed):
        require(who, act, known)
        return
    with pytest.raises(OneThingError) as refusal:
        require(who, act, known)
    assert (refusal.value.code, refusal.value.detail) == (said.code, said.why + said.remedy)
    assert said.code in (FailureCode.NOT_PERMITTED, FailureCode.NOT_FOUND, FailureCode.INSUFFICIENT_AUTHENTICATION)
    assert said.remedy.endswith("。")


WEAKER: dict[str, Callable[[Needed], Assurance]] = {
    "level": lambda asked: Assurance(level=max(asked.level - 1, 0), mfa=True, signed_in_at=NOW),
    "mfa": lambda _: Assurance(level=3, mfa=False, signed_in_at=NOW),
    "within": lambda asked: Assurance(
        level=3, mfa=True, signed_in_at=NOW - (asked.within or timedelta()) - timedelta(seconds=1)
    ),
}


@pytest.mark.parametrize("act", Act)
def test_who_is_not_known_well_enough_is_told_how_to_sign_in(act: Act) -> None:
    """Each part of what the act asks for, one at a time; what it doesn't ask for is not judged."""
    for role in TABLE[act]:
        asked = needed(role, act)
        for part, weaker in WEAKER.items():
            who = caller(role).model_copy(update={"assurance": weaker(asked)})
            said = judge(who, act, replace(MINE, drafted_by="me"))
            if getattr(asked, part):
                assert isinstance(said, Denied)
                assert (said.code, said.needed) == (FailureCode.INSUFFICIENT_AUTHENTICATION, asked)
            else:
                assert said == Allowed()


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("known", [Facts(applicant=ME, at=NOW), Facts(mandated=True, at=NOW)])
def test_below_real_person_nothing_is_ones_own_but_a_draft_that_one_wrote(level: int, known: Facts) -> None:
    for act, row in TABLE.items():
        for role in (Role.CITIZEN, Role.AGENT):
            if row.get(role) is not Relation.OWN_CASE:
                continue
            weak = caller(role).model_copy(update={"assurance": Assurance(level=level)})
            said = judge(weak, act, known)
            assert isinstance(said, Denied)
            assert said.code is FailureCode.INSUFFICIENT_AUTHENTICATION
            assert said.needed is not None
            assert said.needed.level == 2
    assert may(
        caller(Role.CITIZEN).model_copy(update={"assurance": Assurance()}), Act.VIEW_CASE, Facts(drafted_by="me")
    )


def test_whose_role_never_may_is_not_asked_to_sign_in_again() -> None:
    for act, row in TABLE.items():
        for role in Role:
            if role not in row:
                said = judge(caller(role).model_copy(update={"assurance": Assurance()}), act, MINE)
                assert isinstance(said, Denied)
                assert said.code is not FailureCode.INSUFFICIENT_AUTHENTICATION


def test_signing_out_asks_for_nothing() -> None:
    assert {needed(role, Act.SIGN_OUT) for role in Role} == {Needed()}


def test_a_moment_that_is_not_known_is_not_just_now() -> None:
    said = judge(caller(Role.CITIZEN), Act.GIVE_MANDATE, replace(MINE, at=None))
    assert isinstance(said, Denied)
    assert said.code is FailureCode.INSUFFICIENT_AUTHENTICATION


def test_whose_role_never_may_is_told_whose_may() -> None:
    said = judge(caller(Role.OFFICER), Act.ACCEPT, MINE)
    assert isinstance(said, Denied)
    assert "综合窗口" in said.remedy
    assert set(ROLE_NAMES) == set(Role)


@given(who=callers, act=st.sampled_from(Act))
def test_unknown_facts_grant_only_what_needs_no_relation(who: Principal, act: Act) -> None:
    within = needed(who.role, act).within  # not even that they signed in a moment ago
    assert may(who, act, NOTHING_KNOWN) == (TABLE[act].get(who.role) is Relation.NONE and within is None)


STRANGERS: dict[Relation, Callable[[Role], tuple[Principal, Facts]]] = {
    Relation.OWN_CASE: lambda role: (caller(role, subject="you", identity=YOU), MINE),
    Relation.OWN_DRAFT: lambda role: (caller(role, subject="me"), replace(MINE, drafted_by="me", handed_over=True)),
    Relation.SAME_REGION: lambda role: (caller(role, region="330200"), MINE),
    Relation.OWN_ITEMS: lambda role: (caller(role, department="tax"), MINE),
    Relation.OWN_TASK: lambda role: (caller(role, department="tax"), MINE),
}


@pytest.mark.parametrize(
    ("act", "role"), [(act, role) for act, row in TABLE.items() for role, need in row.items() if need != Relation.NONE]
)
def test_a_stranger_is_refused_whatever_the_role(act: Act, role: Role) -> None:
    stranger, known = STRANGERS[TABLE[act][role]](role)
    assert not may(stranger, act, known)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", sorted(DEPARTMENT_ROLES))
def test_a_department_of_another_region_is_refused(act: Act, role: Role) -> None:
    if TABLE[act].get(role) in (Relation.OWN_ITEMS, Relation.OWN_TASK):
        assert not may(caller(role, region="330200"), act, MINE)


def test_a_stranger_is_not_told_that_a_case_exists() -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(caller(Role.CITIZEN, subject="you", identity=YOU), Act.WITHDRAW, MINE)
    assert refusal.value.code is FailureCode.NOT_FOUND


@pytest.mark.parametrize("known", [Facts(applicant=ME), Facts(mandated=True), Facts(drafted_by="me")])
def test_a_case_is_its_applicants_its_agents_and_as_a_draft_its_writers(known: Facts) -> None:
    assert may(caller(Role.CITIZEN, identity=ME), Act.WITHDRAW, known)
    assert may(caller(Role.CITIZEN, identity=YOU), Act.WITHDRAW, known) is (known.applicant is None)
    nobody = caller(Role.CITIZEN).model_copy(update={"identity": None, "subject": "you"})
    assert may(nobody, Act.WITHDRAW, known) is known.mandated


@pytest.mark.parametrize("act", sorted(ATTESTING))
def test_nobody_attests_to_what_they_gain_by(act: Act) -> None:
    for role in TABLE[act]:
        assert may(caller(role, identity=YOU), act, MINE)
        with pytest.raises(NotPermitted, match="本人的申请"):
            require(caller(role, identity=ME), act, MINE)


@pytest.mark.parametrize("act", [Act.TAKE_BACK_DEMAND, Act.TAKE_BACK_CONSULT])
def test_nobody_spares_themselves_what_was_demanded_or_asked_of_others(act: Act) -> None:
    """Whoever applied is let off by it: of a paper, or of the agreement of another department."""
    for role in TABLE[act]:
        assert may(caller(role, identity=YOU), act, MINE)
        assert not may(caller(role, identity=ME), act, MINE)


def test_who_sees_the_case_is_told_that_the_act_is_not_theirs() -> None:
    sees_but_other_task = Facts(region="330100", departments=frozenset({"psb"}), task_department="tax")
    with pytest.raises(NotPermitted) as refusal:
        require(caller(Role.OFFICER), Act.DECIDE, sees_but_other_task)
    assert refusal.value.code is FailureCode.NOT_PERMITTED


def test_another_departments_queue_is_refused_as_such() -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(caller(Role.OFFICER), Act.LIST_TASKS, Facts(region="330100", task_department="tax"))
    assert refusal.value.code is FailureCode.NOT_PERMITTED


def test_who_runs_or_watches_the_system_reads_no_personal_data() -> None:
    for role in (Role.ADMIN, Role.AUDITOR, Role.SUPERVISOR):
        assert not role_may(role, Act.VIEW_PERSONAL)
        assert not role_may(role, Act.DOWNLOAD_MATERIAL)
        assert not role_may(role, Act.SEARCH_CASES)
    assert {act for act in Act if role_may(Role.ADMIN, act)} == {
        Act.ADD_SUBSCRIPTION,
        Act.ROTATE_SUBSCRIPTION,
        Act.REDELIVER_SUBSCRIPTION,
        Act.OPERATE,
        Act.SIGN_OUT,
        Act.LOCK_OUT,
        Act.UNLOCK,
        Act.VIEW_LOCKOUTS,
    }
    assert {act for act in Act if role_may(Role.AUDITOR, act)} == {Act.SIGN_OUT, Act.VIEW_ACCESS_LOG}
    assert set(TABLE[Act.VIEW_ACCESS_LOG]) == {Role.AUDITOR}


def test_only_the_counter_takes_in_and_only_departments_decide() -> None:
    for act in (Act.ACCEPT, Act.REJECT):
        assert set(TABLE[act]) == {Role.COUNTER}
    assert set(TABLE[Act.ASK_CORRECTIONS]) == {Role.COUNTER, Role.SUPERVISOR}  # theirs: what a notice forgot
    assert set(TABLE[Act.DECIDE]) == DEPARTMENT_ROLES


FIELDS = {"name": {"psb", "tax"}, "id_number": {"psb"}, "bank_account": {"tax"}, "remark": set[str]()}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.CITIZEN, set(FIELDS)),
        (Role.AGENT, set(FIELDS)),
        (Role.COUNTER, set(FIELDS)),
        (Role.WORKER, set(FIELDS)),
        (Role.OFFICER, {"name", "id_number"}),
        (Role.LEADER, {"name", "id_number"}),
        (Role.DEPARTMENT_SYSTEM, {"name", "id_number"}),
        (Role.SUPERVISOR, set()),
        (Role.ADMIN, set()),
        (Role.AUDITOR, set()),
    ],
)
def test_each_reader_sees_the_fields_it_needs(role: Role, seen: set[str]) -> None:
    assert visible_fields(caller(role), FIELDS, MINE) == seen


@given(who=callers, known=facts)
def test_no_field_without_the_right_to_personal_data(who: Principal, known: Facts) -> None:
    seen = visible_fields(who, FIELDS, known)
    assert seen <= set(FIELDS)
    if not may(who, Act.VIEW_PERSONAL, known):
        assert not seen


def test_a_department_without_items_in_the_case_sees_no_field_of_it() -> None:
    known = Facts(region="330100", departments=frozenset({"tax"}))
    assert visible_fields(caller(Role.OFFICER), FIELDS, known) == frozenset()


def test_the_matrix_is_printed_whole() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "onething.security.policy"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert printed.strip() == matrix()
    lines = printed.strip().splitlines()
    assert len(lines) == len(Act) + 2
    assert {line.count("|") for line in lines} == {len(Role) + 2}
