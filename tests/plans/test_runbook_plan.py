"""The recovery on the clock, the signs of a calamity, and who else is informed."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from core import clock, db
from plans.archiving import Kept, put_away, put_back
from plans.audiences import services as audience_services
from plans.audiences.queries import audiences
from plans.audiences.services import AudienceValues
from plans.calamity.forms import TYPED
from plans.errors import NotThere, PlanError
from plans.items.queries import people
from plans.models import System, SystemNeed
from plans.runbook import services
from plans.runbook.day_plan import as_clock, day_plan
from plans.runbook.queries import Step, steps
from plans.runbook.services import StepValues
from plans.signs import services as sign_services
from plans.signs.queries import signs
from plans.turns import seen
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, add_system, page

RECOVERY = "runbook.recovery"


def in_use() -> list[Step]:
    return [step for step in steps() if not step.archived]


def write_down(*names: str) -> list[UUID]:
    for name in names:
        services.add_step(StepValues(name, None))
    return [step.id for step in in_use()]


def test_each_step_begins_where_the_one_before_it_ends(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        for text, minutes in (("call", 15), ("network", 45), ("till", None), ("books", 60)):
            services.add_step(StepValues(text, None, minutes))
        found = [(one.begins, one.ends, one.at_least) for one in day_plan(in_use())]
    assert found == [(0, 15, False), (15, 60, False), (60, 60, True), (60, 120, True)]
    assert [as_clock(minutes) for minutes in (0, 9, 60, 1445)] == ["0:00", "0:09", "1:00", "24:05"]


@pytest.mark.parametrize(("minutes", "late_by"), [(119, 0), (120, 0), (121, 1)])
def test_system_is_late_when_its_last_step_ends_after_the_wished_hour(
    cast: Cast, scope_of: ScopeOf, minutes: int, late_by: int
) -> None:
    with scope_of(cast.bakery):
        till = add_system("Till")
        db.session().get_one(System, (cast.bakery.id, till)).rto_hours = 2
        services.add_step(StepValues("begin", till, 1))
        services.add_step(StepValues("end", till, minutes - 1))
        first, last = day_plan(in_use())
    assert (first.late_by, last.late_by) == (0, late_by)


def test_step_does_not_pass_a_step_it_needs(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        internet, till, books = write_down("internet", "till", "books")
        services.change_step(till, StepValues("till", None, needs=frozenset({internet})))
        for step, up in ((till, True), (internet, False)):
            with pytest.raises(PlanError, match=r"“till”.*“internet”"):
                services.move_step(step, up=up)
        services.move_step(books, up=True)
        assert [step.text for step in in_use()] == ["internet", "books", "till"]
        services.move_step(till, up=True)
        assert [step.text for step in in_use()] == ["internet", "till", "books"]
    browser = visitor(cast.editor)
    assert browser.post(page(cast.bakery, RECOVERY, f"/steps/{till}/up")).status_code == 302
    shown = browser.get(page(cast.bakery, RECOVERY)).get_data(as_text=True)
    assert "“till” cannot come before “internet”, which it needs." in shown
    assert shown.index("1. internet") < shown.index("2. till")


def test_two_steps_never_wait_for_each_other(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        internet, till = write_down("internet", "till")
        services.change_step(till, StepValues("till", None, needs=frozenset({internet})))
        with pytest.raises(PlanError):
            services.change_step(internet, StepValues("internet", None, needs=frozenset({till})))
        with pytest.raises(NotThere):
            services.change_step(till, StepValues("till", None, needs=frozenset({till})))
        with pytest.raises(NotThere):
            services.change_step(till, StepValues("till", None, needs=frozenset({uuid4()})))
    answer = visitor(cast.editor).post(
        page(cast.bakery, RECOVERY, f"/steps/{internet}"), {"text": "internet", "needs": [str(till)]}
    )
    assert answer.status_code == 422
    assert "which it needs" in answer.get_data(as_text=True)


def test_step_is_filled_in_whole_in_the_browser(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        (internet,) = write_down("internet")
    sent = {"text": "till", "minutes": "90", "contact": str(henk), "needs": [str(internet)]}
    browser = visitor(cast.editor)
    assert browser.post(page(cast.bakery, RECOVERY, "/steps"), sent).status_code == 302
    with scope_of(cast.bakery):
        till = in_use()[-1]
    assert (till.minutes, till.who, till.needs) == (90, "Henk Bakker", frozenset({internet}))
    assert "1:30" in browser.get(page(cast.bakery, RECOVERY, "/day-plan")).get_data(as_text=True)
    for minutes in ("0", "-5", "much", "99999999"):
        assert browser.post(page(cast.bakery, RECOVERY, "/steps"), sent | {"minutes": minutes}).status_code == 422
    assert browser.post(page(cast.bakery, RECOVERY, "/steps"), sent | {"needs": [str(uuid4())]}).status_code == 422
    assert (
        browser.post(page(cast.bakery, RECOVERY, f"/steps/{till.id}"), {"text": "till", "minutes": ""}).status_code
        == 302
    )
    with scope_of(cast.bakery):
        assert (in_use()[-1].minutes, in_use()[-1].needs) == (None, frozenset())


def test_step_that_was_put_back_too_late_is_told(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        _power, internet, till = write_down("power", "internet", "till")
        services.change_step(till, StepValues("till", None, needs=frozenset({internet})))
        put_away(Kept.STEP, internet, at=clock.now())
        assert [one.before for one in day_plan(in_use())] == [(), ()]
        services.move_step(till, up=True)
        put_back(Kept.STEP, internet)
        plan = day_plan(in_use())
    assert [one.step.text for one in plan] == ["till", "internet", "power"]
    assert [one.wrong for one in plan] == [(2,), (), ()]
    assert "Stands before a step it needs" in visitor(cast.reader).get(page(cast.bakery, RECOVERY)).get_data(
        as_text=True
    )


def test_step_that_was_put_back_never_waits_for_what_waits_for_it(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        _power, internet, till = write_down("power", "internet", "till")
        services.change_step(till, StepValues("till", None, needs=frozenset({internet})))
        put_away(Kept.STEP, internet, at=clock.now())
        services.move_step(till, up=True)
        put_back(Kept.STEP, internet)
        assert [step.text for step in in_use()] == ["till", "internet", "power"]
        with pytest.raises(PlanError) as refused:
            services.change_step(internet, StepValues("internet", None, needs=frozenset({till})))
        assert "“internet”" in str(refused.value)


def test_steps_are_proposed_in_the_order_systems_need_each_other(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        till, network, books = add_system("Till", 1), add_system("Network", 9), add_system("Books", 5)
        db.session().add(SystemNeed(system_id=till, needed_system_id=network))
        db.session().flush()
        assert services.propose_steps(lambda name: f"Restore {name}") == 3
        found = in_use()
        assert [step.system_id for step in found] == [books, network, till]
        assert [step.needs for step in found] == [frozenset(), frozenset(), frozenset({found[1].id})]
        assert services.propose_steps(lambda name: f"Restore {name}") == 0
        with pytest.raises(PlanError):
            services.move_step(found[2].id, up=True)


def test_signs_are_written_down_changed_and_put_away(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    browser, path = visitor(cast.editor), page(cast.bakery, "runbook.activation", "/signs")
    assert browser.post(f"{path}/examples").status_code == 302
    assert browser.post(f"{path}/examples").status_code == 302
    assert browser.post(path, {"text": "The oven talks"}).status_code == 302
    assert browser.post(path, {"text": " "}).status_code == 422
    with scope_of(cast.bakery):
        found = signs()
    assert len(found) == len(sign_services.EXAMPLES) + 1
    assert not any(sign.ends for sign in found)
    last = found[-1]
    shown = {"text": "The oven sings", "seen": seen([last])}
    assert browser.post(f"{path}/{last.id}", shown).status_code == 302
    late = browser.post(f"{path}/{last.id}", shown | {"text": "The oven dances"})
    assert late.status_code == 409
    assert "The oven dances" in late.get_data(as_text=True)
    assert "The oven sings" in visitor(cast.reader).get(path).get_data(as_text=True)
    assert browser.post(f"{path}/{last.id}/put-away").status_code == 302
    assert browser.post(f"{path}/{last.id}/put-away").status_code == 404
    assert "The oven" not in browser.get(path).get_data(as_text=True)


def test_signs_that_it_is_over_stand_apart_and_put_nothing_to_work(
    cast: Cast, scope_of: ScopeOf, visitor: SignIn
) -> None:
    browser, path = visitor(cast.editor), page(cast.bakery, "runbook.activation", "/signs")
    assert browser.post(path, {"text": "The oven smokes", "tells": "begins"}).status_code == 302
    assert browser.post(path, {"text": "The oven bakes", "tells": "ends"}).status_code == 302
    assert browser.post(f"{path}/examples", {"tells": "ends"}).status_code == 302
    with scope_of(cast.bakery):
        begins, *ends = signs()
        assert (begins.text, begins.ends) == ("The oven smokes", False)
        assert ends[0].text == "The oven bakes"
        assert len(ends) == 1 + len(sign_services.END_EXAMPLES)
        assert all(sign.ends for sign in ends)
    owner, activate = visitor(cast.owner), f"/o/{cast.bakery.slug}/calamity/activate/exercise"
    activating = owner.get(activate).get_data(as_text=True)
    assert "The oven smokes" in activating
    assert "The oven bakes" not in activating
    now = clock.now().astimezone(ZoneInfo("Europe/Amsterdam")).strftime(TYPED)
    running = owner.post(activate, {"began_at": now}).headers["Location"]
    closing = owner.get(f"{running}close").get_data(as_text=True)
    assert "The oven bakes" in closing
    assert "The oven smokes" not in closing
    changed = {"text": "The oven bakes", "tells": "begins", "seen": seen([ends[0]])}
    assert browser.post(f"{path}/{ends[0].id}", changed).status_code == 302
    with scope_of(cast.bakery):
        assert [sign.text for sign in signs() if not sign.ends] == ["The oven smokes", "The oven bakes"]


def test_list_of_signs_stays_short(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        for number in range(sign_services.AT_MOST):
            sign_services.add_sign(f"Sign {number}")
        with pytest.raises(PlanError):
            sign_services.add_sign("One more")
        twice = uuid4()
        sign_services.put_away(signs()[0].id, at=clock.now())
        sign_services.add_sign("Sent twice", row_id=twice)
        sign_services.add_sign("Sent twice", row_id=twice)
        assert len(signs()) == sign_services.AT_MOST


def test_audiences_of_one_s_own_are_told_who_informs_them(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        henk, fatima = add_contact(), add_contact("Fatima El Amrani")
    browser, path = visitor(cast.editor), page(cast.bakery, "runbook.informing", "/audiences")
    sent = {"name": "Neighbours", "contact": str(henk), "deputy": str(fatima), "how": "Ring the bell"}
    assert browser.post(path, sent).status_code == 302
    assert browser.post(path, sent | {"name": "NEIGHBOURS"}).status_code == 422
    assert browser.post(path, sent | {"name": "Bank", "deputy": str(henk)}).status_code == 422
    assert browser.post(path, sent | {"name": ""}).status_code == 422
    shown = visitor(cast.reader).get(path).get_data(as_text=True)
    assert "Ring the bell" in shown
    with scope_of(cast.bakery):
        (found,) = audiences()
        assert people()[found.contact_id].name == "Henk Bakker" if found.contact_id else False
        with pytest.raises(EditConflict):
            audience_services.change_audience(found.id, AudienceValues("Bank"), seen="something else")
        audience_services.change_audience(found.id, AudienceValues("Bank"), seen=seen([found]))
        audience_services.put_away(found.id, at=clock.now())
        assert audiences() == []


def test_reader_changes_neither_signs_nor_audiences(app: Flask, cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        sign_services.add_sign("Smoke")
        audience_services.add_audience(AudienceValues("Bank"))
        sign, audience = signs()[0].id, audiences()[0].id
    reader, stranger = visitor(cast.reader), visitor(cast.stranger)
    for path in (
        page(cast.bakery, "runbook.activation", f"/signs/{sign}"),
        page(cast.bakery, "runbook.activation", f"/signs/{sign}/put-away"),
        page(cast.bakery, "runbook.informing", f"/audiences/{audience}"),
        page(cast.bakery, "runbook.informing", f"/audiences/{audience}/put-away"),
    ):
        assert reader.post(path).status_code == 403
        assert stranger.post(path).status_code == 404
