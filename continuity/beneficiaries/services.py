"""Changes to deed versions, clients and acceptances."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import Acceptance, Client, DeedVersion, Registration
from continuity.registrations.states import settle_under
from core import db
from core.ids import new_id
from plans.turns import known, take_turn
from tenants import trail


@dataclass(frozen=True, slots=True)
class DeedValues:
    """What a deed says: its text, and its conditions one by one."""

    text: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientValues:
    """A client. monthly_fee: euro a month it will pay the foundation while the scheme runs."""

    name: str
    kvk: str
    email: str
    monthly_fee: Decimal | None
    invited_on: date | None


@dataclass(frozen=True, slots=True)
class AcceptanceValues:
    """A client's declaration. conditions_met_on: the day all conditions were last found met."""

    accepted_on: date
    accepted_by: str
    accepted_as: str
    conditions_met_on: date | None
    ended_on: date | None


def deed_digest(text: str, conditions: list[str]) -> str:
    """Return the SHA-256, in hexadecimal, of a deed's text and conditions: what a client accepted can be proved."""
    canonical = json.dumps(
        {"conditions": conditions, "text": text}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def add_draft(owner: Registration, values: DeedValues) -> DeedVersion:
    """Begin a new version of the deed. Raises Refused when there is a draft already.

    Source: scheme.beneficiary-deed.
    """
    newest = db.session().scalar(
        sa.select(DeedVersion)
        .where(DeedVersion.registration_id == owner.id)
        .order_by(DeedVersion.number.desc())
        .limit(1)
    )
    if newest is not None and newest.published_on is None:
        raise Refused(_l("There is a draft already. Change that one."))
    row = DeedVersion(
        registration_id=owner.id,
        number=newest.number + 1 if newest else 1,
        text=values.text,
        conditions=list(values.conditions),
    )
    db.session().add(row)
    db.session().flush()
    return row


def change_draft(row: DeedVersion, values: DeedValues, *, seen: int) -> None:
    """Change a draft. Raises EditConflict when somebody saved since `seen`, Refused once it was published."""
    _refuse_published(row)
    row.expect_version(seen)
    row.text, row.conditions = values.text, list(values.conditions)
    db.session().flush()


def publish(row: DeedVersion, *, seen: int, today: date) -> None:
    """Publish a draft: from now on its text never changes, and earlier acceptances no longer count for this version.

    Raises Refused when it was published already, or has no text or no conditions; EditConflict when somebody saved
    since `seen`, because then this is not the text that was read.
    Source: scheme.beneficiary-deed; rules 3.4 B2.
    """
    _refuse_published(row)
    row.expect_version(seen)
    if not row.text or not row.conditions:
        raise Refused(_l("A deed without text or conditions cannot be published."))
    row.published_on = today
    row.sha256 = deed_digest(row.text, row.conditions)
    trail.record("deed.published", "deed_version", row.id, number=row.number, sha256=row.sha256)
    db.session().flush()
    settle_under(row)


def _refuse_published(row: DeedVersion) -> None:
    if row.published_on is not None:
        raise Refused(_l("This version was published and can no longer change. Make a new version."))


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


def change_client(row: Client, values: ClientValues, *, seen: int) -> None:
    """Change a client. Raises EditConflict when somebody saved since `seen`."""
    row.expect_version(seen)
    _apply_client(row, values)
    db.session().flush()


def _apply_client(row: Client, values: ClientValues) -> None:
    row.name, row.kvk, row.email = values.name, values.kvk, values.email
    row.monthly_fee, row.invited_on = values.monthly_fee, values.invited_on


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
    row.conditions_met_on, row.ended_on = values.conditions_met_on, values.ended_on
    db.session().flush()
    return row


def _refuse_days(owner: Registration, deed: DeedVersion, values: AcceptanceValues) -> None:
    if deed.published_on is None:
        raise Refused(_l("A draft cannot be accepted. Publish it first."))
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
