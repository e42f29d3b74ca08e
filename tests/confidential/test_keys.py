"""Data keys: made once, never remembered before they are kept, replaced while people work, lost with nobody unaware."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app, create_server
from core import clock, db
from core.files import FileStore
from core.vault import FileKeeper, MasterKeyError, SealError, keeper
from plans.models import Contact
from tenants import services
from tenants.keys import rotation
from tenants.keys.data_keys import TABLE, check_master_key
from tenants.models import TotpFactor
from tenants.scope import LockError, scoped, whole
from tenants.services import TenantValues
from tests.cast import Cast, Organisation
from tests.confidential.contacts import add, another, closed, phones, versions
from tests.conftest import Stable, settings_for

Scoped = Callable[[Organisation], AbstractContextManager[None]]


@pytest.fixture
def newcomer(app: Flask) -> int:
    """An organisation of which nothing was sealed yet."""
    with app.app_context():
        db.begin(writes=True)
        tenant_id = services.add_tenant(TenantValues(name="Nieuw"), at=clock.now()).id
        db.commit()
    return tenant_id


def test_the_first_sealed_value_makes_the_key(app: Flask, newcomer: int) -> None:
    assert versions(app, newcomer) == []
    add(app, newcomer, "06-1")
    assert versions(app, newcomer) == [1]


def test_a_key_of_a_dropped_transaction_is_forgotten(app: Flask, newcomer: int) -> None:
    with app.app_context(), scoped(whole(newcomer)):
        db.session().add(Contact(name="Weg", phone="06-0"))
        db.session().flush()
        assert list(db.session().scalars(sa.select(Contact.phone))) == ["06-0"]
        db.rollback()
    add(app, newcomer, "06-1")
    fresh = another(app)
    assert phones(fresh, newcomer) == ["06-1"]
    closed(fresh)


def test_a_key_of_a_dropped_savepoint_is_forgotten(app: Flask, newcomer: int) -> None:
    with app.app_context(), scoped(whole(newcomer)):
        savepoint = db.session().begin_nested()
        db.session().add(Contact(name="Weg", phone="06-0"))
        db.session().flush()
        savepoint.rollback()
        db.session().add(Contact(name="Henk", phone="06-1"))
        db.session().flush()
        assert list(db.session().scalars(sa.select(Contact.phone))) == ["06-1"]
    fresh = another(app)
    assert phones(fresh, newcomer) == phones(app, newcomer) == ["06-1"]
    closed(fresh)


def test_first_values_written_at_once_share_one_key(app: Flask, newcomer: int) -> None:
    ready = threading.Barrier(8)

    def write(number: int) -> None:
        ready.wait()
        add(app, newcomer, f"06-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert versions(app, newcomer) == [1]
    assert phones(app, newcomer) == [f"06-{number}" for number in range(8)]


@pytest.fixture
def own_master(app: Flask, stable: Stable, tmp_path: Path) -> Path:
    """A master key that this test may change: a copy of the one all tests share."""
    path = tmp_path / "own.key"
    path.write_bytes(app.config["SETTINGS"].master_key_file.read_bytes())
    return path


def with_master(app: Flask, path: Path) -> Flask:
    settings = app.config["SETTINGS"]
    return create_app(
        settings_for(settings.database_url, settings.owner_database_url, settings.data_dir, MASTER_KEY_FILE=str(path))
    )


def test_a_new_master_key_takes_the_place_of_the_old(app: Flask, cast: Cast, own_master: Path) -> None:
    add(app, cast.bakery.id, "06-1")
    ours = with_master(app, own_master)
    with ours.app_context():
        db.begin(writes=True)
        db.session().add(TotpFactor(user_id=cast.owner.id, secret="JBSWY3DP", added_at=clock.now(), last_step=0))
        db.commit()
        held = keeper()
        assert isinstance(held, FileKeeper)
        old, new = held.newest, held.add_master()
        assert rotation.rewrap() >= 2
        assert rotation.rewrap() == 0
    kept = [line for line in own_master.read_text(encoding="ascii").splitlines() if f"key {old} " not in line]
    own_master.write_text("\n".join(kept), encoding="ascii")
    closed(ours)
    fresh = with_master(app, own_master)
    assert phones(fresh, cast.bakery.id) == ["06-1"]
    with fresh.app_context():
        assert keeper().newest == new
        assert db.session().scalars(sa.select(TotpFactor.secret)).all() == ["JBSWY3DP"]
        db.rollback()
        check_master_key()
    closed(fresh)


def test_no_server_starts_without_the_master_key(
    app: Flask, cast: Cast, own_master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.config["SETTINGS"]
    monkeypatch.setenv("WAARBORG_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("WAARBORG_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("WAARBORG_SCHEDULER", "off")
    monkeypatch.setenv("WAARBORG_MASTER_KEY_FILE", str(own_master))
    closed(create_server())
    own_master.unlink()
    with pytest.raises(MasterKeyError, match="is missing, and this database cannot be read without it"):
        create_server()
    assert not own_master.exists(), "a new key beside sealed rows would be the loss of the old one"
    monkeypatch.setenv("WAARBORG_MASTER_KEY_FILE", str(other := own_master.with_name("other.key")))
    other.write_text(f"mac {'A' * 43}=\nkey other {'B' * 43}=\n", encoding="ascii")
    with pytest.raises(MasterKeyError, match="which this database was filled with"):
        create_server()


def test_a_key_of_one_organisation_opens_in_no_other(app: Flask, cast: Cast) -> None:
    add(app, cast.bakery.id, "06-1")
    add(app, cast.other.id, "06-2")
    with app.app_context(), scoped(whole(cast.bakery.id)):
        connection = db.session().connection()
        query = sa.select(TABLE.c.wrapped).where(TABLE.c.tenant_id == cast.other.id)
        wrapped = connection.execute(query).scalar_one()
        connection.execute(sa.update(TABLE).where(TABLE.c.tenant_id == cast.bakery.id).values(wrapped=wrapped))
    fresh = another(app)
    with pytest.raises(SealError):
        phones(fresh, cast.bakery.id)
    closed(fresh)


def test_keys_are_lent_to_an_open_scope_only(app: Flask, cast: Cast) -> None:
    store = FileStore(app.config["SETTINGS"].data_dir / "files")
    with app.app_context(), scoped(whole(cast.bakery.id)):
        digest = store.put(cast.bakery.id, b"%PDF")
    with app.app_context(), scoped(whole(cast.other.id)), pytest.raises(LockError):
        store.get(cast.bakery.id, digest)
    with app.app_context(), pytest.raises(LockError):
        store.get(cast.bakery.id, digest)
