"""Links that were mailed to somebody: the secret of each, which nothing but the mail tells."""

from datetime import timedelta

import sqlalchemy as sa

from audits.reminders import digest, noting, standing
from continuity.acceptance.codes import new_code
from continuity.certificates.services import make
from continuity.models import Client, DeclarationKind, DeedInvitation, DeedVersion, Registration
from core import clock, db
from sample.netvast import hosting, software
from sample.netvast.answers import declare
from sample.organisations import BAKERY, SUPPLIER
from tenants import links, services
from tenants.models import (
    ClientInvitation,
    GrantLevel,
    LinkPurpose,
    PlanLink,
)
from tenants.scope import Scope, close_scope, open_scope, scoped, whole
from tests.browser import requests

# Clients whose page is looked at, by the name of the secret of their link.
DEEDS = {
    "deed": "Bloemenhuis Iris",
    "deed_coded": "Garage Mulder",
    "deed_accepted": "Fietsenwinkel De Ketting",
    "deed_ended": "Kapsalon Knip",
}


def secrets_of(owner: str) -> dict[str, str]:
    """Mail the links whose pages are looked at; return their secrets by the names that the table of pages uses.

    owner: the address of who owns the bakery.
    """
    return {
        "asked": _ask(owner),
        "asked_new": _ask("nieuw@kiosk.example"),
        "task": _ask_about_task(),
        "reminded": _remind(owner),
        "certificate": _certify(),
        **{name: _open_deed(client) for name, client in DEEDS.items()},
        "deed_ends": _open_deed("Garage Mulder", software.ENDS),
        "late": _too_late("Drukkerij De Pers"),
        **requests.found(),
    }


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


def _open_deed(name: str, service: str = hosting.SERVICE) -> str:
    """Renew the link of a client to the deed, for one that looked with a code that works; return its secret."""
    db.rollback()
    db.begin(writes=True)
    supplier = services.tenant_by_slug(SUPPLIER.slug)
    assert supplier is not None
    open_scope(whole(supplier.id))
    client = sa.and_(Client.tenant_id == DeedInvitation.tenant_id, Client.id == DeedInvitation.client_id)
    owner = sa.and_(Registration.tenant_id == Client.tenant_id, Registration.id == Client.registration_id)
    query = sa.select(DeedInvitation).join(Client, client).join(Registration, owner)
    query = query.where(Client.name == name, Registration.service_name == service)
    row = db.session().scalars(query.order_by(DeedInvitation.id)).first()
    assert row is not None
    if name == DEEDS["deed_coded"] and service == hosting.SERVICE:
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
