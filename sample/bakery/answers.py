"""What the bakery answered to the items with fields, and what it left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from core import db
from plans.intervals import Interval
from plans.models import Answer, IntervalSetting, Waiver, WaiverState
from sample.bakery.registers import Book
from sample.days import Days

AUTHOR, OWNER = "Fatima El Amrani", "Henk Bakker"


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one item: its fields, the contact or party it names, and how many days ago."""

    item_id: str
    values: dict[str, str | int]
    ago: int = 60
    contact: str = ""
    party: str = ""


def fill(book: Book, days: Days) -> None:
    """Add the answers and the waivers."""
    for told in (*_opening(), *_runbook(), *_agreements(days), *_payments()):
        db.session().add(
            Answer(
                item_id=told.item_id,
                values=told.values,
                contact_id=_id(book.contacts, told.contact),
                party_id=_id(book.parties, told.party),
                answered_on=days.ago(told.ago),
                answered_by=AUTHOR,
            )
        )
    db.session().add_all(_waivers(days))
    db.session().add(
        IntervalSetting(
            name=Interval.CONTACT,
            days=120,
            set_by=OWNER,
            set_on=days.ago(60),
            reason="In de winkel wisselt het personeel vaak.",
        )
    )
    db.session().flush()


def _waivers(days: Days) -> tuple[Waiver, ...]:
    return (
        Waiver(
            item_id="testing.usb-drop",
            reason="De USB-poorten van alle kassa's en pc's staan dicht; NetVast IT heeft dat vastgezet.",
            state=WaiverState.APPROVED,
            author=AUTHOR,
            proposed_on=days.ago(82),
            decided_by=OWNER,
            starts_on=days.ago(80),
            until=days.ahead(260),
        ),
        Waiver(
            item_id="runbook.external-parties",
            part="facility",
            reason="Wij hebben geen facilitair bedrijf: schoonmaak en onderhoud doen we zelf.",
            state=WaiverState.APPROVED,
            author=AUTHOR,
            proposed_on=days.ago(331),
            decided_by=OWNER,
            starts_on=days.ago(330),
            until=days.ahead(24),
        ),
        Waiver(
            item_id="testing.walk-in",
            state=WaiverState.PROPOSED,
            reason="Wij hebben een winkel: iedereen loopt hier binnen, en achter de toonbank ligt niets.",
            author=AUTHOR,
            proposed_on=days.ago(3),
            starts_on=days.ago(3),
            until=days.ahead(360),
        ),
    )


def _id(ids: dict[str, UUID], name: str) -> UUID | None:
    return ids[name] if name else None


def _opening() -> Iterator[Told]:
    yield Told(
        "self-check.secured",
        {
            "verdict": "partly",
            "explanation": "De server en de kassa's zijn op orde. De telefoons van de bezorgers en de bestellijsten "
            "op papier zijn dat niet.",
        },
        41,
    )
    yield Told(
        "self-check.weakest-point",
        {
            "points": "Ligt het internet eruit, dan kunnen de winkels niet pinnen.\n"
            "Alleen Henk en Fatima weten hoe de back-up werkt."
        },
        41,
    )


def _runbook() -> Iterator[Told]:
    yield Told(
        "runbook.fallback-location",
        {
            "kind": "place",
            "place": "Kantine en oven van Bakkerij Van Os, Dorpsstraat",
            "agreement": "Over en weer afgesproken op papier, getekend door beide eigenaren op de dag van de rondgang",
            "address": "Dorpsstraat 14, achterom door de poort",
            "route": "Acht minuten met de bus van de zaak; laden en lossen aan de achterkant",
            "key": "Fatima en Henk hebben een sleutel; de code van het alarm ligt in de kluis",
            "capacity": 6,
            "wifi": "Netwerk van Van Os; het wachtwoord hangt in de kantine",
            "back": "Papieren bonnen invoeren, doorschakeling uitzetten, oven en kassa's een ochtend proefdraaien",
        },
        150,
    )
    yield Told(
        "runbook.reachability",
        {
            "forwarding": "Fatima schakelt 076 520 11 22 door bij BelGoed; de winkels naar Sannes mobiel",
            "webmail": "Via outlook.office.com op elke telefoon of pc, met tweestapsaanmelding",
            "team": "Appgroep 'De Halm nood' op ieders eigen telefoon; de nummers hangen op papier bij Henk thuis",
        },
        150,
    )
    yield Told("runbook.replacement-hardware", {"choice": "hire", "delivery_hours": 24}, 150, party="BakkerKas BV")


def _agreements(days: Days) -> Iterator[Told]:
    yield Told(
        "testing.sla",
        {"reference": "SLA-2291: reactie binnen 4 uur, ook in het weekend", "expires_on": days.ahead(131).isoformat()},
        200,
        party="NetVast IT",
    )
    yield Told(
        "staff.policy",
        {
            "text": "Gaat er iets mis of twijfelt u? Stop, laat alles aanstaan en bel Fatima (06 23456789). Krijgt u "
            "haar niet te pakken, bel dan Henk. Probeer het niet eerst zelf op te lossen. Niemand krijgt straf voor "
            "een melding.",
            "translation": "Does something go wrong, or are you in doubt? Stop, leave everything on and call Fatima "
            "(06 23456789). If you cannot reach her, call Henk. Do not try to solve it yourself first. Nobody is "
            "punished for telling.",
        },
        83,
    )
    for name in (
        "do-report-odd",
        "do-report-loss",
        "do-passwords",
        "dont-send-sensitive",
        "dont-unknown-links",
        "dont-unasked-attachments",
        "dont-insecure-devices",
        "dont-unknown-usb",
    ):
        yield Told(f"staff.{name}", {"included": "yes"}, 83)
    yield Told(
        "upkeep.review",
        {
            "covers": "Brood in beide winkels, wat er ook uitvalt. Niet de webwinkel: die herstelt NetVast IT. "
            "Voor het team, de verzekeraar en NetVast IT.",
            "reviewed_on": _day(days, 341),
            "conclusion": "Bezorging en winkel Markt toegevoegd; nummers van de verzekeraar vervangen.",
        },
        341,
    )


def _payments() -> Iterator[Told]:
    yield Told("payments.unchecked-limit", {"amount": "250.00"}, 110)
    yield Told("payments.four-eyes", {"amount": "250.00"}, 110)
    yield Told("payments.address-book", {"only_address_book": "yes", "bank_book": "yes"}, 110)
    yield Told(
        "payments.unknown-account",
        {
            "protocol": "1. Zoek de factuur en de bestelling erbij.\n2. Bel de leverancier op het nummer uit onze "
            "eigen lijst.\n3. Henk zet de rekening in het adresboek, Fatima controleert.\n4. Pas daarna betalen."
        },
        110,
    )
    yield Told(
        "payments.account-change",
        {
            "protocol": "Nooit wijzigen op een e-mail alleen. Bel de afzender op het nummer dat wij al hadden, schrijf "
            "op wie u sprak en laat een tweede persoon meekijken.",
            "calls_back": "yes",
        },
        110,
    )


def _day(days: Days, ago: int) -> str:
    return days.ago(ago).isoformat()
