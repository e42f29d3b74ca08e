"""Load the facts of many organisations' schemes in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa

from continuity import models
from continuity.facts import (
    AcceptanceFact,
    AgreementFact,
    ClientFact,
    ContinuityFacts,
    CounterpartyFact,
    DeedFact,
    HandoverFact,
    KeyFact,
    RegistrationFact,
    RequestFact,
    SchemeContactFact,
)
from continuity.handovers import loading as handovers
from continuity.requests import loading as requests
from core.clock import day_of
from tenants.prepared import FactRows, Prepared, in_use

F = TypeVar("F")
Grouped = Mapping[UUID, list[F]]
# A supplier and the foundation of a registration of it.
Pair = tuple[int, int | None]


def _select(model: Any, *columns: Any, where: tuple[Any, ...] = ()) -> Prepared:
    """Put together a select of rows in use; the organisation comes first in each."""
    return Prepared(sa.select(model.tenant_id, *columns).where(*where, *in_use(model)))


_REGISTRATIONS = _select(
    models.Registration,
    *(
        getattr(models.Registration, field.name)
        for field in fields(RegistrationFact)
        if hasattr(models.Registration, field.name)
    ),
)
_AGREEMENTS = FactRows(models.Agreement.registration_id, AgreementFact)
_COUNTERPARTIES = FactRows(models.Counterparty.registration_id, CounterpartyFact)
_CONTACTS = FactRows(models.SchemeContact.registration_id, SchemeContactFact)
_ACCEPTANCES = FactRows(models.Acceptance.client_id, AcceptanceFact)
_DEEDS = _select(
    models.DeedVersion,
    models.DeedVersion.registration_id,
    models.DeedVersion.id,
    models.DeedVersion.number,
    models.DeedVersion.conditions,
    models.DeedVersion.published_on,
    models.DeedVersion.closed_on,
    (models.DeedVersion.text_en != "").label("in_english"),
    models.DeedVersion.sha256,
)
_DECLARED = _select(
    models.Declaration,
    models.Declaration.client_id,
    models.Declaration.deed_version_id,
    models.Declaration.declared_at,
    models.Declaration.id,
    models.Declaration.kind,
)
_CLIENTS = _select(
    models.Client,
    models.Client.registration_id,
    models.Client.id,
    models.Client.name,
    models.Client.monthly_fee,
    models.Client.invited_on,
)
_KEYS = _select(
    models.TrustedKey,
    models.TrustedKey.id,
    models.TrustedKey.foundation_id,
    models.TrustedKey.name,
    models.TrustedKey.offered_at,
    models.TrustedKey.pinned_at,
    models.TrustedKey.fingerprint,
    where=(models.TrustedKey.ended_at.is_(None),),
)
_NOTICES = _select(
    models.SchemeNotice,
    models.SchemeNotice.registration_id,
    models.SchemeNotice.last_on,
    where=(models.SchemeNotice.stage == models.NoticeStage.GIVEN,),
)
# Everything load() reads: the same rows of these give the same facts. The first column tells whose the row is.
SELECTS = (
    _REGISTRATIONS, _DEEDS, _DECLARED, _CLIENTS, _KEYS, _NOTICES, *handovers.SELECTS, *requests.SELECTS,
    *(rows.select for rows in (_AGREEMENTS, _COUNTERPARTIES, _CONTACTS, _ACCEPTANCES)),
)  # fmt: skip


def load(tenant_ids: Sequence[int]) -> dict[int, ContinuityFacts]:
    """Load the schemes of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    Archived rows and acceptances that ended are no facts. Lists are ordered by name or number, so that the same rows
    give the same facts.
    """
    registrations = _REGISTRATIONS.rows(tenant_ids)
    parts = _parts(tenant_ids, registrations)
    found: dict[int, list[RegistrationFact]] = defaultdict(list)
    for row in registrations:
        found[row.tenant_id].append(_fact(row, parts))
    return {one: ContinuityFacts(_sorted(found[one], lambda fact: (fact.service_name, fact.id))) for one in tenant_ids}


class _Parts(NamedTuple):
    """What belongs to registrations, by their id; new_keys: by supplier and foundation."""

    agreements: Grouped[AgreementFact]
    counterparties: Grouped[CounterpartyFact]
    contacts: Grouped[SchemeContactFact]
    deeds: Grouped[DeedFact]
    clients: Grouped[ClientFact]
    handovers: Grouped[HandoverFact]
    new_keys: Mapping[Pair, list[KeyFact]]
    requests: Grouped[RequestFact]
    notices: Mapping[UUID, date]


def _parts(tenant_ids: Sequence[int], registrations: Iterable[Any]) -> _Parts:
    new_keys, compared = _keys(tenant_ids)
    owners = {
        row.id: handovers.Owner(compared.get((row.tenant_id, row.foundation_id), {}), row.declared_bankrupt_on)
        for row in registrations
    }
    return _Parts(
        agreements=_AGREEMENTS.load(tenant_ids),
        counterparties=_COUNTERPARTIES.load(tenant_ids),
        contacts=_CONTACTS.load(tenant_ids),
        deeds=_deeds(tenant_ids),
        clients=_clients(tenant_ids),
        handovers=handovers.load(tenant_ids, owners),
        new_keys=new_keys,
        requests=requests.load(tenant_ids),
        notices={row.registration_id: row.last_on for row in _NOTICES.rows(tenant_ids)},
    )


def _fact(row: Any, parts: _Parts) -> RegistrationFact:
    counterparty = parts.counterparties.get(row.id)
    new_keys = parts.new_keys.get((row.tenant_id, row.foundation_id))
    return RegistrationFact(
        id=row.id,
        service_name=row.service_name,
        scheme_type=row.scheme_type,
        state=row.state,
        foundation_id=row.foundation_id,
        scope_understood_on=row.scope_understood_on,
        uncovered_services=row.uncovered_services,
        portfolio_changed_on=row.portfolio_changed_on,
        monthly_cost=row.monthly_cost,
        duration_months=row.duration_months,
        declared_bankrupt_on=row.declared_bankrupt_on,
        agreements=_sorted(parts.agreements.get(row.id), lambda fact: (fact.kind, fact.party, fact.id)),
        counterparty=counterparty[0] if counterparty else None,
        contacts={fact.party: fact for fact in parts.contacts.get(row.id, ())},
        deeds=_sorted(parts.deeds.get(row.id), lambda fact: fact.number),
        clients=_sorted(parts.clients.get(row.id), lambda fact: (fact.name, fact.id)),
        handovers=_sorted(parts.handovers.get(row.id), lambda fact: (fact.kind, fact.label, fact.id)),
        new_keys=_sorted(new_keys, lambda fact: (fact.name, fact.id)),
        requests=_sorted(parts.requests.get(row.id), lambda fact: (fact.asked_on, fact.client, fact.id)),
        ends_on=parts.notices.get(row.id),
    )


def _deeds(tenant_ids: Sequence[int]) -> Grouped[DeedFact]:
    found: dict[UUID, list[DeedFact]] = defaultdict(list)
    for _one, key, row_id, number, conditions, *rest in _DEEDS.rows(tenant_ids):
        found[key].append(DeedFact(row_id, number, bool(conditions), *rest))
    return found


def _declared(tenant_ids: Sequence[int]) -> Mapping[UUID, Mapping[UUID, models.DeclarationKind]]:
    """Return what was declared last, by client and version of the deed."""
    found: dict[UUID, dict[UUID, models.DeclarationKind]] = defaultdict(dict)
    for row in sorted(_DECLARED.rows(tenant_ids), key=lambda row: (row.declared_at, row.id)):
        found[row.client_id][row.deed_version_id] = row.kind
    return found


def _clients(tenant_ids: Sequence[int]) -> Grouped[ClientFact]:
    accepted: dict[UUID, dict[UUID, AcceptanceFact]] = defaultdict(dict)
    for client_id, facts in _ACCEPTANCES.load(tenant_ids).items():
        for fact in facts:
            if fact.ended_on is None:
                accepted[client_id][fact.deed_version_id] = fact
    declared = _declared(tenant_ids)
    found: dict[UUID, list[ClientFact]] = defaultdict(list)
    for _one, key, row_id, name, monthly_fee, invited_on in _CLIENTS.rows(tenant_ids):
        told = accepted.get(row_id, {}), declared.get(row_id, {})
        found[key].append(ClientFact(row_id, name, monthly_fee, invited_on, *told))
    return found


def _keys(tenant_ids: Sequence[int]) -> tuple[Mapping[Pair, list[KeyFact]], Mapping[Pair, Mapping[str, date]]]:
    """Return the keys in use that suppliers did not compare, and when they compared the others, by fingerprint."""
    new: dict[Pair, list[KeyFact]] = defaultdict(list)
    compared: dict[Pair, dict[str, date]] = defaultdict(dict)
    for row in _KEYS.rows(tenant_ids):
        pair = (row.tenant_id, row.foundation_id)
        if row.pinned_at is None:
            new[pair].append(KeyFact(row.id, row.foundation_id, row.name, day_of(row.offered_at)))
        else:
            compared[pair][row.fingerprint] = day_of(row.pinned_at)
    return new, compared


def _sorted(found: Iterable[F] | None, key: Callable[[F], Any]) -> tuple[F, ...]:
    return tuple(sorted(found or (), key=key))
