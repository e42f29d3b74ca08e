"""Whether signing in asks for more than a password where much depends on it, and how one gets in without the phone."""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from audits.judging.judgement import Check, Gap, Judgement, Subject, TenantFacts, missing
from audits.judging.severity import Severity
from core.i18n import N_
from plans.facts import AssetFact
from plans.models import AssetKind, SecondStep

NOT_TOLD = N_("It is not told yet whether signing in asks for a second step: %(count)s of %(total)s.")
PASSWORD_ALONE = N_("Whoever has the password of %(name)s is in: let signing in ask for a second step.")
NO_SPARE = N_("It is not told how you sign in to %(name)s when the phone or key of the second step is gone.")
# What asks for a thing that can burn, be stolen or be lost.
ASKING = frozenset({SecondStep.APP, SecondStep.KEY, SecondStep.MESSAGE})


def signing_in(facts: TenantFacts, today: date, *, kind: AssetKind, check: Check) -> Iterator[Judgement]:
    """Judge a class, and warn of accounts without a second step, or with one that may be gone on the worst day.

    What is not told is one warning for the whole class. Nothing is a fault: the handbook does not ask for it.
    Source: NIS2, article 21(2)(j).
    """
    return chain(check(facts, today), _signing_in(facts.plan.assets.get(kind, ())))


def _signing_in(records: tuple[AssetFact, ...]) -> Iterator[Gap]:
    untold = sum(record.second_step is None for record in records)
    if untold:
        subject = Subject(part="second-step")
        yield missing(NOT_TOLD, subject, severity=Severity.WARNING, count=untold, total=len(records))
    for record in records:
        if record.second_step is SecondStep.NONE:
            yield _on(record, PASSWORD_ALONE)
        elif record.second_step in ASKING and not record.has_second_step_spare:
            yield _on(record, NO_SPARE)


def _on(record: AssetFact, message: str) -> Gap:
    subject = Subject("asset", record.id, record.name, "second-step")
    return missing(message, subject, severity=Severity.WARNING, name=record.name)
