"""What a version changes, in words, and what is begun or under way by the one before."""

from dataclasses import dataclass

from definitions.difference import Difference, differences
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.principal import Principal
from onething.services.bundles import named
from onething.services.catalogue.register import usage, use_of
from onething.services.core.context import AppContext
from onething.services.summaries.responses import CompleteResponseModel, ResponseModel
from onething.store.tables.cases import BundleUse


@dataclass(frozen=True)
class Revision:
    """`affected`: by the older version. Cases go on by it; drafts that name it do, too."""

    old: BundleDefinition
    new: BundleDefinition
    differences: tuple[Difference, ...]
    affected: BundleUse


class DifferenceView(ResponseModel):
    """`about`: of which part it is, such as the name of an item."""

    about: str
    change: str


class RevisionView(CompleteResponseModel):
    """What version `after` says otherwise than `before`; none where both are one. `drafts`, `running`: begun and under
    way by the older one, which they go on by."""

    code: str
    name: str
    before: int
    after: int
    differences: list[DifferenceView]
    drafts: int
    running: int


async def view(
    context: AppContext, principal: Principal, code: str, before: int | None, after: int | None
) -> RevisionView:
    """Raises as `revision`."""
    found = await revision(context, principal, code, before, after)
    return RevisionView(
        code=code,
        name=found.new.name,
        before=found.old.version,
        after=found.new.version,
        differences=[DifferenceView(about=one.about, change=one.change) for one in found.differences],
        drafts=found.affected.drafts,
        running=found.affected.running,
    )


async def revision(
    context: AppContext, principal: Principal, code: str, before: int | None, after: int | None
) -> Revision:
    """`after` None: the latest; `before` None: the one before that. Raises OneThingError UNKNOWN_BUNDLE,
    NotPermitted."""
    use = await usage(context, principal)
    new = named(context, code if after is None else f"{code}@{after}")
    old = named(context, f"{code}@{_previous(context, new) if before is None else before}")
    return Revision(old, new, differences(context.catalog, old, new), use_of(use, old.ref))


def _previous(context: AppContext, new: BundleDefinition) -> int:
    """Its own number where it is the first."""
    older = [
        one.version for one in context.catalog.bundles.values() if one.code == new.code and one.version < new.version
    ]
    return max(older, default=new.version)
