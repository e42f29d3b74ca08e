"""Rule of approval: is what the plan says what an owner approved, and not too long ago."""

from collections.abc import Iterator
from datetime import date

from audits.judging.judgement import Judgement, Subject, TenantFacts, aged, earliest, missing, sooner
from audits.judging.severity import Severity
from audits.rules.backup import newest_version
from core.i18n import N_
from plans import intervals
from plans.intervals import Interval

APPROVED = Subject(part="approval")
CHANGED = Subject(part="changed-since")
NEVER = N_("No owner has approved the plan that is in use.")


def approval(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the version in use approved within the interval, and the plan to say what was approved.

    Source: upkeep.review; ISO 22301, 7.5.2.
    """
    yield from sooner(
        _approval(facts, today), earliest((found.published_on for found in facts.plan.versions), today), APPROVED
    )


def _approval(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    newest = newest_version(facts, today)
    if newest is None or newest.approved_on is None:
        yield missing(NEVER, APPROVED)
        return
    yield aged(
        APPROVED,
        newest.approved_on,
        intervals.days(facts.plan.intervals, Interval.APPROVAL),
        today,
        absent=NEVER,
        soon=N_("Have the plan approved again: the approval of version %(number)s counts until %(until)s."),
        lapsed=N_("Have the plan approved again: the approval of version %(number)s counted until %(until)s."),
        params={"number": newest.number},
    )
    if facts.plan.digest != newest.digest:
        yield missing(
            N_("The plan was changed since version %(number)s was approved. Send it for review."),
            CHANGED,
            severity=Severity.WARNING,
            number=newest.number,
        )
