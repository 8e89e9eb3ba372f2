"""Materials as files: checked by their structure, sealed, kept in every version; and handed out again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.materials import Material
from onething.domain.engine.guards import check
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.events.intake import Supplemented, VersionReceived
from onething.domain.kernel.custody import decider
from onething.domain.kernel.state import CaseStatus
from onething.domain.materials import replaced
from onething.domain.principal import Principal
from onething.security.policy import Act, Denied, Facts, NotPermitted, require
from onething.services.application import sealed_values
from onething.services.application.base import choices
from onething.services.core.access import access_to, head_for, locked
from onething.services.core.context import AppContext
from onething.services.core.visibility import definition_of, departments_of, is_before_its_turn
from onething.services.materials.file_kinds import MEDIA_TYPES, FileKind
from onething.services.materials.photos import SentFile, UploadLimits, made_of
from onething.services.summaries.case_summary import MaterialKept
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import cases, materials, tasks
from onething.store.tables.cases import CaseHead

MOST_MB = 20
MAX_BYTES = MOST_MB * 2**20
"""Whatever somebody's tool calls 20 MB or less is taken: those that count by 1024 are the more generous ones."""
LIMITS = UploadLimits(each=MAX_BYTES, together=3 * MAX_BYTES, files=20)


@dataclass(frozen=True)
class FileOut:
    """A file as it was kept. `name` is made of codes, never of what the uploader called it; `material`: what it is."""

    name: str
    material: str
    kind: FileKind
    media_type: str
    digest: str
    content: bytes = field(repr=False)


async def may_upload(context: AppContext, principal: Principal, case_no: str, code: str) -> str:
    """What the material is called. Asked before the body is read. Raises NotPermitted, NOT_FOUND, NotAllowed,
    InvalidInput (unknown material)."""
    async with context.transaction(principal, Act.UPLOAD_MATERIAL, case_no) as tx:
        head = await _head_to_add_to(tx, principal, case_no)
        material = _material(context, head, code)
        found = await cases.state(tx, case_no)
        if found is not None:
            plan = await context.plan_cache.plan(tx, found[1].plan)
            check(plan, found[1], Supplemented(materials=(code,)), context.clock.now())
    return material.name


async def keep(
    context: AppContext, principal: Principal, case_no: str, code: str, sent: Sequence[SentFile]
) -> StoredResponse:
    """201 with the digest; 200 if the latest version is the same file, or made of the same. On a submitted case it
    supplements it. `sent`: one file, or photos that become one PDF.

    Of a picture, what the camera wrote beside it (where it was taken, by which device) is not kept.
    Raises what `may_upload` and `made_of` raise, and WRONG_FILE_TYPE for a kind that the material does not accept.
    """
    async with context.transaction(principal, Act.UPLOAD_MATERIAL, case_no) as tx:
        await _head_to_add_to(tx, principal, case_no)
        known = {one.file.digest for one in await materials.of_case(tx, case_no) if one.code == code and one.file}
    made = await made_of(context.pictures, sent, MAX_BYTES, known)
    kind, content = made.kind, made.content
    digest = hashlib.sha256(content).hexdigest()
    sealed = context.sealer.seal(content, context=sealed_values.context(case_no, sealed_values.file(code, digest)))
    async with context.transaction(principal, Act.UPLOAD_MATERIAL, case_no) as tx:
        head = await _head_to_add_to(tx, principal, case_no)
        material = _material(context, head, code)
        if kind not in material.accepts:
            accepted = "、".join(material.accepts).upper()
            detail = f"“{material.name}”只接受 {accepted}：{made.name}是 {kind.upper()}，请换一种。"
            raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
        status, state = head.status, None
        if status == CaseStatus.DRAFT:
            await cases.lock_draft(tx, case_no)
        else:
            state = (await locked(context, tx, case_no)).state
            status = state.status
        latest = await _version(tx, case_no, code, None)
        file = materials.File(digest, MEDIA_TYPES[kind], len(content), made.originals)
        if latest is not None and latest.file is not None and _is_same(latest.file, file):
            return _kept(case_no, latest.version, code, latest.file, status, 200)
        if head.status != CaseStatus.DRAFT:
            number = 1 + (latest.version if latest else 0)
            came = VersionReceived(code=code, version=number, digest=digest)
            unasked = replaced(state, (code,)) if state is not None else ()
            event = Supplemented(materials=(code,), versions=(came,), unasked=unasked)
            recorded = await context.writer.record(tx, case_no, event)
            status = recorded.state.status
        now = context.clock.now()
        version = await materials.add(tx, case_no, code, file, sealed, now)
        if head.status == CaseStatus.DRAFT:
            await cases.keep_draft(tx, case_no, now + cases.DRAFT_KEPT)
    return _kept(case_no, version, code, file, status, 201)


async def remove(context: AppContext, principal: Principal, case_no: str, code: str) -> None:
    """Every version of a draft's file, as if it had never been sent. Raises NotPermitted, NOT_FOUND, NotAllowed once it
    is submitted: a file that somebody may have read stays."""
    async with context.transaction(principal, Act.UPLOAD_MATERIAL, case_no) as tx:
        head = await _head_to_add_to(tx, principal, case_no)
        if head.status != CaseStatus.DRAFT:
            raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "已经提交的文件不能删除，可以上传新的一份。")
        await cases.lock_draft(tx, case_no)
        others = {one.code for one in await materials.of_case(tx, case_no)} - {code}
        await materials.hand_in(tx, case_no, sorted(others))
        now = context.clock.now()
        await cases.keep_draft(tx, case_no, now + cases.DRAFT_KEPT)


