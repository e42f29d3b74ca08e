"""What systems need: saved from its page, loops refused by name, also of two changes at once."""

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.errors import NotThere, PlanError
from plans.models import System, SystemNeed
from plans.processes import services
from plans.processes.services import Wanted
from plans.registers import queries
from plans.registers import services as register_services
from plans.registers.columns import register
from tenants.owned import EditConflict
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation, Person
from tests.plans.registers_rows import add
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
HOME = "/o/bakery/registers"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHOWN = re.compile(r'<input type="hidden" name="((?:system|party|data_set)_shown)" value="([^"]*)">')
TICKED = re.compile(r'name="(system|party|data_set)" value="([0-9a-f]{32})" checked')


@pytest.fixture
def ids(scope_of: Scoping, cast: Cast) -> dict[str, UUID]:
    with scope_of(cast.bakery):
        systems = {name: add("systems", name) for name in ("Till", "Internet", "Power")}
        return {**systems, "BelGoed": add("parties", "BelGoed"), "Prices": add("data-sets", "Prices")}


def systems(*row_ids: UUID) -> Wanted:
    return Wanted(frozenset(row_ids))


def page_of(row_id: UUID) -> str:
    return f"{HOME}/systems/{row_id}/needs"


def form_on(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page as it is."""
    form = {name: [value] for name, value in SHOWN.findall(page)}
    for name, value in TICKED.findall(page):
        form.setdefault(name, []).append(value)
    return form


def test_needs_are_saved_shown_and_taken_away(ids: dict[str, UUID], visitor: Visiting, cast: Cast) -> None:
    editor, path = visitor(cast.editor), page_of(ids["Till"])
    form = form_on(editor.get(path).text)
    wanted = {"system": [ids["Internet"].hex], "party": [ids["BelGoed"].hex], "data_set": [ids["Prices"].hex]}
    assert editor.post(path, {**form, **wanted}).status_code == 302
    form = form_on(editor.get(path).text)
    assert {name: form[name] for name in wanted} == wanted
    assert editor.post(path, {**form, "system": [], "data_set": []}).status_code == 302
    form = form_on(editor.get(path).text)
    assert (form.get("system"), form["party"]) == (None, [ids["BelGoed"].hex])


def test_saving_the_same_twice_changes_nothing(ids: dict[str, UUID], scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        wanted = Wanted(frozenset({ids["Internet"]}), frozenset({ids["BelGoed"]}), frozenset({ids["Prices"]}))
        assert services.save_needs(ids["Till"], wanted) == 3
        assert services.save_needs(ids["Till"], wanted, shown=wanted) == 0
        assert services.needs_of(ids["Till"]) == wanted


def test_loop_is_refused_by_name_and_what_was_ticked_stays(
    ids: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        services.save_needs(ids["Till"], systems(ids["Internet"]))
        services.save_needs(ids["Internet"], systems(ids["Power"]))
    editor, path = visitor(cast.editor), page_of(ids["Power"])
    answer = editor.post(path, {**form_on(editor.get(path).text), "system": [ids["Till"].hex]})
    assert answer.status_code == 422
    assert "wait for each other for ever: Power → Till → Internet → Power." in answer.text
    assert form_on(answer.text)["system"] == [ids["Till"].hex]
    with scope_of(cast.bakery):
        assert services.needs_of(ids["Power"]) == Wanted()


def test_name_in_a_refusal_is_text_and_no_markup(
    ids: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        db.session().get_one(System, (cast.bakery.id, ids["Till"])).name = "<img src=x>"
        services.save_needs(ids["Till"], systems(ids["Power"]))
    editor, path = visitor(cast.editor), page_of(ids["Power"])
    answer = editor.post(path, {**form_on(editor.get(path).text), "system": [ids["Till"].hex]})
    assert answer.status_code == 422
    assert "for ever: Power → &lt;img" in answer.text
    assert "<img src=x" not in answer.text


def test_system_cannot_need_itself(ids: dict[str, UUID], scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery), pytest.raises(PlanError, match="Till → Till"):
        services.save_needs(ids["Till"], systems(ids["Till"]))


def test_loop_over_a_system_that_was_put_away_is_refused_too(
    ids: dict[str, UUID], scope_of: Scoping, cast: Cast
) -> None:
    with scope_of(cast.bakery):
        services.save_needs(ids["Till"], systems(ids["Internet"]))
        services.save_needs(ids["Internet"], systems(ids["Power"]))
        register_services.archive_row(register("systems"), ids["Internet"], at=NOW)
    with scope_of(cast.bakery), pytest.raises(PlanError, match="Power → Till → Internet → Power"):
        services.save_needs(ids["Power"], systems(ids["Till"]))


def test_two_changes_at_once_cannot_close_a_loop_together(
    app: Flask, ids: dict[str, UUID], scope_of: Scoping, cast: Cast
) -> None:
    ready, outcomes = threading.Barrier(2), list[str]()

    def need(one: str, other: str) -> None:
        ready.wait()
        try:
            with app.app_context(), scoped(whole(cast.bakery.id)):
                services.save_needs(ids[one], systems(ids[other]), shown=Wanted())
            outcomes.append("saved")
        except PlanError:
            outcomes.append("refused")

    pairs = (("Till", "Internet"), ("Internet", "Till"))
    both = [threading.Thread(target=need, args=pair) for pair in pairs]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["refused", "saved"]
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(sa.func.count(SystemNeed.id))) == 1


def test_change_that_somebody_did_not_see_is_not_written_over(
    ids: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor, path = visitor(cast.editor), page_of(ids["Till"])
    form = form_on(editor.get(path).text)
    with scope_of(cast.bakery):
        services.save_needs(ids["Till"], systems(ids["Power"]))
    answer = editor.post(path, {**form, "system": [ids["Internet"].hex]})
    assert answer.status_code == 409
    form = form_on(answer.text)
    assert form["system"] == [ids["Internet"].hex]
    assert editor.post(path, form).status_code == 302
    with scope_of(cast.bakery):
        assert services.needs_of(ids["Till"]) == systems(ids["Internet"])


def test_what_was_put_away_is_kept_as_a_need_but_never_newly_needed(
    ids: dict[str, UUID], scope_of: Scoping, cast: Cast
) -> None:
    with scope_of(cast.bakery):
        services.save_needs(ids["Till"], systems(ids["Power"]))
        register_services.archive_row(register("systems"), ids["Power"], at=NOW)
    with scope_of(cast.bakery):
        assert services.save_needs(ids["Till"], systems(ids["Power"], ids["Internet"])) == 1
        for unknown in (systems(ids["Power"]), systems(uuid4()), Wanted(parties=frozenset({uuid4()}))):
            with pytest.raises(NotThere):
                services.save_needs(ids["Internet"], unknown)


def test_nonsense_and_edits_in_between_are_told_apart(ids: dict[str, UUID], scope_of: Scoping, cast: Cast) -> None:
    with scope_of(cast.bakery):
        with pytest.raises(NotThere):
            services.save_needs(uuid4(), Wanted())
        with pytest.raises(EditConflict):
            services.save_needs(ids["Till"], Wanted(), shown=systems(ids["Power"]))


def test_address_of_no_system_and_ids_that_are_none_find_nothing(
    ids: dict[str, UUID], visitor: Visiting, cast: Cast
) -> None:
    editor = visitor(cast.editor)
    assert editor.get(page_of(ids["BelGoed"])).status_code == 404
    assert editor.post(page_of(ids["Till"]), {"system": ["none"]}).status_code == 404


def test_whoever_puts_something_away_reads_which_systems_need_it(
    ids: dict[str, UUID], scope_of: Scoping, cast: Cast
) -> None:
    with scope_of(cast.bakery):
        services.save_needs(
            ids["Till"],
            Wanted(frozenset({ids["Power"]}), frozenset({ids["BelGoed"]}), frozenset({ids["Prices"]})),
        )
        for slug, name in (("systems", "Power"), ("parties", "BelGoed"), ("data-sets", "Prices")):
            row = register_services.find_row(register(slug), ids[name])
            assert [place.name for place in queries.places_of(row)] == ["Till"]


def test_recovery_times_are_typed_as_people_say_them(ids: dict[str, UUID], visitor: Visiting, cast: Cast) -> None:
    editor, path = visitor(cast.editor), f"{HOME}/systems/{ids['Till']}"
    version = re.findall(r'name="version"[^>]*value="(\d+)"', editor.get(path).text)[0]
    sent = {"name": "Till", "version": version, "rto_hours": "4 uur", "rpo_hours": "1,5 dag"}
    assert editor.post(path, sent).status_code == 302
    page = editor.get(path).text
    assert [re.findall(rf'name="{name}"[^>]*value="(\d+)"', page) for name in ("rto_hours", "rpo_hours")] == [
        ["4"],
        ["36"],
    ]


def test_order_of_recovery_shows_what_each_needs_and_what_holds_it_up(
    ids: dict[str, UUID], visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        add("systems", "Shop")
        for name, hours in (("Till", 4), ("Internet", 24)):
            row = register_services.find_row(register("systems"), ids[name])
            register_services.change_row(register("systems"), row.id, {"rto_hours": hours}, version=None)
        services.save_needs(ids["Till"], Wanted(frozenset({ids["Internet"]}), frozenset({ids["BelGoed"]})))
    page = visitor(cast.reader).get(f"{HOME}/recovery-order").text
    assert re.findall(r'/needs">([^<]*)</a>', page) == ["Internet", "Power", "Shop", "Till"]
    assert "<td>BelGoed, Internet</td>" in page
    assert page.count("hours promised, but") == 1
    assert "Till: 4 hours promised, but Internet takes 24 hours." in page


def test_order_of_recovery_asks_the_same_of_the_database_however_many_systems(
    visitor: Visiting, cast: Cast, scope_of: Scoping, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    reader = visitor(cast.reader)
    reader.get(f"{HOME}/recovery-order")
    with count_queries() as few:
        assert reader.get(f"{HOME}/recovery-order").status_code == 200
    with scope_of(cast.bakery):
        made = [add("systems", f"System {number}") for number in range(30)]
        for one, other in pairwise(made):
            services.save_needs(one, systems(other))
    with count_queries() as many:
        assert reader.get(f"{HOME}/recovery-order").status_code == 200
    assert len(many) == len(few)


def test_order_of_recovery_goes_on_over_pages(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        db.session().add_all(System(name=f"System {number}", recovery_priority=number) for number in range(1, 83))
    reader = visitor(cast.reader)
    assert reader.get(f"{HOME}/recovery-order").text.count('/needs">') == 80
    assert re.findall(r"<tr><td>(\d+)</td>", reader.get(f"{HOME}/recovery-order?page=9").text) == ["81", "82"]
