"""What came from a starter and nobody settled: a plan is not in order by somebody else's words."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from audits.judging.judgement import Gap, Subject, missing
from audits.judging.severity import Severity
from core.i18n import N_
from plans.facts import PlanFacts
from plans.models import LineKind

PART = "proposed"
ROW = N_("“%(name)s” is a proposal from an example. Keep it, change it or drop it.")
ANSWER = N_("The answer is a proposal from an example. Change it where it is not right, and save it.")


PLANNED = N_("A test that is planned is a proposal from an example. Keep it, change it or drop it.")


def proposed(plan: PlanFacts, code: str) -> Iterator[Gap]:
    """Yield a gap for each proposal under the item `code`; what was put away or emptied is none any more.

    Source: the handbook's last paragraph: the plan is tailored to the business.
    """
    mine = [fact for fact in plan.proposals if fact.item_id == code]
    names = _names(plan) if mine else {}
    for fact in mine:
        if fact.kind is LineKind.ANSWER:
            answer = plan.answers.get(code)
            if answer is not None and any(answer.values.values()):
                yield missing(ANSWER, Subject(part=PART), severity=Severity.WARNING)
        elif fact.kind is LineKind.TEST:
            if any(test.id == fact.row_id and not test.done for test in plan.planned):
                yield missing(PLANNED, Subject(fact.kind.value, fact.row_id, part=PART), severity=Severity.WARNING)
        elif fact.row_id in names:
            name = names[fact.row_id]
            subject = Subject(fact.kind.value, fact.row_id, name, PART)
            yield missing(ROW, subject, severity=Severity.WARNING, name=name)


def _names(plan: PlanFacts) -> Mapping[UUID, str]:
    return {
        **{row.id: row.name for row in plan.departments},
        **{row.id: row.name for row in plan.systems},
        **{row.id: row.name for row in plan.data_sets},
        **{row.id: row.name for row in plan.parties},
    }
