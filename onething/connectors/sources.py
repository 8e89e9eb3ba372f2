"""Look-ups at data sources, and giving back what a look-up holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from onething.connectors.http_client import (
    CALLBACK_URL,
    NO_HEADERS,
    AcceptedAt,
    Counterpart,
    HttpClient,
    read_done,
)
from onething.connectors.poll_address import StatusAddresses
from onething.domain.lookups.answers import Done, Fetched, RecordValue, Refused, SourceAnswerMalformed
from onething.domain.lookups.source_schema import NotThere, fits, value_at
from onething.domain.sources.source import SourceDefinition, SourceField, SourceStyle

MISSING_PARAMETER = "missing_parameter"
"""Reason of a refusal that the source was not even asked for: the form leaves empty what it must be asked with."""


class SourceClients:
    """Every data source by its code. An unknown code raises KeyError: plans name only sources that exist."""

    def __init__(
        self,
        http: HttpClient,
        sources: Mapping[str, SourceDefinition],
        callbacks: str = "",
        addresses: StatusAddresses | None = None,
    ) -> None:
        """`callbacks`: address of the API that is called back. Without `addresses`, where a polled source says that its
        answer will be is not heeded: it is asked with the same key."""
        self._http = http
        self._addresses = addresses
        self._sources = sources
        self._callbacks = callbacks.rstrip("/")

    async def fetch(
        self, source_code: str, params: Mapping[str, object], key: str, *, case_no: str | None = None
    ) -> Fetched | Refused:
        """Ask once for a record. Only the parameters that the definition names leave the house.

        Raises SourceUnavailable and SourceAnswerMalformed, both to be repeated with the same key.
        """
        source = self._sources[source_code]
        asked: dict[str, object] = {
            param.id: params[param.id] for param in source.params if params.get(param.id) not in (None, "")
        }
        if any(param.required and param.id not in asked for param in source.params):
            return Refused(MISSING_PARAMETER)
        if case_no is not None:
            asked["case_no"] = case_no
        called_back = self._callbacks and source.style is SourceStyle.CALLBACK
        to = f"{self._callbacks}/api/callbacks/sources/{source.code}"
        headers = {CALLBACK_URL: to} if called_back else NO_HEADERS
        who = _counterpart(source)

        def read(answer: Any) -> Fetched:
            return read_answer(source, answer)

        if self._addresses is None or source.style is not SourceStyle.POLL:
            return await self._http.post(who, source.path, asked, key, read, headers)
        who = replace(who, status_under=source.status_path or source.path)
        address = await self._addresses.of(key)
        try:
            if address is None:
                return await self._http.post(who, source.path, asked, key, read, headers)
            return await self._http.look(who, address, key, read)
        except AcceptedAt as accepted:
            if accepted.address != address:
                await self._addresses.keep(key, accepted.address, source.patience_minutes)
            raise
        except SourceAnswerMalformed:
            if address is not None:  # it may be gone: the same key asks anew
                await self._addresses.forget(key)
            raise

    async def release(self, source_code: str, of_key: str, key: str) -> Done | Refused:
        """Give back what the look-up `of_key` holds, also if nobody knows whether it came about."""
        source = self._sources[source_code]
        path = f"{source.path}/{quote(of_key, safe='')}/release"
        return await self._http.post(_counterpart(source), path, {}, key, read_done)


def counterpart_name(code: str) -> str:
    return f"source {code}"


def _counterpart(source: SourceDefinition) -> Counterpart:
    return Counterpart(
        counterpart_name(source.code),
        source.timeout_s,
        authentication=source.authentication,
        per_second=source.per_second,
        at_once=source.max_concurrent,
    )


def read_answer(source: SourceDefinition, answer: Any) -> Fetched:
    """A record as the source answers or calls back with it. Raises SourceAnswerMalformed."""
    who = _counterpart(source)
    try:
        record = {field.id: _value(who, field, value_at(answer, field.path)) for field in source.fields}
        return Fetched(record, _as_of(who, source.as_of_from, value_at(answer, source.as_of_from)))
    except NotThere as missing:
        raise SourceAnswerMalformed(who.name, missing.path) from None


def _value(who: Counterpart, field: SourceField, value: Any) -> RecordValue:
    if not fits(field, value):
        raise SourceAnswerMalformed(who.name, field.path)
    told: RecordValue = value
    return told


def _as_of(who: Counterpart, path: str, text: object) -> datetime:
    try:
        as_of = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        as_of = None
    if as_of is None or as_of.tzinfo is None:
        raise SourceAnswerMalformed(who.name, path)
    return as_of
