"""Pages for anybody: what there is, what it takes, how far a case is, whether a certificate is genuine."""

import re
from collections.abc import AsyncIterator

import pytest

from onething.web.bundles.answers import parameters_of
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.web import applicant
from tests.web.visitor import Visitor


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        yield visitor


async def opened(town: Town) -> dict[str, str]:
    answer = await town.post("citizen", "/api/cases", opening())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_home_lists_all_that_there_is(visitor: Visitor) -> None:
    page = await visitor.get("/")
    for code, bundle in visitor.town.context.catalog.latest.items():
        assert f'href="/guide/{code}">{bundle.name}</a>' in page.text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("出生", "newborn"),
        ("企业 开办", "enterprise-opening"),
        ("孩子出生", "newborn"),
        ("生孩子", "newborn"),
        ("开公司", "enterprise-opening"),
        ("办营业执照", "enterprise-opening"),
        ("父亲去世", "death-deregistration"),
    ],
)
async def test_what_is_looked_for_is_found_by_everyday_words(visitor: Visitor, words: str, code: str) -> None:
    page = await visitor.get("/", params={"q": words})
    assert f"/guide/{code}" in page.text


async def test_who_finds_nothing_is_told_what_else_to_try(visitor: Visitor) -> None:
    page = await visitor.get("/", params={"q": "<月球>"})
    assert "没有找到“&lt;月球&gt;”" in page.text
    assert "12345" in page.text


async def test_every_guide_shows_its_items_materials_and_basis(visitor: Visitor) -> None:
    for code, bundle in visitor.town.context.catalog.latest.items():
        page = await visitor.get(f"/guide/{code}")
        assert page.status_code == 200, code
        assert bundle.basis[0].title in page.text
        assert "<svg" in page.text, "the address of this page, to take along"


async def test_what_is_needed_follows_the_answers_which_stay_in_the_address(visitor: Visitor) -> None:
    for code, bundle in visitor.town.context.catalog.latest.items():
        answers = dict(parameters_of(bundle.examples[0].answers))
        page = await visitor.get(f"/guide/{code}", params=answers)
        assert page.status_code == 200
        assert "开始申请" in page.text, code
        assert re.search(r"受理后 ?\d+ ?个工作日", page.text) or "当场" in page.text, "no date before acceptance"
        for name, value in answers.items():
            assert f"{name}={value}" in page.text


async def test_nothing_is_promised_before_the_questions_are_answered(visitor: Visitor) -> None:
    page = await visitor.get("/guide/enterprise-opening", params={"premises": "rented"})
    assert 'value="rented" checked' in page.text
    assert "开始申请" not in page.text


async def test_an_answer_that_does_not_apply_any_more_is_left_out(visitor: Visitor) -> None:
    page = await visitor.get("/guide/enterprise-opening", params={"premises": "no such", "nobody": "asks"})
    assert page.status_code == 200
    long = await visitor.get("/guide/enterprise-opening", params={"company_type": "llc", "nobody": "a" * 5_000})
    assert long.status_code == 200, "more than fits into the code to take along"


async def test_a_part_of_the_guide_is_given_alone_to_the_page_that_asks_for_it(visitor: Visitor) -> None:
    headers = {"HX-Request": "true", "HX-Target": "guide"}
    part = await visitor.get("/guide/newborn", headers=headers)
    assert part.text.lstrip().startswith('<div id="guide">')
    assert "<html" not in part.text
    answered = await visitor.get(f"/guide/enterprise-opening?{applicant.QUERY}", headers=headers)
    assert answered.status_code == 200
    assert "不用带" in answered.text


async def test_what_is_taken_along_is_the_address_that_browsers_reach(visitor: Visitor) -> None:
    """Not the one by which a server in front asks us."""
    codes = []
    for host in ("inner.example", "other.example:8000"):
        page = await visitor.get("/guide/newborn", headers={"Host": host})
        codes += re.findall(r"<svg.*?</svg>", page.text, re.DOTALL)
    assert len(codes) == 2
    assert codes[0] == codes[1]


async def test_a_guide_says_how_much_of_it_is_assumed(visitor: Visitor, town: Town) -> None:
    left = town.context.catalog.assumed["newborn@1"]
    assert left > 10
    assert f"有 {left} 处还没有写明当地文件的依据" in (await visitor.get("/guide/newborn")).text


