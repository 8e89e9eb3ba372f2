"""Pages of acts and lists that staff have, in a browser: nobody is shut out, at a desk and at 320 pixels."""

from itertools import product

import pytest

from onething.web.cases.counter_case import COUNTER_ACTS, OWN_PAGES
from onething.web.cases.supervised_case import SUPERVISED_ACTS
from tests.api import acts
from tests.api.town import Town
from tests.support.whole import sampled
from tests.web.browsing import Window, let_in
from tests.web.conftest import Look, OpenPage
from tests.web.test_accessibility import WIDTHS, looks_right

SUPERVISORS = [f"/supervise/cases/{{case_no}}/{one.path}" for one in SUPERVISED_ACTS.values()]
COUNTERS = [
    *(f"/counter/cases/{{case_no}}/{one.path}" for one in COUNTER_ACTS.values()),
    *(f"/counter/cases/{{case_no}}/{path}" for _, path, _ in OWN_PAGES),
    *("/counter/cases/{case_no}", "/counter/mandates", "/counter/mandates/new", "/counter/licences"),
]
OFFICES = [
    *(f"/work/cases/{{case_no}}/{path}" for path in ("papers", "retry", "reissue", "review")),
    *("/work/cases", "/work/reminders", "/work/figures", "/work/licences", "/work/phrases"),
]
PATHS = {"supervisor": ["/supervise/cases", *SUPERVISORS], "counter": COUNTERS, "leader.amr": OFFICES}


@pytest.mark.parametrize(
    ("account", "window"), sampled(list(product(PATHS, WIDTHS)), len(PATHS), kind=lambda one: one[0]), ids=str
)
async def test_pages_of_acts_are_for_everybody(
    open_page: OpenPage, site_of: str, fresh_town: Town, axe: Look, account: str, window: Window
) -> None:
    case_no = await acts.accepted_case(fresh_town)
    await fresh_town.post("citizen", f"/api/cases/{case_no}/urge", {"text": "请尽快"})
    page = await open_page(window)
    await let_in(page, site_of, account)
    for path in PATHS[account]:
        await page.goto(site_of + path.format(case_no=case_no))
        await axe(page)
        await looks_right(page)


@pytest.mark.parametrize("window", sampled(WIDTHS, 1), ids=str)
async def test_a_mistake_on_such_a_page_takes_the_focus(
    open_page: OpenPage, site_of: str, fresh_town: Town, axe: Look, window: Window
) -> None:
    case_no = await acts.accepted_case(fresh_town)
    page = await open_page(window)
    await let_in(page, site_of, "supervisor")
    await page.goto(f"{site_of}/supervise/cases/{case_no}/suspend")
    await page.get_by_label("理由").fill("台风")
    await page.get_by_role("button", name="因不可抗力中止计时").click()
    await page.wait_for_function("document.activeElement && document.activeElement.id === 'mistakes'")
    await axe(page)
    await page.locator("#mistakes a").first.press("Enter")
    assert await page.evaluate("document.activeElement.tagName") in ("INPUT", "TEXTAREA", "SELECT", "FIELDSET")
    assert await page.get_by_label("理由").input_value() == "台风"
