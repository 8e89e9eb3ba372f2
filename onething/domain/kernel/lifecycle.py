"""The closed tables of what may follow what: statuses of a case, states of an item, and which facts each status allows.

Printed in docs/states-and-moves.md, tested against the API.
"""

from onething.domain.kernel.state import DECIDED, ENDED, CaseStatus, ItemState

S, ITEM = CaseStatus, ItemState

CASE_TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    S.DRAFT: frozenset({S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.CORRECTION, S.ACCEPTED, S.REJECTED, S.WITHDRAWN}),
    S.CORRECTION: frozenset({S.SUBMITTED, S.REJECTED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.PROCESSING, S.WITHDRAWN, S.TERMINATED}),
    S.PROCESSING: frozenset({S.DECIDED, S.WITHDRAWN, S.TERMINATED}),
    S.DECIDED: frozenset({S.DELIVERED}),
    S.DELIVERED: frozenset({S.CLOSED}),
    S.REJECTED: frozenset(),
    S.CLOSED: frozenset({S.PROCESSING}),  # reopened
    S.WITHDRAWN: frozenset(),
    S.TERMINATED: frozenset(),
}

ITEM_TRANSITIONS: dict[ItemState, frozenset[ItemState]] = {
    ITEM.WAITING: frozenset({ITEM.GATHERING, ITEM.OPEN, ITEM.SKIPPED, ITEM.LAPSED}),
    ITEM.GATHERING: frozenset({ITEM.OPEN, ITEM.WAITING, ITEM.SKIPPED, ITEM.LAPSED}),
    ITEM.OPEN: frozenset({ITEM.SUSPENDED, ITEM.CORRECTION, *DECIDED, ITEM.LAPSED, ITEM.WAITING}),
    ITEM.SUSPENDED: frozenset({ITEM.OPEN, ITEM.LAPSED, ITEM.WAITING}),
    ITEM.CORRECTION: frozenset({ITEM.OPEN, *DECIDED, ITEM.LAPSED, ITEM.WAITING}),
    ITEM.APPROVED: frozenset({ITEM.UNDONE, ITEM.OPEN}),
    # back to waiting: the case was reopened
    ITEM.REFUSED: frozenset({ITEM.WAITING}),
    ITEM.NEUTRAL: frozenset({ITEM.WAITING}),
    ITEM.SKIPPED: frozenset({ITEM.WAITING}),
    # approved: by what its system had approved meanwhile, if its department upholds it
    ITEM.LAPSED: frozenset({ITEM.WAITING, ITEM.APPROVED}),
    ITEM.UNDONE: frozenset({ITEM.WAITING}),
}

