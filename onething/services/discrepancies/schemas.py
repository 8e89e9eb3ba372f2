"""What is sent about values that disagree."""

from typing import Annotated

from pydantic import StringConstraints

from onething.services.application.base import ReasonText, RequestModel


class ResolutionRequest(RequestModel):
    """核实: which of the values that disagree is right, and how that was found out."""

    which: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=140)]
    note: ReasonText