async def fetch(
    context: AppContext, principal: Principal, case_no: str, code: str, version: int | None = None
) -> FileOut:
    """That version, or the newest: what somebody decided on stays to be read, whatever came after it. Raises
    NotPermitted, NOT_FOUND (also for a paper: there is nothing to download)."""
    async with context.transaction(principal, Act.DOWNLOAD_MATERIAL, case_no) as tx:
        head = await head_for(tx, principal, Act.DOWNLOAD_MATERIAL, case_no)
        if principal.department is not None:
            await _require_concern(context, tx, principal, head, code)
        file = await sealed_file(tx, case_no, code, version)
        detail = f"{code}:{file.row.version}"
        access_log.add(tx, Act.DOWNLOAD_MATERIAL, context.clock.now(), case_no=case_no, detail=detail)
    return opened_file(context, case_no, definition_of(context, head), file)


@dataclass(frozen=True)
class SealedFile:
    """A version of a material that is a file."""

    row: materials.MaterialVersion
    file: materials.File
    body: bytes = field(repr=False)


async def sealed_file(tx: Transaction, case_no: str, code: str, version: int | None) -> SealedFile:
    """That version, or the newest. Raises NOT_FOUND, also for a paper."""
    one = await _version(tx, case_no, code, version)
    body = await materials.body(tx, case_no, code, one.version) if one and one.file else None
    if one is None or one.file is None or body is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份材料的这一版文件；纸质件请到综合窗口查看。")
    return SealedFile(one, one.file, body)


def opened_file(context: AppContext, case_no: str, definition: BundleDefinition, sealed: SealedFile) -> FileOut:
    """`definition`: which says what the material is called."""
    row, file = sealed.row, sealed.file
    name = sealed_values.file(row.code, file.digest)
    content = context.sealer.open(sealed.body, context=sealed_values.context(row.reused_from or case_no, name))
    kind = next(kind for kind, media_type in MEDIA_TYPES.items() if media_type == file.media_type)
    known = {material.code: material.name for material in definition.materials}
    return FileOut(
        name=f"{case_no}-{row.code}-{row.version}.{kind}",
        material=known.get(row.code, row.code),
        kind=kind,
        media_type=file.media_type,
        digest=file.digest,
        content=content,
    )


async def _head_to_add_to(tx: Transaction, principal: Principal, case_no: str) -> CaseHead:
    """Raises NotPermitted, InsufficientAuthentication, NOT_FOUND."""
    access = await access_to(tx, principal, Act.UPLOAD_MATERIAL, case_no)
    said = access.judge(Act.UPLOAD_MATERIAL)
    if isinstance(said, Denied):
        raise said.as_error()
    return access.head


async def _version(tx: Transaction, case_no: str, code: str, version: int | None) -> materials.MaterialVersion | None:
    """None for the number: the newest."""
    versions = [one for one in await materials.of_case(tx, case_no) if one.code == code]
    return next((one for one in reversed(versions) if version in (None, one.version)), None)


async def _require_concern(
    context: AppContext, tx: Transaction, principal: Principal, head: CaseHead, code: str
) -> None:
    """A department opens the materials that its own items need, and those on which it is asked now, and no others;
    before acceptance none, and only whom they concern is told to wait."""
    found = await cases.state(tx, head.case_no)
    plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
    material = plan.material_by_code.get(code) if plan else None
    concerned = departments_of(plan, material.needed_by) if plan and material else frozenset()
    if plan is not None and material is not None and found is not None:
        # who decided opens what they saw, also since their duties moved
        concerned |= {decider(plan, found[1], one) for one in material.needed_by if one in plan.item_by_code}
    if material is not None and principal.department is not None and principal.department not in concerned:
        asked = [task for task in await tasks.of_case(tx, head.case_no) if task.is_asked_now]
        if any(task.item in material.needed_by for task in asked):
            concerned |= {principal.department}
    facts = Facts(region=head.region, outlet=head.outlet, departments=concerned, at=tx.actor.at)
    require(principal, Act.DOWNLOAD_MATERIAL, facts)
    if is_before_its_turn(principal, head):
        raise NotPermitted(FailureCode.NOT_PERMITTED, "办件还没有受理，受理以后才能查看材料。")


def _material(context: AppContext, head: CaseHead, code: str) -> Material:
    definition = definition_of(context, head)
    for material in definition.materials:
        if material.code == code and material.brought:
            return material
    asked = {one.code: one.name for one in definition.materials if one.brought}
    detail = f"这个一件事没有需要您提交的材料“{code}”。{choices(asked)}"
    raise InvalidInput([FieldProblem("/code", FailureCode.UNKNOWN_MATERIAL, detail)])


def _is_same(latest: materials.File, other: materials.File) -> bool:
    """Another release may make other bytes of the same photos."""
    return latest == other or (latest.originals == other.originals != () and latest.media_type == other.media_type)


def _kept(case_no: str, version: int, code: str, file: materials.File, case_status: str, status: int) -> StoredResponse:
    view = MaterialKept(
        case_no=case_no,
        code=code,
        version=version,
        digest=file.digest,
        media_type=file.media_type,
        size=file.size,
        originals=list(file.originals) or None,
        status=case_status,
    )
    return answer(view, status)
