"""Judge the example as if it had been judged all year: what was done later was still missing then."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from audits.judging.judgement import STILL_TO_COME, Check, Gap, Judgement, TenantFacts
from audits.rules.testing import NEVER_RECORDED
from audits.sweeping import sweep
from sample.days import Days

# Days before today: more often as it comes nearer, as people began to work on it.
LOOKED = (364, 245, 154, 91, 56, 35, 21, 14, 7)


def look_back(tenant_ids: Iterable[int], days: Days) -> None:
    """Judge these organisations on days of the past year, oldest first; today is left to whoever calls."""
    chosen = sorted(tenant_ids)
    rules = tuple(replace(rule, check=_as_then(rule.check)) for rule in sweep.CURRENT.rules)
    for ago in LOOKED:
        then = sweep.RuleSet(sweep.CURRENT.name, rules)
        sweep.run(chosen, today=days.ago(ago), at=days.at(ago, hour=5), rule_set=then)


def _as_then(check: Check) -> Check:
    """Let a rule say what it would have said then: a day that nobody had filled in was no mistake, but a gap."""

    def checked(facts: TenantFacts, today: date) -> Iterator[Judgement]:
        for found in check(facts, today):
            if isinstance(found, Gap) and found.message == STILL_TO_COME:
                yield found._replace(message=NEVER_RECORDED, params={})
            else:
                yield found

    return checked
