"""Every one of the 75 items can be opened and answered in the browser, by half and in full."""

import re
from datetime import timedelta

import pytest

from core import clock
from plans.fields import ITEM_FIELDS
from plans.handbook import Item, Section, items, of_section
from plans.seats import ITEM_SEATS
from plans.shapes import ITEM_OUTCOMES, ITEM_REGISTERS, Shape, shape_of
from tests.cast import Cast
from tests.plans.items_scene import (
    UNREADABLE,
    Counting,
    ScopeOf,
    SignIn,
    add_contact,
    add_party,
    add_system,
    fill_registers,
    full_answer,
    full_seats,
    page,
    told,
)
from tests.visitor import Visitor

# Forms and pages of each item are the same whichever database keeps the answers; other tests keep them.
pytestmark = pytest.mark.once

QUERIES, BYTES = 15, 60_000
FIELD_ITEMS = [item for item in items() if item.id in ITEM_FIELDS]
SEAT_ITEMS = [item for item in items() if item.id in ITEM_SEATS]


def test_every_item_is_answered_in_some_way() -> None:
    assert len(items()) == 75
    shapes = {item.id: shape_of(item) for item in items()}
    assert set(shapes.values()) == set(Shape) - {Shape.COPIES, Shape.OWN}
    by_two = set(ITEM_FIELDS) & set(ITEM_SEATS) | set(ITEM_REGISTERS) & set(ITEM_OUTCOMES)
    assert not by_two


