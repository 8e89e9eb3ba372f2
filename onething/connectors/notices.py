"""The gateway that carries notices to people. It gets references, never a name or a number: it looks them up itself."""

from onething.connectors.http_client import Counterpart, HttpClient, read_done
from onething.domain.lookups.answers import Done, Refused

_GATEWAY = Counterpart("notice gateway")


class NoticeGateway:
    def __init__(self, http: HttpClient) -> None:
        self._http = http

    async def send(self, channel: str, template: str, to_ref: str, case_no: str, key: str) -> Done | Refused:
        """Hand one notice over. Raises as the other clients do; the same key is delivered once."""
        body = {"channel": channel, "template": template, "to_ref": to_ref, "case_no": case_no}
        return await self._http.post(_GATEWAY, "/notices", body, key, read_done)
