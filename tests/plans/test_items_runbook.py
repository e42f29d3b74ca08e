"""Tasks of the team, steps of the recovery, external parties."""

import html
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from audits.sweeping import sweep
from core import clock
from plans.archiving import Kept, put_away, put_back
from plans.errors import NotThere
from plans.items import services as item_services
from plans.items.queries import people, seated
from plans.items.services import SeatValues
from plans.runbook import services
from plans.runbook.queries import Task, steps, tasks
from plans.runbook.services import StepValues
from plans.seats import TEAM_ITEM
from plans.turns import seen
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, add_party, add_system, page

TODAY = date(2026, 11, 22)
TASKS, RECOVERY, PARTIES = "runbook.tasks-known", "runbook.recovery", "runbook.external-parties"


def task_of(seat: str) -> Task:
    return next(task for task in tasks(seated([TEAM_ITEM]), people()) if task.seat.name == seat)


def texts() -> list[str]:
    return [step.text for step in steps() if not step.archived]


def write_down(*names: str) -> list[UUID]:
    for name in names:
        services.add_step(StepValues(name, None))
    return [step.id for step in steps() if not step.archived]


def test_a_changed_task_must_be_acknowledged_again_even_on_the_same_day(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk = add_contact()
        item_services.assign(TEAM_ITEM, {"management": SeatValues(henk)})
        services.save_tasks({"management": "Calls the insurer"}, today=TODAY)
        assert not task_of("management").known
        services.acknowledge("management", henk, today=TODAY)
        assert task_of("management").known
        services.save_tasks({"management": "Calls the insurer"}, today=TODAY + timedelta(days=1))
        assert task_of("management").known
        services.save_tasks({"management": "Calls the lawyer"}, today=TODAY)
        assert not task_of("management").known
        assert task_of("management").changed_on == TODAY


def test_somebody_new_in_a_seat_has_acknowledged_nothing(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk, fatima = add_contact(), add_contact("Fatima El Amrani")
        item_services.assign(TEAM_ITEM, {"management": SeatValues(henk)})
        services.save_tasks({"management": "Calls the insurer"}, today=TODAY)
        services.acknowledge("management", henk, today=TODAY)
        item_services.assign(TEAM_ITEM, {"management": SeatValues(henk, fatima)})
        assert task_of("management").known
        item_services.assign(TEAM_ITEM, {"management": SeatValues(fatima)})
        assert not task_of("management").known
        assert task_of("management").text == "Calls the insurer"


def test_only_who_sits_there_acknowledges_a_task_that_exists(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        henk, fatima = add_contact(), add_contact("Fatima El Amrani")
        item_services.assign(TEAM_ITEM, {"management": SeatValues(henk)})
        for contact_id in (henk, fatima):
            with pytest.raises(NotThere):
                services.acknowledge("management", contact_id, today=TODAY)
        services.save_tasks({"management": "Calls the insurer"}, today=TODAY)
        for seat, contact_id in (("management", fatima), ("gdpr-officer", henk), ("nobody", henk)):
            with pytest.raises(NotThere):
                services.acknowledge(seat, contact_id, today=TODAY)


def test_who_has_no_task_in_several_places_is_told_so_once(
    app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        henk, jane = add_contact("Henk Bakker"), add_contact("Jane Smit")
        seats = {"it-administrator": henk, "gdpr-officer": henk, "department-head": jane}
        item_services.assign(TEAM_ITEM, {seat: SeatValues(who) for seat, who in seats.items()})
        services.save_tasks({"department-head": "Calls the staff"}, today=TODAY)
    with app.app_context():
        sweep.run([cast.bakery.id])
    shown = visitor(cast.editor).get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert shown.count("Henk Bakker has no task in the calamity team.") == 1
    assert shown.count("Without a task as yet: Henk Bakker.") == 1
    assert "Nobody sits here yet: Member of the daily board." in shown
    assert "Jane Smit has not acknowledged it yet." in shown
    assert shown.count("/acknowledge") == 1


def test_tasks_are_written_and_acknowledged_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        item_services.assign(TEAM_ITEM, {"management": SeatValues(add_contact())})
        told = seen(seated([TEAM_ITEM]).values())
    browser = visitor(cast.editor)
    sent = {"management": "Calls the insurer", "gdpr-officer": "Reports the leak", "seen": told}
    assert browser.post(page(cast.bakery, TASKS, "/tasks"), sent).status_code == 302
    shown = browser.get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert "Henk Bakker has not acknowledged it yet." in shown
    buttons = re.findall(r'action="([^"]+/acknowledge)"', shown)
    assert len(buttons) == 1
    assert browser.post(buttons[0]).status_code == 302
    assert "Henk Bakker acknowledged it on" in browser.get(page(cast.bakery, TASKS)).get_data(as_text=True)
    assert "1 of 4 tasks acknowledged" in browser.get(f"/o/{cast.bakery.slug}/plan/runbook").get_data(as_text=True)
    late = browser.post(page(cast.bakery, TASKS, "/tasks"), sent | {"management": "Something older"})
    assert late.status_code == 409
    assert "Something older" in late.get_data(as_text=True)
    long = browser.post(page(cast.bakery, TASKS, "/tasks"), {"management": "x" * 2001})
    assert long.status_code == 422
    assert 'id="management-error"' in long.get_data(as_text=True)


def test_steps_change_places_with_their_neighbours(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        first, second, third = write_down("internet", "server", "till")
        services.move_step(third, up=True)
        assert texts() == ["internet", "till", "server"]
        services.move_step(first, up=False)
        assert texts() == ["till", "internet", "server"]
        services.move_step(second, up=False)
        services.move_step(third, up=True)
        assert texts() == ["till", "internet", "server"]
        with pytest.raises(NotThere):
            services.move_step(uuid4(), up=True)


def test_a_step_put_away_comes_back_where_it_was(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        _first, second, third = write_down("internet", "server", "till")
        put_away(Kept.STEP, second, at=clock.now())
        assert texts() == ["internet", "till"]
        services.move_step(third, up=True)
        with pytest.raises(NotThere):
            services.change_step(second, StepValues("anything", None))
        put_back(Kept.STEP, second)
        assert set(texts()) == {"internet", "server", "till"}
        services.move_step(second, up=True)
        assert len(set(texts())) == 3


def test_a_step_is_proposed_for_each_system_without_one_by_priority(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_system("Bookkeeping")
        add_system("Orders", 2)
        till = add_system("Till", 1)
        add_system("Archive")
        services.add_step(StepValues("The till first", till))
        assert services.propose_steps(lambda name: f"Restore {name}") == 3
        assert texts() == ["The till first", "Restore Orders", "Restore Archive", "Restore Bookkeeping"]
        assert services.propose_steps(lambda name: f"Restore {name}") == 0


def test_steps_are_kept_in_the_browser(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        till = add_system("Till")
    browser = visitor(cast.editor)
    add = page(cast.bakery, RECOVERY, "/steps")
    empty = browser.post(add, {"text": "", "system": str(till)})
    assert empty.status_code == 422
    assert "Write down what is done." in empty.get_data(as_text=True)
    assert browser.post(add, {"text": "Call the supplier"}).status_code == 302
    assert browser.post(page(cast.bakery, RECOVERY, "/steps/proposed")).status_code == 302
    shown = browser.get(page(cast.bakery, RECOVERY)).get_data(as_text=True)
    assert "Brings back: Till" in shown
    up = re.findall(r'formaction="([^"]+/up)"', shown)
    assert browser.post(up[0]).status_code == 302
    shown = browser.get(page(cast.bakery, RECOVERY)).get_data(as_text=True)
    assert shown.index("Restore Till from the back-up") < shown.index("Call the supplier")


def test_sending_a_step_twice_adds_one(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        row_id = uuid4()
        for _time in range(2):
            services.add_step(StepValues("internet", None), row_id=row_id)
        assert texts() == ["internet"]


def test_a_step_is_changed_only_as_it_was_seen(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        step_id = write_down("internet")[0]
        told = seen(steps())
    browser = visitor(cast.editor)
    path = page(cast.bakery, RECOVERY, f"/steps/{step_id}")
    assert "internet" in browser.get(path).get_data(as_text=True)
    assert browser.post(path, {"text": "  ", "seen": told}).status_code == 422
    assert browser.post(path, {"text": "internet and power", "seen": told}).status_code == 302
    overtaken = browser.post(path, {"text": "power only", "seen": told})
    shown = overtaken.get_data(as_text=True)
    assert overtaken.status_code == 409
    assert "internet and power" in shown
    assert "power only" in shown
    with scope_of(cast.bakery), pytest.raises(EditConflict):
        services.change_step(step_id, StepValues("late", None), seen=told)
    for missing in (path[:-1] + ("0" if path[-1] != "0" else "1"), page(cast.bakery, RECOVERY, f"/steps/{uuid4()}")):
        assert browser.get(missing).status_code == 404
    assert visitor(cast.reader).get(path).status_code == 403


def test_rows_of_another_organisation_are_neither_moved_nor_put_away(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.other):
        elsewhere = write_down("theirs", "also theirs")[0]
    browser = visitor(cast.editor)
    assert browser.post(page(cast.bakery, RECOVERY, f"/steps/{elsewhere}/down")).status_code == 404
    for way in ("put-away", "put-back"):
        assert browser.post(f"/o/{cast.bakery.slug}/plan/step/{elsewhere}/{way}").status_code == 404
    assert browser.get(page(cast.bakery, RECOVERY, f"/steps/{elsewhere}")).status_code == 404
    with scope_of(cast.other):
        assert texts() == ["theirs", "also theirs"]


def test_the_page_of_external_parties_tells_who_is_named(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_party("Netwerk Noord")
    reader = visitor(cast.reader)
    shown = reader.get(page(cast.bakery, PARTIES)).get_data(as_text=True)
    assert "Netwerk Noord (088 123 4567)" in shown
    assert shown.count("Nobody named yet.") == 3
    phones = reader.get(page(cast.bakery, "runbook.external-phones")).get_data(as_text=True)
    assert 'href="tel:+31881234567"' in phones


def test_a_party_that_is_missing_is_added_as_its_kind_and_leads_back(visitor: SignIn, cast: Cast) -> None:
    browser, address = visitor(cast.editor), page(cast.bakery, PARTIES)
    (add,) = re.findall(r'href="([^"]+kind=lawyer[^"]*)"', browser.get(address).text)
    form = browser.get(html.unescape(add)).text
    assert '<option selected value="lawyer">' in form
    assert f'href="{address}"' in form
    strange = browser.get(f"/o/{cast.bakery.slug}/registers/parties/new?kind=wizard")
    assert "selected" not in strange.text.partition('name="kind"')[2].partition("</select>")[0]


def test_who_is_missing_in_a_list_is_added_from_the_page_of_the_row(visitor: SignIn, cast: Cast) -> None:
    browser, register = visitor(cast.editor), f"/o/{cast.bakery.slug}/registers"
    browser.post(f"{register}/departments/new", {"name": "Shop"})
    (shop,) = re.findall(r'id="r1" href="(departments/[^"]+)"', browser.get(f"{register}/departments").text)
    (add,) = re.findall(r'href="([^"]+/contacts/new[^"]+)"', browser.get(f"{register}/{shop}").text)
    assert browser.post(html.unescape(add), {"name": "Henk"}).location == f"{register}/{shop}"
    assert ">Henk</option>" in browser.get(f"{register}/{shop}").text
