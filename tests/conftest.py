"""Fixtures: a fresh migrated database for each test, on SQLite or PostgreSQL, with the cast in it."""

import gc
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app import create_app
from core import db, migrating
from core.settings import Settings, read_settings
from dev.suites import TESTS_FOLDER
from tenants.door import AFTER_WRITE
from tenants.scope import scoped, whole
from tests import cast as casting
from tests.cast import Cast, Organisation, Person
from tests.filled import Filled
from tests.postgres import PostgresUrls, running_postgres
from tests.reused import TEMPLATES, Kept, KeptRule, Marks, remember, rested, restore, stand_in
from tests.visitor import Visitor

# Copies of one database open under one master key, wherever their data folder is.
_SECRETS = tempfile.TemporaryDirectory(prefix="waarborg-keys-", dir=os.environ.get(TESTS_FOLDER) or None)
MASTER_KEY = Path(_SECRETS.name) / "master.key"

Flask.url_rule_class = KeptRule

NO_QUERIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SELECT set_config")

# A slow machine is no failing test.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database this run uses."""
    return str(request.config.getoption("--database"))


@dataclass
class Stable:
    """Where fresh databases come from: an empty migrated one and one with the cast, to be copied."""

    kind: str
    folder: Path
    postgres: PostgresUrls | None = None
    cast: Cast | None = None
    made: int = field(default=0)
    kept: dict[str, Kept] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)
    # A new connection would read anew what each table looks like, which takes longer than putting rows back.
    keepers: dict[str, psycopg.Connection[tuple[Any, ...]]] = field(default_factory=dict)
    idle: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    standing: dict[str, "Standing"] = field(default_factory=dict)
    filled: dict[str, Filled[Any]] = field(default_factory=dict)

    def stand(self, template: str, **more: str) -> "Standing":
        """Return this worker's one application on `template` with `more` settings, made at the first call."""
        name = " ".join([template, *more])
        if name not in self.standing:
            link = self.folder / f"data of {name}"
            link.symlink_to(self.folder)
            self.standing[name] = Standing(self, template, self.lend(template), link, more)
        # It was made with its settings once: with others it would go by those of before.
        assert self.standing[name].more == more, "one application has one set of settings"
        return self.standing[name]

    def lend(self, template: str) -> tuple[str, str]:
        """Return the addresses of a database that is like `template`: a new copy, or one that was given back."""
        if self.postgres is None:
            return self.fresh(template)
        if self.idle[template]:
            return self.idle[template].pop()
        addresses = self.fresh(template)
        if template not in self.kept:
            with self.as_superuser(addresses[0]) as connection:
                self.kept[template] = remember(connection)
        self.marks[addresses[0]] = self.kept[template].marks
        return addresses

    def take_back(self, addresses: tuple[str, str], template: str, staying: Sequence[int] = ()) -> None:
        """Make a lent database like `template` again; remove it where that cannot be done.

        staying: sessions of the server that may go on; it ends all others.
        """
        if self.postgres is not None:
            if addresses[0] not in self.keepers:
                self.keepers[addresses[0]] = stand_in(self.as_superuser(addresses[0]))
            marks = restore(self.keepers[addresses[0]], self.kept[template], self.marks.pop(addresses[0]), staying)
            if marks is not None:
                self.marks[addresses[0]] = marks
                self.idle[template].append(addresses)
                return
        self.drop(addresses[0])

    def renew(self, addresses: tuple[str, str], template: str, staying: Sequence[int]) -> tuple[str, str]:
        """Make a lent database like `template` again, or lend another where that cannot be done."""
        if self.postgres is None:
            path = Path(sa.make_url(addresses[0]).database or "")
            for left in path.parent.glob(path.name + "-*"):
                left.unlink()
            shutil.copyfile(self.folder / f"{template}.db", path)
            return addresses
        self.take_back(addresses, template, staying)
        return self.lend(template)

    def fresh(self, template: str) -> tuple[str, str]:
        """Copy `template` ("" for nothing at all); return the address for the service and for the owner."""
        self.made += 1
        name = f"wb_{os.getpid()}_{self.made}"
        if self.postgres is None:
            path = self.folder / f"{name}.db"
            if template:
                shutil.copyfile(self.folder / f"{template}.db", path)
            return f"sqlite:///{path}", ""
        # Copying files takes half the time of writing every block to a log that nobody will replay.
        source = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self._admin(f'CREATE DATABASE "{name}" OWNER waarborg_owner{source}')
        return _at(self.postgres.app, name), _at(self.postgres.owner, name)

    def drop(self, address: str) -> None:
        """Remove a database again."""
        if address in self.keepers:
            self.keepers.pop(address).close()
        name = sa.make_url(address).database or ""
        if self.postgres is None:
            for path in Path(name).parent.glob(Path(name).name + "*"):
                path.unlink()
        else:
            self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Leave the databases that are kept for the next test."""
        for one in self.standing.values():
            _close(one.app)
        for connection in self.keepers.values():
            connection.close()
        self.keepers.clear()

    def keep(self, address: str, template: str) -> None:
        """Turn a database into a template."""
        name = sa.make_url(address).database or ""
        if self.postgres is None:
            shutil.copyfile(name, self.folder / f"{template}.db")
        else:
            self._admin(f'ALTER DATABASE "{name}" RENAME TO "{template}"')

    @contextmanager
    def making(self, source: str, template: str, data_dir: Path) -> Iterator[Flask]:
        """Run the service on a copy of `source` (as for `fresh`); what it holds in the end becomes `template`."""
        address, owner = self.fresh(source)
        app = create_app(settings_for(address, owner, data_dir))
        yield app
        _close(app)
        self.keep(address, template)

    def _admin(self, statement: str) -> None:
        assert self.postgres is not None
        with self.as_superuser(self.postgres.admin) as connection:
            connection.execute(statement.encode())

    def as_superuser(self, address: str) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect as the superuser to the database of `address`."""
        assert self.postgres is not None
        name = sa.make_url(address).database or ""
        return psycopg.connect(_at(self.postgres.admin, name).replace("+psycopg", ""), autocommit=True)


