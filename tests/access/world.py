"""Two organisations of each kind with the same objects in them, and one person for each way to stand to the first.

Whatever belongs to the other side carries FOREIGN in its text, so that a single word of it in an answer is a leak.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from audits.made.models import Cadence, MadeReport, MadeState, ReportSchedule
from audits.room.course import Move, RequestState
from audits.room.models import EvidenceFile, EvidenceRequest, EvidenceStep
from audits.webhooks.models import Webhook, WebhookState
from continuity.models import (
    Client,
    CoverClaim,
    Declaration,
    DeclarationKind,
    DeedVersion,
    HandoverDelivery,
    HandoverOpening,
    KeyState,
    OfficerKey,
    OpeningGround,
    OpeningState,
    TrustedKey,
)
from core import clock, db
from core.db import Base
from core.files import files
from core.i18n import Language
from core.ids import new_id
from core.vault import Sealed
from plans.importing.models import ImportBatch
from sample import bakery
from sample.days import Days
from sample.netvast import hosting, servers
from tenants import services
from tenants.models import (
    ApiToken,
    ClientInvitation,
    ClientList,
    Engagement,
    GrantLevel,
    Invitation,
    ManagementGrant,
    Membership,
    Operator,
    Role,
    Seat,
    StoredFile,
    Tenant,
    TenantKind,
    TrailEntry,
    User,
)
from tenants.owned import TenantOwned
from tenants.scope import close_scope, open_scope, whole
from tenants.services import TenantValues
from tests.access import requests
from tests.cast import JOINED, PASSWORD_HASH, Person

FOREIGN = "Vreemdland"
LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)
FAR_OFF = datetime(2099, 1, 1, tzinfo=UTC)
# Shorter columns hold numbers and words of a fixed list.
SHORTEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation of the world."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class World:
    """home, supplier, foundation and their doubles, and the people by the name of how they stand to `home`."""

    home: Place
    supplier: Place
    foundation: Place
    foreign: Place
    foreign_supplier: Place
    foreign_foundation: Place
    sibling: Place
    people: Mapping[str, Person]

    def double_of(self, place: Place) -> Place:
        """Return the foreign organisation with the same objects."""
        pairs = {
            self.home: self.foreign,
            self.supplier: self.foreign_supplier,
            self.foundation: self.foreign_foundation,
        }
        return pairs[place]


def build() -> World:
    """Fill the database of the running application and commit."""
    days = Days(clock.today())
    db.begin(writes=True)
    places = {
        slug: _place(name, slug, kind)
        for name, slug, kind in (
            ("Bakkerij Thuis", "home", TenantKind.BUSINESS),
            ("Netwerk Thuis", "supplier", TenantKind.IT_SUPPLIER),
            ("Stichting Thuis", "foundation", TenantKind.FOUNDATION),
            (f"Bakkerij {FOREIGN}", "foreign", TenantKind.BUSINESS),
            (f"Netwerk {FOREIGN}", "foreign-supplier", TenantKind.IT_SUPPLIER),
            # Whoever registers a service chooses among the foundations, so their names are no secret.
            ("Stichting Elders", "foreign-foundation", TenantKind.FOUNDATION),
            # Managed by the same supplier, entered by the same people, and never to be seen from `home`.
            (f"Bakkerij Zus {FOREIGN}", "sibling", TenantKind.BUSINESS),
            ("Klein Beheer", "plan-keeper", TenantKind.IT_SUPPLIER),
            ("Weg Beheer", "former-keeper", TenantKind.IT_SUPPLIER),
            # Nobody works there: everybody else let it in, so that there is a grant to look at.
            ("Leeg Beheer", "empty-keeper", TenantKind.IT_SUPPLIER),
        )
    }
    for slug in ("home", "supplier", "foundation", "foreign", "foreign-supplier", "foreign-foundation", "sibling"):
        keeper = places["foundation" if slug in {"home", "supplier"} else "foreign-foundation"]
        with _inside(places[slug]):
            _fill(days, keeper)
            _keys(places[slug], keeper)
            _opened(keeper)
            _declared(keeper)
            requests.ask(LONG_AGO)
    for slug in ("foreign", "foreign-supplier", "foreign-foundation", "sibling"):
        with _inside(places[slug]):
            _mark_as_foreign()
    people = _people(places)
    db.commit()
    return World(
        home=places["home"],
        supplier=places["supplier"],
        foundation=places["foundation"],
        foreign=places["foreign"],
        foreign_supplier=places["foreign-supplier"],
        foreign_foundation=places["foreign-foundation"],
        sibling=places["sibling"],
        people=people,
    )


def _fill(days: Days, keeper: Place) -> None:
    """Give the open scope's organisation an object of every kind. keeper: the foundation it registers with."""
    bakery.fill(days)
    hosting.fill(days, keeper.id)
    servers.fill(days, keeper.id)
    db.session().add(
        ImportBatch(file_name="inventaris.xlsx", sha256="0" * 64, uploaded_at=clock.now(), uploaded_by="Henk")
    )


