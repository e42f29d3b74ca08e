"""What people do by when it happens: steps, signs, whom to tell, instructions, versions of the plan."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StepFact:
    """A recovery step."""

    id: UUID
    position: int
    text: str
    system_id: UUID | None


@dataclass(frozen=True, slots=True)
class SignFact:
    """A sign by which those who decide know that the plan holds now."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AudienceFact:
    """An audience of the organisation's own, and who informs it."""

    id: UUID
    name: str
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class VersionFact:
    """A published version of the plan. digest: of what it said; approved_on: None where nobody approved it."""

    number: int
    published_on: date
    digest: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class InstructionFact:
    """A published staff instruction."""

    id: UUID
    number: int
    published_on: date
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """A member of staff acknowledged an instruction version."""

    instruction_version_id: UUID
    contact_id: UUID
    acknowledged_on: date
