"""Rules of the tests: an agreement with the supplier, nine tests by a table, and new systems in the restore."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID

from audits.judging.judgement import (
    WHOLE_PLAN,
    Check,
    Gap,
    Judgement,
    Subject,
    TenantFacts,
    aged,
    earliest,
    lapse,
    missing,
    shifted,
    sooner,
)
from audits.judging.severity import Severity
from audits.rules.answers import Needed, answered
from core.i18n import N_
from plans import intervals
from plans.facts import ResultFact, SystemFact
from plans.intervals import Interval
from plans.models import Outcome
from plans.shapes import RESTORE, RESTORE_NEW, SLA
from plans.testing.proof import hours_text
from plans.testing.proof import proofs as proven

DONE = frozenset(Outcome)
KNOWN = frozenset((Outcome.RECORDED, Outcome.PASSED))
PASSED = frozenset((Outcome.PASSED,))
LABEL = 200
NEVER_DONE = N_("This test has not been done yet.")
NEVER_PASSED = N_("This test has not been passed yet.")
NEVER_RECORDED = N_("This has not been recorded yet.")
ONLY_FAILED = N_("This failed on %(day)s and has not been passed yet. Repair what went wrong and do it again.")


@dataclass(frozen=True, slots=True)
class Test:
    """What counts as a result of a test item, for how long, and what to say without one."""

    item_id: str
    outcomes: frozenset[Outcome]
    never: str
    interval: Interval = Interval.TEST
    cost: bool = field(default=False)

    __test__ = False  # pytest would collect the class for its name

    def counts(self, result: ResultFact) -> bool:
        """Tell whether a result is one that the item asks for."""
        return result.outcome in self.outcomes and (result.cost is not None or not self.cost)


TESTS = (
    Test("testing.weekend-call", PASSED, NEVER_PASSED),
    Test("testing.supplier-expectations", KNOWN, NEVER_RECORDED),
    Test("testing.costs", KNOWN, N_("No amount in euro has been recorded yet."), cost=True),
    Test("testing.fallback-work", PASSED, NEVER_PASSED),
    Test(RESTORE, PASSED, NEVER_PASSED, Interval.RESTORE),
    Test("testing.ethical-hack", DONE, NEVER_DONE),
    Test("testing.phishing", DONE, NEVER_DONE),
    Test("testing.walk-in", DONE, NEVER_DONE),
    Test("testing.usb-drop", DONE, NEVER_DONE),
)


def sla(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a document, its supplier and an expiry date that has not passed.

    Source: testing.sla.
    """
    yield from answered(
        facts,
        SLA,
        Needed("reference", N_("There is no document or reference of the service level agreement.")),
        Needed("supplier", N_("It is not told with which supplier the service level agreement is.")),
        Needed("expires_on", N_("It is not told until when the service level agreement is valid.")),
    )
    answer = facts.plan.answers.get(SLA)
    until = answer.day("expires_on") if answer else None
    yield from programme(facts, SLA, today)
    if until:
        yield lapse(
            Subject(part="expires_on"),
            until,
            today,
            soon=N_("The service level agreement is valid until %(until)s."),
            lapsed=N_("The service level agreement was valid until %(until)s."),
        )


def tested(facts: TenantFacts, today: date, *, test: Test) -> Iterator[Judgement]:
    """Want a result that counts, no older than the interval; advise when a later one failed.

    Source: testing.weekend-call and every other test of the table TESTS.
    """
    newest, failed, ahead = _days(facts.plan.results.get(test.item_id, ()), test, today)
    judgements: list[Judgement] = [
        *programme(facts, test.item_id, today),
        aged(
            WHOLE_PLAN,
            newest,
            intervals.days(facts.plan.intervals, test.interval),
            today,
            absent=ONLY_FAILED if failed else test.never,
            params={"day": failed} if failed and not newest else None,
            soon=N_("Do this again: the last result counts until %(until)s."),
            lapsed=N_("Do this again: the last result counted until %(until)s."),
        ),
    ]
    if newest and failed and failed > newest:
        judgements.append(
            Gap(
                Subject(part="failed"),
                Severity.WARNING,
                N_("This failed on %(day)s, after it was last passed. Repair what went wrong and do it again."),
                {"day": failed},
                since=failed,
            )
        )
    if test.item_id == RESTORE:
        judgements += restored(facts, today)
    yield from sooner(judgements, ahead)


def _days(results: Iterable[ResultFact], test: Test, today: date) -> tuple[date | None, date | None, date | None]:
    """Return the newest day with a result that counts, the newest that failed, and the first that has yet to come."""
    newest: date | None = None
    failed: date | None = None
    ahead: date | None = None
    for result in results:
        day = result.done_on
        if day > today:
            ahead = day if ahead is None else min(day, ahead)
            continue
        if test.counts(result):
            newest = day if newest is None else max(day, newest)
        if result.outcome is Outcome.FAILED:
            failed = day if failed is None else max(day, failed)
    return newest, failed, ahead


