"""What people are told about a clock: why a day counts or not, and why a clock stands still."""

from onething.domain.calendar.countdown import Day, PauseBasis, Reason

BASIS_NAMES: dict[PauseBasis, str] = {
    PauseBasis.HEARING: "听证",
    PauseBasis.TENDER: "招标",
    PauseBasis.AUCTION: "拍卖",
    PauseBasis.INSPECTION: "检验",
    PauseBasis.TESTING: "检测",
    PauseBasis.QUARANTINE: "检疫",
    PauseBasis.APPRAISAL: "鉴定",
    PauseBasis.EXPERT_REVIEW: "专家评审",
    PauseBasis.JOINT_INSPECTION: "联合踏勘或验收",
    PauseBasis.FORCE_MAJEURE: "不可抗力",
    PauseBasis.CORRECTION: "等待补正",
    PauseBasis.RETURNED: "退回流转",
}

_WORDS = {
    Reason.EVENT_DAY: "起算当日，不计入",
    Reason.AFTER_HOURS: "起算时已过办公时间，不计入",
    Reason.WORKDAY: "工作日，计入",
    Reason.MAKE_UP_WORKDAY: "{name}调休上班，计入",
    Reason.CALENDAR_DAY: "自然日，计入",
    Reason.WEEKEND: "周末，不计入",
    Reason.HOLIDAY: "{name}放假，不计入",
    Reason.PAUSED: "{basis}，中止计时，不计入",
    Reason.MOVED_ON: "期限届满日不是工作日，顺延",
    Reason.MOVED_TO: "顺延后的届满日",
    Reason.ON_THE_SPOT: "当日办结",
}


def why(day: Day) -> str:
    """One line for one day, without its date."""
    basis = BASIS_NAMES[day.basis] if day.basis else None
    said = _WORDS[day.reason].format(name=day.name, basis=basis)
    if day.counted and basis:
        said += f"，其中{basis}期间不计"
    return f"{said}（当年放假安排尚未公布，暂按周一至周五推算）" if day.provisional else said
