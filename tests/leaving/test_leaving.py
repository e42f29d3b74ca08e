"""Leaving: everybody is out at the next request, nobody is left behind, and some may not leave yet."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.sweeping import waiting
from continuity.models import (
    Acceptance,
    Agreement,
    AgreementKind,
    Client,
    DeedVersion,
    Registration,
    SchemeState,
    SchemeType,
)
from continuity.ties import SchemeTies
from core import clock, db
from core.files import files
from plans.models import Contact
from tenants.models import (
    Engagement,
    GrantLevel,
    Invitation,
    LinkPurpose,
    MailedLink,
    ManagementGrant,
    Membership,
    Role,
    Seat,
    Tenant,
    TrailEntry,
)
from tenants.relations import standings_of
from tenants.scope import as_person, close_scope, scoped, whole
from tenants.tokens.scopes import TokenScope
from tests.api.program import program
from tests.cast import JOINED, Cast, Organisation, Person
from tests.visitor import Visitor

FAR_OFF = datetime(2099, 1, 1, tzinfo=UTC)
Inside = Callable[[Organisation], AbstractContextManager[None]]


def grant(cast: Cast, manager: Organisation) -> ManagementGrant:
    return ManagementGrant(
        manager_id=manager.id, level=GrantLevel.EDIT, plan=True, continuity=True, starts_at=JOINED, given_by=None
    )


@pytest.fixture
def peopled(scope_of: Inside, cast: Cast, app: Flask) -> Flask:
    """The bakery with a reseller, an auditor, an invitation with its link, and an agreement with a file."""
    with scope_of(cast.bakery):
        audit = Engagement(
            auditor_id=cast.foundation_reader.id,
            reference="Jaarcontrole",
            plan=True,
            continuity=True,
            starts_at=JOINED,
            ends_at=FAR_OFF,
        )
        invitation = Invitation(
            email="new@people.example",
            seat=Seat.MEMBER,
            role=Role.READER,
            reference="",
            plan=False,
            continuity=False,
            invited_by=cast.owner.id,
            sent_at=clock.now(),
        )
        db.session().add_all([grant(cast, cast.supplier), audit, invitation])
        db.session().flush()
        db.session().add(
            MailedLink(
                token_hash="0" * 64,
                purpose=LinkPurpose.INVITATION,
                about=invitation.id,
                organisation_id=cast.bakery.id,
                email="new@people.example",
                made_at=clock.now(),
                expires_at=FAR_OFF,
            )
        )
    return app


def leave(app: Flask, person: Person, slug: str, typed: str | None = None) -> int:
    return Visitor(app, person).post(f"/o/{slug}/leave/", {"slug": slug if typed is None else typed}).status_code


def test_everybody_is_out_at_the_next_request(peopled: Flask, cast: Cast) -> None:
    inside = [Visitor(peopled, one) for one in (cast.owner, cast.reader, cast.supplier_owner, cast.foundation_reader)]
    for visitor in inside:
        assert visitor.get(f"/o/{cast.bakery.slug}/").status_code == 200
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    for visitor in inside:
        for path in ("", "plan/", "settings", "takeout/", "leave/"):
            answer = visitor.get(f"/o/{cast.bakery.slug}/{path}")
            assert answer.status_code == 404, (visitor.person, path)
            assert cast.bakery.name not in answer.get_data(as_text=True)
        assert cast.bakery.name not in visitor.get("/organisations").get_data(as_text=True)


def test_links_to_downloads_are_dead_too(peopled: Flask, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.bakery):
        service = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING)
        db.session().add(service)
        db.session().flush()
        contract = Agreement(registration_id=service.id, kind=AgreementKind.FRAMEWORK, party="Stichting")
        contract.file_sha256 = files().put(cast.bakery.id, b"%PDF-1.7 contract")
        contract.file_name, contract.file_type, contract.file_size = "contract.pdf", "application/pdf", 17
        db.session().add(contract)
        db.session().flush()
        link = f"/o/{cast.bakery.slug}/continuity/{service.id}/agreements/{contract.id}/file"
    visitor = Visitor(peopled, cast.reader)
    assert visitor.get(link).status_code == 200
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    assert visitor.get(link).status_code == 404


def test_every_relation_and_link_has_ended(peopled: Flask, scope_of: Inside, cast: Cast) -> None:
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    at = clock.now()
    with scope_of(cast.bakery):
        ends = [
            row.ends_at
            for rows in (
                db.session().scalars(sa.select(Membership)).all(),
                db.session().scalars(sa.select(ManagementGrant)).all(),
                db.session().scalars(sa.select(Engagement)).all(),
            )
            for row in rows
        ]
        assert len(ends) == 5
        assert all(one is not None and one <= at for one in ends)
        assert db.session().scalars(sa.select(Invitation)).one().withdrawn_at is not None
        assert db.session().scalars(sa.select(MailedLink)).one().ended_at is not None
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "organisation.left")).one()
        assert (entry.user_id, entry.changes["memberships"], entry.changes["grants"]) == (cast.owner.id, 3, 1)


def test_clients_of_a_reseller_that_left_see_their_grant_end_in_their_own_trail(
    peopled: Flask, scope_of: Inside, cast: Cast
) -> None:
    assert leave(peopled, cast.supplier_owner, cast.supplier.slug) == 302
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(ManagementGrant)).one()
        assert row.ended_by == cast.supplier_owner.id
        told = sa.select(TrailEntry).where(TrailEntry.subject == "management_grant", TrailEntry.action == "changed")
        assert db.session().scalars(told).one().user_id == cast.supplier_owner.id
    assert Visitor(peopled, cast.owner).get(f"/o/{cast.bakery.slug}/").status_code == 200


def test_another_name_or_another_role_leaves_nothing(peopled: Flask, cast: Cast) -> None:
    assert leave(peopled, cast.owner, cast.bakery.slug, "other") == 422
    assert leave(peopled, cast.owner, cast.bakery.slug, "") == 422
    assert leave(peopled, cast.editor, cast.bakery.slug) == 403
    assert leave(peopled, cast.supplier_owner, cast.bakery.slug) == 403
    assert Visitor(peopled, cast.reader).get(f"/o/{cast.bakery.slug}/").status_code == 200


def test_leaving_asks_for_proof_of_a_moment_ago(peopled: Flask, cast: Cast) -> None:
    visitor = Visitor(peopled, cast.owner)
    with time_machine.travel(clock.now() + timedelta(minutes=29), tick=False):
        assert visitor.get(f"/o/{cast.bakery.slug}/leave/").headers["Location"].startswith("/prove")


def register(cast: Cast, *, declared: date | None = None, accepted: bool = False) -> Registration:
    row = Registration(
        service_name="Hosting De Halm",
        scheme_type=SchemeType.HOSTING,
        foundation_id=cast.foundation.id,
        duration_months=3,
        declared_bankrupt_on=declared,
        state=SchemeState.TRIGGERED if declared else SchemeState.DRAFT,
    )
    db.session().add(row)
    db.session().flush()
    if accepted:
        client = Client(registration_id=row.id, name="Klant")
        deed = DeedVersion(registration_id=row.id, number=1, text="Akte", conditions=[])
        db.session().add_all([client, deed])
        db.session().flush()
        db.session().add(
            Acceptance(client_id=client.id, deed_version_id=deed.id, accepted_on=date(2026, 1, 1), accepted_by="Jan")
        )
        db.session().flush()
    return row


def test_release_holds_everything_and_says_until_when(app: Flask, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.supplier):
        register(cast, declared=clock.today())
    visitor = Visitor(app, cast.supplier_owner)
    assert "Hosting De Halm" in visitor.get(f"/o/{cast.supplier.slug}/leave/").get_data(as_text=True)
    assert leave(app, cast.supplier_owner, cast.supplier.slug) == 422
    assert visitor.get(f"/o/{cast.supplier.slug}/").status_code == 200


@pytest.mark.parametrize(
    ("today", "held"),
    [
        pytest.param(date(2026, 11, 30), True, id="day of the declaration"),
        pytest.param(date(2027, 2, 28), True, id="last day of the period"),
        pytest.param(date(2028, 2, 28), True, id="twelve months later"),
        pytest.param(date(2028, 2, 29), False, id="day after"),
    ],
)
def test_hold_ends_twelve_months_after_the_period(scope_of: Inside, cast: Cast, today: date, held: bool) -> None:
    with scope_of(cast.supplier):
        register(cast, declared=date(2026, 11, 30))
        assert bool(SchemeTies().holds(today)) is held


def test_clients_who_rely_on_a_registration_keep_their_supplier_here(app: Flask, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.supplier):
        row_id = register(cast, accepted=True).id
    assert leave(app, cast.supplier_owner, cast.supplier.slug) == 422
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Registration).where(Registration.id == row_id)).one().archived_at = clock.now()
    assert leave(app, cast.supplier_owner, cast.supplier.slug) == 302


def test_foundation_stays_while_a_registrant_names_it_and_sees_who_left(
    app: Flask, scope_of: Inside, cast: Cast
) -> None:
    with scope_of(cast.supplier):
        register(cast)
    assert leave(app, cast.foundation_owner, cast.foundation.slug) == 422
    page = Visitor(app, cast.foundation_owner).get(f"/o/{cast.foundation.slug}/registrants/").get_data(as_text=True)
    assert "Left on" not in page
    assert leave(app, cast.supplier_owner, cast.supplier.slug) == 302
    page = Visitor(app, cast.foundation_owner).get(f"/o/{cast.foundation.slug}/registrants/").get_data(as_text=True)
    assert "Left on" in page
    assert leave(app, cast.foundation_owner, cast.foundation.slug) == 302


def test_whoever_left_is_not_judged(peopled: Flask, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Nieuw"))
    with peopled.app_context():
        assert cast.bakery.id in waiting.due(at=clock.now())
        assert cast.bakery.id in waiting.marks()
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    with peopled.app_context():
        assert cast.bakery.id not in waiting.due(at=clock.now())
        assert cast.bakery.id not in waiting.marks()
        assert cast.other.id in waiting.due(at=clock.now())


def test_coming_back_opens_the_organisation_to_nobody_but_the_owner_named(peopled: Flask, cast: Cast) -> None:
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    run = peopled.test_cli_runner().invoke
    answer = run(args=["tenant", "restore", cast.bakery.slug, "--owner", cast.owner.email])
    assert answer.exit_code == 0, answer.output
    assert Visitor(peopled, cast.owner).get(f"/o/{cast.bakery.slug}/").status_code == 200
    for gone in (cast.reader, cast.supplier_owner, cast.foundation_reader):
        assert Visitor(peopled, gone).get(f"/o/{cast.bakery.slug}/").status_code == 404
    again = run(args=["tenant", "restore", cast.bakery.slug])
    assert again.exit_code == 1
    assert "still here" in again.output or "nog" in again.output


def test_coming_back_brings_no_program_back(peopled: Flask, cast: Cast) -> None:
    """The owner who made the token is the owner again, and still it opens nothing."""
    token = program(peopled, cast.bakery, cast.owner, frozenset({TokenScope.INVENTORY_READ}))
    assert token.get("/inventory").status_code == 200
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    run = peopled.test_cli_runner().invoke
    answer = run(args=["tenant", "restore", cast.bakery.slug, "--owner", cast.owner.email])
    assert answer.exit_code == 0, answer.output
    assert token.get("/inventory").status_code == 401


def test_grants_of_a_manager_that_left_open_nothing(peopled: Flask, cast: Cast) -> None:
    with peopled.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, cast.supplier.id).left_at = clock.now()
        db.commit()
        db.begin(writes=False)
        as_person(cast.supplier_owner.id)
        assert standings_of(cast.supplier_owner.id) == []
        close_scope()
        db.rollback()


def test_left_organisation_is_still_whole_for_the_operator(peopled: Flask, cast: Cast) -> None:
    with peopled.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Contact(name="Blijft"))
    assert leave(peopled, cast.owner, cast.bakery.slug) == 302
    with peopled.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert db.session().scalars(sa.select(Contact.name)).all() == ["Blijft"]
