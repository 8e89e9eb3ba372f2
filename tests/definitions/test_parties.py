"""Parties of a definition: what the linter says of whose records are looked up by whose right, and what is compiled."""

from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.loader import FOLDER, load_catalog
from onething.domain.definition.parties import FROM_PARTY, Authority
from tests.definitions.support import SMALL, changed, folder_with

PARTY = "  - {id: person, name: 申请人, identity: id_number}\n"
LOOKUP = "    lookup: {source: identity-check, params: {name: name, id_number: id_number}}\n"
LAW = "{title: 《国务院关于在线政务服务的若干规定》, article: 第七条}"


def look_up(more: str) -> str:
    return changed(LOOKUP, LOOKUP.replace("}}\n", f"}}, {more}}}\n"))


def told(tmp_path: Path, text: str) -> str:
    return "\n".join(f"{one}" for one in problems_of(folder_with(tmp_path, text))[1])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SMALL, None),
        (changed("parties:\n" + PARTY, ""), "没有写明这是哪个当事人的号码"),
        (changed(PARTY, PARTY + PARTY.replace("person,", "other,")), "已经是另一个当事人的号码"),
        (changed(PARTY, PARTY + PARTY), "当事人“person”写了两次"),
        (changed("id: person, name: 申请人", "id: applicant, name: 申请人"), "指申请人本人"),
        (changed("identity: id_number}\nquestions", "identity: name}\nquestions"), "不是个人的证件号码"),
        (changed("identity: id_number}", "identity: number}"), "没有这个表单字段|没有“number”|表单字段“number”"),
        (changed("identity: id_number}", "identity: id_number, related_by: [identity]}"), "窗口收不到"),
        (changed("identity: id_number}", "identity: id_number, related_by: [letter]}"), None),
        (look_up("by: [own, seen]"), None),
        (look_up("by: [duty]"), "by 里不能写 duty"),
        (look_up("by: []"), "没有谁能同意调取"),
        (look_up(f"by: [], duty: {{item: first, basis: {LAW}}}"), None),
        (look_up("by: [related]"), "不能这样：related"),
        (look_up(f"duty: {{item: first, basis: {LAW}}}"), None),
        (look_up("duty: {item: first, basis: assumed}"), "不能是假定的"),
        (look_up(f"duty: {{item: second, basis: {LAW}}}"), "说不上依职责要查"),
        (look_up(f"duty: {{item: third, basis: {LAW}}}"), "third"),
        (changed("    fallback: id-copy\n", "    fallback: {kind: wait}\n"), "没有替代的材料"),
        (
            SMALL.replace("identity: id_number}", "identity: id_number, speaks: false}").replace(
                LOOKUP, LOOKUP.replace("}}\n", "}, by: [own, confirmed]}\n")
            ),
            "不能这样：own",
        ),
    ],
)
def test_each_rule(tmp_path: Path, text: str, problem: str | None) -> None:
    found = told(tmp_path, text)
    if problem is None:
        assert found == ""
    else:
        assert any(part in found for part in problem.split("|")), found


def test_what_asks_about_nobody_says_nothing_of_it(tmp_path: Path) -> None:
    public = "    lookup: {source: business-licence, params: {uscc: uscc}, by: [own]}\n"
    text = SMALL.replace(LOOKUP, public).replace(
        "      - {id: reason,", "      - {id: uscc, label: 信用代码, type: uscc}\n      - {id: reason,"
    )
    assert "查的不是个人的信息" in told(tmp_path, text.replace("parties:\n" + PARTY, ""))


def test_the_plan_says_whose_record_it_is_and_by_what_right(tmp_path: Path) -> None:
    catalog = load_catalog(folder_with(tmp_path, look_up(f"by: [own, seen], duty: {{item: first, basis: {LAW}}}")))
    definition = catalog.bundle("small@1")
    assert definition is not None
    plan = compile_plan(definition, catalog.sources, {})
    [data] = plan.data
    assert (data.personal, data.about) == (True, ("person",))
    assert data.by == (Authority.OWN, Authority.SEEN)
    assert data.duty == "《国务院关于在线政务服务的若干规定》第七条"
    assert [one.id for one in plan.parties] == ["person"]


def test_of_every_shipped_bundle_what_is_about_somebody_needs_a_right() -> None:
    """Compiled for what its examples answer: nothing personal is anybody's to look up, and each has a way to begin."""
    catalog = load_catalog(FOLDER)
    seen = 0
    for definition in catalog.bundles.values():
        for example in definition.examples:
            plan = compile_plan(definition, catalog.sources, example.answers)
            for data in plan.data:
                if data.personal:
                    seen += 1
                    assert data.duty is not None or (data.about and data.by)
                    assert set(data.by) <= set(FROM_PARTY)
                    assert all(party in plan.party_by_id for party in data.about)
    assert seen > 60
