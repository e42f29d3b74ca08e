"""Make a certificate, and revoke it."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import CertificateToken, CoverCertificate
from core import db
from tenants import trail
from tenants.scope import current_scope

# 192 bits: nobody guesses an address.
SECRET_BYTES = 24
# So many of one client answer at a time; a site and an insurer need no more.
MOST = 10


def make(registration_id: UUID, client_id: UUID, *, by: str, at: datetime) -> str:
    """Make a certificate of a client of the open scope's organisation; return its secret, which exists nowhere else.

    Raises Refused when MOST of this client answer already.
    """
    live = sa.select(sa.func.count(CoverCertificate.id)).where(
        CoverCertificate.client_id == client_id, CoverCertificate.revoked_at.is_(None)
    )
    if (db.session().scalar(live) or 0) >= MOST:
        raise Refused(_l("This client has %(most)s certificates. Revoke one first.", most=MOST))
    token = secrets.token_urlsafe(SECRET_BYTES)
    row = CoverCertificate(registration_id=registration_id, client_id=client_id, made_at=at, made_by=by)
    db.session().add(row)
    secret = CertificateToken(
        token_hash=hash_of(token), organisation_id=current_scope().only_tenant, certificate_id=row.id
    )
    db.session().add(secret)
    db.session().flush()
    trail.record("certificate.made", "cover_certificate", row.id, client_id=str(client_id))
    db.session().flush()
    return token


def revoke(row: CoverCertificate, *, by: str, at: datetime) -> None:
    """Let a certificate answer nothing any more. Twice changes nothing."""
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at, by
        trail.record("certificate.revoked", "cover_certificate", row.id, client_id=str(row.client_id))
        db.session().flush()


def hash_of(token: str) -> str:
    """Return what is kept of a certificate's secret."""
    return hashlib.sha256(token.encode()).hexdigest()
