"""Whom a reminder of a term goes to: who reports by the plan, else who leads, else the owners."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core import db
from core.i18n import Language
from core.mail.outbox import ADDRESS
from plans.calamity.frozen import FrozenPerson
from plans.calamity.queries import Told
from plans.calamity.telling import reporter
from plans.calamity.terms import Reports
from plans.models import Contact
from tenants.models import Membership, Role, User
from tenants.relations import in_force


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is mailed. language: as they chose, None for the organisation's; signs_in: is a member here.

    key: of somebody in the frozen plan, whose name goes from there when they are erased, "" for nobody in it.
    """

    name: str
    email: str
    language: Language | None = None
    signs_in: bool = True
    key: str = ""


def recipients(found: Told, reports: Reports, at: datetime) -> list[Recipient]:
    """Return whom a reminder goes to, never nobody while the organisation has an owner who can sign in.

    Read anew for each mail: who was put away in the plan, or was a member and is none any more, is passed over.
    """
    members = _members(at)
    named = found.frozen.person(reporter(found.frozen, reports))
    for chosen in (_in_plan([named] if named else [], members), _leading(found, members)):
        if chosen:
            return chosen
    return [_member(one) for one in members if one.current and one.role is Role.OWNER]


def _leading(found: Told, members: Iterable[Any]) -> list[Recipient]:
    """Return who leads now: a member by that name, else whom the plan knows by it."""
    leader = _plain(found.leader)
    by_account = [_member(one) for one in members if one.current and _plain(one.name) == leader]
    return by_account or _in_plan([one for one in found.frozen.people if _plain(one.name) == leader], members)


def _in_plan(people: Iterable[FrozenPerson], members: Iterable[Any]) -> list[Recipient]:
    """Return those of the frozen plan who have an address and are still in use, by their account where they have one.

    Whoever had an account here and was shut out is not written to, whatever the plan says.
    """
    wanted = [one for one in people if ADDRESS.fullmatch(one.email)]
    in_use = {one.hex for one in db.session().scalars(sa.select(Contact.id).where(Contact.archived_at.is_(None)))}
    chosen = []
    for person in wanted:
        accounts = [one for one in members if _plain(one.email) == _plain(person.email)]
        current = [one for one in accounts if one.current]
        if person.key not in in_use or (accounts and not current):
            continue
        by_account = replace(_member(current[0]), key=person.key) if current else None
        chosen.append(by_account or Recipient(person.name, person.email, signs_in=False, key=person.key))
    return chosen


def _members(at: datetime) -> list[Any]:
    """Return everybody who ever was a member of the open scope's organisation, and whether they are one now."""
    current = sa.and_(in_force(Membership, at), User.disabled_at.is_(None), User.erased_at.is_(None))
    query = (
        sa.select(User.name, User.email, User.language, Membership.role, current.label("current"))
        .join(Membership, Membership.user_id == User.id)
        .order_by(User.email, Membership.starts_at)
    )
    return list(db.session().execute(query).all())


def _member(row: Any) -> Recipient:
    return Recipient(row.name, row.email, row.language)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
