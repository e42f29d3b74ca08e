"""Confidential columns: none is forgotten, none is readable in the database, none opens where it does not belong."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from core.mail.outbox import OutboxMail
from core.vault import SealedBytes, SealError, seal_owned
from plans.models import Asset, AssetKind, Contact, RecoveryStep
from tenants.models import MailedLink, TrailEntry
from tenants.owned import Area, TenantOwned
from tenants.scope import LockError, Scope, reading, scoped, whole
from tenants.trail.writing import SECRET_ENDINGS
from tests.cast import Cast, Organisation
from tests.confidential.planting import (
    MODELS,
    NOBODYS,
    OWNED,
    PLAIN_NAME,
    bytes_on_disk,
    plant,
    planted,
    sealed_columns,
    secret_of,
)
from tests.confidential.readable import OPEN, OPEN_ELSEWHERE
from tests.conftest import Stable

Scoped = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]

DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "confidential-columns.md"


def readable(model: type[Any]) -> set[str]:
    table = sa.inspect(model).local_table
    return {
        f"{table.name}.{column.name}"
        for column in table.columns
        if isinstance(column.type, (sa.String, sa.JSON, sa.LargeBinary)) and not isinstance(column.type, sa.Enum)
    }


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_text_is_sealed_or_open_for_a_reason(model: type[TenantOwned]) -> None:
    assert readable(model) <= set(OPEN)


@pytest.mark.parametrize("model", NOBODYS, ids=lambda model: model.__name__)
def test_what_belongs_to_no_organisation_is_sealed_or_open_for_a_reason(model: type[Any]) -> None:
    assert readable(model) <= set(OPEN_ELSEWHERE)


def test_every_reason_is_about_a_column_there_is() -> None:
    assert set().union(*map(readable, OWNED)) >= set(OPEN)
    assert set().union(*map(readable, NOBODYS)) >= set(OPEN_ELSEWHERE)


@pytest.mark.parametrize("column", [OutboxMail.recipient, MailedLink.email], ids=str)
def test_nobody_looks_a_sealed_address_up_by_itself(column: Any) -> None:
    with pytest.raises(TypeError, match="is sealed"):
        assert column == "henk@example.nl"


@pytest.mark.parametrize(
    "column", [column for model in OWNED for column in sealed_columns(model)], ids=lambda column: str(column)
)
def test_a_sealed_column_is_sealed_for_its_own_place(column: Any) -> None:
    assert column.type.place == f"{column.table.name}.{column.name}"


def test_the_decision_names_every_sealed_column() -> None:
    rows = [line for line in DECISION.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    told = {(table.strip("` "), name.strip("` ")) for _, table, names, *_ in (row.split("|") for row in rows)
            for name in names.split(",")}  # fmt: skip
    sealed = {(column.table.name, column.name) for model in OWNED for column in sealed_columns(model)}
    assert told == sealed


def test_no_secret_stands_in_the_database_its_log_or_the_files(
    app: Flask, stable: Stable, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.bakery):
        plant()
    with scope_of(cast.bakery):
        for model in MODELS:
            row = db.session().scalars(sa.select(model)).one()
            for column in sealed_columns(model):
                assert getattr(row, column.name) == planted(column)
        told = str([entry.changes for entry in db.session().scalars(sa.select(TrailEntry))])
    raw = bytes_on_disk(app, stable)
    assert PLAIN_NAME.encode() in raw, "this test looks in the wrong place"
    for model in MODELS:
        for column in sealed_columns(model):
            secret = secret_of(column)
            assert secret.encode() not in raw
            # The trail told it all, but for what is called a secret, and was sealed too.
            untold = column.name.endswith(SECRET_ENDINGS)
            assert (secret in told) is not untold or not model.__trailed__ or isinstance(column.type, SealedBytes)


def test_moved_and_changed_values_do_not_open(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    ids = {}
    for organisation in (cast.bakery, cast.other):
        with scope_of(organisation):
            contact = Contact(name="Henk", phone="0612345678", email="henk@example.nl")
            db.session().add(contact)
            db.session().flush()
            ids[organisation.id] = contact.id

    def tamper(change: str) -> None:
        with app.app_context(), scoped(whole(cast.bakery.id)):
            statement = f"UPDATE contact SET {change} WHERE tenant_id = {cast.bakery.id}"  # noqa: S608 -- our own words
            db.session().connection().exec_driver_sql(statement)

    def phone() -> str | None:
        with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False):
            return db.session().scalar(sa.select(Contact.phone).where(Contact.id == ids[cast.bakery.id]))

    assert phone() == "0612345678"
    with app.app_context(), db.engine().connect() as connection:
        kind = connection.dialect.name
    with scope_of(cast.other):
        table = sa.table("contact", sa.column("tenant_id"), sa.column("phone", sa.LargeBinary()))
        query = sa.select(table.c.phone).where(table.c.tenant_id == cast.other.id)
        foreign = bytes(db.session().connection().execute(query).scalar_one())
    literal = f"x'{foreign.hex()}'" if kind == "sqlite" else f"'\\x{foreign.hex()}'::bytea"
    tamper("phone_2 = phone")
    tamper("phone = email")
    with pytest.raises(SealError, match=r"contact\.phone of owner"):
        phone()
    tamper("phone = phone_2")
    assert phone() == "0612345678"
    tamper(f"phone = {literal}")
    with pytest.raises(LockError, match="another organisation"):
        phone()
    tamper("phone = phone_2")
    tamper("phone = substr(phone, 1, length(phone) - 1)")
    with pytest.raises(SealError, match=r"contact\.phone of owner"):
        phone()
    tamper("phone = substr(phone, 1, 5)")
    with pytest.raises(SealError):
        phone()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Contact.phone == "0612345678",
        lambda: Contact.phone.like("06%"),
        lambda: Contact.phone.in_(["0612345678"]),
        lambda: Contact.phone < "1",
        lambda: Contact.phone.desc(),
        lambda: Contact.phone + "x",
    ],
    ids=["equal", "like", "in", "less", "order", "join"],
)
def test_the_database_is_asked_nothing_about_a_sealed_value(ask: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match=r"contact\.phone is sealed"):
        ask()


def test_the_database_knows_what_is_filled_in(cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        db.session().add_all([Contact(name="Zonder"), Contact(name="Met", phone="1")])
        db.session().flush()
        assert db.session().scalars(sa.select(Contact.name).where(Contact.phone != "")).all() == ["Met"]
        assert db.session().scalars(sa.select(Contact.name).where(Contact.phone == "")).all() == ["Zonder"]


def test_a_text_that_is_too_long_is_refused(cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Henk", phone="1" * 41))
        with pytest.raises(sa.exc.StatementError, match=r"contact\.phone: 41 characters"):
            db.session().flush()
        db.rollback()


def test_sealed_values_need_a_scope(app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(LockError, match="no scope"):
        seal_owned(b"0612345678", "contact.phone")


def both(cast: Cast) -> Scope:
    ids = frozenset({cast.bakery.id, cast.other.id})
    return Scope(ids, frozenset(Area), frozenset(Area))


def test_in_a_scope_of_several_each_row_is_sealed_for_its_own(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(both(cast)):
        for tenant_id in (cast.bakery.id, cast.other.id):
            db.session().add(Contact(tenant_id=tenant_id, name="Henk", phone=f"06-{tenant_id}"))
            db.session().flush()
    for tenant_id in (cast.bakery.id, cast.other.id):
        with app.app_context(), scoped(reading(frozenset({tenant_id})), writes=False):
            assert db.session().scalars(sa.select(Contact.phone)).all() == [f"06-{tenant_id}"]


def test_rows_of_several_at_once_are_refused_unless_each_value_says_whose_it_is(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(both(cast), writes=True):
        for tenant_id in (cast.bakery.id, cast.other.id):
            db.session().add(Contact(tenant_id=tenant_id, name="Henk", phone="06"))
        with pytest.raises(sa.exc.StatementError, match="whose key"):
            db.session().flush()
        db.rollback()
    with app.app_context(), pytest.raises(LockError, match="outside the scope"), scoped(whole(cast.bakery.id)):
        seal_owned(b"0612345678", "contact.phone", cast.other.id)


def test_no_page_pays_for_keys_it_has_seen(app: Flask, cast: Cast, scope_of: Scoped, count_queries: Counting) -> None:
    with scope_of(cast.bakery):
        db.session().add(Asset(kind=AssetKind.SERVER, name="SRV1", serial_number="SN-1"))
    seen = []
    for _ in range(3):
        with app.app_context(), scoped(reading(frozenset({cast.bakery.id})), writes=False), count_queries() as sent:
            assert db.session().scalars(sa.select(Asset.serial_number)).all() == ["SN-1"]
        seen.append(sum("tenant_key" in statement for statement in sent))
    assert seen[1:] == [0, 0]


def test_many_organisations_have_their_keys_fetched_in_one_query(
    app: Flask, cast: Cast, scope_of: Scoped, count_queries: Counting
) -> None:
    organisations = (cast.bakery, cast.other, cast.supplier, cast.foundation)
    for organisation in organisations:
        with scope_of(organisation):
            db.session().add(RecoveryStep(position=1, text="Bel Henk"))
    app.extensions.pop("waarborg.data_keys")
    ids = frozenset(organisation.id for organisation in organisations)
    with app.app_context(), scoped(reading(ids), writes=False), count_queries() as sent:
        assert db.session().scalars(sa.select(RecoveryStep.text)).all() == ["Bel Henk"] * 4
    assert sum("tenant_key" in statement for statement in sent) == 1


def test_a_statement_that_fails_tells_no_value(cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Henk", phone="0612345678", note="n" * 2001))
        with pytest.raises(sa.exc.StatementError) as caught:
            db.session().flush()
        assert "0612345678" not in str(caught.value)
        db.rollback()
