"""Cases that earlier code began, for today's code to go on with.

`golden/begun/before_clocks.json` was written by the code of before the clocks of the law, under enterprise-opening@1;
`before_clocks.state.json` is the state as that code stored it. Nothing writes them anew.
"""

from pathlib import Path
from typing import get_args

from onething.domain.events import Fact, Outcome, Submitted
from tests.domain.builders import Case
from tests.domain.journal_files import FOLDER, GoldenJournal

BEFORE_CLOCKS = FOLDER / "begun" / "before_clocks.json"
STATE_BEFORE_CLOCKS = FOLDER / "begun" / "before_clocks.state.json"


def load(path: Path) -> GoldenJournal:
    return GoldenJournal.model_validate_json(path.read_bytes())


def go_on_with(begun: GoldenJournal) -> Case:
    """What was said and what came then, said to today's code; moments come by themselves."""
    first, *rest = begun.journal
    assert isinstance(first.event, Submitted)
    case = Case(begun.plans[0], materials=first.event.materials, now=first.at)
    for line in rest:
        case.wait(line.at - case.now)
        if isinstance(line.event, get_args(Fact)):
            case.record.fact(line.event, case.now)
        elif isinstance(line.event, get_args(Outcome)):
            case.record.outcome(line.event, case.now)
    return case
