"""What each figure is, in words: beside it on the board, and on a sheet of its own in the spreadsheet."""

from dataclasses import dataclass
from typing import Literal

from onething.services.reporting.departments import DepartmentMeasures

Better = Literal["more", "less"]
FigureKind = Literal["count", "rate", "hours"]


@dataclass(frozen=True)
class Figure:
    """`code`: of the field of the measures that holds it. `better`: whether more of it is, or less; None: neither."""

    code: str
    name: str
    definition: str
    kind: FigureKind = "count"
    better: Better | None = None

    def value(self, measures: DepartmentMeasures) -> float | int | None:
        found: float | int | None = getattr(measures, self.code)
        return found

    def text(self, measures: DepartmentMeasures) -> str:
        value = self.value(measures)
        if value is None:
            return "—"
        return f"{value * 100:.1f}%" if self.kind == "rate" else f"{value:g}"


FIGURES = (
    Figure("decided", "办结", "期间内作出决定的事项数。"),
    Figure("met", "按时", "在承诺期限以内作出决定的事项数。"),
    Figure("missed", "超期", "承诺期限过后才作出决定的事项数。"),
    Figure("on_time_rate", "按时办结率", "按时 ÷（按时＋超期）。没有承诺期限的不算。", "rate", "more"),
    Figure("early", "提前", "在承诺到期日之前的某一天作出决定的事项数。"),
    Figure("early_rate", "提前办结率", "提前 ÷ 有承诺到期日的办结数。", "rate", "more"),
    Figure("speed_up_rate", "提速率", "1 −（承诺期限 ÷ 法定期限）；部门的，按各事项的办结数平均。", "rate", "more"),
    Figure("paused_hours", "中止小时", "办结的事项中止计时的时间之和，按钟表计。", "hours"),
    Figure(
        "paused_rate",
        "中止时间占比",
        "法定期限停止计算的时间 ÷ 事项在本部门的时间（行政许可法第四十五条）。",
        "rate",
        "less",
    ),
    Figure("extensions", "延期", "期间内准予延长的次数。"),
    Figure("yellow_cards", "黄牌", "期间内发出的黄牌数。"),
    Figure("red_cards", "红牌", "期间内发出的红牌数。"),
    Figure("returned", "被退回", "期间内被后一事项的部门退回的次数。"),
    Figure("corrected", "要求补正", "期间内要求过补正的事项数。"),
    Figure("corrected_again", "再次补正", "其中不是第一次要求补正的事项数。"),
    Figure("second_correction_rate", "二次补正率", "再次补正 ÷ 要求补正。", "rate", "less"),
    Figure(
        "identity_only_rate", "一证通办率", "申请时没有要求、后来也没有收过必交纸质材料的 ÷ 全部收件。", "rate", "more"
    ),
)
