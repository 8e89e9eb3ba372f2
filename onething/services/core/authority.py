"""By what right somebody submits: as the applicant, under the applicant's mandate, or as the counter that saw them.

Who only knows a person's number has no right in their name: they may write a draft, which the person confirms.
"""

from collections.abc import Iterator

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, require_valid
from onething.domain.identity import ID_NAMES, IdType, same_holder
from onething.domain.principal import Principal, Role
from onething.security.policy import Act, NotPermitted, at_outlet
from onething.services.application.schemas import Application
from onething.services.core.access import act_under_mandate
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import ended_persons

_NO_MORE = (
    "这个证件号码的户口已登记注销，不能再以其名义申请或委托。登记有误的，请本人持证件到公安派出所或综合窗口，"
    "先撤销注销登记。"
)
_WITH_A_CHIP = (
    IdType.RESIDENT_ID,
    IdType.HMT_RESIDENCE_PERMIT,
    IdType.FOREIGNER_PERMIT,
    IdType.HM_TRAVEL_PERMIT,
    IdType.TAIWAN_TRAVEL_PERMIT,
)
_WAYS = (
    "只有申请人本人（已实名核验）、持有其委托的人和综合窗口可以提交。您可以：存为草稿（submit: false），"
    "由申请人本人在“待我确认”中确认提交；请申请人先委托您；或陪同申请人到综合窗口办理。"
)


async def require_right_to_submit(
    tx: Transaction, principal: Principal, application: Application, identity: bytes
) -> None:
    """From here on the transaction knows the mandate, if it takes one. Raises NotPermitted with the ways out, and
    InvalidInput for a counter that does not say whom it saw, and in the name of who is registered to be no more."""
    if (bound := at_outlet(principal, Act.SUBMIT)) is not None:
        raise bound.as_error()
    await _require_right(tx, principal, application, identity)
    # last: who only tries a number learns nothing of a death
    await refuse_ended(tx, Act.SUBMIT, identity, "/applicant/id_number")


async def refuse_ended(tx: Transaction, act: Act, person: bytes, pointer: str) -> None:
    """Raises InvalidInput for who is registered to be no more. The caller learns of a death by it: that stays in the
    access log, though nothing else of this transaction does."""
    if not await ended_persons.has_ended(tx, person):
        return
    refused = FailureCode.PERSON_ENDED
    at, search = tx.asked_at, NumberSearch(person)

    async def add_line(again: Transaction) -> None:
        access_log.add(again, act, at, search=search, outcome=refused)

    tx.on_rollback(add_line)
    raise InvalidInput([FieldProblem(pointer, refused, _NO_MORE)])


async def _require_right(tx: Transaction, principal: Principal, application: Application, identity: bytes) -> None:
    own = principal.identity == identity.hex()
    if principal.role is Role.COUNTER:
        _require_seen(application, own)
        return
    if own:
        refuse_seen(principal, application)
        return
    await act_under_mandate(tx, Act.SUBMIT, identity, application.bundle)
    if tx.actor.mandate is None:
        raise NotPermitted(FailureCode.NOT_PERMITTED, _WAYS)
    refuse_seen(principal, application)


def refuse_seen(principal: Principal, application: Application) -> None:
    """Raises InvalidInput: that somebody was seen is for the counter to say."""
    if application.seen and principal.role is not Role.COUNTER:
        detail = "核对证件（seen）只由综合窗口填写，请删去。"
        raise InvalidInput([FieldProblem("/seen", FailureCode.INVALID_VALUE, detail)])


def without_seen(principal: Principal, application: Application) -> Application:
    """As somebody goes on with a draft: what a counter saw is no word of theirs."""
    return application if principal.role is Role.COUNTER else application.model_copy(update={"seen": []})


def _require_seen(application: Application, own: bool) -> None:
    if own:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "这是您本人的申请，请由其他窗口人员收件，或在线办理。")
    if not any(one.party == "applicant" for one in application.seen):
        detail = (
            "请写明核对了申请人的什么证件、本人是否到场，例如 "
            '{"party": "applicant", "document": "resident_id", "presence": "in_person"}。'
        )
        raise InvalidInput([FieldProblem("/seen", FailureCode.MISSING_VALUE, detail)])
    require_valid(_chip_problems(application))


def _chip_problems(application: Application) -> Iterator[FieldProblem]:
    """What a reader read is the applicant's, or it was somebody else's card."""
    applicant = application.applicant
    for index, one in enumerate(application.seen):
        at = f"/seen/{index}/chip_number"
        if one.chip_number is None or one.party != "applicant":
            continue
        if one.document not in _WITH_A_CHIP:
            told = "、".join(ID_NAMES[kind] for kind in _WITH_A_CHIP)
            yield FieldProblem(at, FailureCode.INVALID_VALUE, f"能读芯片的只有{told}。没有读芯片的，请删去读卡结果。")
        elif same_holder(IdType(one.document), one.chip_number) != same_holder(applicant.id_type, applicant.id_number):
            detail = "从芯片读到的号码和填写的申请人证件号码不一致：请核对是不是同一个人，重新读卡，或改正填写的号码。"
            yield FieldProblem(at, FailureCode.INVALID_VALUE, detail)
