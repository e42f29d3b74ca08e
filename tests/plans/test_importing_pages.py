"""The import pages: who may use them, what they refuse, and that each step can be left and resumed."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.importing.models import ImportBatch, ImportSheet, SheetState
from plans.importing.queries import KEPT
from plans.models import Contact
from tenants.models import TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.plans.importing_steps import BAKERY_FILE, Importer, counted
from tests.visitor import Visitor

ScopeOf = Callable[[Organisation], AbstractContextManager[None]]
CountQueries = Callable[[], AbstractContextManager[list[str]]]
PEOPLE = """Naam;Functie;Telefoon;E-mail
Anna de Boer;Kantoor;06 12345678;anna@bakkerij.example
Karim Bos;;;karim@bakkerij.example
"""
MOST_QUERIES, MOST_BYTES = 15, 60_000


@pytest.fixture
def importer(visitor: Callable[[Person | None], Visitor], cast: Cast) -> Importer:
    return Importer(visitor(cast.editor), cast.bakery.slug)


@pytest.fixture
def people(importer: Importer) -> str:
    """The address of an uploaded sheet with two contacts."""
    return importer.upload(PEOPLE.encode(), "mensen.csv") + "/1"


def stored(scope_of: ScopeOf, organisation: Organisation, model: type[Any]) -> int:
    with scope_of(organisation):
        return db.session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def workbook_with_doctype() -> bytes:
    """The bakery's workbook with a document type declaration put in one of its sheets."""
    changed = io.BytesIO()
    with zipfile.ZipFile(BAKERY_FILE) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                head, mark, rest = data.partition(b"<worksheet")
                data = head + b'<!DOCTYPE worksheet [<!ENTITY a "b">]>' + mark + rest
            new.writestr(name, data)
    return changed.getvalue()


