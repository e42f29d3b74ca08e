"""Who does what when it goes wrong at the bakery, and in which order the systems come back."""

from core import db
from plans.fields import HOLDER, TEAM_ITEM
from plans.models import Assignment, RecoveryStep
from sample.bakery.registers import BOOKS, FILES, NETVAST_MAN, NETWORK, OFFICE, ORDERS, OVENS, TILLS, Book
from sample.days import Days

# Item, seat, who, deputy.
SEATS = (
    ("processes.personal-data", HOLDER, "Fatima El Amrani", None),
    ("runbook.first-contact", HOLDER, "Fatima El Amrani", "Henk Bakker"),
    ("runbook.external-voice", HOLDER, "Henk Bakker", None),
    ("runbook.informing", "staff", "Sanne de Wit", None),
    ("runbook.informing", "customers", "Sanne de Wit", "Joost Pieters"),
    ("runbook.activation", HOLDER, "Henk Bakker", "Fatima El Amrani"),
    ("runbook.internal-officers", "officer-1", "Joost Pieters", None),
    ("runbook.internal-officers", "officer-2", "Mo Yildiz", None),
    ("upkeep.responsible", HOLDER, "Fatima El Amrani", None),
)
# Seat, who, task, days since it changed, days since it was acknowledged.
TEAM = (
    (
        "it-administrator",
        NETVAST_MAN,
        "Stelt vast wat er is uitgevallen, stopt verdere schade en zet de back-up terug.",
        150,
        144,
    ),
    (
        "gdpr-officer",
        "Fatima El Amrani",
        "Beoordeelt of er een datalek is, meldt dat binnen 72 uur bij de toezichthouder en houdt het logboek bij.",
        150,
        149,
    ),
    (
        "department-head",
        "Sanne de Wit",
        "Houdt de winkels open: pinnen op mobiel internet, bonnen op papier, bestellingen uit de webwinkel.",
        19,
        140,
    ),
    ("management", "Henk Bakker", "Besluit, betaalt en spreekt met verzekeraar, bank en pers.", 150, 149),
)
STEPS = (
    ("Bel de storingsdienst van NetVast IT en meld SLA-2291. Noteer het meldnummer in het logboek.", None),
    ("Zet de kassa's op de noodstand (knop linksonder) en herstel daarna de kassadatabase.", TILLS),
    ("Zet de router op mobiel internet; schakel de telefoon door naar Sanne.", NETWORK),
    ("Start de ovens met de hand volgens het rode boekje en zet daarna de besturing terug.", OVENS),
    ("Haal de bestellijst van gisteren uit de back-up; Mo belt vaste afnemers.", ORDERS),
    ("Zet de bestanden van HALM-SRV1 terug vanaf de blauwe USB-schijf.", FILES),
    ("Laat iedereen een nieuw wachtwoord kiezen en weer aanmelden bij Microsoft 365.", OFFICE),
    ("Meld u aan bij Boekhouden online en vergelijk de laatste boekingen met de bank.", BOOKS),
)


def fill(book: Book, days: Days) -> None:
    """Add the seats, the tasks of the team and the recovery steps."""
    for item_id, seat, who, deputy in SEATS:
        db.session().add(
            Assignment(
                item_id=item_id,
                seat=seat,
                contact_id=book.contacts[who],
                deputy_id=book.contacts[deputy] if deputy else None,
            )
        )
    for seat, who, task, changed, known in TEAM:
        db.session().add(
            Assignment(
                item_id=TEAM_ITEM,
                seat=seat,
                contact_id=book.contacts[who],
                task=task,
                task_changed_on=days.ago(changed),
                acknowledged_on=days.ago(known),
            )
        )
    for position, (text, system) in enumerate(STEPS, 1):
        db.session().add(RecoveryStep(position=position, text=text, system_id=book.systems[system] if system else None))
    db.session().flush()
