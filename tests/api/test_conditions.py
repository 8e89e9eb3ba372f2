"""条件 over HTTP: a decision says of each whether it is met; a refusal names those that are not, with their bases."""

from pathlib import Path
from typing import Any

from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.kernel.commands import Command
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import approval, opening_with_papers
from tests.api.lawful import plain_opening, task, with_a_registration_by_its_system, written
from tests.api.test_letters import letter
from tests.api.town import Town

NAME = "    name: 企业设立登记\n"
HELD = f"""{NAME}    conditions:
      - {{id: place, says: 有合法的住所。, basis: {{title: 《测试条例》, article: 第五条}}}}
      - id: people
        says: 有股东。
        basis: {{title: 《测试条例》, article: 第六条}}
        when: answers.company_type == "llc"
"""
PLACE = {"id": "place", "says": "有合法的住所。", "basis": "《测试条例》第五条"}


def with_conditions(folder: Path) -> Path:
    return written(folder, plain_opening().replace(NAME, HELD, 1))


def by_its_system(folder: Path) -> Path:
    file = with_a_registration_by_its_system(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(NAME, HELD, 1), encoding="utf-8")
    return folder


async def decide(town: Town, case_no: str, **said: Any) -> Any:
    return await town.post("officer.amr", f"/api/tasks/{task(case_no).rpartition('/')[2]}/decide", said)


async def test_a_decision_answers_each_condition_that_applies(town_by: TownBy) -> None:
    async with town_by(with_conditions) as town:
        case_no = await acts.accepted_case(town)
        shown = (await town.get("officer.amr", task(case_no))).json()
        assert shown["conditions"] == [PLACE]
        outputs = approval("registration", case_no)
        for conditions in ({}, {"place": False}, {"place": True, "people": True}):
            wrong = await decide(town, case_no, outcome="approve", outputs=outputs, conditions=conditions)
            assert wrong.status_code == 422, wrong.text
            assert [one["pointer"] for one in wrong.json()["errors"]] == ["/conditions"]
        done = await decide(town, case_no, outcome="approve", outputs=outputs, conditions={"place": True})
        assert done.status_code == 200, done.text


async def test_a_refusal_names_what_is_not_met_and_its_letter_on_what_that_rests(town_by: TownBy) -> None:
    async with town_by(with_conditions) as town:
        case_no = await acts.accepted_case(town)
        said = {"outcome": "refuse", "opinion": "现场没有房屋"}
        wrong = await decide(town, case_no, **said, conditions={"place": True})
        assert "哪一条不符合" in wrong.json()["errors"][0]["detail"]
        assert (await decide(town, case_no, **said, conditions={"place": False})).status_code == 200
        paragraphs = (await letter(town, case_no, "refused"))["paragraphs"]
        at = paragraphs.index("不符合下列条件：")
        assert paragraphs[at + 1 : at + 3] == ["1. 有合法的住所。（《测试条例》第五条）", "理由：现场没有房屋"]


async def test_a_system_is_told_the_conditions(town_by: TownBy) -> None:
    async with town_by(by_its_system) as town:
        case_no = await acts.accepted_case(town)
        [command] = await town.commands(case_no, "dispatch_item")
        given = Command(id=command, kind="dispatch_item", target="registration")
        work = await town.gateway.dispatch_work(Assignment(case_no=case_no, epoch=1, command=given))
        assert not isinstance(work, CaseSnapshot)
        assert work.order["conditions"] == [PLACE]


async def test_a_guide_says_what_has_to_be_so(town_by: TownBy) -> None:
    async with town_by(with_conditions) as town:
        answers = opening_with_papers()["answers"]
        answer = await town.post(None, "/api/bundles/enterprise-opening/plan", {"answers": answers})
        assert answer.status_code == 200, answer.text
        items = {one["code"]: one["conditions"] for one in answer.json()["items"]}
        assert items["registration"] == ["有合法的住所。（《测试条例》第五条）", "有股东。（《测试条例》第六条）"]
