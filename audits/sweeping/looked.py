"""What is known of a batch before it is judged: who is as it was, what must be judged again, and the facts for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from audits.asof import keeping
from audits.asof.keeping import Standing
from audits.judging.engine import judge
from audits.judging.judgement import SCHEME_FACTS, Rule, TenantFacts
from audits.judging.verdicts import Verdict
from audits.sweeping import again, states, unchanged
from audits.sweeping.again import Again
from audits.sweeping.states import NEVER, State
from audits.sweeping.waiting import Mark, marks_here
from continuity import loading as continuity_loading
from continuity.facts import ContinuityFacts
from core import clock, db
from plans import loading as plan_loading
from plans.facts import NotLoaded
from tenants.lock import EVERY_TABLE
from tenants.models import Tenant
from tenants.owned import Area

JUDGED = frozenset({Area.PLAN, Area.CONTINUITY, Area.AUDIT})
_NO_SCHEME: Any = NotLoaded(SCHEME_FACTS)


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a batch, read as of one moment. days: which is judged, by organisation; from_rows: digest of the
    rows of those of which every row is read; stands: how often those were judged whose rows are the ones they were
    judged by; facts: of all others; again: of them those that need not be judged by every rule.
    """

    seen: Mapping[int, Mark]
    before: Mapping[int, State]
    days: Mapping[int, date]
    standing: Mapping[int, Standing]
    from_rows: Mapping[int, str]
    stands: Mapping[int, int]
    facts: Mapping[int, TenantFacts]
    again: Mapping[int, Again]

    def verdicts(self, rules: Sequence[Rule]) -> list[Verdict]:
        """Judge all that do not stand by `rules`. Raises RuleFailed when a rule breaks off."""
        return [self._verdict(found, rules) for found in self.facts.values()]

    def _verdict(self, found: TenantFacts, rules: Sequence[Rule]) -> Verdict:
        one = found.tenant_id
        state, day, part = self.before.get(one, NEVER), self.days[one], self.again.get(one)
        if part is None:
            judgements, registered = judge(found, day, rules), bool(found.continuity.registrations)
        else:
            judgements = part.judge(found, day, rules)
            registered = bool(found.continuity.registrations) if SCHEME_FACTS in part.reads else part.registered
        said = found.plan.digest if part is None or plan_loading.DIGEST in part.reads else state.plan_said
        # What its plan says counts, but is among the rows read only where it was compared before.
        made_from = self.from_rows.get(one, "") if bool(state.plan_said) == bool(said) else ""
        return Verdict(
            one,
            day,
            judgements,
            state.times,
            registered=registered,
            plan_said=said,
            from_rows=made_from,
            told_before=state.told if part is not None and judgements is part.found else "",
            entered=found.plan.entered if part is None or plan_loading.ENTERED in part.reads else state.entered,
            before=part.found if part is not None else None,
        )


def look(batch: Sequence[int], today: date | None, at: datetime, rule_set: str, rules: Sequence[Rule]) -> Looked:
    """Read all that judging the open scope's organisations `batch` by `rules` rests on, and nothing that stands.

    today: the day to judge, None: the day of `at` (aware UTC) in each organisation's zone.
    """
    # The marks first: a change after this moment has a higher number, and its mark survives.
    seen = marks_here(batch)
    before = states.of(batch)
    days = {tenant_id: today or clock.day_of(at, zone) for tenant_id, zone in _zones(batch).items()}
    changed = {one: seen[one].tables if one in seen else "" for one in days}
    compared = {one for one, state in before.items() if state.plan_said}
    quiet = _not_due(before, changed, days, rule_set)
    # Whoever took a turn and changed nothing asks for nothing to be looked at; anybody else who is here does.
    untouched = {one for one in quiet if one in seen and seen[one].tells_nothing}
    from_rows = unchanged.digests([one for one in quiet if one not in untouched], compared, rule_set)
    standing = keeping.look(changed)
    stands = {
        one: state.times
        for one, state in before.items()
        if (one in untouched or (state.from_rows == from_rows.get(one) and state.stands_on(days[one])))
        and not standing[one].differs(rule_set)
    }
    # What is told to be made from all rows is made from all rows.
    said = {one: told for one, told in _said(before, changed).items() if one not in from_rows}
    parts = again.look(days.keys() - stands.keys() - from_rows.keys(), before, seen, days, standing, rule_set, rules)
    whole = sorted(days.keys() - stands.keys() - parts.keys())
    facts = load(whole, said) if whole else {}
    return Looked(seen, before, days, standing, from_rows, stands, facts | _load_parts(parts, said), parts)


def _load_parts(parts: Mapping[int, Again], said: Mapping[int, str]) -> dict[int, TenantFacts]:
    """Load what must be known to judge a part again; the rest of the facts raise when they are used."""
    if not parts:
        return {}
    entered = {one: part.entered for one, part in parts.items()}
    plans = plan_loading.load_some({one: part.reads for one, part in parts.items()}, said, entered)
    # Who registered nothing, and still did not, has no scheme to be read.
    schemes = dict.fromkeys((one for one, part in parts.items() if part.outside), ContinuityFacts(()))
    of_scheme = [one for one, part in parts.items() if SCHEME_FACTS in part.reads and not part.outside]
    schemes |= continuity_loading.load(of_scheme) if of_scheme else {}
    return {one: TenantFacts(one, plans[one], schemes.get(one, _NO_SCHEME)) for one in parts}


def _not_due(
    before: Mapping[int, State], changed: Mapping[int, str], days: Mapping[int, date], rule_set: str
) -> list[int]:
    """Return the organisations that would be judged for no reason but that somebody wants everybody looked at.

    Others are judged in any case, so a digest of all their rows is not worth its while.
    """
    return [
        one
        for one, state in before.items()
        if state.rule_set == rule_set and state.stands_on(days[one]) and not changed[one].split()
    ]


def _said(before: Mapping[int, State], changed: Mapping[int, str]) -> dict[int, str]:
    """Return the fingerprints of plans that say what they said: none of their rows changed since they were judged."""
    return {
        one: state.plan_said
        for one, state in before.items()
        if states.SAYING.isdisjoint(changed.get(one, EVERY_TABLE).split())
    }


def load(tenant_ids: Sequence[int], said: Mapping[int, str] = MappingProxyType({})) -> dict[int, TenantFacts]:
    """Load all facts of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    said: fingerprints of what plans say, where they are known.
    """
    plans, schemes = plan_loading.load(tenant_ids, said), continuity_loading.load(tenant_ids)
    return {one: TenantFacts(one, plans[one], schemes[one]) for one in tenant_ids}


def _zones(batch: Sequence[int]) -> dict[int, str]:
    query = sa.select(Tenant.id, Tenant.zone).where(Tenant.id.in_(batch))
    return {row.id: row.zone for row in db.session().execute(query)}
