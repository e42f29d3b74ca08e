"""How it stands with what must be reported: from what was written down to terms, answers and what is left. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from plans.calamity.course import Entry
from plans.calamity.terms import BY_QUESTION, CLOCKED, QUESTIONS, TERMS, Asked, Question, Term, ends_at
from plans.models import EntryKind

# Kinds that people write about reporting, also after a calamity was closed.
NOTHING_PLANNED: Mapping[Question, int] = MappingProxyType({})
REPORT_KINDS = frozenset({EntryKind.AWARE, EntryKind.APPLIES, EntryKind.APPLIES_NOT, EntryKind.TERM_DONE})


class Applies(StrEnum):
    """Whether a question was answered, and how."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class TermCourse:
    """How it goes with one term. begins_at: when its clock began; ends_at: None where it has no end, or none yet.

    done: the entry that counts; reference: what was typed of it; planned_hours: within how many hours it ends by the
    plan, None where the law or somebody on the day says until when.
    """

    term: Term
    applies: Applies
    begins_at: datetime
    ends_at: datetime | None
    done: Entry | None
    reference: str
    planned_hours: int | None = None

    @property
    def open(self) -> bool:
        """Tell whether something is left to do or to find out."""
        return self.done is None and self.applies is not Applies.NO

    @property
    def due(self) -> bool:
        """Tell whether it must be reported, and was not."""
        return self.done is None and self.applies is Applies.YES

    def late_by(self, at: datetime) -> timedelta:
        """Return how much later than its end it was reported, or how long that is overdue at `at`."""
        if self.ends_at is None or self.applies is Applies.NO:
            return timedelta(0)
        return max((self.done.happened_at if self.done else at) - self.ends_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class QuestionCourse:
    """How it goes with one question. answer: the entry that counts; aware: that somebody put its clock elsewhere."""

    asked: Asked
    applies: Applies
    answer: Entry | None
    aware: Entry | None
    aware_at: datetime
    terms: tuple[TermCourse, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """How it goes with all that must be reported, in the order in which it is asked."""

    questions: tuple[QuestionCourse, ...]

    @property
    def terms(self) -> tuple[TermCourse, ...]:
        """Return every term."""
        return tuple(term for one in self.questions for term in one.terms)

    @property
    def open(self) -> tuple[TermCourse, ...]:
        """Return the terms that were not reported and not said to be none of ours."""
        return tuple(one for one in self.terms if one.open)

    @property
    def due(self) -> tuple[TermCourse, ...]:
        """Return the terms that were said to hold and were not reported."""
        return tuple(one for one in self.terms if one.due)

    @property
    def next(self) -> TermCourse | None:
        """Return the open term that ends first."""
        ending = [one for one in self.open if one.ends_at]
        return min(ending, key=lambda one: one.ends_at or one.begins_at, default=None)

    def of(self, question: str) -> QuestionCourse | None:
        """Return how it goes with a question, None for what is none."""
        return next((one for one in self.questions if one.asked.question == question), None)

    def term(self, key: str) -> TermCourse | None:
        """Return how it goes with a term, None for what is none."""
        return next((one for one in self.terms if one.term.key == key), None)


def reporting(
    timeline: Iterable[Entry], began_at: datetime, zone: str, hours: Mapping[Question, int] = NOTHING_PLANNED
) -> Reporting:
    """Return how it stands. timeline: as in Course; began_at: when the plan was put to work; zone: an IANA name.

    hours: within how many hours there must be reported by what was agreed; it proposes until when, while nobody said.
    Of answers and of moments of becoming aware the one said last counts, of what was done the first.
    """
    counting = [one for one in timeline if not one.retracted]
    return Reporting(tuple(_question(one, counting, began_at, zone, hours.get(one.question)) for one in QUESTIONS))


def _question(
    asked: Asked, counting: Sequence[Entry], began_at: datetime, zone: str, hours: int | None
) -> QuestionCourse:
    answer = _newest(counting, (EntryKind.APPLIES, EntryKind.APPLIES_NOT), (asked.question.value,))
    aware = _newest(counting, (EntryKind.AWARE,), ("", asked.question.value)) if asked.question in CLOCKED else None
    aware_at = aware.names_at if aware and aware.names_at else began_at
    done = {one.key: _done(one, counting) for one in TERMS if one.question is asked.question}
    if answer:
        applies = Applies.YES if answer.kind is EntryKind.APPLIES else Applies.NO
    else:
        applies = Applies.YES if any(done.values()) else Applies.UNKNOWN
    planned = hours if asked.agreed and answer is None else None
    terms = tuple(_term(one, applies, answer, done, aware_at, zone, planned) for one in TERMS if one.key in done)
    return QuestionCourse(asked, applies, answer, aware, aware_at, terms)


def _term(
    term: Term,
    applies: Applies,
    answer: Entry | None,
    done: dict[str, tuple[Entry, ...]],
    aware_at: datetime,
    zone: str,
    planned: int | None,
) -> TermCourse:
    said = done[term.key]
    followed = done.get(term.after, ())
    after_at = followed[0].happened_at if followed else None
    agreed_at = answer.names_at if answer and BY_QUESTION[term.question].agreed else None
    if planned:
        agreed_at = aware_at + timedelta(hours=planned)
    begins_at = after_at or (answer.happened_at if agreed_at and answer else aware_at)
    return TermCourse(
        term=term,
        applies=applies,
        begins_at=begins_at,
        ends_at=ends_at(term, aware_at=aware_at, agreed_at=agreed_at, after_at=after_at, zone=zone),
        done=said[0] if said else None,
        reference=next((one.text for one in said if one.text), ""),
        planned_hours=planned,
    )


def _done(term: Term, counting: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(one for one in counting if one.kind is EntryKind.TERM_DONE and one.target == term.key)


def _newest(counting: Sequence[Entry], kinds: Sequence[EntryKind], targets: Sequence[str]) -> Entry | None:
    said = [one for one in counting if one.kind in kinds and one.target in targets]
    return max(said, key=lambda one: (one.recorded_at, one.happened_at, one.id), default=None)


def questions_of(kind: EntryKind) -> tuple[str, ...]:
    """Return what an entry of this kind may be about."""
    if kind is EntryKind.TERM_DONE:
        return tuple(one.key for one in TERMS)
    if kind is EntryKind.AWARE:
        return ("", *(one.value for one in CLOCKED))
    return tuple(one.value for one in Question)
