"""Lists for the operator: accounts, counts and health. No row of anybody's content is read here."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.background.work import EVERYTHING, DueWork
from core.background.work_states import WorkState
from core.mail import outbox
from core.mail.outbox import MailState
from core.settings import Settings
from core.version import VERSION
from tenants.models import (
    LoginSession,
    Membership,
    Passkey,
    Tenant,
    TenantChange,
    TenantKind,
    TotpFactor,
    TrailHead,
    User,
)
from tenants.operator.judged import Judged, judged

SHOWN = 100
MEGABYTE = 1_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list. number, last: from 1; total: of the whole list."""

    rows: tuple[T, ...]
    number: int
    last: int
    total: int


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """One organisation, as numbers. judged: None when it never was."""

    slug: str
    name: str
    kind: TenantKind
    since: datetime
    left_at: datetime | None
    members: int
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account. second_factor: whether there is one, never which."""

    id: UUID
    name: str
    email: str
    since: datetime
    seen_at: datetime | None
    second_factor: bool
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobLine:
    """The newest run of a job. period: the day it is for; finished_at: None while it runs, or when it broke off.

    state: FAILED when it was given up.
    """

    name: str
    period: date
    started_at: datetime | None
    finished_at: datetime | None
    state: WorkState


@dataclass(frozen=True, slots=True)
class Health:
    """How the installation does.

    waiting: organisations to be judged; entries: of all chains of the trail; anchor: its newest file, or "".
    """

    version: str
    database: str
    database_version: str
    organisations: int
    waiting: int
    accounts: int
    jobs: tuple[JobLine, ...]
    mail: dict[MailState, int]
    chains: int
    entries: int
    anchor: str
    disk_free_mb: int
    disk_total_mb: int


def organisations(words: str, number: int) -> Page[OrganisationLine]:
    """Return a page of the organisations whose name or short name holds `words`, by name."""
    named = _holding(words, Tenant.name, Tenant.slug)
    total = _count(sa.select(sa.func.count(Tenant.id)).where(named))
    number, last = _within(number, total)
    found = db.session().scalars(
        sa.select(Tenant)
        .where(named)
        .order_by(sa.func.lower(Tenant.name), Tenant.id)
        .limit(SHOWN)
        .offset((number - 1) * SHOWN)
    )
    tenants = found.all()
    ids = [tenant.id for tenant in tenants]
    members = sa.select(Membership.tenant_id, sa.func.count().label("number"))
    members = members.where(Membership.tenant_id.in_(ids), Membership.ends_at.is_(None)).group_by(Membership.tenant_id)
    counted = {row.tenant_id: row.number for row in db.session().execute(members)}
    numbers = judged(ids)
    lines = (
        OrganisationLine(
            one.slug, one.name, one.kind, one.created_at, one.left_at, counted.get(one.id, 0), numbers.get(one.id)
        )
        for one in tenants
    )
    return Page(tuple(lines), number, last, total)


def accounts(words: str, number: int) -> Page[AccountLine]:
    """Return a page of the accounts whose name or address holds `words`, by name."""
    named = _holding(words, User.name, User.email)
    total = _count(sa.select(sa.func.count(User.id)).where(named))
    number, last = _within(number, total)
    query = sa.select(User.id, User.name, User.email, User.created_at, User.disabled_at).where(named)
    query = query.order_by(sa.func.lower(User.name), User.id).limit(SHOWN).offset((number - 1) * SHOWN)
    users = db.session().execute(query).all()
    ids = [user.id for user in users]
    seen = sa.select(LoginSession.user_id, sa.func.max(LoginSession.seen_at).label("at"))
    seen = seen.where(LoginSession.user_id.in_(ids)).group_by(LoginSession.user_id)
    seen_at = {row.user_id: row.at for row in db.session().execute(seen)}
    strong = set(db.session().scalars(sa.select(TotpFactor.user_id).where(TotpFactor.user_id.in_(ids))))
    strong |= set(db.session().scalars(sa.select(Passkey.user_id).where(Passkey.user_id.in_(ids))))
    lines = (
        AccountLine(one.id, one.name, one.email, one.created_at, seen_at.get(one.id), one.id in strong, one.disabled_at)
        for one in users
    )
    return Page(tuple(lines), number, last, total)


def health(settings: Settings) -> Health:
    """Return how the installation does."""
    newest = (
        sa.select(DueWork.kind, sa.func.max(DueWork.period).label("period"))
        .where(DueWork.about == EVERYTHING)
        .group_by(DueWork.kind)
        .subquery()
    )
    runs = sa.select(DueWork.kind, DueWork.period, DueWork.started_at, DueWork.done_at, DueWork.state)
    runs = runs.where(DueWork.about == EVERYTHING)
    runs = runs.join(newest, sa.and_(DueWork.kind == newest.c.kind, DueWork.period == newest.c.period))
    jobs = [JobLine(*run) for run in db.session().execute(runs)]
    chains = db.session().execute(
        sa.select(sa.func.count().label("number"), sa.func.coalesce(sa.func.sum(TrailHead.seq), 0).label("entries"))
    )
    ends = chains.one()
    dialect = db.engine().dialect
    disk = shutil.disk_usage(settings.data_dir)
    return Health(
        version=VERSION,
        database=dialect.name,
        database_version=".".join(map(str, dialect.server_version_info or ())),
        organisations=_count(sa.select(sa.func.count(Tenant.id)).where(Tenant.left_at.is_(None))),
        waiting=waiting(),
        accounts=_count(sa.select(sa.func.count(User.id)).where(User.disabled_at.is_(None))),
        jobs=tuple(sorted(jobs, key=lambda job: job.name)),
        mail=outbox.counts(),
        chains=int(ends.number),
        entries=int(ends.entries),
        anchor=_newest_anchor(settings.anchor_dir),
        disk_free_mb=disk.free // MEGABYTE,
        disk_total_mb=disk.total // MEGABYTE,
    )


def waiting() -> int:
    """Return how many organisations changed, or are judged again, and were not judged yet."""
    marked = sa.select(sa.func.count()).select_from(TenantChange).join(Tenant, Tenant.id == TenantChange.tenant_id)
    return _count(marked.where(Tenant.left_at.is_(None)))


def _newest_anchor(folder: Path) -> str:
    return max((path.name for path in folder.glob("trail-*.txt")), default="") if folder.is_dir() else ""


def _holding(words: str, *columns: sa.orm.InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    if not words:
        return sa.true()
    return sa.or_(*(sa.func.lower(column).contains(words.lower(), autoescape=True) for column in columns))


def _count(query: sa.Select[int]) -> int:
    return db.session().scalar(query) or 0


def _within(number: int, total: int) -> tuple[int, int]:
    last = max(1, -(-total // SHOWN))
    return min(max(number, 1), last), last
