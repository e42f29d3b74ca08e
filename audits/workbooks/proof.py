"""The workbook of back-ups and tests: copies, programme, results, what must follow, and what restores proved."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _

from audits.workbooks.material import Material
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from plans import intervals
from plans.backup.forms import CLOUD_LABELS, MADE_LABELS
from plans.backup.queries import Copy
from plans.intervals import Interval
from plans.keeping import HOLDS_LABELS, KEEPING_LABELS
from plans.shapes import RESTORE
from plans.testing.forms import OUTCOME_LABELS
from plans.testing.programme_forms import SAMPLE_LABELS, title_of
from plans.testing.proof import MINUTES, proofs

Row = tuple[Value, ...]


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the five sheets."""
    yield _copies(material)
    yield _programme(material)
    yield _results(material)
    yield _follow_ups(material)
    yield _proven(material)


def _copies(material: Material) -> Sheet:
    days = intervals.days(material.facts.plan.intervals, Interval.OFFSITE)
    names = {system.id: system.name for system in material.facts.plan.systems}
    rows = [_copy(one, days, names) for one in material.copies if not one.archived]
    return Sheet(_("Back-up copies"), _copy_columns(), rows)


def _copy_columns() -> tuple[Column, ...]:
    return (
        Column(_("Copy"), Kind.TEXT, 30),
        Column(_("What it holds"), Kind.TEXT, 20),
        Column(_("Where it is"), Kind.TEXT, 34),
        Column(_("Outside the building"), Kind.YES_NO, 12),
        Column(_("Never connected"), Kind.YES_NO, 12),
        Column(_("How it is kept"), Kind.TEXT, 26),
        Column(_("Days you can go back"), Kind.WHOLE, 12),
        Column(_("How often it is made"), Kind.TEXT, 22),
        Column(_("Whose data is in it"), Kind.TEXT, 30),
        Column(_("Is what you keep in the cloud in it too?"), Kind.TEXT, 18),
        Column(_("Are the settings of your systems in it too?"), Kind.YES_NO, 14),
        Column(_("Can it be deleted from your network?"), Kind.YES_NO, 14),
        Column(_("Who may delete it"), Kind.TEXT, 26),
        Column(_("Who keeps it"), Kind.TEXT, 24),
        Column(_("How it is encrypted"), Kind.TEXT, 26),
        Column(_("Where the key is kept"), Kind.TEXT, 26),
        Column(_("The key lies apart"), Kind.YES_NO, 12),
        Column(_("Who can reach it at night"), Kind.TEXT, 24),
        Column(_("How it is reached at night"), Kind.TEXT, 30),
        Column(_("Version of the plan"), Kind.WHOLE, 11),
        Column(_("Last seen on"), Kind.DAY, 13),
        Column(_("Last reached on"), Kind.DAY, 13),
        Column(_("Counts until"), Kind.DAY, 13),
    )


def _copy(one: Copy, days: int, names: Mapping[UUID, str]) -> Row:
    return (
        one.name,
        str(HOLDS_LABELS[one.holds]),
        one.location or None,
        one.off_site,
        one.offline,
        str(KEEPING_LABELS[one.keeping]) if one.keeping else None,
        one.kept_days,
        str(MADE_LABELS[one.made_every]) if one.made_every else None,
        ", ".join(names[each] for each in names if each in one.system_ids) or None,
        str(CLOUD_LABELS[one.cloud_in]) if one.cloud_in else None,
        one.settings_in,
        one.deletable,
        one.may_delete or None,
        one.keeper or None,
        one.encryption or None,
        one.key_place or None,
        one.key_apart,
        one.night_contact or None,
        one.night_how or None,
        one.plan_version,
        one.there_on,
        one.reached_on,
        one.fresh_until(days),
    )


