"""Which department is concerned by which part of an application, and from when on."""

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.kernel.state import CaseState, CaseStatus, Rating
from onething.domain.lookups.disclosure import is_kept_back
from onething.domain.plan.plan import Plan
from onething.domain.principal import APPLYING_SIDE, Principal, Role
from onething.services.core.context import AppContext
from onething.store.connection.database import Transaction
from onething.store.tables import materials
from onething.store.tables.cases import CaseHead

LINES_TO_REPORTER = frozenset(
    {
        *("submitted", "corrections_asked", "item_corrections_asked", "demand_taken_back", "supplemented"),
        *("papers_received", "accepted", "deemed_accepted", "rejected", "withdrawn", "urged", "urge_answered", "rated"),
    }
)
"""Kinds of lines that are of who only reported: what they have said, and what is said to them of that."""
LETTERS_TO_REPORTER = frozenset(
    {"accepted", "deemed_accepted", "corrections", "demand_taken_back", "rejected", "withdrawn"}
)
"""Letters to them: the receipt; what is asked of them; that nothing came of what they said."""

RATING_LINES = frozenset({"rated", "rating_contacted", "rating_rectified"})
"""好差评 of a whole case, and what followed."""


def hears_of_rating(principal: Principal, rating: Rating | None) -> bool:
    """Who gave it, and who watches over; the counter where it calls back, which is for bad ones alone; departments
    never. Who was rated has no use for knowing by whom, and what is told of a single case tells that."""
    if principal.role is Role.COUNTER:
        return rating not in (None, Rating.GOOD)
    return principal.department is None


def fields_by_department(definition: BundleDefinition, plan: Plan) -> dict[str, frozenset[str]]:
    """Form field → departments whose items in this case read it."""
    items = plan.item_by_code
    return {
        name: frozenset(items[code].department for code in reading if code in items)
        for name, reading in definition.readers.items()
    }


def departments_of(plan: Plan, item_codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plan.item_by_code[code].department for code in item_codes if code in plan.item_by_code)


def is_before_its_turn(principal: Principal, head: CaseHead) -> bool:
    """Whether the caller's department has nothing to do with the case's contents yet: before acceptance it sees what
    its own tasks show (a record to look for, values to look into), and nothing else."""
    return principal.department is not None and head.accepted_at is None


def is_told_of_end(principal: Principal, head: CaseHead) -> bool:
    """Whether the caller learns here that the applicant is registered to be no more: who has to say what becomes of a
    case under way, a department from acceptance on, its software never. Of a draft nobody does: anybody's number can be
    written into one."""
    if principal.role in APPLYING_SIDE or principal.role is Role.DEPARTMENT_SYSTEM:
        return False
    return head.status != CaseStatus.DRAFT and not is_before_its_turn(principal, head)


def kept_back(principal: Principal, plan: Plan, state: CaseState) -> frozenset[str]:
    """Data keys of which the caller learns nothing yet."""
    if principal.role not in APPLYING_SIDE:
        return frozenset()
    return frozenset(data.key for data in plan.data if is_kept_back(state, data))


def latest_of(context: AppContext, bundle: str, region: str) -> BundleDefinition:
    """The latest published version of what a draft was begun as, as it is in that division."""
    return context.applications.definition(bundle.partition("@")[0], region)


def definition_of(context: AppContext, head: CaseHead) -> BundleDefinition:
    """That by which the case goes; of a draft, the latest."""
    if head.status == CaseStatus.DRAFT:
        return latest_of(context, head.bundle, head.region)
    return context.applications.definition(head.bundle)


async def only_reports(tx: Transaction, principal: Principal, case_no: str, plan: Plan) -> bool:
    """申报人: whether the caller only reported the case: then they see a receipt and how far it is. Kinship shown by a
    paper that an office has received makes them see what kin see: of others' records the result. What somebody only
    says of themselves shows none."""
    if plan.reporter is None or principal.role not in APPLYING_SIDE:
        return False
    shown = plan.reporter.until_shown
    return not any(paper.code == shown and paper.file is None for paper in await materials.of_case(tx, case_no))
