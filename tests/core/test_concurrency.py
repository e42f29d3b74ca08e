"""Two people at once: nothing is lost without a word."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from core import clock, db
from plans.models import Contact
from tenants.models import LoginSession, TenantChange
from tenants.scope import close_scope, open_scope, scoped, whole
from tenants.sessions import SEEN_EVERY
from tests.cast import Cast, Person
from tests.visitor import Visitor


def test_concurrent_changes_are_all_counted(app: Flask, cast: Cast) -> None:
    def add(number: int) -> None:
        with app.app_context(), scoped(whole(cast.bakery.id)):
            db.session().add(Contact(name=f"nummer {number}"))

    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        before = db.session().get_one(TenantChange, cast.bakery.id).seq
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert db.session().scalar(sa.select(sa.func.count()).select_from(Contact)) == 80
        assert db.session().get_one(TenantChange, cast.bakery.id).seq == before + 80


def test_saving_over_somebody_elses_change_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        row = Contact(name="Henk")
        row_id: UUID = row.id
        db.session().add(row)
    with app.app_context():
        db.begin(writes=False)
        open_scope(whole(cast.bakery.id))
        mine = db.session().get_one(Contact, (cast.bakery.id, row_id))
        seen = mine.version
        db.rollback()
        close_scope()
    with app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().get_one(Contact, (cast.bakery.id, row_id)).name = "Henk B."
    with app.app_context(), scoped(whole(cast.bakery.id)):
        late = db.session().get_one(Contact, (cast.bakery.id, row_id))
        set_committed_value(late, "version", seen)
        late.name = "Hendrik"
        with pytest.raises(StaleDataError):
            db.session().flush()
        db.rollback()


def test_nobody_who_looks_at_a_page_waits_for_whoever_writes(
    app: Flask, cast: Cast, visitor: Callable[[Person | None], Visitor]
) -> None:
    def seen_at() -> datetime | None:
        with app.app_context():
            db.begin(writes=False)
            found = db.session().scalar(sa.select(sa.func.max(LoginSession.seen_at)))
            db.rollback()
        return found

    henk = visitor(cast.owner)
    before = seen_at()
    with app.app_context():
        other = db.engine().connect()  # begins as whoever writes does
    with time_machine.travel(clock.now() + 2 * SEEN_EVERY, tick=False):
        other.execute(sa.select(1))
        assert henk.get("/organisations").status_code == 200
        if other.dialect.name == "sqlite":
            assert seen_at() == before
        other.close()
        assert henk.get("/organisations").status_code == 200
    assert seen_at() != before
