"""Put the plan to work, write down what happens, and close it again."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock, db
from core.i18n import reader_zone
from core.ids import new_id
from plans.calamity import targets, waking
from plans.calamity.deciders import Account, may_decide
from plans.calamity.errors import AlreadyRunning, Closed, MayNot
from plans.calamity.freezing import freeze
from plans.calamity.frozen import digest_of, packed
from plans.calamity.queries import told
from plans.calamity.targets import TEXT_LENGTH, Written
from plans.calamity.terms import BY_QUESTION
from plans.errors import NotThere, PlanError
from plans.models import Calamity, CalamityEntry, EntryKind, Outcome
from plans.testing.services import ResultValues, add_result
from plans.turns import known, take_turn
from plans.versions.content import content_of, digest
from plans.versions.queries import newest_version
from tenants import trail
from tenants.models import Alarm, Tenant
from tenants.scope import current_scope
from tenants.turns import one_at_a_time

LONGEST_AGO = targets.LONGEST_AGO


@dataclass(frozen=True, slots=True)
class Activation:
    """How the plan is put to work. signs: texts of those that were seen; began_at: aware UTC."""

    kind: Alarm
    began_at: datetime
    reason: str = ""
    signs: tuple[str, ...] = ()


def activate(values: Activation, *, who: Account, at: datetime, row_id: UUID | None = None) -> Calamity:
    """Put the plan to work: from now on it runs by what the plan says now, whatever is changed in it.

    row_id: chosen when the page was made; sent twice it begins once. An exercise makes place for the real thing.
    Raises MayNot, AlreadyRunning, and PlanError for a beginning that is still to come or too long ago.
    Source: handbook, runbook.activation.
    """
    if not may_decide(who, values.kind):
        raise MayNot
    if not at - LONGEST_AGO <= values.began_at <= at:
        raise PlanError(_l("Fill in a moment that has passed, and not longer than 60 days ago."), "began_at")
    one_at_a_time([current_scope().only_tenant])
    take_turn()
    if (before := known(Calamity, row_id)) is not None:
        return before
    running = db.session().scalar(sa.select(Calamity).where(Calamity.closed_at.is_(None)))
    if running is not None:
        if running.kind is Alarm.REAL or values.kind is Alarm.EXERCISE:
            raise AlreadyRunning(running.id)
        _end(running, by=who.name, at=at, conclusion=str(_l("Broken off: it became serious.")))
        db.session().flush()
    tenant_id, version, frozen = current_scope().only_tenant, newest_version(), freeze()
    row = Calamity(
        id=row_id or new_id(),
        kind=values.kind,
        activated_at=values.began_at,
        activated_by=who.name,
        reason=values.reason,
        signs=list(values.signs),
        plan_version=version.number if version else 0,
        changed=version is None or version.digest != digest(content_of(tenant_id)),
        frozen=packed(frozen),
        digest=digest_of(frozen),
        closed_at=None,
    )
    db.session().add(row)
    _sound(values.kind)
    trail.record("calamity.activated", "calamity", row.id, kind=row.kind.value, digest=row.digest)
    db.session().flush()
    waking.plan(row.id, at=at)
    return row


def write_down(
    calamity_id: UUID, values: Written, *, by: str, at: datetime, row_id: UUID | None = None
) -> CalamityEntry:
    """Write something down while the plan is at work. Nothing that was written before changes or is lost by it.

    row_id: chosen where it was tapped; sent twice it is written once. What a telephone tells from before the beginning
    or after now is put at the beginning or at now; what a person typed is refused with PlanError.
    What must be reported goes on after closing, but not of an exercise.
    Raises NotThere for what the frozen plan does not hold, Closed when it was closed meanwhile, and PlanError for a
    missing text or a moment that cannot be.
    """
    take_turn()
    if (before := known(CalamityEntry, row_id)) is not None:
        return before
    calamity = _calamity(calamity_id)
    about_reports = targets.is_about_reports(calamity.id, values)
    if calamity.closed_at is not None and not (about_reports and calamity.kind is Alarm.REAL):
        raise Closed
    targets.expect_words(values)
    target = targets.target_of(calamity, values)
    entry = CalamityEntry(
        id=row_id or new_id(),
        calamity_id=calamity.id,
        kind=values.kind,
        target=target,
        happened_at=targets.moment(values, calamity.activated_at, at),
        recorded_at=at,
        names_at=targets.named_moment(values, at),
        by=by,
        text=values.text,
    )
    db.session().add(entry)
    db.session().flush()
    if about_reports:
        waking.plan(calamity.id, at=at)
    return entry


@dataclass(frozen=True, slots=True)
class Closing:
    """How it is closed. ended_at: aware UTC; proves: the test of the handbook that an exercise counts as, or "".

    left: whoever closes it knows what is still to be reported.
    """

    ended_at: datetime
    conclusion: str = ""
    proves: str = ""
    passed: bool = False
    left: bool = False


def close(calamity_id: UUID, values: Closing, *, who: Account, today: date, at: datetime) -> Calamity:
    """Close it. Doing it twice changes nothing.

    It is over not before the last that people wrote down. An exercise may count as the result of a test. What is still
    to be reported is asked about once and stands in the log; its terms go on.
    Raises NotThere, MayNot, and PlanError for a moment that cannot be, or for what is left and was not told of.
    """
    # Whoever judges has the organisation's row before its mark; here both are changed too.
    one_at_a_time([current_scope().only_tenant])
    take_turn()
    calamity = _calamity(calamity_id)
    if calamity.closed_at is not None:
        return calamity
    if not may_decide(who, calamity.kind):
        raise MayNot
    last = db.session().scalar(
        sa.select(sa.func.max(CalamityEntry.happened_at)).where(
            CalamityEntry.calamity_id == calamity.id, CalamityEntry.kind != EntryKind.TERM_REMINDED
        )
    )
    # Pages show minutes.
    whole = (last or calamity.activated_at).replace(second=0, microsecond=0)
    if not whole <= values.ended_at <= at:
        raise PlanError(
            _l("Fill in a moment that has passed, and not before the last that was written down."), "ended_at"
        )
    ended_at = max(values.ended_at, last or calamity.activated_at)
    if calamity.kind is Alarm.REAL:
        _leave_terms(calamity, values, by=who.name, ended_at=ended_at, at=at)
    _end(calamity, by=who.name, at=ended_at, conclusion=values.conclusion)
    db.session().flush()
    if values.proves and calamity.kind is Alarm.EXERCISE:
        outcome = Outcome.PASSED if values.passed else Outcome.FAILED
        note = values.conclusion[:TEXT_LENGTH]
        result = ResultValues(min(clock.day_of(ended_at, reader_zone()), today), outcome, who.name, note)
        add_result(values.proves, result, today=today, row_id=calamity.id)
    return calamity


def _leave_terms(calamity: Calamity, values: Closing, *, by: str, ended_at: datetime, at: datetime) -> None:
    """Write down what is still to be reported. Raises PlanError where whoever closes was not told of it."""
    found = told(calamity.id, at)
    left = found.reporting.open if found else ()
    if not left:
        return
    if not values.left:
        raise PlanError(_l("Say what happens to what is still to be reported."), "left")
    db.session().add(
        CalamityEntry(
            id=uuid5(calamity.id, EntryKind.TERMS_LEFT),
            calamity_id=calamity.id,
            kind=EntryKind.TERMS_LEFT,
            happened_at=ended_at,
            recorded_at=at,
            by=by,
            text="\n".join(f"{BY_QUESTION[one.term.question].title}: {one.term.title}" for one in left),
        )
    )
    db.session().flush()


def _end(calamity: Calamity, *, by: str, at: datetime, conclusion: str) -> None:
    calamity.closed_at, calamity.closed_by, calamity.conclusion = max(at, calamity.activated_at), by, conclusion
    _sound(None)
    trail.record("calamity.closed", "calamity", calamity.id, kind=calamity.kind.value)


def _sound(alarm: Alarm | None) -> None:
    """Let every page of the organisation say whether its plan is at work."""
    db.session().get_one(Tenant, current_scope().only_tenant).alarm = alarm


def _calamity(calamity_id: UUID) -> Calamity:
    query = sa.select(Calamity).where(Calamity.id == calamity_id)
    # A page may have read it before our turn came.
    row = db.session().scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotThere
    return row
