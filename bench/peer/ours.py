"""Waarborg with the same numbers of organisations, records and findings, and somebody signed in."""

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.peer.server import Cost, Server, running

ROOT = Path(__file__).resolve().parents[2]
# As docs/running.md tells: what else it needs stands in gunicorn.conf.py.
GUNICORN = (sys.executable, "-m", "gunicorn", "--log-level", "error", "app:create_server()")
PASSWORD = "lepel tafel dijk zeven"  # noqa: S105 -- of a made-up person in a throw-away database
# A token may be used so often in a minute: each measurement takes the next.
TOKENS = 24
# Records in a part of a list, at most.
MOST = 1000
FILL = """
import json, sys
import sqlalchemy as sa
import sample
from app import create_app
from audits.sweeping import sweep
from audits.models import AuditState
from core import clock, db, migrating
from core.ids import new_id
from tenants.models import ManagementGrant, Membership, Role, Tenant, User
from tenants.scope import reading, scoped, whole
from tenants.tokens import services
from tenants.tokens.scopes import TokenScope
organisations, each, rows, tokens, password = *map(int, sys.argv[1:5]), sys.argv[5]
with create_app().app_context():
    migrating.upgrade()
    made = sample.generate(
        tenants=organisations + 60, seed=1, today=clock.today(), password=password, assets=each, first=rows)
    sweep.run(made.tenant_ids)
    with scoped(reading(frozenset(made.tenant_ids)), writes=False):
        shown = AuditState.faults + AuditState.warnings + AuditState.notices
        near = sa.select(Tenant.id, Tenant.slug, shown).join(AuditState, AuditState.tenant_id == Tenant.id)
        near = near.where(Tenant.id.in_(made.tenant_ids[1:200])).order_by(sa.func.abs(shown - each)).limit(1)
        usual = db.session().execute(near).one()
        manager = sa.select(Tenant.id, Tenant.slug).join(ManagementGrant, ManagementGrant.manager_id == Tenant.id)
        reseller = db.session().execute(manager.limit(1)).one()
        largest = db.session().execute(sa.select(Tenant.id, Tenant.slug).where(Tenant.id == made.tenant_ids[0])).one()
        clients = db.session().scalar(sa.select(sa.func.count(ManagementGrant.id)))
        person = db.session().scalar(sa.select(User.id).where(User.email == made.people[0].email))
    told = {}
    for name, one in (("usual", usual.id), ("largest", largest.id), ("reseller", reseller.id)):
        with scoped(whole(one)):
            # A token calls only while its maker is an owner.
            joined = db.session().scalars(sa.select(Membership).where(Membership.user_id == person)).one()
            joined.role = Role.OWNER
            told[name] = [
                services.make(services.TokenValues("bench", frozenset(TokenScope), 30), new_id(), person,
                              at=clock.now()) for _ in range(tokens)]
    with db.engine().begin() as connection:
        connection.execute(sa.text("ANALYZE"))
print(json.dumps([usual.slug, usual[2], largest.slug, reseller.slug, clients, made.people[0].email, told]))
"""
# Somebody whose second step was checked: a reseller's pages ask for one.
STRONG = """
import sqlalchemy as sa
from app import create_app
from core import db
from tenants.models import LoginSession
with create_app().app_context():
    db.begin(writes=True)
    db.session().execute(sa.update(LoginSession).values(strong=True))
    db.commit()
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put in. usual: an organisation with about so many findings; tokens: by organisation."""

    usual: str
    findings: int
    largest: str
    reseller: str
    clients: int
    email: str
    tokens: Mapping[str, list[str]]


def filled(env: Mapping[str, str], organisations: int, each: int, rows: int) -> Filled:
    """Fill an empty database. each: records of an organisation; rows: of the largest."""
    told = _python(env, FILL, str(organisations), str(each), str(rows), str(TOKENS), PASSWORD)
    return Filled(*json.loads(told.splitlines()[-1]))


@contextmanager
def served(env: Mapping[str, str], into: Filled) -> Iterator[Server]:
    """Run the server while the block runs, with somebody signed in who may see it all."""
    with running(GUNICORN, ROOT, env) as server:
        form = urlencode({"csrf_token": csrf(server, "/sign-in"), "email": into.email, "password": PASSWORD})
        server.fetch("/sign-in", form.encode())
        _python(env, STRONG)
        yield server


def csrf(server: Server, path: str) -> str:
    """Return the token of the forms of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', server.fetch(path).decode())
    assert found
    return found[1]


def all_of(server: Server, token: str, name: str) -> int:
    """Read a whole list as a program does, part by part; return how many lines it has."""
    count, cursor = 0, ""
    while True:
        asked = urlencode({"limit": MOST, **({"cursor": cursor} if cursor else {})})
        part = json.loads(server.fetch(f"/api/v1/{name}?{asked}", headers=bearer(token)))
        count, cursor = count + len(part["items"]), part["next"]
        if not cursor:
            return count


def bearer(token: str) -> dict[str, str]:
    """Return the header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


def _python(env: Mapping[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", program, *arguments], cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout


def workbook(env: Mapping[str, str], slug: str, name: str, target: Path) -> Cost:
    """Have a workbook made in a process of its own, as a large one always is; return what the whole process cost."""
    command = (sys.executable, "-m", "flask", "--app", "app", "report", name, "--tenant", slug, "--out", str(target))
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=dict(env), stdout=subprocess.DEVNULL, check=True)  # noqa: S603 -- our own
    waited, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(spent, waited, target.stat().st_size)
