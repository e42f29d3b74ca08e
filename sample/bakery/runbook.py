"""Who does what when it goes wrong at the bakery, and in which order the systems come back."""

import sqlalchemy as sa

from core import db
from core.i18n import Language
from plans.models import ActivationSign, Assignment, Audience, Contact, RecoveryStep, RecoveryStepNeed
from plans.runbook.asking import fingerprint, seat_label
from plans.seats import AUTHORITIES, HOLDER, TEAM_ITEM, WARNINGS
from sample.bakery.registers import BOOKS, FILES, NETVAST_MAN, NETWORK, OFFICE, ORDERS, OVENS, TILLS, Book
from sample.days import Days
from tenants import links
from tenants.models import LinkPurpose, PlanLink, Topic
from tenants.scope import current_scope

# Item, seat, who, deputy.
SEATS = (
    ("processes.personal-data", HOLDER, "Fatima El Amrani", None),
    ("runbook.first-contact", HOLDER, "Fatima El Amrani", "Henk Bakker"),
    ("runbook.external-voice", HOLDER, "Henk Bakker", None),
    ("runbook.informing", "staff", "Sanne de Wit", None),
    ("runbook.informing", "customers", "Sanne de Wit", "Joost Pieters"),
    ("runbook.informing", AUTHORITIES, "Fatima El Amrani", None),
    ("runbook.activation", HOLDER, "Henk Bakker", "Fatima El Amrani"),
    ("runbook.internal-officers", "officer-1", "Joost Pieters", None),
    ("runbook.internal-officers", "officer-2", "Mo Yildiz", None),
    ("upkeep.responsible", HOLDER, "Fatima El Amrani", None),
    ("upkeep.responsible", WARNINGS, NETVAST_MAN, "Fatima El Amrani"),
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
# Seat whose task was asked about by mail, and days since; nobody answered yet.
ASKED = ("department-head", 18)
# What is done, which system it brings back, minutes, who does it, after which steps.
STEPS = (
    ("Bel de storingsdienst van NetVast IT en meld SLA-2291. Noteer het meldnummer in het logboek.", None, 15,
     "Fatima El Amrani", ()),
    ("Zet de kassa's op de noodstand (knop linksonder) en herstel daarna de kassadatabase.", TILLS, 90, NETVAST_MAN,
     (1,)),
    ("Zet de router op mobiel internet; schakel de telefoon door naar Sanne.", NETWORK, 30, "Sanne de Wit", (1,)),
    ("Start de ovens met de hand volgens het rode boekje en zet daarna de besturing terug.", OVENS, 60,
     "Joost Pieters", ()),
    ("Haal de bestellijst van gisteren uit de back-up; Mo belt vaste afnemers.", ORDERS, 45, "Mo Yildiz", (3,)),
    ("Zet de bestanden van HALM-SRV1 terug vanaf de blauwe USB-schijf.", FILES, 240, NETVAST_MAN, (3,)),
    ("Laat iedereen een nieuw wachtwoord kiezen en weer aanmelden bij Microsoft 365.", OFFICE, 60, None, (3,)),
    ("Meld u aan bij Boekhouden online en vergelijk de laatste boekingen met de bank.", BOOKS, None,
     "Fatima El Amrani", (7,)),
)  # fmt: skip
SIGNS = (
    "Alle kassa's van een winkel staan langer dan een half uur stil.",
    "Een scherm vraagt om geld, of bestanden openen niet meer.",
    "De ovens zijn niet te besturen op een werkdag voor zes uur 's ochtends.",
    "De bakkerij mag niet worden betreden: brand, water of geen stroom.",
)
OVER = (
    "Beide kassa's, de ovens en de bestellijst werken een hele ochtend zonder hulp.",
    "De papieren bonnen en bestellingen zijn ingevoerd en vergeleken met de kas.",
    "De telefoon komt weer gewoon binnen; het doorschakelen naar Sanne is uitgezet.",
)
# Who is informed, by whom, how, and within how many hours as was agreed.
AUDIENCES = (
    ("Vaste afnemers (horeca)", "Mo Yildiz", "Bellen voor 5 uur 's ochtends; de lijst hangt in de expeditie.", 24),
    ("Leverancier van meel", "Joost Pieters", "Bellen: levering uitstellen of omleiden naar Van Os.", None),
)


def fill(book: Book, days: Days) -> None:
    """Add the seats, the tasks of the team, the signs, the audiences and the recovery steps."""
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
    db.session().flush()
    _ask(days)
    _recovery(book)
    signs = [*((text, False) for text in SIGNS), *((text, True) for text in OVER)]
    db.session().add_all(
        ActivationSign(position=number, text=text, ends=ends) for number, (text, ends) in enumerate(signs, 1)
    )
    db.session().add_all(
        Audience(name=name, contact_id=book.contacts[who], how=how, report_within_hours=hours)
        for name, who, how, hours in AUDIENCES
    )
    db.session().flush()


def _recovery(book: Book) -> None:
    rows = [
        RecoveryStep(
            position=position,
            text=text,
            system_id=book.systems[system] if system else None,
            minutes=minutes,
            contact_id=book.contacts[who] if who else None,
        )
        for position, (text, system, minutes, who, _after) in enumerate(STEPS, 1)
    ]
    db.session().add_all(rows)
    db.session().flush()
    for row, (*_rest, after) in zip(rows, STEPS, strict=True):
        db.session().add_all(RecoveryStepNeed(step_id=row.id, needed_id=rows[number - 1].id) for number in after)


def _ask(days: Days) -> None:
    """Have a link out by which somebody says that they know their task. Nobody was mailed, so nobody has it."""
    seat, ago = ASKED
    row = db.session().scalars(sa.select(Assignment).where(Assignment.seat == seat)).one()
    person = db.session().scalars(sa.select(Contact).where(Contact.id == row.contact_id)).one()
    link = PlanLink(
        topic=Topic.TASK,
        subject_id=person.id,
        fingerprint=fingerprint([row]),
        label=str(seat_label(seat)),
        name=person.name,
        email=person.email,
        language=Language.DUTCH,
        sent_by="Fatima El Amrani",
        sent_at=days.at(ago),
        answered_at=None,
        revoked_at=None,
    )
    db.session().add(link)
    db.session().flush()
    tenant_id = current_scope().only_tenant
    links.make(LinkPurpose.PLAN, about=link.id, email="", organisation_id=tenant_id, at=days.at(ago))
