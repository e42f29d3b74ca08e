"""Asking for a report, its making, and who gets it: decided when asked, when made and at each click."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.judging.severity import Severity
from audits.made import making, ordering, planning
from audits.made.models import Cadence, MadeReport, MadeState
from audits.room.course import Move, RequestState
from audits.room.models import EvidenceFile, EvidenceRequest, EvidenceStep
from core import clock, db
from core.background import work
from core.background.work import DueWork
from core.files import files
from plans.models import Assignment, BackupCopy, Contact, CopyOf
from tenants.models import Engagement, ManagementGrant, Membership, TrailEntry
from tests.audits.test_workbooks import filled, table
from tests.cast import JOINED, Cast, Organisation, Person
from tests.grants.scene import found, grant, judged, registered
from tests.mailbox import letters_to
from tests.visitor import Visitor

# Tomorrow: a day that is over can be told only where it was kept.
DAY = (clock.today() + timedelta(days=1)).isoformat()
Scoped = Callable[[Organisation], AbstractContextManager[None]]


def asked(app: Flask, who: Person, name: str, slug: str = "bakery", as_of: str = DAY, language: str = "en") -> str:
    """Ask for a report and return the path of its page."""
    answer = Visitor(app, who).post(f"/o/{slug}/reports/", {"name": name, "as_of": as_of, "language": language})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def made(app: Flask) -> tuple[int, int]:
    """Make what waits."""
    with app.app_context():
        return making.make_due()


def state(app: Flask, scope_of: Scoped, organisation: Organisation) -> list[MadeState]:
    with scope_of(organisation):
        rows = db.session().scalars(sa.select(MadeReport).order_by(MadeReport.asked_at)).all()
        return [row.state for row in rows]


def end_membership(scope_of: Scoped, organisation: Organisation, person: Person) -> None:
    with scope_of(organisation):
        row = db.session().scalars(sa.select(Membership).where(Membership.user_id == person.id)).one()
        row.ends_at = clock.now() - timedelta(seconds=1)


def test_pack_holds_what_is_open_and_its_checker_finds_all_well(
    app: Flask, cast: Cast, scope_of: Scoped, tmp_path: Path
) -> None:
    filled(scope_of, cast)
    page = asked(app, cast.owner, "pack")
    owner = Visitor(app, cast.owner)
    assert "Waits to be made" in owner.get(page).get_data(as_text=True)
    assert owner.get(f"{page}/file").status_code == 404
    assert made(app) == (1, 0)
    assert "Ready to download" in owner.get(page).get_data(as_text=True)
    answer = owner.get(f"{page}/file")
    assert answer.mimetype == "application/zip"
    with scope_of(cast.bakery):
        told = db.session().scalars(sa.select(TrailEntry.action).where(TrailEntry.subject == "report")).all()
        taken = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "report.exported")).one()
        assert taken.changes["sha256"] == hashlib.sha256(answer.data).hexdigest()
        assert db.session().scalars(sa.select(MadeReport.file_size)).one() == len(answer.data)
    assert sorted(told) == ["report.asked", "report.exported", "report.made"]
    place = tmp_path / "pack.zip"
    place.write_bytes(answer.data)
    with zipfile.ZipFile(place) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        archive.extractall(tmp_path / "pack")
    assert {f"workbooks/waarborg-findings-bakery-{DAY}.xlsx", "check.py", "SHA256SUMS"} <= set(names)
    assert any("trail" in name for name in names)
    assert manifest["as_of"] == DAY
    assert "Geheim" not in answer.get_data(as_text=False).decode("latin-1")
    checker = [sys.executable, "-I", str(tmp_path / "pack" / "check.py")]
    done = subprocess.run(checker, capture_output=True, check=False, text=True)
    assert (done.returncode, "ALL IS WELL" in done.stdout) == (0, True), done.stdout


def test_pack_is_in_its_language_to_the_names_of_its_files(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    page = asked(app, cast.owner, "pack", language="nl")
    assert made(app) == (1, 0)
    answer = Visitor(app, cast.owner).get(f"{page}/file")
    assert f"waarborg-opdrachtdossier-bakery-{DAY}.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names, readme = archive.namelist(), archive.read("LEESMIJ.txt").decode()
    assert {f"werkmappen/waarborg-{one}-bakery-{DAY}.xlsx" for one in ("bevindingen", "logboek", "wat-verloopt")} <= {
        *names
    }
    assert names[-4:] == ["LEESMIJ.txt", "controleer.py", "manifest.json", "SHA256SUMS"]
    assert all(named in readme for named in ("werkmappen:", "bewijs:", "controleer.py"))


def test_pack_of_an_auditor_holds_the_answers_to_their_own_requests_alone(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    at = clock.now()
    with scope_of(cast.bakery):
        for who in (cast.stranger, cast.foundation_owner):
            engagement = Engagement(
                auditor_id=who.id, reference="A1", plan=True, continuity=False, starts_at=JOINED,
                ends_at=at + timedelta(days=9),
            )  # fmt: skip
            db.session().add(engagement)
            db.session().flush()
            request = EvidenceRequest(
                engagement_id=engagement.id, number=1, title="T", asked="A", item_id="", due_on=at.date(),
                state=RequestState.ANSWERED, asked_at=at,
            )  # fmt: skip
            step = EvidenceStep(request_id=request.id, move=Move.ANSWER, note="", user_id=who.id, made_at=at)
            digest = files().put(cast.bakery.id, who.name.encode())
            kept = EvidenceFile(step_id=step.id, name=f"{who.name}.txt", media_type="text/plain", size=5, sha256=digest)
            for row in (request, step, kept):
                db.session().add(row)
                db.session().flush()
    page = asked(app, cast.stranger, "pack")
    assert made(app) == (1, 0)
    with zipfile.ZipFile(io.BytesIO(Visitor(app, cast.stranger).get(f"{page}/file").data)) as archive:
        names = archive.namelist()
    assert [name.rpartition("/")[2] for name in names if name.startswith("evidence/")] == [f"{cast.stranger.name}.txt"]
    # What is closed to the auditor is not in it: no scheme, and no trail, which tells of everything.
    assert not [name for name in names if "scheme" in name or "trail" in name]
    assert Visitor(app, cast.foundation_owner).get(f"{page}/file").status_code == 404


def test_only_who_has_the_right_now_gets_a_report(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    page = asked(app, cast.owner, "trail")
    assert made(app) == (1, 0)
    # The trail is for owners; a reader sees neither the file nor that it was made.
    reader = Visitor(app, cast.reader)
    assert reader.get(page).status_code == reader.get(f"{page}/file").status_code == 404
    assert page not in reader.get("/o/bakery/reports/made/").get_data(as_text=True)
    assert Visitor(app, cast.stranger).get(f"{page}/file").status_code == 404
    assert reader.post(
        "/o/bakery/reports/", {"name": "trail", "as_of": DAY, "language": "en"}
    ).status_code == 404  # fmt: skip
    owner = Visitor(app, cast.owner)
    answer = owner.get(f"{page}/file")
    assert table(openpyxl.load_workbook(io.BytesIO(answer.data)), "Trail")
    end_membership(scope_of, cast.bakery, cast.owner)
    assert owner.get(f"{page}/file").status_code == 404


def test_who_lost_the_right_before_it_was_made_gets_nothing(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    asked(app, cast.editor, "pack")
    end_membership(scope_of, cast.bakery, cast.editor)
    assert made(app) == (1, 0)
    assert state(app, scope_of, cast.bakery) == [MadeState.REFUSED]


def test_maker_that_dies_lets_another_make_it_once(
    app: Flask, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(app, cast.owner, "pack")
    with app.app_context():
        db.begin(writes=True)
        assert len(work.take(ordering.KIND, at=clock.now(), lease=making.LEASE)) == 1
        db.commit()
        # Whoever took it is dead; nobody else takes it before its last sign of life is old enough.
        assert making.make_due() == (0, 0)
        with time_machine.travel(clock.now() + making.LEASE + timedelta(seconds=1), tick=False):
            assert making.make_due() == (1, 0)
            assert making.make_due() == (0, 0)
    assert state(app, scope_of, cast.bakery) == [MadeState.READY]


def test_large_workbook_is_made_in_the_background(
    app: Flask, cast: Cast, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(scope_of, cast)
    monkeypatch.setattr(ordering, "AT_ONCE", 2)
    monkeypatch.setattr(ordering, "MOST_WAITING", 1)
    page = asked(app, cast.reader, "inventory")
    refused = Visitor(app, cast.reader).post("/o/bakery/reports/", {"name": "plan", "as_of": DAY, "language": "en"})
    assert refused.status_code == 422
    assert "Wait until one is ready" in refused.get_data(as_text=True)
    assert made(app) == (1, 0)
    answer = Visitor(app, cast.reader).get(f"{page}/file")
    assert table(openpyxl.load_workbook(io.BytesIO(answer.data)), "Servers")[0]["Serial number"] == "0012345"


def test_portfolio_has_a_row_for_each_client_and_leg_and_closes_with_the_grant(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    grant(app, cast.bakery, cast.supplier, continuity=False)
    judged(app, cast.bakery)
    found(app, cast.bakery, "backup.offsite-data")
    found(app, cast.bakery, "scheme.logins")
    page = asked(app, cast.supplier_owner, "portfolio", "supplier", clock.today().isoformat())
    assert made(app) == (1, 0)
    supplier = Visitor(app, cast.supplier_owner)
    book = openpyxl.load_workbook(io.BytesIO(supplier.get(f"{page}/file").data))
    legs = {row["Leg"]: row for row in table(book, "Clients and legs")}
    assert set(legs) == {"Plan", "Tests", "Agreements", "Handovers"}
    assert (legs["Plan"]["Worst finding"], legs["Plan"]["Code"]) == ("Back-ups kept off site", "backup.offsite-data")
    assert legs["Handovers"]["State"] == "Closed to you"
    assert legs["Handovers"]["Code"] is None
    (plan, *_others) = table(book, "Legs by state")
    assert (plan["Leg"], plan["To do"], plan["Total"]) == ("Plan", 1, 1)
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(ManagementGrant)).one().ends_at = clock.now()
    assert supplier.get(f"{page}/file").status_code == 404


def test_portfolio_tells_who_is_to_act_on_the_worst_of_each_leg(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    grant(app, cast.bakery, cast.supplier, continuity=False)
    grant(app, cast.other, cast.supplier, plan=False)
    for client, people in ((cast.bakery, ("Anna Bakker", "Bram Oven")), (cast.other, ("Cor Sleutel",))):
        judged(app, client)
        registered(app, client)
        found(app, client, "backup.offsite-data")
        found(app, client, "testing.restore", Severity.WARNING)
        found(app, client, "scheme.logins")
        with scope_of(client):
            for item, name in zip(("backup.offsite-data", "testing.restore"), people, strict=False):
                contact = Contact(name=name)
                db.session().add(contact)
                db.session().flush()
                db.session().add(Assignment(item_id=item, seat="holder", contact_id=contact.id))
    page = asked(app, cast.supplier_owner, "portfolio", "supplier", clock.today().isoformat())
    assert made(app) == (1, 0)
    book = openpyxl.load_workbook(io.BytesIO(Visitor(app, cast.supplier_owner).get(f"{page}/file").data))
    legs = {(row["Client"], row["Leg"]): row["Who is to act"] for row in table(book, "Clients and legs")}
    assert {key: told for key, told in legs.items() if told} == {
        (cast.bakery.name, "Plan"): "Anna Bakker",
        (cast.bakery.name, "Tests"): "Bram Oven",
        (cast.other.name, "Handovers"): "The supplier",
    }
    clients = {row["Client"]: row["Who is to act"] for row in table(book, "Clients")}
    assert clients == {cast.bakery.name: "Anna Bakker", cast.other.name: "The supplier"}


def test_portfolio_tells_who_acts_on_the_worst_alone(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    grant(app, cast.bakery, cast.supplier, continuity=False)
    judged(app, cast.bakery)
    with scope_of(cast.bakery):
        keepers = [Contact(name=name) for name in ("Anna Bakker", "Bram Oven")]
        db.session().add_all(keepers)
        db.session().flush()
        copies = [BackupCopy(holds=CopyOf.DATA, name=one.name, keeper_id=one.id) for one in keepers]
        db.session().add_all(copies)
        db.session().flush()
        about = [copy.id for copy in copies]
    for copy_id, severity in zip(about, (Severity.FAULT, Severity.WARNING), strict=True):
        found(app, cast.bakery, "backup.offsite-data", severity, about=("backup_copy", copy_id))
    page = asked(app, cast.supplier_owner, "portfolio", "supplier", clock.today().isoformat())
    assert made(app) == (1, 0)
    book = openpyxl.load_workbook(io.BytesIO(Visitor(app, cast.supplier_owner).get(f"{page}/file").data))
    (plan,) = [row for row in table(book, "Clients and legs") if row["Leg"] == "Plan"]
    assert (plan["Severity"], plan["Faults"], plan["Warnings"]) == ("Fault", 1, 1)
    assert plan["Who is to act"] == "Anna Bakker"
    (client,) = table(book, "Clients")
    assert (client["Access"], client["Opens the plan"], client["Code"]) == (
        "Fill it in and change it",
        "Yes",
        "backup.offsite-data",
    )


@pytest.mark.parametrize(
    ("cadence", "today", "period"),
    [
        (Cadence.WEEKLY, date(2026, 11, 22), date(2026, 11, 16)),
        (Cadence.WEEKLY, date(2026, 11, 23), date(2026, 11, 23)),
        (Cadence.MONTHLY, date(2028, 2, 29), date(2028, 2, 1)),
        (Cadence.QUARTERLY, date(2026, 12, 31), date(2026, 10, 1)),
        (Cadence.QUARTERLY, date(2027, 1, 1), date(2027, 1, 1)),
    ],
)
def test_period_begins_on_its_first_day(cadence: Cadence, today: date, period: date) -> None:
    assert planning.period_of(cadence, today) == period


def test_schedule_makes_one_report_a_period_and_mails_a_link_to_who_has_the_right(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    path = "/o/bakery/reports/schedules/"
    owner = Visitor(app, cast.owner)
    values = {"name": "findings", "cadence": "monthly", "language": "en"}
    assert owner.post(path, values).status_code == 422
    people = [str(cast.owner.id), str(cast.reader.id), str(cast.editor.id)]
    assert owner.post(path, {**values, "people": people}).status_code == 303
    assert owner.post(path, {**values, "people": people}).status_code == 422
    assert "Every month" in owner.get(path).get_data(as_text=True)
    end_membership(scope_of, cast.bakery, cast.editor)
    # The month as it is here: in its last hours it is the next one already, by the clock of the world the old one.
    first = datetime.combine(clock.today().replace(day=1), time(9), UTC) + timedelta(days=32)
    with time_machine.travel(first.replace(day=1), tick=False), app.app_context():
        for _twice in range(2):
            planning.plan_due(clock.now())
        assert making.make_due() == (1, 0)
        as_of = clock.today()
    with time_machine.travel(first.replace(day=20), tick=False), app.app_context():
        planning.plan_due(clock.now())
        assert making.make_due() == (0, 0)
        (letter,) = letters_to(app, cast.reader.email)
        assert len(letters_to(app, cast.owner.email)) == 1
        assert not letters_to(app, cast.editor.email)
        assert not list(letter.iter_attachments())
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(MadeReport)).one()
        assert (row.as_of, row.asked_by_id) == (as_of, None)
        page = f"/o/bakery/reports/made/{row.id}"
    assert page in str(letter.get_content())
    assert Visitor(app).get(f"{page}/file").status_code == 302
    assert Visitor(app, cast.reader).get(f"{page}/file").status_code == 200
    with app.app_context():
        db.begin(writes=False)
        planned = db.session().scalar(sa.select(sa.func.count()).where(DueWork.kind == planning.KIND))
        db.rollback()
    assert planned == 1
    schedule = owner.get(path).get_data(as_text=True).partition("/end")[0].rpartition("schedules/")[2]
    assert owner.post(f"{path}{schedule}/end").status_code == 303
    assert owner.post(f"{path}{schedule}/end").status_code == 404
