"""What a printed page says of itself: whose it is, of when, and where it can be seen again."""

import re

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast
from tests.visitor import Visitor

LINE = re.compile(r'<p class="printed">(.*?)</p>', re.S)


def printed(page: str) -> str | None:
    """Return the line for paper, None without one."""
    found = LINE.search(page)
    return " ".join(found.group(1).split()) if found else None


@pytest.mark.parametrize("query", ["", "?state=closed&amp;q=kassa"])
def test_sheet_says_whose_it_is_of_when_and_where(app: Flask, cast: Cast, query: str) -> None:
    path = f"/o/{cast.bakery.slug}/findings{query}"
    with time_machine.travel("2026-11-23T04:20:00+00:00", tick=False):
        page = Visitor(app, cast.owner).get(path.replace("&amp;", "&"), headers={"Accept-Language": "en"})
    address = app.config["SETTINGS"].base_url + path
    assert printed(page.get_data(as_text=True)) == (
        f"{cast.bakery.name}. As it stood on 23 November 2026 05:20. {address}"
    )


def test_address_that_opens_a_door_by_itself_is_not_on_paper(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    secret = "x" * 43
    for path in (f"/o/{cast.bakery.slug}/deed/{secret}", f"/link/{secret}", "/organisations"):
        assert secret not in (printed(visitor.get(path).get_data(as_text=True)) or "")
    assert printed(visitor.get("/organisations").get_data(as_text=True)) is None
