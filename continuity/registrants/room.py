"""The foundation's room: everything that waits for it or is not yet safe, in a number of queries that never grows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from continuity.handovers.queries import Handed
from continuity.handovers.states import UNSAFE
from continuity.models import (
    Agreement,
    AgreementKind,
    CaseStage,
    ChangeStage,
    Client,
    ClientChange,
    Declaration,
    DeclarationKind,
    DeedVersion,
    KeyState,
    NoticeStage,
    OfficerKey,
    SchemeChange,
    SchemeNotice,
    SchemeState,
    TriggerCase,
)
from continuity.period import period
from continuity.registrants.queries import Registrant, registrants
from continuity.registrants.room_lines import (
    Announced,
    Begun,
    Case,
    Ending,
    Late,
    Overdue,
    Room,
    Said,
    Unshown,
    Waiting,
)
from continuity.registrations.history import triggers_of
from continuity.registrations.states import AT_WORK
from continuity.requests.listing import to_answer
from core import db

# So many lines of each part; the number of all of them stands above.
SHOWN = 20
PAGE = 50
# Agreements that end within so many days, unless another number is chosen.
WITHIN = 60
SECOND = frozenset({CaseStage.FILED, CaseStage.ALARM_ASKED})


def look(foundation_id: int, user_id: UUID, today: date, within: int) -> Room:
    """Gather the room. The open scope holds the foundation itself and its registrants; `within`: days."""
    found = registrants(foundation_id, today)
    here = [one for one in found if one.left_at is None]
    by_id = {one.registration.id: one for one in here}
    keys = _keys(foundation_id)
    return Room(
        registrants=len(found),
        begun=_begun(found),
        cases=_cases(by_id, user_id),
        requests=to_answer({one.registration.id: one for one in found}),
        late=_late(by_id),
        said=_said({one.registration.id: one for one in found}),
        deliveries=_deliveries(here),
        overdue=overdue(here),
        pending_keys=[one for one in keys if one.state is KeyState.PENDING],
        active_keys=sum(one.state is KeyState.ACTIVE for one in keys),
        unshown=_unshown(here),
        announced=_announced(found),
        endings=_endings(by_id, today + timedelta(days=within)),
        to_activate=[one for one in here if one.registration.state is SchemeState.OFFERED],
        without_deed=_without_deed(here),
    )


def _begun(found: Iterable[Registrant]) -> list[Begun]:
    """Return what began and is not closed, what waits to be delivered first; of a supplier that left, too."""
    begun, found = [], [one for one in found if one.registration.state in AT_WORK]
    happened = triggers_of(one.registration for one in found)
    for one in found:
        row = one.registration
        running = period(row.declared_bankrupt_on, row.duration_months)
        if running is not None:
            begun.append(Begun(one, running, happened[row.id]))
    return sorted(begun, key=lambda one: (one.delivers, one.period.last_on, one.registrant.supplier.casefold()))


def overdue(found: Iterable[Registrant]) -> list[Overdue]:
    """Return the suppliers that have something to hand over, those with the most first."""
    by_supplier: dict[int, list[tuple[Registrant, Handed]]] = {}
    names: dict[int, str] = {}
    for one in found:
        names[one.registration.tenant_id] = one.supplier
        bad = [(one, each) for each in one.handed if each.item.required and each.state in UNSAFE]
        if bad:
            by_supplier.setdefault(one.registration.tenant_id, []).extend(bad)
    rows = [Overdue(tenant_id, names[tenant_id], tuple(items)) for tenant_id, items in by_supplier.items()]
    return sorted(rows, key=lambda one: (-len(one.items), one.supplier.casefold()))


def _deliveries(found: Iterable[Registrant]) -> list[Waiting]:
    waiting = [Waiting(one, each) for one in found for each in one.waiting]
    return sorted(waiting, key=lambda one: (_delivered_on(one.handed), one.registrant.supplier.casefold()))


def _delivered_on(handed: Handed) -> date:
    return handed.delivery.delivered_on if handed.delivery else date.max


def _unshown(found: Iterable[Registrant]) -> list[Unshown]:
    """Count, for each officer who still has the key, the newest deliveries of which they did not show that it fits."""
    waiting: dict[tuple[str, str], list[tuple[UUID, UUID]]] = {}
    for one in found:
        for each in one.handed:
            for row in each.officers:
                if row.opened_at is None and row.ended_at is None:
                    place = one.registration.id, row.delivery_id
                    waiting.setdefault((row.name, row.fingerprint), []).append(place)
    rows = [Unshown(name, fingerprint, len(places), places[0]) for (name, fingerprint), places in waiting.items()]
    return sorted(rows, key=lambda one: (-one.deliveries, one.name.casefold()))


def _keys(foundation_id: int) -> Sequence[OfficerKey]:
    query = sa.select(OfficerKey).where(
        OfficerKey.tenant_id == foundation_id, OfficerKey.state.in_((KeyState.PENDING, KeyState.ACTIVE))
    )
    return db.session().scalars(query.order_by(OfficerKey.made_at)).all()


def _cases(by_id: Mapping[UUID, Registrant], user_id: UUID) -> list[Case]:
    query = sa.select(TriggerCase).where(
        TriggerCase.registration_id.in_(list(by_id)), TriggerCase.stage.in_(list(SECOND))
    )
    rows = db.session().scalars(query.order_by(TriggerCase.filed_at)).all()
    return [
        Case(
            by_id[row.registration_id],
            row,
            user_id == (row.back_asked_by_id if row.stage is CaseStage.ALARM_ASKED else row.filed_by_id),
        )
        for row in rows
    ]


def _late(by_id: Mapping[UUID, Registrant]) -> list[Late]:
    answer = sa.orm.aliased(Declaration)
    query = (
        sa.select(Client.registration_id, sa.func.count(Declaration.id))
        .join(Client, sa.and_(Client.tenant_id == Declaration.tenant_id, Client.id == Declaration.client_id))
        .outerjoin(answer, sa.and_(answer.tenant_id == Declaration.tenant_id, answer.answers_id == Declaration.id))
        .where(
            Declaration.kind == DeclarationKind.LATE,
            answer.id.is_(None),
            Client.archived_at.is_(None),
            Client.registration_id.in_(list(by_id)),
        )
        .group_by(Client.registration_id)
    )
    found = [Late(by_id[registration_id], number) for registration_id, number in db.session().execute(query)]
    return sorted(found, key=lambda one: (-one.clients, one.registrant.supplier.casefold()))


def _said(by_id: Mapping[UUID, Registrant]) -> list[Said]:
    """Return what is held of clients and of the rest of a scheme, also of a supplier that left."""
    query = (
        sa.select(Client.registration_id, sa.func.count(ClientChange.id))
        .join(ClientChange, sa.and_(ClientChange.tenant_id == Client.tenant_id, ClientChange.client_id == Client.id))
        .where(ClientChange.stage == ChangeStage.HELD, Client.registration_id.in_(list(by_id)))
        .group_by(Client.registration_id)
    )
    clients = {row[0]: row[1] for row in db.session().execute(query)}
    held = sa.select(SchemeChange.registration_id, sa.func.count(SchemeChange.id)).where(
        SchemeChange.stage == ChangeStage.HELD, SchemeChange.registration_id.in_(list(by_id))
    )
    parts = {row[0]: row[1] for row in db.session().execute(held.group_by(SchemeChange.registration_id))}
    found = [Said(by_id[one], clients.get(one, 0), parts.get(one, 0)) for one in {*clients, *parts}]
    return sorted(found, key=lambda one: (-one.clients - one.parts, one.registrant.supplier.casefold()))


def _announced(found: Iterable[Registrant]) -> list[Announced]:
    """Return the schemes of which the end was announced, the first to end on top; none of which the period began."""
    by_id = {one.registration.id: one for one in found if one.registration.declared_bankrupt_on is None}
    query = sa.select(SchemeNotice.registration_id, SchemeNotice.last_on, SchemeNotice.role).where(
        SchemeNotice.registration_id.in_(list(by_id)), SchemeNotice.stage == NoticeStage.GIVEN
    )
    rows = [Announced(by_id[row.registration_id], row.last_on, row.role) for row in db.session().execute(query)]
    return sorted(rows, key=lambda one: (one.last_on, one.registrant.supplier.casefold()))


def _endings(by_id: Mapping[UUID, Registrant], up_to: date) -> list[Ending]:
    """Return the contracts of the foundation that end by `up_to` and are not followed by one that goes on."""
    query = sa.select(
        Agreement.registration_id, Agreement.kind, Agreement.party, Agreement.ends_on, Agreement.notice_on
    ).where(
        Agreement.registration_id.in_(list(by_id)),
        Agreement.archived_at.is_(None),
        Agreement.kind.in_((AgreementKind.FRAMEWORK, AgreementKind.SUPPLY)),
    )
    rows = db.session().execute(query).all()
    last: dict[tuple[UUID, AgreementKind], date] = {}
    for row in rows:
        key = row.registration_id, row.kind
        last[key] = max(last.get(key, date.min), row.ends_on or date.max)
    found = []
    for row in rows:
        owner, goes_on = by_id[row.registration_id], last[row.registration_id, row.kind]
        if row.ends_on and row.ends_on <= up_to and row.ends_on == goes_on:
            found.append(Ending(owner, row.kind, row.party, row.ends_on, notice=False))
        elif row.notice_on and row.notice_on <= up_to and (row.ends_on or date.max) == goes_on:
            found.append(Ending(owner, row.kind, row.party, row.notice_on, notice=True))
    return sorted(found, key=lambda one: (one.on, one.registrant.supplier.casefold()))


def _without_deed(found: Sequence[Registrant]) -> list[Registrant]:
    ids = [one.registration.id for one in found]
    query = sa.select(DeedVersion.registration_id).where(
        DeedVersion.registration_id.in_(ids), DeedVersion.published_on.is_not(None)
    )
    offered = frozenset(db.session().scalars(query.distinct()))
    ended = {SchemeState.TERMINATED, SchemeState.CLOSED}
    return [one for one in found if one.registration.id not in offered and one.registration.state not in ended]
