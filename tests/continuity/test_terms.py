"""What a foundation chooses for all its registrants: its notice, how soon it answers, and when is reminded."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from continuity.models import FoundationTerms, RequestState
from continuity.registrants.terms import USUAL
from continuity.requests import thresholds
from continuity.requests.thresholds import Standing
from continuity.terms import Terms, terms_of
from core import db
from tenants.models import TrailEntry
from tests.cast import Cast
from tests.continuity.test_room import Visitors
from tests.continuity.world import Scoped, World

PAGE = "/o/foundation/registrants/terms"
SENT = {
    "version": "0",
    "notice_months": "6",
    "answer_days": "4",
    **{name: ", ".join(map(str, days)) for name, days in USUAL.items()},
    "fee": "10, -5,-5",
}


def test_an_officer_chooses_and_suppliers_read_it(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer = visitor(cast.foundation_owner)
    assert 'value="-30, -7"' in officer.get(PAGE).get_data(as_text=True)
    assert officer.post(PAGE, SENT).status_code == 302
    with scope_of(cast.supplier):
        assert terms_of(cast.foundation.id) == Terms(6, 4, {"fee": (-5, 10)})
        assert terms_of(cast.other_foundation.id) == Terms()
    assert officer.post(PAGE, SENT).status_code == 409, "saved since"
    assert officer.post(PAGE, {**SENT, "version": "1", "answer_days": "5"}).status_code == 302
    with scope_of(cast.foundation):
        actions = list(db.session().scalars(sa.select(TrailEntry.action)))
        assert actions.count("foundation.terms") == 2
        assert db.session().get_one(FoundationTerms, cast.foundation.id).answer_days == 5
    page = visitor(cast.supplier_owner).get(f"{world.path}/state/notice").get_data(as_text=True)
    assert "22 May 2027" in page


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"notice_months": "0"}, id="no notice"),
        pytest.param({"notice_months": "25"}, id="notice too long"),
        pytest.param({"answer_days": "15"}, id="answers too late"),
        pytest.param({"fee": ""}, id="never"),
        pytest.param({"fee": "soon"}, id="no number"),
        pytest.param({"fee": "-61"}, id="too early"),
        pytest.param({"fee": "31"}, id="too late"),
        pytest.param({"fee": "1,2,3,4,5,6"}, id="too often"),
        pytest.param({"end": "0, 7"}, id="an end that is told when it is there"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cast: Cast, world: World, visitor: Visitors, wrong: dict[str, str], scope_of: Scoped
) -> None:
    assert visitor(cast.foundation_owner).post(PAGE, {**SENT, **wrong}).status_code == 422
    with scope_of(cast.supplier):
        assert terms_of(cast.foundation.id) == Terms()


def test_nobody_else_chooses(cast: Cast, world: World, visitor: Visitors) -> None:
    assert visitor(cast.foundation_reader).post(PAGE, SENT).status_code == 403
    assert visitor(cast.supplier_owner).post(PAGE, SENT).status_code == 404
    assert visitor(cast.supplier_owner).post("/o/supplier/registrants/terms", SENT).status_code in (403, 404)


@pytest.mark.once
def test_reminders_go_by_the_days_that_were_chosen() -> None:
    asked, due = date(2026, 11, 1), date(2026, 11, 20)
    chosen = Terms(answer_days=4, days={"fee": (-5, 10)})
    owes = Standing(
        (1, UUID(int=1)), RequestState.FEE_DUE, asked, asked, Decimal(9), due, None, date(2027, 2, 1), (), chosen
    )
    days = thresholds.told_on(owes, thresholds.of_client(owes), after=date.min, up_to=date.max)
    assert days == [date(2026, 11, 15), date(2026, 11, 30)]
    waits = Standing((1, UUID(int=1)), RequestState.ASKED, asked, asked, None, None, None, due, (), chosen)
    assert [one.until for one in thresholds.of_foundation(waits)] == [date(2026, 11, 5)]
