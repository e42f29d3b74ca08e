"""One shape for a finding, whether it was kept in the ledger or judged a moment ago."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from audits.findings.texts import finding_text, places, rule_title, to_json
from audits.judging.judgement import Gap
from audits.judging.severity import Severity
from audits.reach import SCHEME
from audits.rules.unfilled import UNFILLED


class BareGap(NamedTuple):
    """An open finding without what is confidential of it: enough to tell how an item or duty stands.

    A tuple, as a page needs all there are; what is said of them is opened of the few that it shows.
    """

    code: str
    severity: Severity
    subject_id: UUID | None
    subject_key: str
    until: date | None
    message: str

    @property
    def unfilled(self) -> bool:
        """Tell whether it says that something is not there yet, rather than that it is wrong or lapsed."""
        return self.message in UNFILLED

    @property
    def registration_id(self) -> UUID | None:
        """Return the registration a duty's gap belongs to."""
        return _registration(self.code, self.subject_key)


class FoundGap(NamedTuple):
    """A gap as it is told. params: as texts.to_json gives them; since: None when the facts do not tell.

    A tuple, as a page makes one of every finding there is.
    """

    code: str
    subject_kind: str
    subject_id: UUID | None
    subject_key: str
    label: str
    severity: Severity
    message: str
    params: Mapping[str, Any]
    since: date | None
    until: date | None
    changes_on: date | None
    closed_at: datetime | None = None

    @property
    def title(self) -> str:
        """Return the title of the item or duty, in the reader's language."""
        return rule_title(self.code)

    @property
    def text(self) -> str:
        """Return the sentence, in the reader's language."""
        return finding_text(self.message, self.params)

    @property
    def unfilled(self) -> bool:
        """Tell whether it says that something is not there yet, rather than that it is wrong or lapsed."""
        return self.message in UNFILLED

    @property
    def part(self) -> str:
        """Return what tells this gap from others on the same object."""
        return self.subject_key.split(":", 2)[2]

    @property
    def registration_id(self) -> UUID | None:
        """Return the registration a duty's gap belongs to."""
        return _registration(self.code, self.subject_key)


def _registration(code: str, subject_key: str) -> UUID | None:
    if not code.startswith(SCHEME):
        return None
    # The part of it that tells it from others on the same object begins with that id.
    part = subject_key.split(":", 2)[2]
    return UUID(part[:32]) if len(part) >= 32 else None


def from_gap(code: str, gap: Gap) -> FoundGap:
    """Return a gap that was judged a moment ago."""
    subject = gap.subject
    return FoundGap(
        code,
        subject.kind,
        subject.id,
        subject.key,
        subject.label,
        gap.severity,
        gap.message,
        to_json(gap.params),
        gap.since,
        gap.until,
        gap.changes_on,
    )


def worst_first(found: Iterable[FoundGap]) -> list[FoundGap]:
    """Sort by severity, worst first, then in the catalogue's order, then by what it is about."""
    place = places()
    last = len(place)
    return sorted(
        found,
        key=lambda gap: (-gap.severity.rank, place.get(gap.code, last), gap.label.casefold(), gap.subject_key),
    )