def _keys(place: Place, keeper: Place) -> None:
    """Give an organisation a key of an officer, and a copy of one of the foundation it registers with."""
    officer = _person(f"key_holder_of_{place.slug}")
    _made(officer, place)
    db.session().add_all(
        [
            OfficerKey(
                user_id=officer.id,
                name=officer.name,
                recipient=f"age1{place.slug}",
                fingerprint=f"{place.id:032x}",
                state=KeyState.PENDING,
                proof_sealed="sealed",
                proof_hash="",
                made_at=LONG_AGO,
            ),
            TrustedKey(
                foundation_id=keeper.id,
                name="Officer Elsewhere",
                recipient="age1elsewhere",
                fingerprint="0" * 32,
                offered_at=LONG_AGO,
            ),
        ]
    )


def _made(officer: Person, place: Place) -> None:
    """Give an organisation a report that was made by a schedule."""
    schedule = ReportSchedule(
        name="findings",
        cadence=Cadence.WEEKLY,
        language=Language.DUTCH,
        added_on=LONG_AGO.date(),
        added_by_id=officer.id,
    )
    db.session().add(schedule)
    db.session().flush()
    db.session().add(
        MadeReport(
            name="findings",
            as_of=LONG_AGO.date(),
            language=Language.DUTCH,
            schedule_id=schedule.id,
            asked_at=LONG_AGO,
            plan=True,
            continuity=True,
            trail=False,
            clients=[],
            state=MadeState.READY,
            made_at=LONG_AGO,
            file_name=f"{place.slug}.xlsx",
            file_sha256=files().put(place.id, b"PK"),
        )
    )


def _opened(keeper: Place) -> None:
    """Give the open scope's organisation an opening of what it handed over, which was called off."""
    delivery_id = db.session().scalars(sa.select(HandoverDelivery.id).order_by(HandoverDelivery.id)).first()
    db.session().add(
        HandoverOpening(
            delivery_id=delivery_id,
            foundation_id=keeper.id,
            ground=OpeningGround.AGREEMENT,
            state=OpeningState.WITHDRAWN,
            purpose="Yearly drill",
            asked_by="Officer Elsewhere",
            asked_at=LONG_AGO,
            until=LONG_AGO,
            ended_at=LONG_AGO,
        )
    )


def _declared(keeper: Place) -> None:
    """Give the open scope's organisation what a client declared, and a claim to be somebody's client."""
    client = db.session().scalars(sa.select(Client).order_by(Client.id)).first()
    deed = db.session().scalars(sa.select(DeedVersion).order_by(DeedVersion.id)).first()
    assert client
    assert deed
    db.session().add_all(
        [
            Declaration(
                client_id=client.id,
                deed_version_id=deed.id,
                kind=DeclarationKind.REJECT,
                name="Somebody",
                declared_as="Director",
                note="",
                email="somebody@people.example",
                declared_at=LONG_AGO,
                deed_sha256=deed.sha256,
                file_name="",
                file_type="",
                file_sha256="",
                receipt_sha256="",
            ),
            CoverClaim(
                supplier_id=keeper.id, client_id=new_id(), service="Hosting", claimed_by="Owner", claimed_at=LONG_AGO
            ),
        ]
    )


