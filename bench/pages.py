"""Pages with 200 sample organisations in the database: milliseconds, of CPU, queries, kilobytes of HTML.

Limits: 200 ms, 15 queries, 60 kB. In process, without a network; the medians of seven after two to warm up. On a
machine that others use the milliseconds of CPU tell more.
"""

import re
import statistics
import time
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

import sample
from audits.sweeping import sweep
from bench.place import fresh
from core import clock, db

ORGANISATIONS = 200
PASSWORD = "lepel tafel dijk zeven"  # noqa: S105 -- of a made-up person in a throw-away database
PAGES = (
    "", "findings", "findings?state=closed", "expiries", "rules", "plan/", "plan/path",
    "plan/runbook/team?path=on", "plan/starters/garage", "plan/proposals", "plan/backup", "plan/inventory",
    "plan/processes", "plan/runbook", "plan/staff", "plan/testing", "plan/payments", "plan/upkeep",
    "plan/runbook/team", "plan/runbook/recovery", "plan/self-check/attractive-data", "plan/testing/restore",
    "plan/staff/policy", "plan/versions", "plan/intervals", "registers/", "registers/contacts",
    "registers/office-pcs", "registers/licences", "registers/systems-used", "registers/priorities",
    "import/", "continuity/", "reports/", "settings",
)  # fmt: skip


def main() -> None:
    """Fill a database, sign in as somebody who belongs to all 200, and open every page of one organisation."""
    with fresh() as app:
        with app.app_context():
            made = sample.generate(tenants=ORGANISATIONS, seed=1, today=clock.today(), password=PASSWORD)
            sweep.run(made.tenant_ids)
            target = db.engine()
        sent: list[str] = []
        event.listen(target, "before_cursor_execute", lambda *said: sent.append(str(said[2])))
        client = signed_in(app.test_client(), made.people[0].email)
        places = client.get("/organisations")
        slug = re.findall(r'href="/o/([\w-]+)/', places.get_data(as_text=True))[0]
        size = (app.config["SETTINGS"].data_dir / "waarborg.db").stat().st_size / 1e6
        print(f"page ({ORGANISATIONS} organisations, {size:.0f} MB): milliseconds, of CPU, queries, kB")
        for page in ("organisations", *(f"o/{slug}/{page}" for page in PAGES)):
            measure(client, f"/{page}", sent)


def signed_in(client: FlaskClient, email: str) -> FlaskClient:
    """Sign in by the form."""
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    answer = client.post("/sign-in", data={"csrf_token": token[1], "email": email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def measure(client: FlaskClient, path: str, sent: list[str]) -> None:
    """Open a page nine times and print what it took. sent: where each statement to the database is noted."""
    times: list[float] = []
    cpu: list[float] = []
    answer: Any = None
    for _ in range(9):
        sent.clear()
        start, began = time.perf_counter(), time.process_time()
        answer = client.get(path)
        cpu.append((time.process_time() - began) * 1000)
        times.append((time.perf_counter() - start) * 1000)
    queries = sum(not one.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")) for one in sent)
    spent, own, size = statistics.median(times[2:]), statistics.median(cpu[2:]), len(answer.data) / 1000
    print(f"{answer.status_code} {path:<60} {spent:7.1f} {own:7.1f} {queries:4} {size:7.1f}")
