"""Cross checks of definitions: what no single field can tell. Each problem names file, line and remedy.

Start here: `checked.py`, what every check looks at; one file a kind of mistake.
Not to be confused with: `definitions/validating.py`, which checks the shape of a single file.
"""

from definitions.lint import (
    clocks,
    combinations,
    conditions,
    files_beside,
    graph,
    limits,
    materials,
    references,
    shapes,
    silence,
)
from definitions.lint.checked import LintContext
from definitions.loader import Catalog
from definitions.problems import DefinitionProblem, DefinitionProblems

__all__ = ["lint", "require_clean"]


def lint(catalog: Catalog) -> list[DefinitionProblem]:
    """Everything wrong with the bundles of the catalogue, in the order of files and lines."""
    problems: list[DefinitionProblem] = []
    for ref, definition in catalog.bundles.items():
        checked = LintContext(catalog, definition, catalog.documents[ref])
        for rules in (shapes, references, materials, conditions, graph, limits, clocks, silence):
            rules.check(checked)
        if not checked.problems:  # a plan can be compiled only when its parts fit together
            combinations.check(checked)
        problems += checked.problems
    problems += files_beside.problems(catalog)
    return sorted(set(problems))


def require_clean(catalog: Catalog) -> Catalog:
    """The catalogue itself, for a program that starts with it. Raise `DefinitionProblems`."""
    problems = lint(catalog)
    if problems:
        raise DefinitionProblems(problems)
    return catalog