async def test_an_unknown_guide_is_a_page_that_says_so(visitor: Visitor) -> None:
    assert (await visitor.get("/guide/nothing")).status_code == 404


async def test_progress_shows_the_case_and_nobody(visitor: Visitor) -> None:
    case = await opened(visitor.town)
    answer = await visitor.post("/progress", {"number": case["case_no"], "code": case["query_code"]})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/progress/{case['case_no']}")
    assert case["query_code"] not in answer.headers["set-cookie"]
    page = await visitor.get(answer.headers["location"])
    assert case["case_no"] in page.text
    assert case["query_code"] not in page.text


async def test_progress_without_the_code_asks_for_it(visitor: Visitor) -> None:
    case = await opened(visitor.town)
    page = await visitor.get(f"/progress/{case['case_no']}")
    assert 'name="code"' in page.text
    assert f'value="{case["case_no"]}"' in page.text


async def test_the_code_of_one_case_opens_no_other(visitor: Visitor) -> None:
    first, second = await opened(visitor.town), await opened(visitor.town)
    await visitor.post("/progress", {"number": first["case_no"], "code": first["query_code"]})
    page = await visitor.get(f"/progress/{second['case_no']}")
    assert 'name="code"' in page.text


@pytest.mark.parametrize("wrong", ["number", "code"])
async def test_a_wrong_number_and_a_wrong_code_are_told_alike(visitor: Visitor, wrong: str) -> None:
    case = await opened(visitor.town)
    right = {"number": case["case_no"], "code": case["query_code"]}
    answer = await visitor.post("/progress", right | {wrong: "330100202601010000001" if wrong == "number" else "AAAA"})
    assert answer.status_code == 404
    assert "办件编号或查询码不正确" in answer.text
    assert "<title>错误：查进度" in answer.text


async def test_journey_15_a_certificate_is_genuine_and_says_nothing_of_its_holder(visitor: Visitor) -> None:
    case_no = await acts.closed(visitor.town)
    answer = await visitor.post("/verify", {"number": acts.certificate_no(visitor.town, case_no).lower()})
    page = await visitor.get(answer.headers["location"])
    assert "真实有效" in page.text
    assert "核验时间" in page.text
    form = opening()["form"]
    assert not [value for value in form.values() if isinstance(value, str) and len(value) > 5 and value in page.text]


async def test_journey_15_wrong_codes_are_stopped_and_the_right_one_is_not(limited: Town) -> None:
    case = await opened(limited)
    async with Visitor(limited) as visitor:
        wrong = [await visitor.post("/progress", {"number": case["case_no"], "code": f"WRONG{n}"}) for n in range(40)]
        assert {one.status_code for one in wrong} == {404, 429}
        assert wrong[-1].status_code == 429
        assert "查进度" in wrong[-1].text
        right = await visitor.post("/progress", {"number": case["case_no"], "code": case["query_code"]})
        assert right.status_code == 303


async def test_an_unknown_certificate_is_said_to_be_none(visitor: Visitor) -> None:
    answer = await visitor.post("/verify", {"number": "no such ｎｕｍｂｅｒ"})
    page = await visitor.get(answer.headers["location"])
    assert (page.status_code, "查无此证" in page.text) == (404, True)


@pytest.mark.parametrize("typed", ["", "../../x", "<b>", "证" * 100])
async def test_what_can_be_no_number_is_said_to_be_none(visitor: Visitor, typed: str) -> None:
    answer = await visitor.post("/verify", {"number": typed})
    assert answer.headers["location"].startswith("/verify/")
    assert "查无此证" in (await visitor.get(answer.headers["location"])).text


async def test_nothing_ticked_is_an_answer_where_something_was_ticked_before(town: Town) -> None:
    async with Visitor(town) as visitor:
        address = "/guide/enterprise-closing?company_type=branch&tax_way=never"
        assert "印章缴销" in (await visitor.get(address)).text
        page = (await visitor.get(f"{address}&services=none")).text
        assert '<input type="hidden" name="services" value="none">' in page
        assert "办 2 项" in page
        assert "印章缴销" not in page.split("您需要")[1]
