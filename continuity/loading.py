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
from core import db
from core.clock import day_of

F = TypeVar("F")
Grouped = Mapping[UUID, list[F]]

_REGISTRATION_COLUMNS = tuple(
    getattr(models.Registration, field.name)
    for field in fields(RegistrationFact)
    if hasattr(models.Registration, field.name)
)


def load(tenant_ids: Sequence[int]) -> dict[int, ContinuityFacts]:
    """Load the schemes of the open scope's organisations `tenant_ids`, in a number of queries that never grows.

    Archived rows and acceptances that ended are no facts. Lists are ordered by name or number, so that the same rows
    give the same facts.
    """
    agreements = _facts(tenant_ids, models.Agreement.registration_id, AgreementFact)
    counterparties = _facts(tenant_ids, models.Counterparty.registration_id, CounterpartyFact)
    contacts = _facts(tenant_ids, models.SchemeContact.registration_id, SchemeContactFact)
    deeds = _deeds(tenant_ids)
    clients = _clients(tenant_ids)
    handovers = _handovers(tenant_ids)
    new_keys = _new_keys(tenant_ids)
    found: dict[int, list[RegistrationFact]] = defaultdict(list)
    for row in _rows(tenant_ids, models.Registration, *_REGISTRATION_COLUMNS):
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


def _rows(tenant_ids: Sequence[int], model: Any, *columns: Any) -> Iterable[Any]:
    """Return the rows of `tenant_ids`, archived ones left out; the organisation comes first in each."""
    query = sa.select(model.tenant_id, *columns).where(model.tenant_id.in_(tenant_ids))
    if hasattr(model, "archived_at"):
        query = query.where(model.archived_at.is_(None))
    return db.session().execute(query)


def _facts(tenant_ids: Sequence[int], group: Any, fact: type[F]) -> Grouped[F]:
    """Return facts by the value of column `group`; a fact's fields are the columns of the same name."""
    model = group.class_
    columns = [getattr(model, field.name) for field in fields(fact)]  # type: ignore[arg-type]
    found: dict[UUID, list[F]] = defaultdict(list)
    for _one, key, *values in _rows(tenant_ids, model, group, *columns):
        found[key].append(fact(*values))
    return found


def _deeds(tenant_ids: Sequence[int]) -> Grouped[DeedFact]:
    model = models.DeedVersion
    in_english = (model.text_en != "").label("in_english")
    columns = (model.number, model.conditions, model.published_on, model.closed_on, in_english, model.sha256)
    found: dict[UUID, list[DeedFact]] = defaultdict(list)
    for _one, key, row_id, number, conditions, *rest in _rows(
        tenant_ids, model, model.registration_id, model.id, *columns
    ):
        found[key].append(DeedFact(row_id, number, bool(conditions), *rest))
    return found


def _declared(tenant_ids: Sequence[int]) -> Mapping[UUID, Mapping[UUID, models.DeclarationKind]]:
    """Return what was declared last, by client and version of the deed."""
    model = models.Declaration
    columns = (model.client_id, model.deed_version_id, model.declared_at, model.id, model.kind)
    found: dict[UUID, dict[UUID, models.DeclarationKind]] = defaultdict(dict)
    for row in sorted(_rows(tenant_ids, model, *columns), key=lambda row: (row.declared_at, row.id)):
        found[row.client_id][row.deed_version_id] = row.kind
    return found


def _clients(tenant_ids: Sequence[int]) -> Grouped[ClientFact]:
    accepted: dict[UUID, dict[UUID, AcceptanceFact]] = defaultdict(dict)
    for client_id, facts in _facts(tenant_ids, models.Acceptance.client_id, AcceptanceFact).items():
        for fact in facts:
            if fact.ended_on is None:
                accepted[client_id][fact.deed_version_id] = fact
    declared = _declared(tenant_ids)
    model = models.Client
    columns = (model.registration_id, model.id, model.name, model.monthly_fee, model.invited_on)
    found: dict[UUID, list[ClientFact]] = defaultdict(list)
    for _one, key, row_id, name, monthly_fee, invited_on in _rows(tenant_ids, model, *columns):
        told = accepted.get(row_id, {}), declared.get(row_id, {})
        found[key].append(ClientFact(row_id, name, monthly_fee, invited_on, *told))
    return found


def _handovers(tenant_ids: Sequence[int]) -> Grouped[HandoverFact]:
    newest: dict[UUID, tuple[int, UUID, date, date | None]] = {}
    made = models.HandoverDelivery
    for _one, item_id, number, delivery_id, delivered_on, confirmed_on in _rows(
        tenant_ids, made, made.handover_item_id, made.number, made.id, made.delivered_on, made.confirmed_on
    ):
        if item_id not in newest or number > newest[item_id][0]:
            newest[item_id] = (number, delivery_id, delivered_on, confirmed_on)
    sealed = _sealed_to(tenant_ids)
    item = models.HandoverItem
    columns = (item.registration_id, item.id, item.kind, item.label, item.required, item.max_age_days, item.changed_on)
    found: dict[UUID, list[HandoverFact]] = defaultdict(list)
    for row in _rows(tenant_ids, item, *columns):
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
    model = models.SealedTo
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in _rows(tenant_ids, model, model.delivery_id, model.ended_at, model.ended_as):
        found[row.delivery_id].append(row)
    return found


def _new_keys(tenant_ids: Sequence[int]) -> Mapping[tuple[int, int], tuple[KeyFact, ...]]:
    """Return the keys in use that suppliers did not compare, by supplier and foundation."""
    model = models.TrustedKey
    query = sa.select(model.tenant_id, model.id, model.foundation_id, model.name, model.offered_at).where(
        model.tenant_id.in_(tenant_ids), model.pinned_at.is_(None), model.ended_at.is_(None)
    )
    found: dict[tuple[int, int], list[KeyFact]] = defaultdict(list)
    for row in db.session().execute(query):
        fact = KeyFact(row.id, row.foundation_id, row.name, day_of(row.offered_at))
        found[row.tenant_id, row.foundation_id].append(fact)
    return {key: _sorted(keys, lambda fact: (fact.name, fact.id)) for key, keys in found.items()}


def _sorted(found: Iterable[F] | None, key: Callable[[F], Any]) -> tuple[F, ...]:
    return tuple(sorted(found or (), key=key))
