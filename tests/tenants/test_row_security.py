"""The attack matrix again, with the session's guards in place and with them taken off: the database alone holds.

On SQLite there is no database to hold, so there the second half of the matrix does not exist.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from core import db
from plans.models import Contact, DataSet, Department, DepartmentSystem, System
from tenants import lock
from tenants.owned import Area
from tenants.scope import EVERY_AREA, LockError, Scope, close_scope, open_scope, reading, scoped, whole
from tests.cast import Cast

SECRET, MINE, ALONE = "Geheim Persoon", "Eigen Persoon", "Magazijn"
Read = Callable[[Session, int, UUID], Any]


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guards off the session."""
    guards: tuple[tuple[str, Any], ...] = (
        ("do_orm_execute", lock.guard_reads),
        ("before_flush", lock.guard_writes),
        ("before_attach", lock.guard_returns),
    )
    for name, guard in guards:
        event.remove(db.db.session, name, guard)
    try:
        yield
    finally:
        for name, guard in guards:
            event.listen(db.db.session, name, guard, insert=True)  # before others who wait for the same


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the database stand alone where there is one that can."""
    if "guards" in metafunc.fixturenames:
        alone = metafunc.config.getoption("--database") == "postgresql"
        metafunc.parametrize(
            "guards", ["session and database", "database alone"] if alone else ["session alone"], indirect=True
        )


@pytest.fixture
def guards(request: pytest.FixtureRequest, app: Flask, rows: dict[str, UUID]) -> Iterator[str]:
    """Which guards stand during the test; the rows were made under all of them."""
    assert app
    assert rows
    with unguarded() if request.param == "database alone" else nullcontext():
        yield request.param


@pytest.fixture
def rows(app: Flask, cast: Cast) -> dict[str, UUID]:
    """In each of two organisations a contact, the head of a department with a system, and things nobody refers to."""
    made = {}
    for name, tenant_id in ((MINE, cast.bakery.id), (SECRET, cast.other.id)):
        with app.app_context(), scoped(whole(tenant_id)):
            contact, system = Contact(name=name), System(name=f"Systeem van {name}")
            made[name] = contact.id
            db.session().add_all([contact, system])
            db.session().flush()
            department = Department(name=f"Afdeling van {name}", head_id=contact.id)
            db.session().add(department)
            db.session().flush()
            db.session().add(DepartmentSystem(department_id=department.id, system_id=system.id))
            db.session().add_all([Department(name=ALONE), DataSet(name=ALONE)])
    return made


@contextmanager
def inside(app: Flask, scope: Scope | None) -> Iterator[Session]:
    """Work in a transaction that may write, under `scope`, and drop it."""
    with app.app_context():
        db.begin(writes=True)
        if scope is not None:
            open_scope(scope)
        try:
            yield db.session()
        finally:
            db.rollback()
            close_scope()


def reached(session: Session, read: Read, tenant_id: int, row_id: UUID) -> Any:
    """Return what an attack reads; nothing when the session refuses it."""
    try:
        return read(session, tenant_id, row_id)
    except LockError:
        return []


def rows_of(build: Callable[[int, UUID], Any]) -> Read:
    return lambda session, tenant_id, row_id: session.execute(build(tenant_id, row_id)).all()


def _told(tenant_id: int, row_id: UUID) -> Any:
    """A statement that says the secret when the row exists."""
    return sa.select(sa.literal(SECRET)).where(sa.exists().where(Contact.id == row_id))


OTHER = aliased(Contact)
HEADS = aliased(Department)
READS: dict[str, Read] = {
    "all": rows_of(lambda _t, _r: sa.select(Contact.name)),
    "by id": rows_of(lambda _t, row: sa.select(Contact.name).where(Contact.id == row)),
    "by organisation": rows_of(lambda tenant, _r: sa.select(Contact.name).where(Contact.tenant_id == tenant)),
    "alias": rows_of(lambda _t, row: sa.select(OTHER.name).where(OTHER.id == row)),
    "join": rows_of(lambda _t, _r: sa.select(Contact.name).join(Department, Department.head_id == Contact.id)),
    "outer join": rows_of(
        lambda _t, _r: sa.select(Contact.name).outerjoin(Department, Department.head_id == Contact.id)
    ),
    "other table": rows_of(lambda _t, _r: sa.select(HEADS.name)),
    "bare exists": rows_of(_told),
    "scalar subquery": rows_of(
        lambda _t, row: sa.select(sa.select(Contact.name).where(Contact.id == row).scalar_subquery())
    ),
    "in subquery": rows_of(lambda _t, _r: sa.select(Contact.name).where(Contact.id.in_(sa.select(OTHER.id)))),
    "cte": rows_of(lambda _t, _r: sa.select(sa.select(Contact.name).cte().c.name)),
    "union": rows_of(lambda _t, _r: sa.union_all(sa.select(Contact.name), sa.select(Department.name))),
    "or true": rows_of(lambda _t, row: sa.select(Contact.name).where(sa.or_(Contact.id == row, sa.true()))),
    "the table itself": rows_of(lambda _t, _r: sa.select(sa.inspect(Contact).local_table.c.name)),
    "raw": rows_of(lambda _t, _r: sa.text("SELECT name FROM contact")),
    "raw under a class": lambda session, _t, _r: [
        row.name
        for row in session.scalars(sa.select(Contact).from_statement(sa.text("SELECT * FROM contact ORDER BY name")))
    ],
    "raw inside": rows_of(
        lambda _t, _r: sa.select(sa.literal_column("(SELECT max(name) FROM contact WHERE name LIKE 'Geheim%')"))
    ),
    "by key": lambda session, tenant, row: [
        found.name for found in [session.get(Contact, (tenant, row))] if found is not None
    ],
}


SCOPES_TO_READ: dict[str, Callable[[int, int], Scope | None]] = {
    "bakery": lambda mine, _theirs: whole(mine),
    "none": lambda _mine, _theirs: None,
    "bakery without the area": lambda mine, _theirs: reading(frozenset({mine}), EVERY_AREA - {Area.PLAN}),
}


@pytest.mark.parametrize("scope", SCOPES_TO_READ)
@pytest.mark.usefixtures("guards")
def test_no_way_of_reading_reaches_another_organisation(
    app: Flask, cast: Cast, rows: dict[str, UUID], scope: str
) -> None:
    opened = SCOPES_TO_READ[scope](cast.bakery.id, cast.other.id)
    for name, read in READS.items():
        with inside(app, opened) as session:
            found = repr(reached(session, read, cast.other.id, rows[SECRET]))
            assert SECRET not in found, name
            assert scope == "bakery" or MINE not in found, name


def test_each_way_of_reading_reaches_what_is_there_once_nothing_forbids_it(
    app: Flask, cast: Cast, rows: dict[str, UUID]
) -> None:
    for name, read in READS.items():
        with unguarded(), inside(app, whole(cast.other.id)) as session:
            assert SECRET in repr(reached(session, read, cast.other.id, rows[SECRET])), name


@pytest.mark.usefixtures("guards")
def test_what_was_read_under_one_scope_is_not_read_again_under_another(
    app: Flask, cast: Cast, rows: dict[str, UUID]
) -> None:
    with inside(app, whole(cast.other.id)) as session:
        query = sa.select(Contact).where(Contact.id == rows[SECRET]).options(sa.orm.defer(Contact.name))
        row = session.scalars(query).one()
        close_scope()
        open_scope(whole(cast.bakery.id))

        def again(read: Callable[[], object]) -> None:
            session.add(row)
            read()

        for read in (lambda: session.refresh(row), lambda: row.name):
            with pytest.raises((LockError, InvalidRequestError, ObjectDeletedError)):
                again(read)
            assert "name" not in row.__dict__


Write = Callable[[Session, int, int, UUID], Any]


def _orm_insert(session: Session, _mine: int, theirs: int, _row: UUID) -> None:
    session.add(Contact(tenant_id=theirs, name="Smokkel"))
    session.flush()


def _orm_change(session: Session, _mine: int, theirs: int, row: UUID) -> None:
    found = session.get(Contact, (theirs, row))
    if found is not None:
        found.name = "Smokkel"
        session.flush()


def _move(session: Session, mine: int, theirs: int, _row: UUID) -> None:
    query = sa.select(Department).where(Department.tenant_id == mine, Department.name == ALONE)
    for found in session.scalars(query).all():
        found.tenant_id = theirs
    session.flush()


def does(build: Callable[[int, int, UUID], Any]) -> Write:
    return lambda session, mine, theirs, row: session.execute(build(mine, theirs, row))


WRITES: dict[str, Write] = {
    "insert": _orm_insert,
    "change": _orm_change,
    "move": _move,
    "bulk insert": does(
        lambda _m, theirs, row: sa.insert(Department).values(tenant_id=theirs, id=row, name="Smokkel", version=1)
    ),
    "bulk update": does(lambda _m, _t, _r: sa.update(Department).values(name="Smokkel")),
    "bulk update by key": does(lambda _m, _t, row: sa.update(Contact).where(Contact.id == row).values(name="Smokkel")),
    "bulk move": does(
        lambda mine, theirs, _r: (
            sa.update(Department).where(Department.tenant_id == mine, Department.name == ALONE).values(tenant_id=theirs)
        )
    ),
    # Without a condition it reads nothing, so that only what may be written stands in its way.
    "raw move": does(lambda _m, theirs, _r: sa.text("UPDATE data_set SET tenant_id = :to").bindparams(to=theirs)),
    "raw update": does(lambda _m, _t, _r: sa.text("UPDATE contact SET name = 'Smokkel'")),
    "raw delete": does(lambda _m, _t, _r: sa.text("DELETE FROM department_system")),
    "bulk delete": does(lambda _m, _t, _r: sa.delete(DepartmentSystem)),
    "link across": does(
        lambda mine, _t, row: sa.update(Department).where(Department.tenant_id == mine).values(head_id=row)
    ),
}


EVERYTHING = (
    sa.select(Contact.tenant_id, Contact.id, Contact.name),
    sa.select(Department.tenant_id, Department.id, Department.name, Department.head_id),
    sa.select(DepartmentSystem.tenant_id, DepartmentSystem.id),
    sa.select(DataSet.tenant_id, DataSet.id),
)


def all_of(tenant_id: int) -> set[Any]:
    """Return all the rows an organisation has, in the scope that is open."""
    return {row for query in EVERYTHING for row in db.session().execute(query) if row.tenant_id == tenant_id}


def theirs_now(app: Flask, cast: Cast) -> set[Any]:
    """Return all that the other business has, under its own scope."""
    with app.app_context(), scoped(whole(cast.other.id), writes=False):
        return all_of(cast.other.id)


SCOPES_TO_WRITE: dict[str, Callable[[int, int], Scope | None]] = {
    "bakery": lambda mine, _theirs: whole(mine),
    "none": lambda _mine, _theirs: None,
    "both, to read": lambda mine, theirs: reading(frozenset({mine, theirs})),
    "both, to write another area": lambda mine, theirs: Scope(
        frozenset({mine, theirs}), EVERY_AREA, EVERY_AREA - {Area.PLAN}
    ),
}
REFUSALS = (LockError, DBAPIError, StaleDataError)


@pytest.mark.parametrize("scope", SCOPES_TO_WRITE)
@pytest.mark.usefixtures("guards")
def test_no_way_of_writing_reaches_another_organisation(
    app: Flask, cast: Cast, rows: dict[str, UUID], scope: str
) -> None:
    opened = SCOPES_TO_WRITE[scope](cast.bakery.id, cast.other.id)
    before = theirs_now(app, cast)
    for name, write in WRITES.items():
        with inside(app, opened) as session, suppress(*REFUSALS):
            write(session, cast.bakery.id, cast.other.id, rows[SECRET])
            db.commit()
        assert theirs_now(app, cast) == before, name


def test_each_way_of_writing_changes_what_is_there_once_nothing_forbids_it(
    app: Flask, cast: Cast, rows: dict[str, UUID]
) -> None:
    both = Scope(frozenset({cast.bakery.id, cast.other.id}), EVERY_AREA, EVERY_AREA)
    before = theirs_now(app, cast)
    for name, write in WRITES.items():
        with unguarded(), inside(app, both) as session:
            if name == "link across":  # the one thing that no scope makes possible
                with pytest.raises(IntegrityError):
                    write(session, cast.bakery.id, cast.other.id, rows[SECRET])
            else:
                write(session, cast.bakery.id, cast.other.id, rows[SECRET])
                assert all_of(cast.other.id) != before, name
