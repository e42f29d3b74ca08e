"""Boundary tables: what a rule must say of which facts on which day."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from audits.judging.judgement import Gap, TenantFacts
from audits.judging.severity import Severity
from audits.rules import by_code
from tests.audits.rules.build import SOUND, TODAY, answering, plan

UNKNOWN = date(1, 1, 1)  # a day on which no judgement turns: the case does not look at it
MESSAGE_LENGTH = 300  # what the ledger keeps


@dataclass(frozen=True, slots=True)
class Said:
    """A gap that must be found: how bad, and a part of its text."""

    severity: Severity
    text: str


def fault(text: str) -> Said:
    return Said(Severity.FAULT, text)


def warning(text: str) -> Said:
    return Said(Severity.WARNING, text)


def notice(text: str) -> Said:
    return Said(Severity.NOTICE, text)


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a boundary table. turns: the first day on which something may change by itself."""

    name: str
    facts: TenantFacts
    said: tuple[Said, ...]
    today: date
    turns: date | None


Table = Mapping[str, tuple[Case, ...]]


def case(name: str, facts: TenantFacts, *said: Said, today: date = TODAY, turns: date | None = UNKNOWN) -> Case:
    return Case(name, facts, said, today, turns)


COMPLETE = case("complete", SOUND)


def lapsing(
    until: date,
    soon: str,
    lapsed: str,
    facts: TenantFacts = SOUND,
    worst: Callable[[str], Said] = fault,
    times: int = 1,
) -> tuple[Case, ...]:
    """Return the four days that matter of something valid up to and including `until`, judged `times` over."""
    day, opens = timedelta(days=1), until - timedelta(days=30)
    return (
        case("31 days left", facts, today=opens - day, turns=opens),
        case("30 days left", facts, *[notice(soon)] * times, today=opens, turns=until + day),
        case("last valid day", facts, *[notice(soon)] * times, today=until, turns=until + day),
        case("day after", facts, *[worst(lapsed)] * times, today=until + day, turns=None),
    )


def tightened(interval: str, *soon: str) -> tuple[Case, ...]:
    """Return the days that matter of what was done on DONE_ON, when the interval is ten days.

    Notice comes in the last third: three days.
    """
    facts = plan(intervals={interval: 10})
    said = tuple(notice(each) for each in soon)
    return (
        case("tightened to ten days, 4 left", facts, today=date(2027, 12, 7), turns=date(2027, 12, 8)),
        case("tightened to ten days, 3 left", facts, *said, today=date(2027, 12, 8), turns=date(2027, 12, 12)),
    )


def without(item_id: str, **texts: str) -> tuple[Case, ...]:
    """Return a case for each field of an answer: empty, with what must be said then."""
    return tuple(
        case(f"no {field}", answering(item_id, **{EMPTIED.get(field, field): None}), fault(text))
        for field, text in texts.items()
    )


# Fields that are kept as a reference to a row.
EMPTIED = {"keeper": "contact_id", "supplier": "party_id"}


def rows(table: Table) -> list[Any]:
    """Return the parameters (code, case) of a table."""
    return [pytest.param(code, each, id=f"{code}, {each.name}") for code, cases in table.items() for each in cases]


def check(code: str, wanted: Case) -> None:
    """Judge and compare: exactly the gaps that are wanted, each with its severity and words."""
    judgements = list(by_code()[code].check(wanted.facts, wanted.today))
    gaps = [each for each in judgements if isinstance(each, Gap)]
    told = [(gap.severity, gap.message % dict(gap.params)) for gap in gaps]
    assert Counter(severity for severity, _ in told) == Counter(each.severity for each in wanted.said), told
    for each in wanted.said:
        assert any(severity is each.severity and each.text in text for severity, text in told), told
    keys = [each.subject.key for each in judgements]
    assert len(set(keys)) == len(keys), "the ledger could not tell these apart"
    assert all(len(gap.message) <= MESSAGE_LENGTH for gap in gaps)
    turns = [each.changes_on for each in judgements if each.changes_on]
    assert all(turn > wanted.today for turn in turns)
    if wanted.turns is not UNKNOWN:
        assert min(turns, default=None) == wanted.turns
