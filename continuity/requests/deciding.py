"""What the foundation does with a request: check, grant or refuse, ask the fee, deliver, see the client leave in time.

One officer suffices: the two who triggered the scheme opened it for every client whose deed holds.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from continuity.acceptance.checking import check_condition
from continuity.errors import Refused
from continuity.models import Acceptance, ClientRequest, ExitTask, Registration, RequestRole
from continuity.period import Period, period
from continuity.requests import telling
from continuity.requests.exit_list import EXIT_LIST, due_on
from continuity.requests.queries import accepted_deed, conditions
from continuity.requests.states import UNDECIDED, Act
from continuity.requests.steps import client_of, in_turn, move, owner_of, told
from core import db
from core.clock import day_of
from core.i18n import Language, written_in

F = RequestRole.FOUNDATION


def proposed_fee(monthly: Decimal | None, months: int) -> Decimal | None:
    """Return what a client is asked unless the officer says otherwise: its fee a month for each month of the period.

    Source: rules 3.5 M2.
    """
    return None if monthly is None else monthly * months


def why_of(position: int) -> str:
    """Return the name of the field in which it is said why a condition is left open."""
    return f"why_{position}"


def check(row: ClientRequest, *, officer: str, seen: int) -> None:
    """Say that somebody looks at a request. Raises EditConflict when it moved since `seen`, Refused as the table."""
    _begin(row, seen)
    move(row, Act.CHECK, F, by=officer)
    db.session().flush()


def note_condition(row: ClientRequest, position: int, met_on: date | None, *, officer: str, today: date) -> None:
    """Note that a condition of the deed is met since a day, or open (None), while a request is not decided on.

    Raises Refused once it is decided on, and as `check_condition` does.
    """
    in_turn(row)
    if row.state not in UNDECIDED:
        raise Refused(_l("This was decided on already."))
    acceptance, deed = accepted_deed(row)
    check_condition(acceptance, deed, position, met_on, by=officer, today=today)


def grant(
    row: ClientRequest, whys: Mapping[int, str], *, officer: str, note: str = "", seen: int, at: datetime
) -> None:
    """Grant continuity. whys: by position, why it is granted although a condition is not met; kept with it.

    Raises EditConflict when the request moved since `seen`; Refused for a condition that is neither met nor given a
    reason, when the acceptance ended meanwhile, after the period, and as the table says.
    Source: rules 3.4 B6; 3.7 T9.
    """
    _begin(row, seen)
    # What can no longer be delivered is not promised.
    _still_running(owner_of(row), day_of(at))
    acceptance = db.session().get_one(Acceptance, (row.tenant_id, row.acceptance_id))
    db.session().refresh(acceptance)
    if acceptance.ended_on is not None:
        raise Refused(_l("This client has no deed that it accepted and that still holds."))
    found = conditions(row, Language.DUTCH)
    kept = [{"met_on": one.met_on and one.met_on.isoformat(), "why": whys.get(one.position, "").strip()}
            for one in found]  # fmt: skip
    for position, one in enumerate(kept):
        if one["met_on"] is None and not one["why"]:
            raise Refused(_l("This condition is not met. Say why you grant it nevertheless."), why_of(position))
    move(row, Act.GRANT, F, by=officer, reason=note)
    row.checked = [{**one, "why": "" if one["met_on"] else one["why"]} for one in kept]
    _decided(row, officer, note, at, telling.GRANTED)


def refuse(row: ClientRequest, reason: str, *, officer: str, seen: int, at: datetime) -> None:
    """Refuse a request with a reason that the client reads; also one whose fee was never paid.

    Raises EditConflict when it moved since `seen`; Refused without a reason, and as the table says.
    Source: rules 3.7 T9.
    """
    _begin(row, seen)
    reason = told(reason, _l("Fill in why: the client reads it."))
    undecided = row.state in UNDECIDED
    move(row, Act.REFUSE, F, by=officer, reason=reason)
    if undecided:
        found = conditions(row, Language.DUTCH)
        row.checked = [{"met_on": one.met_on and one.met_on.isoformat(), "why": ""} for one in found]
    _decided(row, officer, reason, at, telling.REFUSED)


def ask_fee(
    row: ClientRequest,
    amount: Decimal,
    due: date,
    *,
    officer: str,
    seen: int,
    today: date,
    at: datetime,
) -> None:
    """Ask the client to pay. amount: euro for the whole period; due: the last day to pay, inclusive.

    Raises EditConflict when the request moved since `seen`; Refused for an amount below zero, a day that went by or
    after the period, when it was paid already, and as the table says.
    Source: rules 3.5 M2.
    """
    _begin(row, seen)
    if amount < 0:
        raise Refused(_l("Fill in an amount of zero or more."), "fee_amount")
    if due < today:
        raise Refused(_l("This day went by already."), "fee_due_on")
    if row.fee_paid_on is not None:
        raise Refused(_l("The fee was paid already."))
    if due > _still_running(owner_of(row), today).last_on:
        raise Refused(_l("The period is over by then."), "fee_due_on")
    move(row, Act.ASK_FEE, F, by=officer)
    row.fee_amount, row.fee_due_on = amount, due
    _tell(row, telling.FEE, at=at)


def record_paid(row: ClientRequest, paid_on: date, *, officer: str, seen: int, today: date) -> None:
    """Record on which day the fee came in.

    Raises EditConflict when the request moved since `seen`; Refused for a day to come, when it was recorded already,
    and as the table says.
    """
    _begin(row, seen)
    if paid_on > today:
        raise Refused(_l("This day is still to come."), "fee_paid_on")
    if row.fee_paid_on is not None:
        raise Refused(_l("The fee was paid already."))
    move(row, Act.PAY, F, by=officer)
    row.fee_paid_on = paid_on
    db.session().flush()


def serve(row: ClientRequest, reason: str, *, officer: str, seen: int, today: date, at: datetime) -> None:
    """Say that the foundation delivers to this client from today on, and give it its list of what to do.

    reason: why before the fee came in, where it did not. Raises EditConflict when the request
    moved since `seen`; Refused without payment and reason, outside the period, and as the table says.
    Source: rules 3.7 T9, T13; 3.5 M2.
    """
    owner = owner_of(row)
    in_turn(owner)
    _begin(row, seen)
    running = _still_running(owner, today)
    owes = row.fee_paid_on is None and row.fee_amount != 0
    if owes and not reason.strip():
        raise Refused(_l("The fee was not paid. Say why you deliver nevertheless, or record the payment."), "reason")
    move(row, Act.SERVE, F, by=officer, reason=reason)
    row.served_on = today
    _give_tasks(row, running, today)
    _tell(row, telling.SERVED, at=at)


def _still_running(owner: Registration, today: date) -> Period:
    running = period(owner.declared_bankrupt_on, owner.duration_months)
    if running is None or not running.covers(today):
        raise Refused(_l("The period of continuity is over."))
    return running


def _give_tasks(row: ClientRequest, running: Period, today: date) -> None:
    """Write the list in the language of the client: it reads it, and can be reworded for this client alone."""
    with written_in(telling.language_of(client_of(row))):
        labels = [str(one.label) for one in EXIT_LIST]
    for position, (one, label) in enumerate(zip(EXIT_LIST, labels, strict=True)):
        db.session().add(
            ExitTask(
                tenant_id=row.tenant_id,
                request_id=row.id,
                position=position,
                label=label,
                due_on=due_on(one.day, running, today),
            )
        )
    db.session().flush()


def record_exit(row: ClientRequest, exited_on: date, *, officer: str, seen: int, today: date) -> None:
    """Record that a client left for its new supplier.

    Raises EditConflict when the request moved since `seen`; Refused for a day before it was served or one to come, and
    as the table says.
    """
    _begin(row, seen)
    if exited_on > today:
        raise Refused(_l("This day is still to come."), "exited_on")
    if row.served_on is not None and exited_on < row.served_on:
        raise Refused(_l("This is before the first day on which you delivered."), "exited_on")
    move(row, Act.EXIT, F, by=officer)
    row.exited_on = exited_on
    db.session().flush()


def _begin(row: ClientRequest, seen: int) -> None:
    in_turn(row)
    row.expect_version(seen)


def _decided(row: ClientRequest, officer: str, reason: str, at: datetime, letter: str) -> None:
    row.decided_at, row.decided_by, row.reason = at, officer, reason.strip()
    _tell(row, letter, at=at)


def _tell(row: ClientRequest, letter: str, *, at: datetime) -> None:
    telling.tell(row, owner_of(row), client_of(row), letter, at=at)
    db.session().flush()
