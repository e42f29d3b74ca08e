"""Organisations by the thousand: the same ones for the same seed, and all of them fit to be judged."""

import hashlib
from collections.abc import Sequence
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.sweeping import sweep, waiting
from continuity.models import Registration
from core import clock, db
from plans.models import Asset
from sample import SampleRefused, SampleSignIns, generate
from sample.believable import made, named
from sample.believable.rows import ORDER, Rows
from sample.days import Days
from tenants.models import ManagementGrant, Membership, Tenant, TenantKind, TrailEntry, User
from tenants.owned import Area, TenantOwned
from tenants.scope import reading, scoped
from tests.visitor import Visitor

PASSWORD = "duizend broden op de plank"
TENANTS, ASSETS, SEED = 12, 30, 7
TODAY = date(2027, 3, 31)
# Files, links, undo and receipts are what somebody is in the middle of; hardly anybody tightens an interval.
MADE_BY_USE = {
    "ApiToken",
    "Webhook",
    "WebhookDelivery",
    "StoredFile",
    "TestEvidence",
    "IntervalSetting",
    "KitCopy",
    "RegisterChange",
    "PlanLink",
    "PaymentApproval",
    "CoverCertificate",
    "HandoverCheck",
    "SupplierReminder",
    "ChangedItem",
    "Correction",
    "LicenceKeeper",
    "OfficerKey",
    "TrustedKey",
    "SealedTo",
    "HandoverOpening",
    "HandoverProof",
    "SchemeLink",
    "SchemeNotice",
    "SchemeStep",
    "TriggerSetting",
    "TriggerCase",
    "DeedInvitation",
    "Declaration",
    "ClientChange",
    "SchemeChange",
    "ClientRequest",
    "ConditionCheck",
    "ExitTask",
    "RequestStep",
    "CoverClaim",
    "Calamity",
    "CalamityEntry",
    "Lesson",
}


def rows_of(seed: int, today: date, tenants: int = TENANTS) -> Rows:
    rows, days = Rows(), Days(today)
    for number in range(tenants):
        made(named(seed, number, days), number + 1, rows, seed, days, assets=ASSETS, foundation_id=None)
    return rows


def digest(rows: Rows) -> str:
    told = [(model.__name__, [sorted(row.items()) for row in found]) for model, found in rows.in_order()]
    return hashlib.sha256(repr(told).encode()).hexdigest()


@pytest.fixture
def generated(bare_app: Flask) -> SampleSignIns:
    """A dozen organisations in an otherwise empty database."""
    with bare_app.app_context():
        return generate(tenants=TENANTS, seed=SEED, today=clock.today(), password=PASSWORD, assets=ASSETS)


def stored(app: Flask, ids: Sequence[int], model: type[TenantOwned]) -> set[tuple[object, ...]]:
    """Return every row of a model as stored, without the columns that name other organisations."""
    columns = [column for column in sa.inspect(model).columns if column.key not in ("foundation_id", "user_id")]
    with app.app_context(), scoped(reading(frozenset(ids)), writes=False):
        found = db.session().execute(sa.select(*(getattr(model, _key(model, column)) for column in columns)))
        return {tuple(map(str, row)) for row in found}


def _key(model: type[TenantOwned], column: sa.Column[object]) -> str:
    return str(sa.inspect(model).get_property_by_column(column).key)


def test_the_same_seed_and_day_give_the_same_rows() -> None:
    assert digest(rows_of(SEED, TODAY)) == digest(rows_of(SEED, TODAY))


def test_another_seed_gives_other_rows() -> None:
    assert digest(rows_of(SEED, TODAY)) != digest(rows_of(SEED + 1, TODAY))


def test_another_day_moves_the_days() -> None:
    assert digest(rows_of(SEED, TODAY)) != digest(rows_of(SEED, date(2027, 4, 1)))


def test_asking_for_more_leaves_the_first_as_they_were() -> None:
    few, many = dict(rows_of(SEED, TODAY, 3).in_order()), dict(rows_of(SEED, TODAY, 6).in_order())
    assert all(many[model][: len(found)] == found for model, found in few.items())


def test_every_table_of_a_plan_and_a_scheme_gets_rows() -> None:
    given: set[type] = {model for model, _ in rows_of(SEED, TODAY, 60).in_order()}
    assert set[type](ORDER) - given == {Membership, ManagementGrant}, "relations are added by the generator itself"


def test_no_table_that_is_judged_is_forgotten() -> None:
    judged = {
        mapper.class_
        for mapper in sa.inspect(Asset).registry.mappers
        if issubclass(mapper.class_, TenantOwned) and mapper.class_.__area__ in (Area.PLAN, Area.CONTINUITY)
    }
    left_out = {model.__name__ for model in judged - set(ORDER) if not model.__name__.startswith("Import")}
    assert left_out <= MADE_BY_USE


