"""What papers are made of: what the workbooks know, and of people and parties everything needed to reach them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from audits.workbooks.material import Material, gather
from core import db
from plans.facts import PlanFacts
from plans.models import Contact, ExternalParty, PartyKind
from plans.registers.cells import phone_text
from plans.staff.queries import Instruction, newest
from plans.versions.content import content_of, digest
from plans.versions.queries import Version, newest_version

NOBODY = "–"
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person to call. phones: formatted, the first is tried first."""

    name: str
    job_title: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""

    @property
    def numbers(self) -> str:
        """Return the numbers, one on a line."""
        return "\n".join(self.phones)


@dataclass(frozen=True, slots=True)
class Firm:
    """An external party to call. report_within_hours: as in plans.models.ExternalParty."""

    id: UUID
    kind: PartyKind
    name: str
    contact_name: str
    phone: str
    email: str
    reference: str
    report_within_hours: int | None


@dataclass(frozen=True, slots=True)
class PaperMaterial:
    """Everything a paper may show. digest: of the plan's content; changed: whether it differs from the newest version.

    version: the newest published one, None before the first.
    """

    base: Material
    people: Mapping[UUID, Somebody]
    firms: tuple[Firm, ...]
    instruction: Instruction | None
    version: Version | None
    digest: str

    @property
    def plan(self) -> PlanFacts:
        """Return the facts of the plan."""
        return self.base.facts.plan

    @property
    def changed(self) -> bool:
        """Tell whether the plan is no longer what was last published, or never was."""
        return self.version is None or self.version.digest != self.digest

    def person(self, row_id: UUID | None) -> Somebody | None:
        """Return a person, None for nobody."""
        return self.people.get(row_id) if row_id else None

    def name(self, row_id: UUID | None) -> str:
        """Return what a person is called, "" for nobody."""
        found = self.person(row_id)
        return found.name if found else ""

    def firm(self, row_id: UUID | None) -> str:
        """Return what an external party is called, "" for none."""
        return next((firm.name for firm in self.firms if firm.id == row_id), "")


def gather_paper(tenant_id: int, as_of: date) -> PaperMaterial:
    """Load what the papers of the open scope's organisation need. Queries: a fixed number."""
    base = gather(tenant_id, as_of)
    fingerprint = base.facts.plan.digest or digest(content_of(tenant_id))
    return PaperMaterial(base, _people(), _firms(), newest(), newest_version(), fingerprint)


def number(stored: str) -> str:
    """Return a telephone number as people dial it, never broken over two lines."""
    return phone_text(stored).replace(" ", NO_BREAK)


def _people() -> dict[UUID, Somebody]:
    row = Contact
    query = sa.select(row.id, row.name, row.job_title, row.phone, row.phone_2, row.email).where(
        row.archived_at.is_(None)
    )
    return {
        found.id: Somebody(
            found.name,
            found.job_title,
            tuple(number(phone) for phone in (found.phone, found.phone_2) if phone),
            found.email,
        )
        for found in db.session().execute(query)
    }


def _firms() -> tuple[Firm, ...]:
    row = ExternalParty
    query = sa.select(
        row.id,
        row.kind,
        row.name,
        row.contact_name,
        row.phone,
        row.email,
        row.reference,
        row.report_within_hours,
    ).where(row.archived_at.is_(None))
    places = list(PartyKind)
    found = (Firm(*line) for line in db.session().execute(query))
    return tuple(sorted(found, key=lambda one: (places.index(one.kind), one.name.casefold(), one.id)))
