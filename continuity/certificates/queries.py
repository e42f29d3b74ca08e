"""The certificates of a client, and what the one behind an address says now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from continuity.certificates.services import hash_of
from continuity.cover import Cover, cover_of
from continuity.covering.queries import registration_facts
from continuity.models import CertificateToken, CoverCertificate, SchemeType
from core import clock, db
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import close_scope, open_scope, reading

LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What a certificate says at the moment of asking: names, and the legs with their days. No secret, no person.

    as_of: the day in the supplier's zone; at: aware UTC.
    """

    client: str
    service: str
    scheme_type: SchemeType
    supplier: str
    foundation: str
    cover: Cover
    as_of: date
    at: datetime
    zone: str


def certificates(client_id: UUID) -> Sequence[CoverCertificate]:
    """Return the certificates of a client, newest first."""
    query = sa.select(CoverCertificate).where(CoverCertificate.client_id == client_id)
    return db.session().scalars(query.order_by(CoverCertificate.made_at.desc(), CoverCertificate.id.desc())).all()


def certificate(registration_id: UUID, client_id: UUID, certificate_id: UUID) -> CoverCertificate | None:
    """Return one certificate of a client of a registration."""
    return db.session().scalar(
        sa.select(CoverCertificate).where(
            CoverCertificate.id == certificate_id,
            CoverCertificate.registration_id == registration_id,
            CoverCertificate.client_id == client_id,
        )
    )


def answer(token: str, *, at: datetime) -> Answer | None:
    """Return what the certificate with this secret says at the aware instant `at`.

    None when there is no such certificate, it was revoked, its client or service is no longer there, or its supplier
    left: whoever asks cannot tell these apart. Opens a scope that reads one organisation's scheme, and closes it.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    found = db.session().scalar(sa.select(CertificateToken).where(CertificateToken.token_hash == hash_of(token)))
    tenant = db.session().get(Tenant, found.organisation_id) if found else None
    if found is None or tenant is None or tenant.left_at is not None:
        return None
    certificate_id, tenant_id, supplier, zone = found.certificate_id, tenant.id, tenant.name, tenant.zone
    open_scope(reading(frozenset({tenant_id}), frozenset({Area.CONTINUITY})))
    try:
        row = db.session().scalar(
            sa.select(CoverCertificate).where(
                CoverCertificate.id == certificate_id, CoverCertificate.revoked_at.is_(None)
            )
        )
        return _said(row, tenant_id, supplier, zone, at) if row else None
    finally:
        close_scope()


def _said(row: CoverCertificate, tenant_id: int, supplier: str, zone: str, at: datetime) -> Answer | None:
    facts, today = registration_facts(tenant_id, row.registration_id), clock.day_of(at, zone)
    client = next((one for one in facts.clients if one.id == row.client_id), None) if facts else None
    if facts is None or client is None:
        return None
    name = sa.select(Tenant.name).where(Tenant.id == facts.foundation_id)
    return Answer(
        client.name,
        facts.service_name,
        facts.scheme_type,
        supplier,
        db.session().scalar(name) or "",
        cover_of(facts, client, today),
        today,
        at,
        zone,
    )
