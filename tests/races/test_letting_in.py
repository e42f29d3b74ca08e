"""Somebody is let in, sent away or steps down while somebody else decides otherwise."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from tenants import lock
from tenants.invitations import services as invitations
from tenants.invitations import views as invitation_views
from tenants.models import Invitation, Membership, Role, Tenant
from tenants.people import services as people
from tests.cast import Cast, Person
from tests.plans.items_scene import ScopeOf
from tests.races.meanwhile import meanwhile
from tests.tenants.test_invitations import ACCOUNT, invite
from tests.visitor import Visitor


@pytest.fixture
def judged() -> bool:
    """Whoever judges meanwhile has tests of its own."""
    return False


@pytest.fixture
def guest(app: Flask, cast: Cast) -> Callable[[], int]:
    """Somebody who has a link, and accepts when called; told is the status of the answer."""
    link, visitor = invite(app, cast), Visitor(app)
    assert visitor.token
    return lambda: visitor.post(link, ACCOUNT).status_code


@pytest.fixture
def host(app: Flask, cast: Cast, scope_of: ScopeOf, guest: Callable[[], int]) -> Callable[[], Any]:
    """The owner, who takes the invitation back when called."""
    visitor = Visitor(app, cast.owner)
    with scope_of(cast.bakery):
        path = f"/o/bakery/people/invitations/{db.session().scalars(sa.select(Invitation.id)).one()}/withdraw"
    assert visitor.token
    return lambda: visitor.post(path, follow_redirects=True).get_data(as_text=True)


def settled(cast: Cast, scope_of: ScopeOf) -> tuple[bool, bool, int]:
    """Return whether the invitation was accepted, whether it was withdrawn, and how many belong to the bakery."""
    with scope_of(cast.bakery):
        one = db.session().scalars(sa.select(Invitation)).one()
        here = db.session().scalar(sa.select(sa.func.count(Membership.id)).where(Membership.ends_at.is_(None)))
        return one.accepted_at is not None, one.withdrawn_at is not None, int(here or 0)


def test_an_invitation_that_is_being_accepted_is_not_withdrawn(
    cast: Cast, scope_of: ScopeOf, guest: Callable[[], int], host: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with meanwhile(monkeypatch, invitation_views, "_spend", host, after=True) as withdrawn:
        assert guest() == 302
    assert settled(cast, scope_of) == (True, False, 4)
    assert "was accepted already" in withdrawn()


def test_an_invitation_that_is_being_withdrawn_lets_nobody_in(
    cast: Cast, scope_of: ScopeOf, guest: Callable[[], int], host: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with meanwhile(monkeypatch, invitations, "_take_turn", guest, after=True) as accepted:
        assert "was withdrawn" in host()
    assert accepted() == 410
    assert settled(cast, scope_of) == (False, True, 3)


def test_who_is_let_in_and_who_changes_the_organisation_do_not_wait_for_each_other(
    app: Flask, cast: Cast, scope_of: ScopeOf, guest: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Visitor(app, cast.owner)
    sent = {"name": "Bakkerij Nieuw", "language": "en", "zone": "Europe/Amsterdam", "kept_years": "7"}
    assert owner.token
    with meanwhile(monkeypatch, lock, "write_down", guest, after=True) as accepted:
        assert owner.post("/o/bakery/settings/edit", sent).status_code == 302
    assert accepted() == 302
    assert settled(cast, scope_of) == (True, False, 4)
    with scope_of(cast.bakery):
        assert db.session().get_one(Tenant, cast.bakery.id).name == "Bakkerij Nieuw"


def test_of_two_owners_who_demote_each_other_one_stays_owner(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope_of(cast.bakery):
        people.give_role(cast.bakery.id, cast.editor.id, Role.OWNER, at=clock.now())
    keys = {one.id: membership(one, scope_of, cast) for one in (cast.owner, cast.editor)}

    def demoting(who: Person, whom: Person) -> Callable[[], int]:
        visitor = Visitor(app, who)
        assert visitor.token
        path = f"/o/bakery/people/members/{keys[whom.id]}"
        return lambda: visitor.post(path, {"role": "editor"}).status_code

    first, second = demoting(cast.owner, cast.editor), demoting(cast.editor, cast.owner)
    with meanwhile(monkeypatch, people, "_keep_an_owner", second, after=True) as other:
        assert first() == 302
    assert other() in {403, 422}
    with scope_of(cast.bakery):
        query = sa.select(Membership.user_id).where(Membership.role == Role.OWNER, Membership.ends_at.is_(None))
        assert db.session().scalars(query).all() == [cast.owner.id]


def membership(person: Person, scope_of: ScopeOf, cast: Cast) -> UUID:
    with scope_of(cast.bakery):
        query = sa.select(Membership.id).where(Membership.user_id == person.id, Membership.ends_at.is_(None))
        return db.session().scalars(query).one()
