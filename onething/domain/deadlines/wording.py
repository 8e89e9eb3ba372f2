"""What people are told about a clock: why a day counts or not, and why a clock stands still."""

from datetime import timedelta

from onething.domain.calendar.countdown import Day, DayReason, PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Unit

RANK_NAMES = {
    ExtensionRank.AGENCY_HEAD: "机关负责人",
    ExtensionRank.GOVERNMENT_HEAD: "本级人民政府负责人",
    ExtensionRank.OFFICE_HEAD: "承办机构负责人",
    ExtensionRank.SUPERIOR_AGENCY: "上级机关",
}
UNIT_NAMES = {
    Unit.WORKING_DAY: "个工作日",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.CALENDAR_DAY: "个自然日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}
BASIS_NAMES: dict[PauseBasis, str] = {
    PauseBasis.HEARING: "听证",
    PauseBasis.TENDER: "招标",
    PauseBasis.AUCTION: "拍卖",
    PauseBasis.INSPECTION: "检验",
    PauseBasis.TESTING: "检测",
    PauseBasis.QUARANTINE: "检疫",
    PauseBasis.APPRAISAL: "鉴定",
    PauseBasis.EXPERT_REVIEW: "专家评审",
    PauseBasis.PUBLIC_NOTICE: "公示公告",
    PauseBasis.INVESTIGATION: "调查",
    PauseBasis.EVALUATION: "评估",
    PauseBasis.CONSULTATION: "征求意见",
    PauseBasis.RECTIFICATION: "整改",
    PauseBasis.OTHER_FINDING: "其他机关的认定",
    PauseBasis.SITE_VISIT: "踏勘或现场核查",
    PauseBasis.FORCE_MAJEURE: "不可抗力",
    PauseBasis.CORRECTION: "等待补正",
    PauseBasis.RETURNED: "退回流转",
    PauseBasis.RECTIFYING: "整改",
    PauseBasis.PERIOD: "期间未满",
}

_WORDS = {
    DayReason.EVENT_DAY: "起算当日，不计入",
    DayReason.AFTER_HOURS: "起算时已过办公时间，不计入",
    DayReason.WORKDAY: "工作日，计入",
    DayReason.MAKE_UP_WORKDAY: "{name}调休上班，计入",
    DayReason.CALENDAR_DAY: "自然日，计入",
    DayReason.WEEKEND: "周末，不计入",
    DayReason.HOLIDAY: "{name}放假，不计入",
    DayReason.PAUSED: "{basis}，中止计时，不计入",
    DayReason.THE_REST: "恢复计时，用完中止前当日余下的时间",
    DayReason.MOVED_ON: "期限届满日不是工作日，顺延",
    DayReason.MOVED_TO: "顺延后的届满日",
    DayReason.ON_THE_SPOT: "当日办结",
}


def why(day: Day) -> str:
    """One line for one day, without its date."""
    basis = BASIS_NAMES[day.basis] if day.basis else None
    said = _WORDS[day.reason].format(name=day.name, basis=basis)
    if day.paused:
        said += f"（当日中止 {length(day.paused)}{_carried(day)}）"
    elif day.counted and basis:
        said += f"，其中{basis}期间不计"
    return f"{said}（当年调休安排尚未公布，暂定）" if day.provisional else said


def _carried(day: Day) -> str:
    """Days are given back whole: what does not fill one waits for more."""
    if day.fills:
        return f"，累计已满一个办公日，余 {length(day.carried)}" if day.carried else "，累计已满一个办公日"
    return f"，累计 {length(day.carried)}，不满一个办公日"


def length(time: timedelta) -> str:
    """In hours and minutes; whatever is shorter than a minute is one."""
    hours, minutes = divmod(max(round(time / timedelta(minutes=1)), 1), 60)
    return " ".join(part for part in (f"{hours} 小时" if hours else "", f"{minutes} 分" if minutes else "") if part)
