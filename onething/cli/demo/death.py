"""身后事: a correction round, a source that gives up, so that the paper certificate takes its place, and a paper
that may come later (容缺)."""

from onething.cli.demo.play import DemoDecision, Play, today
from onething.domain.kernel.state import CaseStatus, ItemState

TITLE = "身后事"
EXAMPLE = "death-deregistration.yaml"
APPLICANT = "citizen2"
HELPER = "citizen"
DEPARTMENTS = ("psb", "hrss", "nhsa", "hpf", "traffic", "mca", "dpf")
SOURCE = "medical-death-certificate"
FALLBACK = "death-certificate-paper"
LATER = "cremation-certificate"
CERTIFICATES = 1  # the proof of deregistration


def play(on: Play) -> None:
    """Written by a neighbour, confirmed by the applicant, sent back once for correction, supplied, accepted without the
    cremation certificate, which came later; the source gave up, so the paper was brought as well."""
    on.stage.outside.source(SOURCE, mode="refuse")
    on.say("医院的死亡医学证明接口此时查不到记录")
    on.submit_by_helper(HELPER)
    on.wait_until("向申请人要纸质死亡证明", lambda case: FALLBACK in (case.get("missing") or ()))
    on.say("数据源放弃，系统转而请申请人提供纸质死亡证明")
    on.ask_corrections(
        [
            {"material": "relation-proof", "what": "亲属关系证明的姓名看不清，请重新提供。"},
            {"pointer": "/form/payee_account", "what": "收款账号少一位，请核对存折后更正。"},
        ]
    )
    on.wait_until("待补正", lambda case: case["status"] == CaseStatus.CORRECTION)
    on.supplement(("relation-proof",), {"payee_account": "6200000000000000118"})
    on.wait_until("补正完毕", lambda case: case["status"] == CaseStatus.SUBMITTED)
    on.accept(later=(LATER,))
    on.supplement((FALLBACK,))
    on.supplement((LATER,))
    case = on.decide(_decisions(), DEPARTMENTS)
    on.stage.outside.source(SOURCE, mode="answer")
    on.expect("结果", case["status"], CaseStatus.CLOSED.value)
    approved = sum(item["state"] == ItemState.APPROVED for item in case["items"])
    on.expect("准予的事项", approved, len(DEPARTMENTS))
    kinds = {entry["kind"] for entry in on.timeline()}
    on.expect("经过补正", "corrections_asked" in kinds, True)
    on.expect("数据源放弃有记录", "record_refused" in kinds, True)


def _decisions() -> dict[str, DemoDecision]:
    return {
        "household": DemoDecision(outputs={"cancelled_on": today()}),
        "pension": DemoDecision(
            outputs={"pension_stopped_from": "2026-12-01", "funeral_grant": "8000", "bereavement_grant": "64000.50"}
        ),
        "medical-insurance": DemoDecision(outputs={"insurance_ended_on": today(), "returned_balance": "1234.56"}),
        "housing-fund": DemoDecision(outputs={"withdrawn_amount": "35210.08"}),
        "driving-licence": DemoDecision(outputs={"licence_cancelled_on": today()}),
        "funeral-subsidy": DemoDecision(outputs={"subsidy_amount": "2000"}),
        "disability-card": DemoDecision(outputs={"card_cancelled_on": today()}),
    }
