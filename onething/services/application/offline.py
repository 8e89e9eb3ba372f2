"""没有网络的地方收件: papers are received when the counter takes them in its hands, not when the server hears of it.

行政许可法 Art. 32 counts its five days from receipt. The time on the slip counts, between the device's last contact
with the server and now; a device that has been away for longer than a month is not believed (assumed).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.events.intake import ReceivedOffline
from onething.domain.principal import Principal, Role
from onething.services.application.schemas import OfflineReceipt

AWAY_AT_MOST = timedelta(days=31)


def received_offline(
    principal: Principal, receipt: OfflineReceipt | None, now: datetime, after: datetime | None = None
) -> ReceivedOffline | None:
    """As it is recorded. `after`: what the papers answer was asked then. Raises InvalidInput for a moment that can't
    be, and for whoever is not the counter."""
    if receipt is None:
        return None
    require_valid(_problems(principal, receipt, now, after))
    return ReceivedOffline(at=receipt.at, device_contact_at=receipt.device_contact_at)


def _problems(
    principal: Principal, receipt: OfflineReceipt, now: datetime, after: datetime | None
) -> Iterator[FieldProblem]:
    if principal.role is not Role.COUNTER:
        detail = "离线收件的时间（received）只由综合窗口填写，请删去。"
        yield FieldProblem("/received", FailureCode.INVALID_VALUE, detail)
        return
    if not now - AWAY_AT_MOST <= receipt.device_contact_at <= now:
        detail = f"设备最后一次联网的时间不能晚于现在，也不能早于 {AWAY_AT_MOST.days} 天前；请核对设备的时钟。"
        yield FieldProblem("/received/device_contact_at", FailureCode.INVALID_VALUE, detail)
    elif not receipt.device_contact_at <= receipt.at <= now:
        detail = "收件时间不能早于设备最后一次联网，也不能晚于现在；请按收件凭证填写。"
        yield FieldProblem("/received/at", FailureCode.INVALID_VALUE, detail)
    elif after is not None and receipt.at < after:
        detail = "收件时间不能早于要求提交这些材料的时间；请按收件凭证填写。"
        yield FieldProblem("/received/at", FailureCode.INVALID_VALUE, detail)
