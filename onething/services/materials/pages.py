"""Pages of materials as pictures, for who looks at them on a screen: the same right and the same line in the access
log as for the file."""

from onething.documents.pictures import NoPicture, Picture
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal
from onething.services.core.context import AppContext
from onething.services.materials import files

_WHY = {
    "too_large": "画面太大，不能转成图片",
    "too_slow": "内容太复杂，没有在限定的时间内转成图片",
    "unreadable": "打不开，可能已损坏",
}


async def page(
    context: AppContext, principal: Principal, case_no: str, code: str, number: int, version: int | None = None
) -> tuple[files.FileOut, Picture]:
    """The file, and a page of it (1 is the first). Raises as `files.fetch`, NOT_FOUND for a page that there is not, and
    OneThingError WRONG_FILE_TYPE with the names of file and material where no picture can be made."""
    file = await files.fetch(context, principal, case_no, code, version)
    return file, await picture_of(context, file, number)


async def picture_of(context: AppContext, file: files.FileOut, number: int) -> Picture:
    """Of one page. Raises NOT_FOUND and WRONG_FILE_TYPE as `page`."""
    called = f"“{file.material}”的文件 {file.name}"
    if file.kind == "ofd":
        detail = f"{called} 是 OFD，不能在网页上按页显示：请下载后用 OFD 阅读器打开。"
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
    try:
        return await context.pictures.page(file.kind, file.content, number)
    except NoPicture as none:
        if none.fault == "no_page":
            raise OneThingError(FailureCode.NOT_FOUND, f"{called} 没有第 {number} 页。") from None
        detail = f"{called} {_WHY[none.fault]}：请下载原文件查看，或请提交人重新导出、扫描后再上传。"
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail) from None
