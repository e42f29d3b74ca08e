"""The rules: one for each item of the handbook, one for all own items, one for each duty of the scheme, in order.

A new rule is one pure function, one row in the CHECKS of its module, what it reads in reads.py, and one boundary table
in a test. Whoever
changes what a rule says raises RULE_SET in audits/sweeping/waiting.py, so that every organisation is judged again.
"""

from collections.abc import Mapping
from functools import cache, partial

from audits.judging.judgement import Check, Rule
from audits.rules import (
    backup,
    call_out,
    inventory,
    own,
    payments,
    processes,
    runbook,
    scheme_clients,
    scheme_contracts,
    scheme_handovers,
    scheme_partner,
    scheme_running,
    self_check,
    staff,
    testing,
    upkeep,
)
from audits.rules.clauses import references
from audits.rules.looking import looked_again
from audits.rules.reads import OWN, reads
from continuity.scheme import duties
from plans.handbook import items
from plans.own_items.ids import RULE as OWN_RULE

CHECKS: Mapping[str, Check] = {
    **self_check.CHECKS,
    **backup.CHECKS,
    **inventory.CHECKS,
    **processes.CHECKS,
    **runbook.CHECKS,
    **call_out.CHECKS,
    **staff.CHECKS,
    **testing.CHECKS,
    **payments.CHECKS,
    **upkeep.CHECKS,
    **own.CHECKS,
    **scheme_contracts.CHECKS,
    **scheme_partner.CHECKS,
    **scheme_clients.CHECKS,
    **scheme_handovers.CHECKS,
    **scheme_running.CHECKS,
}
_READS = reads()
RULES: tuple[Rule, ...] = (
    *(
        Rule(
            item.id,
            partial(looked_again, item_id=item.id, check=CHECKS[item.id]),
            references(item.id),
            _READS[item.id],
        )
        for item in items()
    ),
    Rule(OWN_RULE, CHECKS[OWN_RULE], references(OWN_RULE), OWN),
    *(Rule(duty.id, CHECKS[duty.id], references(duty.id), _READS[duty.id]) for duty in duties()),
)


@cache
def by_code() -> dict[str, Rule]:
    """Return the rules by the id of their item or duty."""
    return {rule.code: rule for rule in RULES}
