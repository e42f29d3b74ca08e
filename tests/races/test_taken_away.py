"""What was given is taken away while somebody uses it: nothing is kept after that was settled."""

from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from core import clock, db
from plans.models import Asset, Contact
from tenants import door, staying
from tenants.grants import services as grants
from tenants.models import GrantLevel, ManagementGrant, Membership, Operator, Role, User
from tenants.people import services as people
from tenants.sign_in import services as accounts
from tenants.tokens import door as program_door
from tenants.tokens import services as tokens
from tests.api.program import program
from tests.cast import JOINED, Cast, Person
from tests.plans.items_scene import ScopeOf
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor

NEW = "/o/bakery/registers/contacts/new"
Take = Callable[[Cast, ScopeOf], None]


@pytest.fixture
def judged() -> bool:
    """Whoever judges meanwhile has tests of its own."""
    return False


@pytest.fixture(autouse=True)
def granted(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        db.session().add(
            ManagementGrant(
                manager_id=cast.supplier.id,
                level=GrantLevel.EDIT,
                plan=True,
                continuity=True,
                starts_at=JOINED,
                given_by=cast.owner.id,
            )
        )


def withdraw(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        grants.withdraw(db.session().scalars(sa.select(ManagementGrant)).one(), by=cast.owner.id, at=clock.now())


def membership(person: Person) -> Membership:
    query = sa.select(Membership).where(Membership.user_id == person.id, Membership.ends_at.is_(None))
    return db.session().scalars(query).one()


def send_away(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        people.end_membership(membership(cast.editor), at=clock.now())


def make_a_reader(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        people.change_role(membership(cast.editor), Role.READER, at=clock.now())


def send_away_from_the_reseller(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.supplier):
        people.give_role(cast.supplier.id, cast.stranger.id, Role.OWNER, at=clock.now())
        people.end_membership(membership(cast.supplier_owner), at=clock.now())


def disable(cast: Cast, _scope_of: ScopeOf) -> None:
    with current_app.test_request_context():
        db.begin(writes=True)
        accounts.disable(db.session().get_one(User, cast.editor.id), at=clock.now())
        db.commit()


# Who loses what, and how they are answered meanwhile and afterwards.
TAKEN: dict[str, tuple[str, Take, int, int]] = {
    "grant": ("supplier_owner", withdraw, 404, 404),
    "membership": ("editor", send_away, 404, 404),
    "role": ("editor", make_a_reader, 403, 403),
    "membership of the reseller": ("supplier_owner", send_away_from_the_reseller, 404, 404),
    "account": ("editor", disable, 404, 302),
}


@pytest.mark.parametrize("before", [True, False], ids=["before it is written", "before it is kept"])
@pytest.mark.parametrize("what", TAKEN)
def test_nothing_is_kept_after_it_was_taken_away(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch, what: str, before: bool
) -> None:
    """The door reads how somebody stands, and looks again when all was written."""
    who, take, refused, afterwards = TAKEN[what]
    visitor = Visitor(app, getattr(cast, who))
    assert visitor.token
    sent = {"name": "Fatima", "version": "0"}
    place, name = (door, "find_standing") if before else (staying, "stay")

    def act() -> None:
        with app.app_context():
            take(cast, scope_of)

    with meanwhile(monkeypatch, place, name, act, after=True) as taken:
        status = visitor.post(NEW, sent).status_code
    with scope_of(cast.bakery):
        kept = db.session().scalars(sa.select(Contact.name)).all()
    assert (status, kept) == ((refused, []) if taken.first else (302, ["Fatima"]))
    assert before or not taken.first, "whoever was looked at again has the turn until it is kept"
    assert visitor.post(NEW, sent).status_code == afterwards
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Contact.name)).all() == kept


@pytest.mark.parametrize("before", [True, False], ids=["before it is written", "before it is kept"])
def test_a_program_keeps_nothing_after_its_token_was_taken_back(
    app: Flask, cast: Cast, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    caller = program(app, cast.bakery, cast.owner)
    sent = {"register": "office-pcs", "id": str(uuid4()), "fields": {"name": "Till"}}

    def revoke() -> None:
        with scope_of(cast.bakery):
            tokens.revoke_those_of(cast.owner.id, at=clock.now())

    place = "count_call" if before else "_stay"
    with meanwhile(monkeypatch, program_door, place, revoke, after=True) as taken:
        status = caller.ask("POST", "/inventory", sent).status_code
    with scope_of(cast.bakery):
        kept = db.session().scalars(sa.select(Asset.name)).all()
    assert (status, kept) == ((401, []) if taken.first else (201, ["Till"]))
    assert taken.first is before
    assert caller.ask("POST", "/inventory", sent).status_code == 401


def test_a_program_reads_no_further_page_after_its_token_was_taken_back(
    app: Flask, cast: Cast, scope_of: ScopeOf
) -> None:
    caller = program(app, cast.bakery, cast.owner)
    for name in ("Till", "Server"):
        sent = {"register": "office-pcs", "id": str(uuid4()), "fields": {"name": name}}
        assert caller.ask("POST", "/inventory", sent).status_code == 201
    page = caller.get("/inventory?limit=1").get_json()
    assert len(page["items"]) == 1
    with scope_of(cast.bakery):
        tokens.revoke_those_of(cast.owner.id, at=clock.now())
    assert caller.get(f"/inventory?limit=1&cursor={page['next']}").status_code == 401


@pytest.mark.parametrize("before", [True, False], ids=["before it is written", "before it is kept"])
def test_an_operator_who_is_one_no_more_changes_no_account(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    def change(what: Callable[[User], None], who: Person) -> None:
        with app.test_request_context():
            db.begin(writes=True)
            what(db.session().get_one(User, who.id))
            db.commit()

    change(lambda user: accounts.add_operator(user, at=JOINED), cast.supplier_owner)
    visitor = Visitor(app, cast.supplier_owner)
    assert visitor.token

    def remove() -> None:
        change(lambda user: accounts.remove_operator(user, at=clock.now()), cast.supplier_owner)

    place, name = (door, "is_operator") if before else (staying, "stay_operator")
    with meanwhile(monkeypatch, place, name, remove, after=True) as taken:
        status = visitor.post(f"/operator/accounts/{cast.editor.id}/disable").status_code
    with app.app_context():
        off = db.session().get_one(User, cast.editor.id).disabled_at is not None
        assert db.session().scalars(sa.select(Operator.ends_at)).one() is not None
    assert (status, off) == ((404, False) if taken.first else (302, True))
    assert before or not taken.first
