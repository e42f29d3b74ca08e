"""Rows pasted from a spreadsheet, and a register that goes out as a workbook and comes back changed."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
import sqlalchemy as sa

from core import clock, db
from core.i18n import Language, written_in
from plans.importing import queries, states_before
from plans.importing.pasting import TooMuch, read_pasted
from plans.importing.states import named_columns
from plans.models import Asset, AssetKind
from plans.registers import services
from plans.registers.columns import REGISTERS, register
from plans.registers.rows import values_of
from plans.registers.shape import Register, Value
from tenants.adding import add_rows
from tests.cast import Cast, Organisation, Person
from tests.plans.importing_steps import SAMPLES, Importer
from tests.plans.registers_rows import JANUARY_31, add, full
from tests.visitor import Visitor

# What is pasted is read before any database sees it.
pytestmark = pytest.mark.once

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
PCS = register("office-pcs")


def held(found: Register) -> dict[str, dict[str, Value]]:
    """What a register holds, by name; needs an open scope."""
    query: sa.Select[Any] = sa.select(found.model).where(found.model.archived_at.is_(None))
    return {row.name: values_of(found, row) for row in db.session().scalars(query)}


def pasted(importer: Importer, slug: str, text: str) -> str:
    """Paste a block; return the address of its preview."""
    answer = importer.visitor.post(f"{importer.start}paste/{slug}", {"cells": text})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def brought_in(importer: Importer, preview: str, *, tick: tuple[str, ...] = (), leave: tuple[str, ...] = ()) -> str:
    """Bring in what a preview has ticked, with `tick` (names) ticked as well and `leave` not; return the result."""
    page = importer.page(preview)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    boxes = re.findall(r'name="tick" value="(\w+)"[^>]*?( checked)?>.*?id="n\d+">([^<]*)', page, re.S)
    chosen = [mark for mark, on, name in boxes if (on or name.strip() in tick) and name.strip() not in leave]
    form = {"seen": seen[1], "shown": [mark for mark, _, _ in boxes], "tick": chosen}
    answer = importer.visitor.post(preview.replace("/preview", "/apply"), form)
    assert answer.status_code == 302, answer.text
    return importer.page(preview.replace("/preview", "/result"))


@pytest.fixture
def importer(visitor: Visiting, cast: Cast) -> Importer:
    """An editor of the bakery."""
    return Importer(visitor(cast.editor), cast.bakery.slug)


def test_block_with_headings_in_any_order_comes_in(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    text = 'Locatie\tNaam\tOpmerking\tGarantie tot\nWinkel\tKassa 1\t"Twee schermen,\nen ""oud"""\t31-1-2027\n'
    brought_in(importer, pasted(importer, "office-pcs", text))
    with scope_of(cast.bakery):
        row = held(PCS)["Kassa 1"]
    assert (row["location"], row["note"]) == ("Winkel", 'Twee schermen,\nen "oud"')
    assert row["warranty_until"] == JANUARY_31