def restore_new_systems(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the last passed restore to cover each system that came since the one before, or that none ever covered.

    A system taken into use after the last restore could not be part of it: a warning, not a fault. One that is not in
    use yet does not count until that day.

    Source: testing.restore-new-systems.
    """
    yield from programme(facts, RESTORE_NEW, today)
    results = facts.plan.results.get(RESTORE, ())
    passed = [each for each in results if each.outcome is Outcome.PASSED and each.done_on <= today]
    passed.sort(key=lambda each: (each.done_on, each.id))
    if passed:
        judgements = list(_uncovered(facts.plan.systems, passed, today))
    else:
        judgements = [missing(N_("No restore has been passed yet, so no system is known to be restorable."))]
    ahead = [each.done_on for each in results if each.outcome is Outcome.PASSED]
    started = [system.in_use_on for system in facts.plan.systems]
    yield from sooner(judgements, earliest([*ahead, *started], today))


def _uncovered(systems: tuple[SystemFact, ...], passed: list[ResultFact], today: date) -> Iterator[Judgement]:
    last = passed[-1]
    before_on = passed[-2].done_on if len(passed) > 1 else None
    ever: frozenset[UUID] = frozenset().union(*(each.system_ids for each in passed))
    for system in systems:
        in_use_on = system.in_use_on
        if in_use_on and in_use_on > today:
            continue
        added = bool(before_on and in_use_on and in_use_on > before_on)
        if system.id in last.system_ids or not (added or system.id not in ever):
            continue
        later = bool(in_use_on and in_use_on > last.done_on)
        yield missing(
            N_("%(name)s came after the last restore test of %(day)s: include it in the next one.")
            if later
            else N_("%(name)s was not part of the last restore test of %(day)s."),
            Subject("system", system.id, system.name),
            severity=Severity.WARNING if later else Severity.FAULT,
            name=system.name,
            day=last.done_on,
        )


def programme(facts: TenantFacts, item_id: str, today: date) -> Iterator[Judgement]:
    """Judge what is planned for an item and was not done, and what must follow its results and is still open.

    What must follow is a finding from the first day: a notice until the day it is due, then a fault.
    """
    for planned in facts.plan.planned:
        if planned.item_id == item_id and not planned.done:
            yield lapse(
                Subject("planned_test", planned.id),
                planned.planned_on,
                today,
                soon=N_("This test is planned for %(until)s."),
                lapsed=N_("This test was planned for %(until)s, and no result has been recorded since."),
                worst=Severity.WARNING,
                notice_days=0,
            )
    for follow in facts.plan.follow_ups:
        if follow.item_id == item_id:
            late = today > follow.due_on
            yield Gap(
                Subject("follow_up", follow.id, follow.what[:LABEL]),
                Severity.FAULT if late else Severity.NOTICE,
                N_("This had to follow a test by %(until)s: %(what)s")
                if late
                else N_("This must follow a test by %(until)s: %(what)s"),
                {"until": follow.due_on, "what": follow.what[:LABEL]},
                since=shifted(follow.due_on, 1) if late else follow.opened_on,
                until=follow.due_on,
                changes_on=None if late else shifted(follow.due_on, 1),
            )


def restored(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Hold what restores proved of each system against what is wanted, and let a proof lapse like a certificate.

    A system of the newest restore lapses with the item itself; one that was left out since lapses by itself.
    """
    found = proven(facts.plan.results.get(RESTORE, ()), today)
    newest = max((proof.done_on for proof in found.values()), default=None)
    valid = intervals.days(facts.plan.intervals, Interval.RESTORE)
    for system in facts.plan.systems:
        proof = found.get(system.id)
        if proof is None:
            continue
        if proof.slower_than(system.rto_hours):
            yield missing(
                N_("%(name)s was back after %(hours)s hours on %(day)s; it is wanted back within %(rto)s hours."),
                Subject("system", system.id, system.name, "rto"),
                severity=Severity.WARNING,
                name=system.name,
                hours=hours_text(proof.minutes),
                day=proof.done_on,
                rto=system.rto_hours or 0,
            )
        if proof.done_on != newest:
            yield lapse(
                Subject("system", system.id, system.name, "proof"),
                shifted(proof.done_on, valid),
                today,
                soon=N_("%(name)s: the last restore of it proves something until %(until)s."),
                lapsed=N_("%(name)s: the last restore of it proved something until %(until)s."),
                params={"name": system.name},
                worst=Severity.WARNING,
            )


CHECKS: dict[str, Check] = {
    SLA: sla,
    **{test.item_id: partial(tested, test=test) for test in TESTS},
    "testing.restore-new-systems": restore_new_systems,
}
