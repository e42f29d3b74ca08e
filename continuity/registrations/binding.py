"""A scheme on which clients rely is not its supplier's to take back: it ends as was announced, or not at all.

Source: art. 6:253 (2) and 6:254 BW; rules 3.4 B2, B10; docs/decisions/ending-a-scheme.md.
"""

from datetime import date
from typing import Protocol

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import Acceptance, Agreement, AgreementKind, DeedVersion, Registration
from continuity.registrations.states import BOUND, ENDED, IN_FORCE
from core import db

RELIED_ON = _l(
    "Clients rely on this scheme, so this cannot be taken back. Announce the end of the scheme: they are told, and it "
    "stays in force up to and including its last day."
)


class Contract(Protocol):
    """What an agreement says of its days, as a row or as it is to become."""

    @property
    def kind(self) -> AgreementKind:
        """Which agreement it is."""

    @property
    def first_signed_on(self) -> date | None:
        """When the first party signed."""

    @property
    def second_signed_on(self) -> date | None:
        """When the second party signed."""

    @property
    def starts_on(self) -> date | None:
        """The first day, inclusive."""

    @property
    def ends_on(self) -> date | None:
        """The last day, inclusive."""


def relied_on(owner: Registration) -> bool:
    """Tell whether clients rely on a scheme: it is in force, or the foundation is bound and a client accepted."""
    return owner.state in IN_FORCE or (owner.state in BOUND and _accepted(owner))


def _accepted(owner: Registration) -> bool:
    same = sa.and_(DeedVersion.tenant_id == Acceptance.tenant_id, DeedVersion.id == Acceptance.deed_version_id)
    query = (
        sa.select(Acceptance.id)
        .join(DeedVersion, same)
        .where(
            DeedVersion.tenant_id == owner.tenant_id,
            DeedVersion.registration_id == owner.id,
            Acceptance.ended_on.is_(None),
        )
    )
    return db.session().scalar(query.limit(1)) is not None


def refuse_relied_on(owner: Registration) -> None:
    """Raise Refused while clients rely on a scheme."""
    if relied_on(owner):
        raise Refused(RELIED_ON)


def refuse_shorter(owner: Registration, duration_months: int) -> None:
    """Raise Refused where continuity is to be delivered for fewer months than those on which clients rely, or did."""
    if duration_months < owner.duration_months and (owner.state in ENDED or relied_on(owner)):
        raise Refused(_l("Clients rely on this length. It can be made longer, not shorter."), "duration_months")


def refuse_taking_back(row: Agreement) -> None:
    """Raise Refused where `row` is a framework agreement on which clients rely, and is to be put away."""
    if _span(row) is not None and relied_on(_owner(row)):
        raise Refused(RELIED_ON)


def refuse_shortening(row: Agreement, values: Contract) -> None:
    """Raise Refused where clients rely on `row`, and it would bind on fewer days once `values` stand in it."""
    before, after = _span(row), _span(values)
    if before is None or not relied_on(_owner(row)):
        return
    if after is None or after[0] > before[0] or after[1] < before[1]:
        raise Refused(RELIED_ON, "ends_on")


def _span(told: Contract) -> tuple[date, date] | None:
    """Return the first and last day on which a framework agreement binds; None while it was not signed by both."""
    if told.kind is not AgreementKind.FRAMEWORK or told.first_signed_on is None or told.second_signed_on is None:
        return None
    first_on = max(told.first_signed_on, told.second_signed_on, told.starts_on or date.min)
    return first_on, told.ends_on or date.max


def _owner(row: Agreement) -> Registration:
    return db.session().get_one(Registration, (row.tenant_id, row.registration_id))
