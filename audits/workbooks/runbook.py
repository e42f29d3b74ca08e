"""The workbook of the runbook: seats and tasks, signs, who is informed, whom to call in, and the day of recovery."""

from collections.abc import Iterator
from uuid import UUID

from flask_babel import gettext as _

from audits.workbooks.material import Material
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from plans import intervals
from plans.handbook import Section, of_section
from plans.intervals import Interval
from plans.registers.cells import phone_text
from plans.registers.people import PARTY_KINDS
from plans.runbook.queries import known_since
from plans.seats import ITEM_SEATS, TEAM_ITEM

Row = tuple[Value, ...]


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the five sheets."""
    yield _seats(material)
    yield _signs(material)
    yield _informed(material)
    yield _parties(material)
    yield _day(material)


def _seats(material: Material) -> Sheet:
    """Return everybody with a place in the runbook, and for the team whether they know their task."""
    columns = (
        Column(_("Item"), Kind.TEXT, 36),
        Column(_("Seat"), Kind.TEXT, 28),
        Column(_("Who"), Kind.TEXT, 24),
        Column(_("Telephone"), Kind.TEXT, 18),
        Column(_("Deputy"), Kind.TEXT, 24),
        Column(_("Telephone of the deputy"), Kind.TEXT, 18),
        Column(_("Task"), Kind.TEXT, 60),
        Column(_("Task changed on"), Kind.DAY, 13),
        Column(_("Acknowledged on"), Kind.DAY, 13),
        Column(_("Counts today"), Kind.YES_NO, 12),
    )
    plan = material.facts.plan
    counts = intervals.counting(plan.intervals, Interval.TASK, material.as_of)
    rows: list[Row] = []
    for item in of_section(Section.RUNBOOK):
        for seat in ITEM_SEATS.get(item.id, ()):
            found = plan.assignments.get((item.id, seat.name))
            if found is None or not (found.contact_id or found.deputy_id or found.task):
                continue
            holder = plan.contacts.get(found.contact_id) if found.contact_id else None
            deputy = plan.contacts.get(found.deputy_id) if found.deputy_id else None
            known = known_since(found.acknowledged_on, found.task_changed_on, counts.oldest)
            rows.append(
                (
                    item.title,
                    str(seat.label),
                    holder.name if holder else None,
                    _phone(holder.phone if holder else ""),
                    deputy.name if deputy else None,
                    _phone(deputy.phone if deputy else ""),
                    found.task or None,
                    found.task_changed_on,
                    found.acknowledged_on,
                    known if item.id == TEAM_ITEM and found.task else None,
                )
            )
    return Sheet(_("Seats and tasks"), columns, rows)


def _signs(material: Material) -> Sheet:
    columns = (
        Column(_("No."), Kind.WHOLE, 6),
        Column(_("Sign"), Kind.TEXT, 72),
        Column(_("Tells that it is over"), Kind.YES_NO, 12),
    )
    return Sheet(_("Signs"), columns, [(number, one.text, one.ends) for number, one in enumerate(material.signs, 1)])


def _informed(material: Material) -> Sheet:
    """Return who informs whom: the three audiences of the handbook, and the organisation's own."""
    columns = (
        Column(_("Who is informed"), Kind.TEXT, 32),
        Column(_("By whom"), Kind.TEXT, 24),
        Column(_("Telephone"), Kind.TEXT, 18),
        Column(_("Deputy"), Kind.TEXT, 24),
        Column(_("How"), Kind.TEXT, 60),
        Column(_("To be told within (hours)"), Kind.WHOLE, 20),
    )
    people, item_id = material.facts.plan.contacts, "runbook.informing"
    told: list[tuple[str, UUID | None, UUID | None, str, int | None]] = [
        (str(seat.label), found.contact_id, found.deputy_id, "", None)
        for seat in ITEM_SEATS[item_id]
        if (found := material.facts.plan.assignments.get((item_id, seat.name)))
    ]
    told += [(one.name, one.contact_id, one.deputy_id, one.how, one.report_within_hours) for one in material.audiences]
    rows: list[Row] = []
    for name, contact_id, deputy_id, how, hours in told:
        who = people.get(contact_id) if contact_id else None
        deputy = people.get(deputy_id) if deputy_id else None
        phone = _phone(who.phone if who else "")
        rows.append((name, who.name if who else None, phone, deputy.name if deputy else None, how or None, hours))
    return Sheet(_("Who informs whom"), columns, rows)


def _parties(material: Material) -> Sheet:
    columns = (
        Column(_("Kind"), Kind.TEXT, 22),
        Column(_("Who"), Kind.TEXT, 34),
        Column(_("Telephone"), Kind.TEXT, 18),
        Column(_("Confirmed on"), Kind.DAY, 13),
    )
    kinds = {choice.value: str(choice.label) for choice in PARTY_KINDS}
    rows = [(kinds[one.kind], one.name, _phone(one.phone), one.confirmed_on) for one in material.facts.plan.parties]
    return Sheet(_("External parties"), columns, rows)


def _day(material: Material) -> Sheet:
    """Return the steps of the recovery on the clock, by number."""
    columns = (
        Column(_("No."), Kind.WHOLE, 6),
        Column(_("Step"), Kind.TEXT, 60),
        Column(_("Who does it"), Kind.TEXT, 24),
        Column(_("Takes (minutes)"), Kind.WHOLE, 10),
        Column(_("Begins after (minutes)"), Kind.WHOLE, 12),
        Column(_("Done after (minutes)"), Kind.WHOLE, 12),
        Column(_("May be later"), Kind.YES_NO, 10),
        Column(_("After step"), Kind.TEXT, 14),
        Column(_("At the same time as"), Kind.TEXT, 18),
        Column(_("Brings back"), Kind.TEXT, 28),
        Column(_("Wanted within (hours)"), Kind.WHOLE, 12),
        Column(_("Too late (minutes)"), Kind.WHOLE, 12),
    )
    rows: list[Row] = [
        (
            one.number,
            one.step.text,
            one.step.who,
            one.step.minutes,
            one.begins,
            one.ends,
            one.at_least,
            _numbers(one.before),
            _numbers(one.together),
            one.step.system,
            one.step.rto_hours,
            one.late_by or None,
        )
        for one in material.day
    ]
    return Sheet(_("Recovery day plan"), columns, rows)


def _numbers(found: tuple[int, ...]) -> str | None:
    return ", ".join(map(str, found)) or None


def _phone(stored: str) -> str | None:
    return phone_text(stored) if stored else None
