"""Pages beside what they cannot do without, in CPU time of the server, on both databases.

Goals: findings of about 40 rows, signed in, at most 17 times a bare Flask answer on SQLite, 36 times on PostgreSQL; a
portfolio of 400 clients at most 1.5 times the page of one client, and its trends those of one. Medians of 100 after 20
to warm up, each pair by turns: a machine that others use is not as quick at every moment.
"""

import statistics
import time
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

import sample
from app import create_app
from audits.models import AuditState
from audits.sweeping import sweep
from bench.choosing import DATABASES, database
from bench.pages import PASSWORD, signed_in
from core import clock, db, migrating
from core.settings import read_settings
from tenants.models import LoginSession, ManagementGrant, Tenant
from tenants.scope import reading, scoped

ORGANISATIONS, ASSETS, ROWS = 460, 5, 40
TIMES, WARM = 100, 20
Work = Callable[[], object]


def main() -> None:
    """Print a line per database and page."""
    bare = _bare()
    print(f"{ORGANISATIONS} organisations", flush=True)
    for name in DATABASES:
        with database(name) as env:
            app = create_app(read_settings({key: told for key, told in env.items() if key.startswith("WAARBORG_")}))
            _measure(name, app, bare)
            with app.app_context():
                db.engine().dispose()


def _measure(name: str, app: Flask, bare: Work) -> None:
    with app.app_context():
        migrating.upgrade()
        made = sample.generate(tenants=ORGANISATIONS, seed=1, today=clock.today(), password=PASSWORD, assets=ASSETS)
        sweep.run(made.tenant_ids)
        with scoped(reading(frozenset(made.tenant_ids)), writes=False):
            shown = AuditState.faults + AuditState.warnings + AuditState.notices
            near = sa.select(Tenant.slug, shown).join(AuditState, AuditState.tenant_id == Tenant.id)
            mine = near.where(Tenant.id.in_(made.tenant_ids[:200])).order_by(sa.func.abs(shown - ROWS)).limit(1)
            slug, rows = db.session().execute(mine).one()
            manager = sa.select(Tenant.slug).join(ManagementGrant, ManagementGrant.manager_id == Tenant.id).limit(1)
            reseller = db.session().scalar(manager)
            client_of = sa.select(Tenant.slug).join(ManagementGrant, ManagementGrant.tenant_id == Tenant.id).limit(1)
            client = db.session().scalar(client_of)
            clients = db.session().scalar(sa.select(sa.func.count(ManagementGrant.id)))
    visitor = signed_in(app.test_client(), made.people[0].email)
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(LoginSession).values(strong=True))
        db.commit()

    def opening(path: str) -> Work:
        def open_() -> object:
            answer = visitor.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            return answer

        return open_

    # Every row, as before pages counted by section what is not filled in yet.
    empty, findings = _spent(bare, opening(f"/o/{slug}/findings?unfilled=among"))
    told = f"{findings * 1000:6.1f} ms {findings / empty:6.1f} x bare Flask ({empty * 1000:.2f} ms)"
    print(f"{name:<12} findings, {rows} rows {told}", flush=True)
    one, all_ = _spent(opening(f"/o/{client}/"), opening(f"/o/{reseller}/portfolio/"))
    print(f"{name:<12} portfolio of {clients} {all_ * 1000:6.1f} ms {all_ / one:6.2f} x one client's page", flush=True)
    one, all_ = _spent(opening(f"/o/{client}/trends"), opening(f"/o/{reseller}/portfolio/trends"))
    print(f"{name:<12} trends of {clients} {all_ * 1000:9.1f} ms {all_ / one:6.2f} x one client's trends", flush=True)


def _bare() -> Work:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "<p>hello</p>")
    client = app.test_client()
    return lambda: client.get("/")


def _spent(one: Work, other: Work) -> tuple[float, float]:
    """Return the median CPU seconds of each, done by turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(TIMES + WARM):
        for work, times in zip((one, other), taken, strict=True):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
    first, second = (statistics.median(times[WARM:]) for times in taken)
    return first, second


if __name__ == "__main__":
    main()