def _at(address: str, database: str) -> str:
    return sa.make_url(address).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def stable(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stable]:
    """Templates of this worker's databases, migrated once."""
    folder = tmp_path_factory.mktemp("databases")
    if database == "sqlite":
        stable = Stable(database, folder)
        _fill(stable)
        yield stable
    elif "WAARBORG_TEST_PG_ADMIN" in os.environ:
        urls = PostgresUrls(*(os.environ[f"WAARBORG_TEST_PG_{role}"] for role in ("ADMIN", "OWNER", "APP")))
        stable = Stable(database, folder, urls)
        _fill(stable)
        yield stable
        stable.close()
    else:
        with running_postgres() as urls:
            stable = Stable(database, folder, urls)
            _fill(stable)
            yield stable
            stable.close()


def _fill(stable: Stable) -> None:
    empty, data_dir = f"empty_{os.getpid()}", stable.folder / "data"
    with stable.making("", empty, data_dir) as app, app.app_context():
        migrating.upgrade()
    with stable.making(empty, f"cast_{os.getpid()}", data_dir) as app, app.app_context():
        stable.cast = casting.build()


def settings_for(address: str, owner: str, data_dir: Path, **more: str) -> Settings:
    """Return settings for a test: a given database, a given folder, no scheduler."""
    environment = {
        "WAARBORG_DATABASE_URL": address,
        "WAARBORG_DATA_DIR": str(data_dir),
        "WAARBORG_MASTER_KEY_FILE": str(MASTER_KEY),
        "WAARBORG_SCHEDULER": "off",
        "WAARBORG_SECRET_KEY": "a secret that only tests know, long enough",
        "WAARBORG_LOG_LEVEL": "WARNING",
        **({"WAARBORG_OWNER_DATABASE_URL": owner} if owner else {}),
        **{f"WAARBORG_{name}": value for name, value in more.items()},
    }
    return read_settings(environment)


def _close(app: Flask) -> None:
    with app.app_context():
        db.rollback()
        db.session().close()
        db.engine().dispose()


def _at_rest(app: Flask) -> list[int]:
    """Close what a test left open; return which session of PostgreSQL goes on, if one does."""
    with app.app_context():
        db.rollback()
        db.session().close()
        engine = db.engine()
        kept = rested(engine)
        if kept is None:
            engine.dispose()
    return [] if kept is None else [kept]


@contextmanager
def running(stable: Stable, template: str, data_dir: Path, **more: str) -> Iterator[Flask]:
    """Run the service on a copy of `template`, which is gone afterwards."""
    addresses = stable.lend(template)
    app = create_app(settings_for(*addresses, data_dir, **more))
    app.config["TESTING"] = False  # mistakes of ours show as the page people would see
    app.jinja_env.bytecode_cache = TEMPLATES
    try:
        yield app
    finally:
        _close(app)
        stable.take_back(addresses, template)


