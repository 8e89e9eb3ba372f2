"""The stories of a case, each run to its end: asserted by the tests, recorded for replay (tests/replay/histories)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from onething.domain.definition.items import Handling, OnRefusal, UndoBy, UndoHow
from onething.domain.events.intake import Accepted, Rejected, Supplemented, Withdrawn
from onething.domain.events.items import CaseReopened
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.undo import UndoneByHand
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.plan.plan import Plan
from tests.domain.builders import item, make_plan, material, may_wait, record
from tests.workflows.clock_stories import CLOCK_STORIES
from tests.workflows.world import World

Story = Callable[[World], Awaitable[None]]


def approve(code: str) -> ItemDecided:
    return ItemDecided(item=code, round=1, outcome="approve")


def refuse(code: str) -> ItemDecided:
    return ItemDecided(item=code, round=1, outcome="refuse")


def two_records_five_items() -> Plan:
    """Like the opening of an enterprise: one item feeds four more."""
    return make_plan(
        item("first", data=["a", "b"], certificate=True),
        *(item(f"next{n}", needs=["first"], certificate=True) for n in range(4)),
        data=[record("a"), record("b", releasable=True)],
    )


def one_after_another() -> Plan:
    """A chain whose last link may refuse."""
    return make_plan(
        item("licence", data=["a"], undo=UndoHow.RELEASE),
        item("permit", needs=["licence"], undo=UndoHow.RELEASE),
        item("card", needs=["permit"], refusal=OnRefusal.STOP, by=UndoBy.PEOPLE),
        data=[record("a", releasable=True)],
    )


async def goes_well(world: World) -> None:
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("first"), tell=False)
    await world.say(*(approve(f"next{n}") for n in range(4)))
    await world.ended()


async def source_fails_at_first(world: World) -> None:
    world.failing["src-a"] = 5
    await world.hand_over()
    await world.sleep(timedelta(minutes=40))
    await world.settled()
    await goes_well(world)


async def patience_ends(world: World) -> None:
    world.failing["src-a"] = 1000
    await world.hand_over()
    await world.say(Accepted())
    await world.sleep(timedelta(minutes=75))
    await world.until(lambda: world.case.state.data["a"] == "asked")
    await world.say(Supplemented(materials=("paper-a",)))
    await world.settled()
    await world.say(approve("first"), *(approve(f"next{n}") for n in range(4)))
    await world.ended()


async def source_refuses(world: World) -> None:
    world.refusing.add("src-a")
    await world.hand_over()
    await world.until(lambda: world.case.state.data["a"] == "asked")
    await world.settled()
    await world.say(Accepted(), Supplemented(materials=("paper-a",)), tell=False)
    await world.say(approve("first"), *(approve(f"next{n}") for n in range(4)))
    await world.ended()


async def refused_and_undone(world: World) -> None:
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("licence"), approve("permit"), tell=False)
    world.failing["revoke licence"] = 2
    await world.say(refuse("card"))
    await world.sleep(timedelta(minutes=2))
    await world.ended()


async def undo_becomes_a_task(world: World) -> None:
    await world.hand_over()
    await world.settled()
    world.failing["revoke licence"] = 1000
    await world.say(Accepted(), approve("licence"), approve("permit"), tell=False)
    await world.say(refuse("card"))
    await world.until(lambda: world.calls["revoke licence"] > 0)
    await world.sleep(timedelta(days=1, minutes=20))
    await world.settled()
    await world.ended()
    assert [effect.target for effect in world.case.state.undo_tasks] == ["licence"]
    await world.say(UndoneByHand(effect=world.case.state.undo_tasks[0].id, round=1), tell=False)


async def withdrawn_in_flight(world: World) -> None:
    """The withdrawal comes while an attempt is at the source: its late answer is kept, its effect undone."""
    world.held.clear()
    await world.hand_over()
    await world.until(world.in_flight.is_set)
    await world.say(Withdrawn())
    await world.until(lambda: "release src-a" in world.undos)
    world.held.set()
    await world.ended()
    await world.until(lambda: bool(world.case.record.events("came_too_late")))
    await world.hand_over()
    await world.ended()


async def rejected(world: World) -> None:
    await world.hand_over()
    await world.settled()
    await world.say(Rejected(notice="notice:1"))
    await world.ended()


async def nobody_decides(world: World) -> None:
    """Months of silence: every clock warns and falls due by itself; late decisions still end the case."""
    await world.hand_over()
    await world.settled()
    await world.say(Accepted())
    await world.sleep(timedelta(days=60))
    await world.until(lambda: world.case.state.clocks["case"].state == "overdue")
    await world.say(approve("first"))
    await world.sleep(timedelta(days=30))
    await world.until(lambda: world.case.state.clocks["item:next3"].state == "overdue")
    await world.say(*(approve(f"next{n}") for n in range(4)))
    await world.ended()


async def notices_fail(world: World) -> None:
    world.failing["notices"] = 3
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("first"), tell=False)
    await world.say(*(approve(f"next{n}") for n in range(4)))
    await world.sleep(timedelta(minutes=2))
    await world.ended()


async def told_again_and_again(world: World) -> None:
    """Snapshots lost, repeated, out of order."""
    world.failing["src-a"] = 2
    first = world.snapshot()
    await world.hand_over(first)
    await world.hand_over(first)
    await world.say(Accepted())
    await world.hand_over(first)
    await world.sleep(timedelta(minutes=5))
    await world.settled()
    await world.say(approve("first"), *(approve(f"next{n}") for n in range(4)))
    await world.hand_over(first)
    await world.ended()


def one_by_system() -> Plan:
    return make_plan(item("tax", handling=Handling.SYSTEM), item("seal", needs=["tax"]))


async def system_decides(world: World) -> None:
    """After some attempts that nothing came of; one effect all the same."""
    world.failing["dep-tax"] = 3
    await world.hand_over()
    await world.say(Accepted())
    await world.sleep(timedelta(minutes=2))
    await world.until(lambda: world.case.at("tax") is ItemState.APPROVED)
    await world.say(approve("seal"))
    await world.ended()


async def system_calls_back(world: World) -> None:
    world.calling_back.add("dep-tax")
    await world.hand_over()
    await world.say(Accepted())
    await world.sleep(timedelta(minutes=35))
    command = world.case.command(CommandKind.DISPATCH_ITEM)
    await world.say(ItemDecided(item="tax", round=1, outcome="approve", command=command.id), approve("seal"))
    await world.settled()
    await world.ended()


async def system_never_calls_back(world: World) -> None:
    """Asked again and again for a day; then it is its people's."""
    world.calling_back.add("dep-tax")
    await world.hand_over()
    await world.say(Accepted())
    await world.sleep(timedelta(hours=25))
    await world.until(lambda: bool(world.case.record.open_tasks()))
    await world.say(approve("tax"), approve("seal"))
    await world.ended()


