"""Note what people confirm, keep what they correct as a proposal, and decide about it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.confirming.queries import REGISTER_OF, Held, Whom
from plans.errors import NotThere, PlanError
from plans.models import Correction
from plans.registers.columns import register
from plans.registers.services import change_row, confirm_rows
from plans.turns import take_turn


def confirm(found: Held, *, today: date) -> None:
    """Note that what is held was found right by the person or firm itself; a firm speaks for its licences too.

    Source: upkeep.contacts, upkeep.licences.
    """
    confirm_rows(REGISTER_OF[found.whom], [found.id], today=today)
    if found.licences:
        confirm_rows(register("licences"), [one.id for one in found.licences], today=today)


def propose(found: Held, values: Mapping[str, str], note: str, *, by: str, today: date) -> Correction:
    """Keep what somebody says must change about them. Nothing is changed before the organisation accepts it.

    values: new texts by column. Raises PlanError when nothing is told.
    """
    if not values and not note:
        raise PlanError(_l("Write down what changed."), "note")
    row = Correction(
        contact_id=found.id if found.whom is Whom.CONTACT else None,
        party_id=found.id if found.whom is Whom.PARTY else None,
        values=dict(values),
        note=note,
        proposed_by=by,
        proposed_on=today,
        decided_at=None,
        accepted=None,
    )
    db.session().add(row)
    db.session().flush()
    return row


def decide(correction_id: UUID, *, accept: bool, by: str, at: datetime, version: int | None = None) -> bool:
    """Take a correction over into the register, or not; return whether this was the one that decided.

    Accepted values are confirmed on the day they were proposed. version: of the row beside which the correction was
    shown, None when nobody saw it. Raises NotThere, and EditConflict when somebody changed that row in between.
    """
    take_turn()
    row = db.session().scalar(sa.select(Correction).where(Correction.id == correction_id))
    if row is None:
        raise NotThere
    if row.decided_at is not None:
        return False
    if accept:
        whom = Whom.CONTACT if row.contact_id else Whom.PARTY
        about = row.contact_id or row.party_id
        assert about is not None  # the database keeps exactly one of the two
        change_row(REGISTER_OF[whom], about, {**row.values, "confirmed_on": row.proposed_on}, version=version)
    row.decided_at, row.decided_by, row.accepted = at, by, accept
    db.session().flush()
    return True
