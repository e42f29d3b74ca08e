"""The organisation that a command names."""

import click
import sqlalchemy as sa

from core import db
from tenants.models import Tenant


def tenant_named(slug: str) -> Tenant:
    """Return the organisation called `slug`. Raises click.ClickException when there is none."""
    tenant = db.session().scalar(sa.select(Tenant).where(Tenant.slug == slug))
    if tenant is None:
        raise click.ClickException(f"there is no organisation {slug!r}")
    return tenant
