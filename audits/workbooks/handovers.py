"""The workbook of what was handed over to the foundation: rungs and openings with their days, and never a secret."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from audits.workbooks.material import Material
from continuity.handovers.ladder import RUNG_LABELS, Rung, Step, highest
from continuity.handovers.states import STATE_LABELS, UNSAFE, HandoverState
from continuity.handovers.telling import Line, OpeningLine
from continuity.models import DeliveryWay
from continuity.openings.states import GROUND_LABELS
from continuity.openings.states import STATE_LABELS as OPENING_LABELS
from continuity.scheme import HANDOVER_LABELS
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a sheet with a row for each item, and one with a row for each opening of a sealed delivery."""
    yield Sheet(_("Handovers"), _handover_columns(), (_handover(one, material) for one in material.handed_over.lines))
    yield Sheet(_("Openings"), _opening_columns(), (_opening(one) for one in material.handed_over.openings))


def _handover_columns() -> tuple[Column, ...]:
    return (
        Column(_("Service"), Kind.TEXT, 30),
        Column(_("Kind"), Kind.TEXT, 16),
        Column(_("What"), Kind.TEXT, 40),
        Column(_("Required"), Kind.YES_NO, 10),
        Column(_("Kept up to date by"), Kind.TEXT, 24),
        Column(_("State"), Kind.TEXT, 28),
        Column(_("Delivery number"), Kind.WHOLE, 10),
        Column(_("Handed over on"), Kind.DAY, 13),
        Column(_("Recorded on"), Kind.INSTANT, 18),
        Column(_("By whom"), Kind.TEXT, 24),
        Column(_("How"), Kind.TEXT, 28),
        Column(_("Fresh until"), Kind.DAY, 13),
        Column(_("What is in it"), Kind.TEXT, 60),
        Column(_("Confirmed on"), Kind.DAY, 13),
        Column(_("Confirmed by"), Kind.TEXT, 24),
        Column(_("How far it is proved"), Kind.TEXT, 40),
        *(Column(str(RUNG_LABELS[rung]), Kind.DAY, 16) for rung in _RUNGS),
        Column(_("Sealed to"), Kind.TEXT, 40),
        Column(_("Key out of use"), Kind.TEXT, 30),
        Column(_("Asked to seal again on"), Kind.INSTANT, 18),
        Column("SHA-256", Kind.TEXT, 66),
    )


_RUNGS = (Rung.SEALED, Rung.OPENABLE, Rung.LOGIN, Rung.TAKEOVER)


def _handover(one: Line, material: Material) -> tuple[Value, ...]:
    item, delivery, freshness = one.handed.item, one.handed.delivery, one.handed.freshness
    officers = one.handed.officers
    return (
        one.service,
        str(HANDOVER_LABELS[item.kind]),
        item.label,
        item.required,
        item.owner or None,
        Toned(str(STATE_LABELS[freshness.state]), _tone(freshness.state, required=item.required)),
        delivery.number if delivery else None,
        delivery.delivered_on if delivery else None,
        delivery.recorded_at if delivery else None,
        delivery.delivered_by if delivery else None,
        _way(delivery.way) if delivery else None,
        freshness.until,
        delivery.specification if delivery else None,
        delivery.confirmed_on if delivery else None,
        (delivery.confirmed_by or None) if delivery else None,
        str(RUNG_LABELS[highest(one.steps)]),
        *(_reached(one.steps, rung) for rung in _RUNGS),
        ", ".join(key.name for key in officers if key.ended_at is None) or None,
        ", ".join(key.name for key in officers if key.ended_at is not None) or None,
        delivery.reseal_asked_at if delivery else None,
        (delivery.file_sha256 or None) if delivery else None,
    )


def _tone(state: HandoverState, *, required: bool) -> Tone:
    if state is HandoverState.IN_ORDER:
        return Tone.GOOD
    return Tone.BAD if required and state in UNSAFE else Tone.WARN


def _way(way: DeliveryWay) -> str:
    match way:
        case DeliveryWay.SEALED:
            return str(_("Sealed to two officers together"))
        case DeliveryWay.STORED:
            return str(_("Kept here as a file"))
        case DeliveryWay.OUTSIDE:
            return str(_("Handed over outside Waarborg"))


def _reached(steps: tuple[Step, ...], rung: Rung) -> date | None:
    """Return the day on which a rung that still holds was reached."""
    return next((step.reached_on for step in steps if step.rung is rung and step.holds), None)


def _opening_columns() -> tuple[Column, ...]:
    return (
        Column(_("Service"), Kind.TEXT, 30),
        Column(_("What"), Kind.TEXT, 40),
        Column(_("Delivery number"), Kind.WHOLE, 10),
        Column(_("How far it is"), Kind.TEXT, 30),
        Column(_("On which ground"), Kind.TEXT, 24),
        Column(_("Why"), Kind.TEXT, 50),
        Column(_("Asked on"), Kind.INSTANT, 18),
        Column(_("Asked by"), Kind.TEXT, 24),
        Column(_("Leave given or refused on"), Kind.INSTANT, 18),
        Column(_("Leave given or refused by"), Kind.TEXT, 24),
        Column(_("Outer layer opened on"), Kind.INSTANT, 18),
        Column(_("Outer layer opened by"), Kind.TEXT, 24),
        Column(_("Contents taken on"), Kind.INSTANT, 18),
        Column(_("Contents for"), Kind.TEXT, 24),
        Column(_("Was what it should be"), Kind.YES_NO, 12),
        Column(_("Ended on"), Kind.INSTANT, 18),
    )


def _opening(one: OpeningLine) -> tuple[Value, ...]:
    row = one.listed.opening
    return (
        one.service,
        one.listed.item.label,
        one.listed.delivery.number,
        str(OPENING_LABELS[row.state]),
        str(GROUND_LABELS[row.ground]),
        row.purpose,
        row.asked_at,
        row.asked_by,
        row.decided_at,
        row.decided_by or None,
        row.first_at,
        row.first_by or None,
        row.second_at,
        row.second_by or None,
        row.matched,
        row.ended_at,
    )
