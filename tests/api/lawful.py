"""Definitions in which an enterprise is opened by the clocks of the law, and what is done about its time."""

import re
from pathlib import Path
from typing import Any

import httpx

from definitions.loader import FOLDER
from tests.api.town import Town

REASON = "须听取利害关系人张三的意见"
_ADDED = (
    re.compile(r"^(clocks|compare):\n(  .*\n)+\n?", re.MULTILINE),
    re.compile(r"^    (reusable_days|licence|handling|patience_minutes): .*\n", re.MULTILINE),
)
SEAL_FALLS = (
    "    undo:\n      how: by_law\n      what: 注销印章备案并收缴已刻制的印章。\n"
    "      basis: {title: 《测试条例》, article: 第九条}\n"
)
HEARING: dict[str, Any] = {"basis": "hearing", "days": 10, "reason": REASON}


PAUSES = """    pauses:
      - for: hearing
        at_most: {amount: 20, unit: working_day, for: office}
        basis: {title: 《测试条例》, article: 第九条}
      - for: appraisal
        at_most: {amount: 20, unit: working_day, for: office}
        basis: {title: 《测试条例》, article: 第十条}
      - for: site_visit
        at_most: {amount: 10, unit: working_day, for: office}
        basis: {title: 《测试办法》, article: 第二条}
"""
PROMISE = (
    "        extension: {amount: 3, approver: agency_head, basis: registration}\n"
    "      promised: {amount: 1, unit: working_day, for: office, basis: assumed}\n"
)


def plain_opening() -> str:
    """The packaged opening, as text, without what tests add for themselves: rules of time, comparisons, papers that
    serve again, licences of the register and items that systems decide. By a law of the tests its seal falls with
    the case."""
    text = _with_its_registration()
    for what in _ADDED:
        text, times = what.subn("", text)
        assert times, f"the packaged opening has no {what.pattern} any more"
    return text.replace("    undo: {what: 注销印章备案并收缴已刻制的印章。}\n", SEAL_FALLS, 1)


_PARTS = ("bases", "questions", "form", "checks", "compare", "materials")


def _with_its_registration() -> str:
    """The packaged opening with the shared item that it uses written into it, for tests that change both."""
    text = (FOLDER / "catalog" / "enterprise-opening" / "v1.yaml").read_text(encoding="utf-8")
    shared = (FOLDER / "items" / "registration" / "v1.yaml").read_text(encoding="utf-8")
    for part in _PARTS:
        brought = _part(shared, part)
        if f"\n{part}:\n" not in text:
            text = text.replace("\nmaterials:\n", f"\n{part}:\n\nmaterials:\n", 1)
        text = text.replace(f"\n{part}:\n", f"\n{part}:\n{brought}", 1)
    item = _part(shared, "item").replace("\n  ", "\n    ")
    text, times = re.subn(r"  - \{use: registration@1.*\}\n", lambda _: f"  - {item[2:]}", text)
    assert times == 1, "the packaged opening uses no registration any more"
    return text


def _part(text: str, part: str) -> str:
    found = re.search(rf"^{part}:\n((?:  .*\n)+)", text, re.MULTILINE)
    assert found, part
    return found.group(1)


def with_promises_only(folder: Path) -> Path:
    return written(folder, plain_opening())


def with_the_clocks_of_the_law(folder: Path) -> Path:
    """The plain opening, jointly handled; its registration may take hearings and appraisals, and promises hours."""
    text = plain_opening()
    text = text.replace("\nquestions:\n", "\nclocks: {joint: true}\n\nquestions:\n", 1)
    text = text.replace("    on_refusal: stop\n", "    on_refusal: stop\n" + PAUSES, 1)
    text = text.replace("\npromised: {amount: 3,", "\npromised: {amount: 5,", 1)
    text = text.replace(PROMISE, PROMISE.replace("1, unit: working_day", "10, unit: working_hour"), 1)
    return written(folder, text)


