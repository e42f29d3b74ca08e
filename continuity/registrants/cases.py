"""What happened to a supplier: filed with its proof by one officer of the foundation, decided on by another one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l

from continuity.clients import changing as clients
from continuity.errors import Refused
from continuity.models import By, CaseStage, Registration, SchemeState, TriggerCase, TriggerKind, TriggerProof
from continuity.registrants.triggers import BY_KIND, starting
from continuity.registrations import setting_back as parts
from continuity.registrations.ended import refuse_after_the_end, was_in_force, zone_of
from continuity.registrations.history import fell_since, open_case
from continuity.registrations.states import BOUND, ENDED, move, settle
from continuity.requests.ending import end_requests
from continuity.requests.inviting import write_to
from continuity.requests.states import Act
from continuity.requests.steps import in_turn
from core import db
from plans.turns import take_turn
from tenants import trail

SAME_PERSON = _l("A second officer has to decide on this: you filed it yourself.")


@dataclass(frozen=True, slots=True)
class Decider:
    """The officer who acts."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What happened on which day, where it can be looked up, under which number, and what else is to be said."""

    kind: TriggerKind
    happened_on: date
    proof: TriggerProof
    reference: str
    note: str


def file_case(row: Registration, values: Filing, officer: Decider, *, seen: int, at: datetime) -> TriggerCase:
    """File what happened with its proof. What does not start the period is kept as a signal.

    Raises EditConflict when somebody saved the registration since `seen`; Refused for a proof that does not show
    what happened, for a scheme in which nothing binds the foundation or whose announced end was over by then, and
    while another case is open.
    Source: rules 3.7 T1, T4, T5; 3.8.
    """
    in_turn(row)
    row.expect_version(seen)
    if row.archived_at is not None:
        raise Refused(_l("The supplier put this registration away meanwhile: no client relied on it."))
    if values.proof not in BY_KIND[values.kind].proofs:
        raise Refused(_l("This cannot be looked up there. Choose another proof."), "proof")
    starts = values.kind in starting(row)
    if row.state in ENDED and not was_in_force(row, values.happened_on):
        raise Refused(_l("This scheme has ended."))
    if starts:
        refuse_after_the_end(row, values.happened_on)
    if starts and open_case(row) is not None:
        raise Refused(_l("Something was filed already and is not settled. Decide on that first."))
    if starts and not _binds(row, values.happened_on):
        raise Refused(_l("The framework agreement was not signed by both, so there is nothing to start."))
    made = TriggerCase(
        tenant_id=row.tenant_id,
        registration_id=row.id,
        kind=values.kind,
        stage=CaseStage.FILED if starts else CaseStage.SIGNAL,
        happened_on=values.happened_on,
        proof=values.proof,
        reference=values.reference,
        note=values.note,
        filed_at=at,
        filed_by=officer.name,
        filed_by_id=officer.user_id,
    )
    db.session().add(made)
    db.session().flush()
    return made


def approve_case(row: Registration, case: TriggerCase, officer: Decider, *, seen: int, at: datetime) -> None:
    """Trigger the scheme on the proof another officer filed: the period runs from the day of what happened.

    What the supplier changed since that day is held: the foundation goes by what was known before it.
    Every client that accepted the deed is mailed, once, that it can ask for continuity. Raises EditConflict when
    somebody saved the case since `seen`; Refused to who filed it, when it was decided on already, or when the scheme
    ended meanwhile.
    Source: rules 3.7 T1, T7; 3.8.
    """
    case.expect_version(seen)
    _still(case, CaseStage.FILED)
    if officer.user_id == case.filed_by_id:
        raise Refused(SAME_PERSON)
    take_turn()
    if row.state is SchemeState.TERMINATED and not was_in_force(row, case.happened_on):
        raise Refused(_l("This scheme has ended."))
    zone = zone_of(row)
    # Refused as a whole: whoever decides on several services at once goes on with the next one.
    with db.session().begin_nested():
        parts.undo_since(row, case.happened_on, zone=zone)
        if row.state not in BOUND:
            # What bound the foundation was withdrawn since, and is back.
            settle(row)
        case.state_before = row.state
        move(row, SchemeState.TRIGGERED, By.TWO_OFFICERS)
        row.declared_bankrupt_on = case.happened_on
    case.stage = CaseStage.ACTIVATED
    case.approved_at, case.approved_by, case.approved_by_id = at, officer.name, officer.user_id
    trail.record(
        "bankruptcy.declared", "registration", row.id, declared_on=case.happened_on, kind=case.kind, proof=case.proof
    )
    db.session().flush()
    clients.undo_since(row, case.happened_on, zone=zone, at=at)
    write_to(row, None, by=officer.name, at=at, rest=timedelta(0))


