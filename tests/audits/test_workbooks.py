"""Reports: every item on the sheet, every cell typed, nobody else's data, and a checksum anybody can take again."""

import hashlib
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from audits.sweeping import sweep
from audits.sweeping.waiting import RULE_SET
from audits.workbooks import REPORTS
from core import db
from plans.handbook import items
from plans.models import (
    Asset,
    AssetKind,
    Contact,
    Department,
    DepartmentSystem,
    ExternalParty,
    PartyKind,
    System,
    SystemNeed,
    Waiver,
    WaiverState,
)
from plans.versions.services import Signed, publish
from tenants.models import TrailEntry
from tests.cast import Cast, Organisation
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
DAY = "2026-11-22"


pytestmark = pytest.mark.usefixtures("on_the_day")


def book(
    visitor: Visitor, name: str, language: str = "en", as_of: str = DAY, slug: str = "bakery"
) -> openpyxl.Workbook:
    answer = visitor.post(f"/o/{slug}/reports/", {"name": name, "as_of": as_of, "language": language})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def table(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    rows = list(book[sheet].iter_rows(values_only=True))
    return [dict(zip((str(title) for title in rows[0]), row, strict=True)) for row in rows[1:]]


def about(book: openpyxl.Workbook) -> dict[object, object]:
    return {row["What"]: row["Value"] for row in table(book, "About this workbook")}


def filled(scope_of: Scoped, cast: Cast) -> None:
    with scope_of(cast.bakery):
        db.session().add_all(
            [
                Asset(
                    kind=AssetKind.LICENCE,
                    name="=Kassasoftware",
                    supplier="BakkerKas",
                    licence_key="BK-2231-8890",
                    expires_on=date(2027, 1, 31),
                ),
                Asset(kind=AssetKind.SERVER, name="SRV1", serial_number="0012345"),
                Contact(name="Henk", phone="+31612345678", confirmed_on=date(2026, 11, 1)),
            ]
        )
    with scope_of(cast.other):
        db.session().add_all([Asset(kind=AssetKind.SERVER, name="Geheime server"), Contact(name="Geheim persoon")])


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_opens_and_holds_nothing_of_others(
    app: Flask, cast: Cast, scope_of: Scoped, report: object, language: str
) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.reader), report.name, language)  # type: ignore[attr-defined]
    for sheet in found:
        assert sheet.freeze_panes == "A2"
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert "Geheim" not in str(cell.value)


def test_plan_holds_every_item_in_the_handbooks_order(app: Flask, cast: Cast) -> None:
    rows = table(book(Visitor(app, cast.owner), "plan"), "Plan")
    assert [row["Code"] for row in rows] == [item.id for item in items()]
    assert {row["Status"] for row in rows} <= {"To do", "In order", "Needs attention", "Lapses soon", "Not applicable"}