def files_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        pytest.param(workbook_with_doctype(), "halm.xlsx", "instructions that a spreadsheet never needs", id="doctype"),
        pytest.param(BAKERY_FILE.read_bytes()[:4000], "halm.xlsx", "damaged", id="cut off"),
        pytest.param(b"%PDF-1.7 not a table", "halm.xlsx", "not a spreadsheet", id="another kind"),
        pytest.param(b'naam;nummer\n"Anna;1\n', "halm.csv", "quotation mark", id="open quote"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_leaves_nothing_behind(
    importer: Importer, cast: Cast, scope_of: ScopeOf, tmp_path: Path, data: bytes, name: str, words: str
) -> None:
    importer.visitor.get(importer.start)
    before, trail = files_below(tmp_path), stored(scope_of, cast.bakery, TrailEntry)
    answer = importer.send(data, name)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert stored(scope_of, cast.bakery, ImportBatch) == 0
    assert stored(scope_of, cast.bakery, ImportSheet) == 0
    assert stored(scope_of, cast.bakery, TrailEntry) == trail
    assert files_below(tmp_path) == before


def test_a_refused_file_is_told_with_the_place(importer: Importer) -> None:
    answer = importer.send(workbook_with_doctype(), "halm.xlsx")
    assert "sheet2.xml" in answer.get_data(as_text=True)


def test_sending_no_file_is_told_at_the_field(importer: Importer) -> None:
    answer = importer.visitor.post(importer.start, {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose a file." in answer.get_data(as_text=True)


def test_a_name_of_a_file_is_shown_as_text_only(importer: Importer) -> None:
    address = importer.upload(PEOPLE.encode(), "<b>mensen.csv")
    page = importer.page(address)
    assert "&lt;b&gt;mensen.csv" in page
    assert "<b>" not in page


def test_a_supplier_that_brings_in_its_clients_is_led_to_inviting_them(
    visitor: Callable[[Person | None], Visitor], cast: Cast, importer: Importer, people: str
) -> None:
    invite = 'href="/o/supplier/clients/invite"'
    supplier = Importer(visitor(cast.supplier_owner), cast.supplier.slug)
    clients = (BAKERY_FILE.parent / "klantenlijst-netvast.xlsx").read_bytes()
    assert invite in supplier.page(supplier.upload(clients, "klanten.xlsx") + "/1")
    for other in (PEOPLE, "Leverancier;KvK;E-mail\nVan Os;12345678;os@os.example\n", "1;2\n3;4\n"):
        assert invite not in supplier.page(supplier.upload(other.encode(), "anders.csv") + "/1"), other
    theirs = importer.page(importer.upload(clients, "klanten.xlsx") + "/1")
    assert "Is this the list of your clients?" not in theirs, "a bakery invites nobody"


def test_reader_imports_nothing(
    visitor: Callable[[Person | None], Visitor], cast: Cast, importer: Importer, people: str
) -> None:
    reader = visitor(cast.reader)
    for path in (importer.start, people.rpartition("/")[0], people, f"{people}/preview", f"{people}/result"):
        assert reader.get(path).status_code == 403
    for path in (importer.start, people, f"{people}/apply", people.rpartition("/")[0] + "/drop"):
        assert reader.post(path).status_code == 403


def test_stranger_finds_nobody_elses_import(
    visitor: Callable[[Person | None], Visitor], cast: Cast, importer: Importer, people: str
) -> None:
    importer.choose(people)
    stranger = visitor(cast.stranger)
    for slug in (cast.bakery.slug, cast.other.slug):
        mine = people.replace(f"/{cast.bakery.slug}/", f"/{slug}/")
        batch = mine.rpartition("/")[0]
        for path in (batch, mine, f"{mine}/preview", f"{mine}/result"):
            assert stranger.get(path).status_code == 404
        for path in (mine, f"{mine}/apply", f"{batch}/drop"):
            assert stranger.post(path).status_code == 404
    assert counted_contacts(importer) == 0


def counted_contacts(importer: Importer) -> int:
    """Return how many contacts the next import of the same two people would find."""
    sheet = importer.upload(PEOPLE.encode(), "opnieuw.csv") + "/1"
    importer.choose(sheet)
    return counted(importer.page(f"{sheet}/preview").partition("Cells left out")[0])[2]


def test_a_sheet_that_is_not_there_is_not_found(importer: Importer, people: str) -> None:
    assert importer.visitor.get(people[:-1] + "2").status_code == 404
    assert importer.visitor.get(people[:-1] + "2/preview").status_code == 404


def test_whoever_jumps_ahead_is_led_to_the_step_that_is_next(importer: Importer, people: str) -> None:
    for answer in (
        importer.visitor.get(f"{people}/preview"),
        importer.visitor.get(f"{people}/result"),
        importer.visitor.post(f"{people}/apply"),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(people)


def test_what_was_chosen_is_still_there_later(importer: Importer, people: str) -> None:
    importer.choose(people, column_2="department", order="month_first")
    form = importer.guessed(people)
    assert form["column_2"] == "department"
    assert form["order"] == "month_first"


def test_a_sheet_that_was_brought_in_stays_as_it_was(importer: Importer, people: str, cast: Cast) -> None:
    first = importer.bring_in(people)
    assert counted(first) == (2, 0, 0, 0)
    for answer in (
        importer.visitor.post(f"{people}/apply"),
        importer.visitor.get(people),
        importer.visitor.get(f"{people}/preview"),
        importer.visitor.post(people, {"layout": "servers"}),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"{people}/result")
    assert counted(importer.page(f"{people}/result")) == (2, 0, 0, 0)
    assert counted_contacts(importer) == 2


def test_two_clicks_at_once_bring_it_in_once(
    app: Flask, importer: Importer, people: str, cast: Cast, scope_of: ScopeOf
) -> None:
    importer.choose(people)
    visitors = [Visitor(app, person) for person in (cast.editor, cast.owner, cast.editor, cast.owner)]
    for each in visitors:
        assert each.token
    with ThreadPoolExecutor(len(visitors)) as pool:
        codes = list(pool.map(lambda each: each.post(f"{people}/apply").status_code, visitors))
    assert codes == [302] * len(visitors)
    assert stored(scope_of, cast.bakery, Contact) == 2


def test_a_preview_that_is_out_of_date_is_shown_again(
    importer: Importer, people: str, cast: Cast, scope_of: ScopeOf
) -> None:
    importer.choose(people)
    seen = importer.page(f"{people}/preview").partition('name="seen" value="')[2].partition('"')[0]
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Anna de Boer", email="anna@bakkerij.example"))
    answer = importer.visitor.post(f"{people}/apply", {"seen": seen})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "changed after you opened this preview" in page
    assert stored(scope_of, cast.bakery, Contact) == 1
    fresh = page.partition('name="seen" value="')[2].partition('"')[0]
    assert importer.visitor.post(f"{people}/apply", {"seen": fresh}).status_code == 302
    assert stored(scope_of, cast.bakery, Contact) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"column_2": "email", "column_4": "email"}, "more than one column", id="twice"),
        pytest.param({"column_1": ""}, "Choose which column holds the name", id="no name"),
        pytest.param({"column_1": "no such thing"}, "Not a valid choice", id="made-up column"),
        pytest.param({"header_row": "999"}, "from 0 to", id="row too far"),
        pytest.param({"header_row": "first"}, "not a whole number", id="row no number"),
        pytest.param({"layout": "no-such-thing"}, "Not a valid choice", id="made-up register"),
    ],
)
def test_columns_that_cannot_be_are_told_and_kept_on_the_page(
    importer: Importer, people: str, changes: dict[str, str], words: str
) -> None:
    answer = importer.visitor.post(people, importer.guessed(people) | {"column_3": "phone_2"} | changes)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert '<option selected value="phone_2">' in page
    assert importer.visitor.get(f"{people}/preview").status_code == 302


def test_the_columns_are_guessed_anew_for_another_register(importer: Importer, people: str) -> None:
    form = importer.guessed(people, layout="parties", header_row="1")
    assert form["column_2"] == "kind"
    assert form["layout"] == "parties"


