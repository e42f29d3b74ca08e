"""Judge one organisation: facts, a day and rules in; gaps, what holds until when, and the next day to look out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audits.judging.judgement import WHOLE_PLAN, Gap, Holds, Judgement, Rule, Subject, TenantFacts, lapse
from audits.judging.proposals import proposed
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
    proposals = {fact.item_id for fact in facts.plan.proposals}
    judged: list[tuple[str, Judgement]] = []
    for rule in rules:
        code = rule.code
        if code in waived:
            judged.append((code, _left_out(waived[code], today)))
            continue
        if code in proposals:
            judged.extend((code, gap) for gap in proposed(facts.plan, code))
        judged.extend([(code, judgement) for judgement in _apply(rule, facts, today)])
    days = [judgement.changes_on for _, judgement in judged if judgement.changes_on is not None]
    days.extend(_waiver_edges(facts.plan.waivers, today))
    return Judgements(
        gaps=tuple((code, found) for code, found in judged if isinstance(found, Gap)),
        holds=tuple((code, found) for code, found in judged if isinstance(found, Holds)),
        next_on=min(days, default=None),
    )


def _apply(rule: Rule, facts: TenantFacts, today: date) -> list[Judgement]:
    """Return the judgements of one rule, ordered by their subject's key."""
    try:
        found = list(rule.check(facts, today))
        keys = [judgement.subject.key for judgement in found]
        if len(found) > 1:
            order = sorted(range(len(found)), key=keys.__getitem__)
            found, keys = [found[at] for at in order], [keys[at] for at in order]
        _distinct(keys)
    except Exception as error:
        raise RuleFailed(rule.code) from error
    return found


def _distinct(keys: list[str]) -> None:
    """Raise IndistinctSubject where two of these keys are the same, or one is too long."""
    before = ""
    for key in keys:
        if key == before or len(key) > KEY_LENGTH:
            raise IndistinctSubject(key)
        before = key


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
