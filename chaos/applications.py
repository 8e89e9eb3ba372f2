"""Applications of people who don't exist: the examples with names, numbers and addresses of their own in every case.

What was put in is remembered: none of it may turn up in Temporal or in a log.
"""

import copy
import random
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from definitions.compile import compile_plan
from onething.cli.commands import application_file
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.identity import IdType, WrongNumber, read_number
from tests.api.catalogue import CATALOG, application_of
from tests.support import people

EXAMPLES = Path(__file__).parents[1] / "examples"
IDENTITY_OF = {"citizen": people.ZHANG.id_number, "citizen2": people.LI.id_number, "agent": people.ZHANG.id_number}
"""In whose name an account applies; a counter in that of anybody."""
BUNDLES = ("enterprise-opening", "death-deregistration", "newborn", "transport-business")
"""With plays of their own, applied for as the files of examples/ say."""


def _at_once(definition: BundleDefinition) -> list[int]:
    """Its examples that no period and no inspection holds up: no storm lasts for weeks."""
    plans = (compile_plan(definition, CATALOG.sources, one.answers) for one in definition.examples)
    return [number for number, plan in enumerate(plans) if not (plan.periods or plan.inspections)]


AT_ONCE = {code: found for code, one in CATALOG.latest.items() if code not in BUNDLES and (found := _at_once(one))}
"""Numbers of the examples of definitions that the seed draws from."""
DRAWN = tuple(AT_ONCE)

_AT_HAND = {"death-deregistration": "cremation-certificate"}
"""What the example brings later, and people in the storm at once: their counters accept without looking."""

_SURNAMES = ("欧阳", "司徒", "尉迟", "濮阳", "亓官", "澹台", "宗政", "公冶", "呼延", "夏侯")
_RARE = "䶮𠮷㛃翀犇燚龘靐翯彧喆煊晗翊珺玥琰璟钰铄锴馥骁麒麟鑫淼焱垚"
_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9X]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_NAMES = frozenset(
    {"name", *(field.id for one in CATALOG.latest.values() for field in one.form if field.type == "person_name")}
)


@dataclass(frozen=True)
class Application:
    """`body` is what is sent; `secrets` are the texts that must not leak."""

    body: dict[str, Any]
    secrets: frozenset[str]


class Registry:
    """Makes people up; nobody twice."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"people/{seed}")
        self._given: set[str] = set()
        self._examples = {code: application_file.read(EXAMPLES / f"{code}.yaml").body for code in BUNDLES}

    def apply(self, bundle: str, account: str, number: int | None = None) -> Application:
        """As an account may hand it in: in their own name, in that of whom they act for, or seen at a counter. By the
        file of examples/, or by that example of the definition."""
        definition = CATALOG.latest[bundle]
        drawn = None if number is None else application_of(definition, definition.examples[number])
        example = copy.deepcopy(drawn or self._examples[bundle])
        known: dict[str, str] = {}
        if account in IDENTITY_OF:
            known[example["applicant"]["id_number"]] = IDENTITY_OF[account]
        body = self._anew(example, "", known)
        if account == "counter":
            body["seen"] = people.SEEN
        if bundle in _AT_HAND:
            body["materials"].append({"code": _AT_HAND[bundle], "form": "paper"})
        return Application(body, frozenset(known.values()))

    def company(self) -> str:
        return self._fresh(lambda: f"杭州{self._given_name(4)}示例有限公司")

    def _anew(self, value: Any, key: str, known: dict[str, str]) -> Any:
        if isinstance(value, dict):
            return {name: self._anew(one, name, known) for name, one in value.items()}
        if isinstance(value, list):
            return [self._anew(one, key, known) for one in value]
        return self._text(value, key, known) if isinstance(value, str) else value

    def _text(self, text: str, key: str, known: dict[str, str]) -> str:
        if key in _NAMES:
            return self._instead(known, text, lambda: self._chance.choice(_SURNAMES) + self._given_name(2))
        if key == "company_name":
            return known.setdefault(text, self.company())
        if _PHONE.fullmatch(text):
            return self._instead(known, text, lambda: f"139{self._chance.randrange(10**8):08d}")
        if "address" in key:
            return self._instead(known, text, lambda: f"浙江省杭州市西湖区{self._given_name(3)}路 8 号")
        return _NUMBER.sub(lambda found: self._number(found.group(), known), text)

    def _number(self, number: str, known: dict[str, str]) -> str:
        try:
            read_number(IdType.RESIDENT_ID, number)
        except WrongNumber:
            return number
        return self._instead(known, number, self._resident_id)

    def _instead(self, known: dict[str, str], old: str, make: Any) -> str:
        if old not in known:
            known[old] = self._fresh(make)
        return known[old]

    def _fresh(self, make: Any) -> str:
        while (made := make()) in self._given:
            pass
        self._given.add(made)
        return str(made)

    def _given_name(self, length: int) -> str:
        return "".join(self._chance.choice(_RARE) for _ in range(length))

    def _resident_id(self) -> str:
        chance = self._chance
        born = date(chance.randrange(1985, 2005), chance.randrange(1, 13), chance.randrange(1, 29))
        return people.resident_id("330106", born, chance.randrange(1000))
