"""The standards workbook: each clause with the items that answer to it and how they are, both ways."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from audits.findings.texts import is_duty, rule_title, section_titles
from audits.judging.severity import Severity
from audits.reach import sees
from audits.rules import RULES
from audits.rules.clauses import Clause, clauses
from audits.status import STATUS_OF, duty_without
from audits.workbooks.material import Material
from audits.workbooks.plan import TONES
from core.sheets.cells import Kind, Toned
from core.sheets.writing import Column, Sheet, Value
from plans.status import STATUS_LABELS, Status


@dataclass(frozen=True, slots=True)
class Held:
    """How one item or duty stands. gaps: how many findings it has."""

    code: str
    status: Status
    gaps: int


def coverage(material: Material) -> list[tuple[Clause, list[Held]]]:
    """Return each clause, standard by standard, with how the items and duties that answer to it stand.

    What nothing asks for is in it without any; what others answer whom the reader may not see is left out.
    """
    gaps: dict[str, list[Severity]] = {}
    for gap in material.gaps:
        gaps.setdefault(gap.code, []).append(gap.severity)
    held = {rule.code: _held(material, rule.code, gaps.get(rule.code, [])) for rule in RULES if sees(rule.code)}
    found = [(clause, [held[code] for code in clause.codes if code in held]) for clause in clauses()]
    return [(clause, own) for clause, own in found if own or not clause.codes]


def _held(material: Material, code: str, gaps: list[Severity]) -> Held:
    if gaps:
        return Held(code, STATUS_OF[max(gaps, key=lambda one: one.rank)], len(gaps))
    waived = {one.item_id for one in material.waivers if not one.part and one.starts_on <= material.as_of <= one.until}
    if is_duty(code):
        services = material.facts.continuity.registrations
        return Held(code, duty_without(code, [one.declared_bankrupt_on for one in services]), 0)
    return Held(code, Status.LEFT_OUT if code in waived else Status.COMPLETE, 0)


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a row per clause, then a row per clause and item."""
    found = coverage(material)
    which = (
        Column(_("Standard"), Kind.TEXT, 16),
        Column(_("Clause"), Kind.TEXT, 18),
        Column(_("What it asks"), Kind.TEXT, 50),
    )
    yield Sheet(
        _("Clauses"),
        (
            *which,
            Column(_("Status"), Kind.TEXT, 18),
            Column(_("Items"), Kind.WHOLE, 10),
            Column(_("In order"), Kind.WHOLE, 10),
            Column(_("Findings"), Kind.WHOLE, 10),
        ),
        (_clause(clause, own) for clause, own in found),
    )
    sections = section_titles()
    yield Sheet(
        _("Items per clause"),
        (
            *which,
            Column(_("Section"), Kind.TEXT, 20),
            Column(_("Item"), Kind.TEXT, 40),
            Column(_("Status"), Kind.TEXT, 18),
            Column(_("Findings"), Kind.WHOLE, 10),
            Column(_("Code"), Kind.TEXT, 30),
        ),
        (_item(clause, one, sections) for clause, own in found for one in own),
    )


def _item(clause: Clause, one: Held, sections: Mapping[str, str]) -> tuple[Value, ...]:
    section = sections[one.code.partition(".")[0]]
    return *_named(clause), section, rule_title(one.code), _toned(one.status), one.gaps, one.code


def _named(clause: Clause) -> tuple[Value, Value, Value]:
    return clause.standard.value, clause.id, clause.title


def _clause(clause: Clause, own: list[Held]) -> tuple[Value, ...]:
    worst = max((one.status for one in own), key=list(Status).index, default=None)
    told = _toned(worst) if worst else _("No item of the plan and no duty of the scheme asks for this")
    fine = sum(one.status is Status.COMPLETE for one in own)
    return (*_named(clause), told, len(own), fine, sum(one.gaps for one in own))


def _toned(status: Status) -> Toned:
    return Toned(str(STATUS_LABELS[status]), TONES[status])
