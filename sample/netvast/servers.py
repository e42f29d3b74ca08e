"""The second registered service: managing clients' servers. Begun last month; the partner has yet to sign."""

from decimal import Decimal

from continuity.models import (
    Agreement,
    AgreementKind,
    Counterparty,
    HandoverKind,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeType,
)
from continuity.registrations.states import settle
from core import db
from sample.days import Days
from sample.netvast.deed import TEXT, TEXT_EN, Guest, add_clients, add_deed
from sample.netvast.handovers import Handed, add_handovers
from sample.netvast.hosting import add_contacts
from sample.organisations import BAKERY, FOUNDATION, SUPPLIER

SERVICE, PARTNER = "Serverbeheer voor het mkb", "Beheerhuis Zuid BV"
GUESTS = (
    Guest(BAKERY.values.name, "00990101", "henk@bakkerijdehalm.example", Decimal("210.00")),
    Guest("Tandartspraktijk Haagdijk", "00990112", "praktijk@haagdijk.example", Decimal("260.00")),
    Guest("Bouwbedrijf Jacobs", "00990116", "kantoor@jacobsbouw.example", None),
)
HANDED: dict[HandoverKind, tuple[Handed | None, ...]] = {
    HandoverKind.DOCUMENT: (
        Handed("Overzicht van vijf servers bij drie klanten: taak, plaats en verbindingen; 4 bladzijden.", 25, 23),
        None,
        Handed("Draaiboek dagelijks beheer en herstel na storing, 17 bladzijden.", 117, 114),
    ),
    HandoverKind.LOGIN: (
        Handed("Beheerdersaccounts van vijf servers.", 44, 42),
        None,
        Handed("Aanmelding bij de bewaking en bij het back-upprogramma.", 2),
    ),
    HandoverKind.INFORMATION: (Handed("Drie klanten met hun servers en contactpersoon (spreadsheet).", 25, 23),),
}


def fill(days: Days, foundation_id: int) -> None:
    """Add the registration of the server management and all that hangs on it."""
    registration = Registration(
        service_name=SERVICE,
        description="Updates, bewaking, back-up en herstel van servers op kantoor bij klanten.",
        scheme_type=SchemeType.SERVER_MANAGEMENT,
        foundation_id=foundation_id,
        scope_understood_on=days.ago(33),
        uncovered_services="Werkplekken, telefonie, Microsoft 365 en de aanschaf van apparatuur.",
        monthly_cost=Decimal("690.00"),
        duration_months=3,
    )
    db.session().add(registration)
    db.session().flush()
    _agreements(registration, days)
    _add_partner(registration, days)
    add_contacts(registration, days)
    told = {"supplier": SUPPLIER.values.name, "service": SERVICE, "partner": PARTNER}
    add_deed(registration.id, 1, TEXT.format(**told), TEXT_EN.format(**told), None)
    add_clients(registration.id, GUESTS, {}, days)
    add_handovers(registration.id, SchemeType.SERVER_MANAGEMENT, "Serverbeheer", HANDED, days)
    settle(registration)


def _add_partner(registration: Registration, days: Days) -> None:
    db.session().add(
        Counterparty(
            registration_id=registration.id,
            name=PARTNER,
            kvk="00990122",
            contact_name="Wim Janssens",
            phone="+31402001188",
            email="wim@beheerhuiszuid.example",
            chosen_on=days.ago(31),
            knows_on=days.ago(28),
            willing_on=days.ago(14),
            willing_by="Wim Janssens, bedrijfsleider",
        )
    )
    db.session().add(
        SchemeContact(
            registration_id=registration.id,
            party=SchemeParty.PARTNER,
            name="Wim Janssens",
            phone="+31402001188",
            email="",
            confirmed_on=days.ago(14),
        )
    )


def _agreements(registration: Registration, days: Days) -> None:
    framework = Agreement(
        registration_id=registration.id,
        kind=AgreementKind.FRAMEWORK,
        party=FOUNDATION.values.name,
        reference="MO-019",
        first_signed_on=days.ago(27),
        second_signed_on=days.ago(24),
        starts_on=days.ago(24),
        ends_on=days.ahead(706),
        fee=Decimal("390.00"),
    )
    supply = Agreement(
        registration_id=registration.id,
        kind=AgreementKind.SUPPLY,
        party=PARTNER,
        reference="Concept",
        first_signed_on=days.ago(10),
        delivers_on=True,
        fee=Decimal("690.00"),
    )
    db.session().add_all([framework, supply])
    db.session().flush()
