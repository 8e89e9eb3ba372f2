"""A line of the journal and its chain, as values: whatever is done to one line, that line is named."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import rfc8785

from onething.store.record.hash_chain import BEGINNING, WrittenLine, first_fault, line_hash, line_text

CASE = "33010020260302000001"
AT = datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC)
EVENT = {"kind": "accepted"}
ACTOR = {"role": "counter", "subject": "counter"}
LENGTH = 4


def lines() -> list[WrittenLine]:
    made: list[WrittenLine] = []
    before = BEGINNING
    for seq in range(1, LENGTH + 1):
        at = AT + timedelta(hours=seq)
        actor = ACTOR if seq % 2 else None
        text = line_text(before, CASE, seq, at, EVENT, actor)
        made.append(WrittenLine(seq, at, EVENT["kind"], EVENT, actor, text))
        before = line_hash(text)
    return made


HEAD = line_hash(lines()[-1].text)


def test_a_line_is_written_as_the_standard_has_it() -> None:
    local = AT.astimezone(datetime.fromisoformat("2026-03-02T00:00:00+08:00").tzinfo)
    text = line_text(BEGINNING, CASE, 1, local, EVENT, None)
    assert text == (
        '{"actor":null,"at":"2026-03-02T01:02:03.000004Z","case_no":"33010020260302000001",'
        '"event":{"kind":"accepted"},"prev":"","seq":1,"v":1,"values":[]}'
    )
    assert text.encode() == rfc8785.dumps(orjson.loads(text))
    assert line_hash(text) == hashlib.sha256(text.encode()).digest()
    assert orjson.loads(line_text(line_hash(text), CASE, 2, AT, EVENT, ACTOR))["prev"] == line_hash(text).hex()


@pytest.mark.parametrize("event", [{"kind": "rated", "grade": 4.5}, {"kind": "rated", "名": 1}, {"n": 2**53}])
def test_what_has_two_written_forms_is_not_written(event: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="content"):
        line_text(BEGINNING, CASE, 1, AT, event, None)


def test_an_untouched_chain_holds() -> None:
    assert first_fault(CASE, lines(), LENGTH, HEAD) is None
    assert first_fault(CASE, [], 0, BEGINNING) is None


def rewritten(line: WrittenLine, **change: object) -> WrittenLine:
    """Canonical again, columns and all: only the chain can tell."""
    content = orjson.loads(line.text) | change
    return replace(line, event=content["event"], actor=content["actor"], text=rfc8785.dumps(content).decode())


TAMPERED: list[Callable[[WrittenLine], WrittenLine]] = [
    lambda line: rewritten(line, event={"kind": "accepted", "by": "another"}),
    lambda line: rewritten(line, actor={"subject": "x"}),
    lambda line: rewritten(line, prev="0" * 64),
    lambda line: rewritten(line, values=["form"]),
    lambda line: rewritten(line, v=2),
    lambda line: rewritten(line, case_no="33010020260302000002"),
    lambda line: rewritten(line, more=1),
    lambda line: replace(line, text=line.text.replace(":", ": ")),
    lambda line: replace(line, text=line.text.replace(".000004Z", ".000004+00:00")),
    lambda line: replace(line, text="no JSON"),
    lambda line: replace(line, text="[]"),
    lambda line: replace(line, event={"kind": "accepted", "by": "another"}),
    lambda line: replace(line, event={"kind": "accepted", "grade": 4.5}),
    lambda line: replace(line, actor={"subject": "x"}),
    lambda line: replace(line, kind="rejected"),
    lambda line: replace(line, at=line.at + timedelta(microseconds=1)),
    lambda line: replace(line, seq=line.seq + 1),
]


@pytest.mark.parametrize("seq", range(1, LENGTH + 1))
@pytest.mark.parametrize("tamper", TAMPERED)
def test_a_tampered_line_is_named(tamper: Callable[[WrittenLine], WrittenLine], seq: int) -> None:
    journal = lines()
    journal[seq - 1] = tamper(journal[seq - 1])
    assert first_fault(CASE, journal, LENGTH, HEAD) == seq


@pytest.mark.parametrize("seq", range(1, LENGTH + 1))
def test_a_missing_line_is_named(seq: int) -> None:
    journal = [line for line in lines() if line.seq != seq]
    assert first_fault(CASE, journal, LENGTH, HEAD) == seq


def test_a_line_too_many_is_named() -> None:
    assert first_fault(CASE, lines(), LENGTH - 1, line_hash(lines()[-2].text)) == LENGTH
