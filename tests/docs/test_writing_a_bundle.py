"""What docs/writing-a-bundle.md shows can be written so: its conditions compile, its blocks are what models take."""

import re
from pathlib import Path

import yaml

from definitions.conditions import Conditions
from definitions.conditions.words import TODAY, ValueKind, Word
from onething.domain.definition.basis import with_bases
from onething.domain.definition.form_fields import Check
from onething.domain.definition.items import ItemLimits
from onething.domain.definition.questions import Parameter, Question, Situation

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-bundle.md").read_text(encoding="utf-8")
BLOCKS = [yaml.load(one, yaml.BaseLoader) for one in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
YES_NO, NUMBER, DATE, TEXT, TEXTS = (
    *(ValueKind.YES_NO, ValueKind.NUMBER, ValueKind.DATE),
    *(ValueKind.TEXT, ValueKind.TEXTS),
)
WORDS = {
    "answers.sign": Word(YES_NO),
    "answers.kind": Word(ValueKind.ONE_OF),
    "answers.foods": Word(ValueKind.SOME_OF),
    "answers.area": Word(NUMBER, 1),
    "answers.balance": Word(NUMBER, 2),
    "answers.since": Word(DATE),
    "answers.till": Word(DATE),
    "params.free_area": Word(NUMBER),
    "situation.fire_needed": Word(YES_NO),
    "form.cremated_on": Word(DATE),
    "form.died_on": Word(DATE),
    "form.born_on": Word(DATE),
    "form.term": Word(ValueKind.ONE_OF),
    "given.until": Word(YES_NO),
    "form.shareholders.contribution": Word(ValueKind.NUMBERS, 2),
    "form.capital": Word(NUMBER, 2),
    "form.directors.id_number": Word(TEXTS),
    "row.born_on": Word(DATE),
    "decision.child_id_number": Word(TEXT),
    TODAY: Word(DATE),
}
CONDITIONS = Conditions(WORDS, {"fire_needed": "answers.area > params.free_area"}, {"free_area": 300})


def test_every_condition_in_the_guide_compiles() -> None:
    rows = [line for line in GUIDE.splitlines() if line.startswith("| ") and "并且" not in line]
    shown = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    shown += [text for text in re.findall(r"`([^`]+)`", GUIDE) if text.startswith("birth_date")]
    assert len(shown) >= 12
    for text in shown:
        CONDITIONS.condition(text)


def test_every_block_is_as_the_models_take_it() -> None:
    bases = BLOCKS[0]["bases"]
    told = [with_bases(block, bases) for block in BLOCKS]
    for block in told:
        for one in block.get("parameters", []):
            Parameter.model_validate(one)
        for one in block.get("questions", []):
            Question.model_validate(one)
        for one in block.get("situations", []):
            CONDITIONS.condition(Situation.model_validate(one).condition)
        for one in block.get("checks", []):
            CONDITIONS.condition(Check.model_validate(one).must)
    [limits] = [ItemLimits.model_validate(block["limits"]) for block in told if "limits" in block]
    assert [one.when for one in limits.of_law] == ["situation.fire_needed", None]
