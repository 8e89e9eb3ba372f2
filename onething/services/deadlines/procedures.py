"""程序: which procedures an item's time may stand still for, in words, for whoever chooses one."""

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.deadlines.wording import BASIS_NAMES, UNIT_NAMES
from onething.domain.principal import Principal, Role
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel


class ProcedureView(ResponseModel):
    """`text`: what it is, how long it may take, and by which text it is required."""

    basis: str
    text: str
    stops_law: bool


def procedures_of(context: AppContext, principal: Principal, bundle: str, item: str) -> list[ProcedureView]:
    """A supervisor's is force majeure alone, and a department's are those that the item's definition names."""
    if principal.role is Role.SUPERVISOR:
        forced = PauseBasis.FORCE_MAJEURE
        return [ProcedureView(basis=forced, text=BASIS_NAMES[forced], stops_law=True)]
    known = next((one for one in context.applications.definition(bundle).items if one.code == item), None)
    return [
        ProcedureView(
            basis=one.procedure,
            text=f"{BASIS_NAMES[one.procedure]}（至多 {one.at_most.amount} {UNIT_NAMES[one.at_most.unit]}，"
            f"依据{one.basis.title}{one.basis.article or ''}）",
            stops_law=one.stops_law,
        )
        for one in (known.pauses if known else ())
    ]
