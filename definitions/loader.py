"""The whole catalogue read strictly: bundles, sources, calendars, departments, with all problems told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from definitions.assumed import assumed_figures
from definitions.calendars.assemble import CalendarFolder
from definitions.calendars.place import read_calendars
from definitions.digests import PUBLISHED, LockFile
from definitions.duties import Department, DepartmentsFile, check
from definitions.layers.bundles import with_items
from definitions.layers.overlays import read_overlays
from definitions.layers.places import PlaceRules, as_a_place_has_it
from definitions.layers.shared_items import SharedItem, of_itself, read_items
from definitions.layers.tree import LayeredDocument, LayerNode, tree_of
from definitions.offices import Offices, OfficesFile
from definitions.offices import check as check_offices
from definitions.outlets import Outlet, OutletsFile
from definitions.outlets import check as check_outlets
from definitions.problems import DefinitionProblem, DefinitionProblems
from definitions.reading import Document
from definitions.regions import RegionsFile, ServedRegion, divisions_of
from definitions.regions import check as check_regions
from definitions.validating import validate
from onething.domain.calendar.days import Calendar
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.prefill_events import EventDefinition
from onething.domain.sources.source import SourceDefinition

FOLDER = Path(__file__).parent
Model = TypeVar("Model", bound=BaseModel)
Coded = TypeVar("Coded", SourceDefinition, EventDefinition)


@dataclass(frozen=True)
class Catalog:
    """Everything that definitions say, checked. Immutable; load it once per process."""

    bundles: dict[str, BundleDefinition]  # by code@version, or code@version.region
    latest: dict[str, BundleDefinition]  # by code
    departments: dict[str, str]  # code → name, also of those that are no more
    sources: dict[str, SourceDefinition]
    calendars: dict[str, Calendar]  # by code: the latest version
    documents: dict[str, Document] = field(
        default_factory=dict, repr=False
    )  # by ref, or the file's name; for telling lines
    duties: dict[str, Department] = field(default_factory=dict, repr=False)  # by code: from when until when
    calendar_folders: dict[str, CalendarFolder] = field(default_factory=dict, repr=False)  # by code: all versions
    events: dict[str, EventDefinition] = field(default_factory=dict)  # by code: what other systems may tell us
    regions: dict[str, ServedRegion] = field(default_factory=dict, repr=False)  # by code, also those that are no more
    offices: Offices = field(default_factory=lambda: Offices({}, frozenset()), repr=False)
    outlets: dict[str, Outlet] = field(default_factory=dict, repr=False)  # by code, also those that are no more
    items: dict[str, BundleDefinition] = field(default_factory=dict, repr=False)  # shared, by ref, each made a bundle
    redefined: tuple[str, ...] = ()  # what bundles write otherwise than the shared items that they use
    places: dict[str, PlaceRules] = field(default_factory=dict, repr=False)  # by ref, of bundles as a place has them
    published: frozenset[str] = frozenset()  # refs of bundles as a place has them that hold there

    @cached_property
    def assumed(self) -> Mapping[str, int]:
        """Ref → how many figures of it are only assumed."""
        return {ref: len(assumed_figures(one)) for ref, one in self.bundles.items()}

    def bundle(self, ref: str) -> BundleDefinition | None:
        """By `code@version` or `code@version.region`, or the latest version by `code`."""
        return self.bundles.get(ref) or self.latest.get(ref)

    def at(self, ref: str, region: str | None) -> BundleDefinition | None:
        """The bundle as it is in that division: by its own rules, else by those of the nearest one around it that has
        some, else as it is everywhere. `ref` as in `bundle`; whose rules it names does not count where `region` is."""
        named = self.bundle(ref)
        if named is None or region is None:
            return named
        everywhere = f"{named.code}@{named.version}"
        places = (self.bundles.get(f"{everywhere}.{one}") for one in reversed(divisions_of(region)))
        return next((one for one in places if one is not None), None) or self.bundles[everywhere]


def load_catalog(path: Path | None = None) -> Catalog:
    """Read a definitions folder (default: the one that comes with the package). Raise `DefinitionProblems`.

    A folder of one's own may leave out `departments.yaml`, `offices.yaml`, `regions.yaml`, `sources/` and `calendars/`:
    the package's then hold. Without `outlets.yaml` it has none.
    """
    return _packaged() if path is None else _load(path)


@lru_cache(maxsize=1)
def _packaged() -> Catalog:
    return _load(FOLDER)


def _load(folder: Path) -> Catalog:
    catalog, problems = read_catalog(folder)
    if problems:
        raise DefinitionProblems(problems)
    return catalog


def read_catalog(folder: Path) -> tuple[Catalog, list[DefinitionProblem]]:
    """What could be read, and what is wrong with the rest."""
    problems: list[DefinitionProblem] = []
    documents: dict[str, Document] = {}
    sources = _by_code(folder, _files(folder, "sources"), SourceDefinition, problems)
    # bundles of a folder of one's own are not those that the package's events open
    events = _by_code(folder, sorted((folder / "events").glob("*.yaml")), EventDefinition, problems, documents)
    folders = read_calendars(folder, problems)
    duties = _departments(folder, problems)
    regions = read_regions(folder, problems)
    offices = _offices(folder, duties, problems)
    departments = {code: one.name for code, one in duties.items()}
    called = {name: code for code, name in departments.items()}
    bundles: dict[str, BundleDefinition] = {}
    trees: dict[str, LayerNode] = {}
    redefined: list[str] = []
    shared, item_documents = read_items(folder, problems)
    items = _alone(shared, documents, problems, called)
    documents |= item_documents
    for file in sorted((folder / "catalog").glob("*/v*.yaml")):
        document = Document(file, _name(folder, file))
        composed = with_items(tree_of(document), shared)
        if composed.used:
            document = LayeredDocument(composed.tree, document.name, document.problems)
        problems += composed.problems
        redefined += composed.redefined
        definition = validate(document, BundleDefinition, problems, called)
        if definition is not None:
            problems += _misplaced(document, file, definition)
            trees[definition.ref] = composed.tree
            bundles[definition.ref] = definition
            documents[definition.ref] = document
    latest: dict[str, BundleDefinition] = {}
    for definition in sorted(bundles.values(), key=lambda item: item.version):
        latest[definition.code] = definition
    places = _places(folder, trees, regions, problems)
    for rules in places:
        if rules.above not in bundles:
            continue  # what is wrong there is told there
        document = LayeredDocument(rules.result, rules.overlay.name)
        wrong: list[DefinitionProblem] = []
        definition = validate(document, BundleDefinition, wrong, called)
        problems += map(rules.seen_from_here, wrong)
        if definition is not None:
            bundles[definition.ref] = definition
            documents[definition.ref] = document
    calendars = {code: one.latest for code, one in folders.items() if one.versions}
    newest = dict(sorted(latest.items()))
    found = Catalog(
        bundles,
        newest,
        departments,
        sources,
        calendars,
        documents,
        duties,
        folders,
        events,
        regions,
        offices,
        _outlets(folder, regions, calendars, documents, problems),
        items,
        tuple(redefined),
        {rules.ref: rules for rules in places if rules.ref in bundles},
        _published(folder, bundles),
    )
    return found, list(dict.fromkeys(problems))


def _published(folder: Path, bundles: Mapping[str, BundleDefinition]) -> frozenset[str]:
    """A line of what was changed since, or taken out, publishes nothing."""
    entries = LockFile(folder / PUBLISHED, PUBLISHED, "").entries
    return frozenset(one.ref for one in entries if one.ref in bundles and bundles[one.ref].digest == one.digest)


def _places(
    folder: Path,
    trees: Mapping[str, LayerNode],
    regions: Mapping[str, ServedRegion],
    problems: list[DefinitionProblem],
) -> list[PlaceRules]:
    """Each place's rules upon those of the wider place around it, or the bundle itself."""
    done: dict[str, PlaceRules] = {}
    written = {one.relative_to(folder).as_posix() for one in (folder / "catalog").glob("*/v*.yaml")}
    for ref, overlays in read_overlays(folder, regions, problems).items():
        code, _, version = ref.partition("@")
        if ref not in trees:
            if f"catalog/{code}/v{version}.yaml" not in written:  # else what is wrong with it is told
                remedy = f"写 代码@版本，现有：{'、'.join(sorted(trees))}。"
                problems += (
                    one.tree.parts["overlay"].problem(f"没有一件事“{ref}”可以改写。", remedy) for one in overlays
                )
            continue
        for overlay in overlays:
            around = (done.get(f"{ref}.{one}") for one in reversed(divisions_of(overlay.place)[:-1]))
            above = next((one for one in around if one is not None), None)
            rules = as_a_place_has_it(above.ref if above else ref, above.result if above else trees[ref], overlay)
            problems += rules.problems
            done[rules.ref] = rules
    return list(done.values())


