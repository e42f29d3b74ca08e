"""What can be written down about a calamity: about what, with which words, and when it can have been."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from plans.calamity.frozen import Frozen, unpacked
from plans.calamity.reporting import REPORT_KINDS, questions_of
from plans.calamity.terms import BY_QUESTION, Question
from plans.errors import NotThere, PlanError
from plans.models import Calamity, CalamityEntry, EntryKind

TEXT_LENGTH = 2000
# Longer ago than this is a slip of the keyboard, and so is an agreement that ends later than in a year.
LONGEST_AGO, FURTHEST = timedelta(days=60), timedelta(days=366)
# Telephones are a little fast or slow.
SKEW = timedelta(minutes=2)
WITH_TEXT = frozenset({EntryKind.DECISION, EntryKind.NOTE, EntryKind.HANDOVER, EntryKind.STEP_SKIPPED})
WITH_REASON = frozenset({EntryKind.APPLIES_NOT, EntryKind.AWARE})
ABOUT_STEP = frozenset({EntryKind.STEP_BEGUN, EntryKind.STEP_DONE, EntryKind.STEP_SKIPPED})
ABOUT_CALL = frozenset({EntryKind.CALL_REACHED, EntryKind.CALL_MISSED, EntryKind.CALL_MESSAGE})
# Written by the service alone.
OURS = frozenset({EntryKind.TERM_REMINDED, EntryKind.TERMS_LEFT})


@dataclass(frozen=True, slots=True)
class Written:
    """Something to write down. happened_at: aware UTC; typed: by a person, who is told when it cannot be.

    names_at: the moment it tells of, aware UTC, as in plans.models.CalamityEntry.
    """

    kind: EntryKind
    happened_at: datetime
    target: str = ""
    text: str = ""
    typed: bool = False
    names_at: datetime | None = None


def is_about_reports(calamity_id: UUID, values: Written) -> bool:
    """Tell whether something is about what must be reported, or takes back what was."""
    if values.kind is EntryKind.RETRACTED:
        return _kind_of(calamity_id, values.target) in REPORT_KINDS
    return values.kind in REPORT_KINDS


def expect_words(values: Written) -> None:
    """Make sure there is a text where one is needed. Raises PlanError."""
    if values.text:
        return
    if values.kind in WITH_TEXT:
        raise PlanError(_l("Write down in a few words what it is."), "text")
    if values.kind in WITH_REASON:
        raise PlanError(_l("Write down in a few words why."), "text")


def target_of(calamity: Calamity, values: Written) -> str:
    """Return what is said something about as it is kept: people and systems by key, whatever a page called them.

    Raises NotThere for what is not there, and for what people may not say.
    """
    if values.kind is EntryKind.RETRACTED:
        if _kind_of(calamity.id, values.target) in (None, EntryKind.RETRACTED, *OURS):
            raise NotThere
        return values.target
    found = None if values.kind in OURS else _kept(unpacked(calamity.frozen), values)
    if found is None:
        raise NotThere
    return found


def moment(values: Written, began_at: datetime, at: datetime) -> datetime:
    """Return when it happened, between the beginning and now; something may have been reported before the beginning.

    Raises PlanError for a moment that a person typed and that cannot be.
    """
    first = began_at.replace(second=0, microsecond=0)
    if values.kind is EntryKind.TERM_DONE and values.typed:
        first -= LONGEST_AGO
        began_at = first
    if values.typed and not first <= values.happened_at <= at + SKEW:
        raise PlanError(_l("Fill in a moment between the beginning and now."), "when")
    return min(max(values.happened_at, began_at), at)


def named_moment(values: Written, at: datetime) -> datetime | None:
    """Return the moment that something tells of, None where it tells of none.

    Raises PlanError for becoming aware without a moment, later than now or too long ago, and for an agreement that
    ends too far away.
    """
    if values.kind is EntryKind.AWARE:
        if values.names_at is None or not at - LONGEST_AGO <= values.names_at <= at:
            raise PlanError(_l("Fill in a moment that has passed, and not longer than 60 days ago."), "names")
        return values.names_at
    if values.kind is EntryKind.APPLIES and BY_QUESTION[Question(values.target)].agreed:
        if values.names_at is not None and not at - LONGEST_AGO <= values.names_at <= at + FURTHEST:
            raise PlanError(_l("Fill in a moment within a year from now, and not longer than 60 days ago."), "names")
        return values.names_at
    return None


def _kept(frozen: Frozen, values: Written) -> str | None:
    """Return the target as it is kept, None where there is no such thing."""
    told = values.target
    if values.kind in ABOUT_CALL:
        person = frozen.person(told)
        return person.key if person and person.key in {one.who for one in frozen.calls} else None
    if values.kind is EntryKind.SYSTEM_BACK:
        system = frozen.system(told)
        return system.key if system else None
    if values.kind in ABOUT_STEP:
        there = told in {str(one.number) for one in frozen.steps}
    elif values.kind in REPORT_KINDS:
        there = told in questions_of(values.kind)
    else:
        there = told == ""
    return told if there else None


def _kind_of(calamity_id: UUID, target: str) -> EntryKind | None:
    """Return the kind of an entry of this calamity, None for what is none."""
    try:
        row_id = UUID(target)
    except ValueError:
        return None
    return db.session().scalar(
        sa.select(CalamityEntry.kind).where(CalamityEntry.id == row_id, CalamityEntry.calamity_id == calamity_id)
    )
