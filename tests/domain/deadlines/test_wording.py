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
    assert why(DAY._replace(provisional=True)).endswith("（当年放假安排尚未公布，暂按周一至周五推算）")
