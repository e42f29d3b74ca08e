"""The registers of people and processes, as data."""

from typing import Any

from flask_babel import lazy_gettext as _l

from core.i18n import Language
from plans.models import Contact, DataSet, Department, ExternalParty, Impact, PartyKind, System
from plans.registers.shape import Choice, Column, Group, Key, Kind, Register

NOTE = Column("note", Kind.LONG_TEXT, _l("Note"), limit=2000)
PHONE_HINT = _l("With the area code, for example 06 12345678 or +32 2 123 45 67.")
CONFIRMED_ON = Column(
    "confirmed_on",
    Kind.DAY,
    _l("Confirmed on"),
    needed=True,
    hint=_l("The day on which somebody last checked that this is right."),
)

PARTY_KINDS = (
    Choice(
        PartyKind.IT_ADMINISTRATOR,
        _l("IT administrator"),
        (
            "it-beheerder",
            "it beheerder",
            "ict-beheerder",
            "ict beheerder",
            "systeembeheerder",
            "it-beheer",
            "it administrator",
        ),
    ),
    Choice(
        PartyKind.INSURER,
        _l("Insurer"),
        ("verzekeraar", "verzekering", "verzekeringsmaatschappij", "assuradeur", "insurance"),
    ),
    Choice(
        PartyKind.FACILITY,
        _l("Facility company"),
        ("facilitair", "facilitair bedrijf", "facilitaire dienst", "schoonmaak", "beveiliging", "facility company"),
    ),
    Choice(PartyKind.LAWYER, _l("Lawyer"), ("advocaat", "jurist", "advocatenkantoor", "juridisch", "attorney")),
    Choice(PartyKind.SUPPLIER, _l("Supplier"), ("leverancier", "toeleverancier", "vendor")),
    Choice(PartyKind.OTHER, _l("Other"), ("overig", "anders", "overige")),
)

LANGUAGES = (
    Choice(Language.DUTCH, _l("Dutch"), ("nederlands", "nl", "dutch", "ned")),
    Choice(Language.ENGLISH, _l("English"), ("engels", "en", "english", "eng")),
)

CONTACTS = Register(
    slug="contacts",
    group=Group.PEOPLE,
    model=Contact,
    title=_l("Contacts"),
    add_label=_l("Add a contact"),
    purpose=_l("Everybody you must be able to reach when something goes wrong, with a number that works at night."),
    example=_l("For example: Anna de Boer, office manager, 06 12345678."),
    columns=(
        Column("name", Kind.TEXT, _l("Name"), required=True),
        Column("job_title", Kind.TEXT, _l("Job title")),
        Column("department", Kind.TEXT, _l("Department")),
        Column("phone", Kind.PHONE, _l("Telephone"), needed=True, limit=40, hint=PHONE_HINT),
        Column("phone_2", Kind.PHONE, _l("Second telephone"), limit=40),
        Column("email", Kind.EMAIL, _l("E-mail address"), limit=254),
        Column("is_staff", Kind.YES_NO, _l("Works here"), default=True),
        Column(
            "language",
            Kind.CHOICE,
            _l("Language"),
            choices=LANGUAGES,
            hint=_l("In which this person reads mails and the staff instruction. Empty: as the organisation does."),
        ),
        CONFIRMED_ON,
        NOTE,
    ),
    listed=("name", "job_title", "department", "phone", "email", "confirmed_on"),
    keys=(Key(("name", "email")), Key(("name", "phone")), Key(("name",), weak=True)),
    items=("upkeep.contacts",),
)
PARTIES = Register(
    slug="parties",
    group=Group.PEOPLE,
    model=ExternalParty,
    title=_l("External parties"),
    add_label=_l("Add an external party"),
    purpose=_l("The companies you call in when something goes wrong, with the number of their emergency desk."),
    example=_l("For example: your insurer, with the policy number and the number for reporting damage."),
    columns=(
        Column("kind", Kind.CHOICE, _l("Kind"), required=True, needed=True, choices=PARTY_KINDS),
        Column("name", Kind.TEXT, _l("Name"), required=True),
        Column("contact_name", Kind.TEXT, _l("Whom you ask for")),
        Column("phone", Kind.PHONE, _l("Telephone"), needed=True, limit=40, hint=PHONE_HINT),
        Column("email", Kind.EMAIL, _l("E-mail address"), limit=254),
        Column("reference", Kind.TEXT, _l("Your customer or policy number")),
        Column(
            "report_within_hours",
            Kind.NUMBER,
            _l("To be told within (hours)"),
            low=1,
            high=8760,
            hours=True,
            hint=_l(
                "For an insurer: your policy says how soon you must report damage. For example 24, 24 hours or 2 days. "
                "In a calamity we propose this."
            ),
        ),
        Column("kvk", Kind.KVK, _l("KvK number"), limit=8),
        Column("vat", Kind.VAT, _l("VAT number"), limit=20),
        Column("iban", Kind.IBAN, _l("IBAN"), limit=50),
        CONFIRMED_ON,
        NOTE,
    ),
    listed=("name", "kind", "contact_name", "phone", "email", "confirmed_on"),
    keys=(Key(("name", "kind")),),
    items=("runbook.external-parties", "runbook.external-phones"),
)
# What an outage does to a department. The five questions (plans/processes/impact.py) fill in the same columns.
IMPACTS = (
    Choice(Impact.NONE, _l("Nobody notices"), ("geen", "niets", "niemand merkt het", "none", "0")),
    Choice(Impact.ANNOYING, _l("Annoying"), ("hinderlijk", "lastig", "licht", "annoying", "low", "1")),
    Choice(Impact.SERIOUS, _l("Serious"), ("vervelend", "merkbaar", "matig", "serious", "medium", "2")),
    Choice(Impact.SEVERE, _l("Severe"), ("ernstig", "hoog", "severe", "high", "3")),
    Choice(Impact.RUINOUS, _l("Ruinous"), ("fataal", "rampzalig", "kritiek", "ruinous", "critical", "4")),
)


