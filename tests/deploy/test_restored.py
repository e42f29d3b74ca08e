"""A copy of database and files, made as docs/running.md tells, is the service it was; with other keys it is nothing."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from audits.made.retention import thin_out
from audits.models import AuditState, Finding
from audits.sweeping import sweep
from core import clock, db
from core.files import files
from core.vault import MasterKeyError, SealError
from core.vault.keeper import make_file
from plans.models import Contact, System
from tenants.keys.data_keys import check_master_key
from tenants.models import StoredFile
from tenants.scope import scoped, whole
from tenants.trail.verifying import verify
from tests.asof.test_standing import judge, workbook
from tests.cast import Cast, Organisation
from tests.conftest import Stable, settings_for
from tests.made.test_retention import aged, report, there
from tests.postgres import server_programs
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
DAYS = timedelta(days=40)
LONG_OVER, FILES = clock.today() - DAYS, {b"evidence", b"a workbook"}


def stood(app: Flask, place: Organisation) -> bool:
    """Judge an organisation, due or not; tell whether every row was the one it was judged by before."""
    with app.app_context():
        done = sweep.run([place.id])
        assert done.judged == [place.id]
        return bool(done.unchanged)


def told(app: Flask, place: Organisation) -> object:
    """What stands in the ledger, and when that was judged."""
    with app.app_context(), scoped(whole(place.id), writes=False):
        found = db.session().execute(sa.select(Finding.id, Finding.closed_at).order_by(Finding.id)).all()
        return found, db.session().execute(sa.select(AuditState.times, AuditState.judged_at)).one()


@pytest.fixture
def report_id(app: Flask, cast: Cast, scope_of: Scoped) -> UUID:
    """The bakery after a while: a day that was kept, files, a made report, judgements that stand."""
    place, at = cast.bakery, clock.now()
    with scope_of(place):
        db.session().add_all([Contact(name="Anna", phone="1", confirmed_on=LONG_OVER), System(name="Till")])
        digest = files().put(place.id, b"evidence")
        upload = StoredFile(name="a.pdf", media_type="application/pdf", size=8, sha256=digest, uploaded_at=at)
        db.session().add(upload)
        made = report(place, b"a workbook", days=3)
        aged(place)
    judge(app, LONG_OVER, at - DAYS, place.id)
    assert [stood(app, place) for _ in range(2)] == [False, True]
    return made


@pytest.fixture
def restored(app: Flask, stable: Stable, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make the service anew from copies of the database and of the files."""
    made: list[tuple[Flask, str]] = []

    def restore(**more: str) -> Flask:
        address, owner = stable.fresh("")
        copied = tmp_path / f"restored {len(made)}"
        source = app.config["SETTINGS"].database_url
        if stable.postgres is None:
            old, new = (sa.make_url(one).database or "" for one in (source, address))
            with closing(sqlite3.connect(old)) as reading, closing(sqlite3.connect(new)) as writing:
                reading.backup(writing)
        else:
            admin, dump = (
                sa.make_url(stable.postgres.admin).set(drivername="postgresql"),
                tmp_path / f"{len(made)}.dump",
            )
            from_, to = (
                admin.set(database=sa.make_url(one).database).render_as_string(hide_password=False)
                for one in (source, address)
            )
            tools = server_programs()
            subprocess.run([tools / "pg_dump", "--format=custom", "--file", dump, from_], check=True)
            subprocess.run([tools / "pg_restore", "--exit-on-error", "--dbname", to, dump], check=True)
        shutil.copytree(app.config["SETTINGS"].data_dir / "files", copied / "files")
        made.append((create_app(settings_for(address, owner, copied, **more)), address))
        return made[-1][0]

    yield restore
    for one, address in made:
        with one.app_context():
            db.rollback()
            db.session().close()
            db.engine().dispose()
        stable.drop(address)


def test_a_copy_is_the_service_it_was(app: Flask, cast: Cast, report_id: UUID, restored: Callable[..., Flask]) -> None:
    place, names = cast.bakery, ("findings", "inventory", "plan")
    before = [workbook(app, place.id, name, LONG_OVER) for name in names]
    ledger = told(app, place)
    copy = restored()
    assert told(copy, place) == ledger
    assert [workbook(copy, place.id, name, LONG_OVER) for name in names] == before
    with copy.app_context():
        assert [one.broken for one in verify({})] == [None] * len(list(verify({})))
        thin_out()
    with copy.app_context(), scoped(whole(place.id), writes=False):
        assert there(place) == FILES
    fetched = Visitor(copy, cast.owner).get(f"/o/{place.slug}/reports/made/{report_id}/file")
    assert (fetched.status_code, fetched.data) == (200, b"a workbook")
    assert stood(copy, place), "the digest of its rows came along"
    with copy.app_context(), scoped(whole(place.id)):
        db.session().scalars(sa.select(Contact)).one().confirmed_on = None
    assert not stood(copy, place)
    assert told(copy, place) != ledger
    assert told(app, place) == ledger


@pytest.mark.parametrize("other", [True, False], ids=["another key", "no key"])
@pytest.mark.usefixtures("report_id")
def test_a_copy_without_its_key_is_not_judged_and_loses_nothing(
    app: Flask, cast: Cast, restored: Callable[..., Flask], tmp_path: Path, other: bool
) -> None:
    place, key = cast.bakery, tmp_path / "its.key"
    ledger = told(app, place)
    if other:
        make_file(key)
    copy = restored(MASTER_KEY_FILE=str(key))
    with copy.app_context():
        with pytest.raises(MasterKeyError):
            check_master_key()
        assert sweep.run([place.id]).failed == [place.id]
        thin_out()
    with copy.app_context(), scoped(whole(place.id), writes=False):
        with pytest.raises((SealError, MasterKeyError)):
            there(place)
        assert len(files().put_before(place.id, clock.now())) == len(FILES)
    assert told(copy, place) == ledger
