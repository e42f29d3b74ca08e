"""Load the facts of many organisations' schemes in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar
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
    SchemeContactFact,
)
from core.clock import day_of
from tenants.prepared import FactRows, Prepared, in_use

F = TypeVar("F")
Grouped = Mapping[UUID, list[F]]


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
_DELIVERIES = _select(
    models.HandoverDelivery,
    models.HandoverDelivery.handover_item_id,
    models.HandoverDelivery.number,
    models.HandoverDelivery.id,
    models.HandoverDelivery.delivered_on,
    models.HandoverDelivery.confirmed_on,
)
_ITEMS = _select(
    models.HandoverItem,
    models.HandoverItem.registration_id,
    models.HandoverItem.id,
    models.HandoverItem.kind,
    models.HandoverItem.label,
    models.HandoverItem.required,
    models.HandoverItem.max_age_days,
    models.HandoverItem.changed_on,
)
_SEALED_TO = _select(models.SealedTo, models.SealedTo.delivery_id, models.SealedTo.ended_at, models.SealedTo.ended_as)
_NEW_KEYS = _select(
    models.TrustedKey,
    models.TrustedKey.id,
    models.TrustedKey.foundation_id,
    models.TrustedKey.name,
    models.TrustedKey.offered_at,
    where=(models.TrustedKey.pinned_at.is_(None), models.TrustedKey.ended_at.is_(None)),
)


def load(tenant_ids: Sequence[int]) -> dict[int, ContinuityFacts]:
    """Load the schemes of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    Archived rows and acceptances that ended are no facts. Lists are ordered by name or number, so that the same rows
    give the same facts.
    """
    agreements = _AGREEMENTS.load(tenant_ids)
    counterparties = _COUNTERPARTIES.load(tenant_ids)
    contacts = _CONTACTS.load(tenant_ids)
    deeds = _deeds(tenant_ids)
    clients = _clients(tenant_ids)
    handovers = _handovers(tenant_ids)
    new_keys = _new_keys(tenant_ids)
    found: dict[int, list[RegistrationFact]] = defaultdict(list)
    for row in _REGISTRATIONS.rows(tenant_ids):
        counterparty = counterparties.get(row.id)
        fact = RegistrationFact(
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
            agreements=_sorted(agreements.get(row.id), lambda fact: (fact.kind, fact.party, fact.id)),
            counterparty=counterparty[0] if counterparty else None,
            contacts={fact.party: fact for fact in contacts.get(row.id, ())},
            deeds=_sorted(deeds.get(row.id), lambda fact: fact.number),
            clients=_sorted(clients.get(row.id), lambda fact: (fact.name, fact.id)),
            handovers=_sorted(handovers.get(row.id), lambda fact: (fact.kind, fact.label, fact.id)),
            new_keys=new_keys.get((row.tenant_id, row.foundation_id), ()),
        )
        found[row.tenant_id].append(fact)
    return {one: ContinuityFacts(_sorted(found[one], lambda fact: (fact.service_name, fact.id))) for one in tenant_ids}


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


def _handovers(tenant_ids: Sequence[int]) -> Grouped[HandoverFact]:
    newest: dict[UUID, tuple[int, UUID, date, date | None]] = {}
    for _one, item_id, number, delivery_id, delivered_on, confirmed_on in _DELIVERIES.rows(tenant_ids):
        if item_id not in newest or number > newest[item_id][0]:
            newest[item_id] = (number, delivery_id, delivered_on, confirmed_on)
    sealed = _sealed_to(tenant_ids)
    found: dict[UUID, list[HandoverFact]] = defaultdict(list)
    for row in _ITEMS.rows(tenant_ids):
        _number, delivery_id, delivered_on, confirmed_on = newest.get(row.id, (0, None, None, None))
        keys = sealed.get(delivery_id, []) if delivery_id else []
        gone = [one for one in keys if one.ended_at is not None]
        fact = HandoverFact(
            id=row.id,
            kind=row.kind,
            label=row.label,
            required=row.required,
            max_age_days=row.max_age_days,
            changed_on=row.changed_on,
            delivered_on=delivered_on,
            confirmed_on=confirmed_on,
            keys_gone_on=max((day_of(one.ended_at) for one in gone), default=None),
            keys_lost=any(one.ended_as is models.KeyState.LOST for one in gone),
            keys_left=len(keys) - len(gone),
        )
        found[row.registration_id].append(fact)
    return found


def _sealed_to(tenant_ids: Sequence[int]) -> Grouped[Any]:
    """Return the keys that deliveries were sealed to, each with when and how it was taken out of use."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in _SEALED_TO.rows(tenant_ids):
        found[row.delivery_id].append(row)
    return found


def _new_keys(tenant_ids: Sequence[int]) -> Mapping[tuple[int, int], tuple[KeyFact, ...]]:
    """Return the keys in use that suppliers did not compare, by supplier and foundation."""
    found: dict[tuple[int, int], list[KeyFact]] = defaultdict(list)
    for row in _NEW_KEYS.rows(tenant_ids):
        fact = KeyFact(row.id, row.foundation_id, row.name, day_of(row.offered_at))
        found[row.tenant_id, row.foundation_id].append(fact)
    return {key: _sorted(keys, lambda fact: (fact.name, fact.id)) for key, keys in found.items()}


def _sorted(found: Iterable[F] | None, key: Callable[[F], Any]) -> tuple[F, ...]:
    return tuple(sorted(found or (), key=key))
