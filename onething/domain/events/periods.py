"""What ends a time in which no authority decides before it is over."""

from typing import Literal

from onething.domain.base import Strict


class NoticeObjected(Strict):
    """Somebody whom it concerns has objected to what was publicly announced, and the department that announced it has
    found that they may. Who and why is sealed under `objection`."""

    kind: Literal["notice_objected"] = "notice_objected"
    period: str
    objection: str


class OutsideReported(Strict):
    """What others had to do is done. What shows it is sealed under `report`."""

    kind: Literal["outside_reported"] = "outside_reported"
    period: str
    report: str