async def system_refuses(world: World) -> None:
    world.refusing.add("dep-tax")
    await world.hand_over()
    await world.say(Accepted())
    await world.until(lambda: bool(world.case.record.open_tasks()))
    await world.say(approve("tax"), approve("seal"))
    await world.ended()


def one_by_system_and_a_paper_that_may_wait() -> Plan:
    return make_plan(
        item("tax", handling=Handling.SYSTEM),
        item("seal", needs=["tax"], materials=["lease"], days=5),
        materials=[material("lease", due=may_wait())],
    )


async def order_and_notice_at_once(world: World) -> None:
    """What the acceptance brings sets out together: an order, and the notice of what may come later."""
    await world.hand_over()
    await world.say(Accepted(deferred=("lease",), notice="notice:2"))
    await world.until(lambda: world.case.at("tax") is ItemState.APPROVED)
    await world.say(Supplemented(materials=("lease",)), approve("seal"))
    await world.ended()


def one_that_may_be_decided_anew() -> Plan:
    """With a look-up and an order that only what follows it needs."""
    return make_plan(
        item("licence", certificate=True),
        item("permit", needs=["licence"], certificate=True, refusal=OnRefusal.SKIP_DEPENDANTS),
        item("card", needs=["permit"], data=["b"], certificate=True, handling=Handling.SYSTEM),
        data=[record("b", releasable=True)],
    )


async def reopened_after_closing(world: World) -> None:
    """Days after the last run has ended a refusal is set aside: a new run carries out what that brings, to the end."""
    await world.hand_over()
    await world.settled()
    await world.say(Accepted(), approve("licence"), refuse("permit"))
    await world.ended()
    assert world.case.status is CaseStatus.CLOSED
    await world.sleep(timedelta(days=3))
    await world.say(CaseReopened(items=("permit",), basis="杭政复〔2026〕12号", reason="notice:9"))
    await world.settled()
    await world.say(ItemDecided(item="permit", round=2, outcome="approve"))
    await world.ended()


STORIES: dict[str, tuple[Callable[[], Plan], Story]] = {
    "goes_well": (two_records_five_items, goes_well),
    "source_fails_at_first": (two_records_five_items, source_fails_at_first),
    "patience_ends": (two_records_five_items, patience_ends),
    "source_refuses": (two_records_five_items, source_refuses),
    "refused_and_undone": (one_after_another, refused_and_undone),
    "undo_becomes_a_task": (one_after_another, undo_becomes_a_task),
    "withdrawn_in_flight": (one_after_another, withdrawn_in_flight),
    "rejected": (one_after_another, rejected),
    "nobody_decides": (two_records_five_items, nobody_decides),
    "notices_fail": (two_records_five_items, notices_fail),
    "told_again_and_again": (two_records_five_items, told_again_and_again),
    "system_decides": (one_by_system, system_decides),
    "system_calls_back": (one_by_system, system_calls_back),
    "system_never_calls_back": (one_by_system, system_never_calls_back),
    "system_refuses": (one_by_system, system_refuses),
    "order_and_notice_at_once": (one_by_system_and_a_paper_that_may_wait, order_and_notice_at_once),
    "reopened_after_closing": (one_that_may_be_decided_anew, reopened_after_closing),
    **CLOCK_STORIES,
}