def test_block_without_headings_is_taken_in_the_order_of_the_table(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    brought_in(importer, pasted(importer, "office-pcs", "Till 1\tHP ProDesk\tCZC1\nTill 2\t\tCZC2"))
    with scope_of(cast.bakery):
        rows = held(PCS)
    assert (rows["Till 1"]["specification"], rows["Till 1"]["serial_number"]) == ("HP ProDesk", "CZC1")
    assert (rows["Till 2"]["specification"], rows["Till 2"]["serial_number"]) == ("", "CZC2")


def test_dutch_numbers_are_read_and_wrong_cells_told_at_the_cell(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    headings = "Naam\tLeverancier\tKosten per jaar\tContract tot"
    text = f"{headings}\nGlas\tKPN\t€ 1.250,50\t31 januari 2027\nKoper\tKPN\tveel\tooit"
    preview = pasted(importer, "internet", text)
    page = importer.page(preview)
    for cell in ("veel", "ooit"):
        assert f"“{cell}”" in page
    brought_in(importer, preview)
    with scope_of(cast.bakery):
        rows = held(register("internet"))
    assert (rows["Glas"]["yearly_cost"], rows["Glas"]["expires_on"]) == (Decimal("1250.50"), date(2027, 1, 31))
    assert (rows["Koper"]["yearly_cost"], rows["Koper"]["expires_on"]) == (None, None)


def test_who_brings_part_of_the_inventory_in_has_looked_at_it_and_called_nobody(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    brought_in(importer, pasted(importer, "office-pcs", "Till 1\tHP\tCZC1"))
    brought_in(importer, pasted(importer, "office-pcs", "Naam\tGecontroleerd op\nTill 2\t31-1-2026\nTill 3\t"))
    brought_in(importer, pasted(importer, "contacts", "Naam\tTelefoon\nAnna Bakker\t0182 123456"))
    with scope_of(cast.bakery):
        rows, people = held(PCS), held(register("contacts"))
    days = [rows[name]["confirmed_on"] for name in ("Till 1", "Till 2", "Till 3")]
    assert days == [clock.today(), date(2026, 1, 31), None]
    assert people["Anna Bakker"]["confirmed_on"] is None


def test_same_block_pasted_twice_adds_nothing_more(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    for _ in range(2):
        brought_in(importer, pasted(importer, "office-pcs", "Till 1\tHP\tCZC1\nTill 1\tHP\tCZC1"))
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(sa.func.count(Asset.id))) == 1


def test_row_that_is_not_ticked_stays_out(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    result = brought_in(importer, pasted(importer, "office-pcs", "Till 1\nTill 2"), leave=("Till 2",))
    assert "Till 2" in result
    with scope_of(cast.bakery):
        assert set(held(PCS)) == {"Till 1"}


def test_choice_is_kept_without_bringing_anything_in(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    preview = pasted(importer, "office-pcs", "Till 1\nTill 2")
    answer = importer.visitor.post(
        preview.replace("/preview", "/apply"), {"shown": ["1", "2", "<b>"], "tick": ["1"], "keep": "1"}
    )
    assert answer.status_code == 302
    page = importer.page(preview)
    assert re.search(r'value="1"[^>]* checked', page)
    assert not re.search(r'name="tick" value="2"[^>]* checked', page)
    with scope_of(cast.bakery):
        assert held(PCS) == {}


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_nothing_pasted_is_told(text: str, importer: Importer) -> None:
    assert importer.visitor.post(f"{importer.start}paste/office-pcs", {"cells": text}).status_code == 422


def test_quote_that_is_never_closed_swallows_no_row() -> None:
    found = read_pasted('27" screen\tHP\nTill 2\tDell', PCS, PCS.listed)
    assert found is not None
    assert found.grid.rows == (('27" screen', "HP"), ("Till 2", "Dell"))


def test_more_than_a_page_can_take_is_refused() -> None:
    for text in ("x\n" * 5001, "x" * 2_000_001, "\t".join("x" * 61)):
        with pytest.raises(TooMuch):
            read_pasted(text, PCS, PCS.listed)


def downloaded(importer: Importer, slug: str = "office-pcs") -> Any:
    """A register's workbook, opened."""
    answer = importer.visitor.post(f"{importer.start}workbook/{slug}")
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def returned(importer: Importer, book: Any, name: str = "terug.xlsx") -> str:
    """Upload a workbook again; return the address of its preview."""
    file = io.BytesIO()
    book.save(file)
    answer = importer.send(file.getvalue(), name)
    assert answer.status_code == 302, answer.text
    assert str(answer.location).endswith("/1/preview"), answer.location
    return str(answer.location)


def cell(book: Any, name: str, heading: str) -> Any:
    """The cell of a record under a heading."""
    sheet = book.worksheets[0]
    column = next(one.column for one in sheet[1] if one.value == heading)
    row = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == name)
    return sheet.cell(row, column)


@pytest.mark.parametrize("found", REGISTERS, ids=lambda found: found.slug)
@pytest.mark.parametrize("language", list(Language))
def test_workbook_that_comes_back_untouched_changes_nothing(
    found: Register, language: Language, importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        services.add_row(found, full(found, "Full"))
        services.add_row(found, {"name": "-", **({"kind": "lawyer"} if found.slug == "parties" else {})})
        if found.slug == "licences":
            add("licences", "For ever", perpetual=True, licence_key="BK-2231-8890")
        before = held(found)
    importer.visitor.client.set_cookie("language", language.value)
    page = importer.page(returned(importer, downloaded(importer, found.slug)))
    assert 'name="tick"' not in page
    with scope_of(cast.bakery):
        assert held(found) == before


def test_a_row_that_is_gone_is_noticed_wherever_it_stood(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    """The hidden sheet keeps the keys of some hundred records in a cell: each of them counts."""
    with scope_of(cast.bakery):
        add_rows(Asset, [{"kind": AssetKind.OFFICE_PC, "name": f"Till {number:04}"} for number in range(1_103)])
    book = downloaded(importer)
    for name in ("Till 1102", "Till 0500", "Till 0499", "Till 0000"):
        book.worksheets[0].delete_rows(cell(book, name, "Name").row)
    page = importer.page(f"{returned(importer, book)}?show=removed")
    assert sorted(re.findall(r"Till [0-9]{4}", page)) == ["Till 0000", "Till 0499", "Till 0500", "Till 1102"]


def test_changes_additions_and_emptied_cells_are_shown_and_taken_in(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        add("office-pcs", "Till 1", location="Shop", holder="Henk", serial_number="CZC1")
    book = downloaded(importer)
    cell(book, "Till 1", "Location").value = "Bakehouse"
    cell(book, "Till 1", "User").value = None
    book.worksheets[0].append(["Till 2", "HP"])
    preview = returned(importer, book)
    page = importer.page(preview)
    assert "<del>Shop</del> <ins>Bakehouse</ins>" in page
    result = brought_in(importer, preview)
    with scope_of(cast.bakery):
        rows = held(PCS)
    assert (rows["Till 1"]["location"], rows["Till 1"]["holder"]) == ("Bakehouse", "")
    assert rows["Till 1"]["serial_number"] == "CZC1"
    assert rows["Till 2"]["specification"] == "HP"
    undo = re.search(r'action="([^"]*/undo)"', result)
    assert undo
    assert importer.visitor.post(undo[1]).status_code == 302
    with scope_of(cast.bakery):
        rows = held(PCS)
    assert set(rows) == {"Till 1"}
    assert (rows["Till 1"]["location"], rows["Till 1"]["holder"]) == ("Shop", "Henk")


def test_changes_of_more_records_than_are_asked_for_at_once_all_come_in(
    importer: Importer, cast: Cast, scope_of: Scoping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    names = [f"Till {number}" for number in range(5)]
    with scope_of(cast.bakery):
        for name in names:
            add("office-pcs", name, location="Shop")
    book = downloaded(importer)
    for name in names:
        cell(book, name, "Location").value = f"Place of {name}"
    brought_in(importer, returned(importer, book), leave=("Till 3",))
    with scope_of(cast.bakery):
        places = {name: row["location"] for name, row in held(PCS).items()}
    assert places == {name: f"Place of {name}" for name in names} | {"Till 3": "Shop"}


def test_columns_may_be_moved_and_removed(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        add("office-pcs", "Till 1", location="Shop", holder="Henk")
    book = downloaded(importer)
    sheet = book.worksheets[0]
    lines = [[one.value for one in row] for row in sheet.iter_rows()]
    places = [place for place, heading in enumerate(lines[0]) if heading != "User"]
    sheet.delete_rows(1, sheet.max_row)
    for line in lines:
        sheet.append([line[place] for place in reversed(places)])
    place = [one.value for one in sheet[1]].index("Location") + 1
    sheet.cell(2, place).value = "Cellar"
    brought_in(importer, returned(importer, book))
    with scope_of(cast.bakery):
        row = held(PCS)["Till 1"]
    assert (row["location"], row["holder"]) == ("Cellar", "Henk")


def test_row_removed_in_the_file_is_put_away_only_when_somebody_says_so(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        add("office-pcs", "Till 1")
        add("office-pcs", "Till 2")
    book = downloaded(importer)
    with scope_of(cast.bakery):
        add("office-pcs", "Added meanwhile")
    book.worksheets[0].delete_rows(2)
    brought_in(importer, returned(importer, book))
    with scope_of(cast.bakery):
        assert set(held(PCS)) == {"Till 1", "Till 2", "Added meanwhile"}
    brought_in(importer, returned(importer, book), tick=("Till 1",))
    with scope_of(cast.bakery):
        assert set(held(PCS)) == {"Till 2", "Added meanwhile"}
        assert db.session().scalar(sa.select(sa.func.count(Asset.id))) == 3


def test_cell_changed_on_both_sides_is_shown_and_stays_unless_chosen(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        one, two = add("office-pcs", "Till 1", location="Shop"), add("office-pcs", "Till 2", location="Shop")
    book = downloaded(importer)
    with scope_of(cast.bakery):
        services.change_row(PCS, one, {"location": "Cellar"}, version=None)
        services.change_row(PCS, two, {"holder": "Mo"}, version=None)
    for name in ("Till 1", "Till 2"):
        cell(book, name, "Location").value = "Bakehouse"
    preview = returned(importer, book)
    assert "the register changed this meanwhile" in importer.page(preview)
    brought_in(importer, preview)
    with scope_of(cast.bakery):
        rows = held(PCS)
    assert rows["Till 1"]["location"] == "Cellar"
    assert (rows["Till 2"]["location"], rows["Till 2"]["holder"]) == ("Bakehouse", "Mo")
    brought_in(importer, returned(importer, book), tick=("Till 1",))
    with scope_of(cast.bakery):
        assert held(PCS)["Till 1"]["location"] == "Bakehouse"


def test_key_of_another_organisation_or_register_opens_nothing(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.other):
        foreign = add("office-pcs", "Somebody else's", location="Elsewhere")
    with scope_of(cast.bakery):
        add("office-pcs", "Till 1")
        printer = add("printers", "Brother", location="Office")
    for key in (foreign, printer, uuid4()):
        book = downloaded(importer)
        cell(book, "Till 1", "Waarborg key").value = str(key)
        cell(book, "Till 1", "Location").value = "Taken"
        book["Waarborg"].append([str(key)])
        preview = returned(importer, book)
        assert "Elsewhere" not in importer.page(preview)
        brought_in(importer, preview, tick=("Brother",))
    with scope_of(cast.other):
        assert held(PCS)["Somebody else's"]["location"] == "Elsewhere"
    with scope_of(cast.bakery):
        assert held(register("printers"))["Brother"]["location"] == "Office"
        assert held(PCS)["Till 1"]["location"] == ""


def test_copied_row_is_a_new_record(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        add("office-pcs", "Till 1", location="Shop")
    book = downloaded(importer)
    sheet = book.worksheets[0]
    sheet.append(["Till 2", *(one.value for one in sheet[2][1:])])
    brought_in(importer, returned(importer, book))
    with scope_of(cast.bakery):
        assert {name: row["location"] for name, row in held(PCS).items()} == {"Till 1": "Shop", "Till 2": "Shop"}


def test_spoilt_state_makes_every_difference_a_question(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1", location="Shop")
    for told, comes_in in ((str(till), False), ("9", True)):
        book = downloaded(importer)
        # Of a key alone nobody knows what the record was; without it the row counts as typed, and is told by its name.
        cell(book, "Till 1", "Waarborg key").value = told
        cell(book, "Till 1", "Location").value = "Cellar"
        brought_in(importer, returned(importer, book))
        with scope_of(cast.bakery):
            assert held(PCS)["Till 1"]["location"] == ("Cellar" if comes_in else "Shop")


def as_before(book: Any, register_: Register, rows: dict[str, dict[str, Value]], keys: dict[str, UUID]) -> None:
    """Let a workbook tell its keys and states as files of before did. rows: what was held, by name; keys: likewise."""
    sheet, names = book.worksheets[0], named_columns(register_)
    place = sheet.max_column + 1
    sheet.cell(1, place).value = "Waarborg state"
    for name, key in keys.items():
        told = cell(book, name, "Waarborg key")
        told.value = key.hex
        digests = "".join(states_before.digest(one, rows[name][one]).hex() for one in names)
        sheet.cell(told.row, place).value = f"1 {states_before.mark(names)} {digests}"
    memory = book["Waarborg"]
    memory.cell(2, 1).value = " ".join(key.hex for key in keys.values())


def test_file_of_before_comes_back_and_tells_who_changed_what(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        keys = {f"Till {n}": add("office-pcs", f"Till {n}", location="Shop", holder="Jo") for n in (1, 2, 3)}
        then = held(PCS)
    book = downloaded(importer)
    as_before(book, PCS, then, keys)
    with scope_of(cast.bakery):
        services.change_row(PCS, keys["Till 1"], {"location": "Cellar"}, version=None)
        services.change_row(PCS, keys["Till 2"], {"holder": "Mo"}, version=None)
    for name in ("Till 1", "Till 2"):
        cell(book, name, "Location").value = "Bakehouse"
    book.worksheets[0].delete_rows(cell(book, "Till 3", "Name").row)
    preview = returned(importer, book)
    assert "Till 3" in importer.page(f"{preview}?show=removed")
    brought_in(importer, preview)
    with scope_of(cast.bakery):
        rows = held(PCS)
    assert rows["Till 1"]["location"] == "Cellar"
    assert (rows["Till 2"]["location"], rows["Till 2"]["holder"]) == ("Bakehouse", "Mo")


def test_reader_takes_the_workbook_and_a_stranger_nothing(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        add("contacts", "Henk")
    path = f"/o/{cast.bakery.slug}/import/workbook/contacts"
    page = visitor(cast.reader).get(f"/o/{cast.bakery.slug}/registers/contacts").get_data(as_text=True)
    assert path in page
    book = openpyxl.load_workbook(io.BytesIO(visitor(cast.reader).post(path).data))
    # Nothing can come back from it, so nothing in it is hidden.
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [("Contacts", "visible")]
    sheet = book.worksheets[0]
    assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
    assert [[one.value for one in row][:1] for row in sheet.iter_rows(min_row=2)] == [["Henk"]]
    shown = [str(column.label) for column in register("contacts").columns if not column.secret]
    assert [one.value for one in sheet[1]] == shown
    assert visitor(cast.stranger).post(path).status_code == 404
    assert visitor(cast.editor).post(f"/o/{cast.bakery.slug}/import/workbook/nothing").status_code == 404


def test_workbook_holds_no_key_that_opens_something_and_hides_what_is_ours(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        add("licences", "Office", licence_key="BK-2231-8890")
    book = downloaded(importer, "licences")
    told = [str(one.value) for sheet in book for row in sheet.iter_rows() for one in row]
    assert not any("BK-2" in text for text in told)
    assert [sheet.sheet_state for sheet in book] == ["visible", "hidden"]
    sheet = book.worksheets[0]
    hidden = [one.value for one in sheet[1] if sheet.column_dimensions[one.column_letter].hidden]
    assert hidden[0] == "Waarborg key"


def test_words_of_a_choice_are_understood_in_both_languages(importer: Importer, cast: Cast, scope_of: Scoping) -> None:
    labels = []
    for language in Language:
        with scope_of(cast.bakery), written_in(language):
            labels.append(str(register("parties").column("kind").choices[0].label))
    brought_in(importer, pasted(importer, "parties", f"Naam\tSoort\nOne\t{labels[0]}\nTwo\t{labels[1]}"))
    with scope_of(cast.bakery):
        kinds = {row["kind"] for row in held(register("parties")).values()}
        assert kinds == {"it-administrator"}


# Downloaded here with the three records below, changed, and saved by LibreOffice 7.4, by way of its own format: a price
# and a last day changed, one record taken out, one added.
LIBREOFFICE = SAMPLES / "licenties-libreoffice.xlsx"
LICENCES: tuple[dict[str, Value], ...] = (
    {
        "name": "Microsoft 365",
        "supplier": "NetVast & Zn",
        "quantity": 9,
        "expires_on": JANUARY_31,
        "yearly_cost": Decimal("1234.50"),
    },
    {"name": "BakkerKas", "supplier": "=BakkerKas", "quantity": 3, "perpetual": True},
    {"name": "Old package", "confirmed_on": date(2025, 3, 1)},
)


def test_workbook_that_libreoffice_saved_shows_what_was_changed_and_nothing_else(
    importer: Importer, cast: Cast, scope_of: Scoping
) -> None:
    licences = register("licences")
    with scope_of(cast.bakery):
        for number, values in enumerate(LICENCES, 1):
            row_id = UUID(f"00000000-0000-7000-8000-{number:012}")
            services.add_row(licences, values, row_id=row_id)
        before = held(licences)
    answer = importer.send(LIBREOFFICE.read_bytes(), LIBREOFFICE.name)
    preview = str(answer.location)
    assert preview.endswith("/1/preview")
    page = importer.page(preview)
    boxes = re.findall(r'name="tick" value="\w+"[^>]*>.*?id="n\d+">([^<]*)', page, re.S)
    assert sorted(name.strip() for name in boxes) == ["Gatenkaas 2", "Microsoft 365", "Old package"]
    assert re.findall(r"<del>([^<]*)</del> <ins>([^<]*)</ins>", page) == [
        ("31 January 2027", "31 January 2028"),
        ("€1,234.50", "€1,400.00"),
    ]
    result = brought_in(importer, preview, tick=("Old package",))
    with scope_of(cast.bakery):
        after = held(licences)
    assert set(after) == {"BakkerKas", "Gatenkaas 2", "Microsoft 365"}
    assert after["BakkerKas"] == before["BakkerKas"]
    changed = {"expires_on": date(2028, 1, 31), "yearly_cost": Decimal("1400.00")}
    assert after["Microsoft 365"] == before["Microsoft 365"] | changed
    new = after["Gatenkaas 2"]
    assert (new["supplier"], new["quantity"], new["expires_on"]) == ("Kaas & Zn", 4, date(2027, 6, 30))
    undo = re.search(r'action="([^"]*/undo)"', result)
    assert undo
    assert importer.visitor.post(undo[1]).status_code == 302
    with scope_of(cast.bakery):
        assert held(licences) == before
