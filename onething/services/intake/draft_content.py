"""What stands in a draft, opened, and which of its versions somebody has read."""

from dataclasses import dataclass

from onething.domain.errors import FailureCode, OneThingError
from onething.services.application import sealed_values
from onething.services.application.schemas import Application
from onething.services.core.context import AppContext
from onething.services.intake.origins import CHANNEL, Origin


def open_draft(context: AppContext, case_no: str, body: bytes) -> tuple[Application, Origin | None]:
    """What it says, and the event that it was prefilled from, if any. A draft is of the latest published version, as it
    is when it is read: nobody has promised anything of an older one."""
    value = context.sealer.open_json(body, context=sealed_values.context(case_no, sealed_values.DRAFT))
    origin = value.pop(sealed_values.PREFILLED, None)
    value["bundle"] = value["bundle"].partition("@")[0]
    return Application.model_validate(value), Origin.model_validate(origin) if origin else None


def fixed_channel(origin: Origin | None) -> str | None:
    """How a draft came in stays, whoever goes on with it."""
    return CHANNEL if origin else None


@dataclass(frozen=True)
class ReadVersions:
    """`None`: whatever there is, so long as there is one (`If-Match: *`)."""

    numbers: frozenset[int] | None

    def __str__(self) -> str:
        """Part of what a repetition repeats."""
        return "*" if self.numbers is None else ",".join(str(number) for number in sorted(self.numbers))

    def require(self, now: int) -> None:
        """Raises OneThingError STALE_VERSION if the draft is another `now`."""
        if self.numbers is not None and now not in self.numbers:
            raise OneThingError(FailureCode.STALE_VERSION, "草稿在您读取之后又被修改，请重新读取、看过再改或提交。")


ANY_VERSION = ReadVersions(None)
