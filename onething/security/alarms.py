"""What must never be, and was seen all the same: each time a line in the log, and a count for whoever watches."""

import logging
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

log = logging.getLogger(__name__)


class CertificateFault(StrEnum):
    """Why a certificate is not shown as genuine."""

    ROW_GONE = "row_gone"  # the journal says that it was issued, and there is no row of it
    NEVER_ISSUED = "never_issued"  # there is a row, and the journal knows nothing of it
    CHAIN_BROKEN = "chain_broken"  # what the journal of its case says can't be relied on
    UNREADABLE = "unreadable"  # the sealed content does not open: changed, or that of another, or the key is missing
    UNSIGNED = "unsigned"  # no key of ours signed this content
    COLUMN_DIFFERS = "column_differs"  # a column of the row says another thing than what was signed


class Alarms:
    """Of one process, since it began. No personal data: the case, and what was found."""

    def __init__(self) -> None:
        self._certificates: Counter[str] = Counter(dict.fromkeys(CertificateFault, 0))

    @property
    def certificates(self) -> Mapping[str, int]:
        return self._certificates

    def certificate(self, fault: CertificateFault, case_no: str, column: str | None = None) -> None:
        self._certificates[fault] += 1
        log.error("certificate is not genuine", extra={"case_no": case_no, "found": fault, "column": column})
