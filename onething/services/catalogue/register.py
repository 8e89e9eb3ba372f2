"""The definitions that this process has, with what is begun and under way by each, and what their keeper should see to.

A process starts with none in which anything is wrong (`definitions.lint`): what is told here comes with time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from definitions.assumed import assumed_figures
from definitions.calendars.coverage import reminders
from definitions.duties import off_duty
from definitions.layers.telling import PlaceDifference, place_differences
from definitions.sheet import DefinitionSheet, Remedy, definition_sheet, departments_asked
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import Item
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.bundles import PlaceName, named, place_name
from onething.services.core.context import AppContext
from onething.services.documents import remedies
from onething.store.tables import cases
from onething.store.tables.cases import BundleUse


@dataclass(frozen=True)
class VersionRow:
    """One published version, and what is begun or under way by it."""

    ref: str
    version: int
    use: BundleUse


@dataclass(frozen=True)
class RegisterRow:
    """`versions`: the latest first; by older ones only what was begun by them goes on."""

    definition: BundleDefinition
    versions: tuple[VersionRow, ...]
    findings: tuple[str, ...]

    @property
    def running(self) -> int:
        return sum(one.use.running for one in self.versions)

    @property
    def drafts(self) -> int:
        return sum(one.use.drafts for one in self.versions)


@dataclass(frozen=True)
class RegisterEntry:
    """One version in people's words. `departments`: code → name, of those that have a page to sign. `places`: ref →
    name, of where this version is otherwise; `differences`: what is, where this is a place's."""

    row: RegisterRow
    definition: BundleDefinition
    sheet: DefinitionSheet
    departments: dict[str, str]
    place: PlaceName | None
    places: dict[str, str]
    differences: tuple[PlaceDifference, ...]


async def everything(context: AppContext, principal: Principal) -> tuple[RegisterRow, ...]:
    use = await usage(context, principal)
    return tuple(_row(context, one, use) for one in context.catalog.latest.values())


async def entry(context: AppContext, principal: Principal, ref: str) -> RegisterEntry:
    """By `code` (the latest) or `code@version`. Raises OneThingError UNKNOWN_BUNDLE, NotPermitted."""
    use = await usage(context, principal)
    definition = named(context, ref)
    return RegisterEntry(
        row=_row(context, context.catalog.latest[definition.code], use),
        definition=definition,
        sheet=definition_sheet(context.catalog, definition, remedy(context)),
        departments={one: context.department(one) for one in departments_asked(context.catalog, definition)},
        place=place_name(context, definition),
        places={
            ref: context.region_name(rules.file.place)
            for ref, rules in context.catalog.places.items()
            if ref.partition(".")[0] == definition.ref.partition(".")[0]
        },
        differences=place_differences(context.catalog, definition.ref),
    )


async def usage(context: AppContext, principal: Principal) -> dict[str, BundleUse]:
    """By code@version. Raises NotPermitted."""
    async with context.transaction(principal, Act.OPERATE) as tx:
        require(principal, Act.OPERATE)
        return await cases.use_of_bundles(tx)


def use_of(use: dict[str, BundleUse], ref: str) -> BundleUse:
    """Of a version, also by places' rules."""
    found = [one for name, one in use.items() if name.partition(".")[0] == ref]
    return BundleUse(sum(one.drafts for one in found), sum(one.running for one in found))


def remedy(context: AppContext) -> Remedy:
    """As letters tell it in the region of this installation."""

    def paragraph(item: Item) -> str:
        reviewer = context.catalog.offices.reviewer(item.department, context.region)
        return remedies.paragraph(item, reviewer, context.department(item.department))

    return paragraph


def _row(context: AppContext, latest: BundleDefinition, use: dict[str, BundleUse]) -> RegisterRow:
    own = sorted(
        (one for one in context.catalog.bundles.values() if one.code == latest.code and one.place is None),
        key=lambda one: one.version,
        reverse=True,
    )
    versions = tuple(VersionRow(one.ref, one.version, use_of(use, one.ref)) for one in own)
    return RegisterRow(latest, versions, tuple(_findings(context, latest)))


def _findings(context: AppContext, definition: BundleDefinition) -> Iterator[str]:
    catalog, today = context.catalog, context.today()
    yield from off_duty(catalog.duties, {definition.ref: departments_asked(catalog, definition)}, today)
    yield from reminders([catalog.calendars[definition.calendar]], today)
    for one in assumed_figures(definition):
        yield f"假定值，请按当地规定核定：{one.text}"
