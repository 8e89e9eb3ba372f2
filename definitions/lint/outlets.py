"""Outlets offer what there is."""

from collections.abc import Iterator

from definitions.loader import Catalog
from definitions.problems import DefinitionProblem


def problems(catalog: Catalog) -> Iterator[DefinitionProblem]:
    for code, one in catalog.outlets.items():
        for index, bundle in enumerate(one.bundles):
            if bundle not in catalog.latest:
                what, remedy = f"没有一件事“{bundle}”。", "改用 catalog 中的代码；全部都收的，不写 bundles。"
                document = catalog.documents["outlets.yaml"]
                yield document.problem(("outlets", code, "bundles", index), what, remedy)
