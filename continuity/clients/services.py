"""Changes to the clients of a service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.clients import changing
from continuity.clients.listing import Known, Line
from continuity.models import Client, Registration
from continuity.registrations.holding import begun
from core import db
from core.i18n import Language
from core.ids import new_id
from plans.turns import known, take_turn


@dataclass(frozen=True, slots=True)
class ClientValues:
    """A client. monthly_fee: euro a month it will pay the foundation while the scheme runs."""

    name: str
    kvk: str
    email: str
    monthly_fee: Decimal | None
    invited_on: date | None
    language: Language | None = None


def add_client(owner: Registration, values: ClientValues, *, row_id: UUID | None = None) -> Client:
    """Add a client of the service; the same form, whose row gets `row_id`, sent twice adds one."""
    take_turn()
    if (there := known(Client, row_id)) is not None:
        return there
    row = Client(id=row_id or new_id(), registration_id=owner.id)
    _apply_client(row, values)
    db.session().add(row)
    db.session().flush()
    return row


def known_clients(owner: Registration) -> Known:
    """Return the clients that `owner` has, as a list that is brought in compares them."""
    query = sa.select(Client.name, Client.kvk, Client.email).where(
        Client.tenant_id == owner.tenant_id, Client.registration_id == owner.id, Client.archived_at.is_(None)
    )
    rows = db.session().execute(query).all()
    return Known(
        names=frozenset(row.name.casefold() for row in rows), kvks=frozenset(row.kvk for row in rows if row.kvk)
    )


def add_listed(owner: Registration, lines: Sequence[Line]) -> int:
    """Add the clients of the good rows of a list and return how many; the same list sent twice adds them once."""
    take_turn()
    there = known_clients(owner)
    added = 0
    for line in lines:
        if line.problems or line.name.casefold() in there.names or (line.kvk and line.kvk in there.kvks):
            continue
        values = ClientValues(line.name, line.kvk, line.email, line.fee, None, line.language)
        row = Client(registration_id=owner.id)
        _apply_client(row, values)
        db.session().add(row)
        added += 1
    db.session().flush()
    return added


def change_client(owner: Registration, row: Client, values: ClientValues, *, seen: int, at: datetime) -> bool:
    """Change a client; once the period began what is said is held for the foundation. Tells whether it is held.

    Raises EditConflict when somebody saved since `seen`. Source: rules 3.7 T10.
    """
    row.expect_version(seen)
    after = changing.told_of(values)
    if begun(owner):
        changing.hold(row, after, at=at)
        return True
    changing.keep(row, changing.told_of(row), after, at=at)
    _apply_client(row, values)
    db.session().flush()
    return False


def _apply_client(row: Client, values: ClientValues) -> None:
    row.name, row.kvk, row.email = values.name, values.kvk, values.email
    row.monthly_fee, row.invited_on = values.monthly_fee, values.invited_on
    row.language = values.language
