"""Every reason and every basis has its words."""

from datetime import date, timedelta

import pytest

from onething.domain.calendar.countdown import Day, DayReason, PauseBasis
from onething.domain.deadlines.wording import BASIS_NAMES, why

DAY = Day(date(2026, 2, 16), DayReason.HOLIDAY, timedelta(), provisional=False, name="春节")


@pytest.mark.parametrize("reason", DayReason)
def test_every_reason_can_be_told(reason: DayReason) -> None:
    assert "None" not in why(DAY._replace(reason=reason, basis=PauseBasis.HEARING))


def test_every_basis_has_a_name() -> None:
    assert set(BASIS_NAMES) == set(PauseBasis)


def test_words() -> None:
    assert why(DAY) == "春节放假，不计入"
    assert why(DAY._replace(reason=DayReason.PAUSED, name=None, basis=PauseBasis.TESTING)) == "检测，中止计时，不计入"
    part = DAY._replace(reason=DayReason.WORKDAY, counted=timedelta(hours=2), basis=PauseBasis.HEARING)
    assert why(part) == "工作日，计入，其中听证期间不计"
    assert why(DAY._replace(provisional=True)).endswith("（当年调休安排尚未公布，暂定）")


def test_what_was_paused_is_told_with_what_is_carried() -> None:
    hours = [timedelta(hours=n) for n in range(8)]
    worked = DAY._replace(reason=DayReason.WORKDAY, counted=timedelta(days=1), name=None, basis=PauseBasis.HEARING)
    part = worked._replace(paused=hours[6], carried=timedelta(hours=6, minutes=2))
    assert why(part) == "工作日，计入（当日中止 6 小时，累计 6 小时 2 分，不满一个办公日）"
    full = worked._replace(reason=DayReason.PAUSED, counted=timedelta(), paused=hours[7], carried=hours[6])
    assert why(full) == "听证，中止计时，不计入（当日中止 7 小时，累计已满一个办公日，余 6 小时）"
    assert why(full._replace(carried=hours[0])).endswith("累计已满一个办公日）")
    assert "当日中止 1 分" in why(part._replace(paused=timedelta(seconds=2)))
