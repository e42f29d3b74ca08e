"""Kabelrijk IT: a small supplier that was declared bankrupt; the foundation delivers on to its client."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.clients.changing import told_of
from continuity.models import (
    Agreement,
    AgreementKind,
    By,
    CaseStage,
    ChangeStage,
    Client,
    ClientChange,
    Counterparty,
    Part,
    Registration,
    SchemeChange,
    SchemeContact,
    SchemeParty,
    SchemeState,
    SchemeType,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from continuity.registrations.states import move, settle
from continuity.registrations.told import told_of as told_of_part
from core import db
from sample import requests
from sample.days import Days
from sample.foundation import SECRETARY
from sample.netvast.deed import TEXT, TEXT_EN, Guest, add_clients, add_deed
from sample.organisations import BANKRUPT, FOUNDATION
from sample.signed import name_parties

SERVICE = "Relatiebeheer in de cloud"
PARTNER, CONTACT = "CloudPunt BV", "Mirjam Post"
SECOND_OFFICER = "Saskia de Groot"
OWNER = BANKRUPT.people[0].name
# So many days ago it was declared bankrupt.
DECLARED = 18
GUESTS = (
    Guest("Bouwbedrijf Jacobs", "00990116", "kantoor@bouwbedrijfjacobs.example", Decimal("95.00"), 200, 1, 190,
          "Piet Jacobs", "Directeur", 188),
    Guest("Fysiotherapie De Brug", "00990120", "praktijk@fysiodebrug.example", Decimal("60.00"), 200, 1, 180,
          "Noor Willems", "Praktijkhouder", 178),
    Guest("Schildersbedrijf Kwast & Co", "00990122", "info@kwastenco.example", Decimal("45.00"), 200, 1, 150,
          "Kees de Kwast", "Eigenaar"),
)  # fmt: skip


def register(days: Days, foundation_id: int) -> UUID:
    """Add the service with all that made it stand, inside the supplier's scope, and return its id."""
    row = Registration(
        service_name=SERVICE,
        description="Licenties die wij leveren en inrichten; de maker is een ander.",
        scheme_type=SchemeType.STANDARD_SOFTWARE,
        foundation_id=foundation_id,
        scope_understood_on=days.ago(260),
        uncovered_services="Apparatuur, maatwerk en hulp op locatie.",
        monthly_cost=Decimal("80.00"),
        duration_months=3,
        supplies_licences=True,
    )
    db.session().add(row)
    db.session().flush()
    framework = _signed(row, AgreementKind.FRAMEWORK, FOUNDATION.values.name, "MO-021", days)
    framework.fee = Decimal("180.00")
    supply = _signed(row, AgreementKind.SUPPLY, PARTNER, "PO-021", days)
    supply.fee, supply.delivers_on = Decimal("80.00"), True
    db.session().add_all([framework, supply, _partner(row, days), _at_foundation(row, days)])
    told = {"supplier": BANKRUPT.values.name, "service": SERVICE, "partner": PARTNER}
    deed = add_deed(row.id, 1, TEXT.format(**told), TEXT_EN.format(**told), days.ago(210))
    add_clients(row.id, GUESTS, {1: deed}, days)
    settle(row)
    name_parties()
    return row.id


def _at_foundation(row: Registration, days: Days) -> SchemeContact:
    """Return whom its clients can call, now that nobody answers at the supplier."""
    return SchemeContact(
        registration_id=row.id,
        party=SchemeParty.FOUNDATION,
        name=SECRETARY,
        phone="+31612340301",
        email="marijke@continuiteit-voorbeeld.example",
        confirmed_on=days.ago(55),
    )


def _signed(row: Registration, kind: AgreementKind, party: str, reference: str, days: Days) -> Agreement:
    return Agreement(
        registration_id=row.id,
        kind=kind,
        party=party,
        reference=reference,
        first_signed_on=days.ago(250),
        first_signed_by=f"{OWNER}, directeur",
        second_signed_on=days.ago(248),
        second_signed_by=f"{SECRETARY}, secretaris",
        starts_on=days.ago(248),
        ends_on=days.ahead(480),
    )


