"""The facts of the scheme: complete, without what was put away, in a number of queries that never grows."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import sqlalchemy as sa
from flask import Flask

from continuity import loading
from continuity.models import (
    Acceptance,
    Agreement,
    Client,
    Counterparty,
    HandoverDelivery,
    HandoverItem,
    Registration,
    SchemeParty,
)
from core import clock, db
from tenants import services
from tenants.scope import reading, scoped, whole
from tenants.services import TenantValues
from tests.cast import Cast, Organisation
from tests.continuity.world import EARLIER, PDF, World, service

Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]


def test_facts_tell_all_that_hangs_on_a_registration(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        facts = loading.load([cast.supplier.id])[cast.supplier.id]
        digest = hashlib.sha256(PDF).hexdigest()
    assert [fact.service_name for fact in facts.registrations] == ["Serverbeheer", "Webhosting Plus"]
    fact = facts.registrations[1]
    assert fact.foundation_id == cast.foundation.id
    assert [(one.party, one.ends_on, one.file_sha256) for one in fact.agreements] == [
        ("Stichting Zekerheid", date(2027, 11, 1), digest)
    ]
    assert fact.counterparty is not None
    assert fact.counterparty.willing_by == "J. de Wit, director"
    assert list(fact.contacts) == [SchemeParty.PARTNER]
    assert [(deed.number, deed.has_conditions, deed.published_on) for deed in fact.deeds] == [
        (1, True, EARLIER),
        (2, True, None),
    ]
    assert [client.name for client in fact.clients] == ["Bakkerij Zonneschijn"]
    assert fact.clients[0].acceptances[world.deed_id].accepted_by == "Owner"
    item = next(item for item in fact.handovers if item.id == world.item_id)
    assert (item.delivered_on, item.confirmed_on) == (EARLIER, None)


def test_only_the_newest_delivery_counts(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        first = db.session().scalars(sa.select(HandoverDelivery).where(HandoverDelivery.id == world.delivery_id)).one()
        first.confirmed_on = EARLIER
        db.session().add(
            HandoverDelivery(
                handover_item_id=world.item_id,
                number=2,
                delivered_on=date(2026, 11, 20),
                delivered_by="x",
                specification="y",
            )
        )
    with scope_of(cast.supplier):
        items = loading.load([cast.supplier.id])[cast.supplier.id].registrations[1].handovers
    item = next(item for item in items if item.id == world.item_id)
    assert (item.delivered_on, item.confirmed_on) == (date(2026, 11, 20), None)


def test_what_was_put_away_or_ended_is_no_fact(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        put_away = [
            *db.session().scalars(sa.select(Agreement)),
            *db.session().scalars(sa.select(Counterparty)),
            *db.session().scalars(sa.select(HandoverItem)),
        ]
        for row in put_away:
            row.archived_at = clock.now()
        acceptance = db.session().scalars(sa.select(Acceptance)).one()
        acceptance.ended_on = EARLIER
        elsewhere = db.session().scalars(sa.select(Registration).where(Registration.id == world.elsewhere_id)).one()
        elsewhere.archived_at = clock.now()
    with scope_of(cast.supplier):
        facts = loading.load([cast.supplier.id])[cast.supplier.id]
        assert len(facts.registrations) == 1
        fact = facts.registrations[0]
        assert (fact.agreements, fact.counterparty, fact.handovers) == ((), None, ())
        assert fact.clients[0].acceptances == {}
        db.session().scalars(sa.select(Client)).one().archived_at = clock.now()
    with scope_of(cast.supplier):
        assert loading.load([cast.supplier.id])[cast.supplier.id].registrations[0].clients == ()


def test_number_of_queries_does_not_grow_with_organisations(
    app: Flask, cast: Cast, world: World, count_queries: Counting
) -> None:
    with app.app_context():
        db.begin(writes=True)
        # New ones only: the key of an organisation is read once by each process, and asked for by nobody later.
        ids = [services.add_tenant(TenantValues(f"Leverancier {n}"), at=clock.now()).id for n in range(49)]
        db.commit()
        for one in ids:
            with scoped(whole(one)):
                service("Hosting", cast.foundation.id)
        counted = []
        for group in (ids[:1], ids):
            with scoped(reading(frozenset(group)), writes=False), count_queries() as sent:
                found = loading.load(group)
            assert set(found) == set(group)
            assert all(facts.registrations for facts in found.values())
            # The keys of organisations are read once by each process, whoever asks for them first.
            counted.append(sum("FROM tenant_key" not in one.replace("\n", " ") for one in sent))
    assert counted == [15, 15]


def test_organisation_without_a_scheme_has_no_registrations(cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        assert loading.load([cast.bakery.id])[cast.bakery.id].registrations == ()
