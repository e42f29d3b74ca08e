"""Three services that stand: one for a long time yet, of one an agreement is about to end, and one ends with notice."""

from decimal import Decimal

from continuity.models import (
    Agreement,
    AgreementKind,
    By,
    Counterparty,
    Registration,
    SchemeNotice,
    SchemeState,
    SchemeType,
)
from continuity.registrations.states import move, settle
from core import db
from sample.days import Days
from sample.foundation import SECRETARY
from sample.netvast.deed import TEXT, TEXT_EN, Guest, add_clients, add_deed
from sample.netvast.hosting import add_contacts
from sample.organisations import BAKERY, FOUNDATION, SUPPLIER

PARTNER = "Softwarehuis De Brug BV"
# By name, with the last day of the agreement with the partner, in days from today.
ENDS = "Urenregistratie in de cloud"
SERVICES = {"Kassasoftware in de cloud": 410, "Planningssoftware in de cloud": 19, ENDS: 410}
# Of the service that ends: how many days ago that was announced, and its last day from today; three months between.
ANNOUNCED, LAST = 40, 55
GUESTS = (
    Guest(BAKERY.values.name, "00990101", "henk@bakkerijdehalm.example", Decimal("55.00"), 100, 1, 95, "Henk Bakker",
          "Eigenaar", 94),
    Guest("Garage Mulder", "00990114", "werkplaats@garagemulder.example", Decimal("65.00"), 100, 1, 90, "Bas Mulder",
          "Directeur", 88),
    Guest("Bloemenhuis Iris", "00990115", "iris@bloemenhuis.example", Decimal("35.00"), 20),
)  # fmt: skip


def fill(days: Days, foundation_id: int) -> None:
    """Add the services with all that makes them stand, and of one that it ends."""
    for name, last in SERVICES.items():
        registration = Registration(
            service_name=name,
            description="Licenties die wij leveren en beheren; de maker is een ander.",
            scheme_type=SchemeType.STANDARD_SOFTWARE,
            foundation_id=foundation_id,
            scope_understood_on=days.ago(150),
            uncovered_services="Apparatuur, maatwerk en alle andere diensten.",
            monthly_cost=Decimal("110.00"),
            duration_months=3,
        )
        registration.supplies_licences = True
        db.session().add(registration)
        db.session().flush()
        _contracts(registration, last, days)
        told = {"supplier": SUPPLIER.values.name, "service": name, "partner": PARTNER}
        deed = add_deed(registration.id, 1, TEXT.format(**told), TEXT_EN.format(**told), days.ago(120))
        add_clients(registration.id, GUESTS, {1: deed}, days)
        settle(registration)
        move(registration, SchemeState.ACTIVE, By.FOUNDATION)
        if name == ENDS:
            add_contacts(registration, days)
            db.session().add(_ending(registration, days))
        db.session().flush()


def _ending(registration: Registration, days: Days) -> SchemeNotice:
    return SchemeNotice(
        registration_id=registration.id,
        role=By.SUPPLIER,
        given_at=days.at(ANNOUNCED),
        given_by=SUPPLIER.people[0].name,
        last_on=days.ahead(LAST),
        reason="De maker stopt met dit pakket. Wij helpen u met de overstap naar een ander.",
        settled_at=None,
    )


def _contracts(registration: Registration, last: int, days: Days) -> None:
    framework = _signed(registration, AgreementKind.FRAMEWORK, FOUNDATION.values.name, "MO-017", days)
    framework.ends_on, framework.fee = days.ahead(587), Decimal("240.00")
    supply = _signed(registration, AgreementKind.SUPPLY, PARTNER, "PO-017", days)
    supply.ends_on, supply.fee, supply.delivers_on = days.ahead(last), Decimal("110.00"), True
    partner = Counterparty(
        registration_id=registration.id,
        name=PARTNER,
        contact_name="Lotte Brug",
        phone="+31302000990",
        email="lotte@debrug.example",
        chosen_on=days.ago(160),
        knows_on=days.ago(160),
        willing_on=days.ago(155),
        willing_by="Lotte Brug, directeur",
        signed_on=days.ago(143),
    )
    db.session().add_all([framework, supply, partner])
    db.session().flush()


def _signed(registration: Registration, kind: AgreementKind, party: str, reference: str, days: Days) -> Agreement:
    return Agreement(
        registration_id=registration.id,
        kind=kind,
        party=party,
        reference=reference,
        first_signed_on=days.ago(145),
        first_signed_by=f"{SUPPLIER.people[0].name}, directeur",
        second_signed_on=days.ago(143),
        second_signed_by=f"{SECRETARY}, secretaris",
        starts_on=days.ago(143),
    )
