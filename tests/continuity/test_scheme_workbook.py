"""The workbook of the scheme: every registration with its state, its agreements and its money."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from continuity.models import Client, Registration, RequestState
from core import db
from tests.cast import Cast, Organisation, Person
from tests.continuity.asking import DECLARED, scene
from tests.continuity.world import TODAY, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]


def book(visitor: Visitor) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets of the workbook: a list of rows by heading each."""
    sent = {"name": "scheme", "as_of": "2026-11-22", "language": "en"}
    answer = visitor.post("/o/supplier/reports/", sent)
    assert answer.status_code == 200
    found = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    told = {}
    for sheet in found.worksheets:
        heading, *rows = sheet.iter_rows(values_only=True)
        told[sheet.title] = [dict(zip(map(str, heading), row, strict=True)) for row in rows]
    return told


@pytest.mark.once
def test_workbook_tells_who_asked_for_continuity_and_what_is_to_be_done_before_the_end(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    scene(cast, world, scope_of, RequestState.SERVED)
    told = book(visitor(cast.supplier_owner))
    (asked,) = told["Requests for continuity"]
    assert (asked["Client"], asked["State"]) == ("Bakkerij Zonneschijn", "Delivered")
    assert (asked["Asked by"], asked["Function"]) == ("Zonneschijn Owner", "director")
    assert (asked["How"], asked["What was said with it"]) == ("By the link of the deed", "The till hangs on it.")
    assert asked["Of them open when it was decided"] == 0 < asked["Conditions"]
    assert (asked["Fee over the period"], asked["Delivered from"].date(), asked["Left on"]) == (120, TODAY, None)
    rows = told["Before the end"]
    assert [row["State"] for row in rows] == ["Open"] * 5
    days = [row["Done by then"].date() for row in rows]
    assert days == sorted(days)
    assert days[0] > DECLARED
    assert not any("zonneschijn.example" in str(value) for row in [asked, *rows] for value in row.values())


@pytest.mark.once
def test_workbook_tells_states_agreements_and_money_with_what_is_not_known(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    told = book(visitor(cast.supplier_owner))
    (hosting,) = (row for row in told["Registrations"] if row["Service"] == "Webhosting Plus")
    assert hosting["State"] == "Counterparty is willing"
    assert hosting["Declared to be willing on"].date() == TODAY
    duties = {row["Code"]: row for row in told["Duties"] if row["Service"] == "Webhosting Plus"}
    assert len(duties) == 11
    owed = {"Hosting": 11, "Server management": 13}
    assert len(told["Duties"]) == sum(owed[row["Type"]] for row in told["Registrations"])
    assert (duties["scheme.period"]["State"], duties["scheme.type"]["State"]) == ("Not applicable", "In order")
    assert duties["scheme.logins"]["State"] == "To do"
    assert "has not been handed over yet" in duties["scheme.logins"]["What is found"]
    (agreement,) = told["Agreements"]
    assert (agreement["Fee or price"], agreement["Paid"], agreement["Months of continuity"]) == (25, "Every month", 3)
    (money,) = (row for row in told["Money"] if row["Service"] == "Webhosting Plus")
    assert (money["Cost over the period"], money["Fees over the period"]) == (300, 120)
    assert (money["State"], money["Short a month"]) == ("Not covered", 60)
    offered, draft = told["Beneficiary deeds"]
    assert (offered["Version"], offered["In English too"], len(offered["SHA-256"])) == (1, "Yes", 64)
    assert (draft["Version"], draft["Offered on"], draft["SHA-256"]) == (2, None, None)
    (accepted,) = told["Acceptances"]
    assert (accepted["Client"], accepted["State"]) == ("Bakkerij Zonneschijn", "Accepted, conditions met")
    assert (accepted["Who declared it"], accepted["In which function"]) == ("Owner", "director")
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Client)).one().monthly_fee = None
        query = sa.select(Registration).where(Registration.id == world.registration_id)
        db.session().scalars(query).one().monthly_cost = None
    (money,) = (row for row in book(visitor(cast.supplier_owner))["Money"] if row["Service"] == "Webhosting Plus")
    assert (money["State"], money["Fees for each euro of cost"]) == ("Not known", None)
    assert "counts as nothing" in money["What is not known"]