def test_a_sheet_without_headings_comes_in_from_its_first_row(importer: Importer) -> None:
    sheet = importer.upload(b"Anna de Boer;06 12345678\nKarim Bos;06 23456789\n", "mensen.csv") + "/1"
    form = importer.guessed(sheet, layout="contacts", header_row="0")
    importer.visitor.post(sheet, form | {"column_1": "name", "column_2": "phone"})
    page = importer.page(f"{sheet}/preview")
    assert "Anna de Boer" in page
    assert counted(page.partition("Cells left out")[0]) == (2, 0, 0, 0)


def test_an_upload_from_long_ago_can_no_longer_come_in(
    importer: Importer, people: str, cast: Cast, scope_of: ScopeOf
) -> None:
    importer.choose(people)
    with scope_of(cast.bakery):
        batch = db.session().scalars(sa.select(ImportBatch)).one()
        batch.uploaded_at -= KEPT + timedelta(days=1)
        batch_id = batch.id
    batch_page = people.rpartition("/")[0]
    for answer in (importer.visitor.get(f"{people}/preview"), importer.visitor.post(f"{people}/apply")):
        assert answer.headers["Location"].endswith(batch_page)
    assert "more than 30 days ago" in importer.page(batch_page)
    importer.upload(PEOPLE.encode(), "nieuw.csv")
    with scope_of(cast.bakery):
        old = db.session().scalars(sa.select(ImportSheet).where(ImportSheet.batch_id == batch_id)).one()
        assert (old.state, old.cells) == (SheetState.DROPPED, b"")
    assert stored(scope_of, cast.bakery, Contact) == 0


def test_what_was_thrown_away_is_gone(importer: Importer, people: str, cast: Cast, scope_of: ScopeOf) -> None:
    batch_page = people.rpartition("/")[0]
    assert importer.visitor.post(f"{batch_page}/drop").status_code == 302
    assert importer.visitor.post(f"{batch_page}/drop").status_code == 302
    assert importer.visitor.get(people).headers["Location"].endswith(batch_page)
    assert importer.visitor.post(f"{people}/apply").headers["Location"].endswith(batch_page)
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(ImportSheet)).one().cells == b""


def test_the_cells_are_not_kept_after_they_came_in(
    importer: Importer, people: str, cast: Cast, scope_of: ScopeOf
) -> None:
    importer.bring_in(people)
    with scope_of(cast.bakery):
        sheet = db.session().scalars(sa.select(ImportSheet)).one()
        assert sheet.cells == b""
        assert sheet.applied_by == cast.editor.name
        actions = set(db.session().scalars(sa.select(TrailEntry.action)))
    assert "import.applied" in actions


def many_people(count: int) -> bytes:
    """A file with one unusable telephone number in every fifth row."""
    rows = []
    for number in range(1, count + 1):
        phone = "12" if number % 5 == 0 else f"06 1{number:07d}"
        rows.append(f"Persoon {number};Functie {number % 7};{phone};p{number}@mkb.example")
    return ("Naam;Functie;Telefoon;E-mail\n" + "\n".join(rows) + "\n").encode()


def test_the_pages_of_a_large_import_stay_small(importer: Importer, count_queries: CountQueries) -> None:
    batch = importer.upload(many_people(300), "veel.csv")
    importer.choose(f"{batch}/1")
    pages = [importer.start, batch, f"{batch}/1", f"{batch}/1/preview", f"{batch}/1/preview?show=remarks&page=2"]
    for path in pages:
        with count_queries() as sent:
            page = importer.page(path)
        assert len(sent) <= MOST_QUERIES, path
        assert len(page.encode()) <= MOST_BYTES, path
    importer.bring_in(f"{batch}/1")
    with count_queries() as sent:
        page = importer.page(f"{batch}/1/result")
    assert len(sent) <= MOST_QUERIES
    assert len(page.encode()) <= MOST_BYTES


@pytest.mark.once
def test_five_thousand_rows_come_in_and_are_recognised_again(importer: Importer, cast: Cast, scope_of: ScopeOf) -> None:
    data = many_people(5000)
    assert counted(importer.bring_in(importer.upload(data, "veel.csv") + "/1")) == (5000, 0, 0, 0)
    assert stored(scope_of, cast.bakery, Contact) == 5000
    result = importer.bring_in(importer.upload(data, "veel.csv") + "/1")
    assert counted(result) == (0, 0, 5000, 0)
    assert "1000 remarks" in result.replace(",", "")
    assert stored(scope_of, cast.bakery, Contact) == 5000


def test_a_licence_key_is_never_shown_in_full(importer: Importer) -> None:
    data = "Product;Licentiesleutel\nBakkerKas;BK-2231-8890-77\nTe lang;" + "GEHEIM-" * 40
    sheet = importer.upload(data.encode(), "licenties.csv") + "/1"
    pages = [importer.page(sheet)]
    importer.choose(sheet)
    pages.append(importer.page(f"{sheet}/preview"))
    pages.append(importer.bring_in(sheet))
    assert "BK-2" in pages[0]
    for page in pages:
        assert "2231-8890" not in page
        assert "GEHEIM-GEHEIM" not in page
