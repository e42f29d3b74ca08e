"""What the browser looks at: the service on a fresh database with the sample in it, really listening."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

import sample
from app import create_app
from audits.made import making, schedules
from audits.made.models import Cadence
from audits.made.ordering import order
from audits.made.rights import Shows
from audits.made.schedules import ScheduleValues
from audits.reminders import digest, noting, standing
from audits.sweeping import sweep
from audits.webhooks import services as webhooks
from audits.webhooks.models import HookEvent
from audits.webhooks.services import WebhookValues
from continuity.acceptance.codes import new_code
from continuity.certificates.services import make
from continuity.models import Client, DeclarationKind, DeedInvitation, DeedVersion
from core import clock, db, migrating
from core.i18n import Language
from core.ids import new_id
from core.settings import read_settings
from plans.calamity import services as calamity
from plans.calamity.deciders import Account
from plans.calamity.frozen import unpacked
from plans.calamity.services import Activation, Written
from plans.models import EntryKind, System
from plans.runbook import services as runbook
from plans.runbook.services import StepValues
from plans.starters import services as starting
from plans.starters.catalogue import starter
from sample.days import Days
from sample.history import look_back
from sample.netvast.answers import declare
from sample.organisations import BAKERY, FOUNDATION, SUPPLIER, Organisation
from tenants import links, services
from tenants.models import (
    Alarm,
    Capacity,
    ClientInvitation,
    GrantLevel,
    LinkPurpose,
    Operator,
    PlanLink,
    Role,
    TotpFactor,
    User,
)
from tenants.scope import Actor, Scope, close_scope, open_scope, scoped, whole
from tenants.sign_in import totp
from tenants.tokens import services as tokens
from tenants.tokens.scopes import TokenScope
from tenants.tokens.services import TokenValues
from tests.failing import add_failing
from tests.reused import TEMPLATES

PASSWORD = "brood op de plank"
# Clients whose page is looked at, by the name of the secret of their link.
DEEDS = {
    "deed": "Bloemenhuis Iris",
    "deed_coded": "Garage Mulder",
    "deed_accepted": "Fietsenwinkel De Ketting",
    "deed_ended": "Kapsalon Knip",
}

_WITH_TABLES: list[bytes] = []


class Who(StrEnum):
    """Through whose eyes a page is seen."""

    FIRST = "first"  # where nobody has been set up yet
    NOBODY = "nobody"
    OWNER = "owner"
    READER = "reader"
    SUPPLIER = "supplier"
    OFFICER = "officer"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in, and the organisation they look at."""

    email: str
    password: str
    slug: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A running service and the people in it; beside it one in which nobody is yet."""

    address: str
    empty_address: str
    app: Flask
    people: Mapping[Who, SignIn]
    # Secrets of links that were mailed, and a day, by the name under which the table of pages knows them.
    tokens: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, who: Who) -> str:
        """Return what the app of `who` shows now, as if no code of it had been used yet."""
        with self.app.app_context():
            db.begin(writes=True)
            query = sa.select(TotpFactor).join(User, User.id == TotpFactor.user_id)
            factor = db.session().scalars(query.where(User.email == self.people[who].email)).one()
            factor.last_step = 0
            secret = factor.secret
            db.commit()
        return totp.code_of(secret, totp.step_at(clock.now()))


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: a failing test tells what it asked for."""


@contextmanager
def playing(folder: Path) -> Iterator[Scene]:
    """Serve a filled database from `folder`, and one without anybody, until the block ends."""
    with served(folder / "empty") as (_, empty), served(folder / "sample") as (app, address):
        with app.app_context():
            people = _fill()
            tokens = {"asked": _ask(people[Who.OWNER].email), "asked_new": _ask("nieuw@kiosk.example")}
            tokens["task"] = _ask_about_task()
            tokens["reminded"] = _remind(people[Who.OWNER].email)
            tokens["certificate"] = _certify()
            tokens["then"] = (clock.today() - timedelta(days=100)).isoformat()
            tokens |= {name: _open_deed(client) for name, client in DEEDS.items()}
            tokens["late"] = _too_late("Drukkerij De Pers")
            _exercise()
        yield Scene(address, empty, app, people, tokens)


@contextmanager
def served(folder: Path, **more: str) -> Iterator[tuple[Flask, str]]:
    """Serve a new database in `folder` on a free port, with `more` settings; give the service and its address."""
    folder.mkdir()
    # Bound before the service is made: passkeys belong to an address with its port.
    door = socket.create_server(("localhost", 0))
    port = door.getsockname()[1]
    settings = read_settings(
        {
            "WAARBORG_BASE_URL": f"http://localhost:{port}",
            # However slow the machine: nobody is asked to sign in again halfway.
            "WAARBORG_STEP_UP_MINUTES": "1440",
            "WAARBORG_SESSION_IDLE_MINUTES": "1440",
            "WAARBORG_DATABASE_URL": f"sqlite:///{folder / 'scene.db'}",
            "WAARBORG_DATA_DIR": str(folder),
            "WAARBORG_SCHEDULER": "off",
            "WAARBORG_SECRET_KEY": "a secret that only tests know, long enough",
            "WAARBORG_LOG_LEVEL": "WARNING",
            **{f"WAARBORG_{name}": value for name, value in more.items()},
        }
    )
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    add_failing(app)
    with app.app_context():
        _bring_up(folder / "scene.db")
    server = make_server("localhost", port, app, threaded=True, request_handler=_Silent, fd=door.fileno())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app, f"http://localhost:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        door.close()
        with app.app_context():
            db.engine().dispose()


