"""The first registered service: hosting, bought at a data centre and sold on. Nearly everything has been arranged."""

from decimal import Decimal

import sqlalchemy as sa

from continuity.certificates.services import make
from continuity.models import (
    Agreement,
    AgreementKind,
    By,
    Client,
    Counterparty,
    HandoverKind,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeState,
    SchemeStep,
    SchemeType,
)
from continuity.registrations.states import settle
from core import db
from sample.days import Days
from sample.foundation import SECRETARY
from sample.netvast import paper
from sample.netvast.deed import TEXT, TEXT_EN, Guest, add_clients, add_deed
from sample.netvast.handovers import Handed, add_handovers
from sample.organisations import BAKERY, FOUNDATION, SUPPLIER

SERVICE, UPSTREAM = "Hosting van websites en mail", "Datahuis Breda BV"
GUESTS = (
    Guest(BAKERY.values.name, "00990101", "henk@bakkerijdehalm.example", Decimal("95.00"), 39, 2, 30, "Henk Bakker",
          "Eigenaar", 29),
    Guest("Fietsenwinkel De Ketting", "00990111", "info@deketting.example", Decimal("60.00"), 39, 2, 34,
          "Gijs Verhoeven", "Eigenaar", 33),
    Guest("Tandartspraktijk Haagdijk", "00990112", "praktijk@haagdijk.example", Decimal("140.00"), 39, 2, 12,
          "Meral Aydin", "Praktijkhouder"),
    Guest("Notariskantoor Van Beek", "00990113", "kantoor@vanbeek.example", Decimal("185.00"), 39, 2, 36,
          "mr. C. van Beek", "Notaris", 35),
    Guest("Garage Mulder", "00990114", "werkplaats@garagemulder.example", Decimal("75.00"), 39, 1, 170,
          "Bas Mulder", "Directeur", 169),
    Guest("Bloemenhuis Iris", "00990115", "iris@bloemenhuis.example", Decimal("45.00"), 9),
    Guest("Drukkerij De Pers", "00990118", "info@drukkerijdepers.example", Decimal("55.00"), 39, by="Ton de Pers",
          function="Eigenaar", said_no=31, why="Wij stappen dit jaar over naar een andere leverancier."),
    Guest("Kapsalon Knip", "00990119", "salon@kapsalonknip.example", Decimal("25.00"), 39, 2, 35, "Sanne Knip",
          "Eigenaar", 34, said_no=6, why="De salon sluit."),
)  # fmt: skip
HANDED: dict[HandoverKind, tuple[Handed | None, ...]] = {
    HandoverKind.DOCUMENT: (
        Handed(
            "Tekening van het netwerk en lijst van 14 virtuele servers met hun taak, 9 bladzijden.", 22, 20, None, 2
        ),
        Handed("Stappenplan: gegevens van één klant scheiden, opslaan en elders opbouwen; 6 bladzijden.", 74, 71),
        Handed("Draaiboek dagelijks beheer en herstel na storing, 17 bladzijden.", 117, 114),
        Handed("Model verwerkersovereenkomst met bijlage per klant.", 60, 58),
    ),
    HandoverKind.LOGIN: (
        Handed("Aanmelding bij de beheeromgeving van Datahuis Breda, met herstelcodes.", 6, 5, None, 3),
        Handed("Twee beheerdersaccounts op het hostingplatform.", 18, 17, 4, 2),
        Handed("Aanmelding bij de registratie van 31 domeinnamen en bij DNS.", 11, 10, None, 2),
        Handed("Toegang tot de back-upopslag; de sleutel zit in dezelfde envelop.", 3),
    ),
    HandoverKind.INFORMATION: (
        Handed("Zes klanten met pakket, domeinnamen en contactpersoon (spreadsheet).", 5, 4, None, 4),
        Handed("Tarieven en laatste factuur per klant (spreadsheet).", 5, 4, None, 4),
        Handed("Klantnummer 88-2017 bij Datahuis Breda en nummer bij de registratie van domeinnamen.", 26, 25),
    ),
}


