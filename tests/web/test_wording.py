"""What services tell programs and people alike is read by people without codes, and with dates as everywhere."""

import re
from pathlib import Path

import pytest

from onething.web.core.wording import in_words
from tests.api import acts
from tests.api.town import Town
from tests.web.visitor import Visitor

TEMPLATES = Path(__file__).parents[2] / "onething" / "web"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("可以写的有：electronic（电子送达）、mail（邮寄）。", "可以写的有：电子送达、邮寄。"),
        ("可以写的有：330106004（文新街道）、330100（杭州市）。", "可以写的有：文新街道、杭州市。"),
        ("可以写的有：outputs.uscc（统一社会信用代码）。", "可以写的有：统一社会信用代码。"),
        ("缺少材料“营业执照”（business-licence），请交来。", "缺少材料“营业执照”，请交来。"),
        ("综合窗口只收本地区（330100）的申请。", "综合窗口只收本地区的申请。"),
        ("网上申请（channel: online）没有收件网点。", "网上申请没有收件网点。"),
        ("在综合窗口登记（POST /api/mandates，acts 写 licences）。", "在综合窗口登记。"),
        ("这是办理事项的待办，请用 decide 作出决定。", "这是办理事项的待办，请作出决定。"),
        ("请用 commitments/{material}/check 登记核查结果。", "请登记核查结果。"),
        (
            "还缺租约：可以容缺受理的请列入 deferred，否则请先告知补正。",
            "还缺租约：可以容缺受理的请列入 “容缺”，否则请先告知补正。",
        ),
        ("请用 true 或 false 表示是或否。", "请用 “是” 或 “否” 表示是或否。"),
        ("承诺期限，至 2026-12-01 17:30", "承诺期限，至 12月1日 17:30"),
        ("2026-12-01前答复", "12月1日（周二）前答复"),
        ("2026-03-02T09:00:00+08:00 决定", "3月2日 09:00 决定"),
        (
            "文字可以查阅（命令行：onething case documents 编号）。要生成 PDF，请管理员安装中文字库：apt install。",
            "文字可以查阅。请过后再试，或到窗口打印；工作人员请告诉系统管理员。",
        ),
        # what people have to write, or have written
        ("须是 2026-01-31 这样的日期", "须是 2026-01-31 这样的日期"),
        ("日期请写成 2026-01-31 这样", "日期请写成 2026-01-31 这样"),
        ("photo.jpg（HEIC 转成的 JPEG）太大", "photo.jpg（HEIC 转成的 JPEG）太大"),
        ("账户 officer.amr（市场监督管理局）", "账户 officer.amr（市场监督管理局）"),
        ("PDF（电子件）", "PDF（电子件）"),
        ("编号 33010020261201000017", "编号 33010020261201000017"),
        ("“企业开办”（330100202603020000015）", "“企业开办”（330100202603020000015）"),
    ],
)
def test_a_sentence_as_people_read_it(told: str, read: str) -> None:
    assert in_words(told) == read


def test_templates_read_services_sentences_in_words() -> None:
    plain = re.compile(r"\{\{ [\w.]+\.(?:why|why_not|explain|remedy)(?: or '')? \}\}")
    found = [
        f"{file.name}: {one}" for file in TEMPLATES.rglob("*.html") for one in plain.findall(file.read_text("utf-8"))
    ]
    assert not found, "such sentences hold codes for programs: | in_words"


async def test_no_page_of_a_case_or_task_dates_in_two_ways(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    for account, pages in {
        "citizen": (f"/my/cases/{case_no}", f"/progress/{case_no}"),
        "counter": (f"/counter/cases/{case_no}", f"/counter/receipt/{case_no}"),
        "officer.amr": (
            f"/work/cases/{case_no}",
            f"/work/tasks/{case_no}-registration-1?tab=clocks",
            f"/work/tasks/{case_no}-registration-1?tab=timeline",
        ),
        "supervisor": (f"/supervise/cases/{case_no}", "/supervise/cases", "/supervise"),
    }.items():
        async with Visitor(town) as visitor:
            await visitor.sign_in(account)
            for path in pages:
                page = await visitor.get(path)
                shown = re.sub(r"<[^>]+>", " ", page.text)
                assert not re.findall(r"20\d\d-\d\d-\d\d", shown), path
                assert "3月" in shown or page.status_code != 200, path


async def test_an_error_on_a_page_names_no_code(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    async with Visitor(town) as citizen:
        await citizen.sign_in("citizen")
        page = await citizen.get(f"/my/cases/{case_no}/delivery")
        refused = await citizen.send(page, f"/my/cases/{case_no}/delivery", {"/method": "pigeon"})
        assert refused.status_code == 422
        assert "电子送达" in refused.text
        assert "electronic（" not in refused.text
