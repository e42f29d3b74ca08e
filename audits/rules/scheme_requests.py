"""What a running scheme owes the clients that asked for continuity: an answer, delivery, and an exit in time.

Only requests that are not over are facts. All of it is judged under scheme.period.
"""

from collections.abc import Iterator
from datetime import date

from audits.judging.judgement import Gap, Holds, Judgement, Param, Subject, lapse, shifted
from audits.judging.severity import Severity
from audits.rules.registrations import about
from continuity.facts import ExitTaskFact, RegistrationFact, RequestFact
from continuity.models import RequestState
from continuity.period import period
from core.i18n import N_

ANSWER_SOON = N_("%(name)s asked for continuity: answer on %(until)s at the latest.")
ANSWER_LATE = N_("%(name)s asked for continuity and had to have an answer on %(until)s at the latest.")
FEE_SOON = N_("The fee of %(name)s for the continuity is due on %(until)s.")
FEE_LATE = N_("The fee of %(name)s for the continuity was due on %(until)s and is not recorded as paid.")
SERVE_SOON = N_("Continuity was granted to %(name)s: go on to deliver it on %(until)s at the latest.")
SERVE_LATE = N_("Continuity was granted to %(name)s and had to be delivered on %(until)s at the latest.")
TASK_SOON = N_("%(name)s has until %(until)s for: %(what)s")
TASK_LATE = N_("%(name)s had until %(until)s for: %(what)s")
EXIT_SOON = N_("The continuity ends on %(until)s and %(name)s has not moved to another supplier yet.")
EXIT_LATE = N_("The continuity ended on %(until)s, and nobody recorded that %(name)s moved to another supplier.")
# Who is to act on each; the client itself on its own list.
OF_THE_FOUNDATION = frozenset(
    {ANSWER_SOON, ANSWER_LATE, FEE_SOON, FEE_LATE, SERVE_SOON, SERVE_LATE, EXIT_SOON, EXIT_LATE}
)
OF_THE_CLIENT = frozenset({TASK_SOON, TASK_LATE})
# So many days before a fee is due or a task is to be done it is worth a notice.
AHEAD_DAYS = 7
# So many days before the end it no longer is a notice that somebody has not moved.
LAST_DAYS = 14
END_DAYS = 30
LABEL_LENGTH = 120


def requested(registration: RegistrationFact, valid_days: int, today: date) -> Iterator[Judgement]:
    """Judge the requests of one service. valid_days: within which a request is answered, and what is granted goes on.

    Source: rules 3.7 T9, T13; 3.5 M2.
    """
    for request in registration.requests:
        match request.state:
            case RequestState.ASKED | RequestState.CHECKING:
                yield _by(registration, request, "answer", shifted(request.asked_on, valid_days), today)
            case RequestState.GRANTED | RequestState.FEE_DUE:
                yield from _promised(registration, request, valid_days, today)
            case RequestState.SERVED:
                yield from _served(registration, request, today)


_TOLD = {"answer": (ANSWER_SOON, ANSWER_LATE), "serve": (SERVE_SOON, SERVE_LATE), "fee": (FEE_SOON, FEE_LATE)}


def _by(registration: RegistrationFact, request: RequestFact, part: str, until: date, today: date) -> Judgement:
    soon, late = _TOLD[part]
    fee = part == "fee"
    return lapse(
        _subject(registration, request, part),
        until,
        today,
        soon=soon,
        lapsed=late,
        params={"name": request.client},
        worst=Severity.WARNING if fee else Severity.FAULT,
        notice_days=AHEAD_DAYS if fee else 0,
    )


def _promised(
    registration: RegistrationFact, request: RequestFact, valid_days: int, today: date
) -> Iterator[Judgement]:
    """Want the fee on its day; once it is paid, or none is asked, the delivery."""
    if request.fee_due_on and request.fee_paid_on is None:
        yield _by(registration, request, "fee", request.fee_due_on, today)
        return
    since = request.fee_paid_on or request.decided_on or request.asked_on
    yield _by(registration, request, "serve", shifted(since, valid_days), today)


def _served(registration: RegistrationFact, request: RequestFact, today: date) -> Iterator[Judgement]:
    """Want each thing to do done on its day, and the client gone before the period ends."""
    for task in request.tasks:
        yield _task(registration, request, task, today)
    running = period(registration.declared_bankrupt_on, registration.duration_months)
    if running is not None:
        yield _exit(_subject(registration, request, "exit"), request.client, running.last_on, today)


def _task(registration: RegistrationFact, request: RequestFact, task: ExitTaskFact, today: date) -> Judgement:
    what = " ".join(task.label.split())[:LABEL_LENGTH]
    return lapse(
        about(registration, "", "exit_task", task.id, what),
        task.due_on,
        today,
        soon=TASK_SOON,
        lapsed=TASK_LATE,
        params={"name": request.client, "what": what},
        worst=Severity.WARNING,
        notice_days=AHEAD_DAYS,
    )


def _exit(subject: Subject, client: str, last_on: date, today: date) -> Judgement:
    """Judge a client that has not moved yet: a notice, in the last days a warning, afterwards a fault."""
    opens, warns, after = shifted(last_on, -END_DAYS), shifted(last_on, -LAST_DAYS), shifted(last_on, 1)
    told: dict[str, Param] = {"until": last_on, "name": client}
    if today < opens:
        return Holds(subject, last_on, opens)
    if today < warns:
        return Gap(subject, Severity.NOTICE, EXIT_SOON, told, opens, last_on, warns)
    if today <= last_on:
        return Gap(subject, Severity.WARNING, EXIT_SOON, told, opens, last_on, after)
    return Gap(subject, Severity.FAULT, EXIT_LATE, told, after, last_on)


def _subject(registration: RegistrationFact, request: RequestFact, part: str) -> Subject:
    return about(registration, part, "client_request", request.id, request.client)
