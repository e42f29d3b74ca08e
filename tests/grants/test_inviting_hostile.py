"""Strange and hostile files as lists of clients: each is shown row by row or refused in words, in both languages."""

import html
import io
import re
from dataclasses import replace

import pytest
from flask import Flask

from core.i18n import Language, written_in
from core.sheets.reading import DEFAULT_LIMITS, Place, Unreadable, UnreadableCode
from tenants.clients.views import MOST_COLUMNS, MOST_ROWS
from tests.cast import Cast
from tests.core.sheets_hostile_files import FILES
from tests.core.sheets_reading_files import book, cells
from tests.visitor import Visitor

INVITE = "/o/supplier/clients/invite"
ASK = {"header_row": "0", "name": "0", "kvk": "1", "email": "2", "level": "view", "plan": "y"}


def said(app: Flask, code: UnreadableCode, language: Language) -> str:
    """Return by which sentences a file is refused, without where to look."""
    with app.app_context(), written_in(language):
        limits = replace(DEFAULT_LIMITS, rows=MOST_ROWS, columns=MOST_COLUMNS)
        return Unreadable(code, limits, Place()).message()


def walk(browser: Visitor, content: bytes, name: str) -> str | None:
    """Send a list all the way; return what is shown where it is refused, None where it was kept."""
    sent = {"csrf_token": browser.token, "file": (io.BytesIO(content), name)}
    answer = browser.client.post(INVITE, data=sent, buffered=True)
    answer.request.environ["wsgi.input"].close()  # a file of the test's own, where it sent much
    if answer.status_code == 422:
        return " ".join(html.unescape(re.sub("<[^>]+>", " ", answer.get_data(as_text=True))).split())
    assert answer.status_code == 302
    assert browser.get(answer.location).status_code == 200
    assert browser.get(f"{answer.location}?header_row=0&name=0&kvk=1&email=2").status_code == 200
    assert browser.post(f"{answer.location}/send", ASK).status_code in {302, 422}
    assert browser.get("/o/supplier/clients/").status_code == 200
    return None


@pytest.mark.once
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", FILES)
def test_every_file_is_shown_or_refused_in_words(app: Flask, cast: Cast, name: str, language: Language) -> None:
    sent_as, make, code = FILES[name]
    browser = Visitor(app, cast.supplier_owner)
    browser.client.set_cookie("language", language.value)
    shown = walk(browser, make(), sent_as)
    if code is None:
        assert shown is None
    else:
        assert said(app, code, language) in (shown or "")


ODD = {
    "numbers that are none": ("1e999", "-1e999", "nan", "1e308", "12345678901234567890123456789012345678901234567890"),
    "marks that no page can hold": ("a\ud800b", "a\x00b", "\x1b[31m", "\u202eab", "\ufffe"),
    "programs": ("<script>alert(1)</script>", "=1+1", "{{ 7*7 }}", "'; drop table client_list; --", "%s {0}"),
    "very long": ("x" * 30_000, "9" * 5_000, f"{'a' * 300}@x.example", "@" * 3_000, "a." * 3_000 + "@x.example"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_cells_stop_no_page(app: Flask, cast: Cast, name: str) -> None:
    browser = Visitor(app, cast.supplier_owner)
    rows = [f"{one};{one};{one}" for one in ODD[name]] + ["Kiosk;00112233;k@kiosk.example"]
    text = "\n".join(rows)
    assert walk(browser, text.encode("utf-8", "surrogatepass"), "list.csv") is None


@pytest.mark.parametrize("value", ["1e999", "-1e999", "NaN", "1e308", "INF", "9" * 400, "0x10", "-0", "1e-400"])
def test_odd_numbers_of_a_workbook_stop_no_page(app: Flask, cast: Cast, value: str) -> None:
    number = f"<c><v>{value}</v></c>"
    walk(Visitor(app, cast.supplier_owner), book(cells(number, number, number)), "list.xlsx")
