"""What a sealed value of a case is called: its kind, and what it is about. What stands under each name is told by
`services/application/sealed_values.py`."""

import re
from enum import StrEnum
from functools import lru_cache

from onething.domain.base import CODE, NUMBER, Identifier
from onething.domain.kernel import certificate_no


class SealedKind(StrEnum):
    """The value is how names of the kind begin; after a colon in it, how they end."""

    FORM = "form"
    APPLICANT = "applicant"
    AGENT = "agent"
    PREFILLED = "prefilled"
    COMMITMENTS = "commitments"
    REUSE = "consent:reuse"
    LICENCES = "consent:licences"
    RATING = "rating"
    RATING_CONTACT = "rating:contact"
    RATING_RECTIFIED = "rating:rectified"
    DRAFT = "draft"
    FINDING = "finding"
    RECORD = "record"
    LATE_RECORD = "record:late"
    RESOLVED = "resolved"
    LOOKED = "looked"
    OPINION = "opinion"
    REVOCATION = "revocation"
    QUESTION = "question"
    CONSULT = "consult"
    RECALLED = "recalled"
    REVIEW = "review"
    CONCLUSION = "conclusion"
    PERIOD = "period"
    PART = "part"
    POINTS = "points"
    MENDED = "mended"
    OUTPUTS = "outputs"
    RETURN = "return"
    CERTIFICATE = "certificate"
    REISSUE = "reissue"
    FILE = "file"
    NOTICE = "notice"
    SUPERVISION = "supervision"
    CHANGES = "changes"


_TWICE, _THRICE = f"{CODE}:{NUMBER}", f"{CODE}:{NUMBER}:{NUMBER}"
_RANDOM = "[0-9a-f]{1,32}"
_SUBJECTS = {
    SealedKind.FINDING: f"{CODE}(:(?!1$){NUMBER})?",  # the first goes without saying
    SealedKind.RECORD: CODE,
    SealedKind.LATE_RECORD: CODE,
    SealedKind.RESOLVED: _TWICE,
    SealedKind.LOOKED: _TWICE,
    SealedKind.OPINION: _TWICE,
    SealedKind.REVOCATION: _TWICE,
    SealedKind.QUESTION: _THRICE,
    SealedKind.CONSULT: _THRICE,
    SealedKind.RECALLED: _TWICE,
    SealedKind.REVIEW: _TWICE,
    SealedKind.CONCLUSION: _TWICE,
    SealedKind.PERIOD: CODE,
    SealedKind.PART: f"{CODE}:{CODE}:{NUMBER}",
    SealedKind.POINTS: _TWICE,
    SealedKind.MENDED: _TWICE,
    SealedKind.OUTPUTS: f"{CODE}(:(?!1$){NUMBER})?",  # its first round goes without saying
    SealedKind.RETURN: _TWICE,
    SealedKind.REISSUE: _TWICE,
    SealedKind.CERTIFICATE: certificate_no.PATTERN,
    SealedKind.FILE: f"{CODE}:[0-9a-f]{{64}}",
    SealedKind.NOTICE: _RANDOM,
    SealedKind.SUPERVISION: _RANDOM,
    SealedKind.CHANGES: _RANDOM,
}
"""Of names that are about something: how that is written."""

_PATTERNS = {kind: re.compile(subject) for kind, subject in _SUBJECTS.items()}


class SealedName(Identifier):
    """`kind`: what policies of the record go by."""

    __slots__ = ("kind",)
    kind: SealedKind

    @classmethod
    def of(cls, kind: SealedKind, *subject: str | int) -> "SealedName":
        """`subject`: a code, token or digest, and numbers, in the order in which they are written. Raise `ValueError`
        when names of the kind are about something else."""
        begin, colon, end = kind.partition(":")
        name = cls.parse(":".join((begin, *map(str, subject))) + (colon and f":{end}"))
        if name.kind is not kind:
            raise ValueError("a sealed value of another kind is called so")
        return name

    @classmethod
    def parse(cls, text: str) -> "SealedName":
        """Raise `ValueError` when no sealed value is called so."""
        return _parsed(text)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> SealedName:
    name = str.__new__(SealedName, text)
    object.__setattr__(name, "kind", _kind(text))
    return name


def _kind(text: str) -> SealedKind:
    alone = SealedKind(text) if text in _ALONE else None
    if alone is not None:
        return alone
    begin, _, subject = text.partition(":")
    for kind in _BY_BEGIN.get(begin, ()):
        _, colon, end = kind.partition(":")
        if subject.endswith(colon + end) and _PATTERNS[kind].fullmatch(subject.removesuffix(colon + end)):
            return kind
    raise ValueError("no sealed value is called so")


_ALONE = frozenset(SealedKind) - _SUBJECTS.keys()
_BY_BEGIN: dict[str, list[SealedKind]] = {}
for _one in _SUBJECTS:
    _BY_BEGIN.setdefault(_one.partition(":")[0], []).append(_one)
