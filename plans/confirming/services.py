"""Note what people confirm, keep what they correct as a proposal, and decide about it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.confirming.queries import REGISTER_OF, Held, Whom
from plans.errors import NotThere, PlanError
from plans.models import Asset, AssetKind, Contact, Correction, ExternalParty, LicenceKeeper
from plans.registers.columns import register
from plans.registers.services import change_row, confirm_rows
from plans.turns import take_turn


def confirm(found: Held, *, today: date) -> None:
    """Note that what is held was found right by the person or firm itself, with the licences they were asked about.

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


def choose_keeper(licence_ids: Collection[UUID], whom: Whom, keeper_id: UUID) -> None:
    """Let a contact or an external party be asked about licences from now on, in place of whoever was.

    Raises PlanError for no licence, and NotThere for a licence or somebody that is not there.
    Source: handbook, upkeep.licences.
    """
    take_turn()
    if not licence_ids:
        raise PlanError(_l("Tick at least one licence."), "licences")
    model: Any = Contact if whom is Whom.CONTACT else ExternalParty
    there = sa.select(model.id).where(model.id == keeper_id, model.archived_at.is_(None))
    licences = sa.select(Asset.id).where(
        Asset.id.in_(licence_ids), Asset.kind == AssetKind.LICENCE, Asset.archived_at.is_(None)
    )
    if db.session().scalar(there) is None or set(db.session().scalars(licences)) != set(licence_ids):
        raise NotThere
    query = sa.select(LicenceKeeper).where(LicenceKeeper.asset_id.in_(licence_ids))
    rows = {row.asset_id: row for row in db.session().scalars(query)}
    for licence_id in sorted(set(licence_ids)):
        row = rows.get(licence_id) or LicenceKeeper(asset_id=licence_id)
        row.contact_id = keeper_id if whom is Whom.CONTACT else None
        row.party_id = keeper_id if whom is Whom.PARTY else None
        db.session().add(row)
    db.session().flush()


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
