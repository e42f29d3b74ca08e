"""The sweep: choose the organisations that need judging, judge them in batches, keep what was found.

Each batch reads in one transaction and writes in another, so that the judging in between holds no lock. What was
changed meanwhile keeps its mark and is judged again; a judgement that a newer one overtook is dropped (ledger.keep).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
import structlog

from audits.asof import keeping
from audits.asof.keeping import Judged, Standing
from audits.judging.engine import Judgements, RuleFailed, judge
from audits.judging.judgement import Rule
from audits.judging.verdicts import Verdict
from audits.rules import RULES
from audits.sweeping import ledger, states
from audits.sweeping.looked import JUDGED, Looked, load, look
from audits.sweeping.waiting import RULE_SET, due, marks, marks_here
from audits.webhooks import noting
from core import clock, db
from core.background.batches import BATCH, uncollected
from tenants.lock import Bypass, bypass
from tenants.models import TenantChange
from tenants.owned import Area
from tenants.scope import Scope, reading, scoped
from tenants.turns import one_at_a_time

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

    def judge_untold(batch: Sequence[int]) -> None:
        with scoped(reading(frozenset(batch), JUDGED), writes=False):
            facts = load(batch)
        for tenant_id, found in [(one, judge(facts[one], day, rules)) for one in batch]:
            tell(tenant_id, found)

    return _isolated(tenant_ids, judge_untold)


def _isolated(chosen: Sequence[int], work: Callable[[Sequence[int]], None]) -> list[int]:
    """Do `work` batch by batch, in order; halve a batch that fails until the organisation at fault stands alone.

    Returns the organisations that failed: logged, so that somebody mends the rule, while the others went on.
    """
    failed = []
    waiting = [list(chosen[start : start + BATCH]) for start in range(0, len(chosen), BATCH)]
    while waiting:
        batch = waiting.pop(0)
        try:
            with uncollected():
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
        looked = look(batch, today, at, rule_set.name, rule_set.rules)
    verdicts = looked.verdicts(rule_set.rules)
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


def _keep_day(
    verdicts: Sequence[Verdict], changes: ledger.Changes, standing: Mapping[int, Standing], rule_set: str, at: datetime
) -> None:
    """Keep how these organisations stood, where anything differs from what was kept of them before."""
    unkept = [one.tenant_id for one in verdicts if standing[one.tenant_id].last is None]
    since = changes.since | ledger.known_since([one for one in unkept if one not in changes.since])
    judged = [
        Judged(one.tenant_id, one.today, one.judgements, since.get(one.tenant_id), one.before)
        for one in verdicts
        if one.tenant_id in since or standing[one.tenant_id].differs(rule_set)
    ]
    keeping.keep(judged, standing, rule_set, ledger.known_since, at=at)


# On the table, not the class: only so one statement takes many rows of parameters.
_DELETE_MARK = sa.delete(TenantChange.__table__).where(  # type: ignore[arg-type]
    TenantChange.tenant_id == sa.bindparam("one"), TenantChange.seq == sa.bindparam("number")
)


def _take_marks_away(seen: Mapping[int, int]) -> None:
    """Take away the marks that nobody renewed since they were read."""
    if seen:
        rows = [{"one": tenant_id, "number": seq} for tenant_id, seq in sorted(seen.items())]
        db.session().execute(_DELETE_MARK, rows, execution_options=bypass(Bypass.SWEEP))
