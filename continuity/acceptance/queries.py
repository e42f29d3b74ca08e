"""How far clients are with the deed, and all that was declared about it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from continuity.acceptance.states import AcceptanceState, Said, state_of
from continuity.models import (
    Acceptance,
    Client,
    ConditionCheck,
    Declaration,
    DeclarationKind,
    DeedInvitation,
    DeedVersion,
    Registration,
)
from core import db
from core.mail import MailState, states_of


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a client is with one version: the invitation to it, its acceptance, and what was said last.

    accepted_number: the newest version whose acceptance has not ended; mail: how far the newest mail is, None where
    none was sent or it was cleaned up.
    """

    client: Client
    invitation: DeedInvitation | None
    acceptance: Acceptance | None
    said: Said | None
    accepted_number: int | None = None
    mail: MailState | None = None

    @property
    def state(self) -> AcceptanceState:
        """Return how far the client is."""
        return state_of(self.invitation, self.acceptance, self.said)


def acceptance(client: Client, deed: DeedVersion) -> Acceptance | None:
    """Return what a client declared about one version of the deed, also when it ended."""
    query = sa.select(Acceptance).where(
        Acceptance.tenant_id == client.tenant_id,
        Acceptance.client_id == client.id,
        Acceptance.deed_version_id == deed.id,
    )
    return db.session().scalar(query)


def invitation(client: Client, deed: DeedVersion) -> DeedInvitation | None:
    """Return the invitation of a client to one version, also when it was revoked."""
    query = sa.select(DeedInvitation).where(
        DeedInvitation.tenant_id == client.tenant_id,
        DeedInvitation.client_id == client.id,
        DeedInvitation.deed_version_id == deed.id,
    )
    return db.session().scalar(query)


def standing_of(owner: Registration, deed: DeedVersion | None, wanted: AbstractSet[UUID] | None) -> list[Standing]:
    """Return how far the clients of `owner` are with `deed`, by name. wanted: only these; None: all of them."""
    query = sa.select(Client).where(
        Client.tenant_id == owner.tenant_id, Client.registration_id == owner.id, Client.archived_at.is_(None)
    )
    # Names sort by their folded form in Python: the two databases disagree about capitals and accents.
    found = sorted(db.session().scalars(query), key=lambda row: (row.name.casefold(), row.id))
    return with_standing([row for row in found if wanted is None or row.id in wanted], deed)


def with_standing(clients: Sequence[Client], deed: DeedVersion | None) -> list[Standing]:
    """Return how far these clients are with `deed`, in their order, in five queries."""
    ids = [row.id for row in clients]
    accepted = _accepted(ids)
    invited: dict[UUID, DeedInvitation] = {}
    said: dict[UUID, Said] = {}
    if deed is not None:
        rows = sa.select(DeedInvitation).where(
            DeedInvitation.deed_version_id == deed.id, DeedInvitation.client_id.in_(ids)
        )
        invited = {row.client_id: row for row in db.session().scalars(rows)}
        told = (
            sa.select(Declaration.client_id, Declaration.kind, Declaration.declared_at)
            .where(Declaration.deed_version_id == deed.id, Declaration.client_id.in_(ids))
            .order_by(Declaration.declared_at, Declaration.id)
        )
        said = {client_id: Said(kind, at) for client_id, kind, at in db.session().execute(told)}
    mails = states_of(row.mail_id for row in invited.values() if row.mail_id)
    states = {row.client_id: mails.get(row.mail_id) for row in invited.values() if row.mail_id}
    return [
        Standing(
            row,
            invited.get(row.id),
            next((one for one, _number in accepted.get(row.id, ()) if deed and one.deed_version_id == deed.id), None),
            said.get(row.id),
            max((number for one, number in accepted.get(row.id, ()) if one.ended_on is None), default=None),
            states.get(row.id),
        )
        for row in clients
    ]


def _accepted(client_ids: Sequence[UUID]) -> dict[UUID, list[tuple[Acceptance, int]]]:
    query = (
        sa.select(Acceptance, DeedVersion.number)
        .join(
            DeedVersion,
            sa.and_(DeedVersion.tenant_id == Acceptance.tenant_id, DeedVersion.id == Acceptance.deed_version_id),
        )
        .where(Acceptance.client_id.in_(client_ids))
    )
    found: dict[UUID, list[tuple[Acceptance, int]]] = {}
    for row, number in db.session().execute(query):
        found.setdefault(row.client_id, []).append((row, number))
    return found


def checks(row: Acceptance) -> dict[int, ConditionCheck]:
    """Return what was looked at of the conditions, by position."""
    query = sa.select(ConditionCheck).where(
        ConditionCheck.tenant_id == row.tenant_id, ConditionCheck.acceptance_id == row.id
    )
    return {one.position: one for one in db.session().scalars(query)}


def declarations(client: Client) -> Sequence[Declaration]:
    """Return everything declared about any version for this client, newest first."""
    query = sa.select(Declaration).where(Declaration.tenant_id == client.tenant_id, Declaration.client_id == client.id)
    return db.session().scalars(query.order_by(Declaration.declared_at.desc(), Declaration.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Late:
    """A client that wants to accept after the trigger, waiting for the foundation."""

    declaration: Declaration
    client: Client
    number: int


def waiting_late(owner: Registration) -> list[Late]:
    """Return the late acceptances of `owner` that the foundation did not answer, the oldest first."""
    answered = sa.select(Declaration.answers_id).where(
        Declaration.tenant_id == owner.tenant_id, Declaration.answers_id.is_not(None)
    )
    query = (
        sa.select(Declaration, Client, DeedVersion.number)
        .join(Client, sa.and_(Client.tenant_id == Declaration.tenant_id, Client.id == Declaration.client_id))
        .join(
            DeedVersion,
            sa.and_(DeedVersion.tenant_id == Declaration.tenant_id, DeedVersion.id == Declaration.deed_version_id),
        )
        .where(
            Client.registration_id == owner.id,
            Client.archived_at.is_(None),
            Declaration.kind == DeclarationKind.LATE,
            Declaration.id.not_in(answered),
        )
        .order_by(Declaration.declared_at, Declaration.id)
    )
    return [Late(*row) for row in db.session().execute(query)]
