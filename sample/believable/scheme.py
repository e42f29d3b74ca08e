"""The services that a believable IT supplier registered with a foundation."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from continuity.deed.services import deed_digest
from continuity.handovers.proposals import LONGEST_AGE, for_type
from continuity.models import (
    Acceptance,
    Agreement,
    AgreementKind,
    Client,
    Counterparty,
    DeedVersion,
    DeliveryWay,
    HandoverDelivery,
    HandoverItem,
    HandoverKind,
    Registration,
    SchemeContact,
    SchemeParty,
    SchemeState,
    SchemeType,
)
from core.i18n import Language
from sample.believable import words
from sample.believable.book import Book
from sample.believable.dice import Dice
from sample.believable.registers import mobile

SERVICES = {
    SchemeType.HOSTING: "Hosting van websites",
    SchemeType.SERVER_MANAGEMENT: "Serverbeheer",
    SchemeType.STANDARD_SOFTWARE: "Microsoft 365-licenties",
}
DEED = "Wordt de leverancier failliet verklaard, dan mag de klant de stichting drie maanden om de dienst vragen."
DEED_EN = "If the supplier is declared bankrupt, the client may ask the foundation for the service for three months."
CONDITIONS = ["De klant heeft een lopende overeenkomst.", "De vergoedingen zijn betaald."]
CONDITIONS_EN = ["The client has an agreement that runs.", "The fees are paid."]
SHA256 = deed_digest(DEED, CONDITIONS, DEED_EN, CONDITIONS_EN)


def add_scheme(book: Book, dice: Dice, completeness: float, foundation_id: int | None) -> None:
    """Register one or two services. foundation_id: with which foundation, None when there is none yet."""
    for scheme_type in dice.some(list(SchemeType), 1, 2):
        registration = dice.id()
        signed = _contracts(book, dice, registration, completeness)
        state = _clients(book, dice, registration, completeness, signed)
        book.add(
            Registration,
            {
                "id": registration,
                "state": SchemeState.SUSPENDED if state is SchemeState.ACTIVE and dice.chance(0.1) else state,
                "service_name": SERVICES[scheme_type],
                "scheme_type": scheme_type,
                "foundation_id": foundation_id,
                "scope_understood_on": dice.ago(20, 300) if dice.chance(completeness) else None,
                "uncovered_services": "Werkplekken, telefonie en advies." if dice.chance(completeness) else "",
                "monthly_cost": Decimal(dice.number(200, 900)) if dice.chance(completeness) else None,
                "duration_months": 3,
            },
        )
        _handovers(book, dice, registration, scheme_type, completeness)


def _contracts(book: Book, dice: Dice, registration: UUID, completeness: float) -> SchemeState:
    """Add the agreements and the counterparty; return how far they bring the scheme."""
    partner = f"Datahuis {dice.pick(words.TOWNS)} BV"
    signed = _agreements(book, dice, registration, completeness, partner)
    supplied = AgreementKind.SUPPLY in signed
    willing = dice.chance(completeness)
    if willing:
        _counterparty(book, dice, registration, partner, supplied=supplied)
    for party_kind in SchemeParty:
        if dice.chance(completeness):
            person = f"{dice.pick(words.FIRST_NAMES)} {dice.pick(words.FAMILIES)}"
            contact = {"name": person, "phone": mobile(dice), "email": f"contact@{book.domain}"}
            row = {"registration_id": registration, "party": party_kind, "confirmed_on": dice.ago(0, 200), **contact}
            book.add(SchemeContact, row)
    if AgreementKind.FRAMEWORK not in signed:
        return SchemeState.DRAFT
    if not willing:
        return SchemeState.SUPPLIER_SIGNED
    return SchemeState.COUNTERPARTY_SIGNED if supplied else SchemeState.COUNTERPARTY_WILLING


def _agreements(
    book: Book, dice: Dice, registration: UUID, completeness: float, partner: str
) -> frozenset[AgreementKind]:
    """Add the agreements; return which of them both sides signed."""
    signed: set[AgreementKind] = set()
    for kind, party in ((AgreementKind.FRAMEWORK, "De stichting"), (AgreementKind.SUPPLY, partner)):
        if not dice.chance(completeness):
            continue
        signed_on = dice.ago(30, 400)
        both = dice.chance(0.8)
        signed |= {kind} if both else set()
        book.add(
            Agreement,
            {
                "registration_id": registration,
                "kind": kind,
                "party": party,
                "reference": f"OV-{dice.digits(4)}",
                "first_signed_on": signed_on,
                "second_signed_on": signed_on if both else None,
                "starts_on": signed_on,
                "ends_on": dice.ago(-700, 10),
                "fee": Decimal(dice.number(200, 900)),
                "delivers_on": kind is AgreementKind.SUPPLY and dice.chance(0.9),
            },
        )
    return frozenset(signed)


def _counterparty(book: Book, dice: Dice, registration: UUID, partner: str, *, supplied: bool) -> None:
    person = f"{dice.pick(words.FIRST_NAMES)} {dice.pick(words.FAMILIES)}"
    row = {
        "registration_id": registration,
        "name": partner,
        "contact_name": person,
        "phone": mobile(dice),
        "chosen_on": dice.ago(10, 400),
        "knows_on": dice.ago(10, 400),
        "willing_on": dice.ago(0, 400),
        "willing_by": person,
        "signed_on": dice.ago(0, 30) if supplied else None,
    }
    book.add(Counterparty, row)


def _clients(book: Book, dice: Dice, registration: UUID, completeness: float, signed: SchemeState) -> SchemeState:
    """Add the deed and the clients; return how far they bring a scheme that is `signed`."""
    published_on = dice.ago(40, 300)
    published = dice.chance(completeness)
    deed = book.add(
        DeedVersion,
        {
            "registration_id": registration,
            "number": 1,
            "text": DEED,
            "text_en": DEED_EN,
            "conditions": CONDITIONS,
            "conditions_en": CONDITIONS_EN,
            "published_on": published_on if published else None,
            "sha256": SHA256 if published else "",
        },
    )
    relied_on = False
    for _ in range(dice.number(3, 8)):
        client = _client(book, dice, registration, published_on if published else None)
        if published and dice.chance(completeness):
            relied_on = True
            _acceptance(book, dice, client, deed)
    if not published or signed is not SchemeState.COUNTERPARTY_SIGNED:
        return signed
    return SchemeState.ACTIVE if relied_on else SchemeState.OFFERED


def _client(book: Book, dice: Dice, registration: UUID, invited_on: date | None) -> UUID:
    return book.add(
        Client,
        {
            "registration_id": registration,
            "name": f"{dice.pick(words.TRADES)} {dice.pick(words.FAMILIES)}",
            "kvk": f"00{dice.digits(6)}",
            "monthly_fee": Decimal(dice.number(40, 260)),
            "invited_on": invited_on,
        },
    )


def _acceptance(book: Book, dice: Dice, client: UUID, deed: UUID) -> None:
    accepted = {
        "accepted_on": dice.ago(0, 40),
        "accepted_by": dice.pick(words.FIRST_NAMES),
        "accepted_as": "Eigenaar",
    }
    met_on = dice.ago(0, 40) if dice.chance(0.8) else None
    book.add(Acceptance, {"client_id": client, "deed_version_id": deed, "conditions_met_on": met_on, **accepted})


def _handovers(book: Book, dice: Dice, registration: UUID, scheme_type: SchemeType, completeness: float) -> None:
    for proposal in for_type(scheme_type):
        longest = LONGEST_AGE[proposal.kind]
        item = book.add(
            HandoverItem,
            {
                "registration_id": registration,
                "kind": proposal.kind,
                "label": proposal.label_in(Language.DUTCH),
                "required": proposal.required,
                "max_age_days": longest,
                "secret": proposal.kind is not HandoverKind.DOCUMENT,
                "changed_on": dice.ago(0, 20) if dice.chance(0.05) else None,
            },
        )
        if dice.chance(completeness):
            delivered = dice.number(2, longest + 10)
            confirmed = dice.chance(0.85)
            book.add(
                HandoverDelivery,
                {
                    "handover_item_id": item,
                    "number": 1,
                    "delivered_on": dice.days.ago(delivered),
                    "recorded_at": dice.days.at(delivered),
                    "delivered_by": book.author,
                    "way": DeliveryWay.OUTSIDE,
                    "specification": "Volledige en laatste versie, met inhoudsopgave.",
                    "confirmed_on": dice.days.ago(delivered - 1) if confirmed else None,
                    "confirmed_by": "De stichting" if confirmed else "",
                },
            )
