"""The attack matrix: a query that forgets the organisation cannot run, a write that mixes two cannot be saved."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from core import clock, db
from core.db import Base
from plans.models import Asset, AssetKind, BackupCopy, Contact, CopyOf, CopySighting, Department, Sighted
from tenants.models import Membership, TenantChange, TrailEntry
from tenants.owned import Area
from tenants.scope import LockError, Scope, change_scope, close_scope, open_scope, reading, scoped, whole
from tests.cast import Cast, Organisation

Scoped = Callable[[Organisation], AbstractContextManager[None]]


@pytest.fixture
def hers(scope_of: Scoped, cast: Cast) -> UUID:
    """A contact of the other business."""
    with scope_of(cast.other):
        row = Contact(name="Geheim Persoon", phone="+31612345678")
        db.session().add(row)
        db.session().flush()
        return row.id


@pytest.fixture
def inside(app: Flask, cast: Cast, hers: UUID) -> Iterator[None]:
    """An open scope of the bakery, beside the other business's contact."""
    with app.app_context():
        db.begin(writes=True)
        open_scope(whole(cast.bakery.id))
        yield
        db.rollback()
        close_scope()


@pytest.mark.usefixtures("inside")
def test_no_way_of_reading_reaches_another_organisation(cast: Cast, hers: UUID) -> None:
    other = aliased(Contact)
    session = db.session()
    exists = sa.exists().where(Contact.id == hers)
    scalar = sa.select(Contact.name).where(Contact.id == hers).scalar_subquery()
    cte = sa.select(Contact.id, Contact.name).cte()
    sub = sa.select(Contact).subquery()
    union = sa.union_all(sa.select(Contact.name), sa.select(Contact.name)).subquery()
    reads = {
        "all": sa.select(Contact),
        "by id": sa.select(Contact).where(Contact.id == hers),
        "by organisation": sa.select(Contact).where(Contact.tenant_id == cast.other.id),
        "columns": sa.select(Contact.name),
        "alias": sa.select(other).where(other.id == hers),
        "self join": sa.select(other.name).join(Contact, Contact.id == other.id),
        "cte": sa.select(cte.c.name),
        "subquery": sa.select(sub.c.name),
        "aliased subquery": sa.select(aliased(Contact, sub)),
        "union": sa.select(union.c.name),
        "scalar subquery": sa.select(scalar).where(sa.literal(1) == 1).where(scalar.is_not(None)),
        "exists in where": sa.select(sa.literal(1)).select_from(Contact).where(exists),
        "or true": sa.select(Contact).where(sa.or_(Contact.id == hers, sa.true())),
        "in": sa.select(Contact).where(Contact.id.in_(sa.select(other.id))),
        "outer join": sa.select(Contact.name).outerjoin(Department, Department.head_id == Contact.id),
    }
    for name, query in reads.items():
        assert session.execute(query).all() == [], name
    assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 0
    assert session.get(Contact, (cast.other.id, hers)) is None


def past_the_class(contact: Any) -> list[Any]:
    """Statements over mapped classes that bring in a bare table: nothing would narrow it."""
    return [
        sa.select(Department.name).where(sa.exists(sa.select(contact.c.name))),
        sa.select(Department.name, contact.c.name),
        sa.select(Department.name, sa.select(contact.c.name).limit(1).scalar_subquery()),
        sa.select(Department.name).where(contact.c.name != ""),
        sa.select(Department.name).join(contact, sa.true()),
        sa.select(Department.name, sa.select(sa.func.count()).select_from(contact).scalar_subquery()),
    ]


@pytest.mark.usefixtures("inside")
def test_statements_the_lock_cannot_narrow_are_refused() -> None:
    session = db.session()
    statements: list[Any] = [
        sa.text("SELECT name FROM contact"),
        sa.select(Contact.__table__),
        sa.select(Contact).from_statement(sa.text("SELECT * FROM contact")),
        sa.select(Contact).where(sa.text("1 = 1")),
        sa.select(sa.literal_column("(SELECT max(name) FROM contact)")).select_from(Contact),
        sa.union(sa.select(Contact.name), sa.select(Contact.email)),
        sa.update(Contact).values(name="x"),
        sa.delete(Contact),
        sa.select(sa.exists().where(Contact.name == "x")),
        sa.insert(Contact).values(name="x"),
        sa.update(Base.metadata.tables["contact"]).values(name="x"),
        *past_the_class(Base.metadata.tables["contact"]),
        *past_the_class(Base.metadata.tables["contact"].alias()),
        *past_the_class(sa.table("contact", sa.column("name"))),
    ]
    for statement in statements:
        with pytest.raises(LockError):
            session.execute(statement)


def test_without_a_scope_nothing_owned_can_be_read_or_written(app: Flask) -> None:
    with app.app_context():
        db.begin(writes=True)
        with pytest.raises(LockError, match="no scope"):
            db.session().execute(sa.select(Contact))
        db.session().add(Contact(name="Niemand"))
        with pytest.raises(LockError, match="no scope"):
            db.session().flush()


def test_a_row_under_another_organisation_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(LockError, match="another organisation"), scoped(whole(cast.bakery.id)):
        db.session().add(Contact(tenant_id=cast.other.id, name="Smokkel"))


def test_a_row_cannot_move_to_another_organisation(app: Flask, cast: Cast) -> None:
    both = Scope(frozenset({cast.bakery.id, cast.other.id}), frozenset(Area), frozenset(Area))
    with app.app_context(), scoped(both):
        row = Contact(tenant_id=cast.bakery.id, name="Verhuizer")
        db.session().add(row)
        db.session().flush()
        row.tenant_id = cast.other.id
        with pytest.raises(LockError, match="cannot move"):
            db.session().flush()
        db.rollback()


