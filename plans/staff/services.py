"""Publish the staff instruction and note who acknowledged it."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.i18n import Language
from plans.errors import NotThere, PlanError
from plans.fields import INCLUDED, YES
from plans.handbook import Section, of_section
from plans.items.queries import answers
from plans.items.services import AnswerValues, save_answer
from plans.models import Contact, InstructionReceipt, InstructionVersion
from plans.staff.queries import POLICY, instruction_text, lines, newest, other_language
from plans.turns import expect_seen, take_turn
from plans.upkeep.digest import canonical
from tenants import trail


def publish_instruction(*, by: str, today: date, language: Language, told: str | None = None) -> int:
    """Publish the instruction as it now reads and return its number. Every member of staff must read it anew.

    language: in which the own texts are written; the fixed lines are there in both. What has no translation is told
    in its own words. told: turns.seen() of the answers on the page, None when nobody saw one.
    Raises PlanError when there is nothing to publish, or nothing new; EditConflict when somebody saved in between.
    Source: handbook, staff.policy.
    """
    take_turn()
    stored = answers([item.id for item in of_section(Section.STAFF)])
    expect_seen(stored.values(), told)
    own = stored[POLICY].values if POLICY in stored else {}
    policy = str(own.get("text") or "")
    chosen = [line for line in lines(stored) if line.included]
    if not policy and not chosen:
        raise PlanError(_l("There is no text to publish yet. Write down what staff do, or choose lines."))
    before, parts, other = newest(), [line.item.id for line in chosen], other_language(language)
    texts = {
        language: instruction_text(policy, chosen, language),
        other: instruction_text(str(own.get("translation") or policy), chosen, other, translated=True),
    }
    if before is not None and dict(before.texts) == texts and sorted(before.parts) == sorted(parts):
        raise PlanError(_l("Nothing changed since the published version."))
    row = InstructionVersion(
        number=before.number + 1 if before else 1,
        published_on=today,
        published_by=by,
        text=texts[language],
        language=language,
        translation=texts[other],
        parts=parts,
        digest=instruction_digest(texts, parts),
    )
    number = row.number
    db.session().add(row)
    trail.record("instruction.published", "instruction_version", row.id, number=number, digest=row.digest)
    db.session().flush()
    return number


def include_lines(*, by: str, today: date) -> int:
    """Take every line of the instruction that nobody decided on yet into it; return how many.

    by: the name of who answers; today: the day it counts from.
    """
    take_turn()
    asked = [item.id for item in of_section(Section.STAFF) if item.id != POLICY]
    stored = answers(asked)
    found = [one for one in asked if one not in stored or not stored[one].values.get(INCLUDED)]
    for item_id in found:
        values = dict(stored[item_id].values) if item_id in stored else {}
        save_answer(item_id, AnswerValues({**values, INCLUDED: YES}), by=by, today=today)
    return len(found)


def instruction_digest(texts: Mapping[Language, str], parts: Collection[str]) -> str:
    """Return the SHA-256, in 64 hexadecimal digits, of what an instruction says in each language and its parts."""
    told = {"texts": {language.value: text for language, text in texts.items()}, "parts": sorted(parts)}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def acknowledge_instruction(
    version_id: UUID, contact_ids: Collection[UUID], *, on: date, today: date, by_link: bool = False
) -> int:
    """Note that members of staff acknowledged a published instruction on a day; return how many.

    by_link: they said so themselves.

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
    _note(version_id, contact_ids, on, by_link=by_link)
    return len(set(contact_ids))


def _note(version_id: UUID, contact_ids: Collection[UUID], on: date, *, by_link: bool) -> None:
    row = InstructionReceipt
    query = sa.select(row).where(row.instruction_version_id == version_id, row.contact_id.in_(contact_ids))
    known = {receipt.contact_id: receipt for receipt in db.session().scalars(query)}
    for contact_id in sorted(set(contact_ids)):
        if contact_id in known:
            if on >= known[contact_id].acknowledged_on:
                known[contact_id].acknowledged_on, known[contact_id].by_link = on, by_link
        else:
            db.session().add(
                InstructionReceipt(
                    instruction_version_id=version_id, contact_id=contact_id, acknowledged_on=on, by_link=by_link
                )
            )
    db.session().flush()
