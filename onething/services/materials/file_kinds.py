"""Which kinds of files are taken, and what a file is by its bytes."""

from onething.domain.errors import FailureCode, OneThingError

_OFD_MARK = b"OFD.xml"

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
}
_UNDECLARED = ("application/octet-stream", "")  # many clients name no type for a part
DECLARED = {**{media_type: kind for kind, media_type in MEDIA_TYPES.items()}, **dict.fromkeys(_UNDECLARED)}


def kind_of(content: bytes) -> str | None:
    """What the first bytes say that it is."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    # GB/T 33190: a ZIP package with OFD.xml at its root
    if content.startswith(b"PK\x03\x04") and _OFD_MARK in content:
        return "ofd"
    return None


def checked_kind(content: bytes, declared: str) -> str:
    """What the file is by its bytes. Raises OneThingError WRONG_FILE_TYPE where no such kind is taken, or it is not
    the declared one."""
    kind = kind_of(content)
    if kind is None:
        detail = "只接受 PDF、JPEG、PNG 和 OFD 文件；这个文件的内容不是其中任何一种。"
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
    if declared not in DECLARED or DECLARED[declared] not in (None, kind):
        detail = f"文件内容是 {kind.upper()}，与声明的类型不一致，请按 {MEDIA_TYPES[kind]} 上传。"
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
    return kind
