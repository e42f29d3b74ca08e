"""A scheme at work, and clients that ask for continuity in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from continuity.models import (
    AskedBy,
    CaseStage,
    Client,
    ClientRequest,
    Registration,
    RequestState,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from continuity.requests import asking, deciding
from continuity.requests.asking import Asking
from core import db
from tests.cast import Cast
from tests.continuity.world import TODAY, Scoped, World, trigger

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DECLARED, LAST = date(2026, 11, 20), date(2027, 2, 20)
BY_LINK = Asking(AskedBy.LINK, "Zonneschijn Owner", "director", "owner@zonneschijn.example", "The till hangs on it.")
OFFICER = "Foundation Owner"


@dataclass(frozen=True, slots=True)
class Scene:
    """A triggered service, and the ids of what is asked about."""

    registration_id: UUID
    client_id: UUID
    request_id: UUID | None = None

    def path(self, rest: str = "") -> str:
        """Return the address of the request for its foundation."""
        return f"/o/foundation/registrants/{self.registration_id}/requests/{self.request_id}{rest}"


def owner_in(world: World) -> Registration:
    """Return the first registration, in the open scope of its supplier."""
    return db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()


def client_in(world: World) -> Client:
    """Return the client that accepted the deed."""
    return db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one()


def request_in() -> ClientRequest:
    """Return the newest request of the open scope."""
    return db.session().scalars(sa.select(ClientRequest).order_by(ClientRequest.id.desc()).limit(1)).one()


def start(world: World, cast: Cast) -> TriggerCase:
    """Have the first registration triggered by two officers' case, in the open scope of its supplier."""
    row = owner_in(world)
    made = TriggerCase(
        registration_id=row.id,
        kind=TriggerKind.DECLARED_BANKRUPT,
        stage=CaseStage.ACTIVATED,
        happened_on=DECLARED,
        proof=TriggerProof.INSOLVENCY_REGISTER,
        reference="F.05/26/123",
        note="",
        state_before=row.state,
        filed_at=NOW,
        filed_by="One",
        filed_by_id=cast.foundation_owner.id,
    )
    db.session().add(made)
    trigger(world)
    return made


def asked(world: World) -> ClientRequest:
    """Ask for continuity by the link, in the open scope of the supplier."""
    return asking.ask(owner_in(world), client_in(world), BY_LINK, at=NOW, today=TODAY)


def bring_to(row: ClientRequest, state: RequestState) -> ClientRequest:
    """Bring a request that was asked just now to a state on the straight way to the exit."""
    way = (RequestState.CHECKING, RequestState.GRANTED, RequestState.FEE_DUE, RequestState.SERVED, RequestState.EXITED)
    steps: tuple[Callable[[], None], ...] = (
        lambda: deciding.check(row, officer=OFFICER, seen=row.version),
        lambda: deciding.grant(row, {}, officer=OFFICER, seen=row.version, at=NOW),
        lambda: deciding.ask_fee(row, Decimal(120), TODAY, officer=OFFICER, seen=row.version, today=TODAY, at=NOW),
        lambda: deciding.serve(row, "Paid in cash", officer=OFFICER, seen=row.version, today=TODAY, at=NOW),
        lambda: deciding.record_exit(row, TODAY, officer=OFFICER, seen=row.version, today=TODAY),
    )
    for one, step in zip(way, steps, strict=True):
        if row.state is state:
            break
        step()
        assert row.state is one
    return row


def scene(cast: Cast, world: World, scope_of: Scoped, state: RequestState = RequestState.ASKED) -> Scene:
    """Return a triggered service whose client asked, with the request brought to `state`."""
    with scope_of(cast.supplier):
        start(world, cast)
        row = bring_to(asked(world), state)
        return Scene(world.registration_id, world.client_id, row.id)
