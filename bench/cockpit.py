"""A reseller's cockpit over 400 clients: milliseconds, of CPU, queries, kilobytes of HTML.

Limits: 200 ms, 15 queries, 60 kB. In process, without a network; the median of seven after two to warm up.
"""

import sqlalchemy as sa
from sqlalchemy import event

import sample
from audits.sweeping import sweep
from bench.pages import PASSWORD, measure, signed_in
from bench.place import fresh
from core import clock, db
from tenants.models import LoginSession, ManagementGrant, Tenant
from tenants.scope import reading, scoped

# Of every hundred generated organisations 89 are businesses.
ORGANISATIONS = 460
ASSETS = 20
PAGES = ("", "?page=4", "?state=to_do", "?leg=tests&state=complete", "?q=bakkerij", "?days=30")


def main() -> None:
    """Fill a database, judge it, and open the cockpit of the supplier that most businesses let in."""
    with fresh() as app:
        with app.app_context():
            made = sample.generate(tenants=ORGANISATIONS, seed=1, today=clock.today(), password=PASSWORD, assets=ASSETS)
            sweep.run(made.tenant_ids)
            with scoped(reading(frozenset(made.tenant_ids)), writes=False):
                clients = db.session().scalar(sa.select(sa.func.count(ManagementGrant.id)))
                slug = db.session().scalar(
                    sa.select(Tenant.slug).join(ManagementGrant, ManagementGrant.manager_id == Tenant.id).limit(1)
                )
            target = db.engine()
        client = signed_in(app.test_client(), made.people[0].email)
        with app.app_context():
            db.begin(writes=True)
            db.session().execute(sa.update(LoginSession).values(strong=True))
            db.commit()
        sent: list[str] = []
        event.listen(target, "before_cursor_execute", lambda *said: sent.append(str(said[2])))
        print(f"cockpit ({clients} clients): milliseconds, of CPU, queries, kB")
        for query in PAGES:
            measure(client, f"/o/{slug}/portfolio/{query}", sent)
