"""The sheet of what is left out: why, who proposed and approved it, until when; and what waits for an owner."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from audits.findings.texts import section_titles
from audits.workbooks.material import Material
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from plans.items.parts import part_labels


def sheet(material: Material) -> Sheet:
    """Return a row for each item, or part of one, that is left out or proposed to be, in the handbook's order."""
    columns = (
        Column(_("Section"), Kind.TEXT, 20),
        Column(_("Item"), Kind.TEXT, 40),
        Column(_("Part"), Kind.TEXT, 22),
        Column(_("State"), Kind.TEXT, 22),
        Column(_("Left out because"), Kind.TEXT, 50),
        Column(_("Proposed by"), Kind.TEXT, 22),
        Column(_("Proposed on"), Kind.DAY, 13),
        Column(_("Approved by"), Kind.TEXT, 22),
        Column(_("Approved on"), Kind.DAY, 13),
        Column(_("Approved own proposal, as the only owner"), Kind.YES_NO, 16),
        Column(_("Left out until"), Kind.DAY, 13),
        Column(_("Code"), Kind.TEXT, 30),
    )
    return Sheet(_("What is left out"), columns, _rows(material))


def _rows(material: Material) -> Iterator[tuple[Value, ...]]:
    sections = section_titles()
    for item in material.items:
        parts = dict(part_labels(item))
        for one in (each for each in material.waivers if each.item_id == item.id):
            yield (
                sections[item.section],
                item.title,
                str(parts[one.part]) if one.part else None,
                _state(one.until, material.as_of),
                one.reason,
                one.author,
                one.proposed_on,
                one.approved_by,
                one.starts_on,
                one.alone,
                one.until,
                item.id,
            )
        for asked in (each for each in material.proposals if each.item_id == item.id):
            yield (
                sections[item.section],
                item.title,
                str(parts[asked.part]) if asked.part else None,
                Toned(_("Waits for an owner"), Tone.WARN),
                asked.reason,
                asked.author,
                asked.proposed_on,
                None,
                None,
                None,
                asked.until,
                item.id,
            )


def _state(until: date, as_of: date) -> Toned:
    return Toned(_("Counts again"), Tone.BAD) if until < as_of else Toned(_("Not applicable"), Tone.PLAIN)
