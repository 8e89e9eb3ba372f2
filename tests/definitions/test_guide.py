"""一次告知: who needs what and why, what is saved, and by when."""

from datetime import datetime
from pathlib import Path

import pytest

from definitions.commands import lines_of
from definitions.guide import MaterialDemand, guide
from definitions.lint import lint
from definitions.loader import load_catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.errors import InvalidInput
from tests.definitions.support import changed, folder_with

CATALOG = load_catalog()
OPENING = CATALOG.latest["enterprise-opening"]
BEFORE_NEW_YEAR = datetime(2026, 2, 12, 10, 0, tzinfo=LOCAL)


def test_materials_say_which_papers_will_do_in_what_form_and_how_old(tmp_path: Path) -> None:
    written = (
        "name: 旧证, kept_as: original, one_of: [旧证, 旧照], copies: 2, issued_by: 公安机关, given_up: true, "
        "lost: 交遗失声明, not_older_than: {amount: 3, unit: month, basis: {title: 《办法》, article: 第四条}}, basis"
    )
    catalog = load_catalog(folder_with(tmp_path, changed("name: 申请书, basis", written)))
    assert lint(catalog) == []
    letter = next(
        one for one in guide(catalog, catalog.latest["small"], {"extra": True}).materials if one.code == "letter"
    )
    assert letter.how == (
        "下列材料任选其一：旧证、旧照",
        "交原件",
        "2 份",
        "由公安机关出具",
        "出具时间在3个月以内",
        "办成后收回",
        "遗失的：交遗失声明",
    )
    assert letter.kept_as == "original"
    plain = next(one for one in guide(catalog, catalog.latest["small"], {}).materials if one.code == "id-copy")
    assert plain.how == ()


def test_materials_say_who_needs_them_why_and_where_they_come_from() -> None:
    told = guide(CATALOG, OPENING, {"company_type": "llc", "premises": "rented", "investors": "both"})
    materials = {material.code: material for material in told.materials}
    articles = materials["articles"]
    assert (articles.asked, articles.needed_by, articles.from_where) == (
        MaterialDemand.NOW,
        ("registration",),
        "由您提供",
    )
    assert "《中华人民共和国公司法》" in articles.why
    assert materials["investor-licence-copy"].asked is MaterialDemand.IF_SOURCE_FAILS
    licence = materials["business-licence"]
    assert licence.asked is MaterialDemand.NEVER
    assert licence.needed_by == ("seal", "tax", "social-insurance", "housing-fund", "bank")
    assert licence.from_where == "“企业设立登记”办结后自动流转，无需提供"
    assert "市场监督管理局" in materials["investor-licence"].from_where
    assert licence.accepts == ()


def test_what_is_saved_is_counted_against_handling_each_item_alone() -> None:
    told = guide(CATALOG, OPENING, {"company_type": "sole_proprietorship", "premises": "owned", "services": ["tax"]})
    # registration: name, identity, address records; tax: the licence
    assert (told.saved.materials_alone, told.saved.materials_here) == (4, 0)
    assert (told.saved.forms_alone, told.saved.forms_here) == (2, 1)
    assert (told.saved.trips_alone, told.saved.trips_here) == (4, 0)
    assert told.saved.fields_here == len(told.form) < told.saved.fields_alone


def test_expected_dates_follow_the_order_of_the_items() -> None:
    told = guide(CATALOG, OPENING, {"company_type": "llc", "premises": "owned"}, BEFORE_NEW_YEAR)
    assert told.expected is not None
    due = {code: at.astimezone(LOCAL).strftime("%m-%d %H:%M") for code, at in told.expected.items.items()}
    assert due["registration"] == "02-13 17:30"
    assert due["tax"] == "02-14 17:30"  # a Saturday that is worked
    assert due["bank"] == "02-24 17:30"
    assert told.expected.due_at.astimezone(LOCAL).strftime("%m-%d %H:%M") == "02-24 17:30"
    assert not told.expected.provisional
    late = datetime(2026, 12, 30, 10, 0, tzinfo=LOCAL)
    after = guide(CATALOG, OPENING, {"company_type": "llc", "premises": "owned"}, late).expected
    assert after is not None
    assert after.provisional
    assert "暂定" in after.text


def test_a_promise_counts_from_acceptance_and_a_date_says_what_it_assumes() -> None:
    """Asked on a Sunday night: nobody accepts before Monday at nine, which is the day of the event."""
    answers = {"company_type": "llc", "premises": "owned"}
    told = guide(CATALOG, OPENING, answers, datetime(2026, 3, 1, 22, 0, tzinfo=LOCAL))
    assert told.within == "受理后3个工作日"
    within = {item.code: item.within for item in told.items}
    assert (within["registration"], within["tax"]) == ("受理后1个工作日", "前置事项办结后1个工作日")
    assert told.expected is not None
    assert told.expected.if_accepted_at.astimezone(LOCAL).isoformat() == "2026-03-02T09:00:00+08:00"
    assert told.expected.text == "如果 2026-03-02 09:00 受理，承诺 2026-03-05 17:30 前办结"
    assert guide(CATALOG, OPENING, answers).expected is None
    noon = guide(CATALOG, OPENING, answers, datetime(2026, 3, 2, 12, 30, tzinfo=LOCAL)).expected
    assert noon is not None
    assert noon.if_accepted_at.astimezone(LOCAL).hour == 13


def test_fees_of_the_situation_only() -> None:
    transport = CATALOG.latest["transport-business"]
    assert guide(CATALOG, transport, {}).total_fen == 1500
    bought = guide(CATALOG, transport, {"vehicle": "purchased"})
    assert bought.total_fen == 11500
    assert all("第八十一条" in fee.basis for fee in bought.fees), "行政许可法 58: by a law alone"


def test_wrong_answers_are_refused() -> None:
    with pytest.raises(InvalidInput):
        guide(CATALOG, OPENING, {})


@pytest.mark.parametrize("bundle", CATALOG.bundles.values(), ids=lambda bundle: bundle.ref)
def test_it_can_be_read_and_sent(bundle: BundleDefinition) -> None:
    for example in bundle.examples:
        told = guide(CATALOG, bundle, example.answers, BEFORE_NEW_YEAR)
        assert type(told).model_validate_json(told.model_dump_json()) == told
        text = "\n".join(lines_of(told))
        assert all(item.name in text and item.department_name in text for item in told.items)
        assert all(material.why or material.asked is MaterialDemand.NEVER for material in told.materials)
        assert told.expected is not None
        assert all(at <= told.expected.due_at for at in told.expected.items.values())
