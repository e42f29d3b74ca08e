"""The sweep: choose the organisations that need judging, judge them in batches, keep what was found.

Each batch reads in one transaction and writes in another, so that the judging in between holds no lock. What was
changed meanwhile keeps its mark and is judged again; a judgement that a newer one overtook is dropped (ledger.keep).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa
import structlog

from audits.asof import keeping
from audits.asof.keeping import Judged, Standing
from audits.judging.engine import Judgements, RuleFailed, judge
from audits.judging.judgement import Rule, TenantFacts
from audits.judging.verdicts import Verdict
from audits.rules import RULES
from audits.sweeping import ledger, states, unchanged
from audits.sweeping.states import NEVER, State
from audits.sweeping.waiting import RULE_SET, Mark, due, marks, marks_here
from audits.webhooks import noting
from continuity import loading as continuity_loading
from core import clock, db
from core.background.batches import BATCH
from plans import loading as plan_loading
from tenants.lock import EVERY_TABLE, Bypass, bypass
from tenants.models import Tenant, TenantChange
from tenants.owned import Area
from tenants.scope import Scope, reading, scoped
from tenants.turns import one_at_a_time

JUDGED = frozenset({Area.PLAN, Area.CONTINUITY, Area.AUDIT})
LEDGER = frozenset({Area.AUDIT})

log = structlog.get_logger("audit")


@dataclass(slots=True)
class SweepResult:
    """What a sweep did: organisations judged, organisations that could not be, and the changes in the ledger.

    unchanged: how many of those judged hold the very rows they were judged by, so that what was found stands.
    """

    judged: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    unchanged: int = 0
    opened: int = 0
    refreshed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a sweep and the name findings are kept under."""

    name: str
    rules: tuple[Rule, ...]


CURRENT = RuleSet(RULE_SET, RULES)


def run(
    tenant_ids: Iterable[int] | None = None,
    today: date | None = None,
    *,
    at: datetime | None = None,
    rule_set: RuleSet = CURRENT,
) -> SweepResult:
    """Judge `tenant_ids`, or all that are due, and bring the ledger in line; commits batch by batch.

    today: the day to judge, default the day of `at` in each organisation's zone; at: aware UTC, default now.
    An organisation that cannot be judged is logged, named in the result and keeps its mark; the others go on. What was
    found stands where not one row differs from those it was found in (audits/sweeping/unchanged.py).
    Must be called outside a transaction and a scope. Raises RuntimeError inside a transaction.
    """
    at = at or clock.now()
    chosen = due(at=at, rule_set=rule_set.name) if tenant_ids is None else sorted(set(tenant_ids))
    result = SweepResult()
    result.failed = _isolated(chosen, lambda batch: _judge_batch(batch, today, at, rule_set, result))
    return result


def judge_now(tenant_ids: frozenset[int]) -> None:
    """Judge those of `tenant_ids` that changed: the door calls this after each change it kept.

    Whatever goes wrong is logged; the person's change was saved and its answer stands.
    """
    try:
        changed = marks(sorted(tenant_ids))
    except sa.exc.SQLAlchemyError as error:
        log.error("changes could not be looked up", tenant_ids=sorted(tenant_ids), exc_info=error)
        return
    if changed:
        run(changed)


def foresee(
    tenant_ids: Sequence[int], day: date, tell: Callable[[int, Judgements], None], rules: Sequence[Rule] = RULES
) -> list[int]:
    """Judge `tenant_ids` as their rows are now, but as if it were `day`; the ledger stays as it is.

    tell: called with each organisation and what was found, in the order given. Returns those that failed, as run does.
    """

    def look(batch: Sequence[int]) -> None:
        with scoped(reading(frozenset(batch), JUDGED), writes=False):
            facts = load(batch)
        for tenant_id, found in [(one, judge(facts[one], day, rules)) for one in batch]:
            tell(tenant_id, found)

    return _isolated(tenant_ids, look)


