"""Every invariant of the storm's checker holds on good evidence, and each notices what it is there for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chaos.evidence import Certificate, Command, Effect, Evidence, Played, Stop, Workflow
from chaos.invariants import INVARIANTS, endings, facts, outside, privacy, record, storm
from chaos.logbook import Heard
from chaos.report import judge, summary, verdict
from onething.domain.kernel.state import CaseStatus
from tests.chaos.made_up import CLOSED, NOW, REOPENED, REOPENED_AND_WITHDRAWN, WITHDRAWN, good, rewritten, spoil_record

Spoil = Callable[[Evidence], None]


def test_good_evidence_holds() -> None:
    found = {one.title: findings for one, findings in judge(good()) if findings}
    assert found == {}


def the_script_failed(evidence: Evidence) -> None:
    evidence.played[0] = replace(evidence.played[0], failure="等不到答复")


def a_case_was_lost(evidence: Evidence) -> None:
    evidence.played.append(Played("a script", "330100202603020000099", frozenset({CaseStatus.CLOSED})))


def another_ending(evidence: Evidence) -> None:
    evidence.played[0] = replace(evidence.played[0], endings=frozenset({CaseStatus.REJECTED}))


def a_command_left_open(evidence: Evidence) -> None:
    commands = evidence.records[CLOSED].commands
    spoil_record(evidence, CLOSED, commands=(*commands[:-1], replace(commands[-1], status="open")))


def a_task_left_open(evidence: Evidence) -> None:
    tasks = evidence.records[CLOSED].tasks
    spoil_record(evidence, CLOSED, tasks=(replace(tasks[0], state="open"), *tasks[1:]))


def a_clock_still_running(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, state=evidence.records[CLOSED].state.replace('"state":"met"', '"state":"running"'))


def a_wake_left(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, next_wake_at=NOW)


def a_hand_over_left(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, handover_waits=True)


def a_head_that_disagrees(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, status="processing")


def nobody_answered(evidence: Evidence) -> None:
    evidence.intents[0].heard = [Heard(1.0, unknown="ReadTimeout")]


def an_acknowledged_line_is_missing(evidence: Evidence) -> None:
    lines = evidence.records[CLOSED].lines
    spoil_record(evidence, CLOSED, lines=tuple(line for line in lines if line.kind != "accepted"))


def an_acknowledged_claim_is_missing(evidence: Evidence) -> None:
    lines = evidence.records[CLOSED].lines
    spoil_record(evidence, CLOSED, lines=tuple(line for line in lines if line.kind != "task_claimed"))


def an_acknowledged_case_is_missing(evidence: Evidence) -> None:
    del evidence.records[CLOSED]


def a_fact_twice(evidence: Evidence) -> None:
    lines = evidence.records[CLOSED].lines
    again = next(line for line in lines if line.kind == "item_decided")
    spoil_record(evidence, CLOSED, lines=(*lines, replace(again, seq=len(lines) + 1)))


def a_fact_out_of_nowhere(evidence: Evidence) -> None:
    evidence.intents = [one for one in evidence.intents if one.act != "withdrawn"]


def one_line_for_two(evidence: Evidence) -> None:
    accepted = next(one for one in evidence.intents if one.act == "accepted")
    evidence.intents.append(replace(accepted, key="another key"))
    evidence.kept_keys["another key"] = 200


def by_somebody_else(evidence: Evidence) -> None:
    accepted = next(one for one in evidence.intents if one.act == "accepted")
    evidence.intents[evidence.intents.index(accepted)] = replace(accepted, account="somebody else")


def two_answers(evidence: Evidence) -> None:
    evidence.intents[0].heard.append(Heard(3.0, status=200, case_no=CLOSED, body="another"))


def an_answer_not_kept(evidence: Evidence) -> None:
    del evidence.kept_keys[evidence.intents[0].key]


def a_key_kept_twice(evidence: Evidence) -> None:
    evidence.doubled_keys = (evidence.intents[0].key,)


def _refused(evidence: Evidence, **heard: object) -> None:
    decided = next(one for one in evidence.intents if one.act == "item_decided" and one.case_no == CLOSED)
    told = Heard(**{"at": 2.0, "status": 409, "code": "already_decided", **heard})  # type: ignore[arg-type]
    evidence.intents.append(replace(decided, key="a late key", account="a late officer", heard=[told]))


def a_false_standing(evidence: Evidence) -> None:
    _refused(evidence, standing="refuse")


def refused_for_no_reason(evidence: Evidence) -> None:
    _refused(evidence, standing=None, code="not_allowed_now")


def refused_for_data_that_agree(evidence: Evidence) -> None:
    _refused(evidence, standing=None, code="discrepancy")


def refused_as_malformed(evidence: Evidence) -> None:
    _refused(evidence, status=422, code="invalid_request")


def accepted_and_refused(evidence: Evidence) -> None:
    evidence.intents[0].heard.append(Heard(3.0, status=409, code="not_allowed_now"))


def an_internal_error(evidence: Evidence) -> None:
    evidence.intents[0].heard.insert(0, Heard(0.5, unknown="500 internal"))


def a_gap(evidence: Evidence) -> None:
    lines = evidence.records[CLOSED].lines
    spoil_record(evidence, CLOSED, lines=(*lines[:3], *lines[4:]))


def a_changed_line(evidence: Evidence) -> None:
    lines = evidence.records[CLOSED].lines
    changed = replace(lines[2], event={**lines[2].event, "record": "another"})
    spoil_record(evidence, CLOSED, lines=(*lines[:2], changed, *lines[3:]))


def a_journal_cut_short(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, lines=evidence.records[CLOSED].lines[:-1])


def a_state_that_is_not_the_journals(evidence: Evidence) -> None:
    kept = evidence.records[CLOSED]
    decided = next(line.seq for line in kept.lines if line.event.get("item") == "tax" and line.kind == "item_decided")
    evidence.records[CLOSED] = rewritten(kept, decided, outcome="refuse")


def a_decision_without_its_task(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, tasks=evidence.records[CLOSED].tasks[1:])


def a_task_without_its_decision(evidence: Evidence) -> None:
    tasks = evidence.records[CLOSED].tasks
    spoil_record(evidence, CLOSED, tasks=(*tasks, replace(tasks[0], round=2)))


def a_task_with_another_result(evidence: Evidence) -> None:
    tasks = evidence.records[CLOSED].tasks
    spoil_record(evidence, CLOSED, tasks=(replace(tasks[0], result="refuse"), *tasks[1:]))


def no_certificate(evidence: Evidence) -> None:
    spoil_record(evidence, CLOSED, certificates=())


def two_certificates(evidence: Evidence) -> None:
    kept = evidence.records[CLOSED].certificates
    spoil_record(evidence, CLOSED, certificates=(*kept, Certificate("N2", "licence", "out")))


def a_certificate_of_a_withdrawn_case(evidence: Evidence) -> None:
    spoil_record(evidence, WITHDRAWN, certificates=(Certificate("N2", "licence", "out"),))


def a_certificate_that_is_not_genuine(evidence: Evidence) -> None:
    kept = evidence.records[CLOSED].certificates
    spoil_record(evidence, CLOSED, certificates=(replace(kept[0], verified=False),))


def an_effect_twice(evidence: Evidence) -> None:
    evidence.effects[0] = replace(evidence.effects[0], effects=2)


def an_effect_without_a_command(evidence: Evidence) -> None:
    evidence.effects.append(Effect("notice", "gateway", f"{CLOSED}/1/99.send_notices.0", None, 1, undone=False))


def a_call_without_a_command(evidence: Evidence) -> None:
    evidence.called_keys[f"{CLOSED}/1/99.fetch_record.0"] = 1


def done_but_not_outside(evidence: Evidence) -> None:
    evidence.effects = [one for one in evidence.effects if one.kind != "notice"]


def _of(evidence: Evidence, case_no: str, kind: str) -> Effect:
    return next(one for one in evidence.effects_of(case_no) if one.kind == kind)


def an_approval_not_revoked(evidence: Evidence) -> None:
    evidence.effects.remove(_of(evidence, WITHDRAWN, "revocation"))


def an_approval_revoked_twice(evidence: Evidence) -> None:
    again = replace(_of(evidence, WITHDRAWN, "revocation"), key=f"{WITHDRAWN}/1/98.undo_effect.0")
    evidence.effects.append(again)


def an_approval_revoked_that_stands(evidence: Evidence) -> None:
    evidence.effects.append(Effect("revocation", "dep", f"{CLOSED}/1/98.undo_effect.0", "8.approval", 1, undone=False))


def a_hold_not_released(evidence: Evidence) -> None:
    held = _of(evidence, WITHDRAWN, "record")
    evidence.effects[evidence.effects.index(held)] = replace(held, undone=False)


def a_hold_released_that_is_needed(evidence: Evidence) -> None:
    held = _of(evidence, CLOSED, "record")
    evidence.effects[evidence.effects.index(held)] = replace(held, undone=True)


def a_release_of_nothing(evidence: Evidence) -> None:
    key = f"{CLOSED}/1/98.undo_effect.0"
    evidence.effects.append(Effect("release", "source", key, f"{CLOSED}/1/1.fetch_record.1", 1, undone=False))


def not_undone_by_hand(evidence: Evidence) -> None:
    kept = evidence.records[WITHDRAWN]
    spoil_record(evidence, WITHDRAWN, lines=tuple(line for line in kept.lines if line.kind != "undone_by_hand"))


def a_workflow_for_nothing(evidence: Evidence) -> None:
    evidence.workflows[0] = replace(evidence.workflows[0], status="RUNNING")


def a_failed_workflow(evidence: Evidence) -> None:
    evidence.workflows.append(Workflow(f"case-{CLOSED}", "FAILED"))


def people_had_to_wait(evidence: Evidence) -> None:
    evidence.stops[0] = Stop("Temporal", 1.0, 2.0, submitted=3, decided=3, opened=0)
    evidence.thorough = True


def a_kill_left_out(evidence: Evidence) -> None:
    evidence.kills["API"] = 1


def too_little_happened(evidence: Evidence) -> None:
    evidence.thorough = True


def _notices(evidence: Evidence, case_no: str) -> list[Command]:
    return [one for one in evidence.records[case_no].commands if one.target == "result"]


def a_second_end_was_not_told(evidence: Evidence) -> None:
    last = _notices(evidence, REOPENED)[-1]
    spoil_record(evidence, REOPENED, commands=tuple(c for c in evidence.records[REOPENED].commands if c is not last))


def an_end_was_told_twice(evidence: Evidence) -> None:
    again = replace(_notices(evidence, CLOSED)[-1], id="99.send_notices.0")
    spoil_record(evidence, CLOSED, commands=(*evidence.records[CLOSED].commands, again))


def a_certificate_of_a_revoked_approval_counts(evidence: Evidence) -> None:
    certificates = tuple(replace(one, verified=True) for one in evidence.records[REOPENED].certificates)
    spoil_record(evidence, REOPENED, certificates=certificates)


def told_of_the_round_before(evidence: Evidence) -> None:
    """Somebody was too late for the second decision, and was told of the first."""
    decided = [one for one in evidence.intents if one.case_no == REOPENED and one.about.get("item") == "permit"]
    second = next(one for one in decided if one.about.get("round") == 2)
    refused = Heard(3.0, status=409, code="already_decided", standing="refuse")
    evidence.intents.append(replace(second, key="late", heard=[refused]))


def what_was_granted_before_it_was_reopened_is_taken_back(evidence: Evidence) -> None:
    approval = next(seq for seq, _, e in evidence.records[REOPENED_AND_WITHDRAWN].events if e.kind == "item_decided")
    key = f"{REOPENED_AND_WITHDRAWN}/1/99.undo_effect.0"
    evidence.effects.append(Effect("revocation", "dep", key, f"{approval}.approval", 1, undone=False))


def a_name_in_a_log(evidence: Evidence) -> None:
    evidence.leaks.append("api.log: '欧阳䶮'")


def a_blind_search(evidence: Evidence) -> None:
    evidence.blind.append("Temporal")


CASES: list[tuple[object, Spoil]] = [
    (endings.played_to_the_end, the_script_failed),
    (endings.played_to_the_end, a_case_was_lost),
    (endings.as_the_script_allows, another_ending),
    (endings.at_rest, a_command_left_open),
    (endings.at_rest, a_task_left_open),
    (endings.at_rest, a_clock_still_running),
    (endings.at_rest, a_wake_left),
    (endings.at_rest, a_hand_over_left),
    (endings.at_rest, a_head_that_disagrees),
    (facts.everybody_was_answered, nobody_answered),
    (facts.acknowledged_exactly_once, an_acknowledged_line_is_missing),
    (facts.acknowledged_exactly_once, an_acknowledged_claim_is_missing),
    (facts.acknowledged_exactly_once, an_acknowledged_case_is_missing),
    (facts.acknowledged_exactly_once, a_fact_twice),
    (facts.acknowledged_exactly_once, a_fact_out_of_nowhere),
    (facts.acknowledged_exactly_once, one_line_for_two),
    (facts.acknowledged_exactly_once, by_somebody_else),
    (facts.one_answer_a_key, two_answers),
    (facts.one_answer_a_key, an_answer_not_kept),
    (facts.one_answer_a_key, a_key_kept_twice),
    (facts.refusals_tell_the_truth, a_false_standing),
    (facts.refusals_tell_the_truth, refused_for_no_reason),
    (facts.refusals_tell_the_truth, refused_for_data_that_agree),
    (facts.refusals_tell_the_truth, refused_as_malformed),
    (facts.refusals_tell_the_truth, accepted_and_refused),
    (facts.no_internal_errors, an_internal_error),
    (record.chains_hold, a_gap),
    (record.chains_hold, a_changed_line),
    (record.chains_hold, a_journal_cut_short),
    (record.journal_folds_to_state, a_state_that_is_not_the_journals),
    (record.tasks_fit_items, a_decision_without_its_task),
    (record.tasks_fit_items, a_task_without_its_decision),
    (record.tasks_fit_items, a_task_with_another_result),
    (record.certificates_once, no_certificate),
    (record.certificates_once, two_certificates),
    (record.certificates_once, a_certificate_of_a_withdrawn_case),
    (record.certificates_once, a_certificate_that_is_not_genuine),
    (outside.one_effect_a_key, an_effect_twice),
    (outside.one_effect_a_key, an_effect_without_a_command),
    (outside.one_effect_a_key, a_call_without_a_command),
    (outside.done_means_done, done_but_not_outside),
    (outside.undo_touched_what_was_done, an_approval_not_revoked),
    (outside.undo_touched_what_was_done, an_approval_revoked_twice),
    (outside.undo_touched_what_was_done, an_approval_revoked_that_stands),
    (outside.undo_touched_what_was_done, a_hold_not_released),
    (outside.undo_touched_what_was_done, a_hold_released_that_is_needed),
    (outside.undo_touched_what_was_done, a_release_of_nothing),
    (outside.undo_touched_what_was_done, not_undone_by_hand),
    (storm.workflows_are_over, a_workflow_for_nothing),
    (storm.workflows_are_over, a_failed_workflow),
    (storm.people_went_on, people_had_to_wait),
    (storm.faults_happened, a_kill_left_out),
    (storm.enough_happened, too_little_happened),
    (endings.told_once, a_second_end_was_not_told),
    (endings.told_once, an_end_was_told_twice),
    (record.certificates_once, a_certificate_of_a_revoked_approval_counts),
    (facts.refusals_tell_the_truth, told_of_the_round_before),
    (outside.undo_touched_what_was_done, what_was_granted_before_it_was_reopened_is_taken_back),
    (privacy.nothing_leaked, a_name_in_a_log),
    (privacy.nothing_leaked, a_blind_search),
]


@pytest.mark.parametrize(("check", "spoil"), CASES, ids=[spoil.__name__ for _, spoil in CASES])
def test_an_invariant_notices(check: object, spoil: Spoil) -> None:
    evidence = good()
    spoil(evidence)
    noticed = {one.check: findings for one, findings in judge(evidence) if findings}
    assert check in noticed


def test_a_look_up_made_anew_is_known_by_the_key_of_the_first() -> None:
    """And the workflow may still be open for the attempt that would have chased the callback."""
    evidence = good()
    kept = evidence.records[CLOSED]
    fetch = next(line for line in kept.lines if line.kind == "record_fetched")
    first = str(fetch.event["command"])
    retried = replace(kept.lines[2], kind="look_up_retried", event={"data": fetch.event["data"]})
    again = replace(fetch, event={**fetch.event, "command": f"{retried.seq}.fetch_record.0"}, actor={"role": "source"})
    lines = tuple(again if one is fetch else retried if one.seq == retried.seq else one for one in kept.lines)
    kept = replace(kept, lines=lines)
    assert kept.key(first) in kept.asked_by(again.event["command"])
    assert kept.key("1.send_notices.0") not in kept.asked_by(again.event["command"])
    evidence.records[CLOSED] = kept
    evidence.workflows[0] = replace(evidence.workflows[0], status="RUNNING")
    assert list(storm.workflows_are_over(evidence)) == []


def test_every_invariant_is_seen_to_fail() -> None:
    assert {one.check for one in INVARIANTS} == {check for check, _ in CASES}


def test_a_short_run_need_not_be_thorough() -> None:
    evidence = good()
    people_had_to_wait(evidence)
    evidence.thorough = False
    assert [*storm.people_went_on(evidence), *storm.enough_happened(evidence)] == []


def test_a_check_that_cannot_be_made_is_not_passed() -> None:
    evidence = good()
    evidence.plans.clear()
    failed = {one.check for one, findings in judge(evidence) if findings}
    assert record.journal_folds_to_state in failed


def test_the_report_says_where_to_look() -> None:
    evidence = good()
    a_name_in_a_log(evidence)
    told = verdict(judge(evidence))
    assert [line for line in told if line.startswith("✗")] == ["✗ Temporal 与日志里没有个人信息：1 处不符"]
    assert any("api.log" in line for line in told)
    assert any("办件 4" in line for line in summary(evidence, {"API": 2}))