def _partner(row: Registration, days: Days) -> Counterparty:
    return Counterparty(
        registration_id=row.id,
        name=PARTNER,
        contact_name=CONTACT,
        phone="+31302000991",
        email="mirjam@cloudpunt.example",
        chosen_on=days.ago(258),
        knows_on=days.ago(258),
        willing_on=days.ago(255),
        willing_by=f"{CONTACT}, directeur",
        signed_on=days.ago(248),
    )


def trigger(registration_id: UUID, days: Days) -> None:
    """Take the duty on, trigger the scheme on the proof two officers decided on, and begin to deliver.

    Inside the supplier's scope, in the name of the foundation.
    """
    row = db.session().scalars(sa.select(Registration).where(Registration.id == registration_id)).one()
    move(row, SchemeState.ACTIVE, By.FOUNDATION)
    # Written one after the other: the steps are told in the order of their moments.
    db.session().flush()
    db.session().add(_case(row, days))
    move(row, SchemeState.TRIGGERED, By.TWO_OFFICERS)
    row.declared_bankrupt_on = days.ago(DECLARED)
    db.session().flush()
    move(row, SchemeState.RUNNING, By.FOUNDATION)
    db.session().flush()
    requests.fill(row, days)
    db.session().add(_said_since(row, days))
    db.session().add_all(_changed_since(row, days))
    db.session().flush()


def _said_since(row: Registration, days: Days) -> ClientChange:
    """Return what the supplier says of its first client since: where its mail goes from now on, if it is true."""
    client = (
        db.session()
        .scalars(sa.select(Client).where(Client.registration_id == row.id, Client.name == GUESTS[0].name))
        .one()
    )
    known = told_of(client)
    return ClientChange(
        client_id=client.id,
        stage=ChangeStage.HELD,
        told_at=days.at(DECLARED - 3),
        told_by=OWNER,
        before=known,
        after={**known, "email": "jacobs@post.example", "monthly_fee": "120.00"},
    )


def _changed_since(row: Registration, days: Days) -> Iterator[SchemeChange]:
    """Yield what the supplier changed since: whom clients call, and an agreement that the foundation never signed."""
    contact = db.session().scalars(sa.select(SchemeContact).where(SchemeContact.registration_id == row.id)).one()
    added = _signed(row, AgreementKind.SUPPLY, "Hostingmaatje", "PO-022", days)
    added.archived_at = days.at(DECLARED - 1)
    db.session().add(added)
    db.session().flush()
    told = (
        (Part.CONTACT, contact.id, {"name": OWNER, "phone": "+31612340999"}, told_of_part(contact)),
        (Part.AGREEMENT, added.id, {"archived_at": None}, told_of_part(added)),
    )
    for part, part_id, said, known in told:
        yield SchemeChange(
            registration_id=row.id, part=part, part_id=part_id, stage=ChangeStage.HELD, told_at=days.at(DECLARED - 1),
            told_by=OWNER, before={name: known[name] for name in said}, after=said,
        )  # fmt: skip


def _case(row: Registration, days: Days) -> TriggerCase:
    return TriggerCase(
        registration_id=row.id,
        kind=TriggerKind.DECLARED_BANKRUPT,
        stage=CaseStage.ACTIVATED,
        happened_on=days.ago(DECLARED),
        proof=TriggerProof.INSOLVENCY_REGISTER,
        reference="Centraal Insolventieregister, voorbeeld",
        note="De curator is gebeld: hij weet van de regeling.",
        state_before=row.state,
        filed_at=days.at(DECLARED - 1),
        filed_by=SECRETARY,
        filed_by_id=None,
        approved_at=days.at(DECLARED - 1) + timedelta(hours=2),
        approved_by=SECOND_OFFICER,
        approved_by_id=None,
    )
