"""The scheme as data: three types and thirteen duties, with the ids everything else refers to.

Source: the scheme's own page (continuiteitsregeling.nl, "De regeling").
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from continuity.models import SchemeType
from core.i18n import Language, language

TYPE_LABELS = {
    SchemeType.HOSTING: _l("Hosting"),
    SchemeType.SERVER_MANAGEMENT: _l("Server management"),
    SchemeType.STANDARD_SOFTWARE: _l("Standard software"),
}
SCOPE_WARNINGS = {
    SchemeType.HOSTING: _l(
        "This scheme protects only the hosting service that you pass through to your clients. "
        "Your other services and products are not inventoried and not secured."
    ),
    SchemeType.SERVER_MANAGEMENT: _l(
        "This scheme protects only the management of your clients' servers. "
        "Your other services and products are not inventoried and not secured."
    ),
    SchemeType.STANDARD_SOFTWARE: _l(
        "This scheme protects only that your clients keep a licence on the named standard software. "
        "Your other services and products are not inventoried and not secured."
    ),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of the scheme and the types it applies to."""

    id: str
    applies_to: frozenset[SchemeType]
    title_nl: str
    title_en: str
    complete_when: str
    falls_due: str

    @property
    def title(self) -> str:
        """Return the title in the language of the reader."""
        return self.title_in(language())

    def title_in(self, chosen: Language) -> str:
        """Return the title in `chosen`."""
        return self.title_en if chosen is Language.ENGLISH else self.title_nl


@cache
def duties() -> tuple[Duty, ...]:
    """Return the thirteen duties in order."""
    path = Path(__file__).with_name("scheme.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Duty(
                row["id"],
                frozenset(SchemeType(name) for name in row["applies_to"].split()),
                row["title_nl"],
                row["title_en"],
                row["complete_when"],
                row["falls_due"],
            )
            for row in csv.DictReader(file)
        )


@cache
def by_id() -> dict[str, Duty]:
    """Return the duties by their id."""
    return {duty.id: duty for duty in duties()}


def of_type(scheme_type: SchemeType) -> tuple[Duty, ...]:
    """Return the duties that apply to one type."""
    return tuple(duty for duty in duties() if scheme_type in duty.applies_to)