def _programme(material: Material) -> Sheet:
    columns = (
        Column(_("Planned on"), Kind.DAY, 13),
        Column(_("Test"), Kind.TEXT, 40),
        Column(_("Who does it"), Kind.TEXT, 24),
        Column(_("How it goes"), Kind.TEXT, 40),
        Column(_("Done on"), Kind.DAY, 13),
        Column(_("Result"), Kind.TEXT, 14),
        Column(_("Drawn from"), Kind.TEXT, 22),
        Column(_("Of how many"), Kind.WHOLE, 10),
        Column(_("Size of the sample"), Kind.WHOLE, 10),
        Column(_("Why this sample"), Kind.TEXT, 40),
        Column(_("Seed of the draw"), Kind.TEXT, 20),
        Column(_("Drawn by"), Kind.TEXT, 22),
    )
    rows: list[Row] = [
        (
            one.planned_on,
            title_of(one.item_id),
            one.who or None,
            one.how or None,
            one.done_on,
            str(OUTCOME_LABELS[one.outcome]) if one.outcome else None,
            str(SAMPLE_LABELS[one.sample_of]) if one.sample_of else None,
            len(one.sample_ids) if one.drawn_at else None,
            one.sample_size if one.drawn_at else None,
            one.sample_reason or None,
            one.sample_seed or None,
            one.drawn_by or None,
        )
        for one in material.planned
        if not one.archived
    ]
    return Sheet(_("Programme"), columns, rows)


def _results(material: Material) -> Sheet:
    columns = (
        Column(_("Done on"), Kind.DAY, 13),
        Column(_("Test"), Kind.TEXT, 40),
        Column(_("Result"), Kind.TEXT, 14),
        Column(_("Hours measured"), Kind.DECIMAL, 11),
        Column(_("Cost"), Kind.MONEY, 12),
        Column(_("Systems restored"), Kind.TEXT, 40),
        Column(_("What was found"), Kind.TEXT, 60),
    )
    names = {one.id: one.name for one in material.facts.plan.systems}
    found = [one for group in material.facts.plan.results.values() for one in group]
    rows: list[Row] = [
        (
            one.done_on,
            title_of(one.item_id),
            str(OUTCOME_LABELS[one.outcome]),
            _hours(one.minutes),
            one.cost,
            ", ".join(sorted(names[each] for each in one.system_ids if each in names)) or None,
            one.note or None,
        )
        for one in sorted(found, key=lambda one: (one.done_on, one.id), reverse=True)
    ]
    return Sheet(_("Results"), columns, rows)


def _follow_ups(material: Material) -> Sheet:
    columns = (
        Column(_("What must be done"), Kind.TEXT, 50),
        Column(_("Test"), Kind.TEXT, 34),
        Column(_("Who does it"), Kind.TEXT, 24),
        Column(_("Opened on"), Kind.DAY, 13),
        Column(_("To be done by"), Kind.DAY, 13),
        Column(_("Closed on"), Kind.DAY, 13),
        Column(_("Closed by"), Kind.TEXT, 24),
        Column(_("What was done"), Kind.TEXT, 60),
    )
    rows: list[Row] = [
        (
            one.what,
            title_of(one.item_id) or None,
            one.owner or None,
            one.opened_on,
            one.due_on,
            one.closed_on,
            one.closed_by or None,
            one.done or None,
        )
        for one in material.follow_ups
    ]
    return Sheet(_("Follow-ups"), columns, rows)


def _proven(material: Material) -> Sheet:
    columns = (
        Column(_("System"), Kind.TEXT, 34),
        Column(_("Wanted back within (hours)"), Kind.WHOLE, 14),
        Column(_("Proven (hours)"), Kind.DECIMAL, 12),
        Column(_("Slower than wanted"), Kind.YES_NO, 12),
        Column(_("Restored on"), Kind.DAY, 13),
        Column(_("Counts until"), Kind.DAY, 13),
    )
    plan = material.facts.plan
    found = proofs(plan.results.get(RESTORE, ()), material.as_of)
    valid = timedelta(days=intervals.days(plan.intervals, Interval.RESTORE))
    rows: list[Row] = []
    for system in plan.systems:
        proof = found.get(system.id)
        rows.append(
            (
                system.name,
                system.rto_hours,
                _hours(proof.minutes) if proof else None,
                proof.slower_than(system.rto_hours) if proof else None,
                proof.done_on if proof else None,
                proof.done_on + valid if proof else None,
            )
        )
    return Sheet(_("What restores proved"), columns, rows)


def _hours(minutes: int | None) -> Decimal | None:
    return None if minutes is None else (Decimal(minutes) / MINUTES).quantize(Decimal("0.01"))
