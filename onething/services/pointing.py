"""Where in a request a value stands that the rules refuse."""

from collections.abc import Iterator
from contextlib import contextmanager

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed


@contextmanager
def pointing_at(pointer: str) -> Iterator[None]:
    """A value that the rules refuse is told where it was sent."""
    try:
        yield
    except NotAllowed as refusal:
        if refusal.code is not FailureCode.INVALID_VALUE:
            raise
        raise InvalidInput([FieldProblem(pointer, refusal.code, refusal.detail)]) from None
