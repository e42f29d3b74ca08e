"""The supplier's own plan, begun and not nearly finished: the shoemaker's children."""

from core import db
from plans.models import (
    Answer,
    Asset,
    AssetKind,
    Assignment,
    Contact,
    DataSet,
    Department,
    DepartmentDataSet,
    DepartmentSystem,
    ExternalParty,
    Impact,
    PartyKind,
    System,
)
from plans.seats import HOLDER
from sample.days import Days

AUTHOR = "Lieke Smit"
STAFF = (
    ("Ruben Visser", "Directeur en systeembeheerder", "Beheer", "+31612340201", "ruben"),
    ("Lieke Smit", "Servicedesk", "Servicedesk", "+31612340202", "lieke"),
    ("Daan Willems", "Systeembeheerder", "Beheer", "+31612340203", "daan"),
    ("Noor Kuipers", "Administratie", "Kantoor", "+31612340204", "noor"),
)
PARTIES = (
    (PartyKind.SUPPLIER, "Datahuis Breda BV", "Storingsdienst", "+31762000440", "noc@datahuis.example"),
    (PartyKind.INSURER, "Verbond Zakelijk", "Cyberschade", "+31851300911", "schade@verbondzakelijk.example"),
)
SYSTEMS = (("Hostingplatform", 4, 24), ("Bewaking en back-up van klanten", 8, 24), ("Servicedesk en telefonie", 8, 24))
ANSWERS = (
    ("self-check.secured", {"verdict": "partly", "explanation": "Klanten gaan voor; ons eigen kantoor loopt achter."}),
    (
        "backup.encrypted",
        {"method": "AES-256, per klant een eigen sleutel", "key_place": "Wachtwoordkluis, twee beheerders"},
    ),
    ("runbook.reachability", {"forwarding": "Servicedesk schakelt door naar de dienstdoende", "webmail": "Webmail"}),
    ("payments.unchecked-limit", {"amount": "500.00"}),
    ("payments.four-eyes", {"amount": "500.00"}),
)


def fill(days: Days) -> None:
    """Add the supplier's plan."""
    staff = [
        Contact(name=name, job_title=job_title, department=department, phone=phone, email=f"{mailbox}@netvast.example",
                confirmed_on=days.ago(75))
        for name, job_title, department, phone, mailbox in STAFF
    ]  # fmt: skip
    systems = [
        System(name=name, recovery_priority=priority, rto_hours=rto, rpo_hours=rpo, in_use_on=days.ago(1200))
        for priority, (name, rto, rpo) in enumerate(SYSTEMS, 1)
    ]
    customers = DataSet(
        name="Toegang tot servers van klanten",
        attractive=True,
        personal=False,
        protection="Wachtwoordkluis met tweestapsaanmelding; elke toegang wordt vastgelegd.",
    )
    db.session().add_all([*staff, *systems, customers])
    db.session().add_all(
        ExternalParty(kind=kind, name=name, contact_name=ask_for, phone=phone, email=email, confirmed_on=days.ago(75))
        for kind, name, ask_for, phone, email in PARTIES
    )
    db.session().flush()
    department = Department(
        name="Beheer",
        head_id=staff[0].id,
        deputy_id=staff[2].id,
        impact_4_hours=Impact.SERIOUS,
        impact_day=Impact.SEVERE,
        impact_3_days=Impact.SEVERE,
        impact_week=Impact.RUINOUS,
        impact_longer=Impact.RUINOUS,
    )
    db.session().add_all([department, Department(name="Servicedesk", head_id=staff[1].id)])
    db.session().flush()
    db.session().add_all(DepartmentSystem(department_id=department.id, system_id=system.id) for system in systems)
    db.session().add(DepartmentDataSet(department_id=department.id, data_set_id=customers.id))
    _rest(days, staff)
    db.session().flush()


def _rest(days: Days, staff: list[Contact]) -> None:
    db.session().add_all(
        Answer(item_id=item_id, values=values, answered_on=days.ago(75), answered_by=AUTHOR)
        for item_id, values in ANSWERS
    )
    db.session().add(
        Assignment(item_id="runbook.first-contact", seat=HOLDER, contact_id=staff[1].id, deputy_id=staff[2].id)
    )
    db.session().add(
        Asset(
            kind=AssetKind.SERVER,
            name="NV-HOST1",
            specification="Dell PowerEdge R650, 256 GB",
            serial_number="4HJ2K63",
            location="Datahuis Breda, kast 14",
            administrator="Daan Willems",
            warranty_until=days.ahead(410),
            confirmed_on=days.ago(75),
        )
    )
