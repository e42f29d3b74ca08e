"""The rules of an import without pages: guessing, routing, reading and matching."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sheets.reading import CellNote, CellValue, NoteKind
from plans.importing.cells import Grid, packed, unpacked
from plans.importing.guessing import guess, guess_columns, guess_header_row
from plans.importing.headings import EXTERNAL, INTO_NOTE, NOT_USED, normal
from plans.importing.layouts import BY_SLUG, LAYOUTS, MOBILE_DEVICES, PEOPLE, TELEPHONY, Layout
from plans.importing.mapping import Chosen, data_rows, kept, restored
from plans.importing.matching import plan
from plans.importing.planned import HeldRow, Outcome, Plan
from plans.importing.reading import read_rows
from plans.importing.remarks import RemarkKind
from plans.importing.routing import route
from plans.importing.row import ReadRow, read_row
from plans.importing.steps import People, SheetSteps
from plans.models import AssetKind, LineUse, PartyKind
from plans.registers.cells import DayOrder
from plans.registers.columns import register
from plans.registers.shape import Value

CELLS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from(
        ["-", "?", "@onbekend", "ja", "nee", "06 12345678", "31-02-2023", "=1+1", "onbepaald", "€ 45,- p.m."]
    ),
)


NOBODY = People()


def grid(*rows: Sequence[CellValue], notes: Mapping[tuple[int, int], CellNote] | None = None) -> Grid:
    return Grid(tuple(tuple(row) for row in rows), notes or {})


def read(layout: str, above: Sequence[str], *rows: Sequence[CellValue], people: People = NOBODY) -> list[ReadRow]:
    cells = grid(above, *rows)
    return list(read_rows(cells, guess_columns(cells, BY_SLUG[layout], 1), people))


def held(layout: str, archived: bool = False, **values: Value) -> HeldRow:
    found = register(layout)
    return HeldRow(uuid.uuid4(), 1, archived, {column.name: column.empty for column in found.columns} | values)


def outcomes(found: Plan) -> list[Outcome]:
    return [row.outcome for row in found.rows]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Serienr.", "serienr"),
        ("E-mail", "e mail"),
        ("PC's", "pc"),
        ("Kosten per jaar", "KOSTEN  PER JAAR"),
        ("Toestellen", "toestel"),
        ("Licenties", "licentie"),
        ("Coördinator", "coordinator"),
        ("Merk/type", "merk / type"),
    ],
)
def test_headings_that_mean_the_same_are_alike(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_different_headings_stay_different() -> None:
    assert normal("address") == "address"
    assert normal("garantie tot") != normal("geldig tot")


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_cells_come_out_of_keeping_as_they_went_in(rows: list[list[CellValue]]) -> None:
    notes = {(1, 1): CellNote(1, 1, NoteKind.ERROR_VALUE, "#REF!")}
    before = grid(*rows, notes=notes)
    after = unpacked(packed(before))
    assert after == before
    assert [[type(cell) for cell in row] for row in after.rows] == [[type(cell) for cell in row] for row in before.rows]


def test_what_was_chosen_comes_out_of_keeping_as_it_went_in() -> None:
    chosen = Chosen(BY_SLUG["servers"], 3, ("name", NOT_USED, INTO_NOTE), DayOrder.MONTH_FIRST)
    assert restored(kept(chosen)) == chosen


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        pytest.param([("Lijst van de zaak",), (None,), ("Naam", "Telefoon"), ("Anna", "06 12345678")], 3, id="title"),
        pytest.param([("Naam", "Telefoon"), ("Anna", "06 12345678")], 1, id="first"),
        pytest.param([("x", "y"), ("1", "2")], 1, id="unknown words"),
        pytest.param([(None, None), ("Printers", None), ("a", "b")], 3, id="unknown words below a title"),
        pytest.param([("Naam",), ("Anna",)], 1, id="one column"),
        pytest.param([], 0, id="no rows"),
    ],
)
def test_the_headings_are_found_below_titles(rows: list[tuple[str | None, ...]], number: int) -> None:
    width = max(map(len, rows), default=0)
    cells = grid(*[tuple(row) + (None,) * (width - len(row)) for row in rows])
    assert guess_header_row(cells) == number


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (("03/04/2027", "14/05/2027"), DayOrder.DAY_FIRST),
        (("03/04/2027", "05/14/2027"), DayOrder.MONTH_FIRST),
        (("03/04/2027", "05/06/2027"), DayOrder.DAY_FIRST),
        (("13/04/2027", "04/13/2027"), DayOrder.DAY_FIRST),
        (("2027-04-13",), DayOrder.DAY_FIRST),
    ],
)
def test_a_day_above_the_twelfth_tells_which_comes_first(days: tuple[str, ...], order: DayOrder) -> None:
    cells = grid(("Product", "Verloopt"), *[(f"p{number}", day) for number, day in enumerate(days)])
    assert guess(cells, "Licenties").order is order


@pytest.mark.parametrize(
    ("name", "kind", "use"),
    [
        ("Telefooncentrale Yeastar S20", AssetKind.TELEPHONE_SYSTEM, LineUse.EXCHANGE),
        ("Toestellen Yealink", AssetKind.TELEPHONE_SYSTEM, LineUse.HANDSET),
        ("Lijn alarmcentrale", AssetKind.TELEPHONE_LINE, LineUse.ALARM),
        ("Faxlijn", AssetKind.TELEPHONE_LINE, LineUse.FAX),
        ("SIP-trunk", AssetKind.TELEPHONE_LINE, LineUse.VOICE),
        ("Glasvezel 500/500", AssetKind.INTERNET, None),
    ],
)
def test_telephony_goes_by_its_words(name: str, kind: AssetKind, use: LineUse | None) -> None:
    routed = route(TELEPHONY, {"name": name})
    assert (routed.register.asset_kind, routed.guessed.get("line_use"), routed.sure) == (kind, use, True)


def test_what_no_word_tells_is_said_to_be_unsure() -> None:
    assert not route(TELEPHONY, {"name": "Kastje"}).sure
    assert not route(MOBILE_DEVICES, {"sort": "Ding", "name": "Model 7"}).sure


@pytest.mark.parametrize(
    ("title", "kind", "sure"),
    [
        ("IT-beheerder", PartyKind.IT_ADMINISTRATOR, True),
        ("Verzekeringsmaatschappij", PartyKind.INSURER, True),
        ("Advocaat", PartyKind.LAWYER, True),
        ("Facilitair", PartyKind.FACILITY, True),
        ("Meelleverancier", PartyKind.SUPPLIER, True),
        ("District Zuid", PartyKind.OTHER, False),
    ],
)
def test_external_people_become_parties_by_their_function(title: str, kind: PartyKind, sure: bool) -> None:
    routed = route(PEOPLE, {"name": "X", "job_title": title, EXTERNAL: "ja"})
    assert (routed.register.slug, routed.guessed["kind"], routed.sure) == ("parties", kind, sure)
    assert route(PEOPLE, {"name": "X", "job_title": title, EXTERNAL: "nee"}).register.slug == "contacts"


def test_an_empty_cell_never_replaces_what_is_filled_in() -> None:
    rows = read("contacts", ("Naam", "Functie", "E-mail"), ("Anna", None, "anna@mkb.example"))
    kept_row = held("contacts", name="Anna", job_title="Kantoor", email="anna@mkb.example", phone="+31612345678")
    assert outcomes(plan(rows, {"contacts": [kept_row]})) == [Outcome.UNCHANGED]


def test_a_change_tells_the_old_and_the_new_value() -> None:
    rows = read("contacts", ("Naam", "Functie", "E-mail"), ("Anna", "Directie", "anna@mkb.example"))
    found = plan(rows, {"contacts": [held("contacts", name="Anna", job_title="Kantoor", email="anna@mkb.example")]})
    assert outcomes(found) == [Outcome.CHANGED]
    assert [(change.name, change.old, change.new) for change in found.rows[0].changes] == [
        ("job_title", "Kantoor", "Directie")
    ]


def test_a_guess_never_replaces_what_somebody_filled_in() -> None:
    rows = read("people", ("Naam", "Functie", "Extern?"), ("Univé", "Verzekeraar", "ja"))
    corrected = held("parties", name="Univé", kind=PartyKind.SUPPLIER)
    assert outcomes(plan(rows, {"parties": [corrected]})) == [Outcome.UNCHANGED]


def test_a_row_that_was_put_away_does_not_come_back_by_itself() -> None:
    rows = read("office-pcs", ("Naam", "Serienummer"), ("Kassa 1", "A1"))
    away = held("office-pcs", archived=True, name="Kassa 1", serial_number="A1")
    found = plan(rows, {"office-pcs": [away]})
    assert outcomes(found) == [Outcome.SKIPPED]
    assert "put this away" in str(found.rows[0].reason)


def test_a_row_put_away_does_not_stand_before_one_in_use() -> None:
    rows = read("office-pcs", ("Naam", "Serienummer"), ("Kassa 1", "A1"))
    pair = [held("office-pcs", archived=away, name="Kassa 1", serial_number="A1") for away in (True, False)]
    assert outcomes(plan(rows, {"office-pcs": pair})) == [Outcome.UNCHANGED]


def test_the_second_row_of_a_serial_number_comes_in_without_it() -> None:
    rows = read("office-pcs", ("Naam", "Serienummer"), ("Kassa 1", "A1"), ("Kassa 2", "a1"), ("Kassa 1", "A1"))
    found = plan(rows, {})
    assert outcomes(found) == [Outcome.NEW, Outcome.NEW, Outcome.SKIPPED]
    assert "serial_number" not in found.rows[1].values
    assert [(told.kind, told.cell) for told in found.rows[1].remarks] == [(RemarkKind.DOUBLE, "a1")]


def test_the_second_row_of_a_person_tells_what_it_would_have_said() -> None:
    above = ("Naam", "Functie", "E-mail")
    rows = read("contacts", above, ("Anna", "Kantoor", "a@mkb.example"), ("Anna", "Directie", "A@mkb.example"))
    found = plan(rows, {})
    assert outcomes(found) == [Outcome.NEW, Outcome.SKIPPED]
    assert [told.cell for told in found.rows[1].remarks] == ["Directie"]


def test_two_people_of_one_name_are_told_apart() -> None:
    above = ("Naam", "Telefoon", "E-mail")
    rows = read("contacts", above, ("Jan", "0612345678", "jan1@mkb.example"), ("Jan", "0687654321", "jan2@mkb.example"))
    assert outcomes(plan(rows, {})) == [Outcome.NEW, Outcome.NEW]


def test_two_rows_never_change_the_same_record() -> None:
    rows = read(
        "office-pcs", ("Naam", "Serienummer", "Locatie"), ("Kassa 9", "A1", "Markt"), ("Kassa 1", None, "Winkel")
    )
    only = held("office-pcs", name="Kassa 1", serial_number="A1", location="Winkel")
    assert outcomes(plan(rows, {"office-pcs": [only]})) == [Outcome.CHANGED, Outcome.SKIPPED]


def test_a_row_without_a_name_and_headings_in_between_are_skipped_with_the_reason() -> None:
    above = ("Naam", "Functie")
    found = plan(read("contacts", above, (None, "Kantoor"), above, ("?", "Winkel"), ("Anna", None)), {})
    assert outcomes(found) == [Outcome.SKIPPED, Outcome.SKIPPED, Outcome.SKIPPED, Outcome.NEW]
    assert all(str(row.reason) for row in found.rows[:3])


def test_a_cell_can_name_a_contact_or_party_that_is_known() -> None:
    anna, double = uuid.uuid4(), (uuid.uuid4(), uuid.uuid4())
    people = People(contacts={"anna de boer": (anna,), "jan": double})
    above = ("Afdeling", "Hoofd")
    rows = read(
        "departments", above, ("Winkel", "Anna de  Boer"), ("Oven", "Jan"), ("Bezorging", "Piet"), people=people
    )
    assert rows[0].values["head_id"] == anna
    assert [[told.kind for told in row.remarks] for row in rows[1:]] == [[RemarkKind.NOT_FOUND]] * 2


def test_a_cell_without_a_place_in_its_register_goes_into_the_note() -> None:
    rows = read("telephony", ("Wat", "Aantal", "Nummer"), ("Glasvezel", 2, None), ("Faxlijn", 1, None))
    assert rows[0].values["note"] == "Aantal: 2"
    assert "note" not in rows[1].values


def test_a_formula_without_result_is_text_where_text_fits_and_told_elsewhere() -> None:
    notes = {(2, column): CellNote(2, column, NoteKind.FORMULA_WITHOUT_VALUE, "=Reserve") for column in (1, 2)}
    cells = grid(("Naam", "Aangeschaft op"), (None, None), notes=notes)
    (row,) = read_rows(cells, guess_columns(cells, BY_SLUG["office-pcs"], 1), People())
    assert row.name == "=Reserve"
    assert [told.kind for told in row.remarks] == [RemarkKind.LITERAL, RemarkKind.UNREADABLE]


def test_days_come_in_from_every_way_of_writing() -> None:
    moment = datetime.fromisoformat("2027-01-31T12:00:00")
    days: list[CellValue] = [date(2027, 1, 31), moment, 46418, "31-1-2027", "31/01/2027", "2027-01-31"]
    days += ["31 januari 2027", "31-01-27"]
    rows = read("office-pcs", ("Naam", "Garantie tot"), *[(f"PC {number}", day) for number, day in enumerate(days)])
    assert [row.values.get("warranty_until") for row in rows] == [date(2027, 1, 31)] * len(days)


LAYOUT_OF_ONE = st.sampled_from([found for found in LAYOUTS if not found.mixed])
TROUBLE = st.sampled_from(["", " ", "Naam", "-", "?", "a  b", "Café", "n.v.t.", "x" * 250, "10.0.0.1", "10.0.0.01"])
USUAL = st.sampled_from(["PC 1", "S1", "00:1B:44:11:3A:B7", "2027-01-31", "ja", "onbepaald", "€ 45,00"])
IN_A_COLUMN = (USUAL | TROUBLE, USUAL | TROUBLE | st.none(), st.dates() | st.none(), USUAL | TROUBLE | CELLS)


@given(st.data(), LAYOUT_OF_ONE, st.integers(1, 6))
def test_a_row_read_with_its_sheet_says_what_it_says_by_itself(data: st.DataObject, layout: Layout, rows: int) -> None:
    targets = data.draw(st.lists(st.sampled_from(layout.targets), min_size=1, max_size=6))
    targets = ["name", *(target for target in targets if target != "name")]
    kinds = [USUAL, *(data.draw(st.sampled_from(IN_A_COLUMN)) for _target in targets[1:])]
    body = [[data.draw(kind) for kind in kinds] for _row in range(rows)]
    notes = {(3, 2): CellNote(3, 2, NoteKind.ERROR_VALUE, "#N/A")} if data.draw(st.booleans()) else {}
    cells = grid(["Naam", *targets[1:]], *body, notes=notes)
    chosen = Chosen(layout, 1, tuple(targets))
    alone = SheetSteps(cells, chosen, NOBODY)
    assert list(read_rows(cells, chosen, NOBODY)) == [read_row(alone, number) for number in data_rows(cells, 1)]


def test_an_empty_text_says_nothing_where_no_would_be_the_usual_answer() -> None:
    found = read("data-sets", ["Naam", "Persoonsgegevens"], ["Klanten", "ja"], ["Recepten", ""])
    assert [row.values.get("personal") for row in found] == [True, None]


def test_a_time_is_no_day() -> None:
    (row,) = read("office-pcs", ("Naam", "Garantie tot"), ("PC", time(12, 0)))
    assert [told.kind for told in row.remarks] == [RemarkKind.UNREADABLE]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(LAYOUTS), st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6), st.data())
def test_whatever_stands_in_a_sheet_every_filled_row_is_accounted_for(
    layout: object, rows: list[list[CellValue]], data: st.DataObject
) -> None:
    found = next(each for each in LAYOUTS if each is layout)
    targets = data.draw(st.lists(st.sampled_from((NOT_USED, *found.targets)), min_size=6, max_size=6))
    cells = grid(("A", "B", "C", "D", "E", "F"), *rows)
    read_back = list(read_rows(cells, Chosen(found, 1, tuple(targets)), People()))
    made = plan(read_back, {})
    assert len(read_back) == sum(cells.filled(number) for number in range(2, len(cells.rows) + 1))
    assert sum(made.count(outcome) for outcome in Outcome) == len(read_back)
    known = {
        slug: [
            HeldRow(
                uuid.uuid4(),
                1,
                False,
                {column.name: column.empty for column in row.register.columns} | dict(row.values),
            )
            for row in made.rows
            if row.outcome is Outcome.NEW and row.register.slug == slug
        ]
        for slug in {row.register.slug for row in made.rows}
    }
    again = plan(read_back, known)
    assert (again.count(Outcome.NEW), again.count(Outcome.CHANGED)) == (0, 0)
