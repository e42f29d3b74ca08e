"""The people and organisations every test may count on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from argon2 import PasswordHasher

from core import clock, db
from core.i18n import Language
from tenants import services
from tenants.models import Role, TenantKind, User
from tenants.scope import close_scope, open_scope, whole
from tenants.services import TenantValues

PASSWORD = "brood op de plank"
# As little work as argon2 can be: a hash tells itself how much it takes, and tests sign in thousands of times.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the cast."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the cast; the password is PASSWORD."""

    id: UUID
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Cast:
    """A bakery with three people, its IT supplier, a foundation, another business with a stranger in it."""

    bakery: Organisation
    supplier: Organisation
    foundation: Organisation
    other_foundation: Organisation
    other: Organisation
    owner: Person
    editor: Person
    reader: Person
    supplier_owner: Person
    foundation_owner: Person
    foundation_reader: Person
    other_foundation_owner: Person
    stranger: Person


def build() -> Cast:
    """Add the cast to the database of the running application and commit."""
    db.begin(writes=True)
    bakery = _organisation("Bakkerij Zonneschijn", "bakery", TenantKind.BUSINESS)
    supplier = _organisation("Draadwerk IT", "supplier", TenantKind.IT_SUPPLIER)
    foundation = _organisation("Stichting Zekerheid", "foundation", TenantKind.FOUNDATION)
    other_foundation = _organisation("Stichting Elders", "other-foundation", TenantKind.FOUNDATION)
    other = _organisation("Garage Verweg", "other", TenantKind.BUSINESS)
    cast = Cast(
        bakery=bakery,
        supplier=supplier,
        foundation=foundation,
        other_foundation=other_foundation,
        other=other,
        owner=_person("owner", bakery, Role.OWNER),
        editor=_person("editor", bakery, Role.EDITOR),
        reader=_person("reader", bakery, Role.READER),
        supplier_owner=_person("supplier.owner", supplier, Role.OWNER),
        foundation_owner=_person("foundation.owner", foundation, Role.OWNER),
        foundation_reader=_person("foundation.reader", foundation, Role.READER),
        other_foundation_owner=_person("other.foundation.owner", other_foundation, Role.OWNER),
        stranger=_person("stranger", other, Role.OWNER),
    )
    db.commit()
    return cast


def _organisation(name: str, slug: str, kind: TenantKind) -> Organisation:
    values = TenantValues(name=name, kind=kind, language=Language.ENGLISH)
    tenant = services.add_tenant(values, slug=slug, at=clock.now())
    return Organisation(tenant.id, tenant.slug, tenant.name)


def _person(name: str, organisation: Organisation, role: Role) -> Person:
    user = User(
        email=f"{name}@people.example",
        name=name.replace(".", " ").title(),
        password_hash=PASSWORD_HASH,
        language=None,
        created_at=JOINED,
        disabled_at=None,
    )
    db.session().add(user)
    db.session().flush()
    person = Person(user.id, user.email, user.name)
    open_scope(whole(organisation.id))
    # Long ago, so that tests which travel in time still find everybody in place.
    services.add_member(organisation.id, person.id, role, at=JOINED)
    db.session().flush()
    close_scope()
    return person