def owned_models() -> list[type[TenantOwned]]:
    """Return every class of rows that belong to an organisation, sorted by name."""
    found: list[type[DeclarativeBase]] = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted((one for one in found if issubclass(one, TenantOwned)), key=lambda one: one.__name__)


def _mark_as_foreign() -> None:
    """Write FOREIGN into every text of the open scope that is long enough to be somebody's own words."""
    for model in owned_models():
        if model in (TrailEntry, StoredFile) or model.__append_only__:
            continue
        columns = [
            attribute.key for attribute in sa.inspect(model).column_attrs if _is_own_words(attribute.columns[0].type)
        ]
        for row in db.session().scalars(sa.select(model)):
            if isinstance(row, DeedVersion) and row.published_on is not None:
                continue  # a published text never changes
            for key in columns:
                value = getattr(row, key)
                if isinstance(value, str) and value:
                    setattr(row, key, f"{value} {FOREIGN}")
    db.session().flush()


def _is_own_words(kind: sa.types.TypeEngine[object]) -> bool:
    if isinstance(kind, sa.Enum):
        return False
    if isinstance(kind, Sealed):
        return (kind.length or 10_000) >= SHORTEST_TEXT
    plain = kind.impl if isinstance(kind, sa.types.TypeDecorator) else kind
    return isinstance(plain, sa.Text) or (isinstance(plain, sa.String) and (plain.length or 10_000) >= SHORTEST_TEXT)


def _place(name: str, slug: str, kind: TenantKind) -> Place:
    tenant = services.add_tenant(TenantValues(name, kind, language=Language.ENGLISH), slug=slug, at=LONG_AGO)
    return Place(tenant.id, slug, name)


@contextmanager
def _inside(place: Place) -> Iterator[None]:
    open_scope(whole(place.id))
    yield
    db.session().flush()
    close_scope()


def _people(places: Mapping[str, Place]) -> dict[str, Person]:
    """Add a person for each way to stand to `home`."""
    home, now = places["home"], clock.now()
    found: dict[str, Person] = {}

    def person(name: str, *memberships: tuple[str, Role]) -> Person:
        found[name] = made = _person(name)
        for slug, role in memberships:
            with _inside(places[slug]):
                services.add_member(places[slug].id, made.id, role, at=JOINED)
        return made

    person("owner", ("home", Role.OWNER))
    person("editor", ("home", Role.EDITOR))
    person("reader", ("home", Role.READER))
    person("supplier_owner", ("supplier", Role.OWNER))
    person("supplier_reader", ("supplier", Role.READER))
    person("plan_keeper", ("plan-keeper", Role.OWNER))
    person("former_keeper", ("former-keeper", Role.OWNER))
    person("officer", ("foundation", Role.OWNER))
    person("foundation_reader", ("foundation", Role.READER))
    person("stranger", ("foreign", Role.OWNER), ("foreign-supplier", Role.OWNER), ("foreign-foundation", Role.OWNER))
    former = person("former_member")
    operator = person("operator")
    db.session().add(Operator(user_id=operator.id, starts_at=JOINED, ends_at=None))
    for name in ("auditor", "scheme_auditor", "former_auditor", "coming_auditor"):
        person(name)
    with _inside(home):
        services.add_member(home.id, former.id, Role.OWNER, at=JOINED).ends_at = now - timedelta(days=1)
        grant, engage = _grant, _engage
        asked_under = engage(found["auditor"], LONG_AGO, FAR_OFF)
        db.session().add_all(
            [
                grant(places["supplier"], GrantLevel.EDIT),
                grant(places["plan-keeper"], GrantLevel.EDIT, continuity=False),
                grant(places["former-keeper"], GrantLevel.EDIT, ends_at=now - timedelta(seconds=1)),
                asked_under,
                engage(found["scheme_auditor"], LONG_AGO, FAR_OFF, plan=False),
                engage(found["former_auditor"], LONG_AGO, now - timedelta(seconds=1)),
                engage(found["coming_auditor"], now + timedelta(days=1), FAR_OFF),
            ]
        )
        db.session().flush()
        _asked(asked_under, home)
    with _inside(places["sibling"]):
        db.session().add(_grant(places["supplier"], GrantLevel.EDIT))
    for slug, place in places.items():
        _guests(place, found)
        if slug != "empty-keeper":
            with _inside(place):
                db.session().add(_grant(places["empty-keeper"], GrantLevel.VIEW))
    return found


