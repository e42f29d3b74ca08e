"""How somebody would go about it who holds the database, and even owns its tables, but not the key."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask

from core import db
from core.clock import now
from core.settings import Settings
from plans.models import Asset, AssetKind
from tenants import trail
from tenants.models import TrailEntry, TrailHead
from tenants.scope import scoped, whole
from tenants.trail import anchors
from tenants.trail.verifying import ERASURE, Anchored, Broken, Verdict, verify
from tests.cast import Organisation, Person

TABLES = ("trail_entry", "trail_head", "account_event")
ENTRY, HEAD = cast(sa.Table, TrailEntry.__table__), cast(sa.Table, TrailHead.__table__)


def fill(app: Flask, organisation: Organisation, count: int) -> None:
    """Make `count` changes that people would make, each in a transaction of its own."""
    for number in range(count):
        with app.app_context(), scoped(whole(organisation.id)):
            db.session().add(Asset(kind=AssetKind.SERVER, name=f"Kast {number}"))


def sign_in(app: Flask, person: Person) -> None:
    """Write down that somebody signed in."""
    with app.app_context():
        db.begin(writes=True)
        trail.account_event(person.id, "sign_in", method="password")
        db.commit()


def verdict_on(app: Flask, slug: str, known: Mapping[int, Mapping[int, Anchored]] | None = None) -> Verdict:
    """Verify one chain."""
    with app.app_context():
        return next(one for one in list(verify(known or {})) if one.name == slug)


def broken(app: Flask, slug: str, known: Mapping[int, Mapping[int, Anchored]] | None = None) -> Broken | None:
    """Return what is wrong with one chain."""
    return verdict_on(app, slug, known).broken


def anchored(app: Flask) -> dict[int, dict[int, Anchored]]:
    """Anchor all chains in a file and read it back."""
    with app.app_context():
        db.begin(writes=False)
        text = anchors.make(now())
        db.rollback()
        return anchors.read([anchors.keep(text, app.config["SETTINGS"].anchor_dir, now())])


def erase(app: Flask, organisation: Organisation, seqs: list[int]) -> int:
    """Take the content of entries away as an erasure does; return the number of the entry that tells of it."""
    with app.app_context(), scoped(whole(organisation.id)):
        trail.record(ERASURE, entries=seqs)
        db.session().flush()
        by = db.session().scalar(sa.select(TrailEntry.seq).order_by(TrailEntry.seq.desc()).limit(1))
    gone = {"erased_by": by, "actor": "", "user_id": None, "label": "", "salt": None}
    chosen = sa.and_(ENTRY.c.tenant_id == organisation.id, ENTRY.c.seq.in_(seqs))
    with as_owner(app, guarded=True) as connection:
        empty = sa.literal(b"", sa.LargeBinary())
        assert connection.execute(sa.update(ENTRY).where(chosen).values(**gone, changes=empty)).rowcount == len(seqs)
    assert by is not None
    return by


@contextmanager
def as_owner(app: Flask, *, guarded: bool = False) -> Iterator[sa.Connection]:
    """Change rows as the owner of the tables; unless `guarded`, without the triggers of the database."""
    settings: Settings = app.config["SETTINGS"]
    engine = sa.create_engine(settings.owner_database_url or settings.database_url, poolclass=sa.NullPool)
    on_postgresql = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if on_postgresql:
            connection.exec_driver_sql("ALTER TABLE trail_entry NO FORCE ROW LEVEL SECURITY")
        if not guarded:
            _disarm(connection)
        yield connection
        if on_postgresql:
            connection.exec_driver_sql("ALTER TABLE trail_entry FORCE ROW LEVEL SECURITY")
    engine.dispose()


def _disarm(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def attack(app: Flask, statement: sa.Executable) -> None:
    """Run one statement as the owner; it must hit something, or it proves nothing."""
    with as_owner(app) as connection:
        assert connection.execute(statement).rowcount != 0


def owner_rows(app: Flask, organisation: Organisation) -> Sequence[Any]:
    """Return the entries of an organisation as they lie in the database, first one first."""
    columns = [column for column in ENTRY.columns if column.name != "changes"]
    sealed = sa.type_coerce(ENTRY.c.changes, sa.LargeBinary()).label("changes")
    query = sa.select(*columns, sealed).where(ENTRY.c.tenant_id == organisation.id).order_by(ENTRY.c.seq)
    with as_owner(app, guarded=True) as connection:
        return connection.execute(query).all()


def put_back(app: Flask, organisation: Organisation, seq: int) -> None:
    """Put a chain back to its entry `seq`, head and all, as an old copy of the database would."""
    ours = ENTRY.c.tenant_id == organisation.id
    with as_owner(app) as connection:
        link = connection.scalar(sa.select(ENTRY.c.link).where(ours, ENTRY.c.seq == seq))
        connection.execute(sa.delete(ENTRY).where(ours, ENTRY.c.seq > seq))
        connection.execute(sa.update(HEAD).where(HEAD.c.chain == organisation.id).values(seq=seq, link=link))


def refuse_entries(app: Flask) -> None:
    """Make the head unwritable, as on a full or damaged disk."""
    with as_owner(app, guarded=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE UPDATE ON trail_head BEGIN SELECT RAISE(ABORT, 'no room'); END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'no room'; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE UPDATE ON trail_head FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
