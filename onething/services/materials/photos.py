"""What comes as files, and the one file that is kept of it: photos of iPhones (HEIC) become a JPEG, several photos one
PDF, a photo (JPEG) of more pixels than anybody needs a smaller one, whatever else stays what it is. What could not be
looked at page by page later is refused while its sender can still do something about it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from onething.documents.picture_child import KEPT_PIXELS
from onething.documents.pictures import NoPicture, Pictures
from onething.domain.errors import FailureCode, OneThingError
from onething.services.materials.file_kinds import FileKind, SentKind, checked_kind, pixels_of, without_place


@dataclass(frozen=True)
class UploadLimits:
    """Of one request. `each`: bytes of a file, and of what is kept; `together`: of all files; `files`: how many."""

    each: int
    together: int
    files: int

    @property
    def each_mb(self) -> int:
        return self.each // 2**20

    @property
    def together_mb(self) -> int:
        return self.together // 2**20


@dataclass(frozen=True)
class SentFile:
    """`name`: what people call it, in messages only; `declared`: its type as its sender says."""

    name: str
    declared: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class MadeFile:
    """`name`: as before, with what it was made from; `originals`: SHA-256 of each file that it was made from, in their
    order; none where it is what came."""

    name: str
    kind: FileKind
    content: bytes = field(repr=False)
    originals: tuple[str, ...] = ()


_PHOTOS: tuple[SentKind, ...] = ("heic", "jpeg", "png")
_PDF_WHY = {
    "no_page": "一页也没有，请重新导出后再上传",
    "too_large": "有一页的幅面太大，打不开，请按 A4 或 A3 重新导出后再上传",
    "unreadable": "打不开，可能已损坏，请重新导出或扫描后再上传",
}
_WHY = {
    "too_large": "画面太大，打不开，请降低拍照的清晰度后再上传",
    "too_slow": "内容太复杂，没有在限定的时间内转成图片，请重新拍照，或改为 JPEG 后再上传",
    "unreadable": "打不开，可能已损坏，请重新拍照或导出后再上传",
}


async def made_of(
    pictures: Pictures, sent: Sequence[SentFile], most_bytes: int, known: Collection[str] = ()
) -> MadeFile:
    """`sent`: one at least. `known`: SHA-256 of files that the material has: none of them is looked at again. Raises
    OneThingError WRONG_FILE_TYPE, as `checked_kind`, for several files that are not all photos, or one that can't be
    opened; TOO_LARGE where what is made of them is."""
    kinds = [checked_kind(one.content, one.declared, one.name) for one in sent]
    first, kind = sent[0], kinds[0]
    if len(sent) == 1 and kind == "jpeg" and pixels_of(first.content) > KEPT_PIXELS:
        return await _smaller(pictures, first, most_bytes)
    if len(sent) == 1 and kind != "heic":
        made = MadeFile(first.name, kind, without_place(kind, first.content))
        if hashlib.sha256(made.content).hexdigest() not in known:
            await _require_opens(pictures, first, kind)
        return made
    for one, its_kind in zip(sent, kinds, strict=True):
        if its_kind not in _PHOTOS:
            detail = (
                f"{one.name}是 {its_kind.upper()}：一次上传几个文件的，只能都是照片（JPEG、PNG、HEIC），"
                "按顺序合成一份 PDF。请单独上传这个文件，或先合成一份 PDF 再上传。"
            )
            raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
    into: Literal["jpeg", "pdf"] = "jpeg" if len(sent) == 1 else "pdf"
    together = f"{first.name}（HEIC 转成的 JPEG）" if into == "jpeg" else f"{first.name}等 {len(sent)} 张照片合成的 PDF"
    photos = [(its_kind, one.content) for one, its_kind in zip(sent, kinds, strict=True)]
    try:
        content = await pictures.combined(into, photos, most_bytes)
    except NoPicture as none:
        if none.at is None and none.fault == "too_large":
            detail = f"{together}超过 {most_bytes // 2**20} MB，请降低拍照的清晰度，或少选几张后重试。"
            raise OneThingError(FailureCode.TOO_LARGE, detail) from None
        name = together if none.at is None else sent[none.at].name
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, f"{name}{_WHY[none.fault]}。") from None
    originals = tuple(hashlib.sha256(one.content).hexdigest() for one in sent)
    return MadeFile(together, into, content, originals)


async def _require_opens(pictures: Pictures, sent: SentFile, kind: SentKind) -> None:
    """Raises OneThingError WRONG_FILE_TYPE where who judges it could not open it. An OFD is opened by its own readers,
    and what only takes longer than a check may is no fault of the file."""
    if kind == "ofd":
        return
    try:
        await pictures.require_opens(kind, sent.content)
    except NoPicture as none:
        if none.fault != "too_slow":
            why = (_PDF_WHY if kind == "pdf" else _WHY)[none.fault]
            raise OneThingError(FailureCode.WRONG_FILE_TYPE, f"{sent.name}{why}。") from None


async def _smaller(pictures: Pictures, photo: SentFile, most_bytes: int) -> MadeFile:
    """A JPEG of more pixels than anybody needs, with fewer. What is no smaller by that, or takes too long, is kept as
    it came. Raises OneThingError WRONG_FILE_TYPE as `_require_opens`."""
    as_it_came = MadeFile(photo.name, "jpeg", without_place("jpeg", photo.content))
    try:
        content = await pictures.combined("jpeg", [("jpeg", photo.content)], most_bytes)
    except NoPicture as none:
        if none.fault == "too_slow" or none.at is None:
            return as_it_came
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, f"{photo.name}{_WHY[none.fault]}。") from None
    if len(content) >= len(as_it_came.content):
        return as_it_came
    return MadeFile(photo.name, "jpeg", content, (hashlib.sha256(photo.content).hexdigest(),))