def test_every_item_and_section_opens_within_its_budget(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    with scope_of(cast.bakery):
        fill_registers(people=150)
    browser = visitor(cast.editor)
    browser.post(page(cast.bakery, "self-check.secured", "/answer"), {"verdict": "partly"})
    paths = [page(cast.bakery, item) for item in items()]
    paths += [f"/o/{cast.bakery.slug}/plan/{section}" for section in Section]
    paths += [f"/o/{cast.bakery.slug}/plan/{name}" for name in ("", "intervals")]
    for path in paths:
        with count_queries() as sent:
            answer = browser.get(path)
        assert answer.status_code == 200, path
        assert len(sent) <= QUERIES, (path, sent)
        assert len(answer.data) <= BYTES, (path, len(answer.data))


def test_the_pages_of_a_filled_plan_stay_within_their_budget(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, count_queries: Counting
) -> None:
    with scope_of(cast.bakery):
        contact_id, deputy_id, party_id = add_contact(), add_contact("Fatima El Amrani"), add_party()
        fill_registers(people=90)
    browser = visitor(cast.owner)
    for item in FIELD_ITEMS:
        browser.post(page(cast.bakery, item, "/answer"), full_answer(item, contact_id, party_id))
    for item in SEAT_ITEMS:
        browser.post(page(cast.bakery, item, "/seats"), full_seats(item, contact_id, deputy_id))
    browser.post(page(cast.bakery, "runbook.recovery", "/steps/proposed"))
    browser.post(page(cast.bakery, "staff.policy", "/versions"))
    browser.post(f"/o/{cast.bakery.slug}/plan/versions/proposals", {"note": "The first"})
    for path in [page(cast.bakery, item) for item in items()] + [
        f"/o/{cast.bakery.slug}/plan/{one}" for one in Section
    ]:
        with count_queries() as sent:
            answer = browser.get(path)
        assert len(sent) <= QUERIES, (path, sent)
        assert len(answer.data) <= BYTES, (path, len(answer.data))


def test_half_an_answer_to_any_item_with_fields_is_saved(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        contact_id, party_id = add_contact(), add_party()
    browser, reader = visitor(cast.editor), visitor(cast.reader)
    for item in FIELD_ITEMS:
        first = ITEM_FIELDS[item.id][0]
        half = {first.name: full_answer(item, contact_id, party_id)[first.name]}
        assert browser.post(page(cast.bakery, item, "/answer"), half).status_code == 302, item.id
        assert told(first) in reader.get(page(cast.bakery, item)).get_data(as_text=True), item.id


def test_an_empty_answer_to_any_item_with_fields_is_saved(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.editor)
    for item in FIELD_ITEMS:
        nothing = {field.name: "" for field in ITEM_FIELDS[item.id]}
        assert browser.post(page(cast.bakery, item, "/answer"), nothing).status_code == 302, item.id


def test_a_full_answer_to_any_item_with_fields_is_saved_and_shown(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        contact_id, party_id = add_contact(), add_party()
    browser, reader = visitor(cast.editor), visitor(cast.reader)
    for item in FIELD_ITEMS:
        sent = browser.post(page(cast.bakery, item, "/answer"), full_answer(item, contact_id, party_id))
        assert sent.status_code == 302, item.id
        shown = reader.get(page(cast.bakery, item)).get_data(as_text=True)
        for field in ITEM_FIELDS[item.id]:
            assert told(field) in shown, (item.id, field.name)
        assert cast.editor.name in shown
        assert browser.get(page(cast.bakery, item)).status_code == 200


def test_what_a_field_cannot_take_is_refused_at_the_field_and_stays_typed(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.editor)
    for item in FIELD_ITEMS:
        for field in ITEM_FIELDS[item.id]:
            wrong, text = UNREADABLE[field.kind]
            answer = browser.post(page(cast.bakery, item, "/answer"), {field.name: wrong})
            shown = answer.get_data(as_text=True)
            assert answer.status_code == 422, (item.id, field.name)
            assert f'id="{field.name}-error"' in shown, (item.id, field.name)
            assert text.replace("from 0", f"from {field.least}") in shown, (item.id, field.name)
            if not field.choices and not wrong.startswith("01a1"):
                assert wrong in shown, (item.id, field.name)


def test_seats_of_any_item_are_filled_by_half_and_in_full(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        contact_id, deputy_id = add_contact("Henk Bakker"), add_contact("Fatima El Amrani")
    browser, reader = visitor(cast.editor), visitor(cast.reader)
    for item in SEAT_ITEMS:
        first = ITEM_SEATS[item.id][0]
        half = browser.post(page(cast.bakery, item, "/seats"), {f"{first.name}-contact": str(contact_id)})
        assert half.status_code == 302, item.id
        assert "Henk Bakker" in reader.get(page(cast.bakery, item)).get_data(as_text=True)
        full = browser.post(
            page(cast.bakery, item, "/seats"), full_seats(item, contact_id, deputy_id) | _seen(browser, cast, item)
        )
        assert full.status_code == 302, item.id
        shown = reader.get(page(cast.bakery, item)).get_data(as_text=True)
        assert shown.count("Henk Bakker (deputy: Fatima El Amrani)") == len(ITEM_SEATS[item.id]), item.id


def _seen(browser: Visitor, cast: Cast, item: Item) -> dict[str, str]:
    return {
        "seen": browser.get(page(cast.bakery, item))
        .get_data(as_text=True)
        .split('name="seen"')[1]
        .split('value="')[1]
        .split('"')[0]
    }


def test_seats_take_nobody_who_is_not_listed(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.other):
        elsewhere = add_contact("Somebody elsewhere")
    with scope_of(cast.bakery):
        here = add_contact()
    browser = visitor(cast.editor)
    for item in SEAT_ITEMS:
        seat = ITEM_SEATS[item.id][0].name
        for wrong in (str(elsewhere), "nonsense"):
            answer = browser.post(page(cast.bakery, item, "/seats"), {f"{seat}-contact": wrong})
            assert answer.status_code == 422, item.id
            assert f'id="{seat}-contact-error"' in answer.get_data(as_text=True)
        both = {f"{seat}-contact": str(here), f"{seat}-deputy": str(here)}
        answer = browser.post(page(cast.bakery, item, "/seats"), both)
        assert answer.status_code == 422, item.id
        assert "The deputy must be somebody else." in answer.get_data(as_text=True)


@pytest.mark.parametrize("outcome", ["passed", "failed", "recorded"])
def test_results_of_any_test_are_added_with_an_outcome_it_can_have(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, outcome: str
) -> None:
    with scope_of(cast.bakery):
        add_system("Till")
    browser = visitor(cast.editor)
    for item in of_section(Section.TESTING):
        if item.id not in ITEM_OUTCOMES:
            continue
        sent = {"done_on": "2026-03-05", "outcome": outcome, "note": f"Seen at {item.name}"}
        answer = browser.post(page(cast.bakery, item, "/results"), sent)
        if outcome in ITEM_OUTCOMES[item.id]:
            assert answer.status_code == 302, item.id
            assert f"Seen at {item.name}" in browser.get(page(cast.bakery, item)).get_data(as_text=True)
        else:
            assert answer.status_code == 422, item.id
            assert f"Seen at {item.name}" in answer.get_data(as_text=True)


def test_any_item_can_be_left_out_and_taken_back(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.editor)
    for item in items():
        sent = {"reason": f"We have no {item.name}", "until": (clock.today() + timedelta(days=300)).isoformat()}
        assert browser.post(page(cast.bakery, item, "/waivers"), sent).status_code == 302, item.id
        shown = browser.get(page(cast.bakery, item)).get_data(as_text=True)
        assert f"We have no {item.name}" in shown, item.id
        way_back = re.findall(r'action="([^"]+/waivers/[^"]+/end)"', shown)
        assert len(way_back) == 1, item.id
        assert browser.post(way_back[0]).status_code == 302, item.id
        assert f"We have no {item.name}" not in browser.get(page(cast.bakery, item)).get_data(as_text=True), item.id


def test_items_that_do_not_exist_are_not_found(visitor: SignIn, cast: Cast) -> None:
    browser = visitor(cast.editor)
    for path in ("backup/nothing", "nothing", "nothing/at-all", "backup/offsite-data.more"):
        assert browser.get(f"/o/{cast.bakery.slug}/plan/{path}").status_code == 404, path


def test_an_item_is_answered_only_in_its_own_way(visitor: SignIn, cast: Cast) -> None:
    ways = {
        "/answer": {Shape.FIELDS, Shape.INSTRUCTION},
        "/seats": {Shape.SEATS},
        "/results": {Shape.RESULTS},
        "/data-sets": {Shape.DATA_SETS},
    }
    browser = visitor(cast.editor)
    one_of_each = {shape_of(item): item for item in items()}
    for shape, item in one_of_each.items():
        for way, shapes in ways.items():
            if shape not in shapes:
                assert browser.post(page(cast.bakery, item, way)).status_code == 404, (item.id, way)


def test_readers_see_every_item_without_a_form(visitor: SignIn, cast: Cast) -> None:
    reader = visitor(cast.reader)
    for item in items():
        shown = reader.get(page(cast.bakery, item)).get_data(as_text=True)
        main = shown.split("<main", 1)[1].split("</main>", 1)[0]
        assert 'class="btn btn-primary" type="submit"' not in main, item.id
        assert "<textarea" not in main, item.id


def test_registers_are_opened_from_the_items_they_answer(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    with scope_of(cast.bakery):
        fill_registers(1)
    for item_id in ITEM_REGISTERS:
        shown = browser.get(page(cast.bakery, item_id)).get_data(as_text=True)
        # Where the step asks something itself, saving that is what is pressed first.
        found = re.search(r'class="btn(?: btn-primary)?" href="([^"]+)">Open the register', shown)
        assert found, item_id
        link = found[1]
        assert link.startswith(f"/o/{cast.bakery.slug}/registers/"), item_id
        assert browser.get(link).status_code == 200, item_id
