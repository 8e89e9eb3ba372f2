"""Department systems: orders to decide an item, and taking back what they have approved."""

from collections.abc import Mapping
from typing import Any

from onething.connectors.http_client import CALLBACK_URL, Counterpart, HttpClient, read_done
from onething.domain.lookups.answers import DepartmentDecision, Done, Refused, SourceAnswerMalformed

LONGEST_OPINION = 4000


class DepartmentClients:
    def __init__(self, http: HttpClient, callbacks: str) -> None:
        """`callbacks`: the address of the API, where systems call back."""
        self._http = http
        self._callbacks = callbacks.rstrip("/")

    async def decide(self, department: str, order: Mapping[str, object], key: str) -> DepartmentDecision | Refused:
        """Have the department's system decide an item.

        Raises SourceUnavailable, with cause IN_PROGRESS when it will call back, and SourceAnswerMalformed; both to be
        repeated with the same key.
        """
        who = _system(department)
        path = f"/departments/{department}/items"
        headers = {CALLBACK_URL: f"{self._callbacks}/api/callbacks/{department}"}
        return await self._http.post(who, path, order, key, lambda answer: _read(who, answer, order), headers)

    async def revoke(self, department: str, case_no: str, item: str, undo_of: str, key: str) -> Done | Refused:
        """Have the department's system undo the effect `undo_of` of an item.

        Raises SourceUnavailable and SourceAnswerMalformed, both to be repeated with the same key.
        """
        who = _system(department)
        body = {"case_no": case_no, "item": item, "undo_of": undo_of}
        return await self._http.post(who, f"/departments/{department}/revocations", body, key, read_done)


def _system(department: str) -> Counterpart:
    return Counterpart(f"department {department}")


def outcomes_of(order: Mapping[str, Any]) -> Mapping[str, str]:
    """Code → effect of the outcomes that the order names."""
    return {one["code"]: one["effect"] for one in order["outcomes"]}


def _read(who: Counterpart, answer: Any, order: Mapping[str, Any]) -> DepartmentDecision:
    """What else the answer holds is ignored. Whether the outputs fit the item is judged where they are recorded."""
    if not isinstance(answer, dict) or answer.get("outcome") not in outcomes_of(order):
        raise SourceAnswerMalformed(who.name, "outcome")
    opinion, outputs = answer.get("opinion"), answer.get("outputs") or {}
    if not (opinion is None or (isinstance(opinion, str) and len(opinion) <= LONGEST_OPINION)):
        raise SourceAnswerMalformed(who.name, "opinion")
    if not isinstance(outputs, dict):
        raise SourceAnswerMalformed(who.name, "outputs")
    despite = answer.get("despite") or []
    if not isinstance(despite, list) or not all(isinstance(code, str) for code in despite):
        raise SourceAnswerMalformed(who.name, "despite")
    conditions = answer.get("conditions") or {}
    if not isinstance(conditions, dict) or not all(isinstance(met, bool) for met in conditions.values()):
        raise SourceAnswerMalformed(who.name, "conditions")
    return DepartmentDecision(answer["outcome"], opinion, outputs, tuple(despite), conditions)
