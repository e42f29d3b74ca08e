"""A change in the business opens the items it touches, and each closes once somebody changed it or found it right."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from audits.judging.judgement import Gap
from audits.paper.models import KitCopy
from audits.rules import by_code
from core import clock, db
from core.db import Base
from plans.errors import PlanError
from plans.facts import LookFact
from plans.handbook import by_id
from plans.items import services as item_services
from plans.items.services import AnswerValues, SeatValues
from plans.models import Answer, Assignment, BusinessChange, Contact, Department, Happening, RecoveryStep
from plans.seats import TEAM_ITEM
from plans.upkeep import services
from plans.upkeep.looking import open_looks, touched
from plans.upkeep.standing import PLACES, RECORDS, stands_in
from plans.upkeep.touched import TOUCHED
from tests.audits.rules.build import SOUND, TODAY, plan
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page

FALLBACK = "runbook.fallback-location"


def report(kind: Happening, what: str = "A second shop", contact_id: UUID | None = None) -> BusinessChange:
    today = clock.today()
    return services.report_change(what, today, by="Henk", today=today, kind=kind, contact_id=contact_id)


def test_what_a_change_touches_are_items_of_the_handbook() -> None:
    assert set(TOUCHED) == set(Happening)
    assert {item_id for touched_items in TOUCHED.values() for item_id in touched_items} <= set(by_id())


def test_every_column_that_names_a_contact_is_a_place_or_a_record() -> None:
    named = {
        f"{table.name}.{key.column_keys[-1]}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name == Contact.__tablename__
    }
    assert f"{KitCopy.__tablename__}.keeper_id" in named
    places = {f"{one.model.__tablename__}.{column}" for one in PLACES for column in one.columns}
    assert named == places | set(RECORDS)


@pytest.mark.parametrize(("item_id", "told"), [("runbook.team", 1), ("upkeep.business-change", 1), ("staff.policy", 0)])
def test_an_opened_item_is_a_warning_until_somebody_looked(item_id: str, told: int) -> None:
    look = LookFact(item_id if told else "runbook.team", UUID(int=7), "A second\nshop", date(2027, 11, 30))
    found = [one for one in by_code()[item_id].check(plan(looks=(look,)), TODAY) if isinstance(one, Gap)]
    assert [gap.params["what"] for gap in found] == ["A second shop"] * told
    assert not [one for one in by_code()[item_id].check(SOUND, TODAY) if isinstance(one, Gap)]


def test_saving_an_item_or_finding_it_right_closes_it(cast: Cast, visitor: SignIn, scope_of: ScopeOf) -> None:
    editor = visitor(cast.editor)
    form = {"kind": "moved", "what": "To the Market", "reported_on": clock.today().isoformat()}
    answer = editor.post(page(cast.bakery, "upkeep.business-change", "/changes"), form)
    assert answer.status_code == 302
    change_page = answer.headers["Location"]
    assert "It is still right" in editor.get(change_page).get_data(as_text=True)
    opened = editor.get(page(cast.bakery, FALLBACK)).get_data(as_text=True)
    assert "Look at this again" in opened
    assert "To the Market" in opened
    assert "It is still right" not in visitor(cast.reader).get(change_page).get_data(as_text=True)
    assert editor.post(page(cast.bakery, FALLBACK, "/looked-at")).status_code == 302
    assert editor.post(page(cast.bakery, FALLBACK, "/looked-at")).status_code == 404
    editor.post(page(cast.bakery, "runbook.reachability", "/answer"), {"forwarding": "by the app"})
    with scope_of(cast.bakery):
        change_id = db.session().scalars(sa.select(BusinessChange.id)).one()
        rows = {one.item_id: (one.settled_by, one.still_right) for one in touched(change_id) if one.settled_on}
        assert rows == {FALLBACK: (cast.editor.name, True), "runbook.reachability": (cast.editor.name, False)}
    assert "Look at this again" not in editor.get(page(cast.bakery, FALLBACK)).get_data(as_text=True)
    assert "2 of 10 items looked at" in editor.get(page(cast.bakery, "upkeep.business-change")).get_data(as_text=True)


def test_a_change_that_was_put_away_opens_nothing_any_more(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        report(Happening.MOVED).archived_at = clock.now()
        db.session().flush()
        assert open_looks(FALLBACK) == []


def test_who_left_opens_where_they_stand_and_is_replaced_everywhere(
    cast: Cast, visitor: SignIn, scope_of: ScopeOf
) -> None:
    today = clock.today()
    with scope_of(cast.bakery):
        gone, other = add_contact("Henk"), add_contact("Fatima")
        item_services.assign(TEAM_ITEM, {"management": SeatValues(gone, other)})
        db.session().add_all(
            [Department(name="Shop", head_id=gone), RecoveryStep(position=1, text="x", contact_id=gone)]
        )
        values = AnswerValues({"how": "Ring twice"}, contact_id=gone)
        item_services.save_answer("backup.out-of-hours", values, by="Fatima", today=today)
        with pytest.raises(PlanError) as refusal:
            report(Happening.PERSON_LEFT)
        assert refusal.value.field == "contact"
        row = report(Happening.PERSON_LEFT, "Henk retired", gone)
        change_id = row.id
        opened = {one.item_id for one in touched(change_id)}
        stood = {TEAM_ITEM, "processes.department-heads", "runbook.recovery", "backup.out-of-hours"}
        assert opened == stood | set(TOUCHED[Happening.PERSON_LEFT])
    path = f"/o/bakery/plan/upkeep/business-change/changes/{change_id}"
    editor = visitor(cast.editor)
    assert "Henk" in editor.get(path).get_data(as_text=True)
    assert editor.post(f"{path}/replace", {"replacement": str(gone)}).status_code == 422
    assert editor.post(f"{path}/replace", {}).status_code == 422
    assert editor.post(f"{path}/replace", {"replacement": str(other)}).status_code == 302
    with scope_of(cast.bakery):
        assert stands_in(gone) == []
        seat = db.session().scalars(sa.select(Assignment)).one()
        assert (seat.contact_id, seat.deputy_id) == (other, None)
        assert db.session().scalars(sa.select(Department.head_id)).one() == other
        assert db.session().scalars(sa.select(Answer.contact_id)).one() == other
    assert "Nowhere in the plan any more." in editor.get(path).get_data(as_text=True)


def test_the_upkeep_is_looked_after_by_somebody_of_the_team(cast: Cast, visitor: SignIn, scope_of: ScopeOf) -> None:
    path, editor = page(cast.bakery, "upkeep.responsible"), visitor(cast.editor)
    with scope_of(cast.bakery):
        member, other = add_contact("Fatima"), add_contact("Henk")
    assert f'value="{other}"' in editor.get(path).get_data(as_text=True)
    with scope_of(cast.bakery):
        item_services.assign(TEAM_ITEM, {"management": SeatValues(member)})
    shown = editor.get(path).get_data(as_text=True)
    assert f'value="{member}"' in shown
    assert f'value="{other}"' not in shown
    assert editor.post(f"{path}/seats", {"holder-contact": str(other)}).status_code == 422
    assert editor.post(f"{path}/seats", {"holder-contact": str(member)}).status_code == 302
