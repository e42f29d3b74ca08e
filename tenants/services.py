"""Changes to organisations, people and memberships."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.file_names import plain
from core.i18n import Language
from core.mail.outbox import ADDRESS, ADDRESS_LENGTH
from tenants import trail
from tenants.errors import AccountError
from tenants.lock import mark_changed
from tenants.models import Membership, Role, Tenant, TenantKind, User
from tenants.scope import close_scope, open_scope, whole
from tenants.sign_in.passwords import hash_password
from tenants.sign_in.strength import check_choice
from tenants.turns import one_at_a_time

# The fewest and the most: a tax office may ask for seven.
KEPT_YEARS = (1, 30)
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class TenantValues:
    """What an organisation is called and how it is known.

    kvk: eight digits; rsin: nine digits; kept_years: for how long it can be told how a day stood, see KEPT_YEARS.
    """

    name: str
    kind: TenantKind = TenantKind.BUSINESS
    kvk: str | None = None
    rsin: str | None = None
    vat: str | None = None
    language: Language = Language.DUTCH
    zone: str = "Europe/Amsterdam"
    kept_years: int = 7


def add_tenant(values: TenantValues, *, slug: str | None = None, at: datetime) -> Tenant:
    """Add an organisation; without a slug one is made of its name.

    Raises AccountError for no name or a long one, and when the slug is taken or is not one.
    """
    _check_name(values.name)
    chosen = slug or free_slug(values.name)
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])", chosen):
        raise AccountError(_l("A short name has 2 to 63 small letters, digits and hyphens."), "slug")
    if tenant_by_slug(chosen) is not None:
        raise AccountError(_l("This short name is taken."), "slug")
    tenant = Tenant(slug=chosen, created_at=at)
    _apply(tenant, values)
    session = db.session()
    session.add(tenant)
    session.flush()
    # Nobody looks for organisations that were never judged: this is how they come to be.
    mark_changed(session, {tenant.id})
    return tenant


def _check_name(name: str) -> None:
    if not name.strip():
        raise AccountError(_l("Fill in the name."), "name")
    if len(name) > NAME_LENGTH:
        raise AccountError(_l("At most 200 characters."), "name")


def change_tenant(tenant: Tenant, values: TenantValues) -> None:
    """Change what an organisation is called; its slug and kind stay, because addresses and contracts name them."""
    # Before the head of the trail, as whoever judges has it: none then waits for the other.
    one_at_a_time([tenant.id])
    before = {name: getattr(tenant, name) for name in ("name", "kvk", "rsin", "vat", "language", "zone", "kept_years")}
    _apply(tenant, values)
    changes = {name: [old, getattr(tenant, name)] for name, old in before.items() if old != getattr(tenant, name)}
    trail.record("organisation.changed", "tenant", None, **changes)
    db.session().flush()


def _apply(tenant: Tenant, values: TenantValues) -> None:
    tenant.name, tenant.kind = values.name, values.kind
    tenant.kvk, tenant.rsin, tenant.vat = values.kvk, values.rsin, values.vat
    tenant.language, tenant.zone = values.language, values.zone
    tenant.kept_years = values.kept_years


def free_slug(name: str) -> str:
    """Return a slug made of `name` that no organisation has yet."""
    stem = plain(name)[:50].strip("-") or "organisatie"
    stem = stem if len(stem) >= 2 else f"{stem}-1"
    taken = set(db.session().scalars(sa.select(Tenant.slug).where(Tenant.slug.startswith(stem))))
    return stem if stem not in taken else next(f"{stem}-{n}" for n in range(2, 10_000) if f"{stem}-{n}" not in taken)


def tenant_by_slug(slug: str) -> Tenant | None:
    """Return the organisation called `slug`, or None."""
    return db.session().scalar(sa.select(Tenant).where(Tenant.slug == slug))


def add_user(email: str, name: str, password: str, *, language: Language | None = None, at: datetime) -> User:
    """Add a person who can sign in.

    Raises AccountError for an address that no mail reaches or that is in use, and for no name or a long one;
    WeakPassword when the password would be guessed.
    """
    address = email.strip().lower()
    # Every letter to it would fail, also the one that tells of a new password.
    if len(address) > ADDRESS_LENGTH or not ADDRESS.fullmatch(address):
        raise AccountError(_l("This is not an e-mail address."), "email")
    _check_name(name)
    check_choice(password, (name, address))
    if user_by_email(address) is not None:
        raise AccountError(_l("Somebody uses this e-mail address already."), "email")
    user = User(
        email=address, name=name.strip(), password_hash=hash_password(password), language=language, created_at=at
    )
    db.session().add(user)
    db.session().flush()
    return user


def user_by_email(email: str) -> User | None:
    """Return the person with this e-mail address, or None."""
    return db.session().scalar(sa.select(User).where(User.email == email.strip().lower()))


def add_member(tenant_id: int, user_id: UUID, role: Role, *, at: datetime) -> Membership:
    """Give a person a role in the organisation whose scope is open; an earlier role ends now."""
    current = db.session().scalar(
        sa.select(Membership).where(Membership.user_id == user_id, Membership.ends_at.is_(None))
    )
    if current is not None:
        if current.role is role:
            return current
        current.ends_at = at
        db.session().flush()
    membership = Membership(tenant_id=tenant_id, user_id=user_id, role=role, starts_at=at)
    db.session().add(membership)
    db.session().flush()
    return membership


def set_up_first(values: TenantValues, email: str, name: str, password: str, *, at: datetime) -> User:
    """Make the first organisation and its owner.

    Raises AccountError when there is somebody already, WeakPassword when the password would be guessed.
    """
    check_choice(password, (name, email, values.name))
    serialise_set_up()
    if anybody():
        raise AccountError(_l("Waarborg has been set up already. Sign in."))
    tenant = add_tenant(values, at=at)
    user = add_user(email, name, password, at=at)
    open_scope(whole(tenant.id))
    add_member(tenant.id, user.id, Role.OWNER, at=at)
    db.session().flush()
    close_scope()
    return user


def serialise_set_up() -> None:
    """Let one set-up at a time pass on PostgreSQL; on SQLite the writing transaction does that by itself."""
    if db.engine().dialect.name == "postgresql":
        db.session().connection().exec_driver_sql("SELECT pg_advisory_xact_lock(726001)")


def anybody() -> bool:
    """Tell whether there is at least one person who can sign in."""
    return db.session().scalar(sa.select(User.id).limit(1)) is not None


def people_here() -> list[tuple[str, str, Role, datetime]]:
    """Return name, e-mail, role and first day of the members in the open scope, sorted by name."""
    rows = db.session().execute(
        sa.select(User.name, User.email, Membership.role, Membership.starts_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.ends_at.is_(None))
    )
    found = [(row.name, row.email, row.role, row.starts_at) for row in rows]
    return sorted(found, key=lambda member: member[0].casefold())
