"""What clients answered to the deed by their links, which conditions were looked at, and who sees its own cover."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from continuity.models import (
    Acceptance,
    Addressee,
    Authority,
    Client,
    ConditionCheck,
    CoverClaim,
    Declaration,
    DeclarationKind,
    DeedInvitation,
    DeedVersion,
)
from core import db
from core.i18n import Language
from sample.days import Days
from sample.organisations import BAKERY, SUPPLIER

SENT_BY = SUPPLIER.people[0].name


def invite(client: Client, deed: DeedVersion, sent_at: datetime, *, viewed_at: datetime | None, reminders: int) -> None:
    """Note that a client was asked to accept, and whether somebody looked."""
    db.session().add(
        DeedInvitation(
            client_id=client.id,
            deed_version_id=deed.id,
            email=client.email,
            language=Language.DUTCH,
            sent_by=SENT_BY,
            sent_at=sent_at,
            reminders=reminders,
            viewed_at=viewed_at,
        )
    )


def declare(
    client: Client, deed: DeedVersion, kind: DeclarationKind, by: tuple[str, str], at: datetime, why: str = ""
) -> None:
    """Note what somebody declared by a link. by: name and function."""
    accepts = kind is DeclarationKind.ACCEPT
    db.session().add(
        Declaration(
            client_id=client.id,
            deed_version_id=deed.id,
            kind=kind,
            name=by[0],
            declared_as=by[1],
            authority=Authority.REGISTER if accepts else None,
            addressee=Addressee.FOUNDATION if accepts else None,
            note=why,
            email=client.email,
            declared_at=at,
            deed_sha256=deed.sha256,
            file_name="",
            file_type="",
            file_sha256="",
            receipt_sha256="",
        )
    )


def check(acceptance: Acceptance, deed: DeedVersion, met: int) -> None:
    """Note that the first `met` conditions are met."""
    for position in range(min(met, len(deed.conditions))):
        db.session().add(
            ConditionCheck(
                acceptance_id=acceptance.id,
                position=position,
                met_on=acceptance.conditions_met_on or acceptance.accepted_on,
                checked_by=SENT_BY,
            )
        )


def show_at_supplier(bakery_id: int, days: Days) -> UUID:
    """Let the supplier say which organisation the bakery is, in its scope; return which of its clients that is."""
    query = sa.select(Client).where(Client.name == BAKERY.values.name, Client.invited_on.is_not(None))
    client = db.session().scalars(query.order_by(Client.id).limit(1)).one()
    client.organisation_id, client.claimed_at = bakery_id, days.at(20, 10)
    db.session().flush()
    return client.id


def show_at_client(supplier_id: int, client_id: UUID, service: str, days: Days) -> None:
    """Let the bakery say, in its scope, that it is that client."""
    db.session().add(
        CoverClaim(
            supplier_id=supplier_id,
            client_id=client_id,
            service=service,
            claimed_by=BAKERY.people[0].name,
            claimed_at=days.at(20, 10),
        )
    )
    db.session().flush()
