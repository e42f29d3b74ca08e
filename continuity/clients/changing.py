"""What is told of a client, and who may change it: until the period began its supplier, from then on the foundation.

The foundation writes to the address as it was known before what happened. Whatever a supplier changed since is held
apart, shown beside what was known, and counts once an officer or the client itself takes it over.
See docs/decisions/client-requests.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    ChangeStage,
    Client,
    ClientChange,
    ClientRequest,
    Declaration,
    DeclarationKind,
    DeedInvitation,
    Registration,
)
from continuity.requests.inviting import write_to
from core import db
from core.clock import day_of
from core.i18n import Language
from plans.turns import take_turn
from tenants import links, trail
from tenants.models import LinkPurpose
from tenants.scope import current_scope

# What is told of a client, in the order in which it is shown.
LABELS: Mapping[str, Any] = {
    "name": _l("Name of the client"),
    "kvk": _l("KvK number"),
    "email": _l("E-mail address"),
    "monthly_fee": _l("Fee a month"),
    "language": _l("Language"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A change that is held, beside what is known: by field that differs, what is known and what was said."""

    change: ClientChange
    client: Client
    differs: Mapping[str, tuple[str | None, str | None]]


def told_of(row: Any) -> dict[str, str | None]:
    """Return what is told of a client, by field, as plain texts. row: a client, or values of one."""
    found = {name: getattr(row, name) for name in LABELS}
    return {name: None if value is None else str(value) for name, value in found.items()}


def apply(row: Client, told: Mapping[str, str | None]) -> None:
    """Write what is told, by field, into a client."""
    for name, text in told.items():
        if name == "monthly_fee":
            row.monthly_fee = None if text is None else Decimal(text)
        elif name == "language":
            row.language = None if text is None else Language(text)
        else:
            setattr(row, name, text or "")


def keep(row: Client, before: Mapping[str, str | None], after: Mapping[str, str | None], *, at: datetime) -> None:
    """Keep a change that counts at once, so that it can be undone when it came after what happened to the supplier."""
    if before != after:
        db.session().add(_change(row, ChangeStage.MADE, before, after, at=at))


def hold(row: Client, after: Mapping[str, str | None], *, at: datetime) -> None:
    """Hold what the supplier says of a client since the period began; its newest word takes the place of an earlier."""
    held, known = held_of(row), told_of(row)
    if held is not None:
        held.after, held.told_at, held.told_by = dict(after), at, current_scope().actor.name
        if known == after:
            _settle(held, ChangeStage.LEFT, (), by=held.told_by, at=at)
    elif known != after:
        db.session().add(_change(row, ChangeStage.HELD, known, after, at=at))
    db.session().flush()


def _change(
    row: Client,
    stage: ChangeStage,
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    *,
    at: datetime,
) -> ClientChange:
    return ClientChange(
        tenant_id=row.tenant_id,
        client_id=row.id,
        stage=stage,
        told_at=at,
        told_by=current_scope().actor.name,
        before=dict(before),
        after=dict(after),
        decided_at=None,
    )


def held_of(row: Client) -> ClientChange | None:
    """Return the change of a client that is held."""
    query = sa.select(ClientChange).where(
        ClientChange.tenant_id == row.tenant_id,
        ClientChange.client_id == row.id,
        ClientChange.stage == ChangeStage.HELD,
    )
    return db.session().scalar(query)


def held_under(owner: Registration) -> list[Beside]:
    """Return what is held of the clients of `owner`, by name, in one query."""
    query = (
        sa.select(ClientChange, Client)
        .join(Client, sa.and_(Client.tenant_id == ClientChange.tenant_id, Client.id == ClientChange.client_id))
        .where(
            Client.tenant_id == owner.tenant_id,
            Client.registration_id == owner.id,
            ClientChange.stage == ChangeStage.HELD,
        )
    )
    found = [Beside(change, client, differing(client, change)) for change, client in db.session().execute(query)]
    return sorted(found, key=lambda one: (one.client.name.casefold(), one.client.id))


def differing(client: Client, change: ClientChange) -> dict[str, tuple[str | None, str | None]]:
    """Return by field what is known of a client and what was said, where the two differ."""
    known = told_of(client)
    return {name: (known[name], change.after.get(name)) for name in LABELS if known[name] != change.after.get(name)}


def decide(change: ClientChange, fields: Iterable[str], *, officer: str, seen: int, at: datetime) -> None:
    """Take over the chosen fields of what is held, or none of it; the rest stays as it was known.

    Another e-mail address ends the links that were mailed to the one before; a client that did not ask yet is mailed
    one there. Raises EditConflict when the supplier said something else since `seen`; Refused when it was decided on
    already, or the chosen field does not differ.
    """
    take_turn()
    client = db.session().get_one(Client, (change.tenant_id, change.client_id))
    for row in (change, client):
        db.session().refresh(row)
    change.expect_version(seen)
    if change.stage is not ChangeStage.HELD:
        raise Refused(_l("This was decided on already."))
    differs, chosen = differing(client, change), tuple(fields)
    if not set(chosen) <= set(differs):
        raise Refused(_l("The supplier says something else by now. Look once more."), "over")
    before = client.email
    apply(client, {name: differs[name][1] for name in chosen})
    _settle(change, ChangeStage.TAKEN if chosen else ChangeStage.LEFT, chosen, by=officer, at=at)
    if client.email != before:
        move_mail(client, before, at=at, ends_links=True)
        owner = db.session().get_one(Registration, (client.tenant_id, client.registration_id))
        write_to(owner, {client.id}, by=officer, at=at, rest=timedelta(0))
    trail.record("client.change_decided", "client", client.id, name=client.name, fields=list(chosen))
    db.session().flush()


