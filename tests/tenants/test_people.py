"""The page People: who belongs here, another role, the end of a membership, and the last owner who stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from tenants.models import Engagement, Membership, Role, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.visitor import Visitor

ScopeOf = Callable[[Organisation], Any]


@pytest.fixture
def membership_of(cast: Cast, scope_of: ScopeOf) -> Callable[[Person], UUID]:
    """The key of somebody's present membership in the bakery."""

    def find(person: Person) -> UUID:
        with scope_of(cast.bakery):
            query = sa.select(Membership.id).where(Membership.user_id == person.id, Membership.ends_at.is_(None))
            return db.session().scalars(query).one()

    return find


def owners(scope_of: ScopeOf, organisation: Organisation) -> int:
    with scope_of(organisation):
        query = sa.select(Membership).where(Membership.role == Role.OWNER, Membership.ends_at.is_(None))
        return len(db.session().scalars(query).all())


def test_everybody_sees_who_belongs_here_and_only_owners_see_buttons(app: Flask, cast: Cast) -> None:
    for person in (cast.owner, cast.editor, cast.reader):
        page = Visitor(app, person).get("/o/bakery/people/").get_data(as_text=True)
        assert cast.owner.email in page
        assert cast.stranger.email not in page
        assert ("/people/invite" in page) is (person is cast.owner)


def test_role_changes_from_now_on_and_the_old_one_stays_in_the_books(
    app: Flask, cast: Cast, membership_of: Callable[[Person], UUID], scope_of: ScopeOf
) -> None:
    reader = Visitor(app, cast.reader)
    assert reader.get("/o/bakery/registers/contacts/new").status_code == 403
    path = f"/o/bakery/people/members/{membership_of(cast.reader)}"
    assert Visitor(app, cast.owner).post(path, {"role": "editor"}).status_code == 302
    assert reader.get("/o/bakery/registers/contacts/new").status_code == 200
    with scope_of(cast.bakery):
        rows = db.session().scalars(sa.select(Membership).where(Membership.user_id == cast.reader.id)).all()
        assert {(row.role, row.ends_at is None) for row in rows} == {(Role.READER, False), (Role.EDITOR, True)}
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "role.changed")).one()
        assert (entry.actor, entry.changes["role"]) == (cast.owner.name, ["reader", "editor"])


def test_membership_that_was_ended_opens_nothing_at_the_next_request(
    app: Flask, cast: Cast, membership_of: Callable[[Person], UUID]
) -> None:
    editor, owner = Visitor(app, cast.editor), Visitor(app, cast.owner)
    path = f"/o/bakery/people/members/{membership_of(cast.editor)}"
    assert editor.get("/o/bakery/plan/").status_code == 200
    assert owner.post(f"{path}/end").status_code == 302
    assert editor.get("/o/bakery/plan/").status_code == 404
    assert owner.post(f"{path}/end").status_code == 422
    assert owner.get(path).status_code == 404


def test_last_owner_stays_owner(
    app: Flask, cast: Cast, membership_of: Callable[[Person], UUID], scope_of: ScopeOf
) -> None:
    owner, path = Visitor(app, cast.owner), f"/o/bakery/people/members/{membership_of(cast.owner)}"
    assert owner.post(path, {"role": "reader"}).status_code == 422
    assert owner.post(f"{path}/end").status_code == 422
    assert owners(scope_of, cast.bakery) == 1


def test_two_owners_who_send_each_other_away_at_once_do_not_both_succeed(
    app: Flask, cast: Cast, membership_of: Callable[[Person], UUID], scope_of: ScopeOf
) -> None:
    second = f"/o/bakery/people/members/{membership_of(cast.editor)}"
    assert Visitor(app, cast.owner).post(second, {"role": "owner"}).status_code == 302
    visitors = {cast.owner: Visitor(app, cast.owner), cast.editor: Visitor(app, cast.editor)}
    targets = {cast.owner: membership_of(cast.editor), cast.editor: membership_of(cast.owner)}
    tokens = {person: visitor.token for person, visitor in visitors.items()}

    def send_away(person: Person) -> int:
        path = f"/o/bakery/people/members/{targets[person]}/end"
        return visitors[person].client.post(path, data={"csrf_token": tokens[person]}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send_away, visitors))
    assert answers[0] == 302
    assert answers[1] in {404, 422}
    assert owners(scope_of, cast.bakery) == 1


def test_owner_who_steps_down_is_led_out(app: Flask, cast: Cast, membership_of: Callable[[Person], UUID]) -> None:
    owner = Visitor(app, cast.owner)
    owner.post(f"/o/bakery/people/members/{membership_of(cast.editor)}", {"role": "owner"})
    answer = owner.post(f"/o/bakery/people/members/{membership_of(cast.owner)}/end")
    assert answer.headers["Location"] == "/organisations"
    assert owner.get("/o/bakery/people/").status_code == 404


@pytest.mark.parametrize("days", [-5, 5], ids=["under way", "still to begin"])
def test_assignment_ends_early_when_the_owner_says_so(app: Flask, cast: Cast, scope_of: ScopeOf, days: int) -> None:
    begins = clock.now() + timedelta(days=days)
    with scope_of(cast.bakery):
        row = Engagement(
            auditor_id=cast.stranger.id,
            reference="Audit 2026",
            plan=True,
            continuity=False,
            starts_at=begins,
            ends_at=begins + timedelta(days=30),
            given_by=cast.owner.id,
        )
        db.session().add(row)
        db.session().flush()
        engagement_id = row.id
    owner = Visitor(app, cast.owner)
    assert "Audit 2026" in owner.get("/o/bakery/people/").get_data(as_text=True)
    assert owner.post(f"/o/bakery/people/engagements/{engagement_id}/end").status_code == 302
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(Engagement)).one()
        assert row.ends_at <= max(clock.now(), begins)
        assert row.ended_by == cast.owner.id
    assert Visitor(app, cast.stranger).get("/o/bakery/plan/").status_code in {302, 303, 404}


def test_key_of_somebody_elses_member_is_not_found(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.other):
        foreign = db.session().scalars(sa.select(Membership.id)).one()
    owner = Visitor(app, cast.owner)
    for path in (f"members/{foreign}/end", f"members/{foreign}", f"invitations/{foreign}/resend"):
        assert owner.post(f"/o/bakery/people/{path}", {"role": "owner"}).status_code == 404
