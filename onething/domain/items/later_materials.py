"""办成后补交: what is to be handed in within a time from when an item that looks at it ended well.

If it never comes, and where an article says so, its department decides whether what was granted stands, or what is paid
is stopped; nothing falls by itself. Until then it may be handed in.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import owed_clock
from onething.domain.definition.time_rules import Missed
from onething.domain.events.deadlines import OwedTimeEnded
from onething.domain.kernel import queries
from onething.domain.kernel.reducer import Reducer
from onething.domain.undo import rules as undo_rules


def follow(reducer: Reducer) -> None:
    """Its time begins as it is owed, and ends as it comes, or as nothing that was granted needs it any more."""
    owed = queries.owed(reducer.plan, reducer.effects, reducer.materials)
    for material in reducer.plan.after_decision:
        code = material.code
        if code in owed and code not in reducer.owed:
            reducer.owed[code] = 0
            deadlines_rules.start(reducer, owed_clock(code))
        elif code not in owed and code in reducer.owed:
            del reducer.owed[code]
            deadlines_rules.stop(reducer, owed_clock(code), met=code in reducer.materials)


def time_ended(reducer: Reducer, event: OwedTimeEnded) -> None:
    code = event.material
    material = reducer.plan.material_by_code[code]
    deadlines_rules.miss(reducer, owed_clock(code))
    reducer.owed[code] += 1
    if material.due is not None and material.due.missed is Missed.RECTIFY and reducer.owed[code] == 1:
        deadlines_rules.start(reducer, owed_clock(code))
    else:
        for item in material.needed_by:
            if item in queries.granted(reducer.effects):
                undo_rules.ask_whether_it_stands(reducer, item, unsupplied=code)
    reducer.notice("not_handed_in")
