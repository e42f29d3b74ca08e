"""Where the foundation finds what the clients of a bankrupt supplier asked, for the table of pages."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.acceptance.codes import new_code
from continuity.models import (
    Acceptance,
    ChangeStage,
    Client,
    ClientChange,
    ClientRequest,
    CoverClaim,
    DeedInvitation,
    ExitTask,
    Registration,
    RequestState,
    SchemeChange,
)
from continuity.requests import deciding
from core import clock, db
from core.i18n import Language
from sample.foundation import SECRETARY
from sample.organisations import BAKERY, BANKRUPT
from tenants import links, services
from tenants.models import LinkPurpose
from tenants.scope import close_scope, open_scope, scoped, whole
from tests.browser.request_states import NAMES, OWN_STATES, STATES, brought


def found() -> dict[str, str]:
    """Return the addresses below the foundation's registrants, by the names that the table of pages uses.

    The one that waits is being looked at from then on: its conditions can be decided on.
    """
    db.rollback()
    db.begin(writes=True)
    supplier = services.tenant_by_slug(BANKRUPT.slug)
    assert supplier is not None
    open_scope(whole(supplier.id))
    rows = {row.state: row for row in db.session().scalars(sa.select(ClientRequest))}
    waits = rows[RequestState.ASKED]
    deciding.check(waits, officer=SECRETARY, seen=waits.version)
    open_task = sa.select(ExitTask.id).where(ExitTask.done_on.is_(None)).order_by(ExitTask.position)
    task_id = db.session().scalars(open_task).first()
    held = db.session().scalars(sa.select(ClientChange.id)).one()
    said = sa.select(SchemeChange.id).where(SchemeChange.stage == ChangeStage.HELD)
    held_part = db.session().scalars(said.order_by(SchemeChange.told_at)).first()
    served = _place(rows[RequestState.SERVED])
    names = {
        "request_new": f"{waits.registration_id}/requests/new",
        "request_checking": _place(waits),
        "request_owes": _place(rows[RequestState.FEE_DUE]),
        "request_served": served,
        "request_task": f"{served}/tasks/{task_id}",
        "own_contact": f"{waits.registration_id}/contact",
        "held": f"{waits.registration_id}/changes",
        "held_one": f"{waits.registration_id}/changes/{held}",
        "held_part": f"{waits.registration_id}/changes/parts/{held_part}",
        "silent": f"{waits.registration_id}/silent",
        "request_link": _link(rows[RequestState.SERVED].client_id),
        "request_link_owes": _link(rows[RequestState.FEE_DUE].client_id),
    }
    new = _another(waits)
    names["request_link_new"] = _link(new.id)
    names["request_link_coded"] = _link(_another(waits, "Slagerij Vos").id, coded=True)
    bakery = services.tenant_by_slug(BAKERY.slug)
    assert bakery is not None
    claimed = {"": new.id, **_in_states(waits, names)}
    for one in db.session().scalars(sa.select(Client).where(Client.id.in_(claimed.values()))):
        one.organisation_id, one.claimed_at = bakery.id, clock.now()
    supplier_id, bakery_id = supplier.id, bakery.id
    db.commit()
    close_scope()
    with scoped(whole(bakery_id)):
        for state, client_id in claimed.items():
            names[f"own_request{state}"] = f"cover-claims/{_claim(supplier_id, client_id)}/continuity/"
    return names


def _in_states(waits: ClientRequest, names: dict[str, str]) -> dict[str, UUID]:
    """Add a client for each state the sample has none of; name its pages, and return the client by state."""
    owner = db.session().get_one(Registration, (waits.tenant_id, waits.registration_id))
    clients = {}
    for state in STATES:
        client = _another(waits, NAMES[state])
        names[f"request_{state}"] = _place(brought(owner, client, state))
        names[f"request_link_{state}"] = _link(client.id)
        if state in OWN_STATES:
            clients[f"_{state}"] = client.id
    return clients


def _claim(supplier_id: int, client_id: UUID) -> UUID:
    """Have the organisation of the open scope say that it is this client."""
    claim = CoverClaim(
        supplier_id=supplier_id, client_id=client_id, service="Planbord", claimed_by="Eva", claimed_at=clock.now(),
        ended_at=None,
    )  # fmt: skip
    db.session().add(claim)
    db.session().flush()
    return claim.id


def _another(asked: ClientRequest, name: str = BAKERY.values.name) -> Client:
    """Add a client of the same service that accepted and did not ask."""
    accepted = db.session().get_one(Acceptance, (asked.tenant_id, asked.acceptance_id))
    client = Client(
        registration_id=asked.registration_id, name=name, email="klant@people.example", monthly_fee=Decimal("45.00")
    )
    db.session().add(client)
    db.session().flush()
    db.session().add(
        Acceptance(
            client_id=client.id, deed_version_id=accepted.deed_version_id, accepted_on=accepted.accepted_on,
            accepted_by="Eva Smit", accepted_as="Eigenaar",
        )
    )  # fmt: skip
    db.session().flush()
    return client


def _link(client_id: UUID, *, coded: bool = False) -> str:
    """Renew the link of a client, with a code that works when it is `coded`; return its secret."""
    client = db.session().scalars(sa.select(Client).where(Client.id == client_id)).one()
    row = db.session().scalars(sa.select(DeedInvitation).where(DeedInvitation.client_id == client_id)).first()
    if row is None:
        version = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == client_id)).one()
        row = DeedInvitation(
            client_id=client_id, deed_version_id=version.deed_version_id, email=client.email,
            language=Language.DUTCH, sent_by=SECRETARY, sent_at=clock.now(), reminders=0, mail_id=None,
            viewed_at=None, code_hash="", code_until=None, revoked_at=None,
        )  # fmt: skip
        db.session().add(row)
        db.session().flush()
    if coded:
        new_code(row, at=clock.now())
        row.code_until = clock.now() + timedelta(days=1)  # a slow machine comes to this page after the code's life
    return links.make(LinkPurpose.DEED, about=row.id, email="", organisation_id=client.tenant_id, at=clock.now())


def _place(row: ClientRequest) -> str:
    return f"{row.registration_id}/requests/{row.id}"
