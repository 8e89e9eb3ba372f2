"""Cross checks of definitions: what no single field can tell. Each problem names file, line and remedy.

Start here: `checked.py`, what every check looks at; one file a kind of mistake.
Not to be confused with: `definitions/validating.py`, which checks the shape of a single file.
"""

from definitions.layers.shared_items import of_itself
from definitions.lint import (
    certificates,
    clocks,
    combinations,
    conditions,
    files_beside,
    limits,
    materials,
    parties,
    places,
    references,
    shapes,
)
from definitions.lint.checked import LintContext
from definitions.loader import Catalog
from definitions.problems import DefinitionProblem, DefinitionProblems

__all__ = ["lint", "require_clean"]


def lint(catalog: Catalog) -> list[DefinitionProblem]:
    """Everything wrong with the bundles of the catalogue, in the order of files and lines."""
    problems: list[DefinitionProblem] = []
    for ref, definition in catalog.items.items():
        problems += filter(of_itself, _of(LintContext(catalog, definition, catalog.documents[f"items/{ref}"])))
    broken: set[str] = set()
    for ref, definition in catalog.bundles.items():
        rules = catalog.places.get(ref)
        if rules is not None and rules.above in broken:
            broken.add(ref)
            continue
        checked = LintContext(catalog, definition, catalog.documents[ref])
        found = _of(checked)
        if rules is not None and not found:
            places.check(checked, rules)
        if found:
            broken.add(ref)
        problems += map(rules.seen_from_here, found) if rules else found
    problems += files_beside.problems(catalog)
    problems += places.left_behind(catalog)
    return sorted(set(problems))


def _of(checked: LintContext) -> list[DefinitionProblem]:
    for rules in (shapes, references, materials, parties, conditions, certificates, limits, clocks):
        rules.check(checked)
    if not checked.problems:  # a plan can be compiled only when its parts fit together
        combinations.check(checked)
    return checked.problems


def require_clean(catalog: Catalog) -> Catalog:
    """The catalogue itself, for a program that starts with it. Raise `DefinitionProblems`."""
    problems = lint(catalog)
    if problems:
        raise DefinitionProblems(problems)
    return catalog
