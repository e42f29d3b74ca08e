"""The rules as people read them: what each judges, where it comes from, what complete means and how bad it may get."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from audits.findings.texts import rule_title, section_titles
from audits.judging.severity import Severity
from audits.rules import RULES
from audits.rules.clauses import Clause, Standard, by_code
from audits.rules.explained import EXPLAINED
from audits.rules.standing import INTERVALS, severities
from plans.intervals import INTERVAL_LABELS


@dataclass(frozen=True, slots=True)
class ToldRule:
    """One rule. clauses: by standard; severities: worst first; intervals: what those that count measure."""

    code: str
    title: str
    complete_when: Any
    clauses: tuple[tuple[Standard, tuple[Clause, ...]], ...]
    severities: tuple[Severity, ...]
    intervals: tuple[Any, ...]


def told_rules(section: str = "") -> list[tuple[str, list[ToldRule]]]:
    """Return the rules by the title of their section, in the catalogue's order, in the reader's language.

    section: the first word of the codes of the only section asked for; empty for all.
    """
    groups: dict[str, list[ToldRule]] = {one: [] for one in section_titles() if section in ("", one)}
    for rule in RULES:
        if (own := rule.code.partition(".")[0]) in groups:
            groups[own].append(_told(rule.code))
    return [(title, groups[one]) for one, title in section_titles().items() if one in groups]


def _told(code: str) -> ToldRule:
    by_standard = groupby(by_code()[code], key=lambda clause: clause.standard)
    return ToldRule(
        code,
        rule_title(code),
        EXPLAINED[code],
        tuple((standard, tuple(found)) for standard, found in by_standard),
        severities(code),
        tuple(INTERVAL_LABELS[one] for one in INTERVALS.get(code, ())),
    )