def _bring_up(file: Path) -> None:
    """Give a new database its tables: the first by the migrations, the others of this process as copies of it."""
    if _WITH_TABLES:
        file.write_bytes(_WITH_TABLES[0])
        return
    migrating.upgrade()
    db.engine().dispose()
    _WITH_TABLES.append(file.read_bytes())


def _fill() -> dict[Who, SignIn]:
    made = sample.fill_example(today=clock.today(), password=PASSWORD)
    look_back(made.tenant_ids, Days(clock.today()))
    sweep.run(made.tenant_ids)
    seats: dict[Who, tuple[Organisation, Role | Capacity]] = {
        Who.OWNER: (BAKERY, Role.OWNER),
        Who.READER: (BAKERY, Role.READER),
        Who.SUPPLIER: (SUPPLIER, Role.OWNER),
        Who.OFFICER: (FOUNDATION, Role.OWNER),
        Who.AUDITOR: (BAKERY, Capacity.AUDITOR),
    }
    _propose()
    _connect(made.of(BAKERY.slug, Role.OWNER).email)
    _order()
    # Who keeps the foundation keeps the installation as well.
    db.begin(writes=True)
    keeper = services.user_by_email(made.of(FOUNDATION.slug, Role.OWNER).email)
    assert keeper is not None
    db.session().add(Operator(user_id=keeper.id, starts_at=clock.now(), ends_at=None))
    # Mail to whoever reads only came back.
    reader = services.user_by_email(made.of(BAKERY.slug, Role.READER).email)
    assert reader is not None
    reader.bounced_at, reader.bounce_status = clock.now() - timedelta(days=2), "5.2.2"
    db.commit()
    return {
        who: SignIn(made.of(organisation.slug, role).email, PASSWORD, organisation.slug)
        for who, (organisation, role) in seats.items()
    }


def _connect(email: str) -> None:
    """Give the bakery a program with a token, and one that is told what is found."""
    owner, place = services.user_by_email(email), services.tenant_by_slug(BAKERY.slug)
    assert owner is not None
    assert place is not None
    owner_id, tenant_id, at = owner.id, place.id, clock.now()
    db.rollback()
    with scoped(whole(tenant_id)):
        scopes = frozenset({TokenScope.FINDINGS_READ, TokenScope.INVENTORY_READ, TokenScope.INVENTORY_WRITE})
        tokens.make(TokenValues("Dashboard van Kabelrijk", scopes, 90), new_id(), owner_id, at=at)
        old = new_id()
        tokens.make(TokenValues("Proef met de kassa", scopes, 30), old, owner_id, at=at)
        tokens.revoke(old, at=at)
        values = WebhookValues(
            "Meldkamer van Kabelrijk",
            "https://meldkamer.kabelrijk.example/waarborg",
            frozenset(HookEvent) - {HookEvent.TEST},
        )
        hook_id = new_id()
        webhooks.make(values, hook_id, owner_id, at=at)
        hook = webhooks.webhook(hook_id)
        assert hook is not None
        webhooks.try_out(hook, at=at)


def _propose() -> None:
    """Give the foundation a plan of its own that is nothing but proposals."""
    foundation, branch = services.tenant_by_slug(FOUNDATION.slug), starter("office")
    assert foundation is not None
    tenant_id = foundation.id
    db.rollback()
    with scoped(whole(tenant_id)):
        adding = starting.Adding("Fenna Dijkstra", clock.today(), Language.DUTCH)
        starting.add_lines(branch, [line.key for line in branch.lines], adding)


def _order() -> None:
    """Let the bakery wait for one report, and have another one made."""
    bakery = services.tenant_by_slug(BAKERY.slug)
    owner = services.user_by_email(BAKERY.people[0].email)
    assert bakery is not None
    assert owner is not None
    tenant_id, owner_id = bakery.id, owner.id
    actor = Actor(owner_id, owner.name, Capacity.OWNER.value)
    db.rollback()
    with scoped(whole(tenant_id, actor)):
        shows = Shows(plan=True, continuity=True, trail=False)
        order("findings", clock.today(), Language.DUTCH, shows, at=clock.now())
    making.make_due()
    with scoped(whole(tenant_id, actor)):
        order("pack", clock.today(), Language.DUTCH, shows, at=clock.now())
        values = ScheduleValues("findings", Cadence.MONTHLY, Language.DUTCH, frozenset({owner_id}))
        schedules.add(values, {owner_id}, today=clock.today())


