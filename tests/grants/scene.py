"""What the tests of this folder share: giving grants, findings that were kept, people of the reseller."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from audits.first_night import places_by_need
from audits.judging.severity import Severity
from audits.models import AuditCarried, AuditState, Expiry, Finding
from audits.portfolio.kept import Open, columns_told
from audits.rules.unfilled import UNFILLED
from audits.trends.past import Found, day_of, kind_of, renewed
from continuity.models import Registration, SchemeType
from core import clock, db
from core.mail.outbox import OutboxMail
from plans.models import Assignment, Contact
from tenants import services
from tenants.models import GrantLevel, ManagementGrant, Role, Tenant, TrailEntry, User
from tenants.scope import close_scope, open_scope, scoped, whole
from tests.cast import JOINED, PASSWORD_HASH, Organisation, Person
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]


def grant(
    app: Flask,
    client: Organisation,
    manager: Organisation,
    *,
    level: GrantLevel = GrantLevel.EDIT,
    plan: bool = True,
    continuity: bool = True,
    starts_at: datetime = JOINED,
    ends_at: datetime | None = None,
) -> None:
    """Let `manager` into `client`."""
    with app.app_context(), scoped(whole(client.id)):
        db.session().add(
            ManagementGrant(
                manager_id=manager.id, level=level, plan=plan, continuity=continuity, starts_at=starts_at,
                ends_at=ends_at,
            )
        )  # fmt: skip


def staff(app: Flask, organisation: Organisation, role: Role, name: str = "Kees Klein") -> Person:
    """Add somebody who works at `organisation`."""
    with app.app_context():
        db.begin(writes=True)
        email = f"{name.replace(' ', '.').lower()}@people.example"
        user = User(email=email, name=name, password_hash=PASSWORD_HASH, created_at=JOINED)
        db.session().add(user)
        db.session().flush()
        person = Person(user.id, user.email, user.name)
        open_scope(whole(organisation.id))
        services.add_member(organisation.id, person.id, role, at=JOINED)
        db.commit()
        close_scope()
    return person


def judged(app: Flask, client: Organisation, *, at: datetime | None = None) -> None:
    """Note that a client was judged, with nothing found."""
    with app.app_context(), scoped(whole(client.id)):
        when = at or clock.now()
        db.session().add(
            AuditState(
                judged_on=when.date(), judged_at=when, rule_set="test", times=1, next_on=None, faults=0, warnings=0,
                notices=0,
            )
        )  # fmt: skip
        _keep_told()


def _keep_told() -> None:
    """Keep of the open scope's organisation, where it was judged, what a judgement of its rows as they are would."""
    db.session().flush()
    state = db.session().scalars(sa.select(AuditState)).one_or_none()
    if state is not None:
        gaps = sa.select(Finding.rule_code, Finding.severity, Finding.until, Finding.message).where(
            Finding.closed_at.is_(None)
        )
        found = [Open(*row[:3], row[3] in UNFILLED) for row in db.session().execute(gaps)]
        ends = [(code, until) for code, until in db.session().execute(sa.select(Expiry.rule_code, Expiry.until))]
        services = db.session().scalars(sa.select(Registration.id)).all()
        columns = columns_told(found, ends, state.judged_on, places_by_need(), registered=bool(services))
        for name, told in columns.items():
            setattr(state, name, told)
        lives = sa.select(Finding.rule_code, Finding.severity, Finding.opened_at, Finding.closed_at)
        ever = [
            Found(kind_of(code, severity), day_of(opened), day_of(closed) if closed else None)
            for code, severity, opened, closed in db.session().execute(lives)
        ]
        past = renewed(ever, ends, None, state.judged_on)
        db.session().merge(AuditCarried(tenant_id=state.tenant_id, id=state.id, past=past))


def found(
    app: Flask,
    client: Organisation,
    code: str,
    severity: Severity = Severity.FAULT,
    until: date | None = None,
    about: tuple[str, UUID | None] = ("plan", None),
) -> None:
    """Keep an open finding about `code`. about: the kind and the id of the row it is about."""
    kind, row_id = about
    with app.app_context(), scoped(whole(client.id)):
        now = clock.now()
        db.session().add(
            Finding(
                rule_code=code, subject_kind=kind, subject_id=row_id, subject_label="",
                subject_key=f"{kind}:{row_id.hex if row_id else ''}:", severity=severity, message="x", params={},
                since=now.date(), until=until, changes_on=None, opened_at=now, refreshed_at=now, closed_at=None,
            )
        )  # fmt: skip
        _keep_told()


def lapses(app: Flask, client: Organisation, code: str, until: date) -> None:
    """Keep that something is valid up to and including `until`."""
    with app.app_context(), scoped(whole(client.id)):
        db.session().add(
            Expiry(
                rule_code=code, subject_kind="plan", subject_id=None, subject_key="plan::", subject_label="",
                until=until,
            )
        )  # fmt: skip
        _keep_told()


def call_first(app: Flask, client: Organisation, name: str, phone: str) -> None:
    """Let `client` say who is called first when something happens."""
    with app.app_context(), scoped(whole(client.id)):
        contact = Contact(name=name, phone=phone)
        db.session().add(contact)
        db.session().flush()
        db.session().add(Assignment(item_id="runbook.first-contact", seat="holder", contact_id=contact.id))


def registered(app: Flask, client: Organisation) -> None:
    """Let `client` register a service."""
    with app.app_context(), scoped(whole(client.id)):
        db.session().add(Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING, duration_months=3))
        _keep_told()


def in_days(number: int) -> date:
    """Return the day `number` days from now."""
    return clock.today() + timedelta(days=number)


def trail_of(app: Flask, organisation: Organisation) -> list[TrailEntry]:
    """Return what an organisation's trail says, oldest first."""
    with app.app_context(), scoped(whole(organisation.id), writes=False):
        rows = list(db.session().scalars(sa.select(TrailEntry).order_by(TrailEntry.seq)))
        db.session().expunge_all()
        return rows


def letters(app: Flask) -> list[OutboxMail]:
    """Return the mails that wait, oldest first."""
    with app.app_context():
        db.begin(writes=False)
        rows = list(db.session().scalars(sa.select(OutboxMail).order_by(OutboxMail.queued_at, OutboxMail.id)))
        db.session().expunge_all()
        db.rollback()
        return rows


def another(app: Flask, name: str, slug: str, **more: str) -> Organisation:
    """Add an organisation without anybody in it."""
    with app.app_context():
        db.begin(writes=True)
        tenant = services.add_tenant(services.TenantValues(name=name, **more), slug=slug, at=JOINED)  # type: ignore[arg-type]
        made = Organisation(tenant.id, tenant.slug, tenant.name)
        db.commit()
    return made


def tenant(app: Flask, organisation: Organisation, **changes: object) -> None:
    """Change an organisation's own row."""
    with app.app_context():
        db.begin(writes=True)
        row = db.session().get_one(Tenant, organisation.id)
        for key, value in changes.items():
            setattr(row, key, value)
        db.commit()
