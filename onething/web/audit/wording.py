"""What auditors read of a line of the access log: acts, roles and what came of it, in words instead of codes."""

from collections.abc import Mapping
from types import MappingProxyType

from onething.security.policy import ROLE_NAMES
from onething.services.audit.schemas import AccessView
from onething.services.core.refusals import ALARM

ACT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "view_case": "查看办件",
        "view_personal": "查看办件里的个人信息",
        "view_timeline": "查看办件经过",
        "view_documents": "查看文书和证照",
        "download_material": "打开材料文件",
        "view_deliveries": "查看送达情况",
        "list_cases": "看办件列表",
        "search_cases": "查找办件",
        "list_tasks": "看待办列表",
        "search_tasks": "查找待办",
        "view_task": "查看待办",
        "read_note": "看内部备注",
        "write_note": "写内部备注",
        "list_saved_views": "看保存的视图",
        "save_view": "保存或删除视图",
        "list_phrases": "看常用语",
        "save_phrase": "保存或删除常用语",
        "view_at_systems": "看业务系统在办的事项",
        "search_licences": "查询电子证照",
        "create_case": "开始申请",
        "edit_draft": "填写草稿",
        "delete_draft": "删除草稿",
        "reissue_code": "更换查询码",
        "submit": "提交申请",
        "supplement": "补正",
        "withdraw": "撤回申请",
        "upload_material": "上传材料",
        "receive_paper": "收取纸质件",
        "choose_delivery": "改送达方式",
        "reuse_material": "再用以前交过的材料",
        "rate": "评价",
        "rate_visit": "凭评价码评价一次到访",
        "view_visit_code": "给出到访的评价码",
        "contact_after_visit": "登记到访差评的回访",
        "rectify_after_visit": "登记到访差评的整改",
        "give_mandate": "登记委托",
        "view_mandates": "查看委托",
        "revoke_mandate": "撤销委托",
        "confirm_prefill": "查看或确认预填的申请",
        "ask_precheck": "请窗口看一眼",
        "take_back_precheck": "不再请窗口看",
        "view_precheck": "打开请窗口看的草稿",
        "list_prechecks": "看请窗口看的草稿列表",
        "answer_precheck": "答复请窗口看的草稿",
        "take_over_draft": "在窗口接着办理草稿",
        "accept": "受理",
        "reject": "不予受理",
        "ask_corrections": "一次性告知补正",
        "record_delivery": "登记送达",
        "claim": "认领待办",
        "release": "放回待办",
        "transfer": "转交待办",
        "decide": "作出决定",
        "send_back": "退回前一事项",
        "fetch_orders": "部门业务系统取件",
        "ask_item_corrections": "要求补正",
        "take_back_demand": "撤回补正要求",
        "retry_look_up": "重新查询数据",
        "check_commitment": "登记承诺核查结果",
        "ask_review": "请求复核",
        "record_period": "登记公告异议、完成情况",
        "offer_days": "提供查验日期",
        "choose_day": "选查验日期",
        "set_day": "确定查验日期",
        "record_part": "登记查验结果",
        "close_inspection": "汇总整改清单",
        "report_rectified": "报告已整改",
        "decide_revocation": "决定是否撤销",
        "reissue_certificate": "更正、补发、换发证照",
        "reopen_case": "恢复办理",
        "resolve_discrepancy": "核实不一致的数据",
        "look_by_hand": "人工核查",
        "consult": "征求意见、会签",
        "take_back_consult": "撤回征求",
        "give_opinion": "答复征求",
        "appoint_inspection": "安排联合踏勘",
        "move_inspection": "踏勘改期",
        "conclude_inspection": "登记踏勘结论",
        "suspend": "中止计时",
        "resume": "恢复计时",
        "extend_item": "延长事项期限",
        "extend_case": "延长办件期限",
        "urge": "催办",
        "answer_urge": "答复催办",
        "supervise": "督办",
        "answer_supervision": "答复督办",
        "view_reminders": "看催办和督办",
        "contact_after_rating": "登记差评回访",
        "rectify_after_rating": "登记差评整改",
        "view_ratings": "看好差评",
        "view_credit_notes": "看失信记录",
        "view_measures": "看督办指标",
        "record_outcome": "系统记录办理结果",
        "add_subscription": "新增订阅",
        "rotate_subscription": "更换订阅密钥",
        "redeliver_subscription": "重新送达订阅",
        "operate": "系统维护",
        "view_access_log": "查阅访问日志",
        "sign_in": "登录",
        "sign_out": "退出或结束登录",
        "lock_out": "停用账户",
        "unlock": "恢复账户",
        "view_lockouts": "看停用的账户",
        "view_personal_notices": "看告知本人的事项",
        "view_own_access": "看谁查过自己",
        "progress": "凭查询码查进度",
        "end_person": "记录去世的申报和登记",
        "verify_journal": "核对流水",
        "limit": "超过限流",
        "authenticate": "身份核对不通过",
        "signed_call": "签名核对不通过",
    }
)
"""What stands in the log → words; what people look for first stands first."""

OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "done": "做了",
        ALARM: "报警",
        "not_permitted": "没有权限",
        "not_found": "没有找到",
        "wrong_credentials": "口令不对",
        "too_many_requests": "过于频繁",
    }
)
_ROLES = {str(role): name for role, name in ROLE_NAMES.items()} | {"public": "没有登录的人", "source": "数据源"}


def act_words(line: AccessView) -> str:
    return ACT_NAMES.get(line.act, line.act)


def outcome_words(line: AccessView) -> str:
    """Nothing of what was done."""
    if line.outcome in ("done", ALARM):
        return "" if line.outcome == "done" else OUTCOME_NAMES[ALARM]
    return f"没有让做（{OUTCOME_NAMES.get(line.outcome, line.outcome)}）"


def role_words(line: AccessView) -> str:
    return _ROLES.get(line.role, line.role)


WORDS = {
    "act_names": ACT_NAMES,
    "act_words": act_words,
    "outcome_names": OUTCOME_NAMES,
    "outcome_words": outcome_words,
    "role_words": role_words,
}
"""For the pages."""