def with_papers_for_seal_and_tax(folder: Path) -> Path:
    """As above; after the registration, the seal needs the lease, and the tax office articles and appointments."""
    file = with_the_clocks_of_the_law(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    for code, more in (("seal", "premises-lease"), ("tax", "articles, appointment-documents")):
        start = text.index(f"  - code: {code}\n")
        text = text[:start] + text[start:].replace("    materials: [", f"    materials: [{more}, ", 1)
    file.write_text(text, encoding="utf-8")
    return folder


def with_a_lease_that_may_wait(folder: Path) -> Path:
    """The plain opening, whose registration takes three days; its lease may be supplied after acceptance."""
    text = plain_opening()
    text = text.replace(PROMISE, PROMISE.replace("promised: {amount: 1", "promised: {amount: 3"), 1)
    text = text.replace("\npromised: {amount: 3,", "\npromised: {amount: 9,", 1)
    lease = "    name: 房屋租赁合同\n"
    rule = (
        "{at: before_decision, within: {amount: 20, unit: working_day, for: person}, before_promise_days: 1, "
        "missed: terminate, basis: {title: 《当地容缺受理条例》, article: 第九条}}"
    )
    text = text.replace(lease, f"{lease}    due: {rule}\n", 1)
    return written(folder, text)


def with_a_lease_for_the_licence(folder: Path) -> Path:
    """The plain opening; its lease is handed in as the licence is collected."""
    lease = "    name: 房屋租赁合同\n"
    rule = "{at: issue, basis: {title: 《当地办法》, article: 第九条}}"
    whole, examples, proved = plain_opening().partition("\nexamples:")
    later = proved.replace(", premises-lease", "")
    return written(folder, whole.replace(lease, f"{lease}    due: {rule}\n", 1) + examples + later)


def with_a_lease_that_may_be_promised(folder: Path, how: str = "check: all, check_days: 10") -> Path:
    """The plain opening; the applicant may promise that there is a lease."""
    text = plain_opening()
    lease = "    name: 房屋租赁合同\n"
    rule = f"{{{how}, basis: {{title: 当地告知承诺办法, assumed: true}}}}"
    return written(folder, text.replace(lease, f"{lease}    commitment: {rule}\n", 1))


def with_articles_that_serve_again(folder: Path) -> Path:
    """The plain opening; articles of association that were brought within 90 days serve again."""
    text = plain_opening()
    return written(folder, text.replace("  - code: articles\n", "  - code: articles\n    reusable_days: 90\n", 1))


def with_a_licence_of_the_register(folder: Path) -> Path:
    """The plain opening; the licence of an enterprise that invests may be one that this system issued."""
    text = plain_opening()
    material = "  - code: investor-licence\n"
    kind = "    licence: enterprise-opening.registration.business_licence\n"
    return written(folder, text.replace(material, material + kind, 1))


def with_a_registration_by_its_system(folder: Path) -> Path:
    """The plain opening, which the registration authority's own system decides; that has two hours for it. What it
    decides is held against the application, and against the answers."""
    text = plain_opening()
    item, checks = "    name: 企业设立登记\n", "      - must: decision.established_on <="
    when = 'answers.premises == "owned"'
    held = f"      - {{must: decision.uscc != form.company_name, when: '{when}', says: 代码不是名称。, at: [uscc]}}\n"
    assert text.count(checks) == 1
    text = text.replace(checks, held + checks)
    return written(folder, text.replace(item, f"{item}    handling: system\n    patience_minutes: 120\n", 1))


def written(folder: Path, text: str) -> Path:
    place = folder / "catalog" / "enterprise-opening"
    place.mkdir(parents=True)
    (place / "v1.yaml").write_text(text, encoding="utf-8")
    return folder


def with_a_seal_approved_by_silence(folder: Path) -> Path:
    """As above, but nobody has to decide the seal: after its five days it is approved, by what the form says."""
    file = with_the_clocks_of_the_law(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("[company_name, uscc, seal_filing_no, seal_kinds]", "[company_name, seal_kinds]", 1)
    rule = "    overdue: {how: deem_approved, basis: {title: 《测试条例》, article: 第三条}}\n"
    file.write_text(text.replace(SEAL_FALLS, SEAL_FALLS + rule, 1), encoding="utf-8")
    return folder


def with_a_notice(folder: Path) -> Path:
    """As above, and what was registered is announced for five days before a seal is made; after an objection the social
    insurance is told, which nobody else is."""
    file = with_the_clocks_of_the_law(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    periods = (
        "periods:\n"
        "  - {code: public-notice, name: 设立公告, kind: notice, department: amr, after: [registration],\n"
        "     length: {amount: 5, unit: calendar_day, for: person, basis: {title: 《测试条例》, article: 第四条}}}\n"
    )
    text = text.replace("items:\n  - code: registration", f"{periods}items:\n  - code: registration", 1)
    seal = text.index("  - code: seal\n")
    text = text[:seal] + text[seal:].replace("    materials: ", "    after: [public-notice]\n    materials: ", 1)
    file.write_text(text, encoding="utf-8")
    return folder


INSPECTIONS = """\
inspections:
  - code: site
    name: 现场联合查验
    kind: check
    lead: psb
    items: [seal, tax]
    after: [registration]
    slots: {offered: 2, within: {amount: 5, unit: working_day, for: office, basis: assumed}}
    officers: 2
    limit: {amount: 5, unit: working_day, for: office, basis: assumed}
    rectify:
      within: {amount: 10, unit: calendar_day, for: person, basis: assumed}
      rechecks: 1
    basis: [{title: 《测试办法》, article: 第五条}]
"""


def with_an_inspection(folder: Path) -> Path:
    """As with the clocks of the law, and after registration the place is looked at for the seal and by the tax office
    together; social insurance comes after that."""
    file = with_the_clocks_of_the_law(folder) / "catalog" / "enterprise-opening" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("items:\n  - code: registration", f"{INSPECTIONS}items:\n  - code: registration", 1)
    at = text.index("  - code: social-insurance\n")
    text = text[:at] + text[at:].replace("    materials: ", "    after: [site]\n    materials: ", 1)
    text = text.replace("\npromised: {amount: 5,", "\npromised: {amount: 9,", 1)
    file.write_text(text, encoding="utf-8")
    return folder


def task(case_no: str, item: str = "registration") -> str:
    return f"/api/tasks/{case_no}-{item}-1"


async def suspend(town: Town, case_no: str, who: str = "officer.amr", **changes: Any) -> httpx.Response:
    return await town.post(who, f"{task(case_no)}/suspend", HEARING | changes)


async def clocks(town: Town, case_no: str, who: str = "citizen") -> dict[str, dict[str, Any]]:
    answer = await town.get(who, f"/api/cases/{case_no}/clocks")
    assert answer.status_code == 200, answer.text
    return {clock["name"]: clock for clock in answer.json()["items"]}
