"""Texts for the fields of the handbook's items, and which of them an organisation has filled in."""

from typing import Any

from plans.fields import ITEM_FIELDS, Field, FieldKind
from plans.models import Answer
from sample.believable.book import Book
from sample.believable.dice import Dice

PROTOCOL = (
    "Bel de leverancier op een nummer uit de eigen lijst en laat een collega meekijken. Betaal daarna pas.",
    "Factuur en bestelling erbij zoeken, nabellen, tweede handtekening van de directie.",
)
TEXTS: dict[str, tuple[str, ...]] = {
    "explanation": ("De server is op orde, de laptops nog niet allemaal.", "Vorig jaar doorgelicht door een adviseur."),
    "points": (
        "Eén persoon weet hoe alles werkt.",
        "De laptops van de buitendienst.",
        "Oude werkplekken in het magazijn.",
    ),
    "location": ("Kluis bij de directeur thuis", "Bankkluis", "Kluis in de tweede vestiging"),
    "copy": ("USB-schijf die elke week wisselt", "Tape in de kluis"),
    "how": ("Directeur bellen, hij woont vlakbij", "Sleutel bij de beveiliging, nummer in het draaiboek"),
    "method": ("AES-256 in het back-upprogramma", "Versleutelde schijf"),
    "key_place": ("Wachtwoordkluis van de directie", "Verzegelde envelop bij de notaris"),
    "place": (
        "Vergaderzaal van de buren",
        "Vestiging van een collega-bedrijf",
        "Virtuele werkplekken bij de IT-beheerder",
    ),
    "agreement": ("Schriftelijk afgesproken, elk jaar bekeken", "Brief van beide directeuren in de map"),
    "address": ("Industrieweg 12, eerste etage", "Kerkstraat 3, achterom"),
    "route": ("Tien minuten met de auto, parkeren op het terrein", "Lopend vanaf het station, vijf minuten"),
    "key": ("Sleutel bij de buren, code bij de directie", "Beide directeuren hebben een sleutel"),
    "wifi": ("Gastnetwerk, het wachtwoord hangt in de gang", "Eigen mobiele router in de koffer"),
    "forwarding": ("In het portaal van de telefonie, door de receptie", "Automatisch na drie keer overgaan"),
    "webmail": ("Via de webmail, met tweestapsaanmelding", "Op elke telefoon ingesteld"),
    "team": ("Groep in een app met versleuteling, op ieders eigen telefoon; de nummers staan ook op papier.",),
    "back": ("Invoeren wat op papier is bijgehouden, doorschakeling uitzetten en alles één keer proberen.",),
    "covers": ("Alles op kantoor en in de vestigingen. Voor het team, de verzekeraar en de controleur.",),
    "text": ("Stop, laat alles aanstaan en bel direct de administratie. Probeer het niet zelf op te lossen.",),
    "translation": ("Stop, leave everything on and call the office at once.",),
    "may_delete": ("Alleen onze IT-beheerder, met een code.", "De leverancier, na terugbellen."),
    "own_translation": ("",),
    "own_text": ("",),
    "reference": ("SLA met reactie binnen vier uur", "Onderhoudscontract, bijlage 2"),
    "protocol": PROTOCOL,
    "conclusion": ("Nummers bijgewerkt, één systeem toegevoegd.", "Geen wijzigingen nodig.", "Taken anders verdeeld."),
}
AMOUNTS = ("100.00", "250.00", "500.00", "1000.00")
# The field's day lies so many days ago, at most; every other day of an answer at most SEEN.
SEEN, OLDEST = 110, {"reviewed_on": 420}
FIRST_CHOICE = 0.9
NUMBERS = {"capacity": (4, 6, 10), "delivery_hours": (8, 24, 48)}


def add_answers(book: Book, dice: Dice, completeness: float) -> None:
    """Answer about this part of the items that are answered by a form."""
    for item_id, fields in ITEM_FIELDS.items():
        if not dice.chance(completeness):
            continue
        kinds = {field.kind for field in fields}
        book.add(
            Answer,
            {
                "item_id": item_id,
                "values": {field.name: value for field in fields if (value := _value(field, book, dice)) is not None},
                "contact_id": dice.pick(book.contacts) if FieldKind.CONTACT in kinds else None,
                "party_id": dice.pick(book.parties) if FieldKind.PARTY in kinds and book.parties else None,
                "answered_on": dice.ago(5, 400),
                "answered_by": book.author,
            },
        )


def _value(field: Field, book: Book, dice: Dice) -> Any:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return dice.pick(TEXTS[field.name])
        case FieldKind.CHOICE:
            usual = field.choices[0] if dice.chance(FIRST_CHOICE) else dice.pick(field.choices)
            return usual.value
        case FieldKind.DAY if field.name == "expires_on":
            return dice.ago(-500, 20).isoformat()
        case FieldKind.DAY:
            return dice.ago(0, OLDEST.get(field.name, SEEN)).isoformat()
        case FieldKind.AMOUNT:
            return dice.pick(AMOUNTS)
        case FieldKind.NUMBER if field.name in NUMBERS:
            return dice.pick(NUMBERS[field.name])
        case FieldKind.NUMBER:
            return max(book.versions, 1)
        case _:
            return None
