"""Searching, sorting and paging a register; how much a page may cost."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from plans.models import PartyKind
from plans.registers import queries, services
from plans.registers.cells import parse
from plans.registers.columns import REGISTERS, register
from plans.registers.display import typed
from plans.registers.forms import read_wish
from plans.registers.queries import Listing, Wish
from plans.registers.shape import Kind
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import add, full
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]
HOME = "/o/bakery/registers"
MOST_QUERIES, MOST_BYTES = 15, 60_000


@pytest.fixture
def here(app: Flask, scope_of: Scoping, cast: Cast) -> Iterator[None]:
    """The bakery, in English, as a request would have it."""
    with app.test_request_context("/?", headers={"Accept-Language": "en"}), scope_of(cast.bakery):
        yield


def names(listing: Listing) -> list[str]:
    return [line.name for line in listing.lines]


def listed(slug: str, **wish: object) -> list[str]:
    return names(queries.listing(register(slug), Wish(**wish)))  # type: ignore[arg-type]  # fields of Wish by name


@pytest.fixture
def people(here: None) -> None:
    """Five contacts."""
    add("contacts", "Émile Zola", job_title="Écrivain", phone="+31612345678")
    add("contacts", "anna de Boer", email="anna@bakery.example", phone="+3221234567", confirmed_on=date(2026, 3, 14))
    add("contacts", "Eva", department="Shop", confirmed_on=date(2025, 3, 14))
    add("contacts", "Zoë", note="Knows the alarm code holder")
    services.archive_row(register("contacts"), add("contacts", "Gone"), at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["anna de Boer", "Émile Zola", "Eva", "Zoë"]),
        ("ANNA", ["anna de Boer"]),
        ("emile", ["Émile Zola"]),
        ("écrivain zola", ["Émile Zola"]),
        ("zola shop", []),
        ("zo", ["Émile Zola", "Zoë"]),
        ("shop", ["Eva"]),
        ("alarm", ["Zoë"]),
        ("06 1234", ["Émile Zola"]),
        ("0612345678", ["Émile Zola"]),
        ("+316", ["Émile Zola"]),
        ("+32 2", ["anna de Boer"]),
        ("14-3-2026", ["anna de Boer"]),
        ("gone", []),
        ("%", []),
        ("\x00", []),
    ],
)
def test_search_finds_all_words_without_regard_to_case_and_accents(q: str, found: list[str], people: None) -> None:
    assert listed("contacts", q=q) == found


def test_search_knows_names_of_other_rows_and_choices_in_words(here: None) -> None:
    henk = add("contacts", "Henk")
    add("departments", "Shop", head_id=henk)
    add("departments", "Bakery")
    add("parties", "Unive", kind=PartyKind.INSURER)
    assert listed("departments", q="henk") == ["Shop"]
    assert listed("parties", q="insurer") == ["Unive"]


@pytest.mark.parametrize(
    ("sort", "descending", "found"),
    [
        ("name", False, ["anna de Boer", "Émile Zola", "Eva", "Zoë"]),
        ("name", True, ["Zoë", "Eva", "Émile Zola", "anna de Boer"]),
        ("confirmed_on", False, ["Eva", "anna de Boer", "Émile Zola", "Zoë"]),
        ("confirmed_on", True, ["anna de Boer", "Eva", "Émile Zola", "Zoë"]),
    ],
)
def test_sorting_puts_what_is_empty_last(sort: str, descending: bool, found: list[str], people: None) -> None:
    assert listed("contacts", sort=sort, descending=descending) == found


def test_numbers_inside_names_sort_by_their_size(here: None) -> None:
    for name in ("Till 10", "Till 2", "till 1", "Till"):
        add("office-pcs", name)
    assert listed("office-pcs") == ["Till", "till 1", "Till 2", "Till 10"]


def test_references_sort_by_the_name_they_stand_for(here: None) -> None:
    zoe, anna = add("contacts", "Zoë"), add("contacts", "Anna")
    add("departments", "Bakery", head_id=zoe)
    add("departments", "Shop", head_id=anna)
    add("departments", "Transport")
    assert listed("departments", sort="head_id") == ["Shop", "Bakery", "Transport"]


def test_perpetual_licence_sorts_and_shows_beside_days(here: None) -> None:
    add("licences", "Office", expires_on=date(2027, 1, 31))
    add("licences", "Windows", perpetual=True)
    add("licences", "Unknown")
    lines = queries.listing(register("licences"), Wish(sort="expires_on")).lines
    place = register("licences").listed.index("expires_on")
    assert {line.name: line.cells[place] for line in lines} == {
        "Office": "31 January 2027",
        "Windows": "Perpetual",
        "Unknown": "",
    }
    assert lines[-1].name == "Unknown"


def test_rows_put_away_are_listed_apart(people: None) -> None:
    assert listed("contacts", archived=True) == ["Gone"]


@pytest.mark.parametrize(
    ("page", "shown", "first"), [(1, 80, "PC 1"), (2, 80, "PC 81"), (4, 10, "PC 241"), (5, 10, "PC 241")]
)
def test_pages_hold_eighty_rows(page: int, shown: int, first: str, here: None) -> None:
    for number in range(1, 251):
        add("office-pcs", f"PC {number}")
    listing = queries.listing(register("office-pcs"), Wish(page=page))
    assert (len(listing.lines), listing.lines[0].name) == (shown, first)
    assert (listing.total, listing.found, listing.last) == (250, 250, 4)
    assert listing.page == min(page, 4)


@pytest.mark.parametrize(
    ("sent", "wish"),
    [
        ({}, Wish()),
        ({"q": "  anna   boer "}, Wish(q="anna boer")),
        ({"q": "x" * 300}, Wish(q="x" * 200)),
        ({"sort": "phone"}, Wish(sort="phone")),
        ({"sort": "-phone"}, Wish(sort="phone", descending=True)),
        ({"sort": "-nothing"}, Wish()),
        ({"sort": "note"}, Wish(sort="note")),
        ({"within": "phone", "empty": "email"}, Wish(within="phone", empty="email")),
        ({"within": "tenant_id", "empty": "id"}, Wish()),
        ({"columns": "note,name,nothing,phone"}, Wish(columns=("name", "phone", "note"))),
        ({"columns": "nothing"}, Wish()),
        ({"page": "2"}, Wish(page=2)),
        ({"page": "0"}, Wish()),
        ({"page": "-3"}, Wish()),
        ({"page": "9" * 30}, Wish()),
        ({"page": "٣"}, Wish()),
        ({"archived": "1"}, Wish(archived=True)),
        ({"archived": "yes"}, Wish()),
    ],
)
def test_address_that_makes_no_sense_shows_the_beginning(sent: dict[str, str], wish: Wish) -> None:
    assert read_wish(register("contacts"), MultiDict(sent)) == wish


def test_value_written_in_a_form_is_read_back(app: Flask) -> None:
    amounts = {Kind.AMOUNT: Decimal("1250.50")}
    for language in ("nl", "en"):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            for found in REGISTERS:
                for column in found.columns:
                    value = amounts.get(column.kind, full(found, "Name").get(column.name))
                    if not isinstance(value, bool):
                        assert parse(column, typed(column, value)) == (column.empty if value is None else value)


def test_page_of_a_large_register_stays_small_and_cheap(
    visitor: Visiting, cast: Cast, scope_of: Scoping, count_queries: Counting
) -> None:
    found = register("office-pcs")
    with scope_of(cast.bakery):
        for number in range(300):
            values = full(found, f"Laptop of the delivery van number {number}")
            services.add_row(found, {**values, "serial_number": f"PF3ABCDE{number:04}", "location": "Shop Market"})
        contacts = register("contacts")
        for number in range(100):
            values = full(contacts, f"Fatima El Amrani-van den Berg {number}")
            services.add_row(contacts, {**values, "email": f"fatima.el.amrani.{number}@bakkerijdehalm.example"})
    editor = visitor(cast.editor)
    for path in (
        "office-pcs",
        "office-pcs?page=3&q=laptop&sort=-name",
        "contacts",
        "contacts?tick=all",
        "departments/new",
        "",
    ):
        with count_queries() as sent:
            page = editor.get(f"{HOME}/{path}")
        assert page.status_code == 200
        assert len(sent) <= MOST_QUERIES, (path, sent)
        assert len(page.data) < MOST_BYTES, path
    assert "300 records" in editor.get(f"{HOME}/office-pcs").text


def test_page_of_one_row_is_cheap(visitor: Visiting, cast: Cast, scope_of: Scoping, count_queries: Counting) -> None:
    with scope_of(cast.bakery):
        rows = {found.slug: add(found.slug, "Number one") for found in REGISTERS}
    editor = visitor(cast.editor)
    for slug, row_id in rows.items():
        with count_queries() as sent:
            assert editor.get(f"{HOME}/{slug}/{row_id}").status_code == 200
        assert len(sent) <= MOST_QUERIES, (slug, sent)


def test_links_of_the_list_keep_what_was_asked(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        for number in range(101):
            add("servers", f"Server {number}")
    page = visitor(cast.reader).get(f"{HOME}/servers?q=server&sort=-name").text
    assert f'href="{HOME}/servers?q=server&amp;sort=-name&amp;page=2"' in page
    assert 'aria-sort="descending"' in page
    assert re.search(r'<input type="hidden" name="sort" value="-name">', page)
    assert "101 records found" in page