def _ask(email: str) -> str:
    """Let the supplier ask somebody for access; return the secret of the link."""
    db.begin(writes=True)
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    sender = services.user_by_email(SUPPLIER.people[0].email)
    assert supplier is not None
    assert sender is not None
    open_scope(whole(supplier.id))
    row = ClientInvitation(
        name="Kiosk Overal", kvk="00990199", email=email, level=GrantLevel.EDIT, plan=True, continuity=True,
        invited_by=sender.id, sent_at=clock.now(),
    )  # fmt: skip
    db.session().add(row)
    db.session().flush()
    token = links.make(LinkPurpose.CLIENT, about=row.id, email=email, organisation_id=supplier.id, at=clock.now())
    db.commit()
    close_scope()
    return token


def _certify() -> str:
    """Make a certificate of the bakery at its supplier; return the secret in its address."""
    db.begin(writes=True)
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    assert supplier is not None
    open_scope(whole(supplier.id))
    row = db.session().scalars(sa.select(Client).where(Client.name == BAKERY.values.name).order_by(Client.id)).first()
    assert row is not None
    token = make(row.registration_id, row.id, by="Ruben Visser", at=clock.now())
    db.commit()
    close_scope()
    return token


def _open_deed(name: str) -> str:
    """Renew the link of a client to the deed, for one that looked with a code that works; return its secret."""
    db.rollback()
    db.begin(writes=True)
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    assert supplier is not None
    open_scope(whole(supplier.id))
    query = sa.select(DeedInvitation).join(
        Client, sa.and_(Client.tenant_id == DeedInvitation.tenant_id, Client.id == DeedInvitation.client_id)
    )
    # The oldest: some are clients of several services.
    row = db.session().scalars(query.where(Client.name == name).order_by(DeedInvitation.id)).first()
    assert row is not None
    if name == DEEDS["deed_coded"]:
        row.viewed_at = clock.now()
        new_code(row, at=clock.now())
        row.code_until = clock.now() + timedelta(days=1)  # a slow machine comes to this page after the code's life
    token = links.make(LinkPurpose.DEED, about=row.id, email="", organisation_id=supplier.id, at=clock.now())
    db.commit()
    close_scope()
    return token


def _remind(email: str) -> str:
    """Remind somebody of what lapses in their bakery; return the secret of the link by which they answer."""
    user, bakery = services.user_by_email(email), services.tenant_by_slug(BAKERY.slug)
    assert user is not None
    assert bakery is not None
    user_id, bakery_id, today = user.id, bakery.id, clock.today()
    db.rollback()
    with scoped(Scope(frozenset({bakery_id}), standing.AUDIT, standing.AUDIT)):
        noting.note({bakery_id: today})
    db.begin(writes=True)
    digest.send(user_id, today, at=clock.now())
    token = links.make(LinkPurpose.REMINDER, about=user_id, email=email, at=clock.now())
    db.commit()
    close_scope()
    return token


def _too_late(name: str) -> str:
    """Let a client want to accept after the trigger; return where the foundation finds it."""
    db.rollback()
    db.begin(writes=True)
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    assert supplier is not None
    open_scope(whole(supplier.id))
    client = db.session().scalars(sa.select(Client).where(Client.name == name)).one()
    asked = db.session().scalars(sa.select(DeedInvitation).where(DeedInvitation.client_id == client.id)).one()
    deed = db.session().get_one(DeedVersion, (supplier.id, asked.deed_version_id))
    declare(client, deed, DeclarationKind.LATE, ("Ton de Pers", "Eigenaar"), clock.now())
    where = f"{client.registration_id}/late"
    db.commit()
    close_scope()
    return where


def _ask_about_task() -> str:
    """Renew the link by which somebody of the bakery is asked about their task; return its secret."""
    db.begin(writes=True)
    bakery = services.tenant_by_slug(BAKERY.slug)
    assert bakery is not None
    open_scope(whole(bakery.id))
    about = db.session().scalars(sa.select(PlanLink.id)).one()
    token = links.make(LinkPurpose.PLAN, about=about, email="", organisation_id=bakery.id, at=clock.now())
    db.commit()
    close_scope()
    return token


def _exercise() -> None:
    """Let the supplier be in the middle of an exercise."""
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    assert supplier is not None
    db.rollback()
    db.begin(writes=True)
    open_scope(whole(supplier.id))
    systems = db.session().scalars(sa.select(System.id).order_by(System.rto_hours)).all()
    for text, system_id in (("Bel Datahuis Breda.", None), ("Start de reserve in Breda.", systems[0]), ("Test.", None)):
        runbook.add_step(StepValues(text, system_id, 30))
    at = clock.now()
    who = Account(SUPPLIER.people[0].name, SUPPLIER.people[0].email, Capacity.OWNER)
    begun = calamity.activate(Activation(Alarm.EXERCISE, at - timedelta(minutes=50)), who=who, at=at)
    for kind, target, text in (
        (EntryKind.STEP_DONE, "1", ""),
        (EntryKind.CALL_MISSED, unpacked(begun.frozen).calls[0].who, ""),
        (EntryKind.DECISION, "", "Wij gaan op papier verder."),
    ):
        calamity.write_down(begun.id, Written(kind, at, target, text), by=who.name, at=at)
    db.commit()
    close_scope()
