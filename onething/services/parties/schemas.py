"""What is read of parties."""

from typing import Literal

from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class PartyAnswered(ResponseModel):
    case_no: str
    party: str
    answer: str
    seq: int
    at: LocalDateTime


class AskedRecord(ResponseModel):
    """One record about the reader. `state`: waiting (nobody has the right to ask yet), asked (or found), instead (the
    applicant brings a paper). `duty`: the law by which an office may ask without them, if one does."""

    name: str
    department: str  # whose register it is
    state: Literal["waiting", "asked", "instead"]
    duty: str | None = None


class PartyAskedView(CompleteResponseModel):
    """Somebody else's case that the reader is a party of. `asker`: who applied, most of the name hidden. `answer`:
    asked, confirmed, declined or lapsed; none where nobody waits for one. `may`: what can be answered now."""

    case_no: str
    party: str
    party_name: str  # what the reader is there: 父亲
    name: str  # of the 一件事
    place: str
    asker: str
    at: LocalDateTime
    answer: str | None
    may: tuple[Literal["confirm", "decline"], ...]
    records: tuple[AskedRecord, ...]


class AskedPage(CompleteResponseModel):
    items: list[PartyAskedView]
    next: str | None
