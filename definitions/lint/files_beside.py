"""Files beside the bundles. Outlets offer what there is; events fit the bundles whose drafts they open: what they fill
in exists, and no two are the same."""

from collections.abc import Iterator

from definitions.loader import Catalog
from definitions.problems import DefinitionProblem
from onething.domain.definition.prefill_events import EventDefinition


def problems(catalog: Catalog) -> Iterator[DefinitionProblem]:
    yield from _outlets(catalog)
    yield from _events(catalog)


def _outlets(catalog: Catalog) -> Iterator[DefinitionProblem]:
    for code, one in catalog.outlets.items():
        for index, bundle in enumerate(one.bundles):
            if bundle not in catalog.latest:
                what, remedy = f"没有一件事“{bundle}”。", "改用 catalog 中的代码；全部都收的，不写 bundles。"
                document = catalog.documents["outlets.yaml"]
                yield document.problem(("outlets", code, "bundles", index), what, remedy)


def _events(catalog: Catalog) -> Iterator[DefinitionProblem]:
    seen: dict[tuple[str, str], str] = {}
    systems: dict[str, str] = {}
    for code, event in catalog.events.items():
        document = catalog.documents[f"events/{code}.yaml"]
        for path, what, remedy in _wrong(catalog, event):
            yield document.problem(path, what, remedy)
        twin = seen.setdefault((event.source, event.type), code)
        if twin != code:
            yield document.problem(("type",), f"与 {twin}.yaml 的来源和类型相同。", "合并为一份，或改用别的类型。")
        if systems.setdefault(event.source, event.system) != event.system:
            yield document.problem(("system",), "同一来源用了两个系统的密钥。", "同一来源写同一个 system。")


def _wrong(catalog: Catalog, event: EventDefinition) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if event.department not in catalog.departments:
        yield ("department",), f"没有部门“{event.department}”。", "改用 departments.yaml 中的代码。"
    bundle = catalog.latest.get(event.bundle)
    if bundle is None:
        yield ("bundle",), f"没有一件事“{event.bundle}”。", "改用 catalog 中的代码。"
        return
    fields = {one.id for one in bundle.form}
    questions = {one.id for one in bundle.questions}
    for part, named, known in (
        ("form", event.form, fields),
        ("answers", event.answers, questions),
        ("given", event.given, questions),
    ):
        for name in named:
            if name not in known:
                yield (part, name), f"“{event.bundle}”没有“{name}”。", "改正名称，或删去这一行。"
