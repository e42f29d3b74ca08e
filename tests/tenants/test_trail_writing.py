"""Writing the trail: without gaps, whoever writes at once, and never without the change nor the change without it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from core.clock import now
from plans.models import Asset, AssetKind, Contact
from tenants import services, trail
from tenants.lock import Bypass, bypass
from tenants.models import AccountEvent, Role, SignOnProvider, TrailEntry, TrailHead
from tenants.scope import LockError, close_scope, open_scope, scoped, whole
from tenants.trail.writing import UNTOLD
from tests.cast import Cast, Organisation
from tests.tenants.trail_attacks import as_owner, broken, erase, fill, owner_rows, refuse_entries, sign_in, verdict_on
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]


def seqs(app: Flask, organisation: Organisation) -> list[int]:
    return [row.seq for row in owner_rows(app, organisation)]


def test_changes_at_once_leave_no_gap(app: Flask, cast: Cast) -> None:
    before = verdict_on(app, "bakery").entries

    def add(number: int) -> None:
        with app.app_context(), scoped(whole(cast.bakery.id)):
            db.session().add(Contact(name=f"nummer {number}"))
            db.session().flush()
            trail.record("import.applied", number=number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    verdict = verdict_on(app, "bakery")
    assert (verdict.broken, verdict.entries) == (None, before + 80)


def test_the_first_changes_of_an_organisation_at_once_leave_no_gap(app: Flask, cast: Cast) -> None:
    with as_owner(app) as connection:
        connection.execute(sa.delete(TrailEntry).where(TrailEntry.tenant_id == cast.other.id))
        connection.execute(sa.delete(TrailHead).where(TrailHead.chain == cast.other.id))

    def add(number: int) -> None:
        with app.app_context(), scoped(whole(cast.other.id)):
            db.session().add(Contact(name=f"nummer {number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    verdict = verdict_on(app, "other")
    assert (verdict.broken, verdict.entries) == (None, 8)


def test_many_changes_of_one_flush_cost_a_fixed_number_of_statements(
    app: Flask, cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def statements(count: int) -> int:
        with app.app_context(), scoped(whole(cast.bakery.id)), count_queries() as sent:
            db.session().add_all([Contact(name=f"nummer {number}") for number in range(count)])
            db.session().flush()
            return len([one for one in sent if "trail_" in one])

    assert statements(1) == statements(200) == 3


def test_a_dropped_transaction_leaves_no_gap(app: Flask, cast: Cast) -> None:
    fill(app, cast.bakery, 1)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Contact(name="Henk"))
        db.session().flush()
        db.rollback()
    fill(app, cast.bakery, 1)
    found = seqs(app, cast.bakery)
    assert found == list(range(1, len(found) + 1))
    assert broken(app, "bakery") is None


def test_a_savepoint_taken_back_leaves_no_gap(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        session = db.session()
        session.add(Contact(name="vooraf"))
        session.flush()
        kept = session.begin_nested()
        session.add(Contact(name="bewaard"))
        session.flush()
        kept.commit()
        dropped = session.begin_nested()
        session.add(Contact(name="teruggenomen"))
        session.flush()
        dropped.rollback()
        session.add(Contact(name="achteraf"))
    found = seqs(app, cast.bakery)
    assert found == list(range(1, len(found) + 1))
    assert broken(app, "bakery") is None


def test_one_transaction_over_several_organisations_continues_each_chain(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        for organisation in (cast.other, cast.bakery, cast.other):
            open_scope(whole(organisation.id))
            db.session().add(Contact(name="overal"))
            db.session().flush()
            close_scope()
        db.commit()
    assert broken(app, "bakery") is None
    assert broken(app, "other") is None


@pytest.mark.parametrize("model", [TrailEntry, AccountEvent])
def test_the_database_refuses_to_change_or_remove_what_was_written(
    app: Flask, cast: Cast, model: type[TrailEntry] | type[AccountEvent]
) -> None:
    sign_in(app, cast.owner)
    for statement in (
        sa.update(model).values(action="nothing"),
        sa.update(model).values(actor="somebody else"),
        sa.update(model).values(link=model.digest),
        sa.update(model).values(seq=model.seq + 1000),
        sa.delete(model),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="only added to"), as_owner(app, guarded=True) as connection:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE trail_head SET seq = seq - 1", "UPDATE trail_head SET chain = chain + 900", "DELETE FROM trail_head"],
)
def test_the_database_refuses_to_take_a_head_back(app: Flask, cast: Cast, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="only moves on"), as_owner(app, guarded=True) as connection:
        connection.exec_driver_sql(statement)


def test_what_was_erased_stays_erased(app: Flask, cast: Cast) -> None:
    fill(app, cast.bakery, 3)
    erase(app, cast.bakery, [2])
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), as_owner(app, guarded=True) as connection:
        connection.exec_driver_sql("UPDATE trail_entry SET erased_by = NULL WHERE erased_by IS NOT NULL")


def test_the_service_cannot_change_or_remove_an_entry(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(TrailEntry).limit(1)).one()
        row.actor = "iemand anders"
        with pytest.raises(LockError, match="only added to"):
            db.session().flush()
        db.rollback()
    with pytest.raises(LockError), scope_of(cast.bakery):
        db.session().delete(db.session().scalars(sa.select(TrailEntry).limit(1)).one())
    past = bypass(Bypass.CLAIM)
    for statement in (sa.update(TrailEntry).values(actor="iemand anders"), sa.delete(TrailEntry)):
        with pytest.raises(sa.exc.DBAPIError), scope_of(cast.bakery):
            db.session().execute(statement, execution_options=past)


def test_no_change_without_its_entry(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    refuse_entries(app)
    with pytest.raises(sa.exc.DBAPIError), app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Asset(kind=AssetKind.SERVER, name="Kast"))
    with pytest.raises(sa.exc.DBAPIError), app.app_context(), scoped(whole(cast.bakery.id)):
        services.add_member(cast.bakery.id, cast.stranger.id, Role.READER, at=now())
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert db.session().scalars(sa.select(Asset)).all() == []
    assert visitor.get("/o/bakery/settings").status_code == 200


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/o/bakery/reports/", {"name": "inventory", "as_of": "%(today)s", "language": "nl"}),
        ("/o/bakery/trail/", {}),
    ],
)
def test_no_export_without_its_entry(app: Flask, cast: Cast, path: str, form: dict[str, str]) -> None:
    visitor = Visitor(app, cast.owner)
    token = visitor.token
    form = {name: value % {"today": clock.today()} for name, value in form.items()}
    assert str(visitor.post(path, form).mimetype).endswith("sheet")
    refuse_entries(app)
    answer = visitor.client.post(path, data={"csrf_token": token, **form})
    assert answer.status_code == 500
    assert answer.mimetype == "text/html"


def test_secrets_are_not_told(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        names = {column.key for column in sa.inspect(SignOnProvider).column_attrs}
        assert "client_secret" in names
        db.session().add(
            SignOnProvider(
                issuer="https://idp.example", client_id="waarborg", client_secret="s3cret", domain="", proof=""
            )
        )
        db.session().flush()
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.subject == "sign_on_provider")).one()
        assert entry.changes["client_secret"] == UNTOLD
        assert "s3cret" not in str(entry.changes)


def test_a_relation_is_called_after_the_person(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        labels = db.session().scalars(sa.select(TrailEntry.label).where(TrailEntry.subject == "membership")).all()
        assert set(labels) == {cast.owner.name, cast.editor.name, cast.reader.name}
