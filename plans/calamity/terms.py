"""Terms of reporting: what is asked before they hold, what law or agreement sets them, and when they end. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from core import clock


class Question(StrEnum):
    """What only people can judge, and what decides whether the terms under it hold."""

    CBW = "cbw"
    AVG = "avg"
    PERSONS = "avg-persons"
    INSURER = "insurer"
    CLIENTS = "clients"


class Reports(StrEnum):
    """Whom the plan names to report: a seat of runbook.informing, or nobody, so that whoever leads does."""

    AUTHORITIES = "authorities"
    CUSTOMERS = "customers"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. asks: the question; means: what to weigh; to: who is told.

    clocked: its terms run from the moment somebody became aware; agreed: they end when an agreement says so, which
    somebody types. Of all others no source names a number.
    """

    question: Question
    title: Any
    asks: Any
    means: Any
    to: Any
    reports: Reports
    clocked: bool = False
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to report. hours: after becoming aware; months: calendar months after the term `after` was done.

    clause: where it stands, or that it stands in one's own agreement.
    """

    key: str
    question: Question
    title: Any
    clause: Any
    hours: int | None = None
    months: int | None = None
    after: str = ""
    more: Any = ""


EARLY, NOTIFICATION, FINAL = "cbw-early", "cbw-notification", "cbw-final"
QUESTIONS = (
    Asked(
        Question.CBW,
        _l("Cyberbeveiligingswet (NIS2)"),
        _l("Does the Cyberbeveiligingswet hold for you, and is this a significant incident?"),
        _l(
            "The law names sectors and sizes, such as energy, care, food, hosting and IT services for firms. Not sure "
            "whether it holds for you? Ask your adviser. An incident is significant when it disrupts what you deliver "
            "badly or costs you a lot, or when it can harm others considerably (NIS2, article 23, paragraph 3)."
        ),
        _l("The CSIRT for your sector, mostly the NCSC, and your supervisor"),
        Reports.AUTHORITIES,
        clocked=True,
    ),
    Asked(
        Question.AVG,
        _l("Personal data (AVG)"),
        _l("Was personal data lost, leaked, changed or out of reach, with a risk for the people it is about?"),
        _l(
            "Think of customers, staff and applicants. Only when a risk for them is unlikely nothing need be reported. "
            "Write down in any case what happened and what you decided (AVG, article 33, paragraphs 1 and 5). Later "
            "than 72 hours? Report it all the same, and say why it is late."
        ),
        _l("The Autoriteit Persoonsgegevens"),
        Reports.AUTHORITIES,
        clocked=True,
    ),
    Asked(
        Question.PERSONS,
        _l("The people whose data it is (AVG)"),
        _l("Is the risk for these people high?"),
        _l(
            "High is, for example, a risk of fraud with their identity, or that their health or money becomes known. "
            "Tell them in plain words what happened and what they can do (AVG, article 34). The law names no number of "
            "hours: without undue delay."
        ),
        _l("The people whose data it is"),
        Reports.CUSTOMERS,
    ),
    Asked(
        Question.INSURER,
        _l("Insurer"),
        _l("Does your insurance cover this?"),
        _l("Your policy says within how long you must report it. Look that up and fill in until when."),
        _l("Your insurer"),
        Reports.LEADER,
        agreed=True,
    ),
    Asked(
        Question.CLIENTS,
        _l("Clients with whom you agreed on it"),
        _l("Did you agree to tell clients, or do you keep personal data on behalf of a client that was touched?"),
        _l(
            "Look in your contracts and processor agreements, and fill in until when. Whoever keeps personal data on "
            "behalf of somebody else tells them without undue delay (AVG, article 33, paragraph 2)."
        ),
        _l("The clients with whom you agreed on it"),
        Reports.CUSTOMERS,
        agreed=True,
    ),
)
TERMS = (
    Term(EARLY, Question.CBW, _l("Early warning"), _l("NIS2, article 23, paragraph 4, a"), hours=24),
    Term(NOTIFICATION, Question.CBW, _l("Notification"), _l("NIS2, article 23, paragraph 4, b"), hours=72),
    Term(
        FINAL,
        Question.CBW,
        _l("Final report"),
        _l("NIS2, article 23, paragraph 4, d"),
        months=1,
        after=NOTIFICATION,
        more=_l("Is it still going on by then? Then report how it stands, and the end within a month after it."),
    ),
    Term("avg-authority", Question.AVG, _l("Report of the data breach"), _l("AVG, article 33, paragraph 1"), hours=72),
    Term("avg-persons", Question.PERSONS, _l("Message to these people"), _l("AVG, article 34, paragraph 1")),
    Term("insurer", Question.INSURER, _l("Report to the insurer"), _l("Your policy")),
    Term(
        "clients",
        Question.CLIENTS,
        _l("Message to these clients"),
        _l("Your agreements; AVG, article 33, paragraph 2"),
    ),
)
BY_QUESTION = {one.question: one for one in QUESTIONS}
BY_KEY = {one.key: one for one in TERMS}
CLOCKED = tuple(one.question for one in QUESTIONS if one.clocked)


def after_months(at: datetime, months: int, zone: str) -> datetime:
    """Return the same local time so many calendar months later, clamped to the month's end, aware UTC.

    31 January 14:05 and one month is 28 or 29 February 14:05. Of a time that comes twice that day the first counts.
    """
    local = at.astimezone(ZoneInfo(zone))
    day = clock.add_months(local.date(), months)
    moved = datetime.combine(day, local.time().replace(fold=0), tzinfo=ZoneInfo(zone))
    return moved.astimezone(at.tzinfo)


def ends_at(
    term: Term, *, aware_at: datetime, agreed_at: datetime | None, after_at: datetime | None, zone: str
) -> datetime | None:
    """Return the last moment to report, aware UTC; None where no source names one, or its clock does not run yet.

    aware_at: when somebody became aware; agreed_at: what was typed of an agreement; after_at: when the term it follows
    was done. Hours are hours that pass, also when the clocks change.
    """
    if term.hours is not None:
        return aware_at + timedelta(hours=term.hours)
    if term.months is not None:
        return after_months(after_at, term.months, zone) if after_at else None
    return agreed_at