def _settle(change: ClientChange, stage: ChangeStage, fields: Sequence[str], *, by: str, at: datetime) -> None:
    change.stage, change.decided_at, change.decided_by = stage, at, by
    change.taken = ",".join(fields)


def move_mail(client: Client, before: str, *, at: datetime, ends_links: bool) -> None:
    """Have what was mailed to the address `before` go to the client's address from now on: codes and letters alike.

    ends_links: the links that were mailed there open nothing any more.
    """
    invited = sa.select(DeedInvitation).where(
        DeedInvitation.tenant_id == client.tenant_id, DeedInvitation.client_id == client.id
    )
    for row in db.session().scalars(invited):
        row.email, row.code_hash, row.code_until = client.email, "", None
        if ends_links:
            links.end(LinkPurpose.DEED, row.id, at=at)
    asked = sa.select(ClientRequest).where(
        ClientRequest.tenant_id == client.tenant_id, ClientRequest.client_id == client.id
    )
    for request in db.session().scalars(asked):
        if request.email == before:
            request.email = client.email


def move_by_client(client: Client, email: str, *, by: str, at: datetime) -> None:
    """Write to a client at another address from now on, as it said itself: what its supplier says of that is settled.

    Call it in a turn. by: who said it.
    """
    known, before, held = told_of(client), client.email, held_of(client)
    client.email = email
    if held is not None and set(differing(client, held)) <= {"email"}:
        # Whether or not the supplier says the same: the client itself knows.
        _settle(held, ChangeStage.LEFT, (), by=by, at=at)
    made = _change(client, ChangeStage.TAKEN, known, told_of(client), at=at)
    made.told_by = by
    _settle(made, ChangeStage.TAKEN, ("email",), by=by, at=at)
    db.session().add(made)
    move_mail(client, before, at=at, ends_links=False)
    trail.record("client.address_moved", "client", client.id, name=client.name)
    db.session().flush()


def undo_since(owner: Registration, happened_on: date, *, zone: str, at: datetime) -> None:
    """Have what is known of the clients of `owner` be what was known before `happened_on`; what came since is held.

    Clients that were put away since then are back, and acceptances that the supplier ended since then hold again: a
    client that withdraws declares that itself. Links and codes that went to an address that the supplier told since
    then open nothing any more, and nobody withdrew from there. Call it in a turn, when the scheme is triggered.
    """
    query = sa.select(Client).where(Client.tenant_id == owner.tenant_id, Client.registration_id == owner.id)
    clients = {row.id: row for row in db.session().scalars(query)}
    made: dict[UUID, list[ClientChange]] = defaultdict(list)
    told = sa.select(ClientChange).where(
        ClientChange.client_id.in_(list(clients)), ClientChange.stage == ChangeStage.MADE
    )
    for change in db.session().scalars(told.order_by(ClientChange.told_at, ClientChange.id)):
        if day_of(change.told_at, zone) >= happened_on:
            made[change.client_id].append(change)
    strange: dict[UUID, set[str]] = {}
    for client_id, changes in made.items():
        client = clients[client_id]
        now = told_of(client)
        apply(client, changes[0].before)
        strange[client_id] = {one.after["email"] or "" for one in changes} - {client.email}
        if strange[client_id]:
            move_mail(client, now["email"] or "", at=at, ends_links=True)
        if told_of(client) != now:
            held = _change(client, ChangeStage.HELD, told_of(client), now, at=changes[-1].told_at)
            held.told_by = changes[-1].told_by
            db.session().add(held)
    for client in clients.values():
        if client.archived_at is not None and day_of(client.archived_at, zone) >= happened_on:
            client.archived_at = None
    db.session().flush()
    _begin_again(clients, happened_on, strange, zone)


def _begin_again(
    clients: Mapping[UUID, Client], happened_on: date, strange: Mapping[UUID, Collection[str]], zone: str
) -> None:
    """Let the acceptances hold again that ended on or after a day and that the client itself did not withdraw.

    strange: by client, the addresses from which it was not the client that declared anything.
    """
    ended = sa.select(Acceptance).where(Acceptance.client_id.in_(list(clients)), Acceptance.ended_on >= happened_on)
    said = sa.select(Declaration).where(Declaration.client_id.in_(list(clients)))
    newest: dict[tuple[UUID, UUID], Declaration] = {}
    for one in db.session().scalars(said.order_by(Declaration.declared_at, Declaration.id)):
        if one.email not in strange.get(one.client_id, ()):
            newest[one.client_id, one.deed_version_id] = one
    for row in db.session().scalars(ended):
        word = newest.get((row.client_id, row.deed_version_id))
        withdrew = word is not None and word.kind is DeclarationKind.WITHDRAW
        # Who withdrew and accepted once more, by its link or on paper, relied on it when the supplier ended it.
        if word is None or not withdrew or day_of(word.declared_at, zone) < row.accepted_on:
            row.ended_on, row.ended_why = None, ""
    db.session().flush()


def let_through(owner: Registration, *, by: str, at: datetime) -> None:
    """Have what is held of the clients of `owner` count: it was a false alarm, and they are the supplier's again."""
    for one in held_under(owner):
        apply(one.client, {name: said for name, (_known, said) in one.differs.items()})
        _settle(one.change, ChangeStage.LET_THROUGH, tuple(one.differs), by=by, at=at)
    db.session().flush()
