"""The example: what somebody finds who starts Waarborg for the first time."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import phonenumbers
import pytest
import sqlalchemy as sa
from flask import Flask

from audits.findings import queries
from audits.judging.judgement import STILL_TO_COME
from audits.judging.severity import Severity
from audits.models import Finding
from audits.status import AuditStatus
from audits.sweeping import sweep, waiting
from audits.trends.counting import trends
from audits.trends.queries import counted
from continuity.cover import CoverState, covers
from continuity.covering.leg import LegKind
from continuity.deed.services import digest_of
from continuity.ending.notice import earliest_end
from continuity.loading import load
from continuity.models import (
    Agreement,
    Counterparty,
    DeedVersion,
    Registration,
    SchemeContact,
    SchemeNotice,
    SchemeState,
    SchemeStep,
    SchemeType,
)
from continuity.terms import Terms
from core import clock, db
from core.clock import DEFAULT_ZONE, day_of
from core.files import FileStore, files
from core.settings import Environment
from plans.handbook import by_id, items
from plans.models import Answer, Asset, AssetKind, Contact, ExternalParty
from plans.own_items.queries import own_items
from plans.status import progress
from sample import SampleRefused, SampleSignIns, auditor, fill_example
from sample.days import Days
from sample.example import NAMES
from sample.history import look_back
from sample.netvast.paper import FILES_FOLDER
from sample.organisations import BAKERY, BANKRUPT, EXAMPLE, FOUNDATION, SUPPLIER
from sample.signins import new_password
from tenants.models import Role, Tenant, User
from tenants.scope import reading, scoped, whole
from tenants.services import tenant_by_slug
from tenants.sign_in.strength import check_choice
from tests.conftest import Stable
from tests.filled import serving
from tests.visitor import Visitor

PASSWORD = "drie broden op de plank"
PEOPLE = [(organisation.slug, person.role) for organisation in EXAMPLE for person in organisation.people]


def fill() -> SampleSignIns:
    """Fill the example into an empty database and judge it."""
    made = fill_example(today=clock.today(), password=PASSWORD)
    assert sweep.run(made.tenant_ids).failed == []
    return made


@pytest.fixture
def example(stable: Stable, tmp_path: Path) -> Iterator[tuple[Flask, SampleSignIns]]:
    """The service with the example in it."""
    with serving(stable, "empty", __name__, fill, tmp_path) as pair:
        yield pair


@pytest.fixture
def app(example: tuple[Flask, SampleSignIns]) -> Flask:
    """The service with the example in it."""
    return example[0]


@pytest.fixture
def filled(example: tuple[Flask, SampleSignIns]) -> SampleSignIns:
    """Who signs in how in the example."""
    return example[1]


@contextmanager
def at(app: Flask, slug: str) -> Iterator[None]:
    with app.app_context():
        with scoped(waiting.NOWHERE, writes=False):
            tenant = tenant_by_slug(slug)
            assert tenant is not None
            tenant_id = tenant.id
        with scoped(whole(tenant_id), writes=False):
            yield


def test_everybody_of_the_example_signs_in_and_finds_their_organisation(app: Flask, filled: SampleSignIns) -> None:
    for slug, role in PEOPLE:
        person, browser = filled.of(slug, role), Visitor(app)
        assert browser.sign_in(person.email, PASSWORD).status_code == 302, person
        if person.second_step:
            code = app.test_cli_runner().invoke(args=["sample", "code", person.email]).output.strip()
            assert browser.post("/sign-in/second-step", {"code": code}).status_code == 302, person
        assert f"/o/{slug}/" in browser.get("/organisations", follow_redirects=True).get_data(as_text=True), person


def test_there_is_an_owner_an_editor_and_a_reader_to_look_through_the_eyes_of() -> None:
    assert {role for slug, role in PEOPLE if slug == BAKERY.slug} == set(Role)
    assert {(SUPPLIER.slug, Role.OWNER), (FOUNDATION.slug, Role.OWNER), (FOUNDATION.slug, Role.READER)} <= set(PEOPLE)


def test_nobody_has_a_role_that_the_example_did_not_give(filled: SampleSignIns) -> None:
    with pytest.raises(KeyError):
        filled.of(SUPPLIER.slug, Role.READER)


def test_the_bakery_is_about_two_thirds_on_its_way(app: Flask, filled: SampleSignIns) -> None:
    with at(app, BAKERY.slug):
        sections = progress(AuditStatus().item_states())
    assert 0.55 <= sum(section.done for section in sections) / len(items()) <= 0.80
    assert all(section.done for section in sections), "every section has something to show"
    assert all(section.done < section.total for section in sections), "every section has something left to do"


def test_every_answer_of_the_bakery_belongs_to_a_question_that_is_asked(app: Flask, filled: SampleSignIns) -> None:
    with at(app, BAKERY.slug):
        own = {one.item.id: one for one in own_items()}
        answered = set(db.session().scalars(sa.select(Answer.item_id)))
    assert answered <= {*by_id(), *own}
    assert len(answered & set(own)) == 1
    assert len(own) == 2


def test_the_bakery_has_things_that_lapse_soon_and_things_that_lapsed(app: Flask, filled: SampleSignIns) -> None:
    today = clock.today()
    with at(app, BAKERY.slug):
        found = queries.open_findings()
    soon = [gap for gap in found if gap.severity is Severity.NOTICE and gap.until and gap.until >= today]
    lapsed = [gap for gap in found if gap.severity is Severity.FAULT and gap.until and gap.until < today]
    assert len(soon) >= 4
    assert 1 <= len(lapsed) <= 5


def test_the_bakery_got_better_over_the_year(bare_app: Flask) -> None:
    with bare_app.app_context():
        made = fill_example(today=clock.today(), password=PASSWORD)
        look_back(made.tenant_ids, Days(clock.today()))
        assert sweep.run(made.tenant_ids).failed == []
    with at(bare_app, BAKERY.slug):
        today = clock.today()
        told = trends(counted(today, DEFAULT_ZONE), today)
        messages = set(db.session().scalars(sa.select(Finding.message)))
    assert told.weeks[1].open.total > told.weeks[-1].open.total > 0
    assert told.closing[Severity.FAULT].number > 10
    assert sum(bool(one.total) for one in told.ages.values()) >= 3
    assert STILL_TO_COME not in messages, "nobody filled in days to come"


def test_importing_its_workbook_is_a_step_the_bakery_has_yet_to_take(app: Flask, filled: SampleSignIns) -> None:
    with at(app, BAKERY.slug):
        counted = dict.fromkeys(AssetKind, 0)
        for kind in db.session().scalars(sa.select(Asset.kind)):
            counted[kind] += 1
    assert counted[AssetKind.PRINTER] == counted[AssetKind.TABLET] == 0
    assert 0 < counted[AssetKind.OFFICE_PC] < 8, "the workbook lists eight"
    assert 0 < counted[AssetKind.LICENCE] < 5, "the workbook lists five"


def test_the_supplier_registered_a_service_of_each_type(app: Flask, filled: SampleSignIns) -> None:
    with at(app, SUPPLIER.slug):
        rows = db.session().execute(sa.select(Registration.scheme_type, Registration.foundation_id)).all()
        foundation_id = db.session().scalar(sa.select(Tenant.id).where(Tenant.slug == FOUNDATION.slug))
    assert {row.scheme_type for row in rows} == set(SchemeType)
    assert {row.foundation_id for row in rows} == {foundation_id}


def test_the_example_shows_who_is_covered_and_who_no_longer_will_be(app: Flask, filled: SampleSignIns) -> None:
    with at(app, SUPPLIER.slug):
        tenant_id = db.session().scalars(sa.select(Registration.tenant_id)).first()
        assert tenant_id is not None
        states = {one.state for row in load([tenant_id])[tenant_id].registrations for one in covers(row, clock.today())}
    assert states == set(CoverState)


def test_a_scheme_of_the_example_runs_for_a_client_that_is_covered(app: Flask, filled: SampleSignIns) -> None:
    with at(app, BANKRUPT.slug):
        row = db.session().scalars(sa.select(Registration)).one()
        assert row.state is SchemeState.RUNNING
        steps = db.session().scalars(sa.select(SchemeStep).order_by(SchemeStep.taken_at)).all()
        assert [one.reached for one in steps][-3:] == [SchemeState.ACTIVE, SchemeState.TRIGGERED, SchemeState.RUNNING]
        assert steps[-1].taken_by == FOUNDATION.people[0].name
        (fact,) = load([row.tenant_id])[row.tenant_id].registrations
        # Of the third client not every condition is met.
        assert [one.state for one in covers(fact, clock.today())].count(CoverState.COVERED) == 2
    person, browser = filled.of(FOUNDATION.slug, Role.OWNER), Visitor(app)
    browser.sign_in(person.email, PASSWORD)
    code = app.test_cli_runner().invoke(args=["sample", "code", person.email]).output.strip()
    browser.post("/sign-in/second-step", {"code": code})
    page = browser.get(f"/o/{FOUNDATION.slug}/registrants/").get_data(as_text=True)
    assert BANKRUPT.values.name in page


def test_a_service_of_the_example_ends_with_notice_and_covers_until_then(app: Flask, filled: SampleSignIns) -> None:
    with at(app, SUPPLIER.slug):
        row = db.session().scalars(sa.select(SchemeNotice)).one()
        owner = db.session().get_one(Registration, (row.tenant_id, row.registration_id))
        given_on = day_of(row.given_at)
        assert earliest_end((), Terms(), given_on) <= row.last_on, "no notice is shorter than the service takes"
        (fact,) = (one for one in load([row.tenant_id])[row.tenant_id].registrations if one.id == owner.id)
        legs = [one.leg(LegKind.SCHEME) for one in covers(fact, clock.today())]
        assert {leg.until for leg in legs} == {row.last_on}
        assert any(one.covered for one in covers(fact, row.last_on))


def test_some_of_what_the_foundation_must_hold_is_overdue(app: Flask, filled: SampleSignIns) -> None:
    with at(app, SUPPLIER.slug):
        late = [gap for gap in queries.open_findings() if gap.subject_kind == "handover_item" and gap.until]
    assert {gap.severity for gap in late} == {Severity.NOTICE, Severity.FAULT}


def test_the_agreement_on_file_is_the_one_that_was_stored(app: Flask, filled: SampleSignIns) -> None:
    with at(app, SUPPLIER.slug):
        row = db.session().scalars(sa.select(Agreement).where(Agreement.file_sha256 != "")).one()
        data = files().get(row.tenant_id, row.file_sha256)
        settings = app.config["SETTINGS"]
        assert FileStore(settings.data_dir / FILES_FOLDER).root == files().root
        assert (len(data), data[:5], data[-6:]) == (row.file_size, b"%PDF-", b"%%EOF\n")


def test_what_clients_accepted_can_be_proved(app: Flask, filled: SampleSignIns) -> None:
    with at(app, SUPPLIER.slug):
        published = db.session().scalars(sa.select(DeedVersion).where(DeedVersion.published_on.is_not(None))).all()
        assert published
        assert all(row.sha256 == digest_of(row) for row in published)


def test_every_number_of_the_example_could_be_called(app: Flask, filled: SampleSignIns) -> None:
    columns = (Contact.phone, Contact.phone_2, ExternalParty.phone, Counterparty.phone, SchemeContact.phone)
    with app.app_context(), scoped(reading(frozenset(filled.tenant_ids)), writes=False):
        told = [phone for column in columns for phone in db.session().scalars(sa.select(column)) if phone]
    assert len(told) > len(columns)
    assert [phone for phone in told if not phonenumbers.is_valid_number(phonenumbers.parse(phone))] == []


def test_nobody_gets_a_password_with_their_own_name_in_it() -> None:
    for password in {new_password(NAMES) for _ in range(400)}:
        for organisation in EXAMPLE:
            for person in organisation.people:
                check_choice(password, (person.name, person.email))
        check_choice(password, (auditor.NAME, auditor.EMAIL))


def test_a_second_example_is_refused_and_changes_nothing(app: Flask, filled: SampleSignIns) -> None:
    with app.app_context():
        with pytest.raises(SampleRefused, match="Bakkerij De Halm"):
            fill_example(today=clock.today(), password=PASSWORD)
        with scoped(waiting.NOWHERE, writes=False):
            assert len(db.session().scalars(sa.select(Tenant.id)).all()) == len(EXAMPLE)
            assert len(db.session().scalars(sa.select(User.id)).all()) == len(filled.people)


def test_the_command_judges_what_it_made_and_prints_every_sign_in(bare_app: Flask) -> None:
    answer = bare_app.test_cli_runner().invoke(args=["sample"])
    assert answer.exit_code == 0, answer.output
    lines = answer.output.splitlines()
    assert lines[0].split("  ")[0] == "Organisation"
    password = lines[1].rsplit("  ", 1)[-1].strip()
    for organisation in EXAMPLE:
        for person in organisation.people:
            line = next(line for line in lines if person.email in line)
            assert (person.role.value in line, password in line) == (True, True)
    assert Visitor(bare_app).sign_in(BAKERY.people[0].email, password).status_code == 302
    assert bare_app.config["SETTINGS"].base_url in lines[-1]
    with bare_app.app_context():
        assert waiting.due(at=clock.now()) == []


def test_the_command_says_in_a_sentence_that_the_example_is_there(app: Flask, filled: SampleSignIns) -> None:
    answer = app.test_cli_runner().invoke(args=["sample"])
    assert answer.exit_code == 1
    assert answer.output == "Error: The sample is there already: an organisation Bakkerij De Halm exists.\n"


@pytest.mark.parametrize("arguments", [["sample"], ["sample", "--tenants", "2"]])
def test_a_service_in_production_takes_no_sample(bare_app: Flask, arguments: list[str]) -> None:
    settings = dataclasses.replace(bare_app.config["SETTINGS"], env=Environment.PRODUCTION)
    bare_app.config["SETTINGS"] = settings
    answer = bare_app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 1
    assert "production" in answer.output
    with bare_app.app_context(), scoped(waiting.NOWHERE, writes=False):
        assert db.session().scalar(sa.select(Tenant.id).limit(1)) is None


def test_codes_are_printed_for_people_with_an_app_and_each_next_one_works(app: Flask, filled: SampleSignIns) -> None:
    person = filled.of(SUPPLIER.slug, Role.OWNER)
    runner = app.test_cli_runner()
    codes = []
    for _ in range(2):
        browser = Visitor(app)
        browser.sign_in(person.email, PASSWORD)
        codes.append(runner.invoke(args=["sample", "code", person.email.upper()]).output.strip())
        assert browser.post("/sign-in/second-step", {"code": codes[-1]}).status_code == 302
    assert codes[0] != codes[1]
    refused = runner.invoke(args=["sample", "code", filled.of(BAKERY.slug, Role.OWNER).email])
    assert (refused.exit_code, "no authenticator app" in refused.output) == (1, True)
