"""Commands to script organisations and people: `flask --app app tenant add` and so on."""

import sys

import click
from flask.cli import AppGroup

from core import clock, db
from core.i18n import Language
from tenants import services
from tenants.errors import AccountError
from tenants.leaving import services as leaving
from tenants.models import Role, Tenant, TenantKind, User
from tenants.named import tenant_named
from tenants.people import services as people
from tenants.scope import scoped, whole
from tenants.services import TenantValues
from tenants.sign_in import services as accounts
from tenants.sign_in.passwords import MAX_LENGTH, MIN_LENGTH

tenant_cli = AppGroup("tenant", help="Organisations.")
user_cli = AppGroup("user", help="People who can sign in.")
member_cli = AppGroup("member", help="Who belongs to which organisation.")
operator_cli = AppGroup("operator", help="Who keeps the installation running.")


def user_named(email: str) -> User:
    """Return the person with this address. Raises click.ClickException when there is none."""
    user = services.user_by_email(email)
    if user is None:
        raise click.ClickException(f"there is no person {email!r}")
    return user


@tenant_cli.command("add")
@click.argument("name")
@click.option("--slug", help="Short name for addresses; made of the name when left out.")
@click.option("--kind", type=click.Choice([kind.value for kind in TenantKind]), default=TenantKind.BUSINESS.value)
@click.option("--kvk", help="KvK number, eight digits.")
@click.option("--language", type=click.Choice([kind.value for kind in Language]), default=Language.DUTCH.value)
def tenant_add(name: str, slug: str | None, kind: str, kvk: str | None, language: str) -> None:
    """Add an organisation and print its slug."""
    if kvk is not None and not (kvk.isascii() and kvk.isdigit() and len(kvk) == 8):
        raise click.BadParameter("a KvK number has eight digits", param_hint="--kvk")
    db.begin(writes=True)
    try:
        values = TenantValues(name=name, kind=TenantKind(kind), kvk=kvk, language=Language(language))
        tenant = services.add_tenant(values, slug=slug, at=clock.now())
        made = tenant.slug
        db.commit()
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(made)


@tenant_cli.command("restore")
@click.argument("slug")
@click.option("--owner", help="E-mail address of the person who may enter it again, as owner.")
def tenant_restore(slug: str, owner: str | None) -> None:
    """Open an organisation again that left. Whoever could enter it before cannot, until somebody lets them in."""
    db.begin(writes=False)
    tenant_id, user = tenant_named(slug).id, services.user_by_email(owner) if owner else None
    user_id = user.id if user else None
    db.rollback()
    if owner and user_id is None:
        raise click.ClickException(f"there is no person {owner!r}")
    try:
        with scoped(whole(tenant_id)):
            leaving.restore(db.session().get_one(Tenant, tenant_id))
            if user_id is not None:
                services.add_member(tenant_id, user_id, Role.OWNER, at=clock.now())
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(slug)


@user_cli.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--language", type=click.Choice([kind.value for kind in Language]))
def user_add(email: str, name: str, language: str | None) -> None:
    """Add a person; the password comes from standard input."""
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.ClickException("standard input must hold a password as text in UTF-8") from None
    if not password:
        raise click.ClickException(f"standard input must hold a password of {MIN_LENGTH} to {MAX_LENGTH} characters")
    db.begin(writes=True)
    try:
        chosen = Language(language) if language else None
        services.add_user(email, name, password, language=chosen, at=clock.now())
        db.commit()
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(email.strip().lower())


@user_cli.command("disable")
@click.argument("email")
def user_disable(email: str) -> None:
    """Let a person in no more; whoever is inside is out at the next click."""
    db.begin(writes=True)
    accounts.disable(user_named(email), at=clock.now())
    db.commit()
    click.echo(f"{email} is disabled")


@user_cli.command("enable")
@click.argument("email")
def user_enable(email: str) -> None:
    """Let a person in again."""
    db.begin(writes=True)
    accounts.enable(user_named(email))
    db.commit()
    click.echo(f"{email} is enabled")


@user_cli.command("factor-reset")
@click.argument("email")
def user_factor_reset(email: str) -> None:
    """Take away the second steps of somebody who lost them; make sure first that it is really them."""
    db.begin(writes=True)
    accounts.reset_factors(user_named(email), at=clock.now())
    db.commit()
    click.echo(f"{email} has no second step any more and is signed out")


@operator_cli.command("add")
@click.argument("email")
def operator_add(email: str) -> None:
    """Let a person operate the installation: accounts, counts and health, no content."""
    db.begin(writes=True)
    accounts.add_operator(user_named(email), at=clock.now())
    db.commit()
    click.echo(f"{email} is an operator")


@operator_cli.command("remove")
@click.argument("email")
def operator_remove(email: str) -> None:
    """Let a person operate the installation no more."""
    db.begin(writes=True)
    accounts.remove_operator(user_named(email), at=clock.now())
    db.commit()
    click.echo(f"{email} is no operator")


@member_cli.command("add")
@click.argument("email")
@click.argument("slug")
@click.option("--role", type=click.Choice([kind.value for kind in Role]), default=Role.READER.value)
def member_add(email: str, slug: str, role: str) -> None:
    """Give a person a role in an organisation; the last owner keeps theirs."""
    db.begin(writes=False)
    tenant, user = tenant_named(slug), user_named(email)
    tenant_id, user_id = tenant.id, user.id
    db.rollback()
    try:
        with scoped(whole(tenant_id)):
            people.give_role(tenant_id, user_id, Role(role), at=clock.now())
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email} {role} {slug}")