def _guests(place: Place, people: Mapping[str, Person]) -> None:
    """Give an organisation somebody who left, an auditor who is done, and invitations that nobody accepted."""
    with _inside(place):
        former = people["former_member"]
        engagement = _engage(people["former_auditor"], JOINED, LONG_AGO)
        db.session().add(engagement)
        db.session().flush()
        if place.slug != "home":
            _asked(engagement, place)
        db.session().add_all(
            [
                Membership(user_id=former.id, role=Role.READER, starts_at=JOINED, ends_at=LONG_AGO),
                Invitation(
                    email="guest@people.example",
                    seat=Seat.MEMBER,
                    role=Role.READER,
                    reference="",
                    plan=False,
                    continuity=False,
                    invited_by=former.id,
                    sent_at=JOINED,
                ),
                ApiToken(
                    name=f"Dashboard van {place.name}",
                    scopes=[],
                    made_by=former.id,
                    made_at=JOINED,
                    expires_at=FAR_OFF,
                ),
                Webhook(
                    name=f"Meldkamer van {place.name}",
                    address="https://hooks.example/",
                    secret="secret",
                    events=[],
                    state=WebhookState.OFF,
                    added_by=former.id,
                    added_at=JOINED,
                ),
                ClientList(
                    file_name=f"klanten van {place.name}.csv",
                    cells=[["Naam", "E-mail"], [f"Kiosk van {place.name}", "kiosk@people.example"]],
                    uploaded_at=JOINED,
                    uploaded_by=former.id,
                ),
                ClientInvitation(
                    name=f"Kiosk van {place.name}",
                    email="kiosk@people.example",
                    level=GrantLevel.VIEW,
                    plan=True,
                    continuity=False,
                    invited_by=former.id,
                    sent_at=JOINED,
                ),
            ]
        )


def _asked(engagement: Engagement, place: Place) -> None:
    """Let the auditor of an engagement ask the open scope's organisation for something, with a file of the answer."""
    asked = EvidenceRequest(
        engagement_id=engagement.id,
        number=1,
        title=f"Bewijs van {place.name}",
        asked=f"Wat {place.name} doet",
        item_id="",
        due_on=FAR_OFF.date(),
        state=RequestState.ANSWERED,
        asked_at=LONG_AGO,
    )
    step = EvidenceStep(
        request_id=asked.id, move=Move.ANSWER, note=place.name, user_id=engagement.auditor_id, made_at=LONG_AGO
    )
    kept = EvidenceFile(
        step_id=step.id,
        name=f"{place.slug}.pdf",
        media_type="application/pdf",
        size=5,
        sha256=files().put(place.id, b"%PDF-"),
    )
    for row in (asked, step, kept):
        db.session().add(row)
        db.session().flush()


def _person(name: str) -> Person:
    user = User(
        email=f"{name.replace('_', '.')}@people.example",
        name=name.replace("_", " ").title(),
        password_hash=PASSWORD_HASH,
        created_at=JOINED,
    )
    db.session().add(user)
    db.session().flush()
    return Person(user.id, user.email, user.name)


def _grant(
    manager: Place, level: GrantLevel, *, continuity: bool = True, ends_at: datetime | None = None
) -> ManagementGrant:
    return ManagementGrant(
        manager_id=manager.id, level=level, plan=True, continuity=continuity, starts_at=LONG_AGO, ends_at=ends_at
    )


def _engage(auditor: Person, starts_at: datetime, ends_at: datetime, *, plan: bool = True) -> Engagement:
    return Engagement(
        auditor_id=auditor.id,
        reference="Jaarcontrole",
        plan=plan,
        continuity=True,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def tenant_named(slug: str) -> Tenant:
    """Return an organisation of the world."""
    return db.session().scalars(sa.select(Tenant).where(Tenant.slug == slug)).one()