def refuse_case(case: TriggerCase, reason: str, *, seen: int) -> None:
    """Put aside what was filed, with a reason; whoever filed it may do so too.

    Raises EditConflict when somebody saved the case since `seen`; Refused without a reason, or when it was decided
    on already.
    """
    case.expect_version(seen)
    _still(case, CaseStage.FILED)
    case.refused_reason = _told(reason)
    case.stage = CaseStage.REFUSED
    db.session().flush()


def ask_back(case: TriggerCase, reason: str, officer: Decider, *, seen: int, at: datetime) -> None:
    """Ask another officer to take the trigger back: it was a false alarm, or was annulled.

    Raises EditConflict when somebody saved the case since `seen`; Refused without a reason, or when it is asked
    already or settled.
    Source: rules 3.7 T6.
    """
    case.expect_version(seen)
    _still(case, CaseStage.ACTIVATED)
    case.back_reason = _told(reason)
    case.stage = CaseStage.ALARM_ASKED
    case.back_asked_at, case.back_asked_by, case.back_asked_by_id = at, officer.name, officer.user_id
    db.session().flush()


def approve_back(row: Registration, case: TriggerCase, officer: Decider, *, seen: int, at: datetime) -> None:
    """Take the trigger back on what another officer asked: the scheme is where it was, and follows its facts again.

    What clients asked meanwhile ends with it. Raises EditConflict when somebody saved the case since `seen`; Refused
    to who asked it, or when it was decided on already.
    Source: rules 3.7 T6.
    """
    case.expect_version(seen)
    _still(case, CaseStage.ALARM_ASKED)
    if officer.user_id == case.back_asked_by_id:
        raise Refused(SAME_PERSON)
    # Nobody asks for continuity between this and the end of what was asked.
    take_turn()
    # What was triggered before cases were kept knows no more than that the foundation was bound.
    move(row, case.state_before or SchemeState.SUPPLIER_SIGNED, By.TWO_OFFICERS, reason=case.back_reason)
    declared_on, row.declared_bankrupt_on = row.declared_bankrupt_on, None
    case.stage = CaseStage.FALSE_ALARM
    case.back_approved_at, case.back_approved_by, case.back_approved_by_id = at, officer.name, officer.user_id
    trail.record("bankruptcy.withdrawn", "registration", row.id, declared_on=declared_on, proof=case.back_reason)
    for held in (parts, clients):
        held.let_through(row, by=officer.name, at=at)
    end_requests(row, Act.ALARM, by=officer.name, reason=case.back_reason, at=at)
    db.session().flush()
    settle(row)


def refuse_back(case: TriggerCase, *, seen: int) -> None:
    """Let the trigger stand although it was asked to take it back.

    Raises EditConflict when somebody saved the case since `seen`, Refused when it was decided on already.
    """
    case.expect_version(seen)
    _still(case, CaseStage.ALARM_ASKED)
    case.stage = CaseStage.ACTIVATED
    case.back_reason, case.back_asked_at, case.back_asked_by, case.back_asked_by_id = "", None, "", None
    db.session().flush()


def _binds(row: Registration, happened_on: date) -> bool:
    """Tell whether the foundation is bound, or was until the supplier withdrew something since that day."""
    fell = row.state is SchemeState.DRAFT and fell_since(row, happened_on, zone=zone_of(row))
    return row.state in BOUND or fell or was_in_force(row, happened_on)


def _still(case: TriggerCase, stage: CaseStage) -> None:
    if case.stage is not stage:
        raise Refused(_l("This was decided on already."))


def _told(reason: str) -> str:
    if not reason.strip():
        raise Refused(_l("Fill in why."), "reason")
    return reason.strip()
