"""The workbook of the upkeep: who read the instruction, what changed in the business, who was asked what by a link."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from flask_babel import gettext as _

from audits.workbooks.material import Material
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from plans import intervals
from plans.intervals import Interval
from plans.upkeep.living import Corrected, Touch
from plans.upkeep.touched import CHANGE_LABELS
from tenants.personal_links.matters import TOPIC_LABELS
from tenants.personal_links.queries import SentLink

Row = tuple[Value, ...]


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the five sheets. Nobody's address or number stands on any of them."""
    yield _instructions(material)
    yield _receipts(material)
    yield _changes(material)
    yield _links(material)
    yield _corrections(material)


def _instructions(material: Material) -> Sheet:
    columns = (
        Column(_("Version"), Kind.WHOLE, 9),
        Column(_("Published on"), Kind.DAY, 13),
        Column(_("Published by"), Kind.TEXT, 24),
        Column(_("Acknowledged by"), Kind.WHOLE, 14),
        Column(_("Members of staff"), Kind.WHOLE, 12),
        Column(_("Fingerprint (SHA-256)"), Kind.TEXT, 66),
    )
    staff = sum(one.is_staff for one in material.facts.plan.contacts.values())
    rows = [
        (one.number, one.published_on, one.published_by, one.read, staff, one.digest or None)
        for one in material.living.instructions
    ]
    return Sheet(_("Staff instruction"), columns, rows)


def _receipts(material: Material) -> Sheet:
    """Return who acknowledged which version, and first who has yet to acknowledge the newest."""
    columns = (
        Column(_("Version"), Kind.WHOLE, 9),
        Column(_("Name"), Kind.TEXT, 30),
        Column(_("Department"), Kind.TEXT, 24),
        Column(_("Acknowledged on"), Kind.DAY, 13),
        Column(_("By themselves"), Kind.YES_NO, 12),
        Column(_("Counts until"), Kind.DAY, 13),
    )
    living = material.living
    valid = timedelta(days=intervals.days(material.facts.plan.intervals, Interval.STAFF_RECEIPT))
    newest = living.instructions[0].number if living.instructions else 0
    rows: list[Row] = [(newest, one.name, one.department or None, None, None, None) for one in living.unread]
    rows += [
        (
            one.number,
            one.name,
            one.department or None,
            one.acknowledged_on,
            one.by_link,
            one.acknowledged_on + valid if one.number == newest else None,
        )
        for one in living.receipts
    ]
    return Sheet(_("Read receipts"), columns, rows)


def _changes(material: Material) -> Sheet:
    columns = (
        Column(_("Reported on"), Kind.DAY, 13),
        Column(_("What happened"), Kind.TEXT, 34),
        Column(_("In their words"), Kind.TEXT, 60),
        Column(_("Reported by"), Kind.TEXT, 24),
        Column(_("Item it touches"), Kind.TEXT, 44),
        Column(_("Looked at on"), Kind.DAY, 13),
        Column(_("Looked at by"), Kind.TEXT, 24),
        Column(_("State"), Kind.TEXT, 18),
    )
    titles = {one.id: one.title for one in material.items}
    return Sheet(_("Business changes"), columns, [_change(one, titles) for one in material.living.touches])


def _change(one: Touch, titles: Mapping[str, str]) -> Row:
    if not one.item_id:
        state: Value = None
    elif one.settled_on is None:
        state = Toned(_("To be looked at"), Tone.BAD)
    else:
        state = Toned(_("Still right") if one.still_right else _("Changed"), Tone.GOOD)
    return (
        one.reported_on,
        str(CHANGE_LABELS[one.kind]),
        one.what,
        one.reported_by,
        titles.get(one.item_id) or one.item_id or None,
        one.settled_on,
        one.settled_by or None,
        state,
    )


def _links(material: Material) -> Sheet:
    columns = (
        Column(_("For what"), Kind.TEXT, 36),
        Column(_("About"), Kind.TEXT, 34),
        Column(_("To whom"), Kind.TEXT, 26),
        Column(_("Asked by"), Kind.TEXT, 24),
        Column(_("Sent"), Kind.INSTANT, 18),
        Column(_("Last opened"), Kind.INSTANT, 18),
        Column(_("Answered"), Kind.INSTANT, 18),
        Column(_("Revoked"), Kind.INSTANT, 18),
        Column(_("Works until"), Kind.INSTANT, 18),
    )
    return Sheet(_("Asked by link"), columns, (_link(one) for one in material.living.links))


def _link(one: SentLink) -> Row:
    open_ = one.answered_at is None and one.revoked_at is None
    return (
        str(TOPIC_LABELS[one.topic]),
        one.label,
        one.name,
        one.sent_by,
        one.sent_at,
        one.opened_at,
        one.answered_at,
        one.revoked_at,
        one.works_until if open_ else None,
    )


def _corrections(material: Material) -> Sheet:
    """Return what people said must change. What it should become stands in the register once it is accepted."""
    columns = (
        Column(_("Proposed on"), Kind.DAY, 13),
        Column(_("About"), Kind.TEXT, 30),
        Column(_("Proposed by"), Kind.TEXT, 26),
        Column(_("What must change"), Kind.TEXT, 34),
        Column(_("In their words"), Kind.TEXT, 50),
        Column(_("Decided"), Kind.INSTANT, 18),
        Column(_("Decided by"), Kind.TEXT, 24),
        Column(_("Taken over"), Kind.YES_NO, 12),
    )
    return Sheet(_("Corrections"), columns, (_correction(one) for one in material.living.corrections))


def _correction(one: Corrected) -> Row:
    return (
        one.proposed_on,
        one.about or None,
        one.proposed_by,
        ", ".join(str(label) for label in one.columns) or None,
        one.note or None,
        one.decided_at,
        one.decided_by or None,
        one.accepted,
    )
