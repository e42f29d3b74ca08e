"""What the duties of the scheme share: which registrations they judge, and how their subjects name them."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from audits.judging.judgement import STILL_TO_COME, Gap, Subject, TenantFacts
from audits.judging.severity import Severity
from continuity.facts import RegistrationFact
from continuity.scheme import by_id


def under(facts: TenantFacts, duty_id: str) -> Iterator[RegistrationFact]:
    """Yield the registrations whose type has a duty."""
    applies_to = by_id()[duty_id].applies_to
    return (found for found in facts.continuity.registrations if found.scheme_type in applies_to)


def about(
    registration: RegistrationFact,
    part: str = "",
    kind: str = "registration",
    row_id: UUID | None = None,
    label: str = "",
) -> Subject:
    """Return the subject of a judgement under a registration; its part begins with the registration's id."""
    parts = [registration.id.hex, part] if part else [registration.id.hex]
    return Subject(kind, row_id or registration.id, label or registration.service_name, ":".join(parts))


def ahead(subject: Subject, day: date) -> Gap:
    """Return the gap of a day that was filled in but has yet to come."""
    return Gap(subject, Severity.FAULT, STILL_TO_COME, {"day": day}, changes_on=day)
