"""Who may put the plan to work: owners, and those whom the plan names, by the e-mail address of their account."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.models import Assignment, Contact
from plans.seats import HOLDER
from tenants.models import Alarm, Capacity

ITEM = "runbook.activation"


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody whom the plan names to decide. phones: as stored, the first is tried first."""

    name: str
    phones: tuple[str, ...]
    email: str


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks. name: with the reseller for which they act; email: of the account, which its owner has proved."""

    name: str
    email: str
    capacity: Capacity


def deciders() -> list[Decider]:
    """Return whom the plan names to decide, and their deputy. Source: handbook, runbook.activation."""
    seats = sa.select(Assignment.contact_id, Assignment.deputy_id).where(
        Assignment.item_id == ITEM, Assignment.seat == HOLDER
    )
    named: list[UUID] = [one for line in db.session().execute(seats) for one in line if one is not None]
    query = sa.select(Contact.id, Contact.name, Contact.phone, Contact.phone_2, Contact.email).where(
        Contact.id.in_(named), Contact.archived_at.is_(None)
    )
    found = sorted(db.session().execute(query), key=lambda one: named.index(one.id))
    return [Decider(one.name, tuple(filter(None, (one.phone, one.phone_2))), one.email) for one in found]


def may_decide(who: Account, kind: Alarm) -> bool:
    """Tell whether somebody may put the plan to work, and close it again.

    In earnest: an owner, or whom the plan names. To exercise: editors too. Nobody on behalf of a reseller.
    """
    if who.capacity is Capacity.OWNER or (who.capacity is Capacity.EDITOR and kind is Alarm.EXERCISE):
        return True
    if who.capacity not in (Capacity.EDITOR, Capacity.READER):
        return False
    return who.email.strip().casefold() in {one.email.strip().casefold() for one in deciders() if one.email}
