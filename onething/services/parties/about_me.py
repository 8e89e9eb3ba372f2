"""谁问到我: whose applications name the reader as a party, and which of their records they would have looked up."""

from collections.abc import Iterator
from typing import Literal

from definitions.terms import basis_text
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.parties import DefinedParty
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import DataState, PartyAnswer
from onething.domain.lookups.disclosure import subject_of
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.application.schemas import Party
from onething.services.core.context import AppContext
from onething.services.core.wording import masked_name
from onething.services.parties.schemas import AskedPage, AskedRecord, PartyAskedView
from onething.services.summaries import pagination
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import case_parties, cases
from onething.store.tables.case_parties import AskedAbout

_STATES: dict[DataState, Literal["waiting", "asked", "instead"]] = {
    DataState.AWAITS: "waiting",
    DataState.PENDING: "asked",
    DataState.IN_HAND: "asked",
    DataState.CHECKING: "asked",
    DataState.ASKED: "instead",
    DataState.SUPPLIED: "instead",
}


async def page(context: AppContext, principal: Principal, limit: int, after: str | None) -> AskedPage:
    """Of the identity that the caller has proved, the newest first; none of who has proved none. Leaves a line. Raises
    InvalidInput for a cursor of another list."""
    before = pagination.read(after) if after else (cases.LATEST[0], "")
    async with context.transaction(principal, Act.VIEW_ASKED) as tx:
        require(principal, Act.VIEW_ASKED)
        if principal.identity is None:
            return AskedPage(items=[], next=None)
        found = await case_parties.about_actor(tx, before, limit + 1)
        search = NumberSearch(bytes.fromhex(principal.identity))
        access_log.add(tx, Act.VIEW_ASKED, context.clock.now(), search=search, found=min(len(found), limit))
    last = found[limit - 1] if len(found) > limit else None
    return AskedPage(
        items=[_view(context, one) for one in found[:limit]],
        next=pagination.written(*last.cursor) if last else None,
    )


def _view(context: AppContext, row: AskedAbout) -> PartyAskedView:
    definition = context.applications.definition(row.bundle)
    party = next(each for each in definition.parties if each.id == row.party)
    region = CaseNo.parse(row.case_no).region
    known = context.catalog.regions.get(region)
    asker = context.sealer.open(row.asker, context=asker_context(row.case_no)).decode()
    return PartyAskedView(
        case_no=row.case_no,
        party=row.party,
        party_name=party.name,
        name=definition.name,
        place=known.name if known else region,
        asker=asker,
        at=row.at,
        answer=row.standing.answer,
        may=_may(row),
        records=tuple(_records(context, definition, party, row)),
    )


def _may(row: AskedAbout) -> tuple[Literal["confirm", "decline"], ...]:
    if not row.open or row.standing.answer is None:
        return ()
    said = row.standing.answer
    may: tuple[Literal["confirm", "decline"], ...] = ("confirm", "decline")
    already = {PartyAnswer.CONFIRMED: "confirm", PartyAnswer.DECLINED: "decline"}.get(said)
    return tuple(act for act in may if act != already)


def _records(
    context: AppContext, definition: BundleDefinition, party: DefinedParty, row: AskedAbout
) -> Iterator[AskedRecord]:
    form = {field.id: field for field in definition.form}
    for material in definition.lookups:
        lookup = material.lookup
        if lookup is None or material.code not in row.data:
            continue
        source = context.catalog.sources[lookup.source]
        if party.identity in subject_of(lookup.params, source, form).numbers:
            yield AskedRecord(
                name=material.name,
                department=context.department(source.department),
                state=_STATES[row.data[material.code]],
                duty="；".join(basis_text(each) for each in lookup.duty.basis) if lookup.duty else None,
            )


def sealed_asker(context: AppContext, case_no: str, applicant: Party) -> bytes:
    """Who applied, as parties read it."""
    name = masked_name(applicant.name, applicant.type)
    return context.sealer.seal(name.encode(), context=asker_context(case_no))


def asker_context(case_no: str) -> str:
    return f"asker/{case_no}"
