"""The choice of colours: kept in a cookie, for anybody, without leading anybody elsewhere."""

import pytest
from flask import Flask

from core.serving.assets import Theme
from tests.visitor import Visitor


@pytest.mark.parametrize("theme", list(Theme))
def test_choice_is_kept_and_the_page_stays(app: Flask, theme: Theme) -> None:
    visitor = Visitor(app)
    answer = visitor.post("/theme", {"theme": theme.value, "back": "/sign-in?next=/"})
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/")
    assert f'data-colours="{theme.value}"' in visitor.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
def test_nobody_is_led_elsewhere(app: Flask, back: str) -> None:
    assert Visitor(app).post("/theme", {"theme": "dark", "back": back}).location == "/"


def test_other_colours_do_not_exist(app: Flask) -> None:
    assert Visitor(app).post("/theme", {"theme": "pink"}).status_code == 404


def test_a_cookie_somebody_made_up_counts_for_nothing(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.client.set_cookie("theme", '"><script>')
    assert 'data-colours="system"' in visitor.get("/sign-in").get_data(as_text=True)


def test_hashed_files_are_kept_for_ever_and_pages_never(app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.get("/sign-in")
    assert page.headers["Cache-Control"] == "no-store"
    address = page.get_data(as_text=True).partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in visitor.get(address).headers["Cache-Control"]
    assert "immutable" not in visitor.get("/static/logo.svg").headers["Cache-Control"]
