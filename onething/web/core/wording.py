"""What services tell programs and people alike, as people read it on pages: codes go, dates stand as everywhere.

The one place that knows how fields of the API are called on pages."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

_WEEKDAYS = "一二三四五六日"
_CODE = r"[a-z][a-z0-9_-]*|[0-9]{6,12}"
_NAMED_CODE = re.compile(rf"(?<![\w./@-])(?:outputs\.)?(?:{_CODE})（([^（）]*[\u4e00-\u9fff][^（）]*)）", re.ASCII)
"""electronic（电子送达）, 330106（西湖区）"""
_CODE_BESIDE = re.compile(rf"（(?:(?:{_CODE})(?:[:：=] ?[A-Za-z0-9_.-]+)?|(?:GET|POST) [^（）]*)）", re.ASCII)
"""“营业执照”（business-licence）, 网上申请（channel: online）"""
_BY_ROUTE = re.compile(r"请用 (?!true\b|false\b)[a-z][a-z_{}/-]* ", re.ASCII)
"""请用 decide 作出决定: on a page that is a button."""
_BY_COMMAND = re.compile(r"（命令行：[^（）]*）")
_FOR_OPERATORS = re.compile(r"(?:要生成 PDF，|缺的多是姓名里的生僻字：)请管理员.*", re.DOTALL)
"""What to install where: nothing that a reader of a page can do."""
_DATE = re.compile(
    r"(?<![\d-])(?<![如是成] )(20\d\d)-(\d\d)-(\d\d)"
    r"(?:[ T](\d\d:\d\d)(?::\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z))?)?(?![\d-])"
)
"""But not where it says how a date is to be written."""
_API_NAME = re.compile(r"(?<![\w./“@-])[a-z][a-z_]+(?![\w./”@:=-])", re.ASCII)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "deferred": "“容缺”",
        "despite": "“还不一致，仍准予”",
        "on_day_off": "“这一天是周末或节假日”",
        "unmet": "“仍未满足”",
        "seen": "“看过”",
        "changes": "“补正改了什么”",
        "found": "“有没有查到”",
        "rule": "“会签的规则”",
        "mode": "“方式”",
        "outcome": "“决定”",
        "outputs": "结果",
        "undone": "“已人工撤销”",
        "countersign": "“会签”",
        "licences": "“查电子证照”",
        "acts": "“可以办什么”",
        "approve": "“准予”",
        "refuse": "“不予”",
        "true": "“是”",
        "false": "“否”",
    }
)
"""Fields and values of the API that sentences name → how the page calls them."""
FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "acts": "受托人可以做什么",
        "address": "地址",
        "agent": "受托人的账户",
        "agree": "是否同意",
        "basis": "依据",
        "code": "凭证码",
        "days": "天数",
        "departments": "征求哪些部门",
        "document": "核对了什么证件",
        "expires_on": "到哪一天为止",
        "found": "查到没有",
        "grade": "总的来说",
        "id_number": "证件号码",
        "id_type": "证件种类",
        "items": "事项",
        "kept": "核查结果",
        "kind": "哪一种",
        "materials": "材料",
        "method": "送达方式",
        "name": "姓名或名称",
        "note": "说明",
        "on": "哪一天",
        "opinion": "意见",
        "outcome": "决定",
        "outlet": "网点",
        "passed": "结论",
        "phone": "手机",
        "place": "地点",
        "presence": "本人是否到场",
        "reason": "理由",
        "revoke": "决定",
        "text": "内容",
        "to": "给谁",
        "types": "送什么",
        "verdict": "这份材料的答复",
        "what": "要怎样",
        "which": "以哪一方为准",
        "why": "为什么",
    }
)
"""What pages call fields that a request has wrongly, or not at all; a definition's own say what they are themselves."""


def in_words(text: str) -> str:
    """A sentence of a service's."""
    text = _FOR_OPERATORS.sub("请过后再试，或到窗口打印；工作人员请告诉系统管理员。", _BY_COMMAND.sub("", text))
    text = _BY_ROUTE.sub("请", text)
    text = _CODE_BESIDE.sub("", _NAMED_CODE.sub(r"\1", text))
    text = _API_NAME.sub(lambda found: _NAMES.get(found[0], found[0]), text)
    return _DATE.sub(_as_day, text)


def _as_day(found: re.Match[str]) -> str:
    try:
        one = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return found[0]
    return month_day(one) + (f" {found[4]}" if found[4] else weekday(one))


def month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    return f"（周{_WEEKDAYS[day.weekday()]}）"
