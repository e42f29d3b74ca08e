"""A list of clients is looked at cell by cell before anything is added, and added once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa

from continuity.clients import listing
from continuity.clients.listing import Known, Problem
from continuity.models import Client
from core import db
from core.i18n import Language
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
LIST = (
    "Klantnaam;KvK-nummer;E-mail;Vergoeding per maand;Taal\n"
    "Slagerij Vos;01234567;vos@slagerij.example;€ 12,50;nl\n"
    "Café De Zon;;zon@cafe.example;;English\n"
    ";;niemand@cafe.example;;\n"
    "Kapper Kort;123;kort@kapper;veel;fr\n"
    "Slagerij Vos;01234567;;;\n"
    "BAKKERIJ ZONNESCHIJN;;;;\n"
)


def test_each_cell_is_read_or_told() -> None:
    cells = listing.to_cells(LIST)
    places = listing.guess(cells)
    vos, zon, nobody, kort, again, there = listing.read(cells, places, Known(frozenset({"bakkerij zonneschijn"})))
    assert (vos.name, vos.kvk, vos.fee, vos.language) == ("Slagerij Vos", "01234567", Decimal("12.50"), Language.DUTCH)
    assert (zon.language, zon.fee, zon.problems) == (Language.ENGLISH, None, ())
    assert nobody.problems == (("name", Problem.NO_NAME),)
    assert dict(kort.problems) == {
        "email": Problem.WRONG_EMAIL, "kvk": Problem.WRONG_KVK, "fee": Problem.WRONG_FEE,
        "language": Problem.WRONG_LANGUAGE,
    }  # fmt: skip
    assert again.problems == (("", Problem.TWICE),)
    assert there.problems == (("", Problem.KNOWN),)


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_pasted_text_is_parted_by_what_stands_in_it_most(sign: str) -> None:
    assert listing.to_cells(f"naam{sign}e-mail\r\nVos{sign}a@b.example\r\n") == [
        ["naam", "e-mail"],
        ["Vos", "a@b.example"],
    ]


def test_text_and_cells_go_round_with_quotes_and_empty_cells() -> None:
    cells: list[list[object]] = [["", 'De "Zon"', None], ["a;b", "c,d", 7]]
    text, mended = listing.to_text(cells)
    assert (listing.to_cells(text), mended) == ([["", 'De "Zon"', ""], ["a;b", "c,d", "7"]], 0)
    assert listing.to_cells("") == []
    assert listing.to_cells('a\t"open') == [["a", "open"]]


def test_number_cells_get_back_the_zeros_that_the_spreadsheet_dropped() -> None:
    cells: list[list[object]] = [
        ["Onze klanten", None, None],
        ["Klantnaam", "KvK", "Bedrag"],
        ["Vos", 1234567, 120],
        ["Zon", "1234567", 7],
        ["Kort", 12345678, None],
    ]
    text, mended = listing.to_text(cells)
    assert mended == 1
    read = listing.to_cells(text)
    assert [row[1] for row in read] == ["", "KvK", "01234567", "1234567", "12345678"]
    assert [row[2] for row in read[2:4]] == ["120", "7"]


def names(scope_of: Scoped, cast: Cast) -> list[str]:
    with scope_of(cast.supplier):
        return sorted(db.session().scalars(sa.select(Client.name)))


def test_a_list_is_looked_at_first_and_added_once(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor, path = visitor(world.editor), f"{world.path}/clients/list"
    assert editor.post(path, {"rows": ""}).status_code == 422
    page = editor.post(path, {"file": (BytesIO(LIST.encode()), "klanten.csv")}).get_data(as_text=True)
    assert "2 rows are good and will be added." in page
    assert "A KvK number has eight digits." in page
    assert "This client is on your list already." in page
    assert names(scope_of, cast) == ["Bakkerij Zonneschijn"]
    # The address stands in another column: look again, then add.
    other = {"rows": LIST, "header_row": "1", "name": "0", "email": "-1", "kvk": "1", "fee": "3", "language": "4"}
    assert "Kapper Kort" in editor.post(path, {**other, "step": "look"}).get_data(as_text=True)
    for _press in range(2):
        assert editor.post(path, {"rows": LIST, "step": "add"}).status_code == 302
    assert names(scope_of, cast) == ["Bakkerij Zonneschijn", "Café De Zon", "Slagerij Vos"]
    wrong = editor.post(path, {"file": (BytesIO(b"PK\x03\x04 no workbook"), "klanten.xlsx")})
    assert wrong.status_code == 422


@pytest.mark.once
def test_the_page_of_very_many_clients_stays_small(
    world: World, visitor: Visitors, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    editor = visitor(world.editor)
    rows = "".join(f"Bedrijf met een gewone naam {n};;info@bedrijf{n}.example;25,00;nl\n" for n in range(400))
    sent = {"rows": "Klantnaam;KvK;E-mail;Vergoeding;Taal\n" + rows, "step": "add"}
    counted = []
    for asked in range(2):
        with count_queries() as queries:
            page = editor.get(f"{world.path}/clients").get_data()
        assert len(page) < 60_000
        counted.append(len(queries))
        if not asked:
            assert editor.post(f"{world.path}/clients/list", sent).status_code == 302
    assert counted[0] == counted[1]