def test_an_area_outside_the_scope_is_neither_read_nor_written(app: Flask, cast: Cast) -> None:
    only = frozenset({Area.CONTINUITY})
    with app.app_context(), scoped(Scope(frozenset({cast.bakery.id}), only, only), writes=False):
        with pytest.raises(LockError, match="area plan"):
            db.session().execute(sa.select(Contact))
        db.session().add(Contact(name="x"))
        with pytest.raises(LockError, match="area plan"):
            db.session().flush()


def test_a_reading_scope_writes_nothing_at_all(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
        db.session().add(Contact(name="x"))
        with pytest.raises(LockError, match="only reads"):
            db.session().flush()
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Contact)).all() == []


def test_scopes_do_not_nest_and_forget_what_the_last_one_held(app: Flask, cast: Cast, hers: UUID) -> None:
    with app.app_context():
        db.begin(writes=False)
        open_scope(whole(cast.other.id))
        assert db.session().get(Contact, (cast.other.id, hers)) is not None
        with pytest.raises(LockError, match="nest"):
            open_scope(whole(cast.bakery.id))
        close_scope()
        open_scope(whole(cast.bakery.id))
        assert db.session().get(Contact, (cast.other.id, hers)) is None


def test_a_changed_scope_forgets_what_the_one_before_held(app: Flask, cast: Cast, hers: UUID) -> None:
    with app.app_context():
        db.begin(writes=False)
        open_scope(whole(cast.other.id))
        found = db.session().get_one(Contact, (cast.other.id, hers))
        change_scope(whole(cast.bakery.id))
        assert found not in db.session()
        assert db.session().get(Contact, (cast.other.id, hers)) is None
        close_scope()


@pytest.mark.parametrize("change", ["added", "changed", "deleted"])
def test_what_is_not_saved_does_not_cross_into_another_scope(app: Flask, cast: Cast, hers: UUID, change: str) -> None:
    with app.app_context():
        db.begin(writes=True)
        open_scope(whole(cast.other.id))
        found = db.session().get_one(Contact, (cast.other.id, hers))
        if change == "changed":
            found.name = "Iemand anders"
        else:
            (db.session().add(Contact(name="Nieuw")) if change == "added" else db.session().delete(found))
        with pytest.raises(LockError, match="may not cross"):
            change_scope(whole(cast.bakery.id))
        db.rollback()
        close_scope()


def test_a_row_of_another_scope_is_not_taken_up_again(app: Flask, cast: Cast, hers: UUID) -> None:
    with app.app_context():
        with scoped(whole(cast.other.id), writes=False):
            found = db.session().get_one(Contact, (cast.other.id, hers))
            db.session().expunge(found)
        with scoped(whole(cast.bakery.id), writes=False), pytest.raises(LockError, match="read in another scope"):
            db.session().add(found)


def test_what_is_asked_for_by_another_name_is_narrowed_in_a_scope_of_several(
    app: Flask, cast: Cast, hers: UUID
) -> None:
    other = aliased(Contact)
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id, cast.supplier.id})), writes=False):
        assert db.session().scalars(sa.select(other.name).where(other.id == hers)).all() == []
    with app.app_context(), scoped(reading(frozenset({cast.bakery.id, cast.other.id})), writes=False):
        assert db.session().scalars(sa.select(other.name).where(other.id == hers)).all() == ["Geheim Persoon"]


def test_what_was_written_once_is_never_changed(scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.bakery):
        copy = BackupCopy(name="Disk", holds=CopyOf.DATA)
        db.session().add(copy)
        db.session().flush()
        seen = CopySighting(copy_id=copy.id, sighted=Sighted.THERE, seen_on=clock.today(), seen_at=clock.now())
        db.session().add(seen)
        db.session().flush()
        seen.seen_by = "Henk"
        with pytest.raises(LockError, match="never changed"):
            db.session().flush()
        db.rollback()


def test_a_scope_of_nobody_has_no_one_organisation() -> None:
    for several in (frozenset[int](), frozenset({1, 2})):
        with pytest.raises(LockError, match="scope of one organisation"):
            _ = reading(several).only_tenant


def test_the_database_itself_refuses_a_link_to_another_organisation(scope_of: Scoped, cast: Cast, hers: UUID) -> None:
    with pytest.raises(IntegrityError), scope_of(cast.bakery):
        db.session().add(Department(name="Winkel", head_id=hers))


def test_rows_that_an_auditor_may_ask_for_cannot_be_deleted(scope_of: Scoped, cast: Cast, hers: UUID) -> None:
    with pytest.raises(LockError, match="archived"), scope_of(cast.other):
        db.session().delete(db.session().get_one(Contact, (cast.other.id, hers)))


def test_every_change_is_written_in_the_trail_and_marks_the_organisation(scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.bakery):
        row = Asset(kind=AssetKind.SERVER, name="Kast")
        row_id = row.id
        db.session().add(row)
    with scope_of(cast.bakery):
        found = db.session().get_one(Asset, (cast.bakery.id, row_id))
        found.name = "Kast 2"
    with scope_of(cast.bakery):
        entries = db.session().scalars(sa.select(TrailEntry).order_by(TrailEntry.at)).all()
        told = [
            (entry.action, entry.subject, entry.changes.get("name")) for entry in entries if entry.subject == "asset"
        ]
        assert told == [("created", "asset", "Kast"), ("changed", "asset", ["Kast", "Kast 2"])]
        mark = db.session().get_one(TenantChange, cast.bakery.id)
        assert mark.seq >= 2


def test_memberships_of_others_stay_out_of_sight(scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.other):
        found = db.session().scalars(sa.select(Membership.user_id)).all()
        assert found == [cast.stranger.id]
