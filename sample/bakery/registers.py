"""The bakery's people, external parties, departments, systems and data."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core import db
from core.i18n import Language
from plans.models import (
    Contact,
    DataSet,
    Department,
    DepartmentDataSet,
    DepartmentSystem,
    ExternalParty,
    Impact,
    PartyKind,
    System,
    SystemNeed,
)
from sample.days import Days

MAIL = "bakkerijdehalm.example"
# Name, job title, department, phone, mailbox, days since it was confirmed.
STAFF = (
    ("Henk Bakker", "Eigenaar / directie", "Directie", "+31612345678", "henk", 21),
    ("Fatima El Amrani", "Administratie, AVG", "Kantoor", "+31623456789", "fatima", 21),
    ("Sanne de Wit", "Hoofd winkels", "Winkels", "+31612340567", "sanne", 21),
    ("Joost Pieters", "Bedrijfsleider Markt", "Winkels", "+31634567890", "joost", 197),
    ("Mo Yildiz", "Hoofd bezorging", "Bezorging", "+31687654321", "mo", 164),
    ("Ilse van Dam", "Hoofd bakkerij", "Bakkerij", "", "", 48),
    ("Tom Hendriks", "Banketbakker", "Bakkerij", "+31612340571", "tom", 48),
    ("Anouk Peeters", "Verkoop Ovenstraat", "Winkels", "+31612340572", "anouk", 48),
)
READ_ENGLISH = frozenset({"Anouk Peeters"})
NETVAST_MAN = "Ruben Visser"
# Kind, name, whom you ask for, phone, e-mail, customer or policy number.
PARTIES = (
    (PartyKind.IT_ADMINISTRATOR, "NetVast IT", "Storingsdienst, dag en nacht", "+31881234567",
     "storing@netvast.example", "Klant 20117, SLA-2291"),
    (PartyKind.INSURER, "Univé Zuid", "Schade zakelijk", "+318005555", "zakelijk@verzekeraar.example",
     "Polis BO-778120"),
    (PartyKind.LAWYER, "mr. A. Cohen", "Secretariaat", "+31765140080", "cohen@advocaat.example", "Dossier De Halm"),
    (PartyKind.SUPPLIER, "BakkerKas BV", "Helpdesk kassa's", "+31851305566", "help@bakkerkas.example",
     "Contract BK-2231"),
    (PartyKind.SUPPLIER, "BelGoed BV", "Technische dienst", "+31765410022", "service@belgoed.example", "Klant 4410"),
    (PartyKind.SUPPLIER, "Cijfermeester", "Klantenservice", "+31851307788", "hulp@cijfermeester.example",
     "Administratie 60312"),
)  # fmt: skip
TILLS, NETWORK, OVENS, ORDERS = "Kassa's BakkerKas", "Internet en telefonie", "Ovenbesturing", "Bestellijsten en routes"
FILES, OFFICE, BOOKS, SHOP = "Bestanden op HALM-SRV1", "Microsoft 365", "Boekhouden online", "Webwinkel De Halm"
# What NetVast calls the web shop in its scheme.
HOSTING = "Hosting van websites en mail"
# Name, supplier, back within hours, work that may be lost in hours, days in use; in order of recovery.
SYSTEMS = (
    (TILLS, "BakkerKas BV", 4, 24, 2080),
    (NETWORK, "BelGoed BV", 4, None, 1500),
    (OVENS, None, 8, None, 2600),
    (ORDERS, "NetVast IT", 12, 12, 900),
    (FILES, "NetVast IT", 24, 24, 1130),
    (OFFICE, "NetVast IT", 24, 4, 1130),
    (BOOKS, "Cijfermeester", 72, 24, 1600),
    (SHOP, "NetVast IT", None, 24, 26),
)
# A system and the systems it needs. The order lists must be back before the files they are made of.
NEEDS = (
    (TILLS, (NETWORK,)),
    (ORDERS, (FILES, NETWORK)),
    (OFFICE, (NETWORK,)),
    (BOOKS, (NETWORK,)),
    (SHOP, (ORDERS, NETWORK)),
)
RECIPES, CUSTOMERS, PERSONNEL, LEDGER, DAY_ORDERS = (
    "Receptenboek", "Klant- en bezorggegevens", "Personeelsdossiers", "Kassa-omzet en boekhouding", "Bestellingen",
)  # fmt: skip
# Name, attractive to others, holds personal data, how it is protected.
DATA_SETS = (
    (RECIPES, True, False, "Alleen Henk en Ilse kunnen erbij; de map op HALM-SRV1 is versleuteld."),
    (CUSTOMERS, True, True, ""),
    (PERSONNEL, False, True, "Afgesloten map op HALM-SRV1, alleen voor Henk en Fatima; inzage wordt vastgelegd."),
    (LEDGER, False, False, "Boekhouden online met tweestapsaanmelding; de kassa's sturen elke nacht hun omzet door."),
    (DAY_ORDERS, False, True, "Na acht weken gewist; de bezorgers zien alleen de route van vandaag."),
)  # fmt: skip
# How bad an outage is for 4 hours, a day, 3 days, a week, longer; the office has not told it for longer yet.
IMPACTS: dict[str, tuple[Impact | None, ...]] = {
    "Directie": (Impact.NONE, Impact.ANNOYING, Impact.SERIOUS, Impact.SEVERE, Impact.SEVERE),
    "Kantoor": (Impact.ANNOYING, Impact.SERIOUS, Impact.SEVERE, Impact.SEVERE, None),
    "Winkels": (Impact.SERIOUS, Impact.SEVERE, Impact.SEVERE, Impact.RUINOUS, Impact.RUINOUS),
    "Bezorging": (Impact.SERIOUS, Impact.SERIOUS, Impact.SEVERE, Impact.SEVERE, Impact.RUINOUS),
    "Bakkerij": (Impact.SERIOUS, Impact.SERIOUS, Impact.SEVERE, Impact.RUINOUS, Impact.RUINOUS),
}
IMPACT_COLUMNS = ("impact_4_hours", "impact_day", "impact_3_days", "impact_week", "impact_longer")
# Name, head, deputy, systems, data sets.
DEPARTMENTS = (
    ("Directie", "Henk Bakker", "Fatima El Amrani", (FILES, OFFICE, BOOKS), (LEDGER, PERSONNEL)),
    ("Kantoor", "Fatima El Amrani", "Henk Bakker", (FILES, OFFICE, BOOKS, NETWORK), (LEDGER, PERSONNEL, CUSTOMERS)),
    ("Winkels", "Sanne de Wit", "Joost Pieters", (TILLS, NETWORK, SHOP), (CUSTOMERS, DAY_ORDERS)),
    ("Bezorging", "Mo Yildiz", None, (ORDERS, NETWORK), (CUSTOMERS, DAY_ORDERS)),
    ("Bakkerij", "Ilse van Dam", "Tom Hendriks", (OVENS, ORDERS), (RECIPES, DAY_ORDERS)),
)


@dataclass(frozen=True, slots=True)
class Book:
    """The ids of the rows others refer to, by name."""

    contacts: dict[str, UUID]
    staff: tuple[str, ...]
    parties: dict[str, UUID]
    systems: dict[str, UUID]


def fill(days: Days) -> Book:
    """Add the registers of people and processes; return where everybody and everything is."""
    contacts = _contacts(days)
    parties = _named(
        ExternalParty(kind=kind, name=name, contact_name=ask_for, phone=phone, email=email, reference=reference,
                      report_within_hours=48 if kind is PartyKind.INSURER else None, confirmed_on=days.ago(21))
        for kind, name, ask_for, phone, email, reference in PARTIES
    )  # fmt: skip
    systems = _named(
        System(name=name, recovery_priority=priority, rto_hours=rto, rpo_hours=rpo,
               supplier_id=parties[supplier] if supplier else None, in_use_on=days.ago(age),
               scheme_service=HOSTING if name == SHOP else "")
        for priority, (name, supplier, rto, rpo, age) in enumerate(SYSTEMS, 1)
    )  # fmt: skip
    data_sets = _named(
        DataSet(name=name, attractive=attractive, personal=personal, protection=protection)
        for name, attractive, personal, protection in DATA_SETS
    )
    departments = _named(
        Department(
            name=name,
            head_id=contacts[head],
            deputy_id=contacts[deputy] if deputy else None,
            **dict(zip(IMPACT_COLUMNS, IMPACTS[name], strict=True)),
        )
        for name, head, deputy, _, _ in DEPARTMENTS
    )
    for name, _, _, used, needed in DEPARTMENTS:
        one = departments[name]
        db.session().add_all(DepartmentSystem(department_id=one, system_id=systems[each]) for each in used)
        db.session().add_all(DepartmentDataSet(department_id=one, data_set_id=data_sets[each]) for each in needed)
    db.session().add_all(
        SystemNeed(system_id=systems[name], needed_system_id=systems[each]) for name, wanted in NEEDS for each in wanted
    )
    db.session().add_all(
        SystemNeed(system_id=systems[name], party_id=parties[each]) for name, each in ((NETWORK, "BelGoed BV"),)
    )
    db.session().add(SystemNeed(system_id=systems[ORDERS], data_set_id=data_sets[DAY_ORDERS]))
    db.session().flush()
    return Book(contacts, tuple(person[0] for person in STAFF), parties, systems)


def _contacts(days: Days) -> dict[str, UUID]:
    staff = [
        Contact(name=name, job_title=job_title, department=department, phone=phone,
                email=f"{mailbox}@{MAIL}" if mailbox else "", is_staff=True, confirmed_on=days.ago(age),
                language=Language.ENGLISH if name in READ_ENGLISH else None)
        for name, job_title, department, phone, mailbox, age in STAFF
    ]  # fmt: skip
    administrator = Contact(
        name=NETVAST_MAN,
        job_title="IT-beheerder (NetVast IT)",
        phone="+31612340201",
        phone_2="+31881234567",
        email="ruben@netvast.example",
        is_staff=False,
        confirmed_on=days.ago(21),
    )
    return _named([*staff, administrator])


def _named(rows: Iterable[Contact | ExternalParty | System | DataSet | Department]) -> dict[str, UUID]:
    """Add rows and return their ids by name."""
    added = list(rows)
    db.session().add_all(added)
    db.session().flush()
    return {row.name: row.id for row in added}