@pytest.fixture
def apart(stable: Stable, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """The service with the cast, on a database and under a master key that no other test uses."""
    with running(stable, f"cast_{os.getpid()}", tmp_path / "data") as app:
        yield app


class Standing:
    """An application that serves one test after another.

    Making one, and turning each statement into SQL anew, would take longer than most tests. Before each test its
    database is as `template` again, its configuration and extensions as they were made, its data folder an empty one.
    """

    def __init__(
        self, stable: Stable, template: str, addresses: tuple[str, str], link: Path, more: dict[str, str]
    ) -> None:
        self.stable, self.template, self.addresses, self.link, self.more = stable, template, addresses, link, more
        self._make()

    def _make(self) -> None:
        settings = settings_for(*self.addresses, self.link, **self.more)
        # Settings follow a link to where it leads; this one leads elsewhere at each test.
        self.app = create_app(replace(settings, data_dir=self.link, anchor_dir=self.link / "anchors"))
        self.app.config["TESTING"] = False  # mistakes of ours show as the page people would see
        self.app.jinja_env.bytecode_cache = TEMPLATES
        self.config, self.extensions = dict(self.app.config), dict(self.app.extensions)

    @contextmanager
    def serving(self, data_dir: Path) -> Iterator[Flask]:
        """Serve one test, with `data_dir` as the folder of its files."""
        self.link.unlink()
        self.link.symlink_to(data_dir)
        try:
            yield self.app
        finally:
            staying = _at_rest(self.app)
            for now, made in ((self.app.config, self.config), (self.app.extensions, self.extensions)):
                now.clear()
                now.update(made)
            renewed = self.stable.renew(self.addresses, self.template, staying)
            if renewed != self.addresses:
                _close(self.app)
                self.addresses = renewed
                self._make()


@pytest.fixture
def judged() -> bool:
    """Whether each change is judged at once, as it is in the service; a folder or module may say no."""
    return True


@pytest.fixture
def app(stable: Stable, tmp_path: Path, judged: bool) -> Iterator[Flask]:
    """The service on a database with the cast in it, as if nothing had happened there before."""
    with stable.stand(f"cast_{os.getpid()}").serving(tmp_path) as app:
        if not judged:
            app.extensions[AFTER_WRITE] = ()
        yield app


@pytest.fixture
def own_app(stable: Stable, tmp_path: Path) -> Iterator[Flask]:
    """As `app`, made for this test alone: it may add routes. Its module calls it `app`."""
    with running(stable, f"cast_{os.getpid()}", tmp_path) as app:
        yield app


@pytest.fixture
def bare_app(stable: Stable, tmp_path: Path) -> Iterator[Flask]:
    """The service on a database in which nobody exists."""
    with stable.stand(f"empty_{os.getpid()}").serving(tmp_path) as app:
        yield app


@pytest.fixture
def cast(stable: Stable) -> Cast:
    """The people and organisations of the `app` fixture."""
    assert stable.cast is not None
    return stable.cast


@pytest.fixture
def visitor(app: Flask) -> Callable[[Person | None], Visitor]:
    """Make a browser in which `person` is signed in, or nobody."""

    def enter(person: Person | None = None) -> Visitor:
        return Visitor(app, person)

    return enter


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other run of the suite shows, or nothing can.

    On SQLite: what tests the database itself, for there is none that keeps organisations apart. On PostgreSQL: what
    asks for no database at all, and what is marked `once`.
    """
    needs = {"sqlite": frozenset({"superuser", "catalog"}), "postgresql": frozenset({"stable", "database", "catalog"})}
    kind = config.getoption("--database")
    asking = {item for item in items if needs[kind] & set(getattr(item, "fixturenames", ()))}
    if kind == "postgresql":
        asking -= {item for item in items if item.get_closest_marker("once")}
    alone = {item for item in items if (item in asking) == (kind == "sqlite")}
    config.hook.pytest_deselected(items=[item for item in items if item in alone])
    items[:] = [item for item in items if item not in alone]


def pytest_unconfigure() -> None:
    """Remove the key now: a worker may be ended before Python tidies up."""
    _SECRETS.cleanup()


def pytest_collection() -> None:
    """Look for no garbage while tests are read: nearly everything that is made then stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, but never again through what was read, which is most of all there is."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def superuser(app: Flask, stable: Stable) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the database of `app` that no policy binds. Tests that ask for it run on PostgreSQL only."""
    with stable.as_superuser(app.config["SETTINGS"].database_url) as connection:
        yield connection


@pytest.fixture
def scope_of(app: Flask) -> Callable[[Organisation], AbstractContextManager[None]]:
    """Work inside one organisation, with an application context; commits at the end."""

    @contextmanager
    def open_(organisation: Organisation) -> Iterator[None]:
        with app.app_context(), scoped(whole(organisation.id)):
            yield

    return open_


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements sent to the database; transactions and telling what is open in them do not count."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(NO_QUERIES):
                sent.append(statement)

        with app.app_context():
            target = db.engine()
        event.listen(target, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(target, "before_cursor_execute", note)

    return counting
