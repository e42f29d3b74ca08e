"""A client of an organisation that asked for continuity once, with what it had to do: settled long ago."""

from datetime import datetime

import sqlalchemy as sa

from continuity.models import (
    Acceptance,
    AskedBy,
    CaseStage,
    ChangeStage,
    Client,
    ClientChange,
    ClientRequest,
    ExitTask,
    Part,
    Registration,
    RequestRole,
    RequestState,
    RequestStep,
    SchemeChange,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from core import db


def ask(at: datetime) -> None:
    """Give the open scope's organisation a request that ended with a false alarm, under a service with everything."""
    query = (
        sa.select(Acceptance, Client)
        .join(Client, sa.and_(Client.tenant_id == Acceptance.tenant_id, Client.id == Acceptance.client_id))
        .join(
            Registration,
            sa.and_(Registration.tenant_id == Client.tenant_id, Registration.id == Client.registration_id),
        )
        .order_by(Registration.id, Acceptance.id)
    )
    acceptance, client = db.session().execute(query.limit(1)).one()
    case = TriggerCase(
        registration_id=client.registration_id,
        kind=TriggerKind.DECLARED_BANKRUPT,
        stage=CaseStage.FALSE_ALARM,
        happened_on=at.date(),
        proof=TriggerProof.INSOLVENCY_REGISTER,
        filed_at=at,
        filed_by="Officer Elsewhere",
    )
    row = ClientRequest(
        registration_id=client.registration_id,
        client_id=client.id,
        acceptance_id=acceptance.id,
        case_id=case.id,
        asked_how=AskedBy.LINK,
        asked_by="Director Elsewhere",
        asked_as="Director",
        note="The till hangs on it.",
        asked_at=at,
        state=RequestState.FALSE_ALARM,
        reason="Another company of the same name",
    )
    for one in (case, row):
        db.session().add(one)
        db.session().flush()
    step = RequestStep(
        request_id=row.id, number=1, reached=row.state, role=RequestRole.SCHEME, taken_by="Officer Elsewhere"
    )
    said = {"name": client.name, "kvk": "", "email": "desk@elsewhere.example", "monthly_fee": None, "language": None}
    change = ClientChange(
        client_id=client.id,
        stage=ChangeStage.HELD,
        told_at=at,
        told_by="Director Elsewhere",
        before={**said, "email": "office@elsewhere.example"},
        after=said,
    )
    part = SchemeChange(
        registration_id=client.registration_id,
        part=Part.REGISTRATION,
        part_id=client.registration_id,
        stage=ChangeStage.HELD,
        told_at=at,
        told_by="Director Elsewhere",
        before={"duration_months": "3"},
        after={"duration_months": "1"},
    )
    db.session().add_all(
        [change, part, step, ExitTask(request_id=row.id, position=0, label="Copy the tills", due_on=at.date())]
    )
    db.session().flush()
