"""开办运输企业: the permit is refused; the business licence, lawfully granted, stands and is handed over."""

from onething.cli.demo.play import DemoDecision, Play, state_of, today
from onething.domain.kernel.state import CaseStatus, ItemState

TITLE = "开办运输企业"
EXAMPLE = "transport-business.yaml"
APPLICANT = "counter"
DEPARTMENTS = ("amr", "transport", "traffic")
CERTIFICATES = 1


def play(on: Play) -> None:
    """Taken in at the counter, licensed, refused the permit: the rest ends, the licence stands (许可法 Art. 8)."""
    on.submit()
    on.accept()
    case = on.decide(_decisions(), DEPARTMENTS)
    on.expect("结果", case["status"], CaseStatus.TERMINATED.value)
    on.expect("许可", state_of(case, "permit"), ItemState.REFUSED.value)
    on.say("许可被拒：尚未作出决定的不再办理；营业执照已经办成，继续有效，证照照常发放")
    case = on.wait_until("证照发放在前、告知在后", lambda _: _told(on))
    on.expect("营业执照", state_of(case, "registration"), ItemState.APPROVED.value)
    on.expect("继续有效的", case["standing"], ["registration"])
    effects = on.stage.outside.effects(on.case_no)
    revoked = [effect["code"] for effect in effects if effect["kind"] == "revocation"]
    on.expect("要求部门系统撤回的", revoked, [])
    on.expect("登记所用的名称释放了吗", _released(on), False)


def _released(on: Play) -> bool:
    """Whether the hold on the company name was given back: it is registered, and nobody else's."""
    effects = on.stage.outside.effects(on.case_no)
    return any(one["kind"] == "record" and one["code"] == "name-reservation" and one["undone"] for one in effects)


def _told(on: Play) -> bool:
    return any(entry["kind"] == "notices_sent" and "终止" in entry["text"] for entry in on.timeline())


def _decisions() -> dict[str, DemoDecision]:
    return {
        "registration": DemoDecision(outputs={"established_on": today()}),
        "permit": DemoDecision(outcome="refuse", opinion="拟投入车辆的技术等级不符合道路运输经营许可条件。"),
    }
