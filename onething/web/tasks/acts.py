"""What acts are called on the pages of departments, and what each brings in law, which is said before it is done.

Whether one is there at all, and why not, is told by the service with each task and case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class ActWords:
    """`path`: the end of its page's address. `effect`: what it brings. `done`: what is said afterwards. `panel`: the
    template of its fields; none: it takes no more than a press. `ends`: nothing is left to do here afterwards."""

    act: str
    path: str
    verb: str
    effect: str
    done: str
    panel: str | None = None
    ends: bool = False


def by_act(*words: ActWords) -> Mapping[str, ActWords]:
    """Act → its words, in this order on the pages."""
    return MappingProxyType({one.act: one for one in words})


RETRY_LOOK_UP = ActWords(
    "retry_look_up",
    "retry",
    "再次查询数据",
    "马上再问一次数据源，十分钟内只能问一次；有没有答复，看办件经过。",
    "已再次查询",
    "lookups/panel_retry.html",
)
AFTER_RATING = (
    ActWords(
        "contact_after_rating",
        "contact",
        "登记差评回访",
        "写明联系了谁、说了什么；看得到评价的人都会看到。",
        "回访已登记",
        "followup/panel_after_rating.html",
    ),
    ActWords(
        "rectify_after_rating",
        "rectify",
        "登记差评整改",
        "写明怎样改正；看得到评价的人都会看到。",
        "整改已登记",
        "followup/panel_after_rating.html",
    ),
)
"""Of offices and of who supervises them alike."""

TASK_ACTS: Mapping[str, ActWords] = by_act(
    ActWords(
        "decide",
        "decide",
        "作出决定",
        "决定作出后立即生效并通知申请人，不能在这里收回；不予办理的，告知书写明理由、依据和救济途径。",
        "决定已记录",
        "decisions/panel_decide.html",
        ends=True,
    ),
    ActWords(
        "give_opinion",
        "answer",
        "答复",
        "答复后由承办部门据此决定，不能再改。",
        "答复已记录",
        "consults/panel_answer.html",
        ends=True,
    ),
    ActWords(
        "resolve_discrepancy",
        "resolve",
        "登记核实结果",
        "各承办部门按您核实的结果办理；您写的说明，看得到这些数据的部门都会看到。",
        "核实结果已记录",
        "discrepancies/panel_resolve.html",
        ends=True,
    ),
    ActWords(
        "look_by_hand",
        "look-up",
        "登记核查结果",
        "登记的记录与数据源给出的同样使用；查无此记录的，按这件事规定的办法继续。",
        "核查结果已记录",
        "lookups/panel_look_up.html",
        ends=True,
    ),
    ActWords(
        "decide_revocation",
        "revoke",
        "决定是否撤销",
        "撤销的，申请人会收到决定书，写明理由和救济途径；维持的，原来的决定继续有效。",
        "决定已记录",
        "undo/panel_revoke.html",
        ends=True,
    ),
    ActWords("claim", "claim", "认领", "认领后由您办理，同事不能决定；期限照常计算。", "已认领"),
    ActWords("release", "release", "放回", "放回后同事可以认领；期限照常计算。", "已放回"),
    ActWords(
        "transfer",
        "transfer",
        "转交同事",
        "转交后由这位同事办理；期限照常计算。",
        "已转交",
        "tasks/panel_transfer.html",
    ),
    ActWords(
        "ask_item_corrections",
        "correction",
        "要求补正",
        "承诺期限等待，法定期限照常计算；申请人会收到补正告知书，写明要补什么、为什么。",
        "补正要求已发出",
        "items/panel_correction.html",
    ),
    ActWords(
        "take_back_demand",
        "correction/withdraw",
        "撤回补正要求",
        "按现有材料继续办理，承诺期限接着计算；申请人会收到告知。",
        "补正要求已撤回",
        "items/panel_take_back.html",
    ),
    ActWords(
        "suspend",
        "suspend",
        "中止计时",
        "中止期间承诺期限不计；依法律条款须办的程序，法定期限也不计，恢复后顺延。须书面告知申请人，理由写在告知书里。",
        "已中止计时",
        "deadlines/panel_suspend.html",
    ),
    ActWords("resume", "resume", "恢复计时", "从中止时余下的时间接着计算。", "已恢复计时"),
    ActWords(
        "extend_item",
        "extend",
        "延长期限",
        "须经条款写明的负责人批准，一个事项只能延长一次，以法律写明的天数为限；理由会告知申请人。",
        "期限已延长",
        "deadlines/panel_extend.html",
    ),
    ActWords(
        "consult",
        "consult",
        "征求意见、会签",
        "被征求的部门会收到待办；本事项的期限照常计算。会签的，准予以其同意为前提。",
        "已发出征求",
        "consults/panel_consult.html",
    ),
    ActWords(
        "take_back_consult",
        "consult/withdraw",
        "撤回征求",
        "还没有答复的部门不再需要答复，会看到撤回的理由。",
        "征求已撤回",
        "consults/panel_take_back.html",
    ),
    ActWords(
        "appoint_inspection",
        "inspect",
        "安排联合踏勘",
        "各事项的部门一起到现场一次；申请人会收到日期。期限不因此停止，需要停止的另行中止计时。",
        "联合踏勘已安排",
        "inspections/panel_appoint.html",
    ),
    ActWords(
        "move_inspection",
        "inspect/move",
        "踏勘改期",
        "各部门和申请人都会收到新的日期。",
        "联合踏勘已改期",
        "inspections/panel_move.html",
    ),
    ActWords(
        "conclude_inspection",
        "conclude",
        "登记踏勘结论",
        "结论只关系到本事项；已中止计时的，请另行恢复。",
        "踏勘结论已记录",
        "inspections/panel_conclude.html",
    ),
    ActWords(
        "send_back",
        "return",
        "退回前一事项",
        "前一事项由其部门重新办理，原来的决定不再作数；需要它的事项等待。",
        "已退回前一事项",
        "items/panel_return.html",
        ends=True,
    ),
)
CASE_ACTS: Mapping[str, ActWords] = by_act(
    ActWords(
        "answer_urge",
        "answer-urge",
        "答复催办",
        "答复会告知申请人，写了就不能再改。",
        "催办已答复",
        "followup/panel_answer_urge.html",
    ),
    ActWords(
        "answer_supervision",
        "answer-supervision",
        "答复督办",
        "答复由督办员阅看，写了就不能再改。",
        "督办已答复",
        "followup/panel_answer_supervision.html",
    ),
    ActWords(
        "check_commitment",
        "check",
        "登记承诺核查结果",
        "不实的，依承诺作出决定的部门会收到是否撤销的待办，可以改正的先由申请人改正；属实的，承诺即告核实。",
        "核查结果已记录",
        "commitments/panel_check.html",
    ),
    ActWords(
        "ask_review",
        "review",
        "请求复核",
        "作出决定的部门会收到待办，决定维持还是撤销；在此之前原来的决定继续有效。",
        "复核请求已发出",
        "undo/panel_review.html",
    ),
    ActWords(
        "receive_paper",
        "papers",
        "收取纸质件",
        "收到的登记为已收到，等它的事项接着办理；申请人会在办件里看到。",
        "纸质件已登记收到",
        "materials/panel_receive.html",
    ),
    ActWords(
        "record_period",
        "period",
        "登记公告异议、完成情况",
        "公告期间有人依法提出异议的，公告到此为止，须待期满的事项不再办理；约定的事完成的，其后的事项接着办理。",
        "已登记",
        "periods/panel_record.html",
    ),
    ActWords(
        "offer_days",
        "inspection-days",
        "提供查验日期",
        "申请人会收到告知，从中选一个；都不合适的，由牵头部门另行确定。",
        "日期已提供",
        "inspections/panel_days.html",
    ),
    ActWords(
        "set_day",
        "inspection-day",
        "确定查验日期、改期",
        "申请人会收到新的日期；各部门都在这一天到场，没有登记结果的按未到场处理。",
        "日期已确定",
        "inspections/panel_day.html",
    ),
    ActWords(
        "record_part",
        "inspection-part",
        "登记查验结果",
        "只关系到本部门的事项：通过的可以作出决定；有问题的，汇入牵头部门的一张清单，复验只看这些问题。",
        "查验结果已登记",
        "inspections/panel_part.html",
    ),
    ActWords(
        "close_inspection",
        "inspection-list",
        "汇总整改清单",
        "各部门的问题合成一张清单，一次告知申请人；整改期间，有问题的事项承诺期限不计。",
        "清单已告知申请人",
        "inspections/panel_list.html",
    ),
    RETRY_LOOK_UP,
    ActWords(
        "reissue_certificate",
        "reissue",
        "更正、补发、换发证照",
        "原证照作废，重新签发；申请人会收到告知，据此办理的部门会看到更正的内容。",
        "已重新签发",
        "reissue/panel_reissue.html",
    ),
)
"""Of those on a case."""

MAIN: Mapping[str, str] = MappingProxyType(
    {
        "decide": "decide",
        "undo": "decide",
        "consult": "give_opinion",
        "discrepancy": "resolve_discrepancy",
        "manual_check": "look_by_hand",
        "revoke": "decide_revocation",
    }
)
"""Kind of task → what it is there for. A check of a promise is recorded with its case."""
