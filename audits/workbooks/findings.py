"""The findings workbook: one row for each gap, worst first, and what is left out so that it gives none."""

from collections.abc import Iterator

from flask_babel import gettext as _

from audits.findings.texts import section_titles
from audits.findings.words import SEVERITY_LABELS, subject_label
from audits.judging.severity import Severity
from audits.reach import reaches
from audits.rules import by_code
from audits.workbooks import left_out
from audits.workbooks.material import Material
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from tenants.owned import Area

TONES = {Severity.NOTICE: Tone.SOON, Severity.WARNING: Tone.WARN, Severity.FAULT: Tone.BAD}


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the sheet of findings, and where the plan is open that of what is left out."""
    columns = (
        Column(_("Severity"), Kind.TEXT, 14),
        Column(_("Section"), Kind.TEXT, 20),
        Column(_("Item"), Kind.TEXT, 34),
        Column(_("What is found"), Kind.TEXT, 60),
        Column(_("About"), Kind.TEXT, 28),
        Column(_("Kind of object"), Kind.TEXT, 18),
        Column(_("Since"), Kind.DAY, 13),
        Column(_("Valid until"), Kind.DAY, 13),
        Column(_("Days left"), Kind.WHOLE, 11),
        Column(_("Who is to act"), Kind.TEXT, 28),
        Column(_("Code"), Kind.TEXT, 30),
        Column(_("Clauses of standards"), Kind.TEXT, 50),
    )
    yield Sheet(_("Findings"), columns, _rows(material))
    if reaches(Area.PLAN):
        yield left_out.sheet(material)


def _rows(material: Material) -> Iterator[tuple[Value, ...]]:
    sections = section_titles()
    rules = by_code()
    for gap in material.gaps:
        clauses = rules[gap.code].clauses
        since = gap.since or material.since.get((gap.code, gap.subject_key)) or material.as_of
        yield (
            Toned(str(SEVERITY_LABELS[gap.severity]), TONES[gap.severity]),
            sections[gap.code.partition(".")[0]],
            gap.title,
            gap.text,
            gap.label,
            subject_label(gap.subject_kind),
            min(since, material.as_of),
            gap.until,
            None if gap.until is None else (gap.until - material.as_of).days,
            material.owners.of(gap).told or None,
            gap.code,
            "; ".join(f"{standard} {clause}" for standard, clause in clauses.items()),
        )
