"""Judge one organisation: facts, a day and rules in; gaps, what holds until when, and the next day to look out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from audits.judging.judgement import WHOLE_PLAN, Gap, Holds, Judgement, Rule, Subject, TenantFacts, lapse
from audits.judging.proposals import proposed
from audits.rules import RULES
from core.i18n import N_
from plans.facts import WaiverFact

# The part of the subject under which a whole-item waiver stands in for the judgements of its rule.
WAIVED = "waiver"
KEY_LENGTH = 120
# What kind and part of a subject may add up to, so that its key fits whatever its id is.
SHORT_ENOUGH = KEY_LENGTH - len(Subject("", UUID(int=0)).key)


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

    next_on: the first later day on which anything here could differ without anybody touching the data; kept: the text
    of the kept day that these very judgements were taken up from.
    """

    gaps: tuple[tuple[str, Gap], ...]
    holds: tuple[tuple[str, Holds], ...]
    next_on: date | None
    kept: str = field(default="", compare=False, repr=False)


def judge(facts: TenantFacts, today: date, rules: Sequence[Rule] = RULES) -> Judgements:
    """Apply every rule to `facts` as they count on `today` (a day in the organisation's zone).

    An item that is left out today is not judged by its own rule: the waiver holds, and gives notice before it lapses.
    After its last day the rule judges again as if nothing had been left out. Where something is still a proposal the
    item is not in order, whatever its rule says.
    Raises RuleFailed when a rule breaks off, or (caused by IndistinctSubject) judges one subject twice.
    """
    waived = {waiver.item_id: waiver for waiver in facts.plan.waivers if _stands(waiver, today)}
    proposals = {fact.item_id for fact in facts.plan.proposals}
    gaps: list[tuple[str, Gap]] = []
    holds: list[tuple[str, Holds]] = []
    next_on = min(waiver_edges(facts.plan.waivers, today), default=None)
    for rule in rules:
        code = rule.code
        found: Sequence[Judgement]
        if code in waived:
            found = (_left_out(waived[code], today),)
        elif code in proposals:
            found = (*proposed(facts.plan, code), *_apply(rule, facts, today))
        else:
            found = _apply(rule, facts, today)
        for judgement in found:
            if isinstance(judgement, Gap):
                gaps.append((code, judgement))
            else:
                holds.append((code, judgement))
            changes_on = judgement.changes_on
            if changes_on is not None and (next_on is None or changes_on < next_on):
                next_on = changes_on
    return Judgements(tuple(gaps), tuple(holds), next_on)


def _apply(rule: Rule, facts: TenantFacts, today: date) -> Sequence[Judgement]:
    """Return the judgements of one rule, ordered by their subject's kind, id and part."""
    try:
        found = list(rule.check(facts, today))
        if len(found) > 1:
            places = [_place(judgement.subject) for judgement in found]
            order = sorted(range(len(found)), key=places.__getitem__)
            found = [found[at] for at in order]
            _distinct(found, places)
        for judgement in found:
            subject = judgement.subject
            if len(subject.kind) + len(subject.part) > SHORT_ENOUGH and len(subject.key) > KEY_LENGTH:
                raise IndistinctSubject(subject.key)
    except Exception as error:
        raise RuleFailed(rule.code) from error
    return found


def _place(subject: Subject) -> tuple[str, int, str]:
    """Return what tells a subject from the others of its rule, as its key does, without writing its id out."""
    return subject.kind, -1 if subject.id is None else subject.id.int, subject.part


def _distinct(found: Sequence[Judgement], places: Sequence[tuple[str, int, str]]) -> None:
    """Raise IndistinctSubject where two judgements are about the same subject."""
    if len(set(places)) < len(places):
        keys = Counter(judgement.subject.key for judgement in found)
        raise IndistinctSubject(keys.most_common(1)[0][0])


def _stands(waiver: WaiverFact, today: date) -> bool:
    return not waiver.part and waiver.starts_on <= today <= waiver.until


def _left_out(waiver: WaiverFact, today: date) -> Judgement:
    subject = Subject(kind=WHOLE_PLAN.kind, part=WAIVED)
    message = N_("Left out until %(until)s. Decide again before then whether it still does not apply.")
    return lapse(subject, waiver.until, today, soon=message, lapsed=message)


def waiver_edges(waivers: Iterable[WaiverFact], today: date) -> Iterator[date]:
    """Yield the days after `today` on which a waiver begins to count, and on which it no longer does."""
    for waiver in waivers:
        if waiver.starts_on > today:
            yield waiver.starts_on
        if today <= waiver.until < date.max:
            yield waiver.until + timedelta(days=1)
