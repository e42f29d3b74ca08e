"""Rules of the opening questions."""

from collections.abc import Iterator
from datetime import date

from audits.judging.judgement import WHOLE_PLAN, Check, Judgement, Subject, TenantFacts, aged, missing, sooner
from audits.rules.answers import UNANSWERED, Needed, answered, left_out, waived, waiver_starts
from core.i18n import N_
from plans import intervals
from plans.intervals import Interval

ATTRACTIVE = "self-check.attractive-data"


def secured(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a judgement on the own security, no older than the review interval.

    Source: self-check.secured.
    """
    gaps = list(answered(facts, "self-check.secured", Needed("verdict", UNANSWERED)))
    yield from gaps
    if not gaps:
        yield aged(
            WHOLE_PLAN,
            facts.plan.answers["self-check.secured"].answered_on,
            intervals.days(facts.plan.intervals, Interval.REVIEW),
            today,
            absent=UNANSWERED,
            soon=N_("Answer again whether you are well secured: the last answer counts until %(until)s."),
            lapsed=N_("Answer again whether you are well secured: the last answer counted until %(until)s."),
        )


def weakest_point(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want at least one weak point by name.

    Source: self-check.weakest-point.
    """
    yield from answered(facts, "self-check.weakest-point", Needed("points", N_("No weak point has been named yet.")))


def attractive_data(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want at least one data set marked as attractive to criminals or competitors.

    Source: self-check.attractive-data.
    """
    if not any(found.attractive for found in facts.plan.data_sets):
        yield missing(N_("No data set has been marked as attractive to criminals or competitors yet."))


def extra_protection(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the protection of every attractive data set told.

    Source: self-check.extra-protection.
    """
    attractive = [found for found in facts.plan.data_sets if found.attractive]
    waiver = left_out(facts, ATTRACTIVE, today)
    if not attractive and waiver:
        yield waived(waiver, WHOLE_PLAN, today)
    elif not attractive:
        gap = missing(N_("Name the attractive data first; then tell how it is protected."))
        yield from sooner([gap], waiver_starts(facts, ATTRACTIVE, today))
    for found in attractive:
        if not found.protection.strip():
            yield missing(
                N_("It is not told whether %(name)s has extra protection."),
                Subject("data_set", found.id, found.name),
                name=found.name,
            )


CHECKS: dict[str, Check] = {
    "self-check.secured": secured,
    "self-check.weakest-point": weakest_point,
    "self-check.attractive-data": attractive_data,
    "self-check.extra-protection": extra_protection,
}
