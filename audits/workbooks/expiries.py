"""The expiries workbook: what lapses in the twelve months from the day, and how much of it in which month."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from audits.findings.texts import places, rule_title, section_titles
from audits.workbooks.material import Material
from core.clock import add_months
from core.sheets.cells import Kind, Tone, Toned, shaded
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
    """Yield the list, then how much of it lapses in which month."""
    found = endings(material)
    columns = (
        Column(_("Valid until"), Kind.DAY, 13),
        Column(_("Month"), Kind.MONTH, 11),
        Column(_("Days left"), Kind.WHOLE, 11),
        Column(_("State"), Kind.TEXT, 16),
        Column(_("Section"), Kind.TEXT, 20),
        Column(_("Item"), Kind.TEXT, 40),
        Column(_("About"), Kind.TEXT, 34),
        Column(_("Code"), Kind.TEXT, 30),
    )
    yield Sheet(_("What lapses"), columns, _rows(found, material.as_of))
    yield _by_month(material, found)


def _rows(found: list[Ending], today: date) -> Iterator[tuple[Value, ...]]:
    sections = section_titles()
    for one in found:
        left = (one.until - today).days
        state = Toned(_("Lapsed"), Tone.BAD) if left < 0 else _state(left)
        section = sections[one.code.partition(".")[0]]
        yield (one.until, one.until.replace(day=1), left, state, section, rule_title(one.code), one.label, one.code)


def _state(left: int) -> Toned:
    return Toned(_("Lapses soon"), Tone.SOON) if left <= 30 else Toned(_("In order"), Tone.GOOD)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _by_month(material: Material, found: list[Ending]) -> Sheet:
    """Return the heat map: a row per item, a column per month ahead and one for what has lapsed, and the totals."""
    first = material.as_of.replace(day=1)
    months = [_month(add_months(first, ahead)) for ahead in range(MONTHS + 1)]
    total, lapsed = _("Total"), _("Lapsed")
    counts = Counter((one.code, "" if one.until < material.as_of else _month(one.until)) for one in found)
    most = max(counts.values(), default=0)
    columns = (
        Column(_("Section"), Kind.TEXT, 20),
        Column(_("Item"), Kind.TEXT, 40),
        *(Column(title, Kind.WHOLE, 10) for title in (lapsed, *months, total)),
    )
    sections, place = section_titles(), places()
    rows: list[tuple[Value, ...]] = []
    for code in sorted({one.code for one in found}, key=lambda one: (place.get(one, len(place)), one)):
        cells = [counts[code, month] for month in ("", *months)]
        shades = [shaded(number, most) if number else None for number in cells]
        rows.append((sections[code.partition(".")[0]], rule_title(code), *shades, sum(cells)))
    sums = [sum(number for (_code, when), number in counts.items() if when == month) for month in ("", *months)]
    if rows:
        rows.append((total, None, *sums, len(found)))
    return Sheet(_("Per month"), columns, rows)
