"""The world of the scheme's tests: a supplier's two services, one with something of everything on it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.acceptance.checking import check_condition
from continuity.acceptance.services import AcceptanceValues, save_acceptance
from continuity.agreements.documents import look_over
from continuity.agreements.services import AgreementValues, add_agreement
from continuity.clients.services import ClientValues, add_client
from continuity.deed.services import DeedValues, add_draft, publish
from continuity.handovers.services import DeliveryValues, ItemValues, add_item, deliver
from continuity.models import (
    AgreementKind,
    By,
    HandoverDelivery,
    HandoverKind,
    Registration,
    SchemeChange,
    SchemeParty,
    SchemeState,
    SchemeType,
)
from continuity.registrations.services import (
    ContactValues,
    CounterpartyValues,
    RegistrationValues,
    change_money,
    register,
    save_contact,
    save_counterparty,
)
from continuity.registrations.states import move
from core import db
from core.i18n import Language
from tenants import services as people
from tenants.models import Role, User
from tests.cast import JOINED, PASSWORD_HASH, Cast, Organisation, Person
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
TODAY = date(2026, 11, 22)
EARLIER = date(2026, 11, 2)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
SPECIFICATION = "Sealed envelope 14: administrators of web-01 and web-02."


@dataclass(frozen=True, slots=True)
class World:
    """Ids of one of each. elsewhere: a service of the same supplier under another foundation, with its delivery."""

    editor: Person
    reader: Person
    registration_id: UUID
    agreement_id: UUID
    deed_id: UUID
    draft_id: UUID
    client_id: UUID
    item_id: UUID
    delivery_id: UUID
    elsewhere_id: UUID
    elsewhere_delivery_id: UUID

    @property
    def path(self) -> str:
        """Return the address of the first registration."""
        return f"/o/supplier/continuity/{self.registration_id}"

    @property
    def registrant_path(self) -> str:
        """Return the address of the first registration for its foundation."""
        return f"/o/foundation/registrants/{self.registration_id}"


def build(cast: Cast) -> World:
    """Add the supplier's services in its open scope, by the same functions its pages use."""
    editor = member(cast.supplier, "supplier.editor", Role.EDITOR)
    reader = member(cast.supplier, "supplier.reader", Role.READER)
    row = service("Webhosting Plus", cast.foundation.id)
    agreement, deed, draft, client = contracts(row)
    delivery = delivered(row, "Administrators of the servers")
    elsewhere = service("Serverbeheer", cast.other_foundation.id, SchemeType.SERVER_MANAGEMENT)
    elsewhere_delivery = delivered(elsewhere, "Something else")
    recorded_long_ago()
    return World(
        editor=editor,
        reader=reader,
        registration_id=row.id,
        agreement_id=agreement,
        deed_id=deed,
        draft_id=draft,
        client_id=client,
        item_id=delivery.handover_item_id,
        delivery_id=delivery.id,
        elsewhere_id=elsewhere.id,
        elsewhere_delivery_id=elsewhere_delivery.id,
    )


def recorded_long_ago() -> None:
    """Have all that was recorded so far be recorded before anything happened to the supplier, in the open scope."""
    for one in db.session().scalars(sa.select(SchemeChange)):
        one.told_at = JOINED
    for delivery in db.session().scalars(sa.select(HandoverDelivery)):
        delivery.recorded_at = datetime.combine(delivery.delivered_on, time(9), UTC)
    db.session().flush()


def service(name: str, foundation_id: int | None, kind: SchemeType = SchemeType.HOSTING) -> Registration:
    """Register a service in the open scope."""
    values = RegistrationValues(
        service_name=name,
        description="Sites of small shops.",
        foundation_id=foundation_id,
        uncovered_services="Telephony",
        portfolio_changed_on=None,
        understood=True,
    )
    return register(kind, values, language=Language.ENGLISH, today=TODAY)


def delivered(row: Registration, label: str) -> HandoverDelivery:
    """Add an item with one delivery that nobody confirmed yet."""
    item = add_item(row, ItemValues(HandoverKind.LOGIN, label, "", True, "", 30))
    return deliver(item, DeliveryValues(EARLIER, "Supplier Owner", SPECIFICATION), seen=0)


def contracts(row: Registration) -> tuple[UUID, UUID, UUID, UUID]:
    """Sign and offer whatever a scheme needs, with a client that accepts; return agreement, deed, draft and client."""
    counterparty = CounterpartyValues(
        "Bulk Hosting", "01234567", "J. de Wit", "+31201234567", "", TODAY, TODAY, TODAY, "J. de Wit, director", None
    )
    save_counterparty(row, None, counterparty, seen=1)
    save_contact(row, SchemeParty.PARTNER, None, ContactValues("J. de Wit", "+31201234567", "", TODAY), seen=1)
    change_money(row, Decimal("100.00"), 3, seen=row.version)
    agreement = add_agreement(
        row,
        AgreementValues(
            kind=AgreementKind.FRAMEWORK,
            party="Stichting Zekerheid",
            reference="2026-14",
            first_signed_on=EARLIER,
            second_signed_on=EARLIER,
            starts_on=EARLIER,
            ends_on=date(2027, 11, 1),
            notice_on=date(2027, 8, 1),
            fee=Decimal("25.00"),
            delivers_on=False,
        ),
        look_over("mantelovereenkomst.pdf", PDF, 1000),
    )
    deed = add_draft(
        row, DeedValues("De stichting levert.", ("Betaalt.",), "The foundation delivers.", ("Pays its bills.",))
    )
    publish(deed, seen=deed.version, today=EARLIER)
    draft = add_draft(
        row,
        DeedValues(
            "De stichting levert beter.", ("Betaalt.",), "The foundation delivers better.", ("Pays its bills.",)
        ),
    )
    client = add_client(row, ClientValues("Bakkerij Zonneschijn", "", "", Decimal("40.00"), EARLIER))
    accepted = AcceptanceValues(EARLIER, "Owner", "director", None)
    acceptance = save_acceptance(row, client, deed, None, accepted, seen=1)
    for position in range(len(deed.conditions)):
        check_condition(acceptance, deed, position, EARLIER, by="Supplier Owner", today=TODAY)
    return agreement.id, deed.id, draft.id, client.id


def member(organisation: Organisation, name: str, role: Role) -> Person:
    """Add somebody to an organisation, in its open scope."""
    user = User(
        email=f"{name}@people.example",
        name=name.replace(".", " ").title(),
        password_hash=PASSWORD_HASH,
        created_at=JOINED,
    )
    db.session().add(user)
    db.session().flush()
    people.add_member(organisation.id, user.id, role, at=JOINED)
    return Person(user.id, user.email, user.name)


def trigger(world: World) -> None:
    """Have the first registration triggered, in the open scope of its supplier."""
    row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
    move(row, SchemeState.TRIGGERED, By.TWO_OFFICERS)
    row.declared_bankrupt_on = date(2026, 11, 20)
    db.session().flush()


def stored(scope_of: Scoped, cast: Cast, name: str) -> Registration:
    """Return a registration of the supplier as it is stored."""
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.service_name == name)).one()
        db.session().expunge(row)
        return row


def version(visitor: Visitor, path: str) -> str:
    """Return the version a form carries."""
    page = visitor.get(path).get_data(as_text=True)
    return page.split('name="version" type="hidden" value="')[1].split('"')[0]
