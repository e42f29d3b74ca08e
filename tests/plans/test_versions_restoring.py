"""A section taken back says again what it said; everything else stays, and the change can be taken back itself."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from core.i18n import Language, written_in
from plans.errors import PlanError
from plans.intervals import Interval
from plans.items.leaving_out import Signer, WaiverValues, approve, propose
from plans.items.left_out import proposals, waivers
from plans.items.services import AnswerValues, SeatValues, assign, save_answer
from plans.models import (
    ActivationSign,
    Answer,
    Asset,
    BackupCopySystem,
    Contact,
    Department,
    DepartmentSystem,
    RecoveryStep,
    System,
    Waiver,
)
from plans.models.registers import Impact
from plans.processes.services import Wanted, save_needs
from plans.registers.undo.services import Record, undo
from plans.runbook.services import save_tasks
from plans.upkeep.services import Setter, tighten
from plans.versions.comparing import compare
from plans.versions.content import Content, content_of, digest
from plans.versions.restoring import preview, restore
from plans.versions.rooms import Part
from plans.versions.services import Signed, publish
from sample import bakery
from sample.days import Days
from tenants.models import TrailEntry
from tenants.owned import EditConflict
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, add_system

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def signed() -> Signed:
    return Signed("Henk", AT, clock.today())


def take_back(cast: Cast, version: Content, part: Part) -> int:
    return restore(version, part, digest(content_of(cast.bakery.id)), signed(), Record(AT))


def leave_out(item_id: str, reason: str) -> None:
    """Proposed by one and approved by another."""
    row = propose(item_id, WaiverValues(reason, clock.today()), Signer(None, "Eva", AT, clock.today()))
    approve(item_id, row.id, Signer(None, "Henk", AT, clock.today()), owners=())


def vandalise() -> None:
    """Change, add and put away something in every part of the plan."""
    session = db.session()
    models: tuple[Any, ...] = (Contact, Asset, System, Department, RecoveryStep, ActivationSign)
    for model in models:
        rows = list(session.scalars(sa.select(model).where(model.archived_at.is_(None)).order_by(model.id)))
        rows[0].archived_at = AT
        if len(rows) > 1 and hasattr(rows[1], "name"):
            rows[1].name = f"{rows[1].name} anders"
    for link in list(session.scalars(sa.select(DepartmentSystem)))[::2]:
        session.delete(link)
    for held in list(session.scalars(sa.select(BackupCopySystem))):
        session.delete(held)
    for department in session.scalars(sa.select(Department)):
        department.uses_no_systems, department.impact_day = not department.uses_no_systems, Impact.RUINOUS
    session.flush()
    left = list(session.scalars(sa.select(System).where(System.archived_at.is_(None)).order_by(System.id)))
    for system in left:
        save_needs(system.id, Wanted())
    save_needs(left[1].id, Wanted(frozenset({left[0].id})))
    add_contact("Nieuw")
    add_system("Nieuw")
    session.add(RecoveryStep(position=99, text="Nieuw"))
    for row in list(session.scalars(sa.select(Answer))):
        save_answer(row.item_id, AnswerValues({"text": "anders"}), by="Henk", today=clock.today())
    nobody = SeatValues(None)
    assign("runbook.team", dict.fromkeys(("it-admin", "privacy", "department-heads", "management"), nobody))
    save_tasks({"management": "anders"}, today=clock.today())
    leave_out("testing.usb-drop", "anders")
    tighten({Interval.CONTACT: 10}, who=Setter("Henk", clock.today()))
    session.flush()


@pytest.fixture
def filled(app: Flask, cast: Cast) -> Iterator[Content]:
    """The sample's plan, and what it said; inside its scope."""
    with app.test_request_context(), scoped(whole(cast.bakery.id)), written_in(Language.ENGLISH):
        bakery.fill(Days(clock.today()))
        yield content_of(cast.bakery.id)


def test_every_section_can_be_taken_back(filled: Content, cast: Cast) -> None:
    db.session().commit()
    vandalise()
    changed = {one.part for one in compare(filled, content_of(cast.bakery.id))}
    assert changed >= set(Part) - {Part.TESTING, Part.STAFF, Part.PAYMENTS, Part.SELF_CHECK}
    # Copies of the back-up name systems, which only their own part brings back.
    for part in sorted(Part, key=lambda part: part is Part.BACKUP):
        before = content_of(cast.bakery.id)
        take_back(cast, filled, part)
        after = content_of(cast.bakery.id)
        assert {one.part for one in compare(before, after)} <= {part}, "another part changed"
    (waiting,) = proposals(["testing.usb-drop"])
    approve(waiting.item_id, waiting.id, Signer(None, "Henk", AT, clock.today()), owners=())
    left = [(one.part.value, row) for one in compare(filled, content_of(cast.bakery.id)) for row in one.rows]
    assert not left
    assert digest(content_of(cast.bakery.id)) == digest(filled)