def test_plan_tells_who_approved_which_version(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with scope_of(cast.bakery):
        digest = publish("With the server", Signed("Henk", at, at.date())).digest
    (row,) = table(book(Visitor(app, cast.owner), "plan"), "Versions")
    assert (row["Version"], row["State"], row["Fingerprint (SHA-256)"]) == (1, "In use", digest)
    assert row["Approved by"] == row["Put into use by"] == "Henk"
    assert row["Approved"] == datetime(2026, 11, 22, 13)  # noqa: DTZ001 -- Excel has no zones; Amsterdam's time


def test_findings_have_real_days_and_numbers(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    rows = table(book(Visitor(app, cast.owner), "findings", as_of="2027-01-20"), "Findings")
    (soon,) = [row for row in rows if row["Code"] == "inventory.licences" and row["Valid until"]]
    assert soon["Valid until"] == datetime(2027, 1, 31)  # noqa: DTZ001 -- Excel has no zones
    assert soon["Days left"] == 11
    assert soon["Severity"] == "Notice"
    assert all(isinstance(row["Since"], datetime) for row in rows)


def test_inventory_keeps_numbers_as_text_and_the_licence_key_half_hidden(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.owner), "inventory")
    assert table(found, "Servers")[0]["Serial number"] == "0012345"
    licence = table(found, "Software licences" if "Software licences" in found.sheetnames else found.sheetnames[1])[0]
    assert "=Kassasoftware" in licence.values()
    assert "BK-2231-8890" not in str(licence)


def test_inventory_tells_an_empty_class_from_one_that_is_left_out(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    with scope_of(cast.bakery):
        db.session().add(
            Waiver(
                item_id="inventory.tablets", state=WaiverState.APPROVED, reason="Nobody uses one.", author="Henk",
                decided_by="Eva", alone=True, starts_on=date(2026, 1, 1), until=date(2027, 12, 31),
            )
        )  # fmt: skip
        db.session().add_all(Asset(kind=AssetKind.PRINTER, name=f"Printer {number}") for number in range(23))
    rows = {row["Code"]: row for row in table(book(Visitor(app, cast.owner), "inventory"), "Inventory")}
    assert len(rows) == 12
    assert (rows["inventory.servers"]["Records"], rows["inventory.servers"]["Status"]) == (1, "To do")
    phones = rows["inventory.mobile-phones"]
    assert (phones["Records"], phones["Status"], phones["Left out because"]) == (0, "To do", None)
    assert phones["Remarks"] == "No mobile phone has been recorded yet."
    tablets = rows["inventory.tablets"]
    assert (tablets["Status"], tablets["Left out because"]) == ("Not applicable", "Nobody uses one.")
    assert tablets["Left out until"].date() == date(2027, 12, 31)  # type: ignore[attr-defined]
    told = rows["inventory.printers"]["Remarks"].splitlines()  # type: ignore[attr-defined]
    assert (len(told), told[-1]) == (21, "and 4 more remarks")


def test_expiries_count_each_month(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.owner), "expiries")
    rows = table(found, "What lapses")
    # A day, so that it sorts and filters, shown as a month.
    days = [(row["Month"], row["Valid until"]) for row in rows]
    assert all(isinstance(month, datetime) and isinstance(day, datetime) for month, day in days)
    assert all(str(month)[:10] == f"{str(day)[:7]}-01" for month, day in days)
    assert "2027-01" in {str(month)[:7] for month, _day in days}
    assert {cell.number_format for (cell,) in found["What lapses"]["B2" : f"B{len(rows) + 1}"]} == {"yyyy-mm"}
    total = table(found, "Per month")[-1]
    assert total["Section"] == total["Section"] == "Total"
    assert total["Total"] == len(rows)


def test_checksum_can_be_taken_again_from_the_cells(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.owner), "findings")
    told = about(found)
    digest = hashlib.sha256()

    def add(line: object) -> None:
        digest.update(json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")

    assert found.sheetnames == ["About this workbook", "Findings", "What is left out"]
    for name in found.sheetnames[1:]:
        rows = list(found[name].iter_rows(values_only=True))
        add(["sheet", name, list(rows[0])])
        for row in rows[1:]:
            add([cell.date().isoformat() if isinstance(cell, datetime) else cell for cell in row])
    assert told["SHA-256 of the data"] == digest.hexdigest()
    assert told["Rule set"] == RULE_SET
    assert told["Organisation"] == cast.bakery.name
    assert told["Made by"] == cast.owner.name


def test_same_day_gives_the_same_checksum_another_day_another(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    filled(scope_of, cast)
    visitor = Visitor(app, cast.owner)

    def checksum(day: str) -> object:
        return about(book(visitor, "findings", as_of=day))["SHA-256 of the data"]

    assert checksum(DAY) == checksum(DAY)
    assert checksum(DAY) != checksum("2027-02-10")


def test_download_is_written_in_the_trail(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    book(Visitor(app, cast.reader), "plan")
    with scope_of(cast.bakery):
        entry = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "report.exported")).one()
        assert (entry.actor, entry.changes["name"]) == (cast.reader.name, "plan")


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "31-12-2026"])
def test_unreadable_day_comes_back_with_what_was_typed(app: Flask, cast: Cast, day: str) -> None:
    answer = Visitor(app, cast.owner).post("/o/bakery/reports/", {"name": "plan", "as_of": day, "language": "en"})
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.get_data(as_text=True)


