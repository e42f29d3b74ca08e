"""Changes for signing in at one's own organisation: its provider, the proof of its domain, who is who there."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.i18n import Language
from core.outward import NoAnswer, NotCalled, Outside
from tenants import trail
from tenants.errors import AccountError
from tenants.mail import letters
from tenants.models import LinkedIdentity, Membership, SignOnDomain, SignOnProvider, Tenant, User
from tenants.oidc.protocol import Claims
from tenants.relations import in_force

PROOF_PATH = "/.well-known/waarborg-sign-on.txt"


class NotLetIn(AccountError):
    """The provider knows the person, and still they do not get in; the text says as little as helps."""


@dataclass(frozen=True, slots=True)
class ProviderValues:
    """The provider of an organisation. client_secret: "" keeps the one there is; domain: in small letters."""

    issuer: str
    client_id: str
    client_secret: str
    domain: str


def provider_here() -> SignOnProvider | None:
    """Return the provider of the organisation whose scope is open, or None."""
    return db.session().scalar(sa.select(SignOnProvider))


def proved_domain(tenant_id: int) -> str | None:
    """Return the domain that an organisation has proved to be its own, or None."""
    return db.session().scalar(sa.select(SignOnDomain.domain).where(SignOnDomain.organisation_id == tenant_id))


def tenant_for(words: str) -> Tenant | None:
    """Return the organisation that somebody means by its short name, its domain, or an address at that domain."""
    asked = words.strip().lower()
    domain = asked.rpartition("@")[2]
    at_domain = sa.select(SignOnDomain.organisation_id).where(SignOnDomain.domain == domain)
    return db.session().scalar(
        sa.select(Tenant).where(
            Tenant.left_at.is_(None), sa.or_(Tenant.id.in_(at_domain), Tenant.slug == asked)
        ).order_by(Tenant.slug == asked).limit(1)
    )  # fmt: skip


def save_provider(values: ProviderValues, tenant_id: int) -> SignOnProvider:
    """Keep the provider. Another issuer or domain has to be linked and proved anew.

    Raises AccountError when a new provider has no secret.
    """
    found = provider_here()
    if not values.client_secret and (found is None or found.issuer != values.issuer):
        raise AccountError(_l("Fill in the secret that the provider gave you."), "client_secret")
    if found is not None and (found.issuer, found.domain) != (values.issuer, values.domain):
        _forget_links(tenant_id)
    if found is None:
        found = SignOnProvider(proof=secrets.token_hex(20))
        db.session().add(found)
    elif found.domain != values.domain:
        found.proof = secrets.token_hex(20)
    found.issuer, found.client_id, found.domain = values.issuer, values.client_id, values.domain
    found.client_secret = values.client_secret or found.client_secret
    db.session().flush()
    return found


def remove_provider(tenant_id: int) -> None:
    """Forget the provider, the proof of the domain and who is who there: nobody signs in that way any more."""
    found = provider_here()
    if found is not None:
        _forget_links(tenant_id)
        db.session().delete(found)
        db.session().flush()


def _forget_links(tenant_id: int) -> None:
    for model in (LinkedIdentity, SignOnDomain):
        db.session().execute(sa.delete(model).where(model.organisation_id == tenant_id))


def read_proof(domain: str, outside: Outside) -> str:
    """Return what the file on the domain holds; "" when there is none. Call it outside any transaction."""
    try:
        return outside.get(f"https://{domain}{PROOF_PATH}").decode("ascii", "replace").strip()
    except (NotCalled, NoAnswer):
        return ""


def prove_domain(domain: str, shown: str, *, at: datetime) -> None:
    """Note that the organisation owns `domain`, because the file there holds the proof.

    shown: what the file held. Raises AccountError when that is no proof, the organisation meanwhile named another
    domain, or another organisation has proved this one.
    """
    found = provider_here()
    if found is None or found.domain != domain or not secrets.compare_digest(shown.encode(), found.proof.encode()):
        raise AccountError(_l("The file is not there, or holds something else. It can take a while to appear."))
    confirm_domain(found, at=at)


def confirm_domain(found: SignOnProvider, *, at: datetime) -> None:
    """Note that the organisation owns its domain. Raises AccountError when another organisation does."""
    holder = db.session().get(SignOnDomain, found.domain)
    if holder is not None and holder.organisation_id == found.tenant_id:
        return
    try:
        with db.session().begin_nested():
            db.session().add(SignOnDomain(domain=found.domain, organisation_id=found.tenant_id, proved_at=at))
    except sa.exc.IntegrityError:
        raise AccountError(_l("Another organisation has proved that this domain is its own.")) from None
    trail.record("sign_on.domain_proved", "sign_on_provider", found.id, domain=found.domain)


def settle(claims: Claims, issuer: str, tenant: Tenant, *, at: datetime) -> User:
    """Return who signs in, linking the person the first time. The scope of the organisation must be open.

    A link needs an address the provider has checked, within the domain the organisation has proved, of somebody who
    belongs to the organisation. Afterwards issuer and subject alone decide; the person must still belong.
    Raises NotLetIn.
    """
    linked = db.session().scalar(
        sa.select(LinkedIdentity).where(
            LinkedIdentity.organisation_id == tenant.id,
            LinkedIdentity.issuer == issuer,
            LinkedIdentity.subject == claims.subject,
        )
    )
    user = db.session().get(User, linked.user_id) if linked else _by_address(claims, tenant)
    if user is None or user.disabled_at is not None or not _belongs(user, at):
        raise NotLetIn(_l("Your organisation knows you, but you have no access here. Ask its owner to invite you."))
    if linked is None:
        _link(user, claims, issuer, tenant, at)
    return user


def _by_address(claims: Claims, tenant: Tenant) -> User | None:
    domain = proved_domain(tenant.id)
    if not claims.email_verified or domain is None or claims.email.rpartition("@")[2] != domain:
        return None
    return db.session().scalar(sa.select(User).where(User.email == claims.email))


def _belongs(user: User, at: datetime) -> bool:
    query = sa.select(Membership.id).where(Membership.user_id == user.id, in_force(Membership, at))
    return db.session().scalar(query.limit(1)) is not None


def _link(user: User, claims: Claims, issuer: str, tenant: Tenant, at: datetime) -> None:
    db.session().add(
        LinkedIdentity(organisation_id=tenant.id, issuer=issuer, subject=claims.subject, user_id=user.id, linked_at=at)
    )
    db.session().flush()
    letters.identity_linked(user.email, user.language or Language.DUTCH, name=user.name, organisation=tenant.name)
    trail.account_event(user.id, "identity.linked", organisation=tenant.slug)


def unlink(user_id: UUID) -> bool:
    """Forget who a person is at the providers of organisations; tell whether any of them knew.

    What a link rests on is an address that the provider and this service both checked: it goes with that address.
    """
    found = sa.select(LinkedIdentity).where(LinkedIdentity.user_id == user_id)
    known = list(db.session().scalars(found))
    for one in known:
        db.session().delete(one)
    db.session().flush()
    if known:
        trail.account_event(user_id, "identity.unlinked", quantity=len(known))
    return bool(known)
