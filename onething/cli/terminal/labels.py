"""Words for codes that people read, where the API gives the code only."""

from collections.abc import Mapping
from typing import Any

from onething.domain.identity import ID_NAMES
from onething.domain.kernel.lifecycle import ITEM_STATE_NAMES, STATUS_NAMES
from onething.domain.kernel.state import CaseStatus, ItemState

PAPERS = {kind.value: name for kind, name in ID_NAMES.items()}
PAPERS_HELP = f"证件种类：{'、'.join(f'{code} {name}' for code, name in PAPERS.items())}。"
ROLES = {
    "citizen": "申请人",
    "agent": "帮办员",
    "counter": "综合窗口",
    "officer": "经办人",
    "leader": "负责人",
    "supervisor": "督办员",
    "worker": "系统",
    "department_system": "业务系统",
    "source": "数据源",
}
RESULTS = {
    "undone": "已人工撤销",
    "answered": "已答复",
    "agreed": "同意",
    "disagreed": "不同意",
    "kept": "属实",
    "broken": "不实",
    "resolved": "已核实",
    "matched": "已一致",
    "revoked": "已撤销",
    "upheld": "不撤销",
    "found": "查到记录",
    "not_found": "查无此记录",
    "returned": "退回",
    "taken_back": "已撤回",
    "lapsed": "未作决定",
}
TASK_KINDS = {
    "decide": "审批",
    "undo": "撤销",
    "consult": "征求意见",
    "check": "核查承诺",
    "discrepancy": "核实数据",
    "revoke": "是否撤销",
    "manual_check": "人工核查",
}
TASK_FLAGS = {
    "urged": "有催办",
    "supervised": "督办",
    "correction_open": "等补正",
    "correction_answered": "补正已回",
    "returned": "曾退回",
    "discrepancy": "数据不一致",
    "suspended": "已中止",
}
TASK_VIEWS = {
    "mine": "我的",
    "due_today": "今天到期",
    "unclaimed": "未认领",
    "urged": "被催办",
    "suspended": "已中止",
    "overdue": "已超期",
    "all": "全部",
}
ACTS = {
    "delete_draft": "删除草稿",
    "receive_paper": "收取纸质件",
    "choose_delivery": "改变送达方式",
    "record_delivery": "登记送达",
    "ask_review": "请求复核",
    "record_period": "登记公告异议、完成情况",
    "offer_days": "提供查验日期",
    "choose_day": "选查验日期",
    "set_day": "确定查验日期",
    "record_part": "登记查验结果",
    "close_inspection": "汇总整改清单",
    "report_rectified": "报告已整改",
    "take_back_demand": "撤回补正要求",
    "take_back_consult": "撤回征求",
    "edit_draft": "修改草稿",
    "ask_precheck": "来前请窗口看一眼",
    "submit": "提交",
    "reissue_code": "换查询码",
    "upload_material": "上传材料",
    "supplement": "补正、补充",
    "withdraw": "撤回",
    "rate": "评价",
    "accept": "受理",
    "reject": "不予受理",
    "ask_corrections": "要求补正",
    "retry_look_up": "再次查询数据",
    "check_commitment": "核查承诺",
    "extend_case": "延长整个办件的期限",
    "urge": "催办",
    "answer_urge": "答复催办",
    "supervise": "督办",
    "answer_supervision": "答复督办",
    "contact_after_rating": "差评回访",
    "rectify_after_rating": "差评整改",
    "claim": "认领",
    "release": "放回",
    "transfer": "转交",
    "decide": "决定",
    "send_back": "退回前一事项",
    "ask_item_corrections": "要求补正",
    "decide_revocation": "决定是否撤销",
    "reissue_certificate": "更正、补发证照",
    "reopen_case": "重新办理",
    "resolve_discrepancy": "登记核实结果",
    "look_by_hand": "登记人工核查",
    "consult": "征求意见、会签",
    "give_opinion": "答复意见",
    "appoint_inspection": "安排联合踏勘",
    "move_inspection": "踏勘改期",
    "conclude_inspection": "登记踏勘结论",
    "suspend": "中止计时",
    "resume": "恢复计时",
    "extend_item": "延长期限",
}
FIELD_TYPES: Mapping[str | None, str] = {
    "text": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "date": "日期，如 2026-03-02",
}
MATERIAL_FORMS = {"paper": "纸质", "file": "文件"}
CHANNELS = {"online": "网上", "phone": "掌上", "counter": "窗口", "agent": "帮办", "event": "事件"}
UNITS = {
    "working_day": "个工作日",
    "working_hour": "个工作小时",
    "calendar_day": "个自然日",
    "month": "个月",
    "year": "年",
}
CLOCK_STATES = {
    "running": "正在计时",
    "suspended": "[yellow]已中止[/yellow]",
    "met": "[green]按时办结[/green]",
    "overdue": "[red]已超期[/red]",
    "missed": "[red]超期办结[/red]",
    "cancelled": "[dim]已取消[/dim]",
}
ENDED = frozenset({"rejected", "closed", "withdrawn", "terminated"})
STATUS_STYLES = {
    "closed": "green",
    "terminated": "red",
    "rejected": "red",
    "withdrawn": "yellow",
    "correction": "yellow",
}
STATE_STYLES = {
    "approved": "green",
    "open": "cyan",
    "suspended": "yellow",
    "refused": "red",
    "undone": "yellow",
    "lapsed": "dim",
    "skipped": "dim",
}


def status(code: str) -> str:
    """A case status in Chinese, coloured by rich markup."""
    name = STATUS_NAMES[CaseStatus(code)] if code in set(CaseStatus) else code
    return _coloured(name, STATUS_STYLES.get(code))


def state(code: str, outcome: str | None = None) -> str:
    """An item state in Chinese, coloured by rich markup; `outcome`: how it ended, in its own words."""
    name = outcome or (ITEM_STATE_NAMES[ItemState(code)] if code in set(ItemState) else code)
    return _coloured(name, STATE_STYLES.get(code))


def who(entry: Mapping[str, Any], departments: Mapping[str, str]) -> str:
    """Who said or did what a timeline entry tells; `departments`: code → name."""
    role, department = entry.get("role"), entry.get("department")
    name = ROLES.get(role or "", role or "系统")
    known = entry.get("department_name") or departments.get(department or "", department)
    return f"{known}{name}" if department else name


def _coloured(text: str, style: str | None) -> str:
    return f"[{style}]{text}[/{style}]" if style else text
