"""Items that a change in the business opened: a warning at each until somebody looked."""

from collections.abc import Iterator
from datetime import date

from audits.judging import (
    Check,
    Judgement,
    Subject,
    TenantFacts,
    missing,
)
from audits.severity import Severity
from core.i18n import N_

LABEL_LENGTH = 120
LOOK = N_("Look at this again, because on %(day)s something changed in the business: %(what)s")


def looked_again(facts: TenantFacts, today: date, *, item_id: str, check: Check) -> Iterator[Judgement]:
    """Judge an item, and want it looked at again after each change of the business that touched it.

    Source: upkeep.business-change; handbook, last paragraph.
    """
    yield from check(facts, today)
    for look in facts.plan.looks:
        if look.item_id == item_id:
            label = " ".join(look.what.split())[:LABEL_LENGTH]
            subject = Subject("business_change", look.change_id, label, "look")
            yield missing(LOOK, subject, severity=Severity.WARNING, day=look.reported_on, what=label)
