"""The expiries workbook: what lapses in the twelve months from the day, and how much of it in which month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from audits.texts import rule_title, section_titles
from audits.workbooks.material import Material
from core.clock import add_months
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that is valid up to and including `until`."""

    until: date
    code: str
    label: str


def endings(material: Material) -> list[Ending]:
    """Return what has lapsed or lapses within twelve months of the day, soonest first."""
    horizon = add_months(material.as_of, MONTHS)
    found = [Ending(held.until, code, held.subject.label) for code, held in material.judgements.holds]
    found += [Ending(gap.until, gap.code, gap.label) for gap in material.gaps if gap.until is not None]
    return sorted((one for one in found if one.until <= horizon), key=lambda one: (one.until, one.code, one.label))


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the list, then the count per section and month."""
    found = endings(material)
    columns = (
        Column(_("Valid until"), Kind.DAY, 13),
        Column(_("Month"), Kind.TEXT, 11),
        Column(_("Days left"), Kind.WHOLE, 11),
        Column(_("State"), Kind.TEXT, 16),
        Column(_("Section"), Kind.TEXT, 20),
        Column(_("Item"), Kind.TEXT, 40),
        Column(_("About"), Kind.TEXT, 34),
        Column(_("Code"), Kind.TEXT, 30),
    )
    yield Sheet(_("What lapses"), columns, _rows(found, material.as_of))
    yield _by_month(found)


def _rows(found: list[Ending], today: date) -> Iterator[tuple[Value, ...]]:
    sections = section_titles()
    for one in found:
        left = (one.until - today).days
        state = Toned(_("Lapsed"), Tone.BAD) if left < 0 else _state(left)
        section = sections[one.code.partition(".")[0]]
        yield (one.until, _month(one.until), left, state, section, rule_title(one.code), one.label, one.code)


def _state(left: int) -> Toned:
    return Toned(_("Lapses soon"), Tone.SOON) if left <= 30 else Toned(_("In order"), Tone.GOOD)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _by_month(found: list[Ending]) -> Sheet:
    """Return a sheet with a row per section, a column per month and the totals of both."""
    import pandas  # costs over a second: only who makes a workbook pays for it

    sections, total = section_titles(), _("Total")
    name = _("Per month")
    if not found:
        return Sheet(name, (Column(_("Section"), Kind.TEXT, 24), Column(total, Kind.WHOLE, 10)), ())
    frame = pandas.DataFrame(
        {
            "section": [sections[one.code.partition(".")[0]] for one in found],
            "month": [_month(one.until) for one in found],
        }
    )
    table = pandas.crosstab(frame["section"], frame["month"], margins=True, margins_name=total)
    months = [str(month) for month in table.columns]
    columns = (Column(_("Section"), Kind.TEXT, 24), *(Column(month, Kind.WHOLE, 10) for month in months))
    rows: list[tuple[Value, ...]] = [
        (str(section), *(int(count) for count in table.loc[section])) for section in table.index
    ]
    return Sheet(name, columns, rows)