def test_a_link_waits_for_what_another_part_brings_back(filled: Content, cast: Cast) -> None:
    link = db.session().scalars(sa.select(BackupCopySystem).order_by(BackupCopySystem.id)).first()
    assert link is not None
    system = db.session().get_one(System, (cast.bakery.id, link.system_id))
    held = filled["backup_copy_system"].keys()
    system.archived_at = AT
    db.session().delete(link)
    db.session().flush()
    told = preview(content_of(cast.bakery.id), filled, Part.BACKUP, clock.today())
    assert told.remarks
    assert all(system.name in remark and "Bring that back first" in remark for remark in told.remarks)
    take_back(cast, filled, Part.BACKUP)
    assert content_of(cast.bakery.id).get("backup_copy_system", {}).keys() < held
    take_back(cast, filled, Part.PROCESSES)
    assert not preview(content_of(cast.bakery.id), filled, Part.BACKUP, clock.today()).remarks
    take_back(cast, filled, Part.BACKUP)
    assert content_of(cast.bakery.id)["backup_copy_system"].keys() == held


def test_a_section_is_taken_back_as_every_other_change(cast: Cast, scope_of: ScopeOf) -> None:
    record = Record(AT)
    with scope_of(cast.bakery):
        till = add_system("Till")
        version = content_of(cast.bakery.id)
        row = db.session().get_one(System, (cast.bakery.id, till))
        row.name, row.archived_at = "Broken", AT
        extra = add_system("Extra")
        db.session().flush()
        assert restore(version, Part.PROCESSES, digest(content_of(cast.bakery.id)), signed(), record) == 2
        assert row.name == "Till"
        assert row.archived_at is None
        assert db.session().get_one(System, (cast.bakery.id, extra)).archived_at == AT
    with scope_of(cast.bakery):
        entries = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.subject_id == till)).all()
        assert len(entries) >= 2
        assert undo(record.id, Record(AT))
        assert db.session().get_one(System, (cast.bakery.id, till)).name == "Broken"
        assert db.session().get_one(System, (cast.bakery.id, extra)).archived_at is None


def test_a_plan_that_was_changed_since_the_preview_is_not_taken_back(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_system("Till")
        version = content_of(cast.bakery.id)
        add_system("Shop")
        seen = digest(content_of(cast.bakery.id))
        add_contact("Anna")
        with pytest.raises(EditConflict):
            restore(version, Part.PROCESSES, seen, signed(), Record(AT))


def test_who_did_not_work_here_does_not_come_back_as_staff(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        ruben = db.session().get_one(Contact, (cast.bakery.id, add_contact("Ruben Visser", is_staff=False)))
        version = content_of(cast.bakery.id)
        ruben.name, ruben.archived_at = "Ruben V.", AT
        db.session().flush()
        take_back(cast, version, Part.PEOPLE)
        assert (ruben.name, ruben.is_staff) == ("Ruben Visser", False)


def test_who_is_gone_does_not_come_back_with_another_section(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery), written_in(Language.ENGLISH):
        henk = add_contact("Henk Bakker")
        assign("runbook.first-contact", {"holder": SeatValues(henk)})
        leave_out("runbook.team", "Not now")
        version = content_of(cast.bakery.id)
        assign("runbook.first-contact", {"holder": SeatValues(None)})
        db.session().get_one(Contact, (cast.bakery.id, henk)).archived_at = AT
        for row in db.session().scalars(sa.select(Waiver)):
            row.ended_at = AT
        db.session().flush()
        later = clock.today() + timedelta(days=1)
        found = preview(content_of(cast.bakery.id), version, Part.RUNBOOK, later)
        assert len(found.remarks) == 2
        assert not found.changes
        assert take_back(cast, version, Part.RUNBOOK) == 1, "the waiver could still count today"
        assert not waivers(["runbook.team"]), "it takes more than who takes it back"
        assert [one.reason for one in proposals(["runbook.team"])] == ["Not now"]


def test_a_loop_is_refused_by_name(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        till, shop = add_system("Till"), add_system("Shop")
        save_needs(till, Wanted(frozenset({shop})))
        version = content_of(cast.bakery.id)
        save_needs(till, Wanted())
        gone = add_system("Gone")
        save_needs(shop, Wanted(frozenset({gone})))
        save_needs(gone, Wanted(frozenset({till})))
        db.session().get_one(System, (cast.bakery.id, gone)).archived_at = AT
        db.session().flush()
        with pytest.raises(PlanError, match="Till → Shop → Gone → Till"):
            take_back(cast, version, Part.PROCESSES)


def test_a_section_is_taken_back_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_system("Till & more")
        publish("", signed())
        add_system("Shop")
    editor, path = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/versions"
    one = re.findall(rf'href="({path}/[0-9a-f-]+)"', editor.get(path).get_data(as_text=True))[0]
    assert f"{one}/take-back/processes" in editor.get(one).get_data(as_text=True)
    assert f"{one}/take-back/people" not in editor.get(one).get_data(as_text=True)
    assert "take-back" not in visitor(cast.reader).get(one).get_data(as_text=True)
    shown = editor.get(f"{one}/take-back/processes").get_data(as_text=True)
    assert "Shop" in shown
    assert "Till" not in shown
    seen = re.findall(r'name="seen"[^>]*value="([0-9a-f]{64})"', shown)[0]
    assert editor.post(f"{one}/take-back/processes", {"seen": "0" * 64}).status_code == 409
    assert editor.post(f"{one}/take-back/nothing", {"seen": seen}).status_code == 404
    assert editor.post(f"{one}/take-back/processes", {"seen": seen}).status_code == 302
    assert "still says what this version says" in editor.get(one).get_data(as_text=True)