def _impact(name: str, label: Any) -> Column:
    return Column(name, Kind.CHOICE, label, choices=IMPACTS)


DEPARTMENTS = Register(
    slug="departments",
    group=Group.PEOPLE,
    model=Department,
    title=_l("Departments"),
    add_label=_l("Add a department"),
    purpose=_l("The parts of your organisation, and who leads each of them."),
    example=_l("For example: Sales, led by Anna de Boer; Karim Bos takes over when she is away."),
    columns=(
        Column("name", Kind.TEXT, _l("Name"), required=True),
        Column("head_id", Kind.CONTACT, _l("Head"), needed=True),
        Column("deputy_id", Kind.CONTACT, _l("Deputy"), needed=True),
        _impact("impact_4_hours", _l("Outage of 4 hours")),
        _impact("impact_day", _l("Outage of a day")),
        _impact("impact_3_days", _l("Outage of 3 days")),
        _impact("impact_week", _l("Outage of a week")),
        _impact("impact_longer", _l("Longer outage")),
    ),
    listed=("name", "head_id", "deputy_id"),
    keys=(Key(("name",)),),
    items=("processes.department-heads",),
)
SYSTEMS = Register(
    slug="systems",
    group=Group.PROCESSES,
    model=System,
    title=_l("Systems"),
    add_label=_l("Add a system"),
    purpose=_l("The programs and services your work depends on, and how soon each of them must be back."),
    example=_l("For example: the tills, priority 1, back within 4 hours."),
    columns=(
        Column("name", Kind.TEXT, _l("Name"), required=True),
        Column(
            "recovery_priority",
            Kind.NUMBER,
            _l("Recovery priority"),
            needed=True,
            low=1,
            high=999,
            hint=_l("1 comes back first. Give each system its own number."),
        ),
        Column(
            "rto_hours",
            Kind.NUMBER,
            _l("Back within (hours)"),
            needed=True,
            high=8760,
            hours=True,
            hint=_l("How long you can do without it: 4, 4 hours or 2 days."),
        ),
        Column(
            "rpo_hours",
            Kind.NUMBER,
            _l("Work you may lose (hours)"),
            high=8760,
            hours=True,
            hint=_l(
                "How much may you have to enter again? So old the newest back-up may be: 4, 4 hours or 2 days. Is no "
                "work of yours in it, as in a telephone? Then a week will do."
            ),
        ),
        Column("supplier_id", Kind.PARTY, _l("Supplier")),
        Column("in_use_on", Kind.DAY, _l("In use since")),
        Column(
            "scheme_service",
            Kind.TEXT,
            _l("Service under a continuity scheme"),
            hint=_l("What the supplier calls this in the scheme whose deed you accepted. Empty when there is none."),
        ),
        NOTE,
    ),
    listed=("name", "recovery_priority", "rto_hours", "rpo_hours", "supplier_id", "in_use_on"),
    keys=(Key(("name",)),),
    items=("processes.priorities", "processes.systems-used"),
)
DATA_SETS = Register(
    slug="data-sets",
    group=Group.PROCESSES,
    model=DataSet,
    title=_l("Data sets"),
    add_label=_l("Add a data set"),
    purpose=_l("The data your work depends on, and how it is protected."),
    example=_l("For example: the customer file, kept on the server, open to two people."),
    columns=(
        Column("name", Kind.TEXT, _l("Name"), required=True),
        Column("attractive", Kind.YES_NO, _l("Attractive to criminals or competitors"), default=False),
        Column("personal", Kind.YES_NO, _l("Holds personal data"), default=False),
        Column("protection", Kind.LONG_TEXT, _l("How it is protected"), needed=True, limit=2000),
    ),
    listed=("name", "attractive", "personal", "protection"),
    keys=(Key(("name",)),),
    items=("self-check.attractive-data", "self-check.extra-protection", "processes.data-needed"),
)
