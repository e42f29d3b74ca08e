"""An acceptance that came on paper, recorded by hand."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import Acceptance, Addressee, Authority, Client, DeedVersion, Registration
from continuity.registrations.holding import refuse_once_begun
from continuity.registrations.keeping import kept
from core import db


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

    Raises Refused for a draft, for a day before the publication, for an end before the beginning, and once the
    period began, whatever the day: from then on only the foundation admits anybody; EditConflict when somebody saved
    since `seen`.
    Source: scheme.acceptances; rules 3.4 B1, B3, B8; decisions (acceptance after the bankruptcy).
    """
    refuse_once_begun(owner)
    if row is not None:
        row.expect_version(seen)
    _refuse_days(deed, values)
    row = row or Acceptance(client_id=client.id, deed_version_id=deed.id)
    with kept(owner.id, row):
        db.session().add(row)
        _apply(row, values)
    return row


def _apply(row: Acceptance, values: AcceptanceValues) -> None:
    row.accepted_on, row.accepted_by, row.accepted_as = values.accepted_on, values.accepted_by, values.accepted_as
    row.ended_on, row.ended_why = values.ended_on, values.ended_why
    row.authority, row.addressee = values.authority, values.addressee


def _refuse_days(deed: DeedVersion, values: AcceptanceValues) -> None:
    if deed.published_on is None:
        raise Refused(_l("A draft cannot be accepted. Publish it first."))
    if deed.closed_on is not None and values.accepted_on > deed.closed_on:
        raise Refused(_l("This version was no longer offered then."), "accepted_on")
    if values.accepted_on < deed.published_on:
        raise Refused(_l("This version was published later than that."), "accepted_on")
    if values.ended_on is not None and values.ended_on < values.accepted_on:
        raise Refused(_l("It would end before it starts."), "ended_on")
    if values.ended_on is not None and not values.ended_why:
        raise Refused(_l("Fill in why."), "ended_why")
