"""What the page of the agreements about payments shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.i18n import Language
from plans.handbook import Item, Section, of_section
from plans.items.queries import StoredAnswer, answers
from plans.items.shown import Shown, shown_fields
from plans.models import Assignment, Contact, PaymentApproval
from plans.payments.agreements import AGREEMENTS, digest_of, is_agreed, unwatched
from plans.seats import TEAM_ITEM

# The seat of the calamity team that speaks for the management.
DIRECTOR = "management"


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreements as they are now. digest: their fingerprint; gap: the euros between which nobody looks."""

    stored: Mapping[str, StoredAnswer]
    digest: str
    gap: Decimal | None

    @property
    def open(self) -> list[Item]:
        """Return the items about which nothing was agreed yet."""
        return [item for item in of_section(Section.PAYMENTS) if not is_agreed(self._values(item.id))]

    def lines(self) -> list[tuple[Item, list[Shown]]]:
        """Return each agreement in the language of the reader."""
        return [
            (item, shown_fields(item.id, self.stored.get(item.id), {}, {})) for item in of_section(Section.PAYMENTS)
        ]

    def values(self) -> dict[str, Mapping[str, Any]]:
        """Return the fields of each agreement by name."""
        return {item_id: answer.values for item_id, answer in self.stored.items()}

    def _values(self, item_id: str) -> Mapping[str, Any] | None:
        return self.stored[item_id].values if item_id in self.stored else None


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved the agreements, and when. by_link: without an account."""

    id: UUID
    number: int
    approved_on: date
    approved_by: str
    digest: str
    by_link: bool


@dataclass(frozen=True, slots=True)
class Director:
    """Somebody who may approve by a personal link."""

    id: UUID
    name: str
    email: str
    language: Language | None


def agreements() -> Agreements:
    """Return the agreements as they are now."""
    stored = answers(AGREEMENTS)
    values = {item_id: answer.values for item_id, answer in stored.items()}
    return Agreements(stored, digest_of(values), unwatched(values))


def approvals() -> list[Approval]:
    """Return the approvals, newest first."""
    row = PaymentApproval
    query = sa.select(
        row.id, row.number, row.approved_on, row.approved_by, row.digest, row.contact_id.is_not(None)
    ).order_by(row.number.desc())
    return [Approval(*line) for line in db.session().execute(query)]


def directors() -> Sequence[Director]:
    """Return who sits in the team for the management, and the deputy: they may approve without an account."""
    seat = sa.select(Assignment.contact_id, Assignment.deputy_id).where(
        Assignment.item_id == TEAM_ITEM, Assignment.seat == DIRECTOR
    )
    found = db.session().execute(seat).one_or_none()
    ids = [one for one in found or () if one is not None]
    query = sa.select(Contact.id, Contact.name, Contact.email, Contact.language).where(
        Contact.id.in_(ids), Contact.archived_at.is_(None)
    )
    known = (
        {row.id: Director(row.id, row.name, row.email, row.language) for row in db.session().execute(query)}
        if ids
        else {}
    )
    return [known[one] for one in ids if one in known]
