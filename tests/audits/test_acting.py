"""Who is to act on a finding: told from the rows, on pages, in workbooks and to programs, today and on past days."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.erasing.services import erase_contact, mark_of
from audits.findings import acting
from audits.findings.acting import NOBODY, Acting, Side, owners_of
from audits.findings.finding import FoundGap
from audits.findings.queries import open_findings
from audits.judging.severity import Severity
from audits.rules.runbook import NO_TASK
from audits.rules.scheme_handovers import UNCONFIRMED
from audits.sweeping import sweep
from continuity.models import Registration, SchemeContact, SchemeParty, SchemeType
from core import clock, db
from plans.models import (
    Answer,
    Assignment,
    BackupCopy,
    Contact,
    CopyOf,
    Department,
    DepartmentSystem,
    FollowUp,
    PlannedTest,
    System,
)
from plans.seats import HOLDER
from tenants.owned import Area
from tenants.scope import Scope, scoped
from tests.api.program import program
from tests.cast import Cast, Organisation, Person
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
Visit = Callable[[Person], Visitor]
DAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False):
        yield


def added(*rows: Any) -> None:
    for row in rows:
        db.session().add(row)
        db.session().flush()


def person(name: str, email: str = "") -> Contact:
    return Contact(name=name, phone="+31201234567", email=email, confirmed_on=DAY)


def gap(code: str, kind: str = "plan", row_id: UUID | None = None, label: str = "", message: str = "m") -> FoundGap:
    key = f"{kind}:{row_id.hex if row_id else ''}:"
    return FoundGap(code, kind, row_id, key, label, Severity.FAULT, message, {}, None, None, None)


def judge(app: Flask, tenant_id: int, day: date = DAY, at: datetime | None = None) -> None:
    with app.app_context():
        sweep.run([tenant_id], day, at=at or clock.now())


def test_who_the_rows_name_is_to_act(app: Flask, scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.bakery):
        anna, bram, cor, vera = people = [person(name) for name in ("Anna", "Bram", "Cor", "Vera")]
        added(*people)
        copy = BackupCopy(holds=CopyOf.DATA, name="Blue disk", keeper_id=anna.id)
        shop, till = Department(name="Shop", head_id=bram.id), System(name="Till")
        test = PlannedTest(item_id="testing.restore", planned_on=DAY, contact_id=cor.id)
        task = FollowUp(what="Mend it", owner_id=cor.id, opened_on=DAY, due_on=DAY)
        added(copy, shop, till, test, task, DepartmentSystem(department_id=shop.id, system_id=till.id))
        answered = Answer(item_id="testing.sla", values={}, contact_id=anna.id, answered_on=DAY, answered_by="Somebody")
        added(answered, Assignment(item_id="processes.personal-data", seat=HOLDER, contact_id=bram.id))
        unnamed = gap("payments.four-eyes")
        assert owners_of([unnamed]).of(unnamed) == Acting(Side.PLAN)
        added(Assignment(item_id="upkeep.responsible", seat=HOLDER, contact_id=vera.id))
        found = [
            (gap("backup.offsite-data", "backup_copy", copy.id), anna),
            (gap("processes.department-heads", "department", shop.id), bram),
            (gap("processes.priorities", "system", till.id), bram),
            (gap("testing.restore", "planned_test", test.id), cor),
            (gap("testing.restore", "follow_up", task.id), cor),
            (gap("testing.sla"), anna),
            (gap("processes.personal-data"), bram),
            (gap("staff.policy", "contact", cor.id, "Cor"), cor),
            (gap("runbook.tasks-known", "contact", cor.id, "Cor"), cor),
            (gap("runbook.tasks-known", "contact", cor.id, "Cor", NO_TASK), vera),
            (gap("upkeep.contacts", "contact", cor.id, "Cor"), vera),
            (unnamed, vera),
        ]
        owners = owners_of([one for one, _who in found])
        told = [(one.code, owners.of(one).name, owners.of(one).whom) for one, _who in found]
        assert told == [(one.code, who.name, who.id) for one, who in found]
        # Who was put away acts no more.
        vera.archived_at = clock.now()
        db.session().flush()
        assert owners_of([unnamed]).of(unnamed) == Acting(Side.PLAN)
    with scope_of(cast.other):
        assert owners_of([unnamed]).of(unnamed) == Acting(Side.PLAN), "of another organisation nobody is named"
    narrow = Scope(frozenset({cast.bakery.id}), frozenset({Area.AUDIT, Area.CONTINUITY}), frozenset())
    with app.app_context(), scoped(narrow, writes=False):
        assert owners_of([unnamed]) == NOBODY, "the plan is closed to this reader"


def test_of_the_scheme_the_foundation_acts_where_it_must_confirm_and_the_supplier_else(
    scope_of: Scoped, cast: Cast
) -> None:
    with scope_of(cast.supplier):
        scheme = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING)
        added(scheme)
        contacts = [
            SchemeContact(registration_id=scheme.id, party=SchemeParty.COMPANY, name="Daan", email="d@d.example"),
            SchemeContact(registration_id=scheme.id, party=SchemeParty.FOUNDATION, name="Fleur", email="f@f.example"),
        ]
        bare = gap("scheme.logins", "handover_item", scheme.id)
        late = bare._replace(subject_key=f"{bare.subject_key}{scheme.id.hex}")
        waits = late._replace(message=UNCONFIRMED)
        owners = owners_of([late])
        assert [owners.of(late)[:2], owners.of(waits)[:2]] == [(Side.SUPPLIER, ""), (Side.FOUNDATION, "")]
        added(*contacts)
        owners = owners_of([late])
        assert [owners.of(late)[:2], owners.of(waits)[:2]] == [(Side.SUPPLIER, "Daan"), (Side.FOUNDATION, "Fleur")]
        me = acting.me("D@d.example ", leads=False)
        assert [me.acts(owners.of(one)) for one in (late, waits)] == [True, False]
        leads = acting.me("nobody@d.example", leads=True)
        assert [leads.acts(NOBODY.of(one)) for one in (late, waits)] == [True, False]


@pytest.fixture
def named(app: Flask, cast: Cast, scope_of: Scoped) -> UUID:
    """Whom the bakery named for the upkeep: its reader, by address."""
    with scope_of(cast.bakery):
        row = person("Rie Lezer", cast.reader.email.upper())
        added(row, person("Somebody else"))
        added(BackupCopy(holds=CopyOf.DATA, name="Disk", keeper_id=db.session().scalars(
            sa.select(Contact.id).where(Contact.name == "Somebody else")
        ).one()))  # fmt: skip
        added(Assignment(item_id="upkeep.responsible", seat=HOLDER, contact_id=row.id))
        found = row.id
    judge(app, cast.bakery.id)
    return found


def test_the_page_tells_who_is_to_act_and_shows_each_what_is_theirs(cast: Cast, visitor: Visit, named: UUID) -> None:
    reader, owner = visitor(cast.reader), visitor(cast.owner)
    page = reader.get("/o/bakery/findings").text
    assert "Rie Lezer" in page
    assert "Somebody else" in reader.get("/o/bakery/findings?section=backup").text
    own = reader.get("/o/bakery/findings?mine=yes")
    assert "Rie Lezer</td>" in own.text
    assert "Somebody else</td>" not in own.text
    assert "No finding fits these filters" in owner.get("/o/bakery/findings?mine=yes").text, "all are somebody's"
    assert "Who is to act</th>" not in reader.get("/o/bakery/findings?state=closed").text


def test_what_nobody_is_named_for_is_the_owners(app: Flask, cast: Cast, visitor: Visit) -> None:
    judge(app, cast.bakery.id)
    mine = visitor(cast.owner).get("/o/bakery/findings?mine=yes").text
    assert "nobody named</td>" in mine
    assert "No finding fits these filters" in visitor(cast.editor).get("/o/bakery/findings?mine=yes").text


def test_a_past_day_tells_who_was_to_act_then_and_an_erased_name_stays_away(
    app: Flask, cast: Cast, visitor: Visit, scope_of: Scoped, named: UUID
) -> None:
    with scope_of(cast.bakery):
        seat = db.session().scalars(sa.select(Assignment)).one()
        other = db.session().scalars(sa.select(Contact).where(Contact.name == "Somebody else")).one()
        seat.contact_id = other.id
    past = f"/o/bakery/findings?section=payments&as_of={DAY}"
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False):
        judge(app, cast.bakery.id, date(2026, 11, 24))
        reader = visitor(cast.reader)
        assert "Somebody else</td>" in reader.get("/o/bakery/findings?section=payments").text
        then = reader.get(past).text
        assert "Rie Lezer</td>" in then
        assert "Somebody else" not in then
        assert "Rie Lezer</td>" in reader.get(f"{past}&mine=yes").text
        with scope_of(cast.bakery):
            row = db.session().scalars(sa.select(Contact).where(Contact.id == named)).one()
            mark = mark_of(row)
            erase_contact(row, at=clock.now(), today=clock.today())
        after = reader.get(past).text
        assert "Rie Lezer" not in after
        assert mark in after


def test_programs_are_told_who_is_to_act(app: Flask, cast: Cast, named: UUID, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        count = len(open_findings())
    told = program(app, cast.bakery, cast.owner).get("/findings?limit=1000").get_json()["items"]
    assert len(told) == count
    assert {one["acting"]["side"] for one in told} == {"plan"}
    assert {one["acting"]["name"] for one in told} == {"Rie Lezer", "Somebody else"}