def test_a_past_day_of_which_nothing_was_kept_is_refused_and_the_first_that_was_is_offered(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    visitor, asked = Visitor(app, cast.owner), {"name": "plan", "language": "en"}
    never = visitor.post("/o/bakery/reports/", {**asked, "as_of": "2026-11-21"})
    assert (never.status_code, "No day has been kept yet" in never.get_data(as_text=True)) == (422, True)
    with app.app_context():
        sweep.run([cast.bakery.id], date(2026, 11, 10))
    early = visitor.post("/o/bakery/reports/", {**asked, "as_of": "2026-11-09"})
    shown = early.get_data(as_text=True)
    assert (early.status_code, 'value="2026-11-09" min="2026-11-10"' in shown) == (422, True)
    assert "Nothing was kept of 9 November 2026. The first day that was kept is 10 November 2026" in shown
    assert 'href="/o/bakery/reports/?as_of=2026-11-10"' in shown
    assert 'value="2026-11-10"' in visitor.get("/o/bakery/reports/?as_of=2026-11-10").get_data(as_text=True)
    for day in ("2026-11-10", "2026-11-15", DAY, "2027-03-01"):
        assert visitor.post("/o/bakery/reports/", {**asked, "as_of": day}).status_code == 200, day

    unlikely = visitor.post("/o/bakery/reports/", {**asked, "name": "expiries", "as_of": "9999-12-31"})
    assert (unlikely.status_code, "between 1950 and 2199" in unlikely.get_data(as_text=True)) == (422, True)
    command = ["report", "plan", "--tenant", "bakery", "--out", str(tmp_path / "plan.xlsx"), "--as-of"]
    assert app.test_cli_runner().invoke(args=[*command, "9999-12-31"]).exit_code == 2
    refused = app.test_cli_runner().invoke(args=[*command, "2026-11-09"])
    assert (refused.exit_code, "the first day that was is 2026-11-10" in refused.output) == (1, True)
    assert not list(tmp_path.iterdir())
    assert app.test_cli_runner().invoke(args=[*command, "2026-11-15"]).exit_code == 0


def test_unknown_report_or_language_is_not_found(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    assert visitor.post("/o/bakery/reports/", {"name": "secrets", "as_of": DAY, "language": "en"}).status_code == 404
    assert visitor.post("/o/bakery/reports/", {"name": "plan", "as_of": DAY, "language": "fr"}).status_code == 404


def test_queries_of_a_report_do_not_grow_with_its_rows(
    app: Flask, cast: Cast, scope_of: Scoped, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    visitor = Visitor(app, cast.owner)
    book(visitor, "plan")  # the first one also judges what the cast left behind
    with count_queries() as few:
        book(visitor, "plan")
    with scope_of(cast.bakery):
        db.session().add_all(Asset(kind=AssetKind.SERVER, name=f"SRV{n}") for n in range(60))
    book(visitor, "plan")
    with count_queries() as many:
        book(visitor, "plan")
    assert len(many) == len(few)


def test_command_writes_the_same_workbook(app: Flask, cast: Cast, scope_of: Scoped, tmp_path: Path) -> None:
    filled(scope_of, cast)
    out = tmp_path / "bevindingen.xlsx"
    runner = app.test_cli_runner()
    done = runner.invoke(
        args=["report", "findings", "--tenant", "bakery", "--as-of", DAY, "--out", str(out), "--language", "en"]
    )
    assert done.exit_code == 0, done.output
    digest = about(openpyxl.load_workbook(out))["SHA-256 of the data"]
    assert done.output.split() == [str(out), digest]
    assert about(book(Visitor(app, cast.owner), "findings"))["SHA-256 of the data"] == digest


def test_command_refuses_what_it_cannot_do(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    out = str(tmp_path / "x.xlsx")
    assert runner.invoke(args=["report", "nothing", "--tenant", "bakery", "--out", out]).exit_code == 2
    assert runner.invoke(args=["report", "plan", "--tenant", "nowhere", "--out", out]).exit_code == 1
    missing = runner.invoke(args=["report", "plan", "--tenant", "bakery", "--out", str(tmp_path / "no" / "x.xlsx")])
    assert missing.exit_code == 1
    assert list(tmp_path.iterdir()) == [] or not list(tmp_path.glob("*.xlsx*"))


def test_workbook_of_the_processes_tells_needs_order_and_slowest_link(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        party = ExternalParty(kind=PartyKind.SUPPLIER, name="BelGoed")
        till = System(name="Till", recovery_priority=1, rto_hours=4, rpo_hours=12)
        line = System(name="Internet", recovery_priority=2, rto_hours=24, supplier_id=party.id)
        head = Contact(name="Henk")
        shop = Department(name="Shop", head_id=head.id)
        db.session().add_all([party, head, till, line, shop])
        db.session().flush()
        db.session().add_all(
            [
                SystemNeed(system_id=till.id, needed_system_id=line.id),
                SystemNeed(system_id=till.id, party_id=party.id),
                DepartmentSystem(department_id=shop.id, system_id=till.id),
            ]
        )
    found = book(Visitor(app, cast.reader), "processes")
    internet, kassa = table(found, "Systems")
    assert (internet["Name"], internet["Supplier"], internet["Order of recovery"]) == ("Internet", "BelGoed", 1)
    assert (kassa["Back within (hours)"], kassa["Work you may lose (hours)"]) == (4, 12)
    assert (kassa["Needs"], kassa["Order of recovery"]) == ("BelGoed, Internet", 2)
    assert (kassa["Slowest link"], kassa["Really back within (hours)"]) == ("Internet", 24)
    (row,) = table(found, "Departments")
    assert (row["Head"], row["Deputy"], row["Systems"], row["Data"]) == ("Henk", None, "Till", None)
