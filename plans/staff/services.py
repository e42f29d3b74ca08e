"""Publish the staff instruction and note who acknowledged it."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.i18n import Language
from plans.errors import NotThere, PlanError
from plans.handbook import Section, of_section
from plans.items.queries import answers
from plans.models import Contact, InstructionReceipt, InstructionVersion
from plans.staff.queries import POLICY, instruction_text, lines, newest
from plans.turns import take_turn
from tenants import trail


def publish_instruction(*, by: str, today: date, language: Language) -> int:
    """Publish the instruction as it now reads and return its number. Every member of staff must read it anew.

    language: the language of the fixed lines. Raises PlanError when there is nothing to publish, or nothing new.
    Source: handbook, staff.policy.
    """
    take_turn()
    stored = answers([item.id for item in of_section(Section.STAFF)])
    policy = str(stored[POLICY].values.get("text") or "") if POLICY in stored else ""
    chosen = [line for line in lines(stored) if line.included]
    if not policy and not chosen:
        raise PlanError(_l("There is no text to publish yet. Write down what staff do, or choose lines."))
    text, parts, before = instruction_text(policy, chosen, language), [line.item.id for line in chosen], newest()
    if before is not None and before.text == text and sorted(before.parts) == sorted(parts):
        raise PlanError(_l("Nothing changed since the published version."))
    number = before.number + 1 if before else 1
    row = InstructionVersion(number=number, published_on=today, published_by=by, text=text, parts=parts)
    db.session().add(row)
    trail.record("instruction.published", "instruction_version", row.id, number=number)
    db.session().flush()
    return number


def acknowledge_instruction(version_id: UUID, contact_ids: Collection[UUID], *, on: date, today: date) -> int:
    """Note that members of staff acknowledged a published instruction on a day; return how many.

    Somebody who acknowledges again, because the first time was long ago, gets the later day.
    Raises NotThere for a version or somebody this organisation does not have, and PlanError for nobody,
    a day to come or a day before the instruction was published.
    """
    take_turn()
    published_on = db.session().scalar(
        sa.select(InstructionVersion.published_on).where(InstructionVersion.id == version_id)
    )
    if published_on is None:
        raise NotThere
    if not contact_ids:
        raise PlanError(_l("Tick at least one person."), "people")
    if on > today:
        raise PlanError(_l("This day is still to come."), "acknowledged_on")
    if on < published_on:
        raise PlanError(_l("On this day the instruction was not published yet."), "acknowledged_on")
    staff = sa.select(Contact.id).where(Contact.id.in_(contact_ids), Contact.is_staff, Contact.archived_at.is_(None))
    if set(db.session().scalars(staff)) != set(contact_ids):
        raise NotThere
    _note(version_id, contact_ids, on)
    return len(set(contact_ids))


def _note(version_id: UUID, contact_ids: Collection[UUID], on: date) -> None:
    row = InstructionReceipt
    query = sa.select(row).where(row.instruction_version_id == version_id, row.contact_id.in_(contact_ids))
    known = {receipt.contact_id: receipt for receipt in db.session().scalars(query)}
    for contact_id in sorted(set(contact_ids)):
        if contact_id in known:
            known[contact_id].acknowledged_on = max(known[contact_id].acknowledged_on, on)
        else:
            db.session().add(
                InstructionReceipt(instruction_version_id=version_id, contact_id=contact_id, acknowledged_on=on)
            )
    db.session().flush()
