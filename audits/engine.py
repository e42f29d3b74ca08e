"""Judge one organisation: facts, a day and rules in; gaps, what holds until when, and the next day to look out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from types import TracebackType

from audits.judging import WHOLE_PLAN, Gap, Holds, Judgement, Rule, Subject, TenantFacts, lapse
from audits.proposals import proposed
from audits.rules import RULES
from core.i18n import N_
from plans.facts import WaiverFact

# The part of the subject under which a whole-item waiver stands in for the judgements of its rule.
WAIVED = "waiver"
KEY_LENGTH = 120


class RuleFailed(Exception):
    """A rule could not judge these facts. A mistake of ours: its cause is chained."""

    def __init__(self, code: str) -> None:
        super().__init__(f"rule {code} failed")
        self.code = code


class IndistinctSubject(ValueError):
    """A rule judged one subject twice, or named it at more than KEY_LENGTH: the ledger could not tell them apart."""


@dataclass(frozen=True, slots=True)
class Judgements:
    """What was found on one day, each with the code of its rule, ordered by rule and subject.

    next_on: the first later day on which anything here could differ without anybody touching the data.
    """

    gaps: tuple[tuple[str, Gap], ...]
    holds: tuple[tuple[str, Holds], ...]
    next_on: date | None


def judge(facts: TenantFacts, today: date, rules: Sequence[Rule] = RULES) -> Judgements:
    """Apply every rule to `facts` as they count on `today` (a day in the organisation's zone).

    An item that is left out today is not judged by its own rule: the waiver holds, and gives notice before it lapses.
    After its last day the rule judges again as if nothing had been left out. Where something is still a proposal the
    item is not in order, whatever its rule says.
    Raises RuleFailed when a rule breaks off, or (caused by IndistinctSubject) judges one subject twice.
    """
    waived = {waiver.item_id: waiver for waiver in facts.plan.waivers if _stands(waiver, today)}
    judged: list[tuple[str, Judgement]] = []
    for rule in rules:
        if rule.code in waived:
            judged.append((rule.code, _left_out(waived[rule.code], today)))
        else:
            judged.extend((rule.code, gap) for gap in proposed(facts.plan, rule.code))
            judged.extend((rule.code, judgement) for judgement in _apply(rule, facts, today))
    days = [judgement.changes_on for _, judgement in judged if judgement.changes_on is not None]
    days.extend(_waiver_edges(facts.plan.waivers, today))
    return Judgements(
        gaps=tuple((code, found) for code, found in judged if isinstance(found, Gap)),
        holds=tuple((code, found) for code, found in judged if isinstance(found, Holds)),
        next_on=min(days, default=None),
    )


def _apply(rule: Rule, facts: TenantFacts, today: date) -> list[Judgement]:
    """Return the judgements of one rule, ordered by their subject's key."""
    with _Naming(rule.code):
        found = sorted(rule.check(facts, today), key=lambda judgement: judgement.subject.key)
        keys = [judgement.subject.key for judgement in found]
        for key, after in pairwise([*keys, ""]):
            if key == after or len(key) > KEY_LENGTH:
                raise IndistinctSubject(key)
    return found


def _stands(waiver: WaiverFact, today: date) -> bool:
    return not waiver.part and waiver.starts_on <= today <= waiver.until


def _left_out(waiver: WaiverFact, today: date) -> Judgement:
    subject = Subject(kind=WHOLE_PLAN.kind, part=WAIVED)
    message = N_("Left out until %(until)s. Decide again before then whether it still does not apply.")
    return lapse(subject, waiver.until, today, soon=message, lapsed=message)


def _waiver_edges(waivers: Iterable[WaiverFact], today: date) -> Iterator[date]:
    """Yield the later days on which a waiver begins to count, and on which it no longer does."""
    for waiver in waivers:
        if waiver.starts_on > today:
            yield waiver.starts_on
        if today <= waiver.until < date.max:
            yield waiver.until + timedelta(days=1)


class _Naming:
    """Tell which rule an error came from; never swallows it."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            raise RuleFailed(self.code) from error
