"""The sweep: choose the organisations that need judging, judge them in batches, keep what was found.

Each batch reads in one transaction and writes in another, so that the judging in between holds no lock. What was
changed meanwhile keeps its mark and is judged again; a judgement that a newer one overtook is dropped (ledger.keep).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
import structlog

from audits import ledger
from audits.asof import keeping
from audits.asof.keeping import Judged
from audits.engine import Judgements, RuleFailed, judge
from audits.judging import Rule, TenantFacts
from audits.ledger import Verdict
from audits.rules import RULES
from audits.waiting import RULE_SET, due, marks, marks_here
from audits.webhooks import noting
from continuity import loading as continuity_loading
from core import clock, db
from core.batches import BATCH
from plans import loading as plan_loading
from tenants.lock import Bypass, bypass
from tenants.models import Tenant, TenantChange
from tenants.owned import Area
from tenants.scope import Scope, reading, scoped

JUDGED = frozenset({Area.PLAN, Area.CONTINUITY, Area.AUDIT})
LEDGER = frozenset({Area.AUDIT})

log = structlog.get_logger("audit")


@dataclass(slots=True)
class SweepResult:
    """What a sweep did: organisations judged, organisations that could not be, and the changes in the ledger."""

    judged: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
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
    An organisation that cannot be judged is logged, named in the result and keeps its mark; the others go on.
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


def _judge_batch(
    batch: Sequence[int], today: date | None, at: datetime, rule_set: RuleSet, result: SweepResult
) -> None:
    scope = frozenset(batch)
    with scoped(reading(scope, JUDGED), writes=False):
        # The marks first: a change after this moment has a higher number, and its mark survives.
        seen = marks_here(batch)
        times = {tenant_id: state["times"] for tenant_id, state in ledger.states_of(batch).items()}
        days = {tenant_id: today or clock.day_of(at, zone) for tenant_id, zone in _zones(batch).items()}
        facts = load(sorted(days))
        standing = keeping.look({one: seen[one].tables if one in seen else "" for one in days})
    verdicts = [
        Verdict(tenant_id, days[tenant_id], judge(found, days[tenant_id], rule_set.rules), times.get(tenant_id, 0))
        for tenant_id, found in facts.items()
    ]
    with scoped(Scope(scope, LEDGER, LEDGER)):
        changes = ledger.keep(verdicts, rule_set.name, at=at)
        noting.note_findings(changes, at=at)
        judged = [
            Judged(one.tenant_id, one.today, one.judgements, changes.since[one.tenant_id])
            for one in verdicts
            if one.tenant_id in changes.since
        ]
        keeping.keep(judged, standing, rule_set.name, at=at)
        _take_marks_away({one: mark.seq for one, mark in seen.items() if one in changes.since})
    result.judged.extend(changes.kept)
    result.opened += len(changes.opened)
    result.refreshed += len(changes.refreshed)
    result.closed += len(changes.closed)


def load(tenant_ids: Sequence[int]) -> dict[int, TenantFacts]:
    """Load all facts of the open scope's organisations `tenant_ids`, in a number of queries that never grows."""
    plans, schemes = plan_loading.load(tenant_ids), continuity_loading.load(tenant_ids)
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
