"""Department systems: taking back what they have approved."""

from onething.connectors.caller import Caller, Counterpart, read_done
from onething.domain.outside import Done, Refused


class DepartmentClients:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def revoke(self, department: str, case_no: str, item: str, undo_of: str, key: str) -> Done | Refused:
        """Have the department's system undo the effect `undo_of` of an item.

        Raises SourceUnavailable and SourceAnswerMalformed, both to be repeated with the same key.
        """
        who = Counterpart(f"department {department}")
        body = {"case_no": case_no, "item": item, "undo_of": undo_of}
        return await self._caller.post(who, f"/departments/{department}/revocations", body, key, read_done)
