"""The organisations of the example and their people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core import db
from sample.days import Days
from sample.signins import SignIn
from tenants import services
from tenants.models import Role, TenantKind, TotpFactor
from tenants.permissions import STRONG_KINDS
from tenants.scope import Actor, close_scope, open_scope, whole
from tenants.services import TenantValues
from tenants.sign_in import totp


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the example."""

    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the example. Its KvK number is one that nobody has."""

    slug: str
    values: TenantValues
    people: tuple[Somebody, ...]


BAKERY = Organisation(
    "bakkerij-de-halm",
    TenantValues("Bakkerij De Halm", TenantKind.BUSINESS, kvk="00990101"),
    (
        Somebody("Henk Bakker", "henk@bakkerijdehalm.example", Role.OWNER),
        Somebody("Fatima El Amrani", "fatima@bakkerijdehalm.example", Role.EDITOR),
        Somebody("Sanne de Wit", "sanne@bakkerijdehalm.example", Role.READER),
    ),
)
SUPPLIER = Organisation(
    "netvast-it",
    TenantValues("NetVast IT", TenantKind.IT_SUPPLIER, kvk="00990102"),
    (
        Somebody("Ruben Visser", "ruben@netvast.example", Role.OWNER),
        Somebody("Lieke Smit", "lieke@netvast.example", Role.EDITOR),
    ),
)
FOUNDATION = Organisation(
    "stichting-continuiteit-voorbeeld",
    TenantValues("Stichting Continuïteit Voorbeeld", TenantKind.FOUNDATION, kvk="00990103"),
    (
        Somebody("Marijke van Leeuwen", "marijke@continuiteit-voorbeeld.example", Role.OWNER),
        Somebody("Pieter Groen", "pieter@continuiteit-voorbeeld.example", Role.READER),
        Somebody("Saskia de Groot", "saskia@continuiteit-voorbeeld.example", Role.EDITOR),
    ),
)
BANKRUPT = Organisation(
    "kabelrijk-it",
    TenantValues("Kabelrijk IT", TenantKind.IT_SUPPLIER, kvk="00990104"),
    (Somebody("Joris Kabel", "joris@kabelrijk.example", Role.OWNER),),
)
# Clients of the supplier: nobody of theirs signs in, so one sees them through its eyes.
CLIENTS = tuple(
    Organisation(slug, TenantValues(name, TenantKind.BUSINESS, kvk=kvk), ())
    for slug, name, kvk in (
        ("fietsenwinkel-de-ketting", "Fietsenwinkel De Ketting", "00990111"),
        ("tandartspraktijk-haagdijk", "Tandartspraktijk Haagdijk", "00990112"),
        ("notariskantoor-van-beek", "Notariskantoor Van Beek", "00990113"),
        ("garage-mulder", "Garage Mulder", "00990114"),
        ("bloemenhuis-iris", "Bloemenhuis Iris", "00990115"),
        ("bouwbedrijf-jacobs", "Bouwbedrijf Jacobs", "00990116"),
    )
)
EXAMPLE = (BAKERY, SUPPLIER, FOUNDATION, BANKRUPT, *CLIENTS)
JOINED_DAYS_AGO = 400


def add(organisation: Organisation, days: Days) -> int:
    """Add an organisation and return its id."""
    return services.add_tenant(organisation.values, slug=organisation.slug, at=days.at(JOINED_DAYS_AGO)).id


def add_people(organisation: Organisation, password: str, days: Days) -> list[SignIn]:
    """Add the people of the organisation whose scope is open. Raises AccountError when an address is in use."""
    joined, found = days.at(JOINED_DAYS_AGO), []
    tenant = services.tenant_by_slug(organisation.slug)
    assert tenant is not None
    for person in organisation.people:
        user = services.add_user(person.email, person.name, password, at=joined)
        services.add_member(tenant.id, user.id, person.role, at=joined)
        strong = organisation.values.kind in STRONG_KINDS
        if strong:
            db.session().add(TotpFactor(user_id=user.id, secret=totp.new_secret(), last_step=0, added_at=joined))
        found.append(
            SignIn(organisation.values.name, organisation.slug, person.role, person.name, person.email, strong)
        )
    return found


@contextmanager
def inside(tenant_id: int, name: str, role: Role) -> Iterator[None]:
    """Work inside one organisation of the transaction under way; the trail names who did it."""
    open_scope(whole(tenant_id, Actor(None, name, role.value)))
    yield
    db.session().flush()
    close_scope()
