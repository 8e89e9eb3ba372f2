"""开办运输企业: the permit is refused, and what was done until then is undone, newest first."""

from onething.cli.demo.play import DemoDecision, Play, state_of, today
from onething.domain.kernel.state import CaseStatus, ItemState

TITLE = "开办运输企业"
EXAMPLE = "transport-business.yaml"
APPLICANT = "counter"
DEPARTMENTS = ("amr", "transport", "traffic")
CERTIFICATES = 0


def play(on: Play) -> None:
    """Taken in at the counter, licensed, refused the permit; then licence and reserved name are given back."""
    on.submit()
    on.accept()
    case = on.decide(_decisions(), DEPARTMENTS)
    on.expect("结果", case["status"], CaseStatus.TERMINATED.value)
    on.expect("许可", state_of(case, "permit"), ItemState.REFUSED.value)
    on.say("许可被拒，按相反的次序撤销已经办成的事")
    case = on.wait_until(
        "已办成的全部撤销", lambda case: state_of(case, "licence") == ItemState.UNDONE and _released(on)
    )
    on.say("已撤回设立登记，已释放保留的名称")
    effects = on.stage.outside.effects(on.case_no)
    revoked = [effect["code"] for effect in effects if effect["kind"] == "revocation"]
    on.expect("部门系统撤回设立登记", revoked, ["amr"])
    on.wait_until("撤销在前、告知在后", lambda _: _told(on))


def _released(on: Play) -> bool:
    """Whether the hold on the company name was given back."""
    effects = on.stage.outside.effects(on.case_no)
    return any(one["kind"] == "record" and one["code"] == "name-reservation" and one["undone"] for one in effects)


def _told(on: Play) -> bool:
    return any(entry["kind"] == "notices_sent" for entry in on.timeline())


def _decisions() -> dict[str, DemoDecision]:
    return {
        "licence": DemoDecision(outputs={"established_on": today()}),
        "permit": DemoDecision(outcome="refuse", opinion="拟投入车辆的技术等级不符合道路运输经营许可条件。"),
    }
