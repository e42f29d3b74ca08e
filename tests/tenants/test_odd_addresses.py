"""An address that nobody means is answered with a page: what a database takes no text of, and days without a next."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.visitor import Visitor

NOWHERE = (
    "/o/a%00b/",
    "/o/bakery/registers/a%00b",
    "/sign-in/organisation/a%00b",
)
NOT_ASKED = (
    "/sign-in/organisation?q=a%00b",
    "/organisations?q=a%00b",
    "/o/bakery/trail/?who=a%00b",
    "/o/bakery/grants/give?supplier=a%00b",
    "/o/bakery/?a%00b=1",
)


def test_a_nul_in_an_address_names_nothing(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    assert {path: visitor.get(path).status_code for path in NOWHERE} == dict.fromkeys(NOWHERE, 404)
    assert {path: visitor.get(path).status_code for path in NOT_ASKED} == dict.fromkeys(NOT_ASKED, 400)
    assert Visitor(app).get("/sign-in?next=/%00").status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_the_trail_is_told_up_to_the_end_of_days(app: Flask, cast: Cast, name: str, day: str) -> None:
    assert Visitor(app, cast.owner).get(f"/o/bakery/trail/?{name}={day}").status_code == 200