FACTS_ALLOWED: dict[str, frozenset[CaseStatus]] = {
    "submitted": frozenset({S.DRAFT}),
    "corrections_asked": frozenset({S.SUBMITTED}),
    "supplemented": frozenset({S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING}),
    "papers_received": frozenset(S) - {S.DRAFT, S.REJECTED},  # what was granted may wait for one, however it ended
    "taken_in": frozenset({S.SUBMITTED}),
    "party_confirmed": frozenset({S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING}),
    "party_declined": frozenset({S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING}),
    "accepted": frozenset({S.SUBMITTED}),
    "rejected": frozenset({S.SUBMITTED, S.CORRECTION}),
    "withdrawn": frozenset({S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING}),
    "task_claimed": frozenset({S.PROCESSING}),
    "task_released": frozenset({S.PROCESSING}),
    "task_transferred": frozenset({S.PROCESSING}),
    "item_decided": frozenset({S.PROCESSING}),
    "undone_by_hand": frozenset(S) - {S.DRAFT},
    "item_corrections_asked": frozenset({S.PROCESSING}),
    "demand_taken_back": frozenset({S.PROCESSING}),
    "clock_suspended": frozenset({S.PROCESSING}),
    "clock_resumed": frozenset({S.PROCESSING}),
    "clock_extended": frozenset({S.ACCEPTED, S.PROCESSING}),
    "urged": frozenset({S.ACCEPTED, S.PROCESSING}),
    "urge_answered": frozenset({S.ACCEPTED, S.PROCESSING}),
    "supervised": frozenset({S.ACCEPTED, S.PROCESSING}),
    "supervision_answered": frozenset({S.ACCEPTED, S.PROCESSING}),
    "commitment_checked": frozenset({S.PROCESSING, S.DECIDED, S.DELIVERED, *ENDED}),
    "review_asked": frozenset({S.PROCESSING, S.DELIVERED, *ENDED}),
    "revocation_decided": frozenset({S.PROCESSING, S.DELIVERED, *ENDED}),  # not while certificates are made
    "certificate_reissued": frozenset({S.PROCESSING, S.DELIVERED, *ENDED}),  # what was granted stands, however it ended
    "discrepancy_resolved": frozenset(
        {S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING, S.DECIDED, S.DELIVERED, S.CLOSED}
    ),
    "looked_by_hand": frozenset({S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING}),
    "case_reopened": frozenset({S.CLOSED}),
    "rated": ENDED,
    # rated before it was reopened
    "rating_contacted": frozenset({S.PROCESSING, S.DECIDED, S.DELIVERED, *ENDED}),
    "rating_rectified": frozenset({S.PROCESSING, S.DECIDED, S.DELIVERED, *ENDED}),
    "consult_asked": frozenset({S.PROCESSING}),
    "consult_answered": frozenset({S.PROCESSING}),
    "consult_taken_back": frozenset({S.PROCESSING}),
    "inspection_appointed": frozenset({S.PROCESSING}),
    "inspection_moved": frozenset({S.PROCESSING}),
    "inspection_concluded": frozenset({S.PROCESSING}),
    "days_offered": frozenset({S.PROCESSING}),
    "day_chosen": frozenset({S.PROCESSING}),
    "day_set": frozenset({S.PROCESSING}),
    "part_recorded": frozenset({S.PROCESSING}),
    "inspection_closed": frozenset({S.PROCESSING}),
    "points_rectified": frozenset({S.PROCESSING}),
    "notice_objected": frozenset({S.PROCESSING}),
    "outside_reported": frozenset({S.PROCESSING}),
    "look_up_retried": frozenset({S.SUBMITTED, S.CORRECTION, S.ACCEPTED, S.PROCESSING}),
    "calendar_changed": frozenset(S) - {S.DRAFT},
    "item_reassigned": frozenset(S) - {S.DRAFT},
    "item_returned": frozenset({S.PROCESSING}),
    # until acceptance it is said with a supplement
    "delivery_chosen": frozenset({S.ACCEPTED, S.PROCESSING, S.DECIDED, S.DELIVERED}),
    "letter_delivered": frozenset(S) - {S.DRAFT},
}
"""Fact → statuses of the case in which it may be said. Outcomes and moments are always taken."""


STATUS_NAMES: dict[CaseStatus, str] = {
    S.DRAFT: "草稿",
    S.SUBMITTED: "已提交",
    S.CORRECTION: "待补正",
    S.ACCEPTED: "已受理",
    S.REJECTED: "不予受理",
    S.PROCESSING: "办理中",
    S.DECIDED: "已办结",
    S.DELIVERED: "已送达",
    S.CLOSED: "已归档",
    S.WITHDRAWN: "已撤回",
    S.TERMINATED: "已终止",
}

ITEM_STATE_NAMES: dict[ItemState, str] = {
    ITEM.WAITING: "等待前置事项",
    ITEM.GATHERING: "等待材料或数据",
    ITEM.OPEN: "办理中",
    ITEM.SUSPENDED: "已中止",
    ITEM.CORRECTION: "待补正",
    ITEM.APPROVED: "准予",
    ITEM.REFUSED: "不予",
    ITEM.NEUTRAL: "已有结果",
    ITEM.LAPSED: "未作决定",
    ITEM.SKIPPED: "不再办理",
    ITEM.UNDONE: "已撤销",
}
