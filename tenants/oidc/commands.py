"""Commands about organisations' own sign-in pages."""

import click
from flask.cli import AppGroup

from core import clock, db
from tenants import services as tenant_services
from tenants.errors import AccountError
from tenants.oidc import services
from tenants.scope import scoped, whole

sign_on_cli = AppGroup("sign-on", help="Sign-in pages of organisations.")


@sign_on_cli.command("confirm")
@click.argument("slug")
def confirm(slug: str) -> None:
    """Confirm by hand that an organisation owns the domain it named, where no file can be put on it."""
    db.begin(writes=False)
    tenant = tenant_services.tenant_by_slug(slug)
    tenant_id = tenant.id if tenant else None
    db.rollback()
    if tenant_id is None:
        raise click.ClickException(f"there is no organisation {slug!r}")
    with scoped(whole(tenant_id)):
        found = services.provider_here()
        if found is None:
            raise click.ClickException(f"{slug!r} has named no provider and no domain")
        try:
            services.confirm_domain(found, at=clock.now())
        except AccountError as error:
            raise click.ClickException(str(error)) from error
        click.echo(found.domain)
