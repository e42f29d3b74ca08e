"""The rules as people read them: what each judges, where it comes from, and what complete means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audits.rules import RULES
from audits.rules.explained import EXPLAINED
from audits.texts import rule_title, section_titles


@dataclass(frozen=True, slots=True)
class ToldRule:
    """One rule. clauses: {standard: clause ids}."""

    code: str
    title: str
    complete_when: Any
    clauses: Mapping[str, str]


def told_rules() -> list[tuple[str, list[ToldRule]]]:
    """Return the rules by the title of their section, in the catalogue's order, in the reader's language."""
    groups: dict[str, list[ToldRule]] = {section: [] for section in section_titles()}
    for rule in RULES:
        told = ToldRule(rule.code, rule_title(rule.code), EXPLAINED[rule.code], rule.clauses)
        groups[rule.code.partition(".")[0]].append(told)
    return [(title, groups[section]) for section, title in section_titles().items()]
