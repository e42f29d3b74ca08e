"""Pages offer the workbooks that something is kept for, and name the others; whoever asks for one gets it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from audits.workbooks import REPORTS
from audits.workbooks.offering import FILLED_BY
from core import db
from plans.models import Asset, AssetKind, Contact
from tests.audits.test_workbooks import DAY, Scoped
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("on_the_day")
ALWAYS = {"findings", "expiries", "standards", "records"}
LINE = "Nothing is kept yet to fill these with: "


def page(app: Flask, cast: Cast, slug: str = "bakery") -> tuple[set[str], str]:
    """The workbooks with a button, and the line that names the others."""
    who = cast.owner if slug == "bakery" else cast.supplier_owner
    told = Visitor(app, who).get(f"/o/{slug}/reports/").get_data(as_text=True)
    buttons = set(re.findall(r'name="name" value="([\w-]+)"', told)) & {report.name for report in REPORTS}
    return buttons, told.partition(LINE)[2].partition("<")[0]


@pytest.mark.once
def test_every_report_is_offered_always_or_by_its_tables() -> None:
    assert set(FILLED_BY) | ALWAYS == {report.name for report in REPORTS}
    for report in REPORTS:
        areas = {model.__area__ for model in FILLED_BY.get(report.name, ())}
        assert report.about is None or areas <= {report.about}, report.name


def test_who_has_nothing_is_offered_what_says_something_of_everybody(app: Flask, cast: Cast) -> None:
    buttons, line = page(app, cast)
    assert buttons == ALWAYS
    assert line.startswith("Plan, Inventory, Contacts,")
    assert line.endswith("Continuity scheme, Handovers, Covered clients.")


def test_a_plan_without_a_scheme_offers_no_workbook_of_the_scheme_but_gives_it_who_asks(
    app: Flask, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.bakery):
        db.session().add_all([Asset(kind=AssetKind.SERVER, name="SRV1"), Contact(name="Henk")])
    with scope_of(cast.other):
        db.session().add(Asset(kind=AssetKind.SERVER, name="Not theirs"))
    buttons, line = page(app, cast)
    assert buttons == ALWAYS | {"plan", "inventory", "contacts"}
    assert "Continuity scheme, Handovers, Covered clients." in line
    asked = {"name": "scheme", "as_of": DAY, "language": "en"}
    assert Visitor(app, cast.owner).post("/o/bakery/reports/", asked).status_code == 200


def test_the_page_asks_once_whatever_there_is(
    app: Flask, cast: Cast, scope_of: Scoped, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    visitor = Visitor(app, cast.owner)
    visitor.get("/o/bakery/reports/")
    with count_queries() as few:
        visitor.get("/o/bakery/reports/")
    with scope_of(cast.bakery):
        db.session().add_all(Asset(kind=AssetKind.SERVER, name=f"SRV{n}") for n in range(30))
    visitor.get("/o/bakery/reports/")
    with count_queries() as many:
        visitor.get("/o/bakery/reports/")
    assert len(many) == len(few)
    assert sum("FROM handover_item" in one for one in few) == 1