def _isolated(chosen: Sequence[int], work: Callable[[Sequence[int]], None]) -> list[int]:
    """Do `work` batch by batch, in order; halve a batch that fails until the organisation at fault stands alone.

    Returns the organisations that failed: logged, so that somebody mends the rule, while the others went on.
    """
    failed = []
    waiting = [list(chosen[start : start + BATCH]) for start in range(0, len(chosen), BATCH)]
    while waiting:
        batch = waiting.pop(0)
        try:
            work(batch)
        except Exception as error:  # whatever it is, it must not stop the others
            if len(batch) > 1:
                middle = len(batch) // 2
                waiting[:0] = [batch[:middle], batch[middle:]]
                continue
            failed.extend(batch)
            rule = error.code if isinstance(error, RuleFailed) else ""
            log.error("organisation could not be judged", tenant_id=batch[0], rule=rule, exc_info=error)
    return failed


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a batch, read as of one moment. days: which is judged, by organisation; from_rows: digest of the
    rows of those of which every row is read; stands: how often those were judged whose rows are the ones they were
    judged by; facts: of all others.
    """

    seen: Mapping[int, Mark]
    before: Mapping[int, State]
    days: Mapping[int, date]
    standing: Mapping[int, Standing]
    from_rows: Mapping[int, str]
    stands: Mapping[int, int]
    facts: Mapping[int, TenantFacts]

    def made_from(self, tenant_id: int) -> str:
        """Return the digest of all rows it is judged by; "" where what its plan says is not among them, but counts."""
        said = self.before.get(tenant_id, NEVER).plan_said, self.facts[tenant_id].plan.digest
        return self.from_rows.get(tenant_id, "") if bool(said[0]) == bool(said[1]) else ""


def _judge_batch(
    batch: Sequence[int], today: date | None, at: datetime, rule_set: RuleSet, result: SweepResult
) -> None:
    scope = frozenset(batch)
    with scoped(reading(scope, JUDGED), writes=False):
        looked = _look(batch, today, at, rule_set.name)
    verdicts = [
        Verdict(
            tenant_id,
            looked.days[tenant_id],
            judge(found, looked.days[tenant_id], rule_set.rules),
            looked.before.get(tenant_id, NEVER).times,
            registered=bool(found.continuity.registrations),
            plan_said=found.plan.digest,
            from_rows=looked.made_from(tenant_id),
        )
        for tenant_id, found in looked.facts.items()
    ]
    with scoped(Scope(scope, LEDGER, LEDGER)):
        one_at_a_time(batch)  # all of them at once, so that two sweeps never wait for each other
        verdicts = _not_overtaken(verdicts, looked)
        stood = states.stand(looked.stands, looked.days, at=at)
        changes = ledger.keep(verdicts, rule_set.name, at=at)
        noting.note_findings(changes, at=at)
        kept = {*changes.kept, *stood}
        _keep_day([one for one in verdicts if one.tenant_id in kept], changes, looked.standing, rule_set.name, at)
        _take_marks_away({one: mark.seq for one, mark in looked.seen.items() if one in kept})
    result.judged.extend(sorted(kept))
    result.unchanged += len(stood)
    result.opened += len(changes.opened)
    result.refreshed += len(changes.refreshed)
    result.closed += len(changes.closed)


def _not_overtaken(verdicts: Sequence[Verdict], looked: Looked) -> list[Verdict]:
    """Leave out first judgements of organisations that changed since their facts were read: the mark waits for another.

    Of an organisation that was judged before the ledger notices who came in between, by how often it was; whoever
    erases somebody counts there. The first time there is nothing to count in yet.
    """
    first = [one.tenant_id for one in verdicts if one.tenant_id not in looked.before]
    now = marks_here(first) if first else {}
    moved = {one for one in first if now.get(one) != looked.seen.get(one)}
    return [one for one in verdicts if one.tenant_id not in moved]


def _look(batch: Sequence[int], today: date | None, at: datetime, rule_set: str) -> Looked:
    # The marks first: a change after this moment has a higher number, and its mark survives.
    seen = marks_here(batch)
    before = states.of(batch)
    days = {tenant_id: today or clock.day_of(at, zone) for tenant_id, zone in _zones(batch).items()}
    changed = {one: seen[one].tables if one in seen else "" for one in days}
    compared = {one for one, state in before.items() if state.plan_said}
    from_rows = unchanged.digests(_not_due(before, changed, days, rule_set), compared, rule_set)
    standing = keeping.look(changed)
    stands = {
        one: state.times
        for one, state in before.items()
        if state.from_rows == from_rows.get(one) and state.stands_on(days[one]) and not standing[one].differs(rule_set)
    }
    # What is told to be made from all rows is made from all rows.
    said = {one: told for one, told in _said(before, changed).items() if one not in from_rows}
    facts = load(sorted(days.keys() - stands), said)
    return Looked(seen, before, days, standing, from_rows, stands, facts)


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


def _keep_day(
    verdicts: Sequence[Verdict], changes: ledger.Changes, standing: Mapping[int, Standing], rule_set: str, at: datetime
) -> None:
    """Keep how these organisations stood, where anything differs from what was kept of them before."""
    unkept = [one.tenant_id for one in verdicts if standing[one.tenant_id].last is None]
    since = changes.since | ledger.known_since([one for one in unkept if one not in changes.since])
    judged = [
        Judged(one.tenant_id, one.today, one.judgements, since.get(one.tenant_id))
        for one in verdicts
        if one.tenant_id in since or standing[one.tenant_id].differs(rule_set)
    ]
    keeping.keep(judged, standing, rule_set, ledger.known_since, at=at)


def load(tenant_ids: Sequence[int], said: Mapping[int, str] = MappingProxyType({})) -> dict[int, TenantFacts]:
    """Load all facts of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    said: fingerprints of what plans say, where they are known.
    """
    plans, schemes = plan_loading.load(tenant_ids, said), continuity_loading.load(tenant_ids)
    return {one: TenantFacts(one, plans[one], schemes[one]) for one in tenant_ids}


def _zones(batch: Sequence[int]) -> dict[int, str]:
    query = sa.select(Tenant.id, Tenant.zone).where(Tenant.id.in_(batch))
    return {row.id: row.zone for row in db.session().execute(query)}


# On the table, not the class: only so one statement takes many rows of parameters.
_DELETE_MARK = sa.delete(TenantChange.__table__).where(  # type: ignore[arg-type]
    TenantChange.tenant_id == sa.bindparam("one"), TenantChange.seq == sa.bindparam("number")
)


def _take_marks_away(seen: Mapping[int, int]) -> None:
    """Take away the marks that nobody renewed since they were read."""
    if seen:
        rows = [{"one": tenant_id, "number": seq} for tenant_id, seq in sorted(seen.items())]
        db.session().execute(_DELETE_MARK, rows, execution_options=bypass(Bypass.SWEEP))
