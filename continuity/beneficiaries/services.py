"""Changes to clients and acceptances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.beneficiaries.listing import Known, Line
from continuity.errors import Refused
from continuity.models import Acceptance, Addressee, Authority, Client, DeedVersion, Registration
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


@dataclass(frozen=True, slots=True)
class AcceptanceValues:
    """A client's declaration, recorded by hand, and that it ended."""

    accepted_on: date
    accepted_by: str
    accepted_as: str
    ended_on: date | None
    authority: Authority | None = None
    addressee: Addressee | None = None
    ended_why: str = ""


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


def change_client(row: Client, values: ClientValues, *, seen: int) -> None:
    """Change a client. Raises EditConflict when somebody saved since `seen`."""
    row.expect_version(seen)
    _apply_client(row, values)
    db.session().flush()


def _apply_client(row: Client, values: ClientValues) -> None:
    row.name, row.kvk, row.email = values.name, values.kvk, values.email
    row.monthly_fee, row.invited_on = values.monthly_fee, values.invited_on
    row.language = values.language


def save_acceptance(
    owner: Registration,
    client: Client,
    deed: DeedVersion,
    row: Acceptance | None,
    values: AcceptanceValues,
    *,
    seen: int,
) -> Acceptance:
    """Record that a client accepted a published version of the deed, or correct what was recorded.

    Raises Refused for a draft, for a day before the publication, for an end before the beginning, and for an
    acceptance on or after the day of a declared bankruptcy, which only the foundation may admit; EditConflict when
    somebody saved since `seen`.
    Source: scheme.acceptances; rules 3.4 B1, B3, B8; decisions (acceptance after the bankruptcy).
    """
    if row is not None:
        row.expect_version(seen)
    _refuse_days(owner, deed, values)
    if row is None:
        row = Acceptance(client_id=client.id, deed_version_id=deed.id)
        db.session().add(row)
    row.accepted_on, row.accepted_by, row.accepted_as = values.accepted_on, values.accepted_by, values.accepted_as
    row.ended_on, row.ended_why = values.ended_on, values.ended_why
    row.authority, row.addressee = values.authority, values.addressee
    db.session().flush()
    return row


def _refuse_days(owner: Registration, deed: DeedVersion, values: AcceptanceValues) -> None:
    if deed.published_on is None:
        raise Refused(_l("A draft cannot be accepted. Publish it first."))
    if deed.closed_on is not None and values.accepted_on > deed.closed_on:
        raise Refused(_l("This version was no longer offered then."), "accepted_on")
    if values.accepted_on < deed.published_on:
        raise Refused(_l("This version was published later than that."), "accepted_on")
    declared_on = owner.declared_bankrupt_on
    if declared_on is not None and values.accepted_on >= declared_on:
        raise Refused(
            _l("From the day of the bankruptcy on, only the foundation can admit a client. Ask the foundation."),
            "accepted_on",
        )
    if values.ended_on is not None and values.ended_on < values.accepted_on:
        raise Refused(_l("It would end before it starts."), "ended_on")
    if values.ended_on is not None and not values.ended_why:
        raise Refused(_l("Fill in why."), "ended_why")
