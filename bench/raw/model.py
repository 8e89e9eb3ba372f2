"""What goes through the yardstick's histories."""

from pydantic import BaseModel

ITEMS = ("one", "two", "three", "four", "five")
SOURCES = {"identity": "identity-check", "address": "standard-address"}


class Start(BaseModel):
    case_no: str


class Lookup(BaseModel):
    case_no: str
    data: str


class Decision(BaseModel):
    item: str
    outcome: str
    number: str


class Standing(BaseModel):
    """What is told to whom decided."""

    items: dict[str, str]


class Issue(BaseModel):
    case_no: str
    items: dict[str, str]
