"""Workbooks as an auditor reads them: typed, in words, nothing cut, and the first sheet tells what is in the others."""

import io
from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from audits.workbooks import REPORTS
from audits.workbooks.showing import MOST_LINES, shown, split
from core import clock, db
from core.i18n import Language, written_in
from core.sheets.cells import Kind
from core.sheets.writing import Column, InColumns, Sheet, Value
from plans.models import Contact, EntryKind, ExternalParty, PartyKind
from plans.runbook import services as runbook
from plans.runbook.services import StepValues
from tests.audits.test_workbooks import DAY, Scoped, about, book, filled, table
from tests.cast import Cast
from tests.plans.test_calamity_pages import begin, finish, tap
from tests.visitor import Visitor

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("on_the_day")]
LONG = "a word " * 800


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_the_first_sheet_tells_what_is_in_it_for_whom_when_and_by_which_rules(
    app: Flask, cast: Cast, scope_of: Scoped, report: object
) -> None:
    filled(scope_of, cast)
    found = book(Visitor(app, cast.reader), report.name)  # type: ignore[attr-defined]
    assert found.sheetnames[0] == "About this workbook"
    told = about(found)
    assert (told["Report"], told["Organisation"]) == (str(report.title), cast.bakery.name)  # type: ignore[attr-defined]
    assert told["As of"] == datetime.fromisoformat(DAY)
    assert isinstance(told["Made at"], datetime)
    assert told["Time zone of every moment"] == "Europe/Amsterdam"
    rows = {sheet.title: sheet.max_row - 1 for sheet in found.worksheets[1:]}
    assert {name: told[f"Rows on sheet “{name}”"] for name in rows} == rows
    assert told["Rows of data"] == sum(rows.values())


# What is filed stays to be found: a name that changes is a change that somebody decides.
FILES = {
    "findings": ("bevindingen", "findings"),
    "plan": ("plan", "plan"),
    "inventory": ("inventaris", "inventory"),
    "contacts": ("contacten", "contacts"),
    "processes": ("systemen-en-afdelingen", "systems-and-departments"),
    "runbook": ("draaiboek-voor-herstel", "recovery-runbook"),
    "tests": ("back-ups-en-tests", "back-ups-and-tests"),
    "upkeep": ("bijhouden", "upkeep"),
    "calamities": ("calamiteiten-en-oefeningen", "calamities-and-exercises"),
    "scheme": ("continuiteitsregeling", "continuity-scheme"),
    "handovers": ("overdrachten", "handovers"),
    "cover": ("gedekte-klanten", "covered-clients"),
    "expiries": ("wat-verloopt", "what-lapses"),
    "standards": ("dekking-van-normen", "coverage-of-standards"),
    "records": ("alle-gegevens", "all-records"),
}


@pytest.mark.parametrize("language", list(Language))
def test_files_are_named_in_the_language_of_what_is_in_them(app: Flask, cast: Cast, language: Language) -> None:
    visitor, place = Visitor(app, cast.owner), list(Language).index(language)
    assert set(FILES) == {report.name for report in REPORTS}
    for name, told in FILES.items():
        answer = visitor.post("/o/bakery/reports/", {"name": name, "as_of": DAY, "language": language.value})
        assert f"filename=waarborg-{told[place]}-bakery-{DAY}.xlsx" in answer.headers["Content-Disposition"]


def read(*rows: Sequence[Value], blocks: bool = False) -> tuple[list[Kind], list[Sequence[Value]]]:
    columns = (Column("Who"), Column("Text", width=20), Column("Hours", Kind.WHOLE), Column("Done", Kind.YES_NO))
    given = InColumns([list(zip(*rows, strict=True))]) if blocks else rows
    sheet = shown(Sheet("Log", columns, given))
    return [one.kind for one in sheet.columns], [tuple(row) for row in sheet.rows]


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize(("language", "yes", "no"), [(Language.DUTCH, "Ja", "Nee"), (Language.ENGLISH, "Yes", "No")])
def test_yes_and_no_are_words_of_the_language(app: Flask, language: Language, yes: str, no: str, blocks: bool) -> None:
    with app.test_request_context(), written_in(language):
        kinds, rows = read(("Henk", "", 1, True), ("Eva", "", 2, False), ("Mo", "", 3, None), blocks=blocks)
    assert kinds == [Kind.TEXT, Kind.TEXT, Kind.WHOLE, Kind.TEXT]
    assert [row[3] for row in rows] == [yes, no, None]