def fill(days: Days, foundation_id: int) -> Registration:
    """Add the registration of the hosting and all that hangs on it."""
    registration = Registration(
        service_name=SERVICE,
        description="Websites en mailboxen op eigen servers in het datacentrum van Datahuis Breda.",
        scheme_type=SchemeType.HOSTING,
        foundation_id=foundation_id,
        scope_understood_on=days.ago(210),
        uncovered_services="Werkplekbeheer, Microsoft 365, telefonie en maatwerk aan websites.",
        monthly_cost=Decimal("520.00"),
        duration_months=3,
    )
    db.session().add(registration)
    db.session().flush()
    _agreements(registration, days)
    db.session().add(_upstream(registration, days))
    add_contacts(registration, days)
    told = {"supplier": SUPPLIER.values.name, "service": SERVICE, "partner": UPSTREAM}
    text, text_en = TEXT.format(**told), TEXT_EN.format(**told)
    shorter = text.partition("\n\nDe begunstiging")[0], text_en.partition("\n\nThe deed")[0]
    first = add_deed(registration.id, 1, *shorter, days.ago(190), days.ago(40))
    second = add_deed(registration.id, 2, text, text_en, days.ago(40))
    add_clients(registration.id, GUESTS, {1: first, 2: second}, days)
    add_handovers(registration.id, SchemeType.HOSTING, "Hostingplatform", HANDED, days)
    settle(registration)
    _in_force(registration, days)
    _certificate(registration, days)
    return registration


def _upstream(registration: Registration, days: Days) -> Counterparty:
    return Counterparty(
        registration_id=registration.id,
        name=UPSTREAM,
        kvk="00990121",
        contact_name="Esther Kok",
        phone="+31762000440",
        email="esther@datahuis.example",
        chosen_on=days.ago(346),
        knows_on=days.ago(346),
        willing_on=days.ago(343),
        willing_by="Esther Kok, directeur",
        signed_on=days.ago(198),
    )


def _certificate(registration: Registration, days: Days) -> None:
    """Give the bakery a certificate; nobody knows its address."""
    client = Client.name == BAKERY.values.name, Client.registration_id == registration.id
    client_id = db.session().scalars(sa.select(Client.id).where(*client)).one()
    make(registration.id, client_id, by=SUPPLIER.people[0].name, at=days.at(20))


def _in_force(registration: Registration, days: Days) -> None:
    """Note that the foundation said that the scheme is in force."""
    registration.state = SchemeState.ACTIVE
    db.session().add(
        SchemeStep(
            registration_id=registration.id,
            left=SchemeState.OFFERED,
            reached=SchemeState.ACTIVE,
            role=By.FOUNDATION,
            taken_by=SECRETARY,
        )
    )
    db.session().flush()


def _framework(registration: Registration, days: Days) -> Agreement:
    size, sha256 = paper.store(
        (
            "Mantelovereenkomst MO-014",
            "",
            f"{SUPPLIER.values.name} en {FOUNDATION.values.name}",
            f"Dienst: {SERVICE}",
            "",
            "Dit is een voorbeeld en geen echte overeenkomst.",
        )
    )
    return Agreement(
        registration_id=registration.id,
        kind=AgreementKind.FRAMEWORK,
        party=FOUNDATION.values.name,
        reference="MO-014",
        first_signed_on=days.ago(205),
        second_signed_on=days.ago(203),
        starts_on=days.ago(200),
        ends_on=days.ahead(530),
        notice_on=days.ahead(23),
        fee=Decimal("480.00"),
        file_name="mantelovereenkomst-mo-014.pdf",
        file_type="application/pdf",
        file_size=size,
        file_sha256=sha256,
    )


def _agreements(registration: Registration, days: Days) -> None:
    supply = Agreement(
        registration_id=registration.id,
        kind=AgreementKind.SUPPLY,
        party=UPSTREAM,
        reference="TL-0093",
        first_signed_on=days.ago(199),
        second_signed_on=days.ago(198),
        starts_on=days.ago(195),
        ends_on=days.ahead(170),
        fee=Decimal("520.00"),
        delivers_on=True,
    )
    service = Agreement(
        registration_id=registration.id,
        kind=AgreementKind.SERVICE,
        party=BAKERY.values.name,
        reference="Klant 20117",
        first_signed_on=days.ago(900),
        second_signed_on=days.ago(897),
        starts_on=days.ago(890),
        delivers_on=False,
    )
    db.session().add_all([_framework(registration, days), supply, service])
    db.session().flush()


def add_contacts(registration: Registration, days: Days) -> None:
    """Add whom to call at the supplier and at the foundation."""
    for party, name, phone, email in (
        (SchemeParty.COMPANY, "Ruben Visser", "+31612340201", "ruben@netvast.example"),
        (SchemeParty.FOUNDATION, "Marijke van Leeuwen", "+31612340301", "marijke@continuiteit-voorbeeld.example"),
    ):
        db.session().add(
            SchemeContact(
                registration_id=registration.id,
                party=party,
                name=name,
                phone=phone,
                email=email,
                confirmed_on=days.ago(55),
            )
        )
    db.session().flush()
