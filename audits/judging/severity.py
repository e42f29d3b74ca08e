"""How bad a gap is: apart from the judgements, as the tables and whoever only counts need nothing else of them."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad a gap is, mildest first."""

    NOTICE = "notice"
    WARNING = "warning"
    FAULT = "fault"

    @property
    def rank(self) -> int:
        """Return 0 for the mildest."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