@pytest.mark.parametrize("blocks", [False, True])
def test_a_text_too_long_for_a_row_goes_on_in_further_rows_and_no_number_counts_twice(app: Flask, blocks: bool) -> None:
    with app.test_request_context(), written_in(Language.ENGLISH):
        _kinds, rows = read(("Henk", LONG, 5, True), ("Eva", "short", 7, False), blocks=blocks)
    assert len(rows) > 3
    assert {row[0] for row in rows[:-1]} == {"Henk"}
    assert [row[2] for row in rows if row[2]] == [5, 7]
    assert {row[3] for row in rows[:-1]} == {"Yes"}
    texts = [str(row[1]) for row in rows[:-1]]
    assert all(text.startswith("(continued) ") for text in texts[1:])
    assert " ".join(text.removeprefix("(continued) ") for text in texts).split() == LONG.split()


@given(st.text(st.sampled_from("ab \n"), max_size=1500), st.integers(3, 30))
def test_a_text_in_parts_says_all_it_said(text: str, width: int) -> None:
    parts = split(text, width)
    assert "".join("".join(parts).split()) == "".join(text.split())
    for part in parts:
        assert sum(-(-len(line) // width) or 1 for line in part.split("\n")) < MOST_LINES


def test_what_happened_in_a_calamity_is_told_in_full_in_its_report_and_its_workbook(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    step, wrong = f"Call {'every baker ' * 30}now", f"They {'hung up ' * 30}all"
    with scope_of(cast.bakery):
        runbook.add_step(StepValues(step, None, 15, None))
        calamity = begin()
        tap(calamity, EntryKind.STEP_DONE, 1)
        note = tap(calamity, EntryKind.NOTE, "", wrong)
        tap(calamity, EntryKind.RETRACTED, note.id.hex)
        finish(calamity, clock.now())
    visitor = Visitor(app, cast.owner)
    page = visitor.get(f"/o/bakery/calamity/{calamity}/report").get_data(as_text=True)
    log = [str(row["About"]) for row in table(book(visitor, "calamities"), "Log")]
    assert f"1. {step}" in log
    assert any(one.endswith(f": {wrong}") for one in log)
    assert f"1. {step}" in page
    assert "…" not in page.partition("<main")[2]
    assert not any("…" in one for one in log)


def test_trail_tells_long_texts_in_full(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    note = "A long story. " * 100
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Henk", note=note.strip()))
    visitor = Visitor(app, cast.owner)
    answer = visitor.post("/o/bakery/trail/", {})
    details = "".join(str(row["Details"]) for row in table(openpyxl.load_workbook(io.BytesIO(answer.data)), "Trail"))
    assert details.count("A long story.") == 100
    assert visitor.get("/o/bakery/trail/").get_data(as_text=True).count("A long story.") < 30


def test_plan_tells_every_name_of_a_long_answer(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    names = [f"Lawyer number {number} of the whole town" for number in range(30)]
    with scope_of(cast.bakery):
        db.session().add_all(ExternalParty(kind=PartyKind.LAWYER, name=name) for name in names)
    visitor = Visitor(app, cast.owner)
    rows = {row["Code"]: str(row["Answer"]) for row in table(book(visitor, "plan"), "Plan")}
    assert all(name in rows["runbook.external-parties"] for name in names)
    page = visitor.get("/o/bakery/plan/runbook").get_data(as_text=True)
    assert "Lawyer number 0" in page
    assert "Lawyer number 29" not in page