def _alone(
    shared: Mapping[str, SharedItem],
    documents: dict[str, Document],
    problems: list[DefinitionProblem],
    called: Mapping[str, str],
) -> dict[str, BundleDefinition]:
    """Each shared item as a bundle of its own, which is how it is looked at by itself."""
    found: dict[str, BundleDefinition] = {}
    for ref, one in shared.items():
        document = LayeredDocument(one.alone(), one.tree.place.file)
        wrong: list[DefinitionProblem] = []
        definition = validate(document, BundleDefinition, wrong, called)
        problems += filter(of_itself, wrong)
        if definition is not None:
            found[ref] = definition
            documents[f"items/{ref}"] = document
    return found


def _files(folder: Path, part: str) -> list[Path]:
    own = folder / part
    return sorted((own if own.is_dir() else FOLDER / part).glob("*.yaml"))


def _by_code(
    folder: Path,
    files: Iterable[Path],
    model: type[Coded],
    problems: list[DefinitionProblem],
    documents: dict[str, Document] | None = None,
) -> dict[str, Coded]:
    found: dict[str, Coded] = {}
    for file in files:
        document = Document(file, _name(folder, file))
        one = validate(document, model, problems)
        if one is None:
            continue
        code = one.code
        if file.stem != code:
            problems.append(document.problem(("code",), f"文件名与代码“{code}”不一致。", f"把文件改名为 {code}.yaml。"))
        found[code] = one
        if documents is not None:
            documents[document.name] = document
    return found


