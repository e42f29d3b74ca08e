"""The plan workbook: one row for each of the 75 items and the own ones, with its answer in words and its status."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from audits.findings.texts import section_titles
from audits.status import item_states
from audits.workbooks.material import Material
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from plans.items.left_out import CurrentWaiver
from plans.status import STATUS_LABELS, ItemState, Status
from plans.versions.queries import STATE_LABELS, Way

TONES = {
    Status.LEFT_OUT: Tone.PLAIN,
    Status.COMPLETE: Tone.GOOD,
    Status.DUE_SOON: Tone.SOON,
    Status.ATTENTION: Tone.WARN,
    Status.TO_DO: Tone.BAD,
}


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the sheet of the plan, and that of its versions."""
    columns = (
        Column(_("Section"), Kind.TEXT, 20),
        Column(_("Item"), Kind.TEXT, 40),
        Column(_("Status"), Kind.TEXT, 18),
        Column(_("Answer"), Kind.TEXT, 60),
        Column(_("Remarks"), Kind.TEXT, 60),
        Column(_("Answered on"), Kind.DAY, 13),
        Column(_("Answered by"), Kind.TEXT, 22),
        Column(_("Left out because"), Kind.TEXT, 40),
        Column(_("Left out until"), Kind.DAY, 13),
        Column(_("Proposed by"), Kind.TEXT, 22),
        Column(_("Approved by"), Kind.TEXT, 22),
        Column(_("Approved on"), Kind.DAY, 13),
        Column(_("Code"), Kind.TEXT, 30),
    )
    yield Sheet(_("Plan"), columns, _rows(material))
    yield _versions(material)


def standing(material: Material) -> tuple[dict[str, ItemState], dict[str, CurrentWaiver]]:
    """Return the state of each item, and by which waiver it is left out as a whole."""
    waivers = _waivers(material.waivers, material.as_of)
    ends = {item_id: waiver.until for item_id, waiver in waivers.items()}
    return item_states(material.gaps, ends, material.own_ids), waivers


def _rows(material: Material) -> Iterator[tuple[Value, ...]]:
    states, waivers = standing(material)
    sections = section_titles()
    for item in material.items:
        state, answer, waiver = states[item.id], material.answers.get(item.id), waivers.get(item.id)
        yield (
            sections[item.section],
            item.title,
            Toned(str(STATUS_LABELS[state.status]), TONES[state.status]),
            material.told.get(item.id) or None,
            "\n".join(remark.text for remark in state.remarks) or None,
            answer.answered_on if answer else None,
            answer.answered_by if answer else None,
            waiver.reason if waiver else None,
            waiver.until if waiver else None,
            waiver.author if waiver else None,
            waiver.approved_by if waiver else None,
            waiver.starts_on if waiver else None,
            item.id,
        )


def _versions(material: Material) -> Sheet:
    """Return the sheet that tells of each version who did what when, newest first."""
    columns = (
        Column(_("Version"), Kind.WHOLE, 9),
        Column(_("State"), Kind.TEXT, 22),
        Column(_("Sent for review"), Kind.INSTANT, 18),
        Column(_("Sent by"), Kind.TEXT, 22),
        Column(_("Approved"), Kind.INSTANT, 18),
        Column(_("Approved by"), Kind.TEXT, 22),
        Column(_("In use since"), Kind.INSTANT, 18),
        Column(_("Put into use by"), Kind.TEXT, 22),
        Column(_("Sent back"), Kind.INSTANT, 18),
        Column(_("Sent back by"), Kind.TEXT, 22),
        Column(_("Why it was sent back"), Kind.TEXT, 40),
        Column(_("What is new"), Kind.TEXT, 40),
        Column(_("Fingerprint (SHA-256)"), Kind.TEXT, 66),
    )
    return Sheet(_("Versions"), columns, (_version(way) for way in material.versions))


def _version(way: Way) -> tuple[Value, ...]:
    used = (way.ended_at, way.ended_by) if way.number else (None, None)
    back = (way.ended_at, way.ended_by) if not way.number else (None, None)
    return (
        way.number,
        str(STATE_LABELS[way.state]),
        way.proposed_at,
        way.proposed_by or None,
        way.approved_at,
        way.approved_by or None,
        *used,
        *back,
        way.reason or None,
        way.note or None,
        way.digest,
    )


def _waivers(waivers: tuple[CurrentWaiver, ...], today: date) -> dict[str, CurrentWaiver]:
    """Return the waivers of whole items that count today."""
    return {one.item_id: one for one in waivers if not one.part and one.starts_on <= today <= one.until}
