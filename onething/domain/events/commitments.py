"""What promises turn out to be."""

from typing import Literal

from onething.domain.base import Strict


class CommitmentChecked(Strict):
    """A department has looked whether what was promised in place of a material is true. What it found is sealed. If it
    was broken, it may be put right first (`rectify`); else whoever approved on it decides whether that stands."""

    kind: Literal["commitment_checked"] = "commitment_checked"
    material: str
    kept: bool
    finding: str  # reference of the sealed text
    rectify: bool = False
