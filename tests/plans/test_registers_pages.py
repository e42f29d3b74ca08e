"""The pages of the registers: showing, adding, changing, putting away, confirming."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from plans.models import Asset, Assignment, Contact
from plans.registers import services
from plans.registers.columns import REGISTERS, register
from plans.registers.rows import values_of
from plans.registers.shape import Kind, Register, Value
from tests.cast import Cast, Organisation, Person
from tests.grants.scene import grant
from tests.plans.registers_rows import JANUARY_31, add, full
from tests.visitor import Visitor

Scoping = Callable[[Organisation], AbstractContextManager[None]]
Visiting = Callable[[Person | None], Visitor]
HOME = "/o/bakery/registers"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERY_REGISTER = pytest.mark.parametrize("found", REGISTERS, ids=lambda found: found.slug)
SECRET = "BK-2231-8890-77"
TYPED = {
    Kind.TEXT: "Something",
    Kind.LONG_TEXT: "One line",
    Kind.SERIAL: "CZC0123ABC",
    Kind.PHONE: "06-12345678",
    Kind.EMAIL: "henk@bakery.example",
    Kind.DAY: "2027-01-31",
    Kind.TERM: "2027-01-31",
    Kind.NUMBER: "9",
    Kind.AMOUNT: "€ 1.250,00",
    Kind.IP_ADDRESS: "192.168.10.5",
    Kind.IMEI: "356938035643809",
}
READ = {
    Kind.TEXT: "Something",
    Kind.LONG_TEXT: "One line",
    Kind.SERIAL: "CZC0123ABC",
    Kind.PHONE: "+31612345678",
    Kind.EMAIL: "henk@bakery.example",
    Kind.DAY: JANUARY_31,
    Kind.TERM: JANUARY_31,
    Kind.NUMBER: 9,
    Kind.AMOUNT: Decimal("1250.00"),
    Kind.IP_ADDRESS: "192.168.10.5",
    Kind.IMEI: "356938035643809",
}
BAD = {
    Kind.TEXT: "x" * 501,
    Kind.LONG_TEXT: "x" * 2001,
    Kind.SERIAL: "x" * 101,
    Kind.PHONE: "0612 345 67",
    Kind.EMAIL: "joost@bakkerijdehalm",
    Kind.DAY: "31-02-2023",
    Kind.TERM: "soon",
    Kind.NUMBER: "?",
    Kind.AMOUNT: "€ 45,- p.m.",
    Kind.CHOICE: "baker",
    Kind.CONTACT: str(uuid4()),
    Kind.PARTY: "NetVast",
    Kind.IP_ADDRESS: "192.168.10.300",
    Kind.IMEI: "35693803564380X",
}


def names_on(page: str) -> list[str]:
    """The names in the table, in order."""
    return re.findall(r'<a id="r\d+"[^>]*>([^<]*)</a>', page)


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name} on the page"
    return found.group(1)


def typed_in(found: Register) -> dict[str, str]:
    """A form filled in for every column that takes typing or a choice."""
    texts = {column.name: TYPED[column.kind] for column in found.columns if column.kind in TYPED}
    return {**texts, **{column.name: column.choices[0].value for column in found.columns if column.choices}}


def row_of(scope_of: Scoping, cast: Cast, found: Register) -> dict[str, Value]:
    """The values of the one row of a register."""
    with scope_of(cast.bakery):
        query: sa.Select[Any] = sa.select(found.model)
        (row,) = db.session().scalars(query)
        return values_of(found, row)


@pytest.mark.parametrize("slug", ["contacts", "parties", "licences"])
def test_what_somebody_types_in_counts_as_checked_that_day_unless_they_say_otherwise(
    slug: str, cast: Cast, visitor: Visiting, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    page = editor.get(f"{HOME}/{slug}/new").get_data(as_text=True)
    box = re.search(r'<input[^>]*name="confirmed_on"[^>]*>', page)
    assert box
    assert f'value="{clock.today().isoformat()}"' in box[0]
    sent = {"name": "Henk", "kind": "lawyer", "confirmed_on": ""}
    assert editor.post(f"{HOME}/{slug}/new", sent).status_code == 302
    del sent["confirmed_on"]
    assert editor.post(f"{HOME}/{slug}/new", sent | {"name": "Eva"}).status_code == 302
    with scope_of(cast.bakery):
        model: Any = register(slug).model
        assert set(db.session().scalars(sa.select(model.confirmed_on))) == {None}


@EVERY_REGISTER
def test_what_is_typed_is_kept_and_shown_back(
    found: Register, visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    form = editor.get(f"{HOME}/{found.slug}/new").text
    answer = editor.post(f"{HOME}/{found.slug}/new", {**typed_in(found), "row_id": hidden(form, "row_id")})
    assert answer.status_code == 302, answer.text
    assert names_on(editor.get(answer.location).text) == ["Something"]
    row = row_of(scope_of, cast, found)
    for column in found.columns:
        if column.kind in READ:
            assert row[column.name] == READ[column.kind], column.name


def test_half_a_row_always_saves(visitor: Visiting, cast: Cast) -> None:
    editor = visitor(cast.editor)
    for found in REGISTERS:
        needed = {
            column.name: column.choices[0].value for column in found.columns if column.required and column.choices
        }
        answer = editor.post(f"{HOME}/{found.slug}/new", {"name": "Half a row", **needed})
        assert answer.status_code == 302, found.slug


@EVERY_REGISTER
def test_cell_that_cannot_be_used_is_told_at_its_field_and_stays_as_typed(
    found: Register, visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    editor = visitor(cast.editor)
    for column in found.columns:
        if column.kind not in BAD:
            continue
        bad = BAD[column.kind]
        answer = editor.post(f"{HOME}/{found.slug}/new", {**typed_in(found), "name": "Row", column.name: bad})
        assert answer.status_code == 422, column.name
        assert f'id="{column.name}-error"' in answer.text
        assert re.findall(r'id="(\w+)-error"', answer.text) == [column.name]
        if column.kind not in (Kind.CHOICE, Kind.CONTACT, Kind.PARTY):
            assert bad in answer.text
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(sa.func.count(found.model.id))) == 0


def test_row_without_a_name_is_refused(visitor: Visiting, cast: Cast) -> None:
    answer = visitor(cast.editor).post(f"{HOME}/office-pcs/new", {"name": "  ", "location": "Shop"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert 'value="Shop"' in answer.text


def test_sending_the_same_page_twice_adds_one_row(visitor: Visiting, cast: Cast) -> None:
    editor = visitor(cast.editor)
    row_id = hidden(editor.get(f"{HOME}/contacts/new").text, "row_id")
    for _ in range(2):
        assert editor.post(f"{HOME}/contacts/new", {"name": "Henk", "row_id": row_id}).status_code == 302
    assert names_on(editor.get(f"{HOME}/contacts").text) == ["Henk"]


def test_saving_may_lead_to_the_next_empty_form(visitor: Visiting, cast: Cast) -> None:
    answer = visitor(cast.editor).post(f"{HOME}/contacts/new", {"name": "Henk", "another": "1"})
    assert answer.location == f"{HOME}/contacts/new"


def test_licence_cannot_be_perpetual_and_end(visitor: Visiting, cast: Cast) -> None:
    values = {"name": "Office", "expires_on": "2027-01-31", "perpetual": "y"}
    answer = visitor(cast.editor).post(f"{HOME}/licences/new", values)
    assert answer.status_code == 422
    assert 'id="expires_on-error"' in answer.text


def test_change_is_saved_over_what_was_seen(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk", phone="+31612345678")
    editor = visitor(cast.editor)
    page = editor.get(f"{HOME}/contacts/{row_id}").text
    assert 'value="06 12345678"' in page
    values = {"version": hidden(page, "version"), "name": "Henk Bakker", "phone": "+32 2 123 45 67"}
    assert editor.post(f"{HOME}/contacts/{row_id}", values).status_code == 302
    row = row_of(scope_of, cast, register("contacts"))
    assert (row["name"], row["phone"]) == ("Henk Bakker", "+3221234567")


def test_bad_change_is_refused_and_stays_as_typed(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk", phone="+31612345678")
    answer = visitor(cast.editor).post(f"{HOME}/contacts/{row_id}", {"version": "1", "name": "Henk", "phone": "112"})
    assert answer.status_code == 422
    assert 'value="112"' in answer.text
    assert row_of(scope_of, cast, register("contacts"))["phone"] == "+31612345678"


def test_change_after_somebody_else_saved_shows_both_and_can_be_sent_again(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk", job_title="Baker")
    owner, editor = visitor(cast.owner), visitor(cast.editor)
    first = {"version": "1", "name": "Henk", "job_title": "Head baker"}
    assert owner.post(f"{HOME}/contacts/{row_id}", first).status_code == 302
    second = {"version": "1", "name": "Henk", "job_title": "Owner"}
    refused = editor.post(f"{HOME}/contacts/{row_id}", second)
    assert refused.status_code == 409
    assert 'value="Owner"' in refused.text
    assert "Head baker" in refused.text
    assert row_of(scope_of, cast, register("contacts"))["job_title"] == "Head baker"
    again = {**second, "version": hidden(refused.text, "version")}
    assert editor.post(f"{HOME}/contacts/{row_id}", again).status_code == 302
    assert row_of(scope_of, cast, register("contacts"))["job_title"] == "Owner"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_change_without_a_version_counts_as_stale(
    version: str, visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk")
    answer = visitor(cast.editor).post(f"{HOME}/contacts/{row_id}", {"version": version, "name": "Mo"})
    assert answer.status_code == 409


def test_row_put_away_leaves_the_list_and_comes_back_by_undo(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = add("printers", "Brother")
        add("printers", "Epson")
    editor = visitor(cast.editor)
    answer = editor.post(f"{HOME}/printers/{row_id}/archive")
    page = editor.get(answer.location).text
    assert names_on(page) == ["Epson"]
    undo = re.search(rf'action="({HOME}/changes/[0-9a-f-]+/undo)"', page)
    assert undo
    assert names_on(editor.get(f"{HOME}/printers?archived=1").text) == ["Brother"]
    assert "Brother" in editor.get(f"{HOME}/printers/{row_id}").text
    assert editor.post(undo[1]).status_code == 302
    assert names_on(editor.get(f"{HOME}/printers").text) == ["Brother", "Epson"]


def test_page_of_a_contact_tells_where_it_is_used(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        henk, mo = add("contacts", "Henk"), add("contacts", "Mo")
        add("departments", "Shop", head_id=henk, deputy_id=mo)
        db.session().add(Assignment(item_id="runbook.activation", seat="holder", contact_id=henk, task=""))
        db.session().flush()
    editor = visitor(cast.editor)
    for page in (editor.get(f"{HOME}/contacts/{henk}"), visitor(cast.reader).get(f"{HOME}/contacts/{henk}")):
        assert "Who decides that the plan is activated" in page.text
        assert ">Shop</a>" in page.text
    assert "Who decides that the plan is activated" not in editor.get(f"{HOME}/contacts/{mo}").text
    editor.post(f"{HOME}/contacts/{henk}/archive")
    assert "Who decides that the plan is activated" in editor.get(f"{HOME}/contacts/{henk}").text
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(Assignment.contact_id)) == henk


def test_pages_of_parties_systems_and_data_sets_tell_where_they_are_used(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        party = add("parties", "NetVast")
        add("systems", "Tills", supplier_id=party)
    assert ">Tills</a>" in visitor(cast.editor).get(f"{HOME}/parties/{party}").text


def test_department_offers_contacts_in_use_and_the_one_it_has(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        henk, mo, gone = (add("contacts", name) for name in ("Henk", "Mo", "Gone"))
        services.archive_row(register("contacts"), henk, at=NOW)
        services.archive_row(register("contacts"), gone, at=NOW)
        shop = add("departments", "Shop", head_id=henk)
    editor = visitor(cast.editor)
    page = editor.get(f"{HOME}/departments/{shop}").text
    assert f'value="{mo}"' in page
    assert f'selected value="{henk}"' in page
    assert f'value="{gone}"' not in page
    assert f'value="{henk}"' not in editor.get(f"{HOME}/departments/new").text


def test_first_contact_begins_with_whoever_writes_the_plan(
    app: Flask, visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    grant(app, cast.bakery, cast.supplier)
    owner, new = visitor(cast.owner), f"{HOME}/contacts/new"
    first = owner.get(new).text
    assert f'value="{cast.owner.name}"' in first
    assert f'value="{cast.owner.email}"' in first
    assert "we filled in your own name" in first
    staff = visitor(cast.supplier_owner).get(new)
    assert (staff.status_code, "filled in your own name" in staff.text) == (200, False), "a supplier is none of them"
    assert "we filled in your own name" not in owner.get(f"{HOME}/parties/new").text
    assert owner.post(new, {"name": ""}).status_code == 422
    with scope_of(cast.bakery):
        add("contacts", "Henk")
    assert "we filled in your own name" not in owner.get(new).text
    assert f'value="{cast.owner.email}"' not in owner.get(new).text


def test_contact_of_another_organisation_cannot_be_chosen(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.other):
        foreign = add("contacts", "Somebody else")
    answer = visitor(cast.editor).post(f"{HOME}/departments/new", {"name": "Shop", "head_id": str(foreign)})
    assert answer.status_code == 422
    assert "Somebody else" not in answer.text


@time_machine.travel("2026-11-22 23:30 +0000")
def test_ticked_rows_are_confirmed_on_the_day_it_is_here(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        henk, mo = add("contacts", "Henk"), add("contacts", "Mo")
    editor = visitor(cast.editor)
    answer = editor.post(f"{HOME}/contacts/confirm?q=h&sort=-phone", {"row": [str(henk)]})
    assert re.fullmatch(rf"{HOME}/contacts\?done=[0-9a-f-]+&q=h&sort=-phone", answer.location)
    with scope_of(cast.bakery):
        days = dict(db.session().execute(sa.select(Contact.id, Contact.confirmed_on)).all())
        assert days == {henk: date(2026, 11, 23), mo: None}


@time_machine.travel("2026-11-22 23:30 +0000")
def test_one_press_says_that_a_part_of_the_inventory_was_looked_at(
    visitor: Visiting, cast: Cast, scope_of: Scoping
) -> None:
    with scope_of(cast.bakery):
        for number in range(3):
            add("printers", f"Printer {number}")
        services.archive_row(register("printers"), add("printers", "Gone"), at=NOW)
        tablet = add("tablets", "iPad")
    editor = visitor(cast.editor)
    page = editor.get(f"{HOME}/printers?q=1").text
    assert "Looked at: all 3 records are still right" in page, "of all of them, whatever is searched for"
    assert "Looked at" not in visitor(cast.reader).get(f"{HOME}/printers").text
    assert "Looked at" not in editor.get(f"{HOME}/contacts").text
    stale = editor.post(f"{HOME}/printers/confirm", {"all": "2"}, follow_redirects=True).text
    assert "confirmed today" not in stale, "one came in between"
    done = editor.post(f"{HOME}/printers/confirm", {"all": "3"}, follow_redirects=True).text
    assert "3 records confirmed today" in done
    with scope_of(cast.bakery):
        days = dict(db.session().execute(sa.select(Asset.name, Asset.confirmed_on)).all())
        assert days.pop("Gone") is None
        assert days.pop("iPad") is None
        assert set(days.values()) == {date(2026, 11, 23)}
        assert services.find_row(register("tablets"), tablet).version == 1


def test_confirming_nothing_changes_nothing_and_says_so(visitor: Visiting, cast: Cast) -> None:
    editor = visitor(cast.editor)
    assert "Nothing was ticked" in editor.post(f"{HOME}/licences/confirm", follow_redirects=True).text


def test_all_boxes_of_a_page_can_be_ticked_without_javascript(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        add("contacts", "Henk")
    editor = visitor(cast.editor)
    ticked = re.compile(r'name="row"[^>]* checked')
    assert not ticked.search(editor.get(f"{HOME}/contacts").text)
    assert ticked.search(editor.get(f"{HOME}/contacts?tick=all").text)


def test_licence_key_is_whole_only_where_it_can_be_changed(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = add("licences", "Tills", licence_key=SECRET)
    editor, reader = visitor(cast.editor), visitor(cast.reader)
    assert SECRET in editor.get(f"{HOME}/licences/{row_id}").text
    for page in (
        editor.get(f"{HOME}/licences"),
        reader.get(f"{HOME}/licences"),
        reader.get(f"{HOME}/licences/{row_id}"),
    ):
        assert "BK-2••••" in page.text
        assert "2231" not in page.text
    assert names_on(editor.get(f"{HOME}/licences?q=2231").text) == []
    editor.post(f"{HOME}/licences/{row_id}/archive")
    assert "2231" not in editor.get(f"{HOME}/licences/{row_id}").text


def test_licence_without_end_says_so_in_the_list(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        add("licences", "Windows Server", perpetual=True)
        add("licences", "Office", expires_on=JANUARY_31)
    page = visitor(cast.reader).get(f"{HOME}/licences").text
    assert "Perpetual" in page
    assert "31 January 2027" in page


def test_empty_register_says_what_it_is_for_and_what_to_do(visitor: Visiting, cast: Cast) -> None:
    editor, reader = visitor(cast.editor), visitor(cast.reader)
    for found in REGISTERS:
        page = editor.get(f"{HOME}/{found.slug}").text
        assert str(found.purpose) in page
        assert str(found.example) in page
        assert f'href="{HOME}/{found.slug}/new"' in page
        assert f'href="{HOME}/{found.slug}/new"' not in reader.get(f"{HOME}/{found.slug}").text


@pytest.mark.parametrize("judged", [True], ids=["judged at once"])
def test_register_tells_its_first_remarks_and_how_many_more(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    editor = visitor(cast.editor)
    with scope_of(cast.bakery):
        for number in range(6):
            add("printers", f"Printer {number}")
    # Any saved page has the organisation judged.
    editor.post(f"{HOME}/printers/new", {"name": "Printer 6"})
    page = editor.get(f"{HOME}/printers").text
    assert 'href="/o/bakery/findings?section=inventory"' in page
    assert "and 3 more remarks" in page
    assert "8 remarks" in editor.get(f"{HOME}/").text


def test_index_counts_every_register(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        gone = add("tablets", "Gone")
        services.archive_row(register("tablets"), gone, at=NOW)
        for number in range(3):
            add("printers", f"Printer {number}")
    page = visitor(cast.reader).get(f"{HOME}/").text
    for found in REGISTERS:
        assert f'href="{HOME}/{found.slug}"' in page
    assert page.count("3 records") == 1
    assert page.count("Nothing here yet") == len(REGISTERS) - 1


def test_reader_reads_and_is_offered_nothing_to_change(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = services.add_row(register("contacts"), full(register("contacts"), "Henk")).id
    reader = visitor(cast.reader)
    for path in ("", f"/{row_id}"):
        page = reader.get(f"{HOME}/contacts{path}").text
        assert "06 12345678" in page
        posts = re.findall(r'<form[^>]*method="post"[^>]*>', page.partition('id="main"')[2])
        # To take the list along changes nothing in it.
        assert [one for one in posts if "/import/workbook/contacts" not in one] == []
    assert reader.get(f"{HOME}/contacts/new").status_code == 403


def test_reader_changes_no_register(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk")
    reader = visitor(cast.reader)
    for path in ("new", row_id, f"{row_id}/archive", f"{row_id}/restore", "confirm"):
        answer = reader.post(f"{HOME}/contacts/{path}", {"version": "1", "name": "Mo", "row": str(row_id)})
        assert answer.status_code == 403, path


def test_stranger_finds_no_register(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.bakery):
        row_id = add("contacts", "Henk")
    stranger = visitor(cast.stranger)
    for path in ("/", "/contacts", "/contacts/new", f"/contacts/{row_id}"):
        assert stranger.get(f"{HOME}{path}").status_code == 404, path


def test_unknown_and_foreign_rows_are_not_found(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    with scope_of(cast.other):
        foreign = add("contacts", "Somebody else")
    with scope_of(cast.bakery):
        till = add("office-pcs", "Till 1")
    editor = visitor(cast.editor)
    assert editor.get(f"{HOME}/nothing").status_code == 404
    assert editor.post(f"{HOME}/nothing/confirm").status_code == 404
    assert editor.get(f"{HOME}/contacts/not-an-id").status_code == 404
    for row_id in (foreign, till, uuid4()):
        assert editor.get(f"{HOME}/contacts/{row_id}").status_code == 404
        assert editor.post(f"{HOME}/contacts/{row_id}", {"version": "1", "name": "X"}).status_code == 404
        assert editor.post(f"{HOME}/contacts/{row_id}/archive").status_code == 404
        assert editor.post(f"{HOME}/contacts/{row_id}/restore").status_code == 404
        assert editor.post(f"{HOME}/contacts/confirm", {"row": str(row_id)}).status_code == 404
        assert editor.get(f"{HOME}/contacts?done={row_id}").status_code == 200
    assert editor.post(f"{HOME}/contacts/confirm", {"row": "x"}).status_code == 404
    assert editor.post(f"{HOME}/systems/confirm", {"row": str(till)}).status_code == 404
    with scope_of(cast.other):
        assert values_of(register("contacts"), services.find_row(register("contacts"), foreign))["confirmed_on"] is None


def test_what_is_typed_is_never_read_as_markup(visitor: Visiting, cast: Cast) -> None:
    editor = visitor(cast.editor)
    wicked = "<b class=x>&amp;'\""
    assert editor.post(f"{HOME}/contacts/new", {"name": wicked}).status_code == 302
    assert "<b class=x" not in editor.get(f"{HOME}/contacts").text
    assert "<b class=x" not in editor.get(f"{HOME}/contacts?q=%3Cb+class").text


def test_asset_stays_in_its_own_register(visitor: Visiting, cast: Cast, scope_of: Scoping) -> None:
    visitor(cast.editor).post(f"{HOME}/tablets/new", {"name": "iPad", "kind": "printers"})
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(Asset.kind)) == "tablets"