def _departments(folder: Path, problems: list[DefinitionProblem]) -> dict[str, Department]:
    document, listed = _one_file(folder, "departments.yaml", DepartmentsFile, problems)
    if listed is None:
        return {}
    check(document, listed.departments, problems)
    return listed.departments


def read_regions(folder: Path, problems: list[DefinitionProblem]) -> dict[str, ServedRegion]:
    """Those of `regions.yaml`, and what is wrong with them added to `problems`."""
    document, listed = _one_file(folder, "regions.yaml", RegionsFile, problems)
    if listed is None:
        return {}
    check_regions(document, listed.regions, problems)
    return listed.regions


def _one_file(
    folder: Path, name: str, model: type[Model], problems: list[DefinitionProblem]
) -> tuple[Document, Model | None]:
    """The folder's own, or the package's where it has none."""
    own = folder / name
    file = own if own.exists() else FOLDER / name
    document = Document(file, _name(folder, file))
    return document, validate(document, model, problems)


def _offices(folder: Path, duties: dict[str, Department], problems: list[DefinitionProblem]) -> Offices:
    """The package's hold beside its own departments only: others may not have them."""
    if not (folder / "offices.yaml").exists() and (folder / "departments.yaml").exists():
        return Offices.of((), duties)
    document, listed = _one_file(folder, "offices.yaml", OfficesFile, problems)
    if listed is None:
        return Offices.of((), duties)
    check_offices(document, listed.offices, duties, problems)
    return Offices.of(listed.offices, duties)


def _outlets(
    folder: Path,
    regions: dict[str, ServedRegion],
    calendars: dict[str, Calendar],
    documents: dict[str, Document],
    problems: list[DefinitionProblem],
) -> dict[str, Outlet]:
    """The folder's own alone: the package's stand nowhere else."""
    if not (folder / "outlets.yaml").exists():
        return {}
    document, listed = _one_file(folder, "outlets.yaml", OutletsFile, problems)
    if listed is None:
        return {}
    documents[document.name] = document
    check_outlets(document, listed.outlets, regions, calendars, problems)
    return listed.outlets


def _misplaced(document: Document, file: Path, definition: BundleDefinition) -> list[DefinitionProblem]:
    problems = []
    if file.parent.name != definition.code:
        remedy = f"把文件夹改名为 {definition.code}。"
        problems.append(document.problem(("code",), f"文件夹与代码“{definition.code}”不一致。", remedy))
    if definition.place is not None:
        remedy = "删去；一个地方的改写放在 places/<区划>/ 里。"
        problems.append(document.problem(("place",), "一件事里不写 place。", remedy))
    if file.stem != f"v{definition.version}":
        remedy = f"把文件改名为 v{definition.version}.yaml。"
        problems.append(document.problem(("version",), f"文件名与版本 {definition.version} 不一致。", remedy))
    return problems


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
