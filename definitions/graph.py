"""The order in which a bundle's items follow each other, drawn: as Mermaid and as plain text."""

from collections.abc import Mapping

from definitions import time_words
from definitions.terms import limit_text
from definitions.time_guide import time_guide
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import Item, node
from onething.domain.definition.periods import Period, PlannedInspection


def mermaid(definition: BundleDefinition, departments: Mapping[str, str]) -> str:
    """A flowchart. Dashed boxes apply in some situations only; thick ones are on the longest chain of promises."""
    lines = ["flowchart LR", f'    start(["{definition.name}"])']
    names = {item.code: f"item{number}" for number, item in enumerate(definition.items)}
    records = {one.code: f"data{number}" for number, one in enumerate(definition.lookups)}
    lines += [
        f'    {records[one.code]}[/"{one.name}"/]{":::situation" if one.when else ""}' for one in definition.lookups
    ]
    for item in definition.items:
        department = departments.get(item.department, item.department)
        label = f"{item.name}<br/>{department}·承诺{limit_text(item.promised)}·法定{limit_text(item.statutory)}"
        lines.append(f'    {names[item.code]}["{label}"]{":::situation" if item.when else ""}')
    for number, period in enumerate(definition.periods):
        names[period.code] = f"period{number}"
        lines.append(f'    {names[period.code]}{{{{"{period.name}<br/>{limit_text(period.length)}"}}}}')
        waits_for = tuple(map(node, period.after))
        lines += [f"    {names[giver]} --> {names[period.code]}" for giver in waits_for]
        if not waits_for:
            lines.append(f"    start --> {names[period.code]}")
    for number, inspection in enumerate(definition.inspections):
        names[inspection.code] = f"inspection{number}"
        with_ = departments.get(inspection.lead, inspection.lead)
        lines.append(f'    {names[inspection.code]}[["{inspection.name}<br/>{with_}牵头"]]')
        lines += [f"    {names[giver]} --> {names[inspection.code]}" for giver in map(node, inspection.after)]
        lines += [f"    {names[inspection.code]} -.- {names[code]}" for code in inspection.items]
    for item in definition.items:
        waits_for = definition.givers(item)
        periods = [one.code for one in definition.periods_before(item.after)]
        inspections = [code for code in map(node, item.after) if code in definition.inspection_by_code]
        between: dict[str, Period | PlannedInspection] = {**definition.period_by_code, **definition.inspection_by_code}
        through = {one for code in (*periods, *inspections) for one in definition.items_before(between[code].after)}
        waits_itself = (giver for giver in waits_for if giver not in through or giver in item.after)
        direct = [*periods, *inspections, *waits_itself]
        ends = dict(definition.outcomes_before(item.after))
        arrows = {giver: f"-->{_labelled(definition, giver, ends.get(giver))}" for giver in direct}
        lines += [f"    {names[giver]} {arrow} {names[item.code]}" for giver, arrow in arrows.items()]
        lines += [f"    {records[code]} -.-> {names[item.code]}" for code in item.materials if code in records]
        if not direct:
            lines.append(f"    start --> {names[item.code]}")
    lines.append("    classDef situation stroke-dasharray: 5 5")
    lines.append("    classDef critical stroke-width: 3px")
    time = time_guide(definition)
    lines.append(f"    class {','.join(names[code] for code in time.critical_path.items)} critical")
    lines += [f"    %% {line.strip()}" for line in (time_words.summary(time), *time_words.lines(time))]
    return "\n".join(lines) + "\n"


def _labelled(definition: BundleDefinition, code: str, ends: str | None) -> str:
    """With the outcome after which alone it is gone that way."""
    outcomes = (one for item in definition.items if item.code == code for one in item.ends_with)
    return next((f"|{one.name}|" for one in outcomes if one.id == ends), "")


def plain(definition: BundleDefinition, departments: Mapping[str, str]) -> str:
    """Items in steps: what stands in one step can go on at the same time. Then the time that it all takes."""
    time = time_guide(definition)
    lines = [f"{definition.name}（{definition.ref}），{time_words.summary(time)}"]
    for number, step in enumerate(steps(definition), start=1):
        lines.append(f"第 {number} 步")
        for item in step:
            department = departments.get(item.department, item.department)
            limits = f"承诺{limit_text(item.promised)}，法定{limit_text(item.statutory)}"
            line = f"  {item.name}〔{department}，{limits}〕"
            names = [other.name for other in definition.items if other.code in definition.givers(item)]
            names += [period.name for period in definition.periods_before(item.after)]
            names += [one.name for one in definition.inspections if one.code in map(node, item.after)]
            line += f" ← {'、'.join(names)}" if names else ""
            lines.append(f"{line}（视情形）" if item.when else line)
    lines += ["时限", *time_words.lines(time)]
    return "\n".join(lines) + "\n"


def steps(definition: BundleDefinition) -> tuple[tuple[Item, ...], ...]:
    """Each item in the first step in which everything it waits for is done (linted: nothing waits in a circle)."""
    done: set[str] = set()
    found = []
    while len(done) < len(definition.items):
        step = tuple(
            item for item in definition.items if item.code not in done and done.issuperset(definition.givers(item))
        )
        done.update(item.code for item in step)
        found.append(step)
    return tuple(found)
