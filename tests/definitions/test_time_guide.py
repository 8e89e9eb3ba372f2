"""What is told about time before anybody applies: limits, the longest chain, what may stand still, silence."""

from pathlib import Path

from definitions import commands, graph
from definitions.compile import compile_plan
from definitions.loader import load_catalog
from definitions.time_guide import time_guide
from definitions.time_words import lines, summary
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit, Unit, Whose
from onething.domain.definition.items import Nature
from onething.domain.definition.time_rules import Card, OverdueHow
from tests.definitions.support import folder_with
from tests.definitions.test_lint_clocks import CLOCKED, DEEMED, FORM_ONLY, REFUSED, with_changes

CATALOG = load_catalog()
TRANSPORT = CATALOG.latest["transport-business"]
EXISTING = {"licence": "existing"}


def test_the_longest_chain_is_told_with_its_length() -> None:
    time = time_guide(TRANSPORT)
    assert time.critical_path.items == ("registration", "permit", "vehicle-registration", "transport-certificate")
    assert time.critical_path.length == (Limit(amount=9),)
    assert (time.promised, time.statutory) == (Limit(amount=10), Limit(amount=45))
    without = time_guide(TRANSPORT, compile_plan(TRANSPORT, CATALOG.sources, EXISTING))
    assert without.critical_path.length == (Limit(amount=8),)


def test_limits_of_several_units_stand_side_by_side(tmp_path: Path) -> None:
    promise = "promised: {amount: 2, unit: working_day, for: office, basis: assumed} # second"
    hours = with_changes((promise, promise.replace("2, unit: working_day", "4, unit: working_hour")))
    time = time_guide(load_catalog(folder_with(tmp_path, hours)).latest["small"])
    assert time.critical_path.length == (Limit(amount=2), Limit(amount=4, unit=Unit.WORKING_HOUR))
    assert "最长一路2个工作日加4个工作小时" in summary(time)


def test_whose_pause_stops_the_whole() -> None:
    time = time_guide(CATALOG.latest["enterprise-opening"])
    assert [item.code for item in time.items if item.critical] == ["registration", "bank"]


def test_what_may_stand_still_and_what_the_law_adds() -> None:
    time = time_guide(TRANSPORT)
    registration = {item.code: item for item in time.items}["vehicle-registration"]
    assert [one.basis for one in registration.may_pause] == [PauseBasis.INSPECTION, PauseBasis.FORCE_MAJEURE]
    assert [one.name for one in registration.may_pause] == ["检验", "不可抗力"]
    inspection, forced = registration.may_pause
    assert (inspection.at_most, inspection.stops_law) == (Limit(amount=5), True)
    assert str(inspection.requires).startswith("《中华人民共和国道路交通安全法》第十条")
    assert (forced.at_most, forced.requires) == (None, None)
    # a text that is assumed to require it takes nothing out of what the law gives
    [permit_hearing, permit_testing, _] = {item.code: item for item in time.items}["permit"].may_pause
    assert (permit_hearing.stops_law, permit_testing.stops_law) == (True, False)
    assert (time.notice, time.delivery) == (Limit(amount=5), Limit(amount=10))
    assert time.supplement == Limit(amount=20, whose=Whose.PERSON)
    # 行政许可法 Art. 42 extends licences; any other nature only by an article of its own
    assert time.may_be_extended == Limit(amount=15)
    extended = {item.code: item.may_be_extended for item in time.items}
    natures = {item.code: item.nature for item in TRANSPORT.items}
    assert {code for code, limit in extended.items() if limit == Limit(amount=10)} == {
        code for code, nature in natures.items() if nature is Nature.LICENCE
    }
    others = {code: limit for code, limit in extended.items() if natures[code] is not Nature.LICENCE}
    assert others == {"registration": Limit(amount=3), "transport-certificate": None}
    red = [step for step in time.ladder if step.card is Card.RED]
    assert [step.text for step in red] == [
        "承诺时限到期后 1 个工作日：告知负责人、督办员，红牌", "法定时限到期：告知负责人、督办员，红牌",
    ]  # fmt: skip


def test_silence_names_its_article(tmp_path: Path) -> None:
    text = with_changes((REFUSED, DEEMED), FORM_ONLY, ("fields: [card_no]}", "fields: [name]}"))
    time = time_guide(load_catalog(folder_with(tmp_path, text)).latest["small"])
    first, second = time.items
    assert (first.on_silence, first.on_silence_basis) == (OverdueHow.DEEM_APPROVED, "《某条例》第三条")
    assert (second.on_silence, second.on_silence_basis) == (OverdueHow.ESCALATE, None)
    assert "    但首个事项：到期未决定的，视为准予（《某条例》第三条）" in list(lines(time))
    assert summary(time).endswith("1 个事项到期视为有决定")


def test_without_clocks_only_promises_are_counted() -> None:
    time = time_guide(TRANSPORT.model_copy(update={"clocks": None}))
    assert (time.by_law, time.notice, time.may_be_extended, time.ladder) == (False, None, None, ())
    assert all(item.may_pause == () for item in time.items)
    assert summary(time).endswith("只按承诺计时")
    assert list(lines(time))[1:] == ["  只按承诺计时：受理后不能补正、中止、恢复或延长"]


def test_an_author_sees_the_clocks_in_every_command(tmp_path: Path) -> None:
    said: list[str] = []
    folder = folder_with(tmp_path, CLOCKED)
    assert commands.check(folder, echo=said.append) == 0
    told = "承诺5个工作日，其中最长一路4个工作日；法定20个工作日（联合办理），提醒 1 级"
    assert f"  small@1 小事一件：{told}" in said
    assert commands.plan("small", {}, folder=folder, echo=said.append) == 0
    assert said[said.index("时限") + 1] == f"  {told}"
    assert "    承诺时限到期：告知经办人" in said
    drawn = graph.mermaid(load_catalog(folder).latest["small"], CATALOG.departments)
    assert "承诺2个工作日·法定10个工作日" in drawn
    assert "    class item0,item1 critical\n" in drawn
    assert f"    %% {told}\n" in drawn
    plain = graph.plain(load_catalog(folder).latest["small"], CATALOG.departments)
    assert plain.startswith(f"小事一件（small@1），{told}\n")
    assert "  补正：20个工作日内；逾期未补正的，提醒后出具不予受理通知书\n" in plain
