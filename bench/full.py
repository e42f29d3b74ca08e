"""Judging everybody again, on both databases, beside handing the same rows to Python; the same is found on both.

Goal: at most 3 times the bare rows of 10,000 organisations of 100 inventory records, as the driver hands them over.
"rows unchanged" is a sweep over everybody whose rows are those they were judged by; "first of all" the one before it,
that judges from every row and keeps a digest of them; "judged anew" one by other rules, as after a release. Between
them and the bare rows stands what judging cannot do without: the rows as facts, with what is confidential opened.
BENCH_ORGANISATIONS=1000 takes fewer; the ratios hardly depend on how many there are.
"""

import json
import os

from bench.choosing import DATABASES, database
from bench.programs import FILL, run_python

ALL, ASSETS, SEED, TIMES = 10_000, 100, 7, 3
STEPS = ("bare rows", "facts", "first sweep", "first of all", "rows unchanged", "judged anew")

MEASURE = """
import hashlib, json, resource, statistics, sys, time
import sqlalchemy as sa
from app import create_app
from audits.sweeping import sweep, waiting
from bench.programs import handed
from core import clock, db
from tenants.models import Tenant
cpu = time.process_time
def spent(work):
    began = cpu()
    work()
    return cpu() - began
app = create_app()
with app.app_context():
    at = clock.now()
    ids = waiting.due(at=at)
    first = spent(lambda: sweep.run(ids, at=at))
    of_all = spent(lambda: sweep.run(ids, at=at))
    spents = {"rows": [], "facts": [], "unchanged": [], "anew": []}
    stood = []
    for turn in range(int(sys.argv[1])):
        each = list(handed(ids))
        spents["rows"].append(sum(one.rows for one in each))
        spents["facts"].append(sum(one.facts for one in each))
        spents["unchanged"].append(spent(lambda: stood.append(sweep.run(ids, at=at).unchanged)))
    for turn in range(int(sys.argv[1])):
        other = sweep.RuleSet(f"another {turn}", sweep.RULES)
        spents["anew"].append(spent(lambda: sweep.run(ids, at=at, rule_set=other)))
    rows, loaded, again, anew = (statistics.median(found) for found in spents.values())
    assert stood == [len(ids)] * len(stood), stood
    db.begin(writes=False)
    slugs = dict(db.session().execute(sa.select(Tenant.id, Tenant.slug)).all())
    db.rollback()
    told = []
    def tell(tenant_id, found):
        gaps = sorted((code, gap.severity, gap.message, gap.subject.kind, gap.subject.label, str(gap.until))
                      for code, gap in found.gaps)
        holds = sorted((code, held.subject.kind, held.subject.label, str(held.until)) for code, held in found.holds)
        told.append(repr((slugs[tenant_id], gaps, holds, found.next_on)))
    sweep.foresee(ids, clock.day_of(at), tell)
digest = hashlib.sha256("".join(sorted(told)).encode()).hexdigest()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([len(ids), [rows, loaded, first, of_all, again, anew], digest, memory]))
"""


def main() -> None:
    """Print a line per database and step."""
    every = int(os.environ.get("BENCH_ORGANISATIONS", ALL))
    digests = set()
    for name in DATABASES:
        with database(name) as env:
            run_python(env, FILL, every, ASSETS, SEED)
            judged, spents, digest, memory = json.loads(run_python(env, MEASURE, TIMES))
            digests.add(digest)
            print(f"{name}: {judged} organisations of {ASSETS} inventory records, {memory:.0f} MB, found {digest[:16]}")
            for step, spent in zip(STEPS, spents, strict=True):
                print(f"{step:<16}{spent:8.2f} s CPU {spent / spents[0]:7.2f} x bare rows", flush=True)
    print("the same was found on both" if len(digests) == 1 else "DIFFERENT things were found")


if __name__ == "__main__":
    main()
