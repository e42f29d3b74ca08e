"""Error pages say what went wrong, in the reader's language, each in its own words."""

import pytest
from flask import Flask

from core.serving.web import ERRORS
from tests.failing import add_failing

TITLES = {
    400: "This form is no longer valid",
    403: "You may not do this",
    404: "Not found",
    405: "Not possible this way",
    409: "Somebody was before you",
    410: "No longer there",
    413: "Too large",
    415: "Not readable",
    422: "Something does not fit",
    429: "Please wait a moment",
    500: "Something went wrong",
}
# What has no words of its own: the nearest that is true of it.
LIKE = {406: 405, 414: 405, 451: 405, 501: 500, 503: 500}
DUTCH = {404: "Niet gevonden", 429: "Wacht even", 500: "Er ging iets mis"}


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """The service with an address that fails as it is asked to."""
    add_failing(own_app, by_mistake=True)
    return own_app


def heading(app: Flask, code: int, language: str) -> str:
    """Return the heading of the page for `code`, having seen that it names its number and tells no secret."""
    answer = app.test_client().get(f"/fails/{code}", headers={"Accept-Language": language, "Accept": "text/html"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == code
    assert f"{code}, " in page.partition("fine-print")[2]
    assert answer.headers["X-Request-Id"] in page
    assert "secret of the machine" not in page
    return page.partition('<h1 class="page-heading">')[2].partition("</h1>")[0]


def test_each_error_has_a_page_of_its_own_and_the_others_one_that_is_true(app: Flask) -> None:
    assert set(ERRORS) == set(TITLES)
    assert {code: heading(app, code, "en") for code in TITLES} == TITLES
    assert {code: heading(app, code, "en") for code in LIKE} == {code: TITLES[near] for code, near in LIKE.items()}
    assert len({str(text) for _, text in ERRORS.values()}) == len(ERRORS)


def test_they_speak_dutch(app: Flask) -> None:
    assert {code: heading(app, code, "nl") for code in DUTCH} == DUTCH
