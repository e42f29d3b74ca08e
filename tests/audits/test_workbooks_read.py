"""Workbooks as an auditor reads them: typed, in words, nothing cut, and the first sheet tells what is in the others."""

import io
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from audits.workbooks import REPORTS, records
from audits.workbooks.record_values import told_value
from audits.workbooks.record_words import has_word, word
from audits.workbooks.showing import MOST_LINES, shown, split
from core import clock, db
from core.i18n import Language, written_in
from core.sheets.cells import Kind
from core.sheets.writing import MAX_SHEET_NAME, Column, InColumns, Sheet, Value
from plans.handbook import by_id
from plans.models import (
    Answer,
    Assignment,
    BackupCopy,
    Contact,
    CopyOf,
    EntryKind,
    ExternalParty,
    IntervalSetting,
    Keeping,
    MadeEvery,
    PartyKind,
)
from plans.registers.cells import parse
from plans.registers.columns import REGISTERS
from plans.registers.shape import Kind as RegisterKind
from plans.registers.shape import Register
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


@pytest.mark.parametrize("language", list(Language))
def test_every_choice_that_is_kept_has_its_word(app: Flask, language: Language) -> None:
    lacking = []
    with app.test_request_context(), written_in(language):
        for model in records.tables():
            for key in records.fields(model):
                kept = getattr(sa.inspect(model).column_attrs[key].columns[0].type, "enum_class", None) or ()
                lacking += [(model.__name__, key, one) for one in kept if not has_word(one) or not word(one)]
    assert not lacking


@pytest.mark.parametrize("language", list(Language))
def test_every_sheet_bears_its_name_in_full(app: Flask, language: Language) -> None:
    with app.test_request_context(), written_in(language):
        names = [records.sheet_name(str(sa.inspect(model).local_table.name)) for model in records.tables()]
    assert len(set(names)) == len(names)
    assert [name for name in names if len(name) > MAX_SHEET_NAME] == []


def test_records_tell_choices_items_and_answers_in_words(app: Flask, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.bakery):
        henk = Contact(name="Henk", phone="+31612345678")
        db.session().add(henk)
        db.session().flush()
        db.session().add_all(
            [
                BackupCopy(holds=CopyOf.DATA, name="Schijf", keeping=Keeping.SAFE, made_every=MadeEvery.DAY),
                Assignment(item_id="runbook.team", seat="gdpr-officer", contact_id=henk.id),
                Answer(
                    item_id="self-check.secured", values={"verdict": "partly", "explanation": "Kassa"},
                    answered_on=date(2026, 11, 1), answered_by="Henk",
                ),
                IntervalSetting(name="contact", days=90, set_by="Henk"),
            ]
        )  # fmt: skip
    found = book(Visitor(app, cast.owner), "records", "nl")
    (copy,) = table(found, "Back-upkopie")
    kept = (copy["Wat erop staat"], copy["Hoe het wordt bewaard"], copy["Hoe vaak de kopie wordt gemaakt"])
    assert kept == ("Gegevens", "In een kluis bij de eigenaar of een leidinggevende", "Elke dag")
    (seat,) = table(found, "Plek in het team")
    assert seat["Plek in het team"] == "AVG-functionaris"
    assert str(seat["Onderdeel"]).startswith("Calamiteitenteam: IT-beheerder")
    (answer,) = table(found, "Antwoord")
    assert "Waarom vindt u dat?: Kassa" in str(answer["Antwoorden"]).splitlines()
    (contact,) = table(found, "Contactpersoon")
    assert contact["Telefoon"] == "06 12345678"
    sheets = [sheet for sheet in found if sheet.title != "Gegevens"]
    cells = {str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    assert cells & {*by_id(), "contact", "gdpr-officer", "safe", "data"} == set()


def test_structure_is_told_in_lines_and_no_code_of_a_column_stands_in_it(app: Flask) -> None:
    with app.test_request_context(), written_in(Language.ENGLISH):
        told = told_value({"name": "Henk", "confirmed_on": "2026-11-01", "here": True, "note": "", "odd": ["a", "b"]})
        assert told_value({"phone": "+31612345678"}) == "Telephone: 06 12345678"
        assert told_value(["2026-11-06T09:00:00+00:00"]) == "6 November 2026 09:00 UTC"
        assert told == "Found right on: 1 November 2026\nhere: Yes\nName: Henk\nodd: a; b"
        assert (told_value([]), told_value({}), told_value("")) == (None, None, None)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
def test_what_a_workbook_says_of_a_choice_is_read_in_both_languages_and_as_its_code(
    app: Flask, register: Register
) -> None:
    with app.test_request_context():
        for column in register.columns:
            for choice in column.choices:
                for language in Language:
                    with written_in(language):
                        told = str(choice.label)
                    assert {parse(column, told), parse(column, choice.value.value)} == {choice.value}, told
            if column.kind is RegisterKind.YES_NO:
                assert [parse(column, said) for said in ("Ja", "Yes", True, "Nee", "No", False)] == [True] * 3 + [
                    False
                ] * 3
