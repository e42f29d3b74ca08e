"""Where the foundation finds what the clients of a bankrupt supplier asked, for the table of pages."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.acceptance.codes import new_code
from continuity.models import (
    Acceptance,
    Client,
    ClientRequest,
    CoverClaim,
    DeedInvitation,
    ExitTask,
    RequestState,
)
from continuity.requests import deciding
from core import clock, db
from core.i18n import Language
from sample.foundation import SECRETARY
from sample.organisations import BAKERY, BANKRUPT
from tenants import links, services
from tenants.models import LinkPurpose
from tenants.scope import close_scope, open_scope, scoped, whole


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
    served = _place(rows[RequestState.SERVED])
    names = {
        "request_new": f"{waits.registration_id}/requests/new",
        "request_checking": _place(waits),
        "request_owes": _place(rows[RequestState.FEE_DUE]),
        "request_served": served,
        "request_task": f"{served}/tasks/{task_id}",
        "silent": f"{waits.registration_id}/silent",
        "request_link": _link(rows[RequestState.SERVED].client_id),
        "request_link_owes": _link(rows[RequestState.FEE_DUE].client_id),
    }
    new = _another(waits)
    names["request_link_new"] = _link(new.id)
    names["request_link_coded"] = _link(_another(waits, "Slagerij Vos").id, coded=True)
    supplier_id, client_id = supplier.id, new.id
    bakery = services.tenant_by_slug(BAKERY.slug)
    assert bakery is not None
    new.organisation_id, new.claimed_at = bakery.id, clock.now()
    bakery_id = bakery.id
    db.commit()
    close_scope()
    with scoped(whole(bakery_id)):
        claim = CoverClaim(
            supplier_id=supplier_id, client_id=client_id, service="Planbord", claimed_by="Eva", claimed_at=clock.now(),
            ended_at=None,
        )  # fmt: skip
        db.session().add(claim)
        db.session().flush()
        names["own_request"] = f"cover-claims/{claim.id}/continuity/"
    return names


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