def test_every_row_that_was_made_is_stored(bare_app: Flask, generated: SampleSignIns) -> None:
    for model, found in rows_of(SEED, clock.today()).in_order():
        keys = {(str(row["tenant_id"]), str(row["id"])) for row in found}
        assert {row[:2] for row in stored(bare_app, generated.tenant_ids, model)} == keys, model.__name__


def test_each_organisation_has_as_many_inventory_records_as_were_asked_for(
    bare_app: Flask, generated: SampleSignIns
) -> None:
    with bare_app.app_context(), scoped(reading(frozenset(generated.tenant_ids)), writes=False):
        query = sa.select(Asset.tenant_id, sa.func.count()).group_by(Asset.tenant_id)
        counted = {row[0]: row[1] for row in db.session().execute(query)}
    assert counted == dict.fromkeys(generated.tenant_ids, ASSETS)


def test_only_it_suppliers_register_services_and_with_the_foundation_among_them(
    bare_app: Flask, generated: SampleSignIns
) -> None:
    with bare_app.app_context(), scoped(reading(frozenset(generated.tenant_ids)), writes=False):
        query = sa.select(Registration.foundation_id, Tenant.kind).join(Tenant, Tenant.id == Registration.tenant_id)
        rows = db.session().execute(query).all()
        foundation = db.session().scalar(sa.select(Tenant.id).where(Tenant.kind == TenantKind.FOUNDATION))
    assert {row.kind for row in rows} == {TenantKind.IT_SUPPLIER}
    assert {row.foundation_id for row in rows} == {foundation}


def test_all_of_them_wait_to_be_judged_and_can_be(bare_app: Flask, generated: SampleSignIns) -> None:
    with bare_app.app_context():
        assert set(waiting.marks()) == set(generated.tenant_ids)
        done = sweep.run()
    assert (sorted(done.judged), done.failed) == (sorted(generated.tenant_ids), [])
    assert done.opened > 0


def test_one_person_looks_after_them(bare_app: Flask, generated: SampleSignIns) -> None:
    (person,) = generated.people
    browser = Visitor(bare_app)
    assert browser.sign_in(person.email, PASSWORD).status_code == 302
    assert browser.get("/organisations").get_data(as_text=True).count('href="/o/') >= TENANTS


def test_that_person_looks_after_the_first_ones_only(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sample.generator.LOOKS_AFTER", 2)
    with bare_app.app_context():
        made_here = generate(tenants=4, seed=SEED, today=clock.today(), password=PASSWORD, assets=0)
    assert len(stored(bare_app, made_here.tenant_ids, Membership)) == 2


def test_batches_are_one_population(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sample.generator.BATCH", 5)
    with bare_app.app_context():
        made_here = generate(tenants=TENANTS, seed=SEED, today=clock.today(), password=PASSWORD, assets=ASSETS)
    assert len(set(made_here.tenant_ids)) == TENANTS
    assert len(stored(bare_app, made_here.tenant_ids, Asset)) == TENANTS * ASSETS


def test_a_second_population_is_refused_and_changes_nothing(bare_app: Flask, generated: SampleSignIns) -> None:
    answer = bare_app.test_cli_runner().invoke(args=["sample", "--tenants", "3", "--seed", "99"])
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: Organisations were generated here before")
    with bare_app.app_context():
        with pytest.raises(SampleRefused):
            generate(tenants=1, seed=SEED, today=clock.today(), password=PASSWORD)
        with scoped(waiting.NOWHERE, writes=False):
            assert len(db.session().scalars(sa.select(Tenant.id)).all()) == TENANTS
            assert len(db.session().scalars(sa.select(User.id)).all()) == 1


def test_bulk_rows_leave_no_trail(bare_app: Flask, generated: SampleSignIns) -> None:
    assert stored(bare_app, generated.tenant_ids, TrailEntry) == set()


@pytest.mark.parametrize("arguments", [["--tenants", "0"], ["--tenants", "1", "--assets", "-1"], ["--seed", "x"]])
def test_the_command_refuses_numbers_that_make_no_sense(bare_app: Flask, arguments: list[str]) -> None:
    assert bare_app.test_cli_runner().invoke(args=["sample", *arguments]).exit_code == 2


def test_the_command_can_leave_judging_to_the_night(bare_app: Flask) -> None:
    runner = bare_app.test_cli_runner()
    answer = runner.invoke(args=["sample", "--tenants", "2", "--assets", "3", "--unjudged"])
    assert answer.exit_code == 0, answer.output
    with bare_app.app_context():
        assert len(waiting.marks()) == 2


def test_the_example_and_a_population_live_beside_each_other(bare_app: Flask, generated: SampleSignIns) -> None:
    assert bare_app.test_cli_runner().invoke(args=["sample"]).exit_code == 0
