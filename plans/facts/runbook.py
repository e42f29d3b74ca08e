"""What people do by when it happens: steps, signs, whom to tell, instructions, versions of the plan."""

from datetime import date
from typing import NamedTuple
from uuid import UUID


class StepFact(NamedTuple):
    """A recovery step."""

    id: UUID
    position: int
    text: str
    system_id: UUID | None


class SignFact(NamedTuple):
    """A sign by which those who decide know that the plan holds now. ends: by which they know that it is over."""

    id: UUID
    ends: bool = False


class AudienceFact(NamedTuple):
    """An audience of the organisation's own, and who informs it."""

    id: UUID
    name: str
    contact_id: UUID | None


class VersionFact(NamedTuple):
    """A published version of the plan. digest: of what it said; approved_on: None where nobody approved it."""

    number: int
    published_on: date
    digest: str = ""
    approved_on: date | None = None


class InstructionFact(NamedTuple):
    """A published staff instruction."""

    id: UUID
    number: int
    published_on: date
    parts: frozenset[str]


class ReceiptFact(NamedTuple):
    """A member of staff acknowledged an instruction version."""

    instruction_version_id: UUID
    contact_id: UUID
    acknowledged_on: date
