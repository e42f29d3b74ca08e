"""Items that a change in the business opened: a warning at each until somebody looked."""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from audits.judging.judgement import Check, Judgement, Subject, TenantFacts, missing
from audits.judging.severity import Severity
from core.i18n import N_
from plans.facts import LookFact

LABEL_LENGTH = 120
LOOK = N_("Look at this again, because on %(day)s something changed in the business: %(what)s")


def looked_again(facts: TenantFacts, today: date, *, item_id: str, check: Check) -> Iterator[Judgement]:
    """Judge an item, and want it looked at again after each change of the business that touched it.

    Source: upkeep.business-change; handbook, last paragraph.
    """
    # Hardly any item has one, and this stands before every rule of the plan.
    looks = [look for look in facts.plan.looks if look.item_id == item_id] if facts.plan.looks else []
    return chain(check(facts, today), map(_to_look, looks)) if looks else check(facts, today)


def _to_look(look: LookFact) -> Judgement:
    label = " ".join(look.what.split())[:LABEL_LENGTH]
    subject = Subject("business_change", look.change_id, label, "look")
    return missing(LOOK, subject, severity=Severity.WARNING, day=look.reported_on, what=label)
